"""The ladder: all thresholds of one market in order, and where its cascade stops, for every shock at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cascadelab.kit.validate import Floats, finite, non_negative, read_only, scalar_or_array, single

_ROUNDING = 1e-9  # triggers this near to a shock, as a fraction of it, are decided by the price itself
_TIE = 1e-12  # triggers that differ by less, as a fraction, are one trigger


class Impact(Protocol):
    """What a cascade asks of an impact curve; every `impact.Curve` of one market answers it."""

    def price(self, shocked_price: ArrayLike, sold: ArrayLike) -> float | Floats:
        """Price after `sold` units: falls in them; above 0, rises strictly and without jumps in the shocked price."""

    def shock_for(self, price: ArrayLike, sold: ArrayLike) -> float | Floats:
        """Shocked price from which the sale ends at `price`."""

    def stops_at_zero(self, shocked_price: ArrayLike, sold: ArrayLike) -> bool | NDArray[np.bool_]:
        """Whether the price was stopped at zero."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """Where a cascade stops after one shock.

    price : p*, numeraire per unit · count : accounts liquidated · sold : units that they sell, U(p*)
    liquidated : (N,)            True for each account that is liquidated, in the order in which the accounts came
    stopped_at_zero : True if impact would have taken the price below zero
    """

    price: float
    count: int
    sold: float
    liquidated: NDArray[np.bool_]
    stopped_at_zero: bool


@dataclass(frozen=True, eq=False)
class Response:
    """The same for many shocks: arrays in the shape of the shocked prices, without the accounts one by one."""

    price: Floats
    count: NDArray[np.int64]
    sold: Floats
    stopped_at_zero: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Blocks:
    """Avalanche blocks, from the mildest shock on: accounts that can only be liquidated together.

    trigger : (B,)               the block goes exactly when the shocked price is below this
    count : (B,)                 accounts in the block · quantity : (B,)   units in it

    Triggers that differ by less than a part in 10¹² are taken for one: the last digit of a sum splits no block.
    """

    trigger: Floats
    count: NDArray[np.int64]
    quantity: Floats


@dataclass(frozen=True, eq=False)
class Ladder:
    """Long accounts of one market by liquidation price; each sells out as soon as the price is below its own.

    An account fires ⇔ its threshold > price, strictly. Its whole quantity is sold, and impact sees the total. Sort the
    thresholds from the highest, l_1 ≥ l_2 ≥ …, and let U_k be what the first k sell. Given that they did, account
    k + 1 fires exactly if the shocked price is below its trigger,

        τ_k = F⁻¹(l_{k+1}, U_k),

    and the cascade reaches it exactly if the shocked price is below all the triggers so far: below min_{j ≤ k} τ_j.
    One sort and one running minimum therefore answer every shock.

    Parameters
    ----------
    liquidation_price : array_like   (N,), numeraire per unit; nan, zero or less = never liquidated, since no price is
                                 below zero
    quantity : array_like        (N,), units that the account sells, ≥ 0

    Attributes
    ----------
    thresholds : ndarray         those above zero, from the highest: l_1, l_2, …
    cumulative : ndarray         U_0 = 0, U_1, …: one entry more

    Raises
    ------
    ValueError                   a threshold is infinite, a quantity is negative or not finite, or the two are not
                                 lists of one length; from a method: a price is negative or not finite, or the
                                 curve has several markets

    Notes
    -----
    Chapter 7. The stop is the least severe one, the greatest fixed point of p = F(p_s, U(p)).

    Examples
    --------
    >>> from cascadelab.impact import Linear
    >>> ladder = Ladder([96.0, 90.0, 93.0, 60.0], [4.0, 4.0, 4.0, 4.0])
    >>> outcome = ladder.run(95.0, Linear(0.7))
    >>> print(f"{outcome.price:.1f} {outcome.count} {outcome.sold:.0f}", outcome.liquidated.tolist())
    86.6 3 12 [True, True, True, False]
    >>> ladder.response([97.0, 95.0, 50.0], Linear(0.7)).count.tolist()
    [0, 3, 4]
    """

    liquidation_price: ArrayLike
    quantity: ArrayLike
    thresholds: Floats = field(init=False, repr=False)
    cumulative: Floats = field(init=False, repr=False)
    _order: NDArray[np.intp] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        threshold, units = _thresholds(self.liquidation_price), non_negative("quantity", self.quantity)
        if not threshold.ndim == units.ndim == 1 or threshold.shape != units.shape:
            raise ValueError(
                "liquidation_price and quantity must be lists of one length, "
                f"got arrays of shape {threshold.shape} and {units.shape}"
            )
        reachable = np.flatnonzero(threshold > 0)
        order = reachable[np.argsort(-threshold[reachable], kind="stable")]
        values = {
            "liquidation_price": read_only(threshold),
            "quantity": read_only(units),
            "thresholds": read_only(threshold[order]),
            "cumulative": read_only(np.concatenate([[0.0], np.cumsum(units[order])])),
            "_order": order,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        """Return the number of accounts, those that are never liquidated too."""
        return np.size(self.liquidation_price)

    def supply(self, price: ArrayLike) -> float | Floats:
        """Units of the accounts whose threshold is above `price`: U(p), a staircase that falls in the price."""
        above = np.searchsorted(-self.thresholds, -non_negative("price", price), side="left")
        return scalar_or_array(np.asarray(self.cumulative[above]))

    def triggers(self, impact: Impact) -> Floats:
        """Shocked price below which each account of the ladder fires, if those above it did: τ_0, τ_1, …"""
        with np.errstate(over="ignore"):  # a trigger beyond all numbers is infinite
            return np.asarray(one_market(impact).shock_for(self.thresholds, self.cumulative[:-1]))

    def run(self, shocked_price: float, impact: Impact) -> Outcome:
        """Cascade after one shock: its price, its accounts, what they sell."""
        found = self.response(single("shocked_price", shocked_price, non_negative), impact)
        liquidated = np.zeros(len(self), dtype=np.bool_)
        liquidated[self._order[: int(found.count)]] = True
        liquidated.setflags(write=False)
        return Outcome(float(found.price), int(found.count), float(found.sold), liquidated, bool(found.stopped_at_zero))

    def response(self, shocked_prices: ArrayLike, impact: Impact) -> Response:
        """Cascade after each of many shocks, each from the start: arrays of price, count and units sold."""
        shocks = non_negative("shocked_prices", shocked_prices)
        lowest = np.minimum.accumulate(self.triggers(impact))
        surely, count = (_above(lowest, shocks * (1 + margin)) for margin in (_ROUNDING, -_ROUNDING))
        for at in map(tuple, np.argwhere(count > surely)):
            near = np.arange(surely[at], count[at])
            stays = self.thresholds[near] <= impact.price(shocks[at], self.cumulative[near])
            count[at] = near[np.argmax(stays)] if stays.any() else count[at]
        sold = np.asarray(self.cumulative[count])
        price, stopped = np.asarray(impact.price(shocks, sold)), np.asarray(impact.stops_at_zero(shocks, sold))
        for array in (price, count, sold, stopped):
            array.setflags(write=False)
        return Response(price, count, sold, stopped)

    def blocks(self, impact: Impact) -> Blocks:
        """Flat pieces of the running minimum of the triggers: the jumps of the response, from the mildest shock on."""
        lowest = np.minimum.accumulate(self.triggers(impact))
        first = np.flatnonzero(lowest < (1 - _TIE) * np.insert(lowest, 0, np.inf)[:-1])
        count = np.diff(first, append=lowest.size)
        trigger, quantity = lowest[first], np.diff(self.cumulative[np.append(first, lowest.size)])
        for array in (trigger, count, quantity):
            array.setflags(write=False)
        return Blocks(trigger, count, quantity)


def one_market(impact: Impact) -> Impact:
    """Return the impact curve, or raise unless it is that of one market."""
    if np.ndim(impact.price(1.0, 0.0)) != 0:
        raise ValueError(f"impact must be that of one market, got {impact!r}")
    return impact


def _above(lowest: Floats, shocks: Floats) -> NDArray[np.int64]:
    """How many entries of a falling list are above each shock."""
    return np.asarray(np.searchsorted(-lowest, -shocks, side="left"), dtype=np.int64)


def _thresholds(value: ArrayLike) -> Floats:
    """Thresholds as float64: nan is allowed, infinity is not."""
    try:
        unknown = np.isnan(np.asarray(value, dtype=np.float64))
    except (TypeError, ValueError):
        unknown = np.asarray(False)
    finite("liquidation_price", np.where(unknown, 0.0, value) if unknown.any() else value)
    return np.asarray(value, dtype=np.float64)
