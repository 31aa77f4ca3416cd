"""Dated tables of facts: small CSV files shipped in `cascadelab/data`, each checked whenever it is loaded.

A file opens with lines `# key: value` (date, source, licence); a header and the rows follow.
`cascadelab/data/README.md` says how each table was compiled.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

from cascadelab.kit.table_rules import (
    RULES,
    TIER_COLUMNS,
    TIERS,
    WHOLE,
    Column,
    check_tiers,
    distinct,
    numbers_where,
)
from cascadelab.kit.validate import Floats

__all__ = ["FactTable", "TierTable", "check_tiers", "load", "load_tiers", "names", "parse"]


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

    >>> "crash_returns" in names()
    True
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
    snapshots = [name.removeprefix(TIERS) for name in names() if name.startswith(TIERS)]
    if snapshot not in snapshots:
        raise ValueError(f"snapshot must be one of {', '.join(snapshots)}, got {snapshot!r}")
    table = load(TIERS + snapshot)
    known = distinct(table["pair"])
    if pair not in known:
        raise ValueError(f"pair must be one of {', '.join(known)}, got {pair!r}")
    chosen = table["pair"] == pair
    return TierTable(pair, table.date, table.source, *(numbers_where(table[c], chosen) for c in TIER_COLUMNS))


def parse(name: str, text: str) -> FactTable:
    """Read the text of a table and check it: the header, each column by its rule, then the table as a whole.

    Raises
    ------
    ValueError                   a header field or a cell is missing, the columns differ, or a value breaks a rule
    """
    kind = TIERS if name.startswith(TIERS) else name
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
    if kind in WHOLE:
        WHOLE[kind](name, columns)
    return table
