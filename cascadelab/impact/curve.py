"""What every impact curve answers: price after a sale, its inverse, cash raised, and how much can be raised at all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cascadelab.kit.validate import (
    Floats,
    broadcast,
    finite,
    fraction,
    non_negative,
    positive,
    read_only,
    scalar_or_array,
)


class Curve(ABC):
    """Price of a market after a cumulative sale: p = F(p_s, u), falling in u and rising in p_s.

    Every argument is an array or a number and broadcasts. `shocked_price` is the price before the first unit is sold,
    `sold` the quantity sold since then, all sales together; a negative quantity is bought. Because only the total
    counts, it does not matter in which pieces it was sold.

    Two fill rules: with `fill="end"` every unit is paid the price after the last of them, with `fill="walk"` each
    unit is paid the price at which it is sold.

    Notes
    -----
    Chapter 5, equations (5.1) to (5.17). The four curves are `Linear`, `Exponential`, `SquareRoot` and
    `ConstantProduct`.

    Examples
    --------
    >>> from cascadelab.impact import Linear
    >>> market = Linear(0.5)
    >>> isinstance(market, Curve), market.price(75.0, 10.0), market.proceeds(75.0, 10.0, fill="walk")
    (True, 70.0, 725.0)
    """

    def price(self, shocked_price: ArrayLike, sold: ArrayLike) -> float | Floats:
        """Price after the sale, F(p_s, u); never below zero."""
        p, u = self._inputs("shocked_price", shocked_price, sold)
        return scalar_or_array(self._price(p, u))

    def shock_for(self, price: ArrayLike, sold: ArrayLike) -> float | Floats:
        """Shocked price from which the sale ends at `price`: the inverse of `price` in its first argument.

        Where `price` is zero and impact has a floor there, many shocked prices end at it; this is the highest.
        nan where none ends at `price`: a purchase alone would lift zero above it.
        """
        p, u = self._inputs("price", price, sold)
        shocked = self._shock(p, u)
        return scalar_or_array(np.where(shocked < 0, np.nan, shocked))

    def stops_at_zero(self, shocked_price: ArrayLike, sold: ArrayLike) -> bool | NDArray[np.bool_]:
        """Whether the curve would have taken the price below zero, so that it was stopped there."""
        p, u = self._inputs("shocked_price", shocked_price, sold)
        stopped = np.asarray(self._unstopped(p, u) < 0)
        return bool(stopped) if stopped.ndim == 0 else stopped

    def average_price(self, shocked_price: ArrayLike, sold: ArrayLike, *, fill: str = "end") -> float | Floats:
        """Price that a unit of the sale is paid on average; the shocked price in the limit of no sale."""
        p, u = self._inputs("shocked_price", shocked_price, sold)
        return scalar_or_array(self._average(p, u, fill))

    def proceeds(self, shocked_price: ArrayLike, sold: ArrayLike, *, fill: str = "end") -> float | Floats:
        """Cash that the sale raises: quantity times average price; negative = paid for what was bought.

        Several markets that move each other are walked in step: each has sold the same fraction of its own quantity
        at every moment. The total does not depend on that if the matrix of linear impact is symmetric.
        """
        p, u = self._inputs("shocked_price", shocked_price, sold)
        return scalar_or_array(u * self._average(p, u, fill))

    def slippage(self, shocked_price: ArrayLike, sold: ArrayLike, *, fill: str = "end") -> float | Floats:
        """Fraction of the value at the shocked price that the sale does not raise: 1 − average price / p_s."""
        p, u = self._inputs("shocked_price", positive("shocked_price", shocked_price), sold)
        return scalar_or_array(1 - self._average(p, u, fill) / p)

    def maximum_proceeds(self, shocked_price: ArrayLike, *, fill: str = "end") -> float | Floats:
        """Most cash that a sale can raise, or its least upper bound; inf without impact. One market each."""
        p, parameter = self._one_market(shocked_price)
        return scalar_or_array(self._peak(p, parameter, _known(fill))[1])

    def quantity_at_maximum(self, shocked_price: ArrayLike, *, fill: str = "end") -> float | Floats:
        """Smallest quantity that raises the most; inf where no sale reaches the bound."""
        p, parameter = self._one_market(shocked_price)
        return scalar_or_array(self._peak(p, parameter, _known(fill))[0])

    def quantity_to_raise(self, shocked_price: ArrayLike, proceeds: ArrayLike, *, fill: str = "end") -> float | Floats:
        """Smallest quantity that raises `proceeds` (≥ 0); nan where no quantity does. One market each."""
        p, parameter, cash = self._one_market(shocked_price, proceeds=non_negative("proceeds", proceeds))
        quantity, most = self._peak(p, parameter, _known(fill))
        reached = np.where(np.isinf(quantity) & np.isfinite(most), cash < most, cash <= most)
        share = np.where(reached, cash / most, 0.0)
        with np.errstate(invalid="ignore"):  # without impact, where the share is 0 of an infinite bound
            found = np.where(np.isinf(most), cash / p, self._to_raise(p, parameter, share, fill))
        return scalar_or_array(np.where(reached, found, np.nan))

    def self_funding_quantity(
        self, shocked_price: ArrayLike, maintenance_rate: ArrayLike, *, fill: str = "end"
    ) -> float | Floats:
        """Largest long whose sale pays back its debt, if it is sold out alone at its liquidation price `shocked_price`.

        The debt is (1 − m) p_s a unit, so that the slippage may take the maintenance rate and no more. One market
        each; inf without impact.
        """
        rate = fraction("maintenance_rate", maintenance_rate)
        p, parameter, m = self._one_market(shocked_price, maintenance_rate=rate)
        return scalar_or_array(self._self_funding(p, parameter, m, _known(fill)))

    # What a curve brings: one parameter, and five formulas -----------------------------------------------------------

    _name: ClassVar[str]
    _dimensions: ClassVar[int] = 1  # of the parameter at most: 1 = a vector, 2 = a matrix too

    def __post_init__(self) -> None:
        values = self._admit(getattr(self, self._name))
        matrix = values.ndim == 2 and values.shape[0] == values.shape[1]
        if values.ndim > 1 and not (matrix and self._dimensions == 2):
            kinds = "a number, a vector" + (" or a square matrix" if self._dimensions == 2 else "")
            raise ValueError(f"{self._name} must be {kinds}, got an array of shape {values.shape}")
        object.__setattr__(self, self._name, scalar_or_array(read_only(values)))

    def _admit(self, value: ArrayLike) -> Floats:
        return non_negative(self._name, value)

    @abstractmethod
    def _unstopped(self, p: Floats, u: Floats) -> Floats:
        """Price after the sale, if it could be negative."""

    @abstractmethod
    def _shock(self, p: Floats, u: Floats) -> Floats:
        """Shocked price that ends at p."""

    @abstractmethod
    def _walk(self, p: Floats, u: Floats) -> Floats:
        """Average of the price along the walk."""

    @abstractmethod
    def _peak(self, p: Floats, parameter: Floats, fill: str) -> tuple[Floats, Floats]:
        """Quantity that raises the most, and how much that is."""

    @abstractmethod
    def _to_raise(self, p: Floats, parameter: Floats, share: Floats, fill: str) -> Floats:
        """Quantity that raises a share in [0, 1] of the most."""

    @abstractmethod
    def _self_funding(self, p: Floats, parameter: Floats, m: Floats, fill: str) -> Floats:
        """Quantity whose slippage is m."""

    @property
    def _parameter(self) -> Floats:
        return np.asarray(getattr(self, self._name), dtype=np.float64)

    def _price(self, p: Floats, u: Floats) -> Floats:
        return np.asarray(np.maximum(self._unstopped(p, u), 0.0))

    def _average(self, p: Floats, u: Floats, fill: str) -> Floats:
        return self._walk(p, u) if _known(fill) == "walk" else self._price(p, u)

    def _inputs(self, name: str, price: ArrayLike, sold: ArrayLike) -> tuple[Floats, Floats]:
        """Price and quantity of one shape, which fits the parameter."""
        parameter, one_each = self._parameter, {}
        if parameter.ndim == 2:
            one_each = {f"a row of {self._name}": parameter[0]}
        elif parameter.ndim == 1:
            one_each = {self._name: parameter}
        p, u, *_ = broadcast(**{name: non_negative(name, price), "sold": finite("sold", sold)}, **one_each)
        return p, u

    def _push(self, u: Floats) -> Floats:
        """Parameter times quantity: one market each, or all on all."""
        parameter = self._parameter
        return np.asarray(u @ parameter.T if parameter.ndim == 2 else parameter * u)

    def _one_market(self, shocked_price: ArrayLike, **others: Floats) -> tuple[Floats, ...]:
        """Price, parameter and the others in one shape, where no market moves another."""
        if self._parameter.ndim == 2:
            raise ValueError(
                f"{self._name} must be a number or a vector here: with a matrix each sale moves all prices"
            )
        p = positive("shocked_price", shocked_price)
        return broadcast(**{"shocked_price": p, self._name: self._parameter}, **others)


def over(numerator: Floats, denominator: Floats) -> Floats:
    """Quotient of two numbers that are not negative, inf over zero: what is without limit where there is no impact."""
    n, d = np.broadcast_arrays(numerator, denominator)
    return np.asarray(np.divide(n, d, out=np.full(n.shape, np.inf), where=d > 0))


def part_of_walk(p: Floats, drop: Floats) -> Floats:
    """Part p / d of a fall of d that a price p > 0 goes before it stops at zero; 1 where it does not stop."""
    fall = np.maximum(drop, p)
    return np.asarray(np.divide(p, fall, out=np.ones(fall.shape), where=fall > 0))


def _known(fill: str) -> str:
    if fill not in ("end", "walk"):
        raise ValueError(f"fill must be 'end' or 'walk', got {fill!r}")
    return fill
