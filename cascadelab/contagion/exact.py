"""Sums that do not depend on the order of their terms: who is sold with whom can not change a price by a bit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cascadelab.kit.validate import Floats

BLOCK = 16384  # rows that are worked on together, so that what is made of them stays in the processor's cache


@dataclass(frozen=True, eq=False)
class ExactSums:
    """Column sums of any selection of rows of a table, the same to the last bit in whatever pieces they are added up.

    Each number is split in two: a multiple of a coarse power of two, and the rest as a multiple of a much finer one.
    Both are chosen so that no sum of any selection of rows needs more than the 53 bits of a float: adding the
    multiples makes no rounding error, and what makes none has no order. The two sums are added at the end, and that is
    rounded once. So a larger selection of numbers that are not negative never has a smaller sum, not even by a bit.

    Parameters
    ----------
    table : (N, M) ndarray       finite numbers, asset by asset in memory (Fortran order) for speed

    Notes
    -----
    Numbers below about N · 2⁻¹⁰⁴ of the column's total are rounded to that. Chapter 9, appendix on the engine.

    Examples
    --------
    >>> sums = ExactSums(np.array([[1e16], [1.0], [-1e16], [1.0]]))
    >>> float(sums.table.sum()), float(sums.total(sums.of_rows(np.arange(4)))[0])
    (1.0, 2.0)
    """

    table: Floats
    all_rows: Floats = field(init=False, repr=False)
    _coarse: Floats = field(init=False, repr=False)
    _fine: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        total = np.array([np.abs(column).sum() for column in self.table.T])
        _, exponent = np.frexp(total)
        coarse = np.where(total > 0, exponent - 51, 0)
        fine = coarse - 52 + int(np.ceil(np.log2(max(self.table.shape[0], 1))))
        object.__setattr__(self, "_coarse", np.ldexp(1.5, coarse + 52))
        object.__setattr__(self, "_fine", np.ldexp(1.5, fine + 52))
        object.__setattr__(self, "all_rows", self.of_mask(np.ones(self.table.shape[0], dtype=bool)))

    def none(self) -> Floats:
        """Sums of no row: (2, M), the coarse and the fine part; parts of several selections may be added up."""
        return np.zeros((2, self.table.shape[1]))

    def of_rows(self, rows: NDArray[np.intp]) -> Floats:
        """Coarse and fine sums, (2, M), of the rows with these places."""
        return self._of(column.take(rows) for column in self.table.T)

    def of_mask(self, chosen: NDArray[np.bool_]) -> Floats:
        """The same of the rows where `chosen` is True."""
        parts = self.none()
        for start in range(0, chosen.size, BLOCK):
            rows = np.flatnonzero(chosen[start : start + BLOCK])
            if rows.size:
                parts += self._of(column.take(rows) for column in self.table[start : start + BLOCK].T)
        return parts

    def total(self, parts: Floats) -> Floats:
        """Sums of the two parts, rounded once: (M,)."""
        return np.asarray(parts[0] + parts[1])

    def _of(self, columns: Iterable[Floats]) -> Floats:
        parts = self.none()
        for k, rest in enumerate(columns):  # fresh arrays: they are overwritten
            multiple = rest + self._coarse[k]
            multiple -= self._coarse[k]
            rest -= multiple
            parts[0, k] = multiple.sum()
            rest += self._fine[k]
            rest -= self._fine[k]
            parts[1, k] = rest.sum()
        return parts
