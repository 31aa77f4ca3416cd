"""A constant-product pool: what a sale moves when the counterparty is a formula over two reserves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.impact.curve import Curve
from cascadelab.kit.validate import Floats, positive


@dataclass(frozen=True, eq=False)
class ConstantProduct(Curve):
    """Pool that keeps the product of its two reserves: p = p_s / (1 + u/R)², without fees.

    The pool holds R units of the asset and p_s R of cash when the sale begins. Whoever buys u < 0 takes units out;
    R of them, the whole reserve, can not be taken.

    Parameters
    ----------
    reserve : array_like         R > 0, units of the asset in the pool when it stands at the shocked price: a number, or
                                 a vector with one entry a pool

    Raises
    ------
    ValueError                   a reserve is not positive and finite, or it is a matrix; a purchase would drain
                                 the pool

    Notes
    -----
    Chapter 5, equations (5.4), (5.5) and (5.11). The pool changes while it trades: fills in sequence compose if each
    goes to the pool `after` the one before it.

    Examples
    --------
    >>> pool = ConstantProduct(100.0)
    >>> print(f"{pool.price(50.0, 25.0):.2f} {pool.proceeds(50.0, 25.0, fill='walk'):.2f}")
    32.00 1000.00
    >>> print(f"{pool.after(10.0).price(pool.price(50.0, 10.0), 15.0):.2f}")
    32.00
    """

    reserve: ArrayLike

    _name = "reserve"

    @classmethod
    def at_price(cls, price: ArrayLike, invariant: ArrayLike) -> ConstantProduct:
        """Pool with the given product of its reserves once arbitrage has brought it to `price`: R = √(product / price).

        >>> print(f"{ConstantProduct.at_price(32.0, 500_000.0).reserve:.2f}")
        125.00
        """
        return cls(np.sqrt(positive("invariant", invariant) / positive("price", price)))

    def after(self, sold: ArrayLike) -> ConstantProduct:
        """Pool after a sale: what was sold lies in the reserve."""
        _, u = self._inputs("price", 0.0, sold)
        return ConstantProduct(self._parameter * self._growth(u))

    def _admit(self, value: ArrayLike) -> Floats:
        return positive(self._name, value)

    def _growth(self, u: Floats) -> Floats:
        growth = np.asarray(1 + u / self._parameter)
        if (growth <= 0).any():
            stock = np.broadcast_to(self._parameter, growth.shape)[growth <= 0].flat[0]
            bought = np.broadcast_to(u, growth.shape)[growth <= 0].flat[0]
            raise ValueError(f"sold must be above −reserve, or the pool is drained, got {bought:.12g} of {stock:.12g}")
        return growth

    def _unstopped(self, p: Floats, u: Floats) -> Floats:
        return p / self._growth(u) ** 2

    def _shock(self, p: Floats, u: Floats) -> Floats:
        return p * self._growth(u) ** 2

    def _walk(self, p: Floats, u: Floats) -> Floats:
        return p / self._growth(u)

    def _peak(self, p: Floats, parameter: Floats, fill: str) -> tuple[Floats, Floats]:
        return (parameter, p * parameter / 4) if fill == "end" else (np.full(p.shape, np.inf), p * parameter)

    def _to_raise(self, p: Floats, parameter: Floats, share: Floats, fill: str) -> Floats:
        if fill == "walk":
            return parameter * share / (1 - share)
        return np.asarray(parameter * share / (1 + np.sqrt(1 - share)) ** 2)

    def _self_funding(self, p: Floats, parameter: Floats, m: Floats, fill: str) -> Floats:
        return np.asarray(parameter * np.expm1(-np.log1p(-m) * (0.5 if fill == "end" else 1.0)))
