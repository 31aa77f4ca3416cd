"""Who is below zero at given prices: one fast product over the book, and a second look at those it can not decide."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cascadelab.contagion.book import Book, rows_at
from cascadelab.contagion.exact import BLOCK
from cascadelab.kit.validate import Floats

Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]
ROUNDING = 2.0**-53


class Screen:
    """Surpluses of all accounts with a bound on their rounding error.

    A matrix product is several times faster than `Book.surplus`, but adds in an order of its own, which differs between
    machines and selections of rows. An account whose result is within the error bound of zero is computed again as
    `Book.surplus` does it: `below` is the same to the last account.

    scale : (M,)                 prices at the start, or 1 where they are zero
    worst : float                largest bound on the rounding error of a surplus while prices are at most the scale
    error : (N,) float32         each account's bound as a part of the largest, rounded up

    >>> book = Book([-1.0, -0.5], [[1.0], [1.0]])
    >>> Screen(book, np.array([1.0])).below(np.array([0.75])).tolist()
    [True, False]
    """

    def __init__(self, book: Book, scale: Floats) -> None:
        self.book = book
        self.cash, self.weights = np.asarray(book.cash), book.weights
        self.scale = np.where(scale > 0, scale, 1.0)
        part_of = 4 * (book.assets + 2) * ROUNDING
        bound = np.abs(self.cash) * part_of
        for start in range(0, bound.size, BLOCK):
            bound[start : start + BLOCK] += part_of * self._reach(slice(start, start + BLOCK))
        self.worst = float(bound.max())
        if 0 < self.worst < np.inf:
            bound /= self.worst
        else:
            bound[:] = 1.0
        self.error: NDArray[np.float32] = np.nextafter(bound.astype(np.float32), np.float32(np.inf))

    def reach(self) -> Floats:
        """G_i = Σ_k |w_ik| a_k, (N,): no surplus moves by more if no price k moves by more than a_k, the scale."""
        return self._reach(slice(None))

    def _reach(self, part: slice) -> Floats:
        weights = self.weights[part]
        result = np.zeros(weights.shape[0])
        for k in range(weights.shape[1]):
            result += np.abs(weights[:, k]) * self.scale[k]
        return result

    def within(self, error: NDArray[np.float32], growth: float) -> Floats:
        """Bounds on rounding errors, from their parts of the largest, for prices up to `growth` times the scale."""
        return np.asarray(np.multiply(error, self.worst * growth, dtype=np.float64))

    def growth(self, *prices: Floats) -> float:
        """Largest price in units of the scale, at least 1."""
        return max(1.0, *(float((price / self.scale).max()) for price in prices))

    def below(self, price: Floats, read: Callable[[int], object] = int) -> Mask:
        """Accounts with S < 0, as `Book.surplus` has it. `read` is told how many rows that read."""
        growth, result, again = self.growth(price), np.empty(self.cash.size, dtype=bool), 0
        for start in range(0, result.size, BLOCK):  # what is made of a block stays in the processor's cache
            part = slice(start, start + BLOCK)
            surplus = self.weights[part] @ price
            surplus += self.cash[part]
            np.less(surplus, 0.0, out=result[part])
            np.abs(surplus, out=surplus)
            if surplus.min() <= self.worst * growth:
                near = start + np.flatnonzero(surplus <= self.within(self.error[part], growth))
                result[near] = rows_at(self.cash[near], self.copy(near), price) < 0
                again += near.size
        read(result.size + again)
        return result

    def copy(self, rows: Rows) -> Floats:
        """Weights of these accounts, asset by asset in memory."""
        copy = np.empty((rows.size, self.weights.shape[1]), order="F")
        for k in range(copy.shape[1]):
            self.weights[:, k].take(rows, out=copy[:, k])
        return copy
