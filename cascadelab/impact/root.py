"""Square-root impact: what a sale takes off the price grows like the root of its size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.impact.curve import Curve, over, part_of_walk
from cascadelab.kit.validate import Floats, non_negative, positive


@dataclass(frozen=True, eq=False)
class SquareRoot(Curve):
    """Impact that grows like the root of the quantity: p = max(p_s − ζ √u, 0); buying u adds ζ √u.

    A fall beyond the price stops at zero; `stops_at_zero` says where that happened.

    Parameters
    ----------
    scale : array_like           ζ ≥ 0, numeraire per unit and per √unit: a number, or a vector with one entry a market

    Raises
    ------
    ValueError                   a scale is negative or not finite, or it is a matrix

    Notes
    -----
    Chapter 5, equations (5.3), (5.10) and (5.17). The law was measured for whole orders that are sold over hours or
    days; the quantity is that of one order, and starting again at each fill gives another price (Break it).

    Examples
    --------
    >>> market = SquareRoot(2.0)
    >>> print(f"{market.price(100.0, 25.0):.2f} {market.average_price(100.0, 25.0, fill='walk'):.4f}")
    90.00 93.3333
    """

    scale: ArrayLike

    _name = "scale"

    @classmethod
    def from_law(
        cls, shocked_price: ArrayLike, daily_volatility: ArrayLike, volume: ArrayLike, prefactor: ArrayLike = 1.0
    ) -> SquareRoot:
        """Scale of the law that a sale of u units lowers the price by the fraction Y σ_d √(u / V).

        `daily_volatility` σ_d per √day, `volume` V > 0 in units a day, `prefactor` Y of order one: ζ = Y σ_d p_s / √V.

        >>> print(f"{SquareRoot.from_law(100.0, 0.04, 1e6).scale:.4f}")
        0.0040
        """
        relative = non_negative("prefactor", prefactor) * non_negative("daily_volatility", daily_volatility)
        return cls(relative * positive("shocked_price", shocked_price) / np.sqrt(positive("volume", volume)))

    def _unstopped(self, p: Floats, u: Floats) -> Floats:
        return p - self._drop(u)

    def _shock(self, p: Floats, u: Floats) -> Floats:
        return p + self._drop(u)

    def _drop(self, u: Floats) -> Floats:
        return self._parameter * np.sign(u) * np.sqrt(np.abs(u))

    def _walk(self, p: Floats, u: Floats) -> Floats:
        """Average p − 2d/3 along a root that falls by d; p³/(3d²) if it reaches zero on the way."""
        d = self._drop(u)
        return np.where(d <= p, p - 2 * d / 3, p * part_of_walk(p, d) ** 2 / 3)

    def _peak(self, p: Floats, parameter: Floats, fill: str) -> tuple[Floats, Floats]:
        quantity = over(p, parameter) ** 2 * (4 / 9 if fill == "end" else 1.0)
        return quantity, quantity * p / 3

    def _to_raise(self, p: Floats, parameter: Floats, share: Floats, fill: str) -> Floats:
        """Smallest root of a cubic in √u, in its trigonometric form."""
        quantity, _ = self._peak(p, parameter, fill)
        return np.asarray(quantity * share / (4 * np.cos(np.arccos(-np.sqrt(share)) / 3) ** 2))

    def _self_funding(self, p: Floats, parameter: Floats, m: Floats, fill: str) -> Floats:
        if fill == "end":
            return over(m * p, parameter) ** 2
        return over(np.where(m <= 2 / 3, 1.5 * m, 1 / np.sqrt(3 * (1 - m))) * p, parameter) ** 2
