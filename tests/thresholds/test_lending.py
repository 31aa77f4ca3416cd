import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.thresholds import (
    collateral_liquidation_price,
    collateral_ratio,
    debt_liquidation_price,
    health_factor,
    lending_surplus,
    liquidation_incentive,
    safe_interval,
    weight_of_ratio,
)

GOLDEN = json.loads((Path(__file__).parents[1] / "golden.json").read_text())["cases"]


def golden(*kinds):
    return [pytest.param(case, id=case["id"]) for case in GOLDEN if case["kind"] in kinds]


def agrees(case, value, name):
    tolerance = case["tolerance"]
    return value == pytest.approx(case["expected"][name], abs=tolerance.get("abs", 0), rel=tolerance.get("rel", 0))


units, money, weights = st.floats(1e-3, 1e6), st.floats(0.01, 1e5), st.floats(0.05, 1.0)


@pytest.mark.parametrize("case", golden("health_factor"))
def test_published_health_factor(case):
    value, weight = np.array(case["inputs"]["collateral"]).T
    assert agrees(case, health_factor(value, weight, case["inputs"]["debt"]), "hf")


@pytest.mark.parametrize("case", golden("lend_liq_price"))
def test_published_liquidation_price_of_a_loan(case):
    given = case["inputs"]
    assert agrees(case, collateral_liquidation_price(given["coll_qty"], given["lt"], given["debt"]), "liq_price")


@pytest.mark.parametrize("case", golden("maker_safe"))
def test_published_vault_is_safe_exactly_down_to_its_price(case):
    given = case["inputs"]
    debt, weight = given["art"] * given["rate"], weight_of_ratio(given["mat"])
    price = collateral_liquidation_price(given["ink"], weight, debt)
    assert agrees(case, price, "liq_price")
    assert (lending_surplus(given["ink"] * given["price"], weight, debt) >= 0) is case["expected"]["safe"]
    assert lending_surplus(given["ink"] * price, weight, debt) == 0


@pytest.mark.parametrize("case", golden("comet_is_liq"))
def test_published_equality_is_safe(case):
    given = case["inputs"]
    surplus = lending_surplus(given["collateral"] * given["price"], given["liquidate_cf"], given["debt"])
    assert (surplus < 0) is case["expected"]["liquidatable"]


@pytest.mark.parametrize("case", golden("collateral_value"))
def test_published_borrowing_power(case):
    value, weight, price = np.array(case["inputs"]["collateral"]).T
    assert agrees(case, lending_surplus(value * price, weight, case["inputs"]["debt"]), "liquidity")


@pytest.mark.parametrize("case", golden("lif"))
def test_published_incentive(case):
    assert agrees(case, liquidation_incentive(case["inputs"]["lltv"]), "lif")


@pytest.mark.parametrize("case", golden("cr"))
def test_published_collateral_ratio(case):
    given = case["inputs"]
    assert agrees(case, collateral_ratio(given["coll"] * given["price"], given["debt"]), "cr")


@pytest.mark.parametrize("case", golden("weighted_liab_liq"))
def test_published_price_of_a_weighted_debt(case):
    given = case["inputs"]
    upper = safe_interval([given["deposit"]], [-given["liab_weight"] * given["borrow_qty"]])[1]
    assert agrees(case, upper, "liq_price")


@given(units, weights, money, units, money)
def test_health_factor_is_one_at_either_threshold(quantity, weight, price, debt, debt_price):
    fall = collateral_liquidation_price(quantity, weight, debt, debt_price=debt_price)
    assert health_factor(quantity * fall, weight, debt * debt_price) == pytest.approx(1.0)
    rise = debt_liquidation_price(quantity, weight, price, debt)
    assert health_factor(quantity * price, weight, debt * rise) == pytest.approx(1.0)


def test_one_weight_for_all_is_a_list_of_equal_weights():
    assert lending_surplus([1000.0, 500.0], 0.8, [300.0, 200.0]) == pytest.approx(700.0)
    assert health_factor([1000.0, 500.0], [0.8, 0.8], 500.0) == health_factor([1000.0, 500.0], 0.8, [500.0])


def test_incentive_is_capped():
    assert liquidation_incentive(0.0) == 1.15
    assert liquidation_incentive(1.0) == 1.0


def test_no_debt_is_infinitely_healthy_and_no_collateral_not_at_all():
    assert math.isinf(health_factor([10.0], [0.8], []))
    assert health_factor([], [], [5.0]) == 0.0


def test_scalars_give_floats_and_arrays_broadcast():
    assert type(liquidation_incentive(0.8)) is type(collateral_ratio(2, 1)) is float
    assert collateral_liquidation_price([1.0, 2.0], 0.8, 100.0).shape == (2,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: health_factor([1.0], [1.2], [1.0]), r"asset_weight must be in \[0, 1\], got 1.2"),
        (lambda: health_factor([-1.0], [0.8], [1.0]), "collateral must be at least 0, got -1"),
        (lambda: health_factor([1.0, 2.0], [0.8, 0.8, 0.8], [1.0]), r"asset_weight must be one .* shapes \(3,\) and"),
        (lambda: health_factor(1000.0, [0.8, 0.7], 500.0), r"asset_weight must be one .* shapes \(2,\) and \(\)"),
        (lambda: health_factor([1000, 500], [[0.8], [0.7]], 500.0), r"asset_weight must be one .* shapes \(2, 1\)"),
        (lambda: lending_surplus([1.0], [1.0], [[1.0, 2.0]]), r"debts of shape \(1, 2\)"),
        (lambda: lending_surplus([1.0], [0.8], [-1.0]), "debt_value must be at least 0, got -1"),
        (lambda: collateral_ratio(1.0, 0.0), "debt_value must be positive, got 0"),
        (lambda: collateral_liquidation_price(1.0, 0.0, 1.0), "asset_weight must be positive, got 0"),
        (lambda: collateral_liquidation_price(0.0, 0.8, 1.0), "quantity must be positive, got 0"),
        (lambda: collateral_liquidation_price(1.0, 0.8, 1.0, debt_price=-2), "debt_price must be positive, got -2"),
        (lambda: debt_liquidation_price(1.0, 0.8, np.inf, 1.0), "price must be finite, got inf"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
