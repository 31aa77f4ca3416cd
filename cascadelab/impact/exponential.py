"""Exponential impact: every unit sold takes the same fraction off the price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.impact.curve import Curve, over
from cascadelab.kit.validate import Floats, fraction, positive

# x(m) with (1 − exp(−x))/x = 1 − m, the coefficients of m⁷ down to m⁰: the next term is 0.9 m⁸
_SELF_FUNDING_WALK = (38698 / 42525, 524 / 567, 386 / 405, 136 / 135, 10 / 9, 4 / 3, 2.0, 0.0)


@dataclass(frozen=True, eq=False)
class Exponential(Curve):
    """Impact that is the same fraction of the price for every unit: p = p_s exp(−α u).

    Parameters
    ----------
    rate : array_like            α ≥ 0, per unit: a number, a vector with one entry a market, or a square matrix whose
                                 entry (i, j) is the effect of asset j on the logarithm of price i

    Raises
    ------
    ValueError                   a rate is negative or not finite, or its shape is none of the three

    Notes
    -----
    Chapter 5, equations (5.2), (5.9) and (5.12) to (5.14). The price never reaches zero.

    Examples
    --------
    >>> market = Exponential(0.01)
    >>> print(f"{market.price(100.0, 50.0):.4f} {market.maximum_proceeds(100.0):.2f}")
    60.6531 3678.79
    >>> print(f"{market.quantity_to_raise(100.0, 1000.0):.4f} {market.quantity_to_raise(100.0, 4000.0)}")
    11.1833 nan
    """

    rate: ArrayLike

    _name = "rate"
    _dimensions = 2

    @classmethod
    def from_drop(cls, relative_impact: ArrayLike, sold: ArrayLike) -> Exponential:
        """Exponential impact under which the sale of `sold` (> 0) lowers the price by the given fraction in [0, 1).

        >>> print(f"{Exponential.from_drop(0.05, 0.05).rate:.6f}")
        1.025866
        """
        return cls(-np.log1p(-fraction("relative_impact", relative_impact)) / positive("sold", sold))

    def _unstopped(self, p: Floats, u: Floats) -> Floats:
        with np.errstate(over="ignore"):  # a purchase beyond all bounds: inf
            factor = np.exp(-self._push(u))
        return np.asarray(np.multiply(p, factor, out=np.zeros(np.broadcast(p, factor).shape), where=p > 0))

    def _shock(self, p: Floats, u: Floats) -> Floats:
        return self._unstopped(p, -u)

    def _walk(self, p: Floats, u: Floats) -> Floats:
        d = self._push(u)
        return p * np.divide(-np.expm1(-d), d, out=np.ones(d.shape), where=d != 0)

    def _peak(self, p: Floats, parameter: Floats, fill: str) -> tuple[Floats, Floats]:
        quantity = over(np.ones(p.shape), parameter)
        return (quantity, p * quantity / np.e) if fill == "end" else (np.full(p.shape, np.inf), p * quantity)

    def _to_raise(self, p: Floats, parameter: Floats, share: Floats, fill: str) -> Floats:
        if fill == "walk":
            return over(-np.log1p(-share), parameter)
        return over(-_lambert(-share / np.e), parameter)

    def _self_funding(self, p: Floats, parameter: Floats, m: Floats, fill: str) -> Floats:
        """End: exp(−x) = 1 − m. Walk: (1 − exp(−x))/x = 1 − m, solved by Lambert's function; x = α u.

        For a small m the two terms of that solution cancel, and its series is exact to the last digits instead.
        """
        if fill == "end":
            return over(-np.log1p(-m), parameter)
        c = 1 / (1 - m)
        series = np.polyval(_SELF_FUNDING_WALK, m)
        return over(np.where(m < 0.01, series, c + _lambert(-c * np.exp(-c))), parameter)


def _lambert(x: Floats) -> Floats:
    """Principal branch of w exp(w) = x for −1/e ≤ x ≤ 0; at −1/e, or a rounding below, it is −1."""
    from scipy.special import lambertw

    inside = x > -np.exp(-1.0)
    return np.where(inside, lambertw(np.where(inside, x, 0.0)).real, -1.0)
