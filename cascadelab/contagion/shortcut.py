"""The short way to the end of a cascade where order does not matter: bracket the end, then look only at who is between.

Where the book is order-free, three facts decide most accounts without following the rounds.

1. No price k moves against those who hold it by more than δ a_k ⇒ no surplus falls by more than δ G_i: accounts with
   S_i ≥ δ G_i are safe.
2. If prices y, lower than now, lead to sales after which prices are at or above y, then the cascade ends at or above y:
   everybody who is safe at y is safe for ever. A sample of the book tells where to try.
3. Between now and y, walk the straight line. A surplus is linear along it, so an account crosses zero at one place t.
   Put the accounts in bins by t and add up the bins: sales of all bins up to b that take every price beyond the far
   edge of bin b + 1 liquidate bin b + 1 too.

What is left between is decided by rounds, and so is everybody where these facts do not help; that costs the time of
looking, and can cost more passes than rounds alone. ("Lower" and "beyond" are "higher" for an asset that all accounts
owe.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cascadelab.contagion.exact import ExactSums
from cascadelab.contagion.outcome import Impact
from cascadelab.contagion.sales import Sales, prices_after, rounds_of_all, rounds_of_some
from cascadelab.contagion.screen import Mask, Rows, Screen
from cascadelab.kit.validate import Floats

BINS = 1024
SAMPLE = 20_000  # accounts in the sample at most
NEAR = 32  # one in so many accounts are followed by rounds without a bracket
LITTLE = 16_384  # accounts that are followed by rounds rather than bracketed again
BRIEF = 4  # rounds of the sample up to which a cascade is followed by rounds
SURE = (1.0, 4.0)  # standard errors that are added to what the sample sells; then prices if all are sold are used
SLACK = 1e-9  # what every estimate is made worse by: far more than rounding, far less than a bin
EDGE = 1e-6  # of a walk of length 1: accounts this close to the edge of a bin are taken as on both sides


class View(NamedTuple):
    """The accounts that are not decided yet, and copies of what they have (all accounts: no copies)."""

    rows: Rows
    cash: Floats
    weights: Floats
    quantity: Floats
    rounding: Floats


class Shortcut:
    """What can be prepared before the shock is known: the order of distances, and the sample."""

    def __init__(self, screen: Screen, sums: ExactSums, price: Floats) -> None:
        self.screen, self.sums, self.start = screen, sums, price
        self.everything = sums.total(sums.all_rows)
        with np.errstate(divide="ignore", invalid="ignore"):
            distance = screen.book.surplus(price) / screen.reach
        distance[np.isnan(distance)] = np.inf  # nothing held, no cash: safe at S = 0
        self.order = np.argsort(distance).astype(np.int32)
        self.distance = distance[self.order]
        self.signs = np.asarray(screen.book.signs)
        step = -(-self.distance.size // SAMPLE)
        self.chosen = np.sort(self.order[step // 2 :: step]).astype(np.intp)  # evenly spread over the distances
        self.scale_up = self.distance.size / self.chosen.size
        self.sample = screen.cash[self.chosen], screen.copy(self.chosen), sums.table[self.chosen]

    def run(self, sales: Sales, impact: Impact) -> None:
        """Bring the sales to the end of the cascade."""
        if self._frontier(sales):
            return
        low, rounds, share = self._guess(sales, impact, SURE[0])
        if rounds <= BRIEF and share > 0.5:
            self._estimate(sales, impact)
            rounds_of_all(sales, self.screen)
        else:
            self._close_in(sales, impact, low)

    def _frontier(self, sales: Sales) -> bool:
        """Fact 1, while few are threatened. True if the cascade ended."""
        checked, most = 0, self.distance.size // NEAR
        while True:
            moved = max(0.0, float((self.signs * (self.start - sales.price) / self.screen.scale).max()))
            reached = int(np.searchsorted(self.distance, moved * (1 + SLACK) + SLACK, side="right"))
            if reached <= checked or reached > most:
                return reached <= checked
            checked = min(most, max(reached, 2 * checked))
            rows = np.sort(self.order[:checked]).astype(np.intp)
            rounds_of_some(sales, self.screen, rows[~sales.dead[rows]])

    def _guess(self, sales: Sales, impact: Impact, errors: float) -> tuple[Floats, int, float]:
        """Prices at which the sample stops, if it sells more than it stands for, by so many standard errors.

        Also its rounds, and the share of the sample that they sell.
        """
        cash, weights, quantity = self.sample
        squares, largest = quantity**2, np.abs(quantity).max(axis=0)
        price, number, rounds, waiting = sales.price, 0, 0, ~sales.dead[self.chosen]
        while True:
            below = ((weights @ price + cash < 0) & waiting).astype(np.float64)
            sales.read(cash.size)
            before, number = number, int(below.sum())
            if number <= before and rounds:
                return price, rounds, number / cash.size
            rounds += 1
            more = self.scale_up * (np.abs(below @ quantity) + errors * np.sqrt(below @ squares) + largest)
            size = np.minimum(np.abs(sales.sold) + more, np.abs(self.everything))
            price = self._beyond(sales, prices_after(impact, sales.path[0], self.signs * size))

    def _estimate(self, sales: Sales, impact: Impact) -> None:
        """Rounds in floating point that sell a little less than they should, and are booked as one step."""
        dead, price = sales.dead.copy(), sales.price
        for _ in range(BRIEF):
            surplus = self.screen.surplus(price)
            sales.read(dead.size)
            dead |= surplus < -self.screen.growth(price) * self.screen.worst_rounding
            if np.count_nonzero(dead) > 0.9 * dead.size:
                break
            price = self._prices(impact, sales, dead.astype(np.float64) @ self.sums.table, -SLACK)
        new = np.flatnonzero(dead & ~sales.dead)
        if new.size:
            sales.sell(new)

    def _beyond(self, sales: Sales, price: Floats) -> Floats:
        """The given prices or those now, whichever are worse for the accounts, and a little worse still."""
        now = sales.price
        fall = np.maximum(self.signs * (now - price), 0.0) * (1 + EDGE) + EDGE * np.maximum(now, price)
        return np.asarray(np.maximum(now - self.signs * fall, 0.0))

    def _close_in(self, sales: Sales, impact: Impact, low: Floats) -> None:
        """Facts 2 and 3 between the prices now and `low`, again and again, while that decides many."""
        screen, number = self.screen, sales.dead.size
        view = View(np.arange(number), screen.cash, screen.weights, self.sums.table, screen.rounding)
        if sales.count:
            view = self._part(view, np.flatnonzero(~sales.dead))
        certain = self._beyond(sales, prices_after(impact, sales.path[0], self.everything))
        failures = stalls = 0
        while view.rows.size > LITTLE and stalls < 2 and failures <= len(SURE):
            size, now, growth = view.rows.size, sales.price, screen.growth(sales.price, low)
            at_low = self._surplus(sales, view, low)
            threatened = at_low < view.rounding * growth
            some, holds = np.flatnonzero(threatened), True
            if some.size <= size // 3:
                sold = self.sums.total(self.sums.of_rows(view.rows[some])) + sales.sold
                holds = bool(self._share(now, low, self._prices(impact, sales, sold, SLACK), np.max) <= 1)
                if holds:
                    view, at_low, threatened = self._part(view, some), at_low[some], threatened[some]
                    certain = low
                    if some.size <= LITTLE:
                        break
            if holds:
                bins = self._bins(view, self._surplus(sales, view, now), at_low, threatened, growth)
                last, first = self._decided(sales, impact, view, bins, low)
                if (sure := np.flatnonzero(bins <= last)).size:
                    sales.sell(view.rows[sure])
                if holds := first <= BINS:
                    certain = self._beyond(sales, now + first / BINS * (low - now))
                    keep = (bins > last) & (bins <= first + 1) | (bins == BINS + 2)
                else:
                    keep = bins > last
                view = self._part(view, np.flatnonzero(keep))
                stalls += view.rows.size > 0.7 * size
            failures = 0 if holds else failures + 1
            low = certain
            if failures < len(SURE):
                low = self._milder(sales.price, certain, self._guess(sales, impact, SURE[failures])[0])
        rounds_of_some(sales, screen, view.rows)

    def _milder(self, now: Floats, one: Floats, other: Floats) -> Floats:
        """Of two prices beyond those now, asset by asset the one that is nearer."""
        return np.asarray(now - self.signs * np.minimum(self.signs * (now - one), self.signs * (now - other)))

    def _bins(self, view: View, now: Floats, low: Floats, threatened: Mask, growth: float) -> NDArray[np.intp]:
        """Bin of every account: 0 = below zero now, 1 to BINS by t, then safe at `low`, then too close to call."""
        error = view.rounding * growth
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
        bins[now < -error] = 0
        return bins

    def _decided(
        self, sales: Sales, impact: Impact, view: View, bins: NDArray[np.intp], low: Floats
    ) -> tuple[int, int]:
        """Last bin that is certainly sold (−1: none), and the bin whose near edge the prices certainly stay above.

        The second is beyond all bins if `low` itself is not certified.
        """
        units = np.array([np.bincount(bins, column, BINS + 3) for column in view.quantity.T]).T
        sold = sales.sold + np.concatenate([np.zeros((1, low.size)), np.cumsum(units[: BINS + 1], axis=0)])
        edges = np.arange(BINS + 1) / BINS
        least = self._share(sales.price, low, self._prices(impact, sales, sold, -SLACK), np.min)
        goes_on = least[1:-1] >= edges[1:] + EDGE
        last = BINS if goes_on.all() else int(np.argmin(goes_on))
        most = self._share(sales.price, low, self._prices(impact, sales, sold[1:] + units[BINS + 2], SLACK), np.max)
        holds = np.append(most[1:], most[-1]) <= edges
        return last, int(np.argmax(holds)) if holds.any() else BINS + 1

    def _surplus(self, sales: Sales, view: View, price: Floats) -> Floats:
        sales.read(view.cash.size)
        result = view.weights @ price
        result += view.cash
        return np.asarray(result)

    def _part(self, view: View, part: Rows) -> View:
        weights, quantity = (
            np.array([column.take(part) for column in table.T]).T for table in (view.weights, view.quantity)
        )
        return View(view.rows[part], view.cash[part], weights, quantity, view.rounding[part])

    def _prices(self, impact: Impact, sales: Sales, sold: Floats, worse: float) -> Floats:
        return np.asarray(impact.price(sales.path[0], sold + worse * self.everything), dtype=np.float64)

    def _share(self, now: Floats, low: Floats, price: Floats, extreme: Callable[..., Floats]) -> Floats:
        """How far along the line from `now` to `low` prices have come: of the asset that is least or most advanced."""
        held = self.signs != 0
        way, gone = (self.signs * (now - low))[held], (self.signs * (now - price))[..., held]
        nowhere = np.where(gone > 0, np.inf, np.where(gone < 0, -np.inf, 0.0 if extreme is np.max else np.inf))
        return np.asarray(extreme(np.divide(gone, way, out=nowhere, where=way > 0), axis=-1))
