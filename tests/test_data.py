"""The shipped tables agree with the raw files where these are present, with each other, and with their README."""

import csv
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cascadelab.cascade import figures
from cascadelab.kit.tables import load, names
from tests.benchmarks import table as benchmark

ROOT = Path(__file__).parents[1]
COMMAND = ROOT / "tests" / "compile_tables.py"
COMPILER = runpy.run_path(str(COMMAND))
README = (ROOT / "cascadelab" / "data" / "README.md").read_text(encoding="utf-8")
EPISODES = ("2020-03", "2021-05", "2022-05", "2025-10")


@pytest.fixture(scope="module")
def raw():
    """Folder of the raw files; without them the test is skipped, and says what is missing."""
    folder = Path(os.environ.get("CASCADELAB_RAW") or ROOT.parent / "shared" / "data")
    try:
        for name in (COMPILER[key] for key in ("CANDLES", "TIERS", "QUOTES", "LOANS", "COUNTS", "USDE")):
            COMPILER["find"](folder, name)
    except FileNotFoundError as problem:
        pytest.skip(f"the raw files are not here: {problem} (set CASCADELAB_RAW to their folder)")
    return folder


def test_recompiled_tables_are_byte_identical(raw, tmp_path):
    subprocess.run([sys.executable, str(COMMAND), str(raw), str(tmp_path)], check=True, timeout=300)
    assert {path.stem for path in tmp_path.iterdir()} == set(names()) - {"engine_benchmark"}  # that one is measured
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (ROOT / "cascadelab" / "data" / path.name).read_bytes(), path.name


def test_facts_that_came_with_the_raw_files_are_reproduced(raw):
    """Their digits: four of a correlation, six of a price; the one exception is LINK's print at 0.0001."""
    names_there = {raw_name: episode for episode, (raw_name, _, _) in COMPILER["EPISODES"].items()}
    ours = load("crash_correlations")
    for row in _rows(raw, "facts_correlations.csv"):
        k = EPISODES.index(names_there[row["episode"]])
        for mine, theirs in {
            "assets": "n_assets", "hours_before": "n_pre", "hours_during": "n_dur",
            "correlation_before": "mean_corr_pre", "correlation_during": "mean_corr_dur",
            "lowest_before": "min_pre", "lowest_during": "min_dur",
            "correlation_without_worst_hour": "mean_corr_dur_ex_worst_hour", "alt_beta_during": "mean_alt_beta_dur",
        }.items():  # fmt: skip
            assert ours[mine][k] == pytest.approx(float(row[theirs]), rel=3e-4, abs=1e-4), (mine, row["episode"])
        assert row["worst_hour"].startswith(ours["worst_hour"][k])
    ours = load("crash_drawdowns")
    stated = {(names_there[row["episode"]], row["asset"]): row for row in _rows(raw, "facts_drawdowns.csv")}
    for k, key in enumerate(zip(ours["episode"].tolist(), ours["asset"].tolist(), strict=True)):
        row = stated.pop(key)
        if key == ("2020-03", "LINK"):
            continue
        for mine, theirs in {
            "peak": "peak", "low": "low", "drawdown": "peak_to_trough", "worst_hour_on_closes": "worst_1h_close",
            "worst_hour_open_to_low": "worst_1h_open_to_low", "volatility_before": "vol_pre_ann",
            "volatility_during": "vol_dur_ann",
        }.items():  # fmt: skip
            assert ours[mine][k] == pytest.approx(float(row[theirs]), rel=5e-6, abs=1e-4), (mine, key)
        assert row["low_hour"].startswith(ours["low_hour"][k])
    assert sorted(asset for _, asset in stated) == ["LUNA", "UST"]


def _rows(folder, name):
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_missing_raw_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"crypto_hourly_episodes\.csv must be in"):
        COMPILER["main"](tmp_path, tmp_path / "out")


def test_correlation_went_to_one_in_three_crashes_and_not_in_the_fourth():
    """Published with the raw files: 0.716 to 0.916, 0.650 to 0.876, 0.784 to 0.903, 0.708 to 0.738."""
    table = load("crash_correlations")
    assert tuple(table["episode"]) == EPISODES
    np.testing.assert_allclose(table["correlation_before"], [0.716, 0.650, 0.784, 0.708], atol=5.1e-4)
    np.testing.assert_allclose(table["correlation_during"], [0.916, 0.876, 0.903, 0.738], atol=5.1e-4)


@pytest.mark.parametrize("k", range(4), ids=EPISODES)
def test_shipped_returns_give_the_shipped_correlations_and_volatilities(k):
    facts, returns = load("crash_correlations"), load("crash_returns")
    rows = returns["episode"] == EPISODES[k]
    assets = np.array([returns[asset][rows] for asset in COMPILER["ASSETS"]])
    assets = assets[~np.isnan(assets).any(axis=1)]
    during = returns["during"][rows] == 1
    assert facts["assets"][k] == len(assets)
    assert returns["hour"][rows][during][[0, -1]].tolist() == [facts["first_hour"][k], facts["last_hour"][k]]
    for when, hours in (("before", ~during), ("during", during)):
        pairs = np.corrcoef(assets[:, hours])[np.triu_indices(len(assets), 1)]
        assert facts[f"hours_{when}"][k] == hours.sum()
        assert facts[f"correlation_{when}"][k] == pytest.approx(pairs.mean(), abs=5e-4)
        assert facts[f"lowest_{when}"][k] == pytest.approx(pairs.min(), abs=5e-4)
        volatility = assets[0, hours].std(ddof=1) * np.sqrt(8760)
        assert facts[f"btc_volatility_{when}"][k] == pytest.approx(volatility, rel=1e-3)


def test_each_asset_is_traded_through_a_whole_episode_or_not_at_all():
    returns = load("crash_returns")
    for episode in EPISODES:
        rows = returns["episode"] == episode
        for asset in COMPILER["ASSETS"]:
            assert np.isnan(returns[asset][rows]).mean() in (0, 1)


def test_only_the_documented_candle_is_missing():
    """The hours of an episode follow each other; 2020-03-04T10 is the one gap."""
    returns = load("crash_returns")
    gaps = []
    for episode in EPISODES:
        hours = returns["hour"][returns["episode"] == episode].astype("datetime64[h]")
        gaps += hours[1:][np.diff(hours).astype(int) != 1].astype(str).tolist()
    assert gaps == ["2020-03-04T11"]


def test_quotes_reproduce_the_costs_that_came_with_the_raw_files():
    """Stated there: WETH 0.6 % at 12.6M, 1.8 % at 43M, 6.4 % at 130M; WBTC 1.8 % at 13M, 17.4 % at 125M."""
    table = load("dex_impact_quotes")
    for asset, millions, percent in (
        ("WETH", 12.6, 0.6), ("WETH", 43, 1.8), ("WETH", 130, 6.4), ("WBTC", 13, 1.8), ("WBTC", 125, 17.4),
    ):  # fmt: skip
        mine = table["asset"] == asset
        nearest = np.argmin(np.abs(table["notional"][mine] / 1e6 - millions))
        assert table["notional"][mine][nearest] / 1e6 == pytest.approx(millions, rel=0.02)
        assert 100 * table["slippage"][mine][nearest] == pytest.approx(percent, abs=0.05)


def test_bands_hold_the_collateral_of_all_loans(raw):
    loans = [row for row in _rows(raw, COMPILER["LOANS"]) if row["market"] == COMPILER["MARKET"]]
    table = load("crvusd_thresholds")
    assert table["quantity"].sum() == pytest.approx(sum(float(row["collateral"]) for row in loans), rel=1e-6)
    assert table["loans"].max() <= len(loans)
    assert table["threshold"].max() < float(loans[0]["oracle_price"])
    assert float(loans[0]["oracle_price"]) == pytest.approx(figures.ORACLE, abs=0.005)


def test_the_loans_agree_on_the_price_of_band_zero(raw):
    """It is not in the file: each loan's health gives it, which tests the reading of health and bands."""
    loans = [row for row in _rows(raw, COMPILER["LOANS"]) if row["market"] == COMPILER["MARKET"]]
    prices = np.array([COMPILER["base_price"](row) for row in loans if float(row["crvusd_in_amm"]) == 0])
    assert len(prices) == 197
    assert np.quantile(prices, [0.05, 0.95]) == pytest.approx([np.median(prices)] * 2, rel=2e-4)
    assert prices == pytest.approx(np.full(len(prices), np.median(prices)), rel=2e-3)
    table = load("crvusd_thresholds")
    middle = np.median(prices) * 0.99 ** (table["band"] + 0.5)
    assert table["threshold"] == pytest.approx(middle, abs=0.006)


def test_users_are_those_with_loans_in_several_markets(raw):
    """Stated with the raw files: 58 users in more than one market."""
    table, loans = load("crvusd_users"), _rows(raw, COMPILER["LOANS"])
    assert set(table["user"]) == set(range(1, 59))
    assert min(np.unique(table["user"], return_counts=True)[1]) == 2
    for user in (1, 29, 58):
        debts = {f"{debt:.12g}" for debt in table["debt"][table["user"] == user]}
        (theirs,) = {row["user"] for row in loans if f"{float(row['debt']):.12g}" in debts}
        assert {f"{float(row['debt']):.12g}" for row in loans if row["user"] == theirs} == debts


def test_counts_are_those_that_came_with_the_raw_files():
    """Stated there: 28,654 rows that are no auto-deleveraging, first of these 61.7 s later, 11,279 in one second."""
    table = load("hyperliquid_counts")
    plain = table["liquidations"] - table["adls"]
    assert (plain.sum(), table["adls"].sum(), table["adls"].max()) == (28_654, 34_983, 11_279)
    assert (plain % 2 == 0).all()  # evidently both sides of each trade
    assert abs(table["second"][np.flatnonzero(table["adls"])[0]] - 61.7) < 1


def test_tables_stay_small():
    sizes = {name: (ROOT / "cascadelab" / "data" / f"{name}.csv").stat().st_size for name in names()}
    assert max(sizes.values()) < 150_000
    assert all(len(load(name)) <= 1_300 for name in names())


def test_readme_describes_every_table_with_its_rows_and_class():
    listed = re.findall(r"^\| `(\S+)\.csv` \| ([\d,]+) \| .* \| ([AB]) \|$", README, flags=re.MULTILINE)
    assert {name: (int(rows.replace(",", "")), licence) for name, rows, licence in listed} == {
        name: (len(load(name)), load(name).licence) for name in names()
    }
    headings = " ".join(re.findall(r"^## (.*)$", README, flags=re.MULTILINE))
    assert all(name in headings for name in names())


def test_usde_fell_on_one_platform_only():
    """Published by the venue: a low of .65 to .66 inside 21:36 to 22:16, and .90 already at 21:20."""
    table = load("usde_prices")
    low, minute = table["binance_low"], table["minute"]
    assert low.min() == pytest.approx(0.65)
    assert "21:36" <= minute[low.argmin()] <= "22:16"
    assert low[minute == "21:20"][0] == pytest.approx(0.90)
    assert table["uniswap_low"].min() > 0.994
    assert (table["binance_low"] <= table["binance_close"]).all()
    assert (table["uniswap_low"] <= table["uniswap_close"]).all()
    assert len(set(minute)) == len(minute) == 240


def test_readme_shows_the_benchmark_that_is_stored():
    shown = (ROOT / "README.md").read_text(encoding="utf-8").split(benchmark.BEGIN)[1].split(benchmark.END)[0]
    assert shown == benchmark.readme_part()


def test_benchmark_has_every_row_of_its_plan_and_no_engine_that_reads_more_than_rounds():
    stored = load("engine_benchmark")
    keys = ("series", "book", "accounts", "assets", "shock")
    assert list(zip(*(stored[key].tolist() for key in keys), strict=True)) == benchmark.plan(1)
    assert (stored["passes"] <= stored["rounds"] + 1).all()
    assert (np.isfinite(stored["mesa"]) == (stored["accounts"] <= benchmark.MESA_ACCOUNTS)).all()
