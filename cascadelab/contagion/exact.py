"""Sums that do not depend on the order of their terms, so that who is sold with whom can not change a price by a bit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cascadelab.kit.validate import Floats

BLOCK = 8192  # rows that are worked on together: they and what is made of them fit into a processor's cache


@dataclass(frozen=True, eq=False)
class ExactSums:
    """Column sums of any selection of rows of a table, the same to the last bit in whatever pieces they are added up.

    Each number is split in two: a multiple of a coarse power of two g, and the rest as a multiple of a much finer one.
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
    >>> table = np.array([[1e16], [1.0], [-1e16], [1.0]])
    >>> float(table.sum()), float(ExactSums(table).total(ExactSums(table).of_mask(np.ones(4, dtype=bool)))[0])
    (1.0, 2.0)
    """

    table: Floats

    def __post_init__(self) -> None:
        rows = max(self.table.shape[0], 1)
        total = np.array([np.abs(column).sum() for column in self.table.T])
        _, exponent = np.frexp(total)
        coarse = np.where(total > 0, exponent - 51, 0)
        fine = coarse - 52 + int(np.ceil(np.log2(rows)))
        object.__setattr__(self, "_coarse", np.ldexp(1.5, coarse + 52))
        object.__setattr__(self, "_fine", np.ldexp(1.5, fine + 52))

    _coarse: Floats = None  # type: ignore[assignment]
    _fine: Floats = None  # type: ignore[assignment]

    def none(self) -> Floats:
        """Sums of no row: (2, M), the coarse and the fine part; parts of several selections may be added up."""
        return np.zeros((2, self.table.shape[1]))

    def of_rows(self, rows: NDArray[np.intp]) -> Floats:
        """Coarse and fine sums, (2, M), of the rows with these places."""
        return self.of_columns(self.table[:, k][rows] for k in range(self.table.shape[1]))

    def of_columns(self, columns) -> Floats:
        """The same of a selection of rows that was already taken out of the table: its columns one by one."""
        parts = self.none()
        for k, column in enumerate(columns):
            coarse, fine = self._split(column, k)
            parts[0, k], parts[1, k] = coarse.sum(), fine.sum()
        return parts

    def of_mask(self, chosen: NDArray[np.bool_]) -> Floats:
        """The same of the rows where `chosen` is True; reads the whole table once."""
        parts = self.none()
        for start in range(0, chosen.size, BLOCK):
            block = slice(start, start + BLOCK)
            weight = chosen[block].astype(np.float64)
            for k in range(self.table.shape[1]):
                coarse, fine = self._split(self.table[block, k], k)
                parts[0, k] += weight @ coarse
                parts[1, k] += weight @ fine
        return parts

    def total(self, parts: Floats) -> Floats:
        """Sums of the two parts, rounded once: (M,)."""
        return np.asarray(parts[0] + parts[1])

    def _split(self, column: Floats, k: int) -> tuple[Floats, Floats]:
        coarse = (column + self._coarse[k]) - self._coarse[k]
        rest = column - coarse
        return coarse, (rest + self._fine[k]) - self._fine[k]
