import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.account import (
    bankruptcy_price,
    equity,
    initial_margin,
    liquidation_price,
    maintenance,
    margin_ratio,
    surplus,
)

GOLDEN = {c["id"]: c for c in json.loads((Path(__file__).parents[1] / "golden.json").read_text())["cases"]}

sizes = st.floats(0.01, 100.0)
sides = st.sampled_from([1.0, -1.0])
prices = st.floats(1.0, 1e5)
leverages = st.floats(1.01, 100.0)
rates = st.floats(0.0, 0.3)


def bisected_root(function, low, high):
    """Sign change of `function`, found without any formula."""
    sign = np.sign(function(low))
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if np.sign(function(middle)) == sign else (low, middle)
    return 0.5 * (low + high)


@pytest.mark.unmeasured
@given(sides, sizes, prices, leverages, rates)
def test_liquidation_price_is_where_the_surplus_changes_sign(side, size, entry, leverage, rate):
    q = side * size
    margin = initial_margin(q, entry, leverage)
    price = liquidation_price(q, entry, margin, rate)
    found = bisected_root(lambda p: surplus(q, entry, margin, rate, p), entry * 1e-6, entry * 3)
    assert price == pytest.approx(found, rel=1e-12)


@pytest.mark.unmeasured
@given(sides, sizes, prices, leverages, rates)
def test_frozen_liquidation_price_is_where_equity_meets_the_requirement_at_entry(side, size, entry, leverage, rate):
    q = side * size
    margin = initial_margin(q, entry, leverage)
    price = liquidation_price(q, entry, margin, rate, basis="entry")
    need = maintenance(q, entry, rate)
    found = bisected_root(lambda p: equity(q, entry, margin, p) - need, entry * 1e-6, entry * 3)
    assert price == pytest.approx(found, rel=1e-12)


@given(sides, sizes, prices, leverages)
def test_bankruptcy_price_leaves_no_equity(side, size, entry, leverage):
    q = side * size
    margin = initial_margin(q, entry, leverage)
    assert equity(q, entry, margin, bankruptcy_price(q, entry, margin)) == pytest.approx(0.0, abs=1e-9 * size * entry)


@given(sides, sizes, prices, leverages, st.floats(0.001, 0.3))
def test_liquidation_comes_before_bankruptcy(side, size, entry, leverage, rate):
    q = side * size
    margin = initial_margin(q, entry, leverage)
    assert side * (liquidation_price(q, entry, margin, rate) - bankruptcy_price(q, entry, margin)) > 0


def test_surplus_of_zero_is_safe_and_the_margin_ratio_there_is_one():
    assert surplus(30, 50, 231, 0.1, 47) == pytest.approx(0.0, abs=1e-12)
    assert margin_ratio(30, 50, 231, 0.1, 47) == pytest.approx(1.0)


def test_margin_ratio_is_infinite_without_equity():
    assert margin_ratio(1, 100, 10, 0.05, [89, 90]).tolist() == [np.inf, np.inf]
    assert margin_ratio(1, 100, 10, 0.0, [89, 90]).tolist() == [np.inf, 0.0]


def test_account_y_of_the_running_example_is_liquidated_at_47():
    assert liquidation_price(30, 50, 231, 0.1) == pytest.approx(47.0)


@pytest.mark.parametrize("fraction", [1.0, 1.5])
def test_fully_paid_long_has_no_liquidation_price(fraction):
    assert np.isnan(liquidation_price(2.0, 100.0, 200.0 * fraction, 0.05))
    assert np.isnan(bankruptcy_price(2.0, 100.0, 200.0 * fraction))


@pytest.mark.parametrize(("quantity", "entry", "margin"), [(3, 0.1, 0.3), (1.1, 1.1, 1.21)])
def test_rounding_does_not_give_a_paid_long_a_liquidation_price(quantity, entry, margin):
    assert np.isnan(liquidation_price(quantity, entry, margin, 0.005))
    assert np.isnan(liquidation_price(quantity, entry, 1.1 * margin, 0.1, basis="entry"))


def test_leverage_above_one_over_m_is_liquidatable_from_the_start():
    assert liquidation_price(1, 100, 2, 0.1) > 100
    assert surplus(1, 100, 2, 0.1, 100) < 0


def test_empty_position_has_no_liquidation_price():
    assert np.isnan(liquidation_price(0.0, 100.0, 10.0, 0.05))
    assert np.isnan(liquidation_price(0.0, 100.0, 10.0, 0.05, basis="entry"))


def test_a_position_booked_at_cost_in_cash_gives_the_same_price():
    assert liquidation_price(30, 0.0, -1269.0, 0.1) == pytest.approx(liquidation_price(30, 50, 231, 0.1))


def test_scalars_give_floats_and_arrays_broadcast():
    assert type(liquidation_price(1, 100, 10, 0.005)) is float
    grid = liquidation_price(np.array([[1.0], [-1.0]]), 100.0, [5.0, 10.0, 20.0], 0.005)
    assert grid.shape == (2, 3)
    assert grid[1, 1] == pytest.approx(109.4527363)


@pytest.mark.parametrize(
    "case", [c for c in GOLDEN.values() if c["kind"] in ("entry_basis_liq", "hl_iso")], ids=lambda c: c["id"]
)
def test_published_liquidation_price_of_one_position(case):
    account = case["as_one_account"]
    (position,) = account["positions"]
    ((rate, deduction),) = position["tiers"]
    assert deduction == 0.0
    price = liquidation_price(
        position["quantity"], position["entry_price"], account["cash"], rate, basis=position["basis"]
    )
    tolerance = case["tolerance"].get("abs", 0.0), case["tolerance"].get("rel", 0.0)
    assert price == pytest.approx(case["expected"]["liq_price"], abs=tolerance[0], rel=tolerance[1])


def test_published_bankruptcy_price_of_bybit():
    case = GOLDEN["bybit-bankruptcy-50x"]
    entry = case["inputs"]["entry"]
    assert bankruptcy_price(1.0, entry, initial_margin(1.0, entry, 50.0)) == pytest.approx(case["expected"]["price"])


@pytest.mark.parametrize(
    "case", [c for c in GOLDEN.values() if c["kind"] in ("regt_long", "regt_short")], ids=lambda c: c["id"]
)
def test_published_margin_call_of_a_stock(case):
    stock = case["inputs"]
    side = 1.0 if case["kind"] == "regt_long" else -1.0
    price = liquidation_price(side, stock["price"], stock["initial"] * stock["price"], stock["maintenance"])
    assert price == pytest.approx(case["expected"]["call_price"], abs=case["tolerance"]["abs"])


@pytest.mark.parametrize(
    ("position", "published", "basis"),
    [
        ((0.001, 94_948.1, 6.32987333, 0.005), 89_092.96717, "entry"),  # Delta Exchange, 14 January 2026
        ((-0.005, 28_000.0, 1.4, 0.004), 28_168.0, "entry"),  # KuCoin's help page, before 22 May 2025
        ((0.001, 120_016.4, 20.0027333373, 0.0046), 100_475.86, "mark"),  # KuCoin, October 2025: 0.4 % and a fee
        ((-0.001, 68_094.2, 2.35897317, 0.0046), 70_130.5725363, "mark"),  # KuCoin, February 2026
    ],
)
def test_venues_say_by_their_samples_whether_maintenance_is_frozen(position, published, basis):
    """Samples of position queries: Delta in ccxt 4.5.90 (delta.py), KuCoin in public clients of its interface."""
    other = "mark" if basis == "entry" else "entry"
    assert liquidation_price(*position, basis=basis) == pytest.approx(published, abs=0.005)
    assert liquidation_price(*position, basis=other) != pytest.approx(published, abs=0.2)


def test_maintenance_as_a_share_of_the_initial_margin_leaves_room_at_every_leverage():
    """HTX: 0.015 of the initial margin at leverage 2, a sample in ccxt 4.5.90 (htx.py); chapter 1, equation (1.9)."""
    held_at, opened_with = 47_151.3, 24.96572007
    assert liquidation_price(0.001, held_at, opened_with, 0.015 / 2) == pytest.approx(22_353.229148614609, abs=1e-6)
    leverage = np.array([1.5, 10.0, 100.0, 1000.0])
    for share in (0.015, 0.5, 0.99):
        assert np.all(liquidation_price(1.0, 100.0, 100.0 / leverage, share / leverage) < 100.0)


def test_rate_of_one_takes_the_whole_value_of_a_long_and_twice_that_of_a_short():
    """FINRA 4210: a short below 5 dollars a share; 10,000 at 4.50 need 45,000 (a worked example of the rule)."""
    assert maintenance(-10_000.0, 4.5, 1.0) == 45_000.0
    assert liquidation_price(-1.0, 4.0, 4.2, 1.0) == pytest.approx(4.1)  # owed twice: 2 p = 4 + 4.2
    assert np.isnan(liquidation_price(1.0, 4.0, 3.0, 1.0))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.nan, 100, 10, 0.05), "quantity must be finite, got nan"),
        ((1, np.inf, 10, 0.05), "entry_price must be finite, got inf"),
        ((1, -100, 10, 0.05), "entry_price must be at least 0, got -100"),
        ((1, 100, -10, 0.05), "margin must be at least 0, got -10"),
        ((1, 100, 10, 1.1), r"maintenance_rate must be in \[0, 1\], got 1.1"),
        ((1, 100, 10, -0.1), r"maintenance_rate must be in \[0, 1\], got -0.1"),
        (("one", 100, 10, 0.05), "quantity must be a number or an array of numbers, got 'one'"),
        (([1, 2], [100, 101, 102], 10, 0.05), r"the shapes do not broadcast: quantity \(2,\), entry_price \(3,\)"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        liquidation_price(*arguments)


def test_bad_price_leverage_and_basis_are_named():
    with pytest.raises(ValueError, match="price must be positive, got 0"):
        equity(1, 100, 10, 0.0)
    with pytest.raises(ValueError, match="leverage must be positive, got 0"):
        initial_margin(1, 100, 0)
    with pytest.raises(ValueError, match="basis must be 'mark' or 'entry', got 'last'"):
        liquidation_price(1, 100, 10, 0.05, basis="last")
    with pytest.raises(ValueError, match="entry_price must be positive, got 0"):
        liquidation_price(1, 0, -80, 0.1, basis="entry")
    with pytest.raises(ValueError, match="entry_price must be positive, got 0"):
        initial_margin(1, 0, 10)
