"""A ledger: who gave what to whom at each step of a liquidation, and whether it adds up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cascadelab.kit.validate import Floats, read_only

PARTIES = ("trader", "buyers", "liquidator", "venue", "fund")


@dataclass(frozen=True, eq=False)
class Ledger:
    """Changes of cash and units of every party, one row for each step.

    events : (n,)              what happened
    rounds : (n,)              in which round
    cash : (n, 5)              received (+) or paid (−) by trader, buyers, liquidator, venue, fund; numeraire
    units : (n, 5, K)          units of each of K assets received or given

    Every row adds up to nothing, in cash and in each asset; `imbalance` measures by how much it does not.

    >>> book = LedgerBook(1)
    >>> book.enter(1, "sale", cash={"buyers": -90.0, "venue": 90.0}, units={"trader": [-1.0], "buyers": [1.0]})
    >>> ledger = book.close()
    >>> ledger.total("venue"), f"{ledger.imbalance:.0f}"
    (90.0, '0')
    """

    events: tuple[str, ...]
    rounds: tuple[int, ...]
    cash: Floats
    units: Floats

    def total(self, party: str, event: str | None = None) -> float:
        """Cash that a party received in all, or at the steps with one name."""
        column = self.cash[:, _index(party)]
        chosen = [event in (None, name) for name in self.events]
        return float(column[np.array(chosen, dtype=bool)].sum())

    def total_units(self, party: str) -> Floats:
        """Units of each asset that a party received in all."""
        return np.asarray(self.units[:, _index(party)].sum(axis=0))

    @property
    def imbalance(self) -> float:
        """Largest sum of a row over the largest entry of its kind; 0 if cash and units are conserved exactly."""
        worst = 0.0
        for entries in (self.cash[..., np.newaxis], self.units):
            if entries.size:
                size = np.abs(entries).max(axis=1)
                gap = np.abs(entries.sum(axis=1))
                worst = max(worst, float(np.max(gap / np.where(size > 0, size, 1.0))))
        return worst

    def rows(self) -> list[list[object]]:
        """Rows for a table: round, event, the cash of every party, and its sum."""
        return [
            [number, event, *map(float, cash), *_plain(cash.sum(keepdims=True), np.abs(cash).max())]
            for number, event, cash in zip(self.rounds, self.events, self.cash, strict=True)
        ]

    def totals(self) -> list[list[object]]:
        """Rows for a table: each party, the cash and the units of each asset that it received in all; then the sums."""
        columns = np.concatenate([self.cash[..., np.newaxis], self.units], axis=2)
        moved = np.abs(columns).sum(axis=(0, 1))
        parties = [[party, *_plain(columns[:, k].sum(axis=0), moved)] for k, party in enumerate(PARTIES)]
        return [*parties, ["sum", *_plain(columns.sum(axis=(0, 1)), moved)]]


class LedgerBook:
    """A ledger that is being written; `close` makes it read-only."""

    def __init__(self, assets: int) -> None:
        self._assets = assets
        self._events: list[str] = []
        self._rounds: list[int] = []
        self._cash: list[Floats] = []
        self._units: list[Floats] = []

    def enter(
        self, round_number: int, event: str, *, cash: Mapping[str, float] | None = None,
        units: Mapping[str, Floats | list[float]] | None = None,
    ) -> None:  # fmt: skip
        """Write one step: what each named party receives (+) or gives (−)."""
        money, pieces = np.zeros(len(PARTIES)), np.zeros((len(PARTIES), self._assets))
        for party, amount in (cash or {}).items():
            money[_index(party)] += amount
        for party, amounts in (units or {}).items():
            pieces[_index(party)] += np.asarray(amounts)
        self._events.append(event)
        self._rounds.append(round_number)
        self._cash.append(money)
        self._units.append(pieces)

    def close(self) -> Ledger:
        """Return what was written."""
        number = len(self._events)
        return Ledger(
            tuple(self._events), tuple(self._rounds),
            read_only(np.array(self._cash).reshape(number, len(PARTIES))),
            read_only(np.array(self._units).reshape(number, len(PARTIES), self._assets)),
        )  # fmt: skip


def _index(party: str) -> int:
    if party not in PARTIES:
        raise ValueError(f"party must be one of {', '.join(PARTIES)}, got {party!r}")
    return PARTIES.index(party)


def _plain(sums: Floats, moved: Floats | float) -> list[float]:
    """Sums as floats for a table; what is zero but for rounding is 0.0, without a sign."""
    return [float(x) for x in np.where(np.abs(sums) <= 1e-12 * moved, 0.0, sums)]
