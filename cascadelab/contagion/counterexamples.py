"""Where the order decides: every end that some schedule can reach, and two markets of two accounts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cascadelab.contagion.book import Book
from cascadelab.impact.curve import Curve
from cascadelab.impact.linear import Linear

LARGEST = 12  # accounts; the sets of accounts that are visited may double with each


def ends(book: Book, shocked_price: ArrayLike, impact: Curve, *, batches: bool = False) -> tuple[tuple[int, ...], ...]:
    """Every set of lost accounts in which some schedule ends, by trying all of them.

    Parameters
    ----------
    book : Book                  at most 12 accounts
    shocked_price : array_like   p_s, (M,), ≥ 0
    impact : Curve               a curve of chapter 5, a slope an asset or a matrix
    batches : bool               False: accounts are sold one at a time; True: also any group of liquidatable accounts
                                 at once, all of them among these

    Returns
    -------
    tuple                        of tuples of places, smallest set first; one entry where the order does not matter

    Raises
    ------
    ValueError                   the book has too many accounts, or the prices do not fit

    Notes
    -----
    Chapter 9, the section on order. A liquidatable account that recovers before its turn is not sold.

    Examples
    --------
    >>> mirror = Book([100.0, -100.0], [[-1.0], [1.0]])
    >>> ends(mirror, [100.5], Linear(1.0)), ends(mirror, [99.5], Linear(1.0))
    (((0,),), ((1,),))
    """
    if len(book) > LARGEST:
        raise ValueError(f"book must have at most {LARGEST} accounts to try every order, got {len(book)}")
    start, quantity = book.prices("shocked_price", shocked_price), np.asarray(book.quantity)
    seen: set[tuple[int, ...]] = {()}
    stack: list[tuple[int, ...]] = [()]
    found: set[tuple[int, ...]] = set()
    while stack:
        lost = stack.pop()
        price = impact.price(start, quantity[list(lost)].sum(axis=0))
        waiting = [k for k in np.flatnonzero(book.surplus(price) < 0).tolist() if k not in lost]
        if not waiting:
            found.add(lost)
        for group in _groups(waiting, batches):
            after = tuple(sorted((*lost, *group)))
            if after not in seen:
                seen.add(after)
                stack.append(after)
    return tuple(sorted(found, key=lambda lost: (len(lost), lost)))


def _groups(waiting: list[int], batches: bool) -> chain[tuple[int, ...]]:
    sizes = range(1, len(waiting) + 1) if batches else (1,)
    return chain.from_iterable(combinations(waiting, size) for size in sizes)


@dataclass(frozen=True, eq=False)
class Market:
    """A small market in which the order decides: a book, what the shock did, and what a sale does.

    >>> hedged_book().order_ends()
    ('X', 'X Y')
    """

    name: str
    accounts: tuple[str, ...]
    book: Book
    shocked_price: tuple[float, ...]
    impact: Linear

    def order_ends(self, *, batches: bool = False) -> tuple[str, ...]:
        """Names of the lost accounts in every end that some schedule reaches, one text an end."""
        found = ends(self.book, self.shocked_price, self.impact, batches=batches)
        return tuple(" ".join(self.accounts[k] for k in lost) or "nobody" for lost in found)

    def after(self, order: str) -> NDArray[np.float64]:
        """Prices after the accounts named in `order` were sold, (M,)."""
        lost = [self.accounts.index(name) for name in order.split()]
        return np.asarray(self.impact.price(self.shocked_price, np.asarray(self.book.quantity)[lost].sum(axis=0)))


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
    >>> wrong_cross_impact().order_ends(), wrong_cross_impact().order_ends(batches=True)
    (('X', 'Y'), ('X', 'Y', 'X Y'))
    """
    book = Book([110.0, -95.0], [[0.0, -1.0], [1.0, 0.0]])
    impact = Linear([[1.0, 0.9], [0.9, 1.0]])
    return Market("cross impact of the wrong sign", ("X", "Y"), book, (94.5, 110.5), impact)
