import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.account import inverse_entry_price, inverse_equity, inverse_liquidation_price

GOLDEN = {c["id"]: c for c in json.loads((Path(__file__).parents[1] / "golden.json").read_text())["cases"]}

prices = st.floats(100.0, 1e5)


def coins_short_of_maintenance(contracts, entry, margin, rate, basis, price):
    """Surplus in coins, from the definition."""
    charged_at = price if basis == "mark" else entry
    return inverse_equity(contracts, entry, margin, price) - rate * abs(contracts) / charged_at


@pytest.mark.unmeasured
@given(
    st.sampled_from([1.0, -1.0]), st.floats(10.0, 1e6), prices, st.floats(1.2, 50.0), st.floats(0.0, 0.019),
    st.sampled_from(["mark", "entry"]),
)  # fmt: skip
def test_inverse_liquidation_price_is_where_the_coins_run_short(side, size, entry, leverage, rate, basis):
    contracts, margin = side * size, size / entry / leverage
    price = inverse_liquidation_price(contracts, entry, margin, rate, basis=basis)
    low, high = entry * 1e-3, entry * 1e4
    lowest = coins_short_of_maintenance(contracts, entry, margin, rate, basis, low) > 0
    for _ in range(200):
        middle = np.sqrt(low * high)
        if (coins_short_of_maintenance(contracts, entry, margin, rate, basis, middle) > 0) == lowest:
            low = middle
        else:
            high = middle
    assert price == pytest.approx(low, rel=1e-9)


def test_published_inverse_example_of_bybit_to_the_digit():
    case = GOLDEN["bybit-inverse-uta-values"]
    price = inverse_liquidation_price(60_000, 50_000, case["expected"]["im"], 0.005, basis="entry")
    assert price == pytest.approx(case["expected"]["liq_price"], rel=case["tolerance"]["rel"])


def test_published_average_entry_is_a_harmonic_mean():
    case = GOLDEN["bybit-inverse-avg-entry"]
    contracts, prices = np.array(case["inputs"]["fills"]).T
    assert inverse_entry_price(contracts, prices) == pytest.approx(case["expected"]["entry"])


@given(st.lists(st.tuples(st.floats(1.0, 1e4), prices), min_size=1, max_size=6), prices)
def test_average_entry_keeps_the_profit_of_every_fill(fills, price):
    contracts, entries = np.array(fills).T
    apart = np.sum(inverse_equity(contracts, entries, 0.0, price))
    together = inverse_equity(np.sum(contracts), inverse_entry_price(contracts, entries), 0.0, price)
    assert together == pytest.approx(apart, rel=1e-9, abs=1e-9)


def test_short_covered_by_its_coins_is_never_liquidated():
    assert np.isnan(inverse_liquidation_price(-1000.0, 100.0, 10.0, 0.0))
    assert np.isnan(inverse_liquidation_price(-1000.0, 100.0, 25.0, 0.01))
    assert np.isnan(inverse_liquidation_price(0.0, 100.0, 1.0, 0.01))


@pytest.mark.parametrize(("contracts", "entry"), [(-100.0, 7.0), (-5331.46, 30587.84), (-1000.0, 7.0)])
def test_rounding_does_not_give_a_covered_short_a_price(contracts, entry):
    covered = abs(contracts) * (1 / entry)
    assert np.isnan(inverse_liquidation_price(contracts, entry, covered, 0.01))
    assert np.isnan(inverse_liquidation_price(contracts, entry, 1.05 * covered, 0.05, basis="entry"))


def test_short_whose_rate_is_one_has_no_price():
    """At mark the surplus in dollars is (B − |Q|/p_e) p, whose sign no price changes."""
    assert np.isnan(inverse_liquidation_price(-1000.0, 100.0, 1.0, 1.0))


@pytest.mark.parametrize("added", [0.0, 0.03])
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_bybits_formula_of_2026_is_the_rule_at_mark_because_a_fee_in_both_margins_cancels(side, added):
    """Bybit's page of 27 May 2026, without a deduction: extra margin is divided by 1 ± taker fee, nothing else is.

    The fee is charged at the bankruptcy price, where Q/p_bk = Q/p_e + coins; it is part of what was posted and of
    what is required.
    """
    size, entry, leverage, rate, taker = side * 60_000.0, 50_000.0, 10.0, 0.005, 0.00055
    initial, value = abs(size) / entry / leverage, abs(size) / entry
    published = abs(size) * (1 + side * rate) / (value + side * (initial + added / (1 + side * taker)))
    fee = taker * (value + side * (initial + added / (1 + side * taker)))
    posted = initial + taker * (value + side * initial) + added
    required = rate * abs(size) / published + fee
    assert inverse_equity(size, entry, posted, published) == pytest.approx(required, rel=1e-12)
    if not added:
        assert published == pytest.approx(inverse_liquidation_price(size, entry, initial, rate), rel=1e-12)


def test_scalars_give_floats_and_arrays_broadcast():
    assert type(inverse_equity(1000, 100, 1, 90)) is float
    assert inverse_liquidation_price([1000, -1000], 100, 1, 0.01).shape == (2,)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.inf, 100, 1, 0.01), "contracts must be finite, got inf"),
        ((1000, 0, 1, 0.01), "entry_price must be positive, got 0"),
        ((1000, 100, -1, 0.01), "coin_margin must be at least 0, got -1"),
        ((1000, 100, 1, 1.2), r"maintenance_rate must be in \[0, 1\], got 1.2"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        inverse_liquidation_price(*arguments)


def test_bad_basis_and_fills_are_named():
    with pytest.raises(ValueError, match="basis must be 'mark' or 'entry', got 'index'"):
        inverse_liquidation_price(1000, 100, 1, 0.01, basis="index")
    with pytest.raises(ValueError, match=r"contracts must be one or more fills of one sign, got \[50, -50\]"):
        inverse_entry_price([50, -50], [100, 110])
    with pytest.raises(ValueError, match=r"got \[\]"):
        inverse_entry_price([], [])
