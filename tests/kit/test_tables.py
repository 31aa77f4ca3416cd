"""The loader of dated tables: what it gives, and what it refuses."""

from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.kit import tables
from cascadelab.kit.tables import check_tiers, load, load_tiers, names, parse

FAULTY = Path(__file__).with_name("faulty_tiers.csv")
HEAD = "# date: 2024-10\n# source: here\n# licence: B\n"
TIERS = "pair,floor,rate,deduction,max_leverage\n"
RETURNS = "episode,hour,during,BTC,ETH,BNB,XRP,ADA,LTC,LINK,DOGE,SOL,AVAX,AAVE,DOT,ENA\n"


@pytest.mark.parametrize("name", names())
def test_every_shipped_table_loads_with_its_date_source_and_licence(name):
    table = load(name)
    assert table.name == name
    assert table.date[:2] == "20"
    assert table.source
    assert table.licence in ("A", "B")
    assert len(table) > 0
    assert all(not column.flags.writeable for column in table.columns.values())


def test_every_table_that_has_rules_is_shipped():
    assert {name for name in tables.RULES if not name.startswith("binance")} <= set(names())


def test_tables_are_found_as_package_resources():
    assert resources.files("cascadelab").joinpath("data", "README.md").is_file()


@pytest.mark.parametrize("snapshot", ["2024-10", "2026-09"])
def test_tiers_are_continuous_to_the_last_digit(snapshot):
    for pair in dict.fromkeys(load(f"binance_tiers_{snapshot}")["pair"].tolist()):
        tiers = load_tiers(pair, snapshot)
        jumps = np.diff(tiers.deductions) - tiers.floors[1:] * np.diff(tiers.rates)
        assert np.all(np.abs(jumps) <= 1e-12 * tiers.floors[1:])
        assert len(tiers) == len(tiers.max_leverage)
        assert tiers.date == snapshot
        assert tiers.pair == pair


def test_brackets_of_one_contract_change_between_snapshots():
    """Reference facts: the first BTC bracket went from 50k at 125x to 300k at 150x, ALPACA from 75x to 5x."""
    old, new = load_tiers("BTC/USDT", "2024-10"), load_tiers("BTC/USDT")
    assert (old.floors[1], old.max_leverage[0]) == (50_000, 125)
    assert (new.floors[1], new.max_leverage[0]) == (300_000, 150)
    assert load_tiers("ALPACA/USDT", "2024-10").max_leverage[0] == 75
    assert load_tiers("ALPACA/USDT", "2026-09").max_leverage[0] == 5


def test_unknown_names_list_what_there_is():
    with pytest.raises(ValueError, match=r"table must be one of binance_tiers_2024-10, .*, got 'crashes'"):
        load("crashes")
    with pytest.raises(ValueError, match=r"snapshot must be one of 2024-10, 2026-09, got '2020-01'"):
        load_tiers("BTC/USDT", "2020-01")
    with pytest.raises(ValueError, match=r"pair must be one of BTC/USDT, .*, got 'AAVE/USDT'"):
        load_tiers("AAVE/USDT")
    with pytest.raises(ValueError, match=r"column must be one of pair, floor, .*, got 'mmr'"):
        load("binance_tiers_2024-10")["mmr"]


def test_published_faulty_table_is_rejected_with_the_row_named():
    """freqtrade's test fixture for AAVE/USDT states 75 where continuity needs 50."""
    text = FAULTY.read_text(encoding="utf-8")
    rule = "AAVE/USDT, row 2: the deduction must be 50 to continue row 1 at the floor 5000, got 75"
    with pytest.raises(ValueError, match=rule):
        parse("binance_tiers_faulty", text)


def test_faulty_table_has_two_wrong_cells_that_explain_all_its_deductions():
    floors, rates, deductions = _faulty()
    for needed in (50, 800, 5_800, 12_050):
        k = [50, 800, 5_800, 12_050].index(needed) + 1
        deductions[k] = needed
        deductions[k + 1 :] = 0
        message = f"row {k + 2}: the deduction must be "
        with pytest.raises(ValueError, match=message):
            check_tiers(floors, rates, deductions, "AAVE/USDT")
    floors, rates, deductions = _faulty()
    rates[1], floors[-1] = 0.025, 1_000_000
    check_tiers(floors, rates, deductions)


def _faulty():
    rows = [line.split(",") for line in FAULTY.read_text(encoding="utf-8").splitlines() if line.startswith("AAVE")]
    return (np.array([float(row[column]) for row in rows]) for column in (1, 2, 3))


def test_rounding_to_the_cent_is_tolerated_and_no_more():
    check_tiers([0, 1_000, 7_777.77], [0.0, 0.0123, 0.0234], [0, 12.30, 98.63])
    with pytest.raises(ValueError, match="row 2: the deduction must be 10 to continue row 1"):
        check_tiers([0, 1_000], [0.01, 0.02], [0, 10.02])
    check_tiers([0, 1_000], [0.01, 0.02], [0, 10.02], tolerance=0.1)


@given(
    st.lists(st.floats(1.0, 1e6), min_size=1, max_size=8),
    st.lists(st.floats(1e-4, 0.09), min_size=9, max_size=9),
)
def test_continuous_deductions_pass_and_any_shifted_one_fails(steps, increments):
    floors = np.concatenate([[0.0], np.cumsum(steps)])
    rates = np.cumsum(increments)[: floors.size]
    deductions = np.concatenate([[0.0], np.cumsum(floors[1:] * np.diff(rates))])
    got = check_tiers(floors, rates, deductions)
    for mine, theirs in zip((floors, rates, deductions), got, strict=True):
        np.testing.assert_array_equal(mine, theirs)
        assert not theirs.flags.writeable
    for k in range(1, floors.size):
        shifted = deductions.copy()
        shifted[k] += 1.0
        with pytest.raises(ValueError, match=rf"row {k + 1}: the deduction must be"):
            check_tiers(floors, rates, shifted)


@pytest.mark.parametrize(
    ("floors", "rates", "deductions", "message"),
    [
        ([0, float("nan")], [0.1, 0.2], [0, 1], "X, floors must be finite, got nan"),
        ([0, 1], [0.1, 1.0], [0, 1], r"X, rates must be in \[0, 1\), got 1"),
        ([0, 1], [0.1, 0.2], [0, -1], "X, deductions must be at least 0, got -1"),
        ([0, 1], [0.1, 0.2], [0], "X: floors, rates and deductions must be lists of one length, got shapes"),
        ([], [], [], "lists of one length"),
        (0, 0.1, 0, "lists of one length"),
        ([1, 2], [0.1, 0.2], [0, 0.2], "X, row 1: floor and deduction must be 0, got 1 and 0"),
        ([0, 2], [0.1, 0.2], [3, 3.2], "X, row 1: floor and deduction must be 0, got 0 and 3"),
        ([0, 2, 2], [0.1, 0.2, 0.3], [0, 0.2, 0.4], "X, row 3: the floor must be above the 2 of row 2, got 2"),
        ([0, 2, 3], [0.1, 0.3, 0.2], [0, 0.4, 0.1], "X, row 3: the rate must be above the 0.3 of row 2, got 0.2"),
    ],
)
def test_bad_tiers_are_refused_at_the_door(floors, rates, deductions, message):
    with pytest.raises(ValueError, match=message):
        check_tiers(floors, rates, deductions, "X")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("unruly", HEAD, "table must have rules"),
        ("binance_tiers_x", "# source: a\n# licence: B\n" + TIERS, "must open with a line '# date: …'"),
        ("binance_tiers_x", "# date: 2024\n# licence: B\n" + TIERS, "must open with a line '# source: …'"),
        ("binance_tiers_x", "# date: 2024\n# source: a\n# nothing\n" + TIERS, "must open with a line '# licence: …'"),
        ("binance_tiers_x", HEAD, "the columns must be pair, floor"),
        ("binance_tiers_x", HEAD + TIERS, "with rows below"),
        ("binance_tiers_x", HEAD + "pair,floor\nA,1\n", "the columns must be pair, floor, rate"),
        ("binance_tiers_x", HEAD + TIERS + "A,0,0.1,0,5\nA,0\n", "row 2: there must be 5 cells, got 2"),
        ("binance_tiers_x", HEAD + TIERS + ",0,0.1,0,5\n", "pair, row 1: there must be a word, got an empty cell"),
        ("binance_tiers_x", HEAD + TIERS + "A,0,ten,0,5\n", "rate, row 1: there must be a number, got 'ten'"),
        ("binance_tiers_x", HEAD + TIERS + "A,0,,0,5\n", "rate, row 1: there must be a number, got ''"),
        ("binance_tiers_x", HEAD + TIERS + "A,0,0.1,0,0\n", "max_leverage must be positive, got 0"),
        ("binance_tiers_x", HEAD + TIERS + "A,0,0.1,0,5\nA,9,0.2,7,5\n", "A, row 2: the deduction must be 0.9"),
        (
            "crash_returns",
            HEAD + RETURNS + "2020-03,2020-03-02T01,0" + 12 * ",.001" + ",1.5\n",
            "the absolute value of crash_returns, ENA must be in",
        ),
        (
            "crash_returns",
            HEAD + RETURNS + "2020-03,2020-03-02T01,2" + 13 * ",.001" + "\n",
            "during must be 0 or 1, got 2",
        ),
        (
            "engine_benchmark",
            HEAD + ",".join(tables.RULES["engine_benchmark"]) + "\nshock,even,9,8,ruin,1.5,1,1,1,1,1,1,1\n",
            "lost must be at most 1, got 1.5",
        ),
        (
            "crash_returns",
            HEAD + RETURNS + 2 * ("2020-03,2020-03-02T01,0" + 13 * ",.001" + "\n"),
            "row 2: the hour must be after 2020-03-02T01, got 2020-03-02T01",
        ),
        (
            "crash_drawdowns",
            HEAD + ",".join(tables.RULES["crash_drawdowns"]) + "\n2020-03,BTC,100,40,2020-03-12T01,-0.5,-.1,-.1,1,1\n",
            "row 1: the drawdown must be -0.6000 from its peak and low, got -0.5000",
        ),
        (
            "dex_impact_quotes",
            HEAD + ",".join(tables.RULES["dex_impact_quotes"]) + "\nWETH,2000,.01,9\nWETH,1000,.02,9\n",
            "WETH, row 2: the notional must be above 2000, got 1000",
        ),
        (
            "crvusd_thresholds",
            HEAD + ",".join(tables.RULES["crvusd_thresholds"]) + "\n-1,2000,5,1\n0,2000,5,1\n",
            "row 2: the threshold must be below 2000, got 2000",
        ),
        (
            "crvusd_users",
            HEAD + ",".join(tables.RULES["crvusd_users"]) + "\n1,WETH,1,0,5,2000\n1,WETH,2,0,5,2000\n",
            "row 2: a user must have one loan in a market, got two in WETH",
        ),
        (
            "hyperliquid_counts",
            HEAD + ",".join(tables.RULES["hyperliquid_counts"]) + "\n6,2,0\n6,2,0\n",
            "row 2: the second must be after 6, got 6",
        ),
        (
            "hyperliquid_counts",
            HEAD + ",".join(tables.RULES["hyperliquid_counts"]) + "\n6,2,3\n",
            "row 1: the adls must be at most the 2 liquidations, got 3",
        ),
    ],
)
def test_broken_files_are_refused_with_the_place_named(name, text, message):
    with pytest.raises(ValueError, match=message):
        parse(name, text)


def test_an_empty_cell_of_returns_is_nan_and_a_crash_asset_may_be_missing():
    returns = load("crash_returns")
    assert np.isnan(returns["SOL"][returns["episode"] == "2020-03"]).all()
    assert np.isfinite(returns["SOL"][returns["episode"] != "2020-03"]).all()
