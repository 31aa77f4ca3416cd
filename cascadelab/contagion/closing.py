"""Rules that close a part of an account: pro rata to a target, the largest leg first, or a close factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from cascadelab.kit.validate import Floats, fraction, positive_share, share, single

NUDGE = 1e-9  # more is sold than a target asks for, and so little is nothing: rounding must not decide


class Positions(NamedTuple):
    """What a rule is told of n accounts below zero, all at the marks before the sale.

    cash : (n,)                  numeraire
    value : (n, M)               q p of what is left, negative = owed
    counted : (n, M)             the same with its weights, w p
    left : (n, M)                share of the first quantity of each leg that is left, 0 where there was none
    fund_fee : float             fraction of notional, to the insurance fund

    >>> value = np.array([[750.0, 1000.0]])
    >>> x = Positions(np.array([-1620.0]), value, 0.9 * value, np.ones((1, 2)), 0.0)
    >>> x.surplus.tolist(), x.gross.tolist(), x.gain.tolist()
    ([-45.0], [1750.0], [[75.0, 100.0]])
    """

    cash: Floats
    value: Floats
    counted: Floats
    left: Floats
    fund_fee: float

    @property
    def surplus(self) -> Floats:
        """Surplus, (n,)."""
        return np.asarray(self.cash + self.counted.sum(axis=1))

    @property
    def gross(self) -> Floats:
        """Notional of all legs, (n,)."""
        return np.asarray(np.abs(self.value).sum(axis=1))

    @property
    def gain(self) -> Floats:
        """Surplus that the sale of a whole leg brings at these prices, (n, M): its maintenance, less the fee."""
        return np.asarray(self.value - self.counted - self.fund_fee * np.abs(self.value))


class Rule(Protocol):
    """What the engine asks of a rule of your own."""

    def parts(self, now: Positions) -> Floats:
        """Part of each leg that is sold now, (n, M), in [0, 1]; at least some of every account that holds anything."""


@dataclass(frozen=True)
class ProRata:
    """Sell one share x of every leg, the smallest that reaches a target if the prices stay.

        x = (b V − S) / (G + b V),   V = Σ |q_k| p_k,   G = Σ (q_k − w_k) p_k − f_F V

    With S the surplus and G what the whole sale adds to it, S + x G = b (1 − x) V. No x in [0, 1] does it ⇔ S + G < 0:
    even the whole sale leaves less than nothing; then everything is sold. That is so wherever a unit sold brings no
    surplus (all weights are one, G ≤ 0): S < 0 is then a debt that nothing covers.

    target : float               b, surplus that is aimed at, as a fraction of the notional that is left, in [0, 1)
    least : float                smallest sale, as a share of what the account held at first, in (0, 1]

    An account is thus sold at most ⌈1/least⌉ times, and a cascade ends.

    >>> value = np.array([[750.0, 1000.0]])
    >>> x = Positions(np.array([-1620.0]), value, 0.9 * value, np.ones((1, 2)), 0.0)
    >>> ProRata().parts(x).round(4).tolist()
    [[0.2571, 0.2571]]
    """

    target: float = 0.0
    least: float = 0.01

    def __post_init__(self) -> None:
        _hold_target(self.target, self.least)

    def parts(self, now: Positions) -> Floats:
        """One share of every leg."""
        wanted = self.target * now.gross
        short, room = wanted - now.surplus, wanted + now.gain.sum(axis=1)
        part = np.divide(short * (1 + NUDGE), room, out=np.ones(short.size), where=room > 0)  # beyond 1: everything
        return _each_leg(np.maximum(part, _over(self.least, now.left.max(axis=1))), now)


@dataclass(frozen=True)
class LargestFirst:
    """Sell leg by leg, the largest notional first, until the target of `ProRata` is reached if the prices stay.

    A leg is passed over if its sale does not help: the gain g_k + b |q_k| p_k is not positive, as at b = 0 where its
    weight is one. Of equal legs the first in the order of the assets is taken. If all legs that help are not enough,
    everything is sold.

    target : float               b, surplus that is aimed at, as a fraction of the notional that is left, in [0, 1)
    least : float                smallest sale of a leg, as a share of what the account held of it at first, in (0, 1]

    An account is thus sold at most M ⌈1/least⌉ times, and a cascade ends.

    >>> value = np.array([[750.0, 1000.0]])
    >>> x = Positions(np.array([-1620.0]), value, 0.9 * value, np.ones((1, 2)), 0.0)
    >>> LargestFirst().parts(x).round(4).tolist(), LargestFirst(target=0.05).parts(x).round(4).tolist()
    ([[0.0, 0.45]], [[0.0, 0.8833]])
    """

    target: float = 0.0
    least: float = 0.01

    def __post_init__(self) -> None:
        _hold_target(self.target, self.least)

    def parts(self, now: Positions) -> Floats:
        """The largest legs whole, the last of them in part."""
        size = np.abs(now.value)
        order = np.argsort(-size, axis=1, kind="stable")
        gain, left = (np.take_along_axis(a, order, 1) for a in (now.gain + self.target * size, now.left))
        needed = (self.target * now.gross - now.surplus)[:, np.newaxis]
        helps = gain > 0
        upto = np.cumsum(np.where(helps, gain, 0.0), axis=1)
        before = np.concatenate([np.zeros((len(upto), 1)), upto[:, :-1]], axis=1)
        part = np.divide((needed - before) * (1 + NUDGE), gain, out=np.zeros(gain.shape), where=helps)
        sold = helps & ((part > NUDGE) | (before == 0))  # of what rounding spills over to the next leg, nothing
        part = np.where(sold, np.minimum(np.maximum(part, _over(self.least, left)), 1.0), 0.0)
        part[~helps.any(axis=1) | (upto[:, -1] < needed[:, 0])] = 1.0
        result = np.empty(part.shape)
        np.put_along_axis(result, order, part, 1)
        return result


@dataclass(frozen=True)
class CloseFactor:
    """Sell a fixed share of what is there, and everything of an account that is nearly empty or deep below.

    close_factor : float         f_c, share of every leg, in (0, 1]
    least : float                everything is sold if less than this share of the first holdings would be left, (0, 1]
    all_below : float            everything is sold if equity is not above this part of maintenance, in [0, 1]; 0: if
                                 the account is worth nothing or less, as it is when a fee took all that was left; a
                                 billionth of the notional counts as nothing

    An account is thus sold at most 1 + ln(least)/ln(1 − f_c) times or so, and a cascade ends.

    >>> value = np.array([[750.0, 1000.0]])
    >>> x = Positions(np.array([-1620.0]), value, 0.9 * value, np.ones((1, 2)), 0.0)
    >>> CloseFactor(0.2).parts(x).tolist(), CloseFactor(0.2, all_below=0.75).parts(x).tolist()
    ([[0.2, 0.2]], [[1.0, 1.0]])
    """

    close_factor: float = 0.5
    least: float = 0.01
    all_below: float = 0.0

    def __post_init__(self) -> None:
        single("close_factor", self.close_factor, positive_share)
        single("least", self.least, positive_share)
        single("all_below", self.all_below, share)

    def parts(self, now: Positions) -> Floats:
        """The close factor, or one."""
        equity = now.cash + now.value.sum(axis=1)
        deep = equity <= self.all_below * (equity - now.surplus) + NUDGE * now.gross
        empty = now.left.max(axis=1) * (1 - self.close_factor) < self.least
        return _each_leg(np.where(deep | empty, 1.0, self.close_factor), now)


def checked_rule(close: object) -> None:
    """Raise a ValueError unless `close` is "all" or answers as a rule does."""
    whole = isinstance(close, str) and close == "all"
    if not whole and (isinstance(close, type) or not callable(getattr(close, "parts", None))):
        raise ValueError(f"close must be 'all' or a rule with `parts`, as ProRata() is one, got {close!r}")


def checked_parts(close: Rule, now: Positions) -> Floats:
    """Parts that a rule names, or a ValueError."""
    part = np.array(close.parts(now), dtype=np.float64)
    if part.shape != now.value.shape:
        raise ValueError(f"close must give parts of shape {now.value.shape}, got {part.shape}")
    if not ((part >= 0) & (part <= 1)).all():
        raise ValueError(f"close must give parts in [0, 1], got {part[~((part >= 0) & (part <= 1))][0]:.12g}")
    holds = now.left > 0
    if (holds.any(axis=1) & ~((part > 0) & holds).any(axis=1)).any():
        raise ValueError("close must sell something of every account below zero that holds anything")
    return part


def _hold_target(target: float, least: float) -> None:
    single("target", target, fraction)
    single("least", least, positive_share)


def _over(least: float, left: Floats) -> Floats:
    """Part of what is left that is the least, and a trifle more, so that the last one leaves no dust; else all."""
    return np.divide(least * (1 + NUDGE), left, out=np.ones(left.shape), where=left > 0)


def _each_leg(part: Floats, now: Positions) -> Floats:
    return np.minimum(part, 1.0)[:, np.newaxis] * np.ones(now.value.shape[1])
