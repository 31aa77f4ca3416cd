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
class Counterexample:
    """A book, where a shock has put the prices, and what a trade does to them.

    >>> counterexamples()[0].one_by_one(), counterexamples()[0].every_schedule()
    (('X', 'X Y'), ('X', 'X Y'))
    """

    case: str
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


def counterexamples() -> tuple[Counterexample, Counterexample]:
    """Return the two markets, one for each part of the condition on order.

    Returns
    -------
    tuple of Counterexample      first: X is long one A and short one B and below zero, Y is long one B and lost below
                                 95.5; both hold B, with different signs. Second: X is short one B, lost above 110, Y is
                                 long one A, lost below 95, and a unit of either asset moves both prices

    Raises
    ------
    Nothing                      the markets are fixed

    Notes
    -----
    Chapter 9, the section on what breaks the order. In the second buying B lifts A, and selling A lowers B: whoever
    goes first saves the other.

    Examples
    --------
    >>> for market in counterexamples():
    ...     print(market.case, market.one_by_one(), market.every_schedule(), market.after("X"))
    a hedged book ('X', 'X Y') ('X', 'X Y') [89. 96.]
    cross impact of the wrong sign ('X', 'Y') ('X', 'Y', 'X Y') [ 95.4 111.5]
    """
    hedged = Book([0.0, -95.5], [[1.0, -1.0], [0.0, 1.0]])
    coherent = Book([110.0, -95.0], [[0.0, -1.0], [1.0, 0.0]])
    linked = Linear([[1.0, 0.9], [0.9, 1.0]])
    return (
        Counterexample("a hedged book", ("X", "Y"), hedged, (90.0, 95.0), Linear([1.0, 1.0])),
        Counterexample("cross impact of the wrong sign", ("X", "Y"), coherent, (94.5, 110.5), linked),
    )
