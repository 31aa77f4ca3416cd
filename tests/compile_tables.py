"""Compile the dated tables of `cascadelab/data` from the raw files.

    python tests/compile_tables.py RAW_FOLDER [TARGET_FOLDER]

RAW_FOLDER holds the files that the constants below name; `tiers.json` may lie in a folder `reference` beside it.
Without a target the tables of the package are replaced.  `cascadelab/data/README.md` explains every number.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

HOURS_A_YEAR = 8760
CANDLES = "crypto_hourly_episodes.csv"
TIERS = "tiers.json"
QUOTES = "dex_price_impact_quotes_2023-11-20.csv"
QUOTED = ("WETH", "wstETH", "sfrxETH", "WBTC")  # sold for USDC; the rest are stablecoins and pairs of two of these
LOANS = "crvusd_positions_2024-01-30.csv"
MARKET, LIQUIDATION_DISCOUNT, BAND_RATIO = "WETH", 0.06, 0.99  # of one crvUSD market
COUNTS = "hl_liq_adl_counts_per_second_2025-10-10.csv"
USDE = "usde_binance_vs_uniswap_1min_2025-10-10.csv"
SHIPPED = Path(__file__).parents[1] / "cascadelab" / "data"

# episode: name in the raw file, first day of the crash, first day after it
EPISODES = {
    "2020-03": ("covid_2020-03-12", "2020-03-12", "2020-03-14"),
    "2021-05": ("china_2021-05-19", "2021-05-19", "2021-05-21"),
    "2022-05": ("luna_2022-05", "2022-05-09", "2022-05-13"),
    "2025-10": ("oct10_2025-10-10", "2025-10-10", "2025-10-12"),
}
ASSETS = ("BTC", "ETH", "BNB", "XRP", "ADA", "LTC", "LINK", "DOGE", "SOL", "AVAX", "AAVE", "DOT", "ENA")
BAD_LOWS = {("2020-03", "LINK", "2020-03-12T10")}  # one print at 0.0001 in an hour that opened and closed above 3
BINANCE = "Binance spot, hourly candles (public market data)"


class Episode:
    """The candles of one crash, an array a field with a row an asset and a column an hour."""

    def __init__(self, name: str, rows: Sequence[dict[str, str]]) -> None:
        raw, first, after = EPISODES[name]
        self.name = name
        mine = [row for row in rows if row["episode"] == raw]
        self.assets = [asset for asset in ASSETS if any(row["asset"] == asset for row in mine)]
        self.hours = [row["ts_utc"][:13] for row in mine if row["asset"] == "BTC"]
        bars = {(row["asset"], row["ts_utc"][:13]): row for row in mine}
        self.open, self.high, self.low, self.close = (
            np.array([[float(bars[asset, hour][field]) for hour in self.hours] for asset in self.assets])
            for field in ("open", "high", "low", "close")
        )
        for episode, asset, hour in BAD_LOWS:
            if episode == name:
                at = self.assets.index(asset), self.hours.index(hour)
                self.low[at] = min(self.open[at], self.close[at])
        self.crash = np.array([first <= hour < after for hour in self.hours])
        self.before = np.array([hour < first for hour in self.hours])
        self.returns = np.diff(np.log(self.close), axis=1)  # the return of an hour: from the last close before its own

    def part(self, hours: np.ndarray) -> np.ndarray:
        """Returns of the chosen hours; the first hour of the file has none."""
        return self.returns[:, hours[1:]]


def main(raw: Path, target: Path = SHIPPED) -> None:
    """Write every table into `target`."""
    target.mkdir(parents=True, exist_ok=True)
    rows = read(raw, CANDLES)
    episodes = [Episode(name, rows) for name in EPISODES]
    last = max(hour for episode in episodes for hour, crash in zip(episode.hours, episode.crash, strict=True) if crash)
    for name, table in (
        ("crash_correlations", correlations(episodes)),
        ("crash_drawdowns", drawdowns(episodes)),
        ("crash_returns", returns(episodes)),
    ):
        write(target / f"{name}.csv", last[:10], BINANCE, table)
    source = "1inch quotes on Ethereum, collected by xenophonlabs/crvUSDrisk (MIT licence)"
    write(target / "dex_impact_quotes.csv", "2023-11-20", source, quotes(read(raw, QUOTES)), "A")
    source = "crvUSD market WETH on Ethereum, block 19122585, collected by xenophonlabs/crvUSDrisk (MIT licence)"
    write(target / "crvusd_thresholds.csv", "2024-01-30", source, bands(read(raw, LOANS)), "A")
    source = "crvUSD markets on Ethereum, block 19122585, collected by xenophonlabs/crvUSDrisk (MIT licence)"
    write(target / "crvusd_users.csv", "2024-01-30", source, users(read(raw, LOANS)), "A")
    source = "Hyperliquid chain, collected by ConejoCapital/HyperMultiAssetedADL"
    write(target / "hyperliquid_counts.csv", "2025-10-10", source, counts(read(raw, COUNTS)))
    source = "Binance spot (public market data) and Uniswap v3 on Ethereum, collected by QuantLet/onchain-insights"
    write(target / "usde_prices.csv", "2025-10-10", source, usde(read(raw, USDE)))
    snapshots = json.loads(find(raw, TIERS).read_text(encoding="utf-8"))["snapshots"]
    for month, snapshot in snapshots.items():
        source = f"Binance USD-M leverage brackets (public), as carried by {snapshot['source']}"
        write(target / f"binance_tiers_{month}.csv", month, source, tiers(snapshot["pairs"]))


def find(raw: Path, name: str) -> Path:
    """Path of a raw file, in the folder or in `reference` beside it."""
    for folder in (raw, raw.parent / "reference"):
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(f"{name} must be in {raw} or in {raw.parent / 'reference'}")


def read(raw: Path, name: str) -> list[dict[str, str]]:
    """Rows of a raw file by their header."""
    with find(raw, name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, date: str, source: str, table: Iterable[Sequence[object]], licence: str = "B") -> None:
    """Write one table: three lines that say what it is, then header and rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"# date: {date}\n# source: {source}\n# licence: {licence}\n")
        csv.writer(file, lineterminator="\n").writerows(table)


def quotes(rows: Sequence[dict[str, str]]) -> Iterable[Sequence[object]]:
    """Cost of selling four volatile assets for USDC, a row an asset and size; four digits."""
    yield "asset", "notional", "slippage", "quotes"
    for asset in QUOTED:
        for row in rows:
            if (row["src"], row["dst"]) == (asset, "USDC"):
                yield asset, f"{float(row['usd_in']):.0f}", f"{float(row['impact_reported']):.4g}", row["n"]


def bands(rows: Sequence[dict[str, str]]) -> Iterable[Sequence[object]]:
    """Collateral that is not converted yet, by band, all loans together; the price is that of the band's middle."""
    yield "band", "threshold", "quantity", "loans"
    loans = [row for row in rows if row["market"] == MARKET]
    base = np.median([base_price(row) for row in loans if float(row["crvusd_in_amm"]) == 0])
    quantity: dict[int, float] = {}
    number: dict[int, int] = {}
    for row in loans:
        left, converting = float(row["collateral"]), float(row["crvusd_in_amm"]) > 0
        in_a_band = float(row["deposited_collateral" if converting else "collateral"]) / int(row["n_bands"])
        for band in range(int(row["n2"]), int(row["n1"]) - 1, -1):  # conversion begins at the highest price, n1
            if left > 1e-9:
                quantity[band] = quantity.get(band, 0.0) + min(left, in_a_band)
                number[band] = number.get(band, 0) + 1
                left -= in_a_band
    for band in sorted(quantity):
        yield band, f"{base * BAND_RATIO ** (band + 0.5):.2f}", f"{quantity[band]:.4f}", number[band]


def users(rows: Sequence[dict[str, str]]) -> Iterable[Sequence[object]]:
    """Loans of everybody who has loans in more than one market, users numbered in the order of their first loan."""
    yield "user", "market", "quantity", "converted", "debt", "oracle_price"
    markets: dict[str, set[str]] = {}
    for row in rows:
        markets.setdefault(row["user"], set()).add(row["market"])
    several = [user for user, theirs in markets.items() if len(theirs) > 1]
    for row in sorted((row for row in rows if row["user"] in several), key=lambda row: several.index(row["user"])):
        amounts = (row[name] for name in ("collateral", "crvusd_in_amm", "debt", "oracle_price"))
        yield several.index(row["user"]) + 1, row["market"], *amounts


def base_price(row: dict[str, str]) -> float:
    """Upper price of band 0, from the health of a loan that converts nothing: its debt against all its bands."""
    middles = BAND_RATIO ** (np.arange(int(row["n1"]), int(row["n2"]) + 1) + 0.5)
    owed = (1 + float(row["health"])) * float(row["debt"])
    return owed / ((1 - LIQUIDATION_DISCOUNT) * float(row["collateral"]) * float(middles.mean()))


def counts(rows: Sequence[dict[str, str]]) -> Iterable[Sequence[object]]:
    """Fills of liquidations and of auto-deleveraging, a row a second in which there was one."""
    yield "second", "liquidations", "adls"
    for row in rows:
        yield row["second"], row["liquidations"], row["adls"]


def usde(rows: Sequence[dict[str, str]]) -> Iterable[Sequence[object]]:
    """Price of USDe on two platforms, a row a minute; digits as at the source."""
    columns = "binance_low", "binance_close", "binance_volume", "uniswap_low", "uniswap_close"
    yield "minute", *columns
    for row in rows:
        yield row["ts_utc"][11:16], *(row[name] for name in columns)


def tiers(pairs: dict[str, dict[str, list[dict[str, float]]]]) -> Iterable[Sequence[object]]:
    """Tier tables, one row a tier."""
    yield "pair", "floor", "rate", "deduction", "max_leverage"
    for pair, content in pairs.items():
        for row in content["tiers"]:
            numbers = (row[key] for key in ("min_notional", "maint_rate", "cum", "max_leverage"))
            yield pair.split(":")[0], *(f"{number:.12g}" for number in numbers)


def correlations(episodes: Iterable[Episode]) -> Iterable[Sequence[object]]:
    """Mean and lowest pairwise correlation before and during each crash, one row an episode."""
    yield (
        "episode", "first_hour", "last_hour", "assets", "hours_before", "hours_during",
        "correlation_before", "correlation_during", "lowest_before", "lowest_during",
        "worst_hour", "correlation_without_worst_hour", "btc_volatility_before", "btc_volatility_during",
        "alt_beta_during",
    )  # fmt: skip
    for episode in episodes:
        before, during = episode.part(episode.before), episode.part(episode.crash)
        hours = [hour for hour, crash in zip(episode.hours, episode.crash, strict=True) if crash]
        worst = int(np.argmin(during.mean(axis=0)))
        pairs = np.triu_indices(len(episode.assets), 1)
        calm, crash, rest = (np.corrcoef(x)[pairs] for x in (before, during, np.delete(during, worst, axis=1)))
        covariance = np.cov(during)
        yield (
            episode.name, hours[0], hours[-1], len(episode.assets), before.shape[1], during.shape[1],
            *(f"{number:.4f}" for number in (calm.mean(), crash.mean(), calm.min(), crash.min())),
            hours[worst], f"{rest.mean():.4f}", f"{volatility(before[0]):.4f}", f"{volatility(during[0]):.4f}",
            f"{(covariance[0, 1:] / covariance[0, 0]).mean():.4f}",
        )  # fmt: skip


def drawdowns(episodes: Iterable[Episode]) -> Iterable[Sequence[object]]:
    """Peak, low and volatility, one row an asset and episode."""
    yield (
        "episode", "asset", "peak", "low", "low_hour", "drawdown", "worst_hour_on_closes", "worst_hour_open_to_low",
        "volatility_before", "volatility_during",
    )  # fmt: skip
    for episode in episodes:
        crash = np.flatnonzero(episode.crash)
        for k, asset in enumerate(episode.assets):
            at = crash[int(np.argmin(episode.low[k, crash]))]
            low, peak = episode.low[k, at], episode.high[k, crash[0] : at].max()
            on_closes = np.expm1(episode.returns[k, crash - 1].min())
            to_low = (episode.low[k, crash] / episode.open[k, crash] - 1).min()
            yield (
                episode.name, asset, f"{peak:.6g}", f"{low:.6g}", episode.hours[at],
                f"{low / peak - 1:.4f}", f"{on_closes:.4f}", f"{to_low:.4f}",
                f"{volatility(episode.part(episode.before)[k]):.4f}",
                f"{volatility(episode.part(episode.crash)[k]):.4f}",
            )  # fmt: skip


def returns(episodes: Iterable[Episode]) -> Iterable[Sequence[object]]:
    """Hourly log returns to 1e-5, a row an hour and a column an asset; empty where an asset was not traded."""
    yield "episode", "hour", "during", *ASSETS
    for episode in episodes:
        for column, hour in enumerate(episode.hours[1:]):
            if episode.before[column + 1] or episode.crash[column + 1]:
                cells = dict(zip(episode.assets, episode.returns[:, column], strict=True))
                texts = (short(cells[asset]) if asset in cells else "" for asset in ASSETS)
                yield episode.name, hour, int(episode.crash[column + 1]), *texts


def short(number: float) -> str:
    """Five decimals without the zeros that say nothing: -.0123 for -0.01230."""
    text = f"{number:.5f}".rstrip("0").rstrip(".").replace("0.", ".", 1)
    return "0" if text in ("", "-", "-0") else text


def volatility(log_returns: np.ndarray) -> float:
    """Standard deviation of hourly log returns, a root year."""
    return float(log_returns.std(ddof=1) * np.sqrt(HOURS_A_YEAR))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*(Path(argument) for argument in sys.argv[1:]))
