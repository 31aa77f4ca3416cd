"""Linear impact: every unit sold takes the same amount off the price, its own or that of several assets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.impact.curve import Curve, over, part_of_walk
from cascadelab.kit.validate import Floats


@dataclass(frozen=True, eq=False)
class Linear(Curve):
    """Impact that is the same for every unit: p = max(p_s − λ u, 0), in absolute units of price.

    A fall beyond the price stops at zero, which keeps the price falling in u and rising in p_s; `stops_at_zero` says
    where that happened.

    Parameters
    ----------
    slope : array_like           λ ≥ 0, numeraire per unit²: a number, a vector with one entry a market, or a square
                                 matrix Λ whose entry (i, j) is the fall of price i for each unit of asset j; the last
                                 axis of a quantity then counts the assets

    Raises
    ------
    ValueError                   a slope is negative or not finite, or its shape is none of the three

    Notes
    -----
    Chapter 5, equations (5.1), (5.8), (5.15) and (5.16). The slope is in the price's own units: a slope that is
    stated as a fraction of the price is multiplied by the price at which it was measured.

    Examples
    --------
    >>> market = Linear([0.5, 0.2])
    >>> market.price([75.0, 50.0], [10.0, 20.0])
    array([70., 46.])
    >>> print(f"{market.proceeds([75.0, 50.0], [10.0, 20.0]).sum():.2f}")
    1620.00
    >>> Linear([[0.5, 0.1], [0.1, 0.2]]).price([75.0, 50.0], [10.0, 20.0])
    array([68., 45.])
    """

    slope: ArrayLike

    _name = "slope"
    _dimensions = 2

    def _unstopped(self, p: Floats, u: Floats) -> Floats:
        return p - self._push(u)

    def _shock(self, p: Floats, u: Floats) -> Floats:
        return p + self._push(u)

    def _walk(self, p: Floats, u: Floats) -> Floats:
        """Average p − d/2 of a straight line from p to p − d; p²/(2d) if it reaches zero on the way."""
        d = self._push(u)
        return np.where(d <= p, p - d / 2, p * part_of_walk(p, d) / 2)

    def _peak(self, p: Floats, parameter: Floats, fill: str) -> tuple[Floats, Floats]:
        to_zero = over(p, parameter)
        return (to_zero / 2, to_zero * p / 4) if fill == "end" else (to_zero, to_zero * p / 2)

    def _to_raise(self, p: Floats, parameter: Floats, share: Floats, fill: str) -> Floats:
        quantity, _ = self._peak(p, parameter, fill)
        return np.asarray(quantity * share / (1 + np.sqrt(1 - share)))

    def _self_funding(self, p: Floats, parameter: Floats, m: Floats, fill: str) -> Floats:
        if fill == "end":
            return over(m * p, parameter)
        return over(np.where(m <= 0.5, 2 * m, 0.5 / (1 - m)) * p, parameter)
