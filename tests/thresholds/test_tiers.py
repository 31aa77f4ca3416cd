import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.kit.tables import check_tiers, load, load_tiers
from cascadelab.thresholds import Tiers

GOLDEN = json.loads((Path(__file__).parents[1] / "golden.json").read_text())["cases"]


def golden(*kinds):
    return [pytest.param(case, id=case["id"]) for case in GOLDEN if case["kind"] in kinds]


def close(case, value, name):
    tolerance = case["tolerance"]
    return pytest.approx(case["expected"][name], abs=tolerance.get("abs", 0), rel=tolerance.get("rel", 0)) == value


@st.composite
def tables(draw):
    count = draw(st.integers(1, 8))
    rates = np.cumsum(draw(st.lists(st.floats(1e-3, 0.1), min_size=count, max_size=count)))
    steps = draw(st.lists(st.floats(1.0, 1e6), min_size=count - 1, max_size=count - 1))
    return np.concatenate([[0.0], np.cumsum(steps)]), rates


def bracket_by_bracket(floors, rates, notional):
    """Each slice of the notional at its own rate, as a tax table does it."""
    ends = np.append(floors[1:], np.inf)
    return float(np.sum(rates * np.clip(np.minimum(ends, notional) - floors, 0.0, None)))


@pytest.mark.parametrize("case", golden("tier_mm", "rate_mm"))
def test_published_requirement(case):
    given = case["inputs"]
    tiers = Tiers([given.get("mmr", given.get("rate"))], [given.get("cum", 0.0)])
    assert close(case, tiers.requirement(given["notional"]), "mm" if "mm" in case["expected"] else "maintenance")


@pytest.mark.parametrize("case", golden("tier_pick"))
def test_largest_line_is_the_published_bracket(case):
    floors, rates, deductions = np.array(case["inputs"]["tiers"]).T
    tiers = Tiers(rates, deductions)
    k = tiers.tier(case["inputs"]["notional"])
    assert close(case, tiers.rates[k], "mmr")
    assert close(case, tiers.deductions[k], "cum")
    np.testing.assert_allclose(tiers.floors, floors, rtol=1e-12)


@pytest.mark.parametrize("case", golden("tier_cum_chain"))
def test_published_deductions_follow_from_floors_and_rates(case):
    tiers = Tiers.from_floors(case["inputs"]["floors"], case["inputs"]["rates"])
    np.testing.assert_allclose(tiers.deductions, case["expected"]["cums"], atol=case["tolerance"]["abs"], rtol=0)


@pytest.mark.parametrize("case", golden("tier_progressive"))
def test_published_progressive_requirement(case):
    rates, edges = case["inputs"]["rates"], case["inputs"]["edges"]
    tiers = Tiers.from_floors([0.0, *edges[:-1]], rates)
    assert close(case, tiers.requirement(case["inputs"]["notional"]), "mm")


@given(tables(), st.floats(0.0, 1e7))
def test_maximum_of_lines_is_the_sum_bracket_by_bracket(table, notional):
    tiers = Tiers.from_floors(*table)
    assert tiers.requirement(notional) == pytest.approx(bracket_by_bracket(*table, notional), rel=1e-9, abs=1e-6)


@given(tables(), st.floats(0.0, 1e7), st.floats(0.0, 1e7), st.floats(0.0, 1.0))
def test_requirement_is_convex(table, low, high, share):
    tiers = Tiers.from_floors(*table)
    middle = tiers.requirement(share * low + (1 - share) * high)
    chord = share * tiers.requirement(low) + (1 - share) * tiers.requirement(high)
    assert middle <= chord + 1e-9 * max(chord, 1.0)


@given(tables(), st.floats(0.0, 1e7))
def test_tier_is_the_one_whose_line_binds(table, notional):
    tiers = Tiers.from_floors(*table)
    k = tiers.tier(notional)
    line = tiers.rates[k] * notional - tiers.deductions[k]
    assert line == pytest.approx(tiers.requirement(notional), rel=1e-9, abs=1e-6)
    assert tiers.marginal_rate(notional) == tiers.rates[k]


@pytest.mark.parametrize("pair", ["BTC/USDT", "ETH/USDT", "SOL/USDT", "DOGE/USDT", "LINK/USDT"])
@pytest.mark.parametrize("snapshot", ["2024-10", "2026-09"])
def test_shipped_tables_are_the_maximum_of_their_lines(pair, snapshot):
    table = load_tiers(pair, snapshot)
    tiers = Tiers(table.rates, table.deductions)
    np.testing.assert_allclose(tiers.floors, table.floors, rtol=1e-9)
    np.testing.assert_allclose(Tiers.from_floors(table.floors, table.rates).deductions, table.deductions, rtol=1e-9)


def test_at_a_floor_the_upper_line_binds_and_both_agree():
    tiers = Tiers.from_floors([0, 1_000], [0.01, 0.02])
    assert tiers.tier(1_000) == 1
    assert tiers.requirement(1_000) == 10.0
    assert tiers.tier(999.999) == 0
    assert tiers.tier(0.0) == 0


def test_a_single_line_with_a_deduction_is_not_clipped():
    tiers = Tiers([0.025], [16_300])
    assert tiers.requirement(0.0) == -16_300
    assert list(tiers.floors) == [0.0]


def test_flat_rate_is_one_line():
    assert Tiers.flat(0.1).requirement(470.0) == pytest.approx(47.0)


def test_bitget_charged_the_whole_position_until_november_2025_and_slices_since():
    """Bitget's announcement: 3 BTC at 110,000, 0.5 % from 200,000 on and 0.4 % below, with a fee of 0.06 %."""
    notional = 3 * 110_000.0
    sliced = Tiers.from_floors([0, 200_000], [0.004, 0.005])
    assert Tiers.flat(0.005).requirement(notional) + 0.0006 * notional == pytest.approx(1_848.0)
    assert sliced.requirement(notional) + 0.0006 * notional == pytest.approx(1_648.0)


def test_slices_ask_too_little_where_a_venue_charges_the_whole_position():
    """BitMEX's examples: 180 XBT need 0.90 at 0.5 %, and 230 XBT are one step up, at 1 % of all."""
    sliced = Tiers.from_floors([0, 200, 350, 500], [0.005, 0.01, 0.015, 0.02])
    assert Tiers.flat(0.005).requirement(180) == sliced.requirement(180) == pytest.approx(0.9)
    assert sliced.requirement(230) == pytest.approx(1.3)
    assert Tiers.flat(0.01).requirement(230) == pytest.approx(2.3)


def test_published_amount_that_leaves_a_jump_is_named_by_its_row():
    """Coincall's page for BTC and ETH: the amount of row 5 belongs to a floor of 50 million, not of 75."""
    floors, rates = [0, 50e3, 500e3, 10e6, 75e6], [0.004, 0.005, 0.01, 0.025, 0.05]
    stated = [0, 50, 2_550, 152_550, 1_402_550]
    check_tiers(floors[:4], rates[:4], stated[:4])
    with pytest.raises(ValueError, match=r"row 5: the deduction must be 2027550 .* got 1402550"):
        check_tiers(floors, rates, stated)
    assert Tiers(rates, stated).floors[4] == pytest.approx(50e6)


def test_collateral_weights_are_a_table_that_may_end_at_rate_one():
    """OKX: 11 million USDT count as 10.3 million; another asset counts nothing above a million."""
    usdt = Tiers.from_floors([0, 5e6, 10e6], [0.0, 0.1, 0.2])
    assert 11e6 - usdt.requirement(11e6) == pytest.approx(10.3e6)
    capped = Tiers.from_floors([0, 250e3, 500e3, 1e6], [0.2, 0.3, 0.5, 1.0])
    for notional in (1e6, 1.2e6, 1e9):
        assert notional - capped.requirement(notional) == pytest.approx(625e3)


@pytest.mark.parametrize(
    ("rate", "least", "quantity", "price", "published"),
    [
        (0.3, 5.0, 1_000, 50.0, 15_000),
        (0.3, 5.0, 10_000, 5.0, 50_000),
        (1.0, 2.5, 10_000, 4.5, 45_000),
        (1.0, 2.5, 50_000, 1.0, 125_000),
    ],
)
def test_least_amount_per_share_is_a_line_of_rate_zero(rate, least, quantity, price, published):
    """Shorts under FINRA 4210: 30 % but at least 5 dollars a share, below 5 dollars 100 % but at least 2.50."""
    tiers = Tiers([0.0, rate], [-least * quantity, 0.0])
    assert tiers.requirement(quantity * price) == pytest.approx(published)


def test_scalars_give_plain_numbers_and_arrays_broadcast():
    tiers = Tiers.from_floors([0, 1_000], [0.01, 0.02])
    assert type(tiers.requirement(5)) is float
    assert type(tiers.marginal_rate(5)) is float
    assert type(tiers.tier(5)) is int
    assert tiers.requirement([[1, 2, 3]]).shape == tiers.tier([[1, 2, 3]]).shape == (1, 3)


def test_tables_are_read_only_and_compare_by_identity():
    rates = np.array([0.01, 0.02])
    tiers = Tiers(rates, [0.0, 10.0])
    rates[0] = 0.5
    assert tiers.rates[0] == 0.01
    with pytest.raises(ValueError, match="read-only"):
        tiers.rates[0] = 0.5
    with pytest.raises(AttributeError):
        tiers.rates = rates
    assert tiers != Tiers([0.01, 0.02], [0.0, 10.0])


@pytest.mark.parametrize(
    ("rates", "deductions", "message"),
    [
        ([0.01, 1.2], [0, 1], r"rates must be in \[0, 1\], got 1.2"),
        ([-0.01], [0], r"rates must be in \[0, 1\], got -0.01"),
        ([np.nan], [0], "rates must be finite, got nan"),
        ([0.01, 0.02], [0, np.inf], "deductions must be finite, got inf"),
        ([0.02, 0.01], [0, 1], "rates must increase strictly, got 0.01 in row 2 after 0.02"),
        ([0.01, 0.01], [0, 1], "rates must increase strictly, got 0.01 in row 2 after 0.01"),
        ([0.01, 0.02, 0.05], [0, 100, 110], "row 3 would take over at 333.333333333, row 2 only at 10000"),
        ([0.01, 0.02], [0, -5], "row 2 would take over at -500, row 1 only at 0"),
        (
            [0.01, 0.02],
            [0],
            r"rates and deductions must be lists of equal, positive length, got shapes \(2,\) and \(1,\)",
        ),
        ([], [], r"got shapes \(0,\) and \(0,\)"),
        (0.01, 0.0, r"got shapes \(\) and \(\)"),
        ([[0.01]], [[0.0]], r"got shapes \(1, 1\) and \(1, 1\)"),
        (["a"], [0.0], "rates must be a number or an array of numbers"),
    ],
)
def test_bad_tables_are_named(rates, deductions, message):
    with pytest.raises(ValueError, match=message):
        Tiers(rates, deductions)


@pytest.mark.parametrize(
    ("floors", "rates", "message"),
    [
        ([1, 2], [0.01, 0.02], "floors must start at 0, got 1"),
        ([0, 5, 5], [0.01, 0.02, 0.03], "floors must increase strictly, got 5 in row 3 after 5"),
        ([0, -5], [0.01, 0.02], "floors must be at least 0, got -5"),
        ([0, 5], [0.02, 0.01], "rates must increase strictly, got 0.01 in row 2 after 0.02"),
        ([0], [0.01, 0.02], r"rates and floors must be lists of equal, positive length"),
        ([], [], r"rates and floors must be lists of equal, positive length"),
    ],
)
def test_bad_floors_are_named(floors, rates, message):
    with pytest.raises(ValueError, match=message):
        Tiers.from_floors(floors, rates)


@pytest.mark.parametrize("method", ["requirement", "marginal_rate", "tier"])
def test_negative_notional_is_named(method):
    with pytest.raises(ValueError, match="notional must be at least 0, got -1"):
        getattr(Tiers.flat(0.1), method)(-1)


@pytest.mark.parametrize("snapshot", ["2024-10", "2026-09"])
def test_at_every_published_floor_the_upper_line_binds(snapshot):
    for pair in sorted(set(load(f"binance_tiers_{snapshot}")["pair"])):
        table = load_tiers(str(pair), snapshot)
        by_deductions, by_floors = Tiers(table.rates, table.deductions), Tiers.from_floors(table.floors, table.rates)
        for tiers in (by_deductions, by_floors):
            np.testing.assert_array_equal(tiers.tier(table.floors), np.arange(len(table)))
            np.testing.assert_array_equal(tiers.marginal_rate(table.floors), table.rates)
            np.testing.assert_array_equal(tiers.tier(table.floors[1:] * (1 - 1e-9)), np.arange(len(table) - 1))
