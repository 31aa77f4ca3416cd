"""Who is below zero at given prices: one fast product over the book, and a second look at those it can not decide."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cascadelab.contagion.book import Book, rows_at
from cascadelab.kit.validate import Floats

Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]
ROUNDING = 2.0**-53


class Screen:
    """Surpluses of all accounts with a bound on their rounding error.

    A matrix product is several times faster than `Book.surplus`, but adds in an order of its own, which differs between
    machines and selections of rows. An account whose result is within the error bound of zero is computed again as
    `Book.surplus` does it: `below` is the same to the last account.

    reach : (N,)                 G_i = Σ_k |w_ik| a_k: no surplus moves by more than G_i if no price k moves by more
                                 than a_k, the scale (the price at the start, or 1 where it is zero)
    rounding : (N,)              bound on the rounding error of S_i while prices are at most the scale
    worst_rounding : float       the largest of these bounds

    >>> book = Book([-1.0, -0.5], [[1.0], [1.0]])
    >>> Screen(book, np.array([1.0])).below(np.array([0.75])).tolist()
    [True, False]
    """

    def __init__(self, book: Book, scale: Floats) -> None:
        self.book = book
        self.cash, self.weights = np.asarray(book.cash), book.weights
        self.scale = np.where(scale > 0, scale, 1.0)
        self.reach = np.zeros(len(book))
        for k in range(book.assets):
            self.reach += np.abs(self.weights[:, k]) * self.scale[k]
        self.rounding = 4 * (book.assets + 2) * ROUNDING * (np.abs(self.cash) + self.reach)
        self.worst_rounding = float(self.rounding.max())

    def surplus(self, price: Floats) -> Floats:
        """Surplus of every account, up to `rounding` times `growth`."""
        result = self.weights @ price
        result += self.cash
        return np.asarray(result)

    def growth(self, *prices: Floats) -> float:
        """Largest price in units of the scale, at least 1."""
        return max(1.0, *(float((price / self.scale).max()) for price in prices))

    def below(self, price: Floats, read: Callable[[int], object] = int) -> Mask:
        """Accounts with S < 0, as `Book.surplus` has it. `read` is told how many rows that read."""
        surplus, growth = self.surplus(price), self.growth(price)
        result = surplus < 0
        np.abs(surplus, out=surplus)
        near = np.flatnonzero(surplus <= self.worst_rounding * growth)
        near = near[surplus[near] <= self.rounding[near] * growth]
        result[near] = rows_at(self.cash[near], self.copy(near), price) < 0
        read(surplus.size + near.size)
        return np.asarray(result)

    def copy(self, rows: Rows) -> Floats:
        """Weights of these accounts, asset by asset in memory."""
        copy = np.empty((rows.size, self.weights.shape[1]), order="F")
        for k in range(copy.shape[1]):
            self.weights[:, k].take(rows, out=copy[:, k])
        return copy
