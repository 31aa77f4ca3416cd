import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab import account
from cascadelab.thresholds import Tiers, line_prices, liquidation_prices, surplus_lines, tiered_surplus

GOLDEN = json.loads((Path(__file__).parents[1] / "golden.json").read_text())["cases"]
BASES = ("mark", "entry", "frozen")


def golden(*kinds):
    return [pytest.param(case, id=case["id"]) for case in GOLDEN if case["kind"] in kinds]


def agrees(case, value, name="liq_price"):
    tolerance = case["tolerance"]
    return value == pytest.approx(case["expected"][name], abs=tolerance.get("abs", 0), rel=tolerance.get("rel", 0))


def threshold(quantity, *arguments, **options):
    """The one end of the safe interval that a long or a short has."""
    lower, upper = liquidation_prices(quantity, *arguments, **options)
    assert (upper if quantity > 0 else lower) is None
    return lower if quantity > 0 else upper


tables = st.lists(st.tuples(st.floats(1e-3, 0.05), st.floats(1.0, 1e5)), min_size=1, max_size=6).map(
    lambda rows: Tiers.from_floors(
        np.concatenate([[0.0], np.cumsum([step for _, step in rows[1:]])]), np.cumsum([rate for rate, _ in rows])
    )
)
accounts = st.tuples(
    st.sampled_from([1.0, -1.0]), st.floats(0.01, 1e4), st.floats(1.0, 1e4), st.floats(1.0, 50.0), tables,
    st.floats(0.0, 0.01), st.sampled_from(BASES), st.floats(0.5, 2.0),
)  # fmt: skip


@pytest.mark.unmeasured
@given(accounts)
def test_threshold_is_where_a_bisection_finds_the_sign_change(drawn):
    side, size, entry, leverage, tiers, fee, basis, mark = drawn
    quantity, margin = side * size, size * entry / leverage
    options = {"fee_rate": fee, "basis": basis, "mark_price": mark * entry}

    def surplus(price):
        return tiered_surplus(quantity, entry, margin, tiers, price, **options)

    lower, upper = liquidation_prices(quantity, entry, margin, tiers, **options)
    low, high = entry * 1e-9, entry * 1e6
    safe_low = surplus(low) >= 0
    if safe_low == (surplus(high) >= 0):
        for end in (lower, upper):
            assert end is None or math.isnan(end) or not low < end < high
        return
    for _ in range(200):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if (surplus(middle) >= 0) == safe_low else (low, middle)
    assert (upper if safe_low else lower) == pytest.approx(low, rel=1e-9, abs=1e-8 * entry)


@given(accounts)
def test_surplus_is_the_lowest_of_its_lines(drawn):
    side, size, entry, leverage, tiers, fee, basis, mark = drawn
    position = (side * size, entry, size * entry / leverage, tiers)
    options = {"fee_rate": fee, "basis": basis, "mark_price": mark * entry}
    a, b = surplus_lines(*position, **options)
    prices = entry * np.array([0.1, 0.7, 1.0, 1.3, 5.0])
    lowest = (a + b * prices[:, None]).min(axis=1)
    np.testing.assert_allclose(
        tiered_surplus(*position, prices, **options), lowest, rtol=1e-9, atol=1e-9 * size * entry
    )


@given(accounts)
def test_long_is_liquidated_at_its_largest_line_price_and_short_at_its_smallest(drawn):
    side, size, entry, leverage, tiers, fee, _, _ = drawn
    position = (side * size, entry, size * entry / leverage, tiers)
    each = line_prices(*position, fee_rate=fee)
    lower, upper = liquidation_prices(*position, fee_rate=fee)
    extreme = each.max() if side > 0 else each.min()
    if extreme > 0:
        assert (lower if side > 0 else upper) == pytest.approx(extreme, rel=1e-12)


@given(
    st.sampled_from([1.0, -1.0]), st.floats(0.1, 100.0), st.floats(1.0, 1e4), st.floats(1.5, 40.0), st.floats(0.0, 0.02)
)
def test_flat_rate_without_fee_is_chapter_one(side, size, entry, leverage, rate):
    position = (side * size, entry, size * entry / leverage)
    for basis in ("mark", "entry"):
        old = account.liquidation_price(*position, rate, basis=basis)
        assert threshold(*position, Tiers.flat(rate), basis=basis) == pytest.approx(old, rel=1e-12)


@pytest.mark.parametrize("case", golden("full_table_liq", "tiered_cross_liq"))
def test_published_price_from_the_whole_table(case):
    given = case["inputs"]
    if len(given["positions"]) > 1:
        return  # several positions: chapter 3
    position = given["positions"][0]
    rates, deductions = np.array(position.get("tiers", [[position.get("mmr"), position.get("cum")]])).T
    price = threshold(position["qty"], position["entry"], given["wallet_balance"], Tiers(rates, deductions))
    assert agrees(case, price)


def test_single_positions_of_the_published_cases_are_not_skipped():
    cases = [case.values[0] for case in golden("full_table_liq", "tiered_cross_liq")]
    assert sum(len(case["inputs"]["positions"]) == 1 for case in cases) >= 2


@pytest.mark.parametrize("case", golden("fee_liq"))
def test_published_price_with_closing_fee(case):
    given = case["inputs"]
    tiers = Tiers.flat(given["mmr"])
    position = (given["qty"], given["entry"], given["wallet_balance"], tiers)
    assert agrees(case, threshold(*position, fee_rate=given["taker"]))
    assert not agrees(case, threshold(*position))


@pytest.mark.parametrize("case", golden("entry_basis_liq"))
def test_published_price_with_maintenance_at_entry(case):
    given = case["inputs"]
    position = (given["qty"], given["entry"], given["margin"], Tiers.flat(given["mmr"]))
    assert agrees(case, threshold(*position, basis="entry"))
    assert not agrees(case, threshold(*position))


@pytest.mark.parametrize("case", golden("hl_iso"))
def test_recorded_price_at_half_the_initial_margin(case):
    given = case["inputs"]
    tiers = Tiers.flat(1 / (2 * given["max_leverage"]))
    assert agrees(case, threshold(given["qty"], given["entry"], given["collateral"], tiers))


@pytest.mark.parametrize("case", golden("hl_iso_raw"))
def test_recorded_price_of_a_position_booked_in_cash(case):
    given = case["inputs"]
    tiers = Tiers.flat(1 / (2 * given["max_leverage"]))
    assert agrees(case, threshold(given["qty"], 0.0, given["raw_usd"], tiers))


@pytest.mark.parametrize("case", golden("kucoin_liq", "kucoin_bankrupt"))
def test_published_price_with_a_fixed_requirement(case):
    given = case["inputs"]
    fixed = given.get("pos_maint", given.get("pos_comm"))
    notional = given["qty"] * given["entry"]
    position = (given["qty"], given["entry"], given["pos_margin"], Tiers.flat(fixed / notional))
    price = threshold(*position, basis="frozen", mark_price=given["entry"])
    assert agrees(case, price, "liq_price" if "pos_maint" in given else "price")


@pytest.mark.parametrize("case", golden("regt_long", "regt_short"))
def test_published_margin_call(case):
    given = case["inputs"]
    side = 1.0 if case["kind"] == "regt_long" else -1.0
    price = threshold(side, given["price"], given["initial"] * given["price"], Tiers.flat(given["maintenance"]))
    assert agrees(case, price, "call_price")
    if "published_wrong" in case:
        assert price != pytest.approx(case["published_wrong"], rel=0.01)


@pytest.mark.parametrize("case", golden("regt_loan"))
def test_published_call_of_shares_booked_in_cash(case):
    given = case["inputs"]
    assert agrees(case, threshold(given["shares"], 0.0, -given["loan"], Tiers.flat(given["maintenance"])), "call_price")


@pytest.mark.parametrize("case", golden("bankruptcy_iso"))
def test_bankruptcy_is_the_threshold_without_maintenance(case):
    given = case["inputs"]
    price = threshold(1.0, given["entry"], given["entry"] / given["leverage"], Tiers.flat(0.0))
    assert agrees(case, price, "price")


def test_fully_paid_long_has_no_liquidation_price_and_an_empty_position_none_at_all():
    assert liquidation_prices(1.0, 100.0, 100.0, Tiers.flat(0.1)) == (None, None)
    assert liquidation_prices(0.0, 100.0, 5.0, Tiers.flat(0.1)) == (None, None)


def test_already_liquidatable_is_an_answer():
    lower, upper = liquidation_prices(1.0, 100.0, 1.0, Tiers.flat(0.1))
    assert lower > 100
    assert upper is None
    assert all(map(math.isnan, liquidation_prices(0.0, 0.0, -5.0, Tiers.flat(0.1))))


def test_long_whose_rates_and_fee_reach_one_falls_with_the_price():
    lower, upper = liquidation_prices(1.0, 100.0, 300.0, Tiers.flat(0.9), fee_rate=0.6)
    assert (lower, upper) == (None, pytest.approx(400.0))


def test_short_may_be_charged_its_whole_value_and_more():
    """Twice what is owed and a fee of 10 % of it: 2.1 p = 100 + 15."""
    assert line_prices(-1.0, 100.0, 15.0, Tiers.flat(1.0), fee_rate=0.1) == pytest.approx([115 / 2.1])
    assert liquidation_prices(-1.0, 100.0, 15.0, Tiers.flat(1.0), fee_rate=0.1)[1] == pytest.approx(115 / 2.1)


def turned_over(ends):
    """Ends of the price 1/p as ends of the price p."""
    low, high = ends
    return None if high is None else 1 / high, None if low is None else 1 / low


def test_published_price_of_a_coin_margined_position_from_a_table_in_coins():
    """Binance: 200 dollars long, a sample in ccxt 4.5.90 (binance.py) whose wallet is printed to eight decimals."""
    coins = Tiers([0.004, 0.005], [0.0, 0.01])
    lower, upper = turned_over(liquidation_prices(-200.0, 1 / 37_643.10000021, 0.00268058, coins))
    assert (lower, upper) == (pytest.approx(25_119.9744576, abs=0.02), None)


def test_published_amounts_in_coins_meet_at_the_published_floor():
    """Binance's page on coin-margined contracts: 0.56 BTC at 2.5 % and 1.81 BTC at 5 %, from 50 BTC on."""
    assert Tiers([0.025, 0.05], [0.56, 1.81]).floors[1] == pytest.approx(50.0)


@given(st.sampled_from([1.0, -1.0]), st.floats(1e5, 1e7), st.floats(1.5, 50.0))
def test_coin_margined_threshold_is_where_the_coins_run_out(side, size, leverage):
    """Chapter 1, equation (1.19): the table is charged on Q/p coins, and the witness knows nothing of 1/p."""
    contracts, entry = side * size, 50_000.0
    coins, table = size / entry / leverage, Tiers.from_floors([0, 10, 50], [0.004, 0.025, 0.05])
    prices = turned_over(liquidation_prices(-contracts, 1 / entry, coins, table))
    found = [price for price in prices if price is not None]

    def surplus(price):
        return account.inverse_equity(contracts, entry, coins, price) - table.requirement(size / price)

    assert len(found) == 1
    outside, inside = found[0] * (1 - side * 1e-9), found[0] * (1 + side * 1e-9)
    assert surplus(outside) < 0 < surplus(inside)


def test_scalars_give_floats_and_arrays_broadcast():
    tiers = Tiers.from_floors([0, 1_000], [0.01, 0.02])
    assert type(tiered_surplus(1, 100, 10, tiers, 90)) is float
    assert tiered_surplus([[1], [-1]], 100, 10, tiers, [80, 90, 100]).shape == (2, 3)
    assert line_prices([1, -1, 2], 100, 10, tiers).shape == (3, 2)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"quantity": np.nan}, "quantity must be finite, got nan"),
        ({"entry_price": -1.0}, "entry_price must be at least 0, got -1"),
        ({"margin": -5.0}, "margin must be at least 0, got -5"),
        ({"fee_rate": 1.0}, r"fee_rate must be in \[0, 1\), got 1"),
        ({"basis": "last"}, "basis must be 'mark', 'entry' or 'frozen', got 'last'"),
        ({"basis": "entry", "entry_price": 0.0}, "entry_price must be positive for the basis 'entry', got 0"),
        ({"basis": "frozen"}, "mark_price must be given for the basis 'frozen', got None"),
        ({"tiers": 0.1}, r"tiers must be a Tiers, got 0\.1"),
        ({"mark_price": 0.0}, "mark_price must be positive, got 0"),
        ({"quantity": [1.0, 2.0]}, r"quantity must be one number, got an array of shape \(2,\)"),
    ],
)
def test_bad_positions_are_named(changed, message):
    position = {"quantity": 1.0, "entry_price": 100.0, "margin": 10.0, "tiers": Tiers.flat(0.01)}
    with pytest.raises(ValueError, match=message):
        liquidation_prices(**(position | changed))


def test_bad_prices_and_empty_positions_are_named():
    with pytest.raises(ValueError, match="price must be positive, got 0"):
        tiered_surplus(1.0, 100.0, 10.0, Tiers.flat(0.01), 0.0)
    with pytest.raises(ValueError, match="quantity must not be 0"):
        line_prices([1.0, 0.0], 100.0, 10.0, Tiers.flat(0.01))
    with pytest.raises(ValueError, match=r"rates plus fee_rate must be below 1 for a long, got 1\.1"):
        line_prices(1.0, 100.0, 10.0, Tiers.flat(0.9), fee_rate=0.2)
    with pytest.raises(ValueError, match="the shapes do not broadcast"):
        tiered_surplus([1.0, 2.0], [1.0, 2.0, 3.0], 10.0, Tiers.flat(0.01), 1.0)
