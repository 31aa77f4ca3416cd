import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.thresholds import (
    Tiers,
    asset_weight,
    borrowed_leverage,
    collateral_ratio,
    liability_weight,
    liquidation_prices,
    safe_interval,
    weight_of_ratio,
)

GOLDEN = json.loads((Path(__file__).parents[1] / "golden.json").read_text())["cases"]


def golden(*kinds):
    return [pytest.param(case, id=case["id"]) for case in GOLDEN if case["kind"] in kinds]


def agrees(case, value, name):
    tolerance = case["tolerance"]
    return value == pytest.approx(case["expected"][name], abs=tolerance.get("abs", 0), rel=tolerance.get("rel", 0))


units, money = st.floats(1e-3, 1e6), st.floats(0.01, 1e5)


@pytest.mark.parametrize("case", golden("max_lev"))
def test_published_largest_leverage(case):
    assert agrees(case, borrowed_leverage(weight_of_ratio(case["inputs"]["mcr"])), "leverage")


@pytest.mark.parametrize("case", golden("regt_implied"))
def test_published_implied_maintenance_rate(case):
    given = case["inputs"]
    assert agrees(case, 1 - weight_of_ratio(collateral_ratio(given["price"], given["loan_per_share"])), "maintenance")


@given(st.sampled_from([1.0, -1.0]), units, money, st.floats(1.01, 50.0), st.floats(0.0, 0.5))
def test_position_and_balance_have_the_same_threshold(side, size, entry, leverage, rate):
    margin = size * entry / leverage
    position = liquidation_prices(side * size, entry, margin, Tiers.flat(rate))
    weight = asset_weight(rate) if side > 0 else liability_weight(rate)
    balance = safe_interval([margin - side * size * entry], [side * weight * size])
    k = 0 if side > 0 else 1
    assert balance[1 - k] is position[1 - k] is None
    assert balance[k] == pytest.approx(position[k], rel=1e-9)


@given(st.floats(0.01, 0.99))
def test_largest_leverage_of_a_loan_is_one_over_the_maintenance_rate(rate):
    assert borrowed_leverage(asset_weight(rate)) == pytest.approx(1 / rate)


def test_looping_a_loan_reaches_the_leverage_of_the_formula():
    bought, cash = 0.0, 1.0
    for _ in range(200):
        bought, cash = bought + cash, 0.8 * cash
    assert bought == pytest.approx(borrowed_leverage(0.8))


def test_scalars_give_floats_and_arrays_broadcast():
    assert type(asset_weight(0.1)) is type(liability_weight(0.1)) is type(weight_of_ratio(2)) is float
    assert borrowed_leverage([0.5, 0.8]).shape == (2,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: weight_of_ratio(0.9), "minimum_ratio must be at least 1, got 0.9"),
        (lambda: weight_of_ratio(np.nan), "minimum_ratio must be finite, got nan"),
        (lambda: asset_weight(1.1), r"maintenance_rate must be in \[0, 1\], got 1.1"),
        (lambda: liability_weight(-0.1), r"maintenance_rate must be in \[0, 1\], got -0.1"),
        (lambda: borrowed_leverage(1.0), r"loan_to_value must be in \[0, 1\), got 1"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
