"""Accounts in the order of their distances to the limit, and what that alone says about the end of a cascade."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cascadelab.contagion.exact import BLOCK, ExactSums
from cascadelab.contagion.sales import Sales
from cascadelab.contagion.screen import Mask, Screen
from cascadelab.kit.validate import Floats

RUNGS = 1024  # in the order of distances
SLACK = 1e-9  # what every estimate is made worse by: far more than rounding, far less than a bin
FLOAT32 = 1e-6  # more than two roundings to four bytes, as a part


class Distances:
    """Distances S_i / G_i at the start, in order, and the quantities held up to each rung of that order.

    order : (N,) int32           accounts, the smallest distance first
    distance : (N,) float32      their distances, rounded down
    ladder : (rungs + 1, M)      quantities of the accounts up to each rung

    >>> from cascadelab.contagion import Book
    >>> book = Book([-80.0, -95.0], [[1.0], [1.0]])
    >>> price, sums = np.array([100.0]), ExactSums(np.asarray(book.quantity))
    >>> Distances(Screen(book, price), sums, price).order.tolist()
    [1, 0]
    """

    def __init__(self, screen: Screen, sums: ExactSums, price: Floats) -> None:
        self.screen, self.start, self.signs = screen, price, np.asarray(screen.book.signs)
        distance = screen.book.surplus(price)
        with np.errstate(divide="ignore", invalid="ignore"):
            distance /= screen.reach()
        distance[np.isnan(distance)] = np.inf  # nothing held, no cash: safe at S = 0
        self.order = np.argsort(distance).astype(np.int32)
        with np.errstate(over="ignore"):
            self.distance = distance.astype(np.float32)
        del distance
        self.distance = np.nextafter(self.distance[self.order], np.float32(-np.inf))  # rounded down
        self.rung = -(-self.distance.size // RUNGS)
        self.ladder = self._sums_of(sums)

    def _sums_of(self, sums: ExactSums) -> Floats:
        """Quantities of the first accounts in the order of distances, summed up to each rung: (rungs + 1, M)."""
        rungs = -(-self.order.size // self.rung)
        of = np.empty(self.order.size, dtype=np.int16)
        for rung in range(rungs):
            of[self.order[rung * self.rung : (rung + 1) * self.rung]] = rung
        units = np.zeros((rungs + 1, sums.table.shape[1]))
        for start in range(0, of.size, BLOCK):
            part = slice(start, start + BLOCK)
            for k, column in enumerate(sums.table[part].T):
                units[1:, k] += np.bincount(of[part], column, rungs)
        return np.asarray(np.cumsum(units, axis=0))

    def first(self, number: int) -> Mask:
        """The accounts with the smallest distances."""
        first = np.full(self.order.size, number == self.order.size)
        if number < self.order.size:
            first[self.order[:number]] = True
        return first

    def climb(self, sales: Sales, prices: Callable[[Floats, float], Floats]) -> tuple[int, int, Floats]:
        """Fact 1 of the short way: the least and the most accounts that are sold, and prices not above the end."""
        held, size, last = self.signs != 0, self.order.size, len(self.ladder) - 1
        counts: list[int] = []
        for extreme, worse, rounded in ((np.min, -SLACK, np.floor), (np.max, SLACK, np.ceil)):
            rung, price = 0, sales.price
            while True:
                moved = float(extreme((self.signs * (self.start - price) / self.screen.scale)[held]))
                with np.errstate(over="ignore"):  # distances have seven digits
                    bound = np.float32(moved + np.copysign(FLOAT32 * abs(moved) + SLACK, worse))
                if worse < 0:
                    bound = min(bound, np.finfo(np.float32).max)  # where distances end that are larger
                reached = int(np.searchsorted(self.distance, bound))
                if (next_rung := last if reached == size else int(rounded(reached / self.rung))) <= rung:
                    break
                rung = next_rung
                units = np.maximum(np.abs(sales.sold), np.abs(self.ladder[rung]))
                price = prices(self.signs * units, worse)
            counts.append(min(rung * self.rung, size))
        return counts[0], counts[1], price
