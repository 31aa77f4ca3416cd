"""The running account of a cascade: who was sold so far, the exact quantities, and the prices they lead to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cascadelab.contagion.book import rows_at
from cascadelab.contagion.exact import ExactSums
from cascadelab.contagion.outcome import Impact
from cascadelab.contagion.screen import Mask, Rows, Screen
from cascadelab.kit.validate import Floats

COMPRESS = 0.2  # share of sold accounts at which a copy of rows is made smaller


class Sales:
    """State of one cascade. `sell` sells accounts and moves the prices.

    dead : (N,) bool             accounts sold so far
    died : (N,) int              step in which each was sold, from 1 on
    path : list of (M,)          prices from the shock on
    totals : list of (M,)        units sold so far, at each of these prices
    passes : float               read passes over the book so far: 1 for a product with all of its weights
    """

    def __init__(self, sums: ExactSums, shocked: Floats, impact: Impact) -> None:
        number = sums.table.shape[0]
        self._sums, self._impact, self._parts = sums, impact, sums.none()
        self.dead: Mask = np.zeros(number, dtype=bool)
        self.died: NDArray[np.int32] = np.zeros(number, dtype=np.int32)
        self.sold = sums.total(self._parts)
        self.path, self.totals = [shocked], [self.sold]
        self.stopped: Mask = np.zeros(shocked.size, dtype=bool)
        self.count = 0
        self.passes = 0.0

    @property
    def price(self) -> Floats:
        """Prices now."""
        return self.path[-1]

    def read(self, rows: int) -> None:
        """Count that the weights of so many accounts were read."""
        self.passes += rows / self.dead.size

    def sell(self, rows: Rows) -> None:
        """Sell accounts that were not sold before: all that they hold, at once."""
        self.dead[rows] = True
        self.died[rows] = len(self.path)
        self.count += rows.size
        left = self.dead.size - self.count
        if rows.size <= min(left, self.dead.size // 10):
            self._parts = self._parts + self._sums.of_rows(rows)
        elif rows.size <= left:
            self._parts = self._parts + self._sums.of_mask(self.died == len(self.path))
        else:
            self._parts = self._sums.all_rows - self._sums.of_mask(~self.dead)
        self.sold = self._sums.total(self._parts)
        self.totals.append(self.sold)
        self.path.append(prices_after(self._impact, self.path[0], self.sold))
        self.stopped |= np.asarray(self._impact.stops_at_zero(self.path[0], self.sold))


def rounds_of_all(sales: Sales, screen: Screen) -> None:
    """Sell everybody who is below zero, again and again: the reference for every other way."""
    size = sales.dead.size
    while size - sales.count > size // 4:
        new = np.flatnonzero(screen.below(sales.price, sales.read) & ~sales.dead)
        if not new.size:
            return
        sales.sell(new)
    rounds_of_some(sales, screen, np.flatnonzero(~sales.dead))


def rounds_of_some(sales: Sales, screen: Screen, rows: Rows) -> None:
    """The same among `rows`, all others being safe or sold; on copies of their weights that shrink as they are sold."""
    cash, weights = screen.cash[rows], screen.copy(rows)
    waiting: Mask = ~sales.dead[rows]
    while True:
        below = rows_at(cash, weights, sales.price) < 0
        sales.read(rows.size)
        below &= waiting
        new = np.flatnonzero(below)
        if not new.size:
            return
        sales.sell(rows[new])
        waiting &= ~below
        if np.count_nonzero(waiting) < (1 - COMPRESS) * rows.size:
            rows, cash, weights = rows[waiting], cash[waiting], np.asfortranarray(weights[waiting])
            waiting = np.ones(rows.size, dtype=bool)


def prices_after(impact: Impact, shocked: Floats, sold: Floats) -> Floats:
    """Prices after a cumulative sale: one finite price for each asset, or a ValueError."""
    price = np.asarray(impact.price(shocked, sold), dtype=np.float64)
    if price.shape != shocked.shape:
        raise ValueError(f"impact must give {shocked.size} prices, one for each asset, got shape {price.shape}")
    if not np.isfinite(price).all():
        raise ValueError(f"impact must give finite prices, got {price[~np.isfinite(price)][0]} after sales of {sold}")
    return price
