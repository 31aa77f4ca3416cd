"""Marks: the prices at which accounts are judged, where they are not the prices at which sales are paid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cascadelab.contagion.outcome import Impact
from cascadelab.kit.validate import Floats, non_negative

ROUNDING = 1e-9  # by how much shares may miss one: they are used as they are


def shares(name: str, value: ArrayLike | None, size: int, axis: int) -> Floats:
    """Return a matrix of shares that add up to one along an axis, or raise; None is the unit matrix."""
    if value is None:
        return np.eye(size)
    part = non_negative(name, value)
    if part.shape != (size, size):
        raise ValueError(f"{name} must be {(size, size)}, got shape {part.shape}")
    sums = part.sum(axis=axis)
    if (abs(sums - 1) > ROUNDING).any():
        worst = sums[np.argmax(abs(sums - 1))]
        raise ValueError(f"{name} must have {'rows' if axis else 'columns'} that add up to one, got {worst:.12g}")
    return part


def mark_prices(marks: Floats, price: Floats) -> Floats:
    """Return 𝒲 p for each row of prices, shapes (M, M), (…, M).

    Added from the first asset to the last, each step rounded for itself: a mark never falls, not even by a bit, when a
    traded price rises, and the unit matrix gives the traded prices, bit by bit.
    """
    result = np.zeros(price.shape)
    for k in range(len(marks)):
        result += price[..., k, np.newaxis] * marks[:, k]
    return result


@dataclass(frozen=True, eq=False)
class Marked:
    """An impact as accounts see it: marks after a sale. To the engine it is an impact like any other.

    impact : Impact              of sales on the traded prices
    traded : (M,)                traded prices after the shock; the first argument of the calls, the marks then, follows
                                 from them and is not looked at
    marks : (M, M)               𝒲, share of each traded price (column) in each mark (row)

    >>> from cascadelab.impact import Linear
    >>> seen = Marked(Linear([1.0, 1.0]), np.array([10.0, 20.0]), np.array([[0.5, 0.5], [0.0, 1.0]]))
    >>> seen.price([15.0, 20.0], [4.0, 0.0]).tolist(), seen.average_price([15.0, 20.0], [4.0, 0.0]).tolist()
    ([13.0, 20.0], [6.0, 20.0])
    """

    impact: Impact
    traded: Floats
    marks: Floats

    def price(self, shocked_price: ArrayLike, sold: ArrayLike) -> Floats:
        """Marks after the sale."""
        return mark_prices(self.marks, np.asarray(self.impact.price(self.traded, sold), dtype=np.float64))

    def stops_at_zero(self, shocked_price: ArrayLike, sold: ArrayLike) -> bool | NDArray[np.bool_]:
        """Whether a traded price was stopped at zero."""
        return self.impact.stops_at_zero(self.traded, sold)

    def average_price(self, shocked_price: ArrayLike, sold: ArrayLike, *, fill: str = "end") -> float | Floats:
        """Traded price that a unit is paid on average: a sale is never paid at a mark."""
        return self.impact.average_price(self.traded, sold, fill=fill)
