"""Dated tables of facts: small CSV files shipped in `cascadelab/data`, each checked whenever it is loaded.

A file opens with lines `# key: value` (date, source, licence); a header and the rows follow.
`cascadelab/data/README.md` says how each table was compiled.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cascadelab.kit.validate import Floats, finite, fraction, non_negative, positive, read_only

Column = NDArray[np.float64] | NDArray[np.str_]
Rule = Callable[[str, Sequence[str]], Column]


@dataclass(frozen=True, eq=False)
class FactTable:
    """Columns of facts by name, as read-only arrays, with the date they hold for and where they come from."""

    name: str
    date: str
    source: str
    licence: str
    columns: Mapping[str, Column]

    def __getitem__(self, column: str) -> Column:
        """Return one column by its name."""
        if column not in self.columns:
            raise ValueError(f"column must be one of {', '.join(self.columns)}, got {column!r}")
        return self.columns[column]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(next(iter(self.columns.values())))


@dataclass(frozen=True, eq=False)
class TierTable:
    """Maintenance tiers of one contract on one date: tier k holds from the notional `floors[k]` on.

    The requirement on a notional N is max_k(rates[k] N − deductions[k]).
    """

    pair: str
    date: str
    source: str
    floors: Floats
    rates: Floats
    deductions: Floats
    max_leverage: Floats

    def __len__(self) -> int:
        """Return the number of tiers."""
        return len(self.floors)


def names() -> tuple[str, ...]:
    """Names of the tables that the package ships.

    >>> for name in names():
    ...     print(name)
    binance_tiers_2024-10
    binance_tiers_2026-09
    crash_correlations
    crash_drawdowns
    crash_returns
    """
    files = resources.files("cascadelab").joinpath("data").iterdir()
    return tuple(sorted(file.name.removesuffix(".csv") for file in files if file.name.endswith(".csv")))


def load(name: str) -> FactTable:
    """Load a shipped table by its name, and check it.

    Parameters
    ----------
    name : str                   one of `names()`

    Returns
    -------
    FactTable                    columns by name; numbers as float64 (nan where a cell is empty), the rest as text

    Raises
    ------
    ValueError                   there is no such table, or its content breaks a rule

    Examples
    --------
    >>> crashes = load("crash_correlations")
    >>> for row in zip(crashes["episode"], crashes["correlation_before"], crashes["correlation_during"]):
    ...     print("{} {:.3f} {:.3f}".format(*row))
    2020-03 0.716 0.916
    2021-05 0.650 0.876
    2022-05 0.784 0.903
    2025-10 0.708 0.738
    """
    if name not in names():
        raise ValueError(f"table must be one of {', '.join(names())}, got {name!r}")
    return parse(name, resources.files("cascadelab").joinpath("data", f"{name}.csv").read_text(encoding="utf-8"))


def load_tiers(pair: str, snapshot: str = "2026-09") -> TierTable:
    """Load the maintenance tiers of one Binance USD-M perpetual as they stood in one month.

    Parameters
    ----------
    pair : str                   "BTC/USDT": the coin, and the coin in which margin and profit are counted
    snapshot : str               month of the table, "2024-10" or "2026-09"

    Returns
    -------
    TierTable                    floors and deductions in USDT, rates as fractions; checked by `check_tiers`

    Raises
    ------
    ValueError                   there is no such snapshot or pair

    Examples
    --------
    >>> tiers = load_tiers("BTC/USDT", "2024-10")
    >>> for floor, rate, deduction in zip(tiers.floors[:3], tiers.rates, tiers.deductions):
    ...     print(f"{floor:6.0f} {rate:.4f} {deduction:3.0f}")
         0 0.0040   0
     50000 0.0050  50
    600000 0.0065 950
    """
    snapshots = [name.removeprefix(_TIERS) for name in names() if name.startswith(_TIERS)]
    if snapshot not in snapshots:
        raise ValueError(f"snapshot must be one of {', '.join(snapshots)}, got {snapshot!r}")
    table = load(_TIERS + snapshot)
    known = _distinct(table["pair"])
    if pair not in known:
        raise ValueError(f"pair must be one of {', '.join(known)}, got {pair!r}")
    chosen = table["pair"] == pair
    return TierTable(pair, table.date, table.source, *(_part(table[c], chosen) for c in _TIER_COLUMNS))


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


def parse(name: str, text: str) -> FactTable:
    """Read the text of a table and check it: the header, each column by its rule, then the table as a whole.

    Raises
    ------
    ValueError                   a header field or a cell is missing, the columns differ, or a value breaks a rule
    """
    kind = _TIERS if name.startswith(_TIERS) else name
    if kind not in RULES:
        raise ValueError(f"table must have rules, which there are for {', '.join(RULES)}, got {name!r}")
    rules = RULES[kind]
    lines = text.splitlines()
    stated = dict(line.removeprefix("# ").split(": ", 1) for line in lines if line.startswith("# ") and ": " in line)
    for field in ("date", "source", "licence"):
        if not stated.get(field):
            raise ValueError(f"{name}: the file must open with a line '# {field}: …'")
    grid = list(csv.reader(line for line in lines if not line.startswith("#")))
    if len(grid) < 2 or grid[0] != list(rules):
        raise ValueError(f"{name}: the columns must be {', '.join(rules)}, with rows below, got {grid[:1]}")
    for number, row in enumerate(grid):
        if len(row) != len(rules):
            raise ValueError(f"{name}, row {number}: there must be {len(rules)} cells, got {len(row)}")
    cells = zip(*grid[1:], strict=True)
    columns = {c: rules[c](f"{name}, {c}", column) for c, column in zip(rules, cells, strict=True)}
    table = FactTable(name, stated["date"], stated["source"], stated["licence"], MappingProxyType(columns))
    if kind in _WHOLE:
        _WHOLE[kind](table)
    return table


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


def _flag(name: str, values: ArrayLike) -> Floats:
    array = finite(name, values)
    for value in array[(array != 0) & (array != 1)]:
        raise ValueError(f"{name} must be 0 or 1, got {value:.12g}")
    return array


def _distinct(column: Column) -> list[str]:
    return list(dict.fromkeys(column.tolist()))


def _part(column: Column, chosen: NDArray[np.bool_]) -> Floats:
    return read_only(column[chosen].astype(np.float64))


def _check_tier_tables(table: FactTable) -> None:
    for pair in _distinct(table["pair"]):
        chosen = table["pair"] == pair
        floors, rates, deductions = (_part(table[column], chosen) for column in _TIER_COLUMNS[:3])
        check_tiers(floors, rates, deductions, f"{table.name}, {pair}")


def _check_drawdowns(table: FactTable) -> None:
    peaks, lows, drawdowns = (table[column].astype(np.float64) for column in ("peak", "low", "drawdown"))
    for row in np.flatnonzero(np.abs(lows / peaks - 1 - drawdowns) > 1e-4):
        stated = f"{lows[row] / peaks[row] - 1:.4f} from its peak and low, got {drawdowns[row]:.4f}"
        raise ValueError(f"{table.name}, row {row + 1}: the drawdown must be {stated}")


def _check_hours(table: FactTable) -> None:
    hours = table["hour"].tolist()
    for row in range(1, len(hours)):
        if hours[row] <= hours[row - 1]:
            raise ValueError(f"{table.name}, row {row + 1}: the hour must be after {hours[row - 1]}, got {hours[row]}")


_TIERS = "binance_tiers_"
_TIER_COLUMNS = ("floor", "rate", "deduction", "max_leverage")
_CRASH_ASSETS = ("BTC", "ETH", "BNB", "XRP", "ADA", "LTC", "LINK", "DOGE", "SOL", "AVAX", "AAVE", "DOT", "ENA")

RULES: Mapping[str, Mapping[str, Rule]] = {
    _TIERS: {
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
    "crash_returns": {
        "episode": _words,
        "hour": _words,
        "during": _numbers(_flag),
        **{asset: _numbers(_within_one, missing=True) for asset in _CRASH_ASSETS},
    },
}
_WHOLE: Mapping[str, Callable[[FactTable], None]] = {
    _TIERS: _check_tier_tables,
    "crash_drawdowns": _check_drawdowns,
    "crash_returns": _check_hours,
}
