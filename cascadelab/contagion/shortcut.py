"""The short way to the end of a cascade where order does not matter: bracket the end, then look only at who is between.

Where the book is order-free, three facts decide most accounts without following the rounds.

1. No price k moves by more than δ a_k ⇒ no surplus falls by more than δ G_i: accounts with S_i ≥ δ G_i are safe.
2. If prices y, lower than now, lead to sales after which prices are at or above y, then the cascade ends at or above y:
   everybody who is safe at y is safe for ever. A sample of the book tells where to try.
3. Between now and y, walk the straight line. A surplus is linear along it, so an account crosses zero at one place t.
   Put the accounts in bins by t and add up the bins: sales of all bins up to b that take every price beyond the far
   edge of bin b + 1 liquidate bin b + 1 too.

What is left between is decided by rounds. ("Lower" and "beyond" are "higher" for an asset that all accounts owe.)
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cascadelab.contagion.exact import ExactSums
from cascadelab.contagion.outcome import Impact
from cascadelab.contagion.sales import Sales, prices_after, rounds_of_some
from cascadelab.contagion.screen import Mask, Screen
from cascadelab.kit.validate import Floats

BINS = 1024
SAMPLE = 10_000  # accounts in the sample
FEW = 8  # one in so many accounts is few: they are copied and followed by rounds
SLACK = 1e-9  # what every estimate is made worse by: far more than rounding, far less than a bin
EDGE = 1e-6  # of a walk of length 1: accounts this close to the edge of a bin are taken as on both sides


class Shortcut:
    """What can be prepared before the shock is known: the order of distances, and the sample."""

    def __init__(self, screen: Screen, sums: ExactSums, price: Floats) -> None:
        self.screen, self.sums, self.start = screen, sums, price
        with np.errstate(divide="ignore", invalid="ignore"):
            distance = screen.book.surplus(price) / screen.reach
        distance[np.isnan(distance)] = np.inf  # nothing held, no cash: safe at S = 0
        self.order = np.argsort(distance).astype(np.int32)
        self.distance = distance[self.order]
        self.signs = np.asarray(screen.book.signs)
        step = max(1, self.distance.size // SAMPLE)
        self.sample = (screen.cash[::step].copy(), screen.weights[::step].copy("F"), sums.table[::step].copy("F"))
        self.scale_up = self.distance.size / self.sample[0].size

    def run(self, sales: Sales, impact: Impact) -> None:
        """Bring the sales to the end of the cascade."""
        if not self._frontier(sales):
            everything = self.sums.total(self.sums.all_rows)
            worst = self._beyond(sales, prices_after(impact, sales.path[0], everything))
            guess: Floats | None = self._guess(sales, impact, everything)
            while guess is not None:
                guess = self._bracket(sales, impact, everything, guess, worst)

    def _frontier(self, sales: Sales) -> bool:
        """Fact 1, while few are threatened. True if the cascade ended."""
        checked, most = 0, self.distance.size // FEW
        while True:
            moved = float((np.abs(sales.price - self.start) / self.screen.scale).max())
            reached = int(np.searchsorted(self.distance, moved * (1 + SLACK) + SLACK, side="right"))
            if reached <= checked or reached > most:
                return reached <= checked
            checked = min(most, max(reached, 2 * checked))
            rows = np.sort(self.order[:checked]).astype(np.intp)
            rounds_of_some(sales, self.screen, rows[~sales.dead[rows]])

    def _guess(self, sales: Sales, impact: Impact, everything: Floats) -> Floats:
        """Prices at which the sample stops if it sells more than it stands for, by four standard errors."""
        cash, weights, quantity = self.sample
        largest, price, before = 2 * np.abs(quantity).max(axis=0), sales.price, -1
        while True:
            below = (weights @ price + cash < 0).astype(np.float64)
            if (number := int(below.sum())) <= before:
                return price
            before = number
            more = 4 * np.sqrt(below @ quantity**2) + largest
            size = np.minimum(self.scale_up * (np.abs(below @ quantity) + more), np.abs(everything))
            price = self._beyond(sales, prices_after(impact, sales.path[0], self.signs * size))

    def _beyond(self, sales: Sales, price: Floats) -> Floats:
        """The given prices or those now, whichever are worse for the accounts, and a little worse still."""
        fall = np.maximum(self.signs * (sales.price - price), 0.0) * (1 + EDGE) + EDGE * np.maximum(sales.price, price)
        return np.asarray(np.maximum(sales.price - self.signs * fall, 0.0))

    def _bracket(
        self, sales: Sales, impact: Impact, everything: Floats, low: Floats, worst: Floats
    ) -> Floats | None:
        """Facts 2 and 3 between the prices now and `low`. None if the cascade ended, else where to try next."""
        now, screen = sales.price, self.screen
        growth = screen.growth(now, low)
        at_low = screen.surplus(low)
        threatened = at_low < screen.rounding * growth
        threatened &= ~sales.dead
        rows = np.flatnonzero(threatened)
        if rows.size <= self.distance.size // FEW:
            sold = self.sums.total(self.sums.of_rows(rows)) + sales.sold
            if self._share(now, low, self._prices(impact, sales, sold, +SLACK, everything), np.max) > 1:
                return worst
            rounds_of_some(sales, screen, rows)
            return None
        bins = self._bins(screen.surplus(now), at_low, threatened, sales.dead, growth)
        units = np.array([np.bincount(bins, column, BINS + 3) for column in self.sums.table.T]).T
        sold = np.cumsum(units[: BINS + 1], axis=0)
        edges = np.arange(BINS + 1) / BINS
        least = self._share(now, low, self._prices(impact, sales, sold, -SLACK, everything), np.min)
        most = self._share(now, low, self._prices(impact, sales, sold + units[BINS + 2], +SLACK, everything), np.max)
        goes_on = least[:-1] >= edges[1:] + EDGE
        last = BINS if goes_on.all() else int(np.argmin(goes_on))
        holds = np.append(most[1:], most[-1]) <= edges
        if not holds.any():
            return worst
        first = int(np.argmax(holds))
        sure = bins <= last
        sure &= ~sales.dead
        sales.sell(np.flatnonzero(sure))
        open_ = (bins > last) & (bins <= first + 1) | (bins == BINS + 2)
        between = np.flatnonzero(open_)
        if between.size > max(rows.size // 2, self.distance.size // FEW) or between.size <= self.distance.size // 4:
            rounds_of_some(sales, screen, between)
            return None
        return self._beyond(sales, now + edges[first] * (low - now))

    def _bins(self, now: Floats, low: Floats, threatened: Mask, dead: Mask, growth: float) -> NDArray[np.intp]:
        """Bin of every account: 0 = below zero now, 1 to BINS by t, then safe at `low`, then too close to call."""
        error = self.screen.rounding * growth
        fall = now - low
        flat = fall <= error * (4 / EDGE)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            place = now / fall
        place *= BINS
        place += 1
        place[flat] = 0.0
        np.clip(place, 1, BINS, out=place)
        bins = place.astype(np.intp)
        bins[flat] = BINS + 2
        bins[~threatened] = BINS + 1
        bins[dead | (now < -error)] = 0
        return bins

    def _prices(self, impact: Impact, sales: Sales, sold: Floats, worse: float, everything: Floats) -> Floats:
        return np.asarray(impact.price(sales.path[0], sold + worse * everything), dtype=np.float64)

    def _share(self, now: Floats, low: Floats, price: Floats, extreme: Callable[..., Floats]) -> Floats:
        """How far along the line from `now` to `low` prices have come: of the asset that is least or most advanced."""
        held = self.signs != 0
        way, gone = (self.signs * (now - low))[held], (self.signs * (now - price))[..., held]
        nowhere = np.where(gone > 0, np.inf, np.where(gone < 0, -np.inf, 0.0 if extreme is np.max else np.inf))
        return np.asarray(extreme(np.divide(gone, way, out=nowhere, where=way > 0), axis=-1))
