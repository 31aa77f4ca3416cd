"""One account at a time, and all that any order and any batch of sales can lead to, by trying them all."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.contagion.book import Book, one_price_each, rows_at
from cascadelab.contagion.exact import ExactSums
from cascadelab.contagion.marked import mark_prices, shares
from cascadelab.contagion.outcome import Impact, checked_impact
from cascadelab.contagion.sales import Sales, prices_after
from cascadelab.contagion.screen import Screen
from cascadelab.kit.validate import Floats

ENUMERABLE = 12  # accounts: 3¹² steps


def sequential(sales: Sales, screen: Screen) -> None:
    """Sell one account, look at all again: of those below zero, the first in the order of the book."""
    while (waiting := screen.below(sales.price, sales.read) & ~sales.dead).any():
        sales.sell(np.array([np.argmax(waiting)]))


def worst_first(sales: Sales, screen: Screen) -> None:
    """Sell one account, look at all again: the one with the lowest surplus for each unit of Σ |w_k| p_k.

    Of equal ones, and of those for which that sum is zero, the first in the order of the book.
    """
    while True:
        surplus = screen.book.surplus(sales.price)
        waiting = np.flatnonzero((surplus < 0) & ~sales.dead)
        sales.read(surplus.size + waiting.size)
        if not waiting.size:
            return
        gross = rows_at(np.zeros(waiting.size), np.abs(screen.copy(waiting)), sales.price)  # equal rows, equal bits
        depth = np.divide(surplus[waiting], gross, out=np.full(waiting.size, -np.inf), where=gross > 0)
        sales.sell(waiting[[np.argmin(depth)]])


@dataclass(frozen=True)
class Bounds:
    """Every end that some schedule reaches.

    ends : tuple of tuples       the sets of liquidated accounts, by their rows; the smallest set first
    prices : tuple of tuples     the traded prices at each of these ends

    >>> ends = Bounds(((0,), (0, 1)), ((9.0,), (8.0,)))
    >>> ends.fewest, ends.most, ends.order_matters
    (1, 2, True)
    """

    ends: tuple[tuple[int, ...], ...]
    prices: tuple[tuple[float, ...], ...]

    @property
    def fewest(self) -> int:
        """Liquidated accounts at the mildest end."""
        return len(self.ends[0])

    @property
    def most(self) -> int:
        """Liquidated accounts at the worst end."""
        return len(self.ends[-1])

    @property
    def order_matters(self) -> bool:
        """Whether there is more than one end."""
        return len(self.ends) > 1


def bounds(book: Book, shocked_price: ArrayLike, impact: Impact, *, marks: ArrayLike | None = None) -> Bounds:
    """Follow every schedule: at each moment any selection of the accounts below zero may be sold together.

    Parameters
    ----------
    book : Book                      of at most 12 accounts
    shocked_price : (M,) array_like  prices after the shock, ≥ 0
    impact : impact.Curve            with a number, a vector or a matrix that fits M assets
    marks : (M, M) array_like or None  𝒲, as in `Solver.run`

    Returns
    -------
    Bounds

    Raises
    ------
    ValueError                       the book is none or too large, a price is bad, the impact does not fit, or a row of
                                     the marks is none of shares

    Notes
    -----
    Chapter 9, where order matters. An end is a set of sold accounts after whose sale nobody else is below zero.

    Examples
    --------
    Two mirror accounts, each rescued by the sale of the other: one after the other, one of them is sold; in a round,
    both.

    >>> from cascadelab.impact import Linear
    >>> mirror = Book([-1.0, -1.0], [[1.0, -1.0], [-1.0, 1.0]])
    >>> bounds(mirror, [10.0, 10.0], Linear([1.0, 1.0])).ends
    ((0,), (1,), (0, 1))
    """
    if not isinstance(book, Book):
        raise ValueError(f"book must be a contagion.Book, got {book!r}")
    checked_impact(impact)
    if len(book) > ENUMERABLE:
        raise ValueError(f"book must have at most {ENUMERABLE} accounts to try every schedule, got {len(book)}")
    shocked, sums = one_price_each(book, "shocked_price", shocked_price), ExactSums(np.asarray(book.quantity))
    looked = shares("marks", marks, book.assets, 1)
    ends: dict[tuple[int, ...], Floats] = {}
    open_sets: list[tuple[int, ...]] = [()]
    seen = set(open_sets)
    while open_sets:
        dead = open_sets.pop()
        price = prices_after(impact, shocked, sums.total(sums.of_rows(np.array(dead, dtype=np.intp))))
        waiting = [i for i in np.flatnonzero(book.surplus(mark_prices(looked, price)) < 0).tolist() if i not in dead]
        if not waiting:
            ends[dead] = price
        for size in range(1, len(waiting) + 1):
            for batch in combinations(waiting, size):
                following = tuple(sorted((*dead, *batch)))
                if following not in seen:
                    seen.add(following)
                    open_sets.append(following)
    order = sorted(ends, key=lambda end: (len(end), end))
    return Bounds(tuple(order), tuple(tuple(ends[end].tolist()) for end in order))
