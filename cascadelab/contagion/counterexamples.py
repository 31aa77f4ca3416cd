"""Two markets of two accounts in which the order of liquidations decides who is lost."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np

from cascadelab.contagion.book import Book
from cascadelab.contagion.schedules import bounds
from cascadelab.contagion.solver import Solver
from cascadelab.impact.linear import Linear
from cascadelab.kit.validate import Floats


@dataclass(frozen=True, eq=False)
class Market:
    """A small market: a book, where a shock has put the prices, and what a trade does to them.

    >>> hedged_book().one_by_one(), hedged_book().every_schedule()
    (('X', 'X Y'), ('X', 'X Y'))
    """

    name: str
    accounts: tuple[str, ...]
    book: Book
    shocked_price: tuple[float, ...]
    impact: Linear

    def one_by_one(self) -> tuple[str, ...]:
        """Names of the lost accounts, one text for each end, if they are sold one at a time, in every order."""
        cash, quantity = np.asarray(self.book.cash), np.asarray(self.book.quantity)
        found = set()
        for order in map(list, permutations(range(len(cash)))):
            solver = Solver(Book(cash[order], quantity[order]), self.shocked_price)
            end = solver.run(self.shocked_price, self.impact, schedule="sequential")
            found.add(tuple(sorted(np.array(order)[end.liquidated].tolist())))
        return tuple(map(self._names, sorted(found, key=lambda lost: (len(lost), lost))))

    def every_schedule(self) -> tuple[str, ...]:
        """Names of the lost accounts, one text for each end of any schedule: batches and rounds too."""
        return tuple(map(self._names, bounds(self.book, self.shocked_price, self.impact).ends))

    def after(self, order: str) -> Floats:
        """Prices after the accounts named in `order` were sold, (M,)."""
        lost = [self.accounts.index(name) for name in order.split()]
        return np.asarray(self.impact.price(self.shocked_price, np.asarray(self.book.quantity)[lost].sum(axis=0)))

    def _names(self, lost: tuple[int, ...]) -> str:
        return " ".join(self.accounts[k] for k in lost)


def hedged_book() -> Market:
    """Coherence fails: X is long one A and short one B and below zero; Y is long one B and lost below 95.5.

    Returns
    -------
    Market                       prices (90, 95) after the shock, a unit moves its own price by one

    Raises
    ------
    Nothing                      the market is fixed

    Notes
    -----
    Chapter 9, the section on order. Both hold B, with different signs.

    Examples
    --------
    >>> hedged_book().after("X"), hedged_book().after("Y X")
    (array([89., 96.]), array([89., 95.]))
    """
    book = Book([0.0, -95.5], [[1.0, -1.0], [0.0, 1.0]])
    return Market("a hedged book", ("X", "Y"), book, (90.0, 95.0), Linear([1.0, 1.0]))


def wrong_cross_impact() -> Market:
    """Holdings are coherent, cross impact helps: X is short one B, lost above 110; Y long one A, lost below 95.

    Returns
    -------
    Market                       prices (94.5, 110.5) after the shock, Λ = [[1, 0.9], [0.9, 1]]

    Raises
    ------
    Nothing                      the market is fixed

    Notes
    -----
    Chapter 9, the section on order. Buying B lifts A, and selling A lowers B: whoever goes first saves the other.

    Examples
    --------
    >>> wrong_cross_impact().one_by_one(), wrong_cross_impact().every_schedule()
    (('X', 'Y'), ('X', 'Y', 'X Y'))
    """
    book = Book([110.0, -95.0], [[0.0, -1.0], [1.0, 0.0]])
    impact = Linear([[1.0, 0.9], [0.9, 1.0]])
    return Market("cross impact of the wrong sign", ("X", "Y"), book, (94.5, 110.5), impact)
