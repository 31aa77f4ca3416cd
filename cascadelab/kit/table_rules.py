"""What every dated table must satisfy: a rule a column, and one for the table as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cascadelab.kit.validate import Floats, finite, fraction, non_negative, positive, read_only

Column = NDArray[np.float64] | NDArray[np.str_]
Columns = Mapping[str, Column]
Rule = Callable[[str, Sequence[str]], Column]

TIERS = "binance_tiers_"
TIER_COLUMNS = ("floor", "rate", "deduction", "max_leverage")
_CRASH_ASSETS = ("BTC", "ETH", "BNB", "XRP", "ADA", "LTC", "LINK", "DOGE", "SOL", "AVAX", "AAVE", "DOT", "ENA")


def check_tiers(
    floors: ArrayLike, rates: ArrayLike, deductions: ArrayLike, name: str = "tiers", *, tolerance: float = 0.01
) -> tuple[Floats, Floats, Floats]:
    """Check that a tier table is continuous and convex, and return it as read-only arrays.

    From the notional f_k on, the requirement is r_k N − a_k.  It continues the tier below without a jump if

        a_k = a_{k−1} + f_k (r_k − r_{k−1}),    f_1 = a_1 = 0

    and rising rates then make it convex: the maximum of its lines, with no bracket to look up.

    Parameters
    ----------
    floors : array_like          numeraire; notional from which each tier holds, 0 first, increasing
    rates : array_like           fractions in [0, 1), increasing
    deductions : array_like      numeraire; published maintenance amounts a_k
    name : str                   what an error calls the table
    tolerance : float            numeraire; a jump up to here is rounding: two amounts printed to the cent make one cent

    Returns
    -------
    tuple of ndarray             floors, rates, deductions

    Raises
    ------
    ValueError                   a rule is broken; the message names the row, what it states and what it needs

    Examples
    --------
    >>> _ = check_tiers([0, 5000], [0.01, 0.02], [0, 50])
    >>> check_tiers([0, 5000], [0.01, 0.02], [0, 75], "AAVE/USDT")
    Traceback (most recent call last):
    ...
    ValueError: AAVE/USDT, row 2: the deduction must be 50 to continue row 1 at the floor 5000, got 75
    """
    rounding = non_negative("tolerance", tolerance)
    f = read_only(non_negative(f"{name}, floors", floors))
    r = read_only(fraction(f"{name}, rates", rates))
    a = read_only(non_negative(f"{name}, deductions", deductions))
    if not f.ndim == r.ndim == a.ndim == 1 or not 0 < f.size == r.size == a.size:
        shapes = f"{f.shape}, {r.shape} and {a.shape}"
        raise ValueError(f"{name}: floors, rates and deductions must be lists of one length, got shapes {shapes}")
    if f[0] != 0 or a[0] != 0:
        raise ValueError(f"{name}, row 1: floor and deduction must be 0, got {f[0]:.12g} and {a[0]:.12g}")
    for k in range(1, f.size):
        for column, values in (("floor", f), ("rate", r)):
            if values[k] <= values[k - 1]:
                below = f"above the {values[k - 1]:.12g} of row {k}"
                raise ValueError(f"{name}, row {k + 1}: the {column} must be {below}, got {values[k]:.12g}")
        needed = a[k - 1] + f[k] * (r[k] - r[k - 1])
        if abs(a[k] - needed) > rounding + 1e-12 * f[k]:
            goal = f"{needed:.12g} to continue row {k} at the floor {f[k]:.12g}"
            raise ValueError(f"{name}, row {k + 1}: the deduction must be {goal}, got {a[k]:.12g}")
    return f, r, a


def _words(name: str, cells: Sequence[str]) -> Column:
    if "" in cells:
        raise ValueError(f"{name}, row {cells.index('') + 1}: there must be a word, got an empty cell")
    array = np.array(cells, dtype=np.str_)
    array.setflags(write=False)
    return array


def _numbers(check: Callable[[str, ArrayLike], Floats], missing: bool = False) -> Rule:
    """Rule of a column of numbers that pass `check`; `missing` lets an empty cell stand for nan."""

    def rule(name: str, cells: Sequence[str]) -> Column:
        values = np.full(len(cells), np.nan)
        there = np.array([not missing or cell != "" for cell in cells])
        for row, cell in enumerate(cells):
            try:
                values[row] = float(cell) if there[row] else np.nan
            except ValueError:
                raise ValueError(f"{name}, row {row + 1}: there must be a number, got {cell!r}") from None
        check(name, values[there])
        return read_only(values)

    return rule


def _within_one(name: str, values: ArrayLike) -> Floats:
    array = finite(name, values)
    fraction(f"the absolute value of {name}", np.abs(array))
    return array


def _share(name: str, values: ArrayLike) -> Floats:
    array = non_negative(name, values)
    for value in array[array > 1]:
        raise ValueError(f"{name} must be at most 1, got {value:.12g}")
    return array


def _flag(name: str, values: ArrayLike) -> Floats:
    array = finite(name, values)
    for value in array[(array != 0) & (array != 1)]:
        raise ValueError(f"{name} must be 0 or 1, got {value:.12g}")
    return array


def distinct(column: Column) -> list[str]:
    """Words of a column, each once, in the order in which they come."""
    return list(dict.fromkeys(column.tolist()))


def numbers_where(column: Column, chosen: NDArray[np.bool_]) -> Floats:
    """Chosen rows of a column as read-only numbers."""
    return read_only(column[chosen].astype(np.float64))


def _check_tier_tables(name: str, columns: Columns) -> None:
    for pair in distinct(columns["pair"]):
        chosen = columns["pair"] == pair
        floors, rates, deductions = (numbers_where(columns[column], chosen) for column in TIER_COLUMNS[:3])
        check_tiers(floors, rates, deductions, f"{name}, {pair}")


def _check_drawdowns(name: str, columns: Columns) -> None:
    peaks, lows, drawdowns = (columns[column].astype(np.float64) for column in ("peak", "low", "drawdown"))
    for row in np.flatnonzero(np.abs(lows / peaks - 1 - drawdowns) > 1e-4):
        stated = f"{lows[row] / peaks[row] - 1:.4f} from its peak and low, got {drawdowns[row]:.4f}"
        raise ValueError(f"{name}, row {row + 1}: the drawdown must be {stated}")


def _check_hours(name: str, columns: Columns) -> None:
    hours = columns["hour"].tolist()
    for row in range(1, len(hours)):
        if hours[row] <= hours[row - 1]:
            raise ValueError(f"{name}, row {row + 1}: the hour must be after {hours[row - 1]}, got {hours[row]}")


def _check_bands(name: str, columns: Columns) -> None:
    prices = columns["threshold"].astype(np.float64)
    for row in np.flatnonzero(np.diff(prices) >= 0) + 1:
        rule = f"the threshold must be below {prices[row - 1]:.12g}"
        raise ValueError(f"{name}, row {row + 1}: {rule}, got {prices[row]:.12g}")


def _check_users(name: str, columns: Columns) -> None:
    rows = list(zip(columns["user"].tolist(), columns["market"].tolist(), strict=True))
    for row, pair in enumerate(rows):
        if pair in rows[:row]:
            raise ValueError(f"{name}, row {row + 1}: a user must have one loan in a market, got two in {pair[1]}")


def _check_counts(name: str, columns: Columns) -> None:
    seconds, liquidations, adls = (columns[column].astype(np.float64) for column in columns)
    for row in np.flatnonzero(np.diff(seconds) <= 0) + 1:
        raise ValueError(
            f"{name}, row {row + 1}: the second must be after {seconds[row - 1]:.0f}, got {seconds[row]:.0f}"
        )
    for row in np.flatnonzero(adls > liquidations):
        rule = f"the adls must be at most the {liquidations[row]:.0f} liquidations"
        raise ValueError(f"{name}, row {row + 1}: {rule}, got {adls[row]:.0f}")


def _check_quotes(name: str, columns: Columns) -> None:
    for asset in distinct(columns["asset"]):
        sizes = numbers_where(columns["notional"], columns["asset"] == asset)
        for row in range(1, sizes.size):
            if sizes[row] <= sizes[row - 1]:
                rule = f"the notional must be above {sizes[row - 1]:.12g}"
                raise ValueError(f"{name}, {asset}, row {row + 1}: {rule}, got {sizes[row]:.12g}")


RULES: Mapping[str, Mapping[str, Rule]] = {
    TIERS: {
        "pair": _words,
        "floor": _numbers(non_negative),
        "rate": _numbers(fraction),
        "deduction": _numbers(non_negative),
        "max_leverage": _numbers(positive),
    },
    "crash_correlations": {
        "episode": _words,
        "first_hour": _words,
        "last_hour": _words,
        "assets": _numbers(positive),
        "hours_before": _numbers(positive),
        "hours_during": _numbers(positive),
        "correlation_before": _numbers(_within_one),
        "correlation_during": _numbers(_within_one),
        "lowest_before": _numbers(_within_one),
        "lowest_during": _numbers(_within_one),
        "worst_hour": _words,
        "correlation_without_worst_hour": _numbers(_within_one),
        "btc_volatility_before": _numbers(positive),
        "btc_volatility_during": _numbers(positive),
        "alt_beta_during": _numbers(finite),
    },
    "crash_drawdowns": {
        "episode": _words,
        "asset": _words,
        "peak": _numbers(positive),
        "low": _numbers(positive),
        "low_hour": _words,
        "drawdown": _numbers(_within_one),
        "worst_hour_on_closes": _numbers(_within_one),
        "worst_hour_open_to_low": _numbers(_within_one),
        "volatility_before": _numbers(positive),
        "volatility_during": _numbers(positive),
    },
    "dex_impact_quotes": {
        "asset": _words,
        "notional": _numbers(positive),
        "slippage": _numbers(fraction),
        "quotes": _numbers(positive),
    },
    "crvusd_thresholds": {
        "band": _numbers(finite),
        "threshold": _numbers(positive),
        "quantity": _numbers(positive),
        "loans": _numbers(positive),
    },
    "crvusd_users": {
        "user": _numbers(positive),
        "market": _words,
        "quantity": _numbers(non_negative),
        "converted": _numbers(non_negative),
        "debt": _numbers(positive),
        "oracle_price": _numbers(positive),
    },
    "engine_benchmark": {
        "series": _words,
        "book": _words,
        "accounts": _numbers(positive),
        "assets": _numbers(positive),
        "shock": _words,
        "lost": _numbers(_share),
        "rounds": _numbers(non_negative),
        "passes": _numbers(non_negative),
        "engine": _numbers(positive),
        "prepare": _numbers(positive),
        "c_rounds": _numbers(positive, missing=True),
        "numpy_rounds": _numbers(positive),
        "mesa": _numbers(positive, missing=True),
    },
    "hyperliquid_counts": {
        "second": _numbers(non_negative),
        "liquidations": _numbers(positive),
        "adls": _numbers(non_negative),
    },
    "usde_prices": {
        "minute": _words,
        "binance_low": _numbers(positive),
        "binance_close": _numbers(positive),
        "binance_volume": _numbers(non_negative),
        "uniswap_low": _numbers(positive),
        "uniswap_close": _numbers(positive),
    },
    "crash_returns": {
        "episode": _words,
        "hour": _words,
        "during": _numbers(_flag),
        **{asset: _numbers(_within_one, missing=True) for asset in _CRASH_ASSETS},
    },
}
WHOLE: Mapping[str, Callable[[str, Columns], None]] = {
    TIERS: _check_tier_tables,
    "crash_drawdowns": _check_drawdowns,
    "crash_returns": _check_hours,
    "crvusd_thresholds": _check_bands,
    "crvusd_users": _check_users,
    "dex_impact_quotes": _check_quotes,
    "hyperliquid_counts": _check_counts,
}
