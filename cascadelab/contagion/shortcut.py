"""The short way to the end of a cascade where order does not matter: bracket the end, then look only at who is between.

Where the book is order-free, three facts decide most accounts without following the rounds.

1. No price k moves against those who hold it by more than δ a_k ⇒ no surplus falls by more than δ G_i: accounts with
   S_i ≥ δ G_i are safe. All prices move against them by at least φ a_k ⇒ accounts with S_i < φ G_i are below zero.
   In the order of S_i / G_i, bounds on the end are climbed rung by rung, and no account is read.
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

from cascadelab.contagion.distances import SLACK, Distances
from cascadelab.contagion.exact import BLOCK, ExactSums
from cascadelab.contagion.outcome import Impact
from cascadelab.contagion.sales import Sales, prices_after, rounds_of_all, rounds_of_some
from cascadelab.contagion.screen import Mask, Rows, Screen
from cascadelab.kit.validate import Floats

BINS = 1024
SAMPLE = 20_000  # accounts in the sample at most
NEAR = 32  # one in so many accounts are followed by rounds without a bracket
LITTLE = 2_048  # accounts that are followed by rounds rather than bracketed again
BRIEF = 4  # rounds of the sample that are not extrapolated; if they suffice, the book is followed by rounds too
BACK = 6  # halvings of the way back from prices that were extrapolated
SURE = (1.0, 4.0)  # standard errors that are added to what the sample sells; then prices if all are sold are used
EDGE = 1e-6  # of a walk of length 1: accounts this close to the edge of a bin are taken as on both sides
SAFE, UNSURE, GONE = BINS + 1, BINS + 2, BINS + 3  # in place of a bin


class View(NamedTuple):
    """The accounts that are not decided yet, and copies of what they have; rows None: all accounts, no copies."""

    rows: Rows | None
    cash: Floats
    weights: Floats
    quantity: Floats
    error: NDArray[np.float32]


class Shortcut:
    """What can be prepared before the shock is known: the order of distances, and the sample."""

    def __init__(self, screen: Screen, sums: ExactSums, price: Floats) -> None:
        self.screen, self.sums, self.start = screen, sums, price
        self.everything = sums.total(sums.all_rows)
        self.distances = Distances(screen, sums, price)
        self.order, self.distance = self.distances.order, self.distances.distance
        step = -(-self.distance.size // SAMPLE)
        self.signs = np.asarray(screen.book.signs)
        self.chosen = np.sort(self.order[step // 2 :: step]).astype(np.intp)  # evenly spread over the distances
        self.scale_up = self.distance.size / self.chosen.size
        self.sample = screen.cash[self.chosen], screen.copy(self.chosen), sums.table[self.chosen]
        self.largest = np.abs(self.sample[2]).max(axis=0)
        self.squares = (self.sample[2] / np.where(self.largest > 0, self.largest, 1.0)) ** 2

    def run(self, sales: Sales, impact: Impact) -> None:
        """Bring the sales to the end of the cascade."""
        if self._frontier(sales):
            return
        if not self.signs.any():
            rounds_of_all(sales, self.screen)
            return
        least, most, low = self.distances.climb(sales, lambda units, worse: self._prices(impact, sales, units, worse))
        low = self._beyond(sales, low)
        self._sell(sales, None, np.flatnonzero(self.distances.first(least) & ~sales.dead))
        number, guess = self.distance.size, low
        if most - least > number // 4:
            guess, rounds, share = self._guess(sales, impact, low)
            if rounds <= BRIEF and share > 0.5:
                rounds_of_all(sales, self.screen)
                return
        view = View(None, self.screen.cash, self.screen.weights, self.sums.table, self.screen.error)
        if most - least < number // 2:
            view = self._part(view, np.flatnonzero(self.distances.first(most) & ~sales.dead))
        self._close_in(sales, impact, view, guess, low)

    def _frontier(self, sales: Sales) -> bool:
        """Fact 1, while few are threatened. True if the cascade ended."""
        checked, most = 0, self.distance.size // NEAR
        while True:
            moved = max(0.0, float((self.signs * (self.start - sales.price) / self.screen.scale).max()))
            with np.errstate(over="ignore"):
                bound = np.nextafter(np.float32(moved * (1 + SLACK) + SLACK), np.float32(np.inf))
            reached = int(np.searchsorted(self.distance, bound, side="right"))
            if reached <= checked or reached > most:
                return reached <= checked
            checked = min(most, max(reached, 2 * checked))
            rows = np.sort(self.order[:checked]).astype(np.intp)
            rounds_of_some(sales, self.screen, rows[~sales.dead[rows]])

    def _guess(self, sales: Sales, impact: Impact, worst: Floats, errors: float = SURE[0]) -> tuple[Floats, int, float]:
        """Prices at which the sample stops, if it sells more than it stands for, by so many standard errors.

        Also its rounds, and the share of the sample that they sell. After a few rounds, every second step goes as far
        as all steps together would if each were the same part of the one before, but not beyond the worst prices; from
        prices that are too far, the way back is halved again and again.
        """
        price, rounds, before, waiting = sales.price, 0, 0.0, ~sales.dead[self.chosen]
        while True:
            reached, share = self._sampled(sales, impact, price, errors, waiting)
            reached = self._milder(sales.price, worst, reached)
            step = float((self.signs * (price - reached) / self.screen.scale).max())
            if step <= 0:
                break
            rounds, near = rounds + 1, price
            longer = 0.0
            if rounds > BRIEF and 0 < step < before:
                longer, step = step / (before - step), 0.0
            price, before = self._milder(sales.price, worst, reached + longer * (reached - price)), step
        for _ in range(BACK if rounds > BRIEF else 0):
            middle = (near + reached) / 2
            further, part = self._sampled(sales, impact, middle, errors, waiting)
            if (self.signs * (middle - further) > 0).any():
                near = middle
            else:
                reached, share = further, part
        return reached, rounds, share

    def _sampled(
        self, sales: Sales, impact: Impact, price: Floats, errors: float, waiting: Mask
    ) -> tuple[Floats, float]:
        """Prices that the sample's sales at a price lead to, a little worse, and the share of it that is sold."""
        cash, weights, quantity = self.sample
        below = ((weights @ price + cash < 0) & waiting).astype(np.float64)
        sales.read(cash.size)
        more = np.abs(below @ quantity) + (errors * np.sqrt(below @ self.squares) + 1) * self.largest
        size = np.minimum(np.abs(sales.sold) + self.scale_up * more, np.abs(self.everything))
        return self._beyond(sales, prices_after(impact, sales.path[0], self.signs * size)), float(below.mean())

    def _beyond(self, sales: Sales, price: Floats) -> Floats:
        """The given prices or those now, whichever are worse for the accounts, and a little worse still."""
        now = sales.price
        fall = np.maximum(self.signs * (now - price), 0.0) * (1 + EDGE) + EDGE * np.maximum(now, price)
        return np.asarray(np.maximum(now - self.signs * fall, 0.0))

    def _close_in(self, sales: Sales, impact: Impact, view: View, low: Floats, certain: Floats) -> None:
        """Facts 2 and 3 between the prices now and `low`, again and again, while that decides many."""
        failures = stalls = 0
        left = view.cash.size
        while left > LITTLE and stalls < 2 and failures <= len(SURE):
            bins, units = self._bins(sales, view, low)
            last, first, end = self._decided(sales, impact, units, low)
            self._sell(sales, view.rows, np.flatnonzero(bins <= last))
            if holds := first <= BINS:
                certain = self._beyond(sales, end)
                keep = (bins > last) & (bins <= first + 1) | (bins == UNSURE)
            else:
                keep = (bins > last) & (bins < GONE)
            before, left = left, int(np.count_nonzero(keep))
            if left < bins.size // 2:
                view = self._part(view, np.flatnonzero(keep))
            stalls += left > 0.7 * before
            low = certain
            if not holds:
                failures += 1
                if failures < len(SURE):
                    guess, *_ = self._guess(sales, impact, certain, SURE[failures])
                    low = self._milder(sales.price, certain, guess)
        if view.rows is None:
            rounds_of_all(sales, self.screen)
        else:
            rounds_of_some(sales, self.screen, view.rows)

    def _milder(self, now: Floats, one: Floats, other: Floats) -> Floats:
        """Of two prices beyond those now, asset by asset the one that is nearer."""
        return np.asarray(now - self.signs * np.minimum(self.signs * (now - one), self.signs * (now - other)))

    def _bins(self, sales: Sales, view: View, low: Floats) -> tuple[NDArray[np.int16], Floats]:
        """Bin of every account, and what each bin holds; worked out block by block, in the processor's cache.

        0 = below zero now, 1 to BINS by t, then safe at `low`, too close to call, and sold before.
        """
        now, growth = sales.price, self.screen.growth(sales.price, low)
        bins = np.full(view.cash.size, SAFE, dtype=np.int16)
        units, number = np.zeros((low.size, GONE)), 0
        for start in range(0, bins.size, BLOCK):
            part = slice(start, start + BLOCK)
            gone = sales.dead[part] if view.rows is None else sales.dead[view.rows[part]]
            weights, cash, error = view.weights[part], view.cash[part], self.screen.within(view.error[part], growth)
            at_low = weights @ low
            at_low += cash
            rows = np.flatnonzero((at_low < error) & ~gone)
            own = np.array([column.take(rows) for column in weights.T])
            place = self._places(now @ own + cash[rows], at_low[rows], error[rows])
            bins[part][gone] = GONE
            bins[part][rows] = place
            for k, column in enumerate(view.quantity[part].T):
                units[k] += np.bincount(place, column.take(rows), GONE)
            number += rows.size
        sales.read(bins.size + number)
        return bins, units.T

    def _places(self, now: Floats, low: Floats, error: Floats) -> NDArray[np.intp]:
        """Bins of accounts that are not certainly safe at the end of the walk, from their surplus now and there."""
        fall = now - low
        flat = fall <= error * (4 / EDGE)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            place = now / fall
        place *= BINS
        place += 1
        place[flat] = 0.0
        np.clip(place, 1, BINS, out=place)
        bins = place.astype(np.intp)
        bins[flat] = UNSURE
        bins[now < -error] = 0
        return bins

    def _decided(self, sales: Sales, impact: Impact, units: Floats, low: Floats) -> tuple[int, int, Floats]:
        """Last bin that is certainly sold (−1: none), and the bin whose near edge the prices certainly stay above.

        The second is beyond all bins if `low` itself is not certified. If it is, also the prices to which sales up to
        that edge lead: the end is not below them.
        """
        sold = sales.sold + np.concatenate([np.zeros((1, low.size)), np.cumsum(units[: BINS + 1], axis=0)])
        edges = np.arange(BINS + 1) / BINS
        least = self._share(sales.price, low, self._prices(impact, sales, sold, -SLACK), np.min)
        goes_on = least[1:-1] >= edges[1:] + EDGE
        last = BINS if goes_on.all() else int(np.argmin(goes_on))
        ends = self._prices(impact, sales, sold[1:] + units[UNSURE], SLACK)
        most = self._share(sales.price, low, ends, np.max)
        holds = np.append(most[1:], most[-1]) <= edges
        first = int(np.argmax(holds)) if holds.any() else BINS + 1
        return last, first, ends[min(first + 1, BINS)]

    def _sell(self, sales: Sales, rows: Rows | None, places: Rows) -> None:
        if places.size:
            sales.sell(places if rows is None else rows[places])

    def _part(self, view: View, part: Rows) -> View:
        weights, quantity = (
            np.array([column.take(part) for column in table.T]).T for table in (view.weights, view.quantity)
        )
        rows = part if view.rows is None else view.rows[part]
        return View(rows, view.cash[part], weights, quantity, view.error[part])

    def _prices(self, impact: Impact, sales: Sales, sold: Floats, worse: float) -> Floats:
        return np.asarray(impact.price(sales.path[0], sold + worse * self.everything), dtype=np.float64)

    def _share(self, now: Floats, low: Floats, price: Floats, extreme: Callable[..., Floats]) -> Floats:
        """How far along the line from `now` to `low` prices have come: of the asset that is least or most advanced."""
        held = self.signs != 0
        way, gone = (self.signs * (now - low))[held], (self.signs * (now - price))[..., held]
        nowhere = np.where(gone > 0, np.inf, np.where(gone < 0, -np.inf, 0.0 if extreme is np.max else np.inf))
        return np.asarray(extreme(np.divide(gone, way, out=nowhere, where=way > 0), axis=-1))
