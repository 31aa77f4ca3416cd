"""Small markets in which a hypothesis of the order theorem fails, so that the order decides who is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cascadelab.cascade.schedules import Run, in_order, rounds, run, worst_first
from cascadelab.impact.fills import proportional
from cascadelab.impact.linear import Linear


@dataclass(frozen=True)
class Counterexample:
    """Two schedules of one market that end differently.

    dropped : number of the hypothesis that fails · case : what takes its place
    first, second : the two schedules
    lost_first, lost_second : names of the accounts that are lost; price_first, price_second : where prices end

    >>> counterexamples()[0].lost_first, counterexamples()[0].lost_second
    (('1', '2', '3'), ('1', '2'))
    """

    dropped: str
    case: str
    first: str
    lost_first: tuple[str, ...]
    price_first: float
    second: str
    lost_second: tuple[str, ...]
    price_second: float


End = tuple[tuple[str, ...], float]  # names of those lost, and the end price


def counterexamples() -> tuple[Counterexample, ...]:
    """Compute every counterexample of the chapter by running its two schedules.

    Returns
    -------
    tuple of Counterexample      in the order of the hypotheses

    Raises
    ------
    Nothing                      the markets are fixed

    Notes
    -----
    Chapter 7, the section on dropped hypotheses. Every price is the one after the last sale; of two prices, that of B.

    Examples
    --------
    >>> for example in counterexamples()[:2]:
    ...     print(example.dropped, example.lost_first, f"{example.price_first:.3f}", f"{example.price_second:.3f}")
    i ('1', '2', '3') 68.400 76.950
    i ('1', '2') 78.878 64.740
    """
    fraction = run([96, 96, 76.5], [4, 4, 4], 95, _fraction, rounds, cumulative=False)
    fraction_single = run([96, 96, 76.5], [4, 4, 4], 95, _fraction, worst_first(), cumulative=False)
    root = run([96, 96, 76], [4, 4, 4], 95, _root, rounds, cumulative=False)
    root_single = run([96, 96, 76], [4, 4, 4], 95, _root, worst_first(), cumulative=False)
    rescue = [run([96, 96, 93], [4, 4, 4], 95, _rescue, in_order(order)) for order in ([0, 1, 2], [0, 2, 1])]
    fast, slow = (run([96, 95.5], [4, 4], [95, 97], Linear(0.05).price, s) for s in (rounds, worst_first()))
    falling = [96, 95.5, 94.5], [1, 1, 1], [95, 95, 94.9]
    deep, deep_single = (run(*falling, _buyers_below, s) for s in (rounds, worst_first()))
    found = [
        ("i", "a fraction at each fill", "rounds", *_of(fraction), "one by one", *_of(fraction_single)),
        ("i", "a root at each fill", "rounds", *_of(root), "one by one", *_of(root_single)),
        ("i", "a rescuer buys", "1, 2, …", *_of(rescue[0]), "1, 3, …", *_of(rescue[1])),
        ("ii", "sell to target", "rounds", *to_target(None), "one by one", *to_target((0, 1))),
        ("iii", "an account re-enters", "1, 2, re-entry", *re_entry(late=True), "1, re-entry", *re_entry(late=False)),
        ("iv", "long and short", "long first", *squeeze("long"), "short first", *squeeze("short")),
        ("iv", "two assets, a hedge", "X first", *hedge("XY"), "Y first", *hedge("YX")),
        ("v", "the price recovers", "fast", *_of(fast), "slow", *_of(slow)),
        ("v", "buyers wait below", "rounds", *_of(deep), "one by one", *_of(deep_single)),
        ("vi", "nobody looks back", "queue 1, 2", *one_pass((0, 1)), "queue 2, 1", *one_pass((1, 0))),
        ("vi", "sold in pairs", "one by one", *in_groups(1), "pairs", *in_groups(2)),
    ]
    return tuple(Counterexample(*example) for example in found)


def to_target(order: Sequence[int] | None, *, average_fill: bool = False) -> End:
    """Let two accounts sell until their debt is nine tenths of what they hold, again and again.

    Each holds 10 units; the debts are 930 and 905, the price is 100, and a unit lowers it by 0.3. The size of a sale
    is computed at the price before it. A third account of no size is lost below 98.15.

    Parameters
    ----------
    order : sequence of int      places, 0 or 1, of those who sell in turn; None: both at once, in rounds
    average_fill : bool          a sale is paid the price before it, or (True) the mean of the prices before and after

    Returns
    -------
    tuple                        names of the accounts lost, and the end price

    Raises
    ------
    ValueError                   the order is neither None nor 0 and 1, once each

    Notes
    -----
    Chapter 7, the section on dropped hypotheses, (ii).

    Examples
    --------
    >>> for order in (None, (0, 1), (1, 0)):
    ...     lost, price = to_target(order)
    ...     print(lost, f"{price:.4f}")
    () 98.1605
    ('3',) 98.1351
    ('3',) 98.1353
    """
    if order is not None and sorted(order) != [0, 1]:
        raise ValueError(f"order must be None, or 0 and 1 once each, got {list(order)}")
    slope, price, units, debt = 0.3, 100.0, np.array([10.0, 10.0]), np.array([930.0, 905.0])
    while True:
        before = price
        for group in [[0, 1]] if order is None else [[k] for k in order]:
            sales = np.maximum(debt[group] - 0.9 * units[group] * price, 0) / (0.1 * price)
            after = price - slope * float(sales.sum())
            debt[group] -= sales * ((price + after) / 2 if average_fill else price)
            units[group] -= sales
            price = after
        if before - price < 1e-12:
            return (("3",) if price < 98.15 else ()), price


def re_entry(*, late: bool) -> End:
    """Let accounts 1 and 2 hold 4 units and be lost below 96 and 92; a unit moves the price, 95, by one.

    Account 1, once sold, buys its 4 units back with enough margin to be safe from then on, which moves its threshold.
    It does so before account 2 is looked at, or `late`, after it. Lost are the accounts that hold nothing in the end.
    """
    price, lost = 95.0, list[str]()
    for turn in ("1", "2", "back") if late else ("1", "back", "2"):
        if turn == "back":
            lost, price = [name for name in lost if name != "1"], price + 4.0
        elif price < {"1": 96.0, "2": 92.0}[turn]:
            lost, price = [*lost, turn], price - 4.0
    return tuple(lost), price


def squeeze(first: str) -> End:
    """Let a long of one unit be lost below 95.5 and a short above 94.5; a unit moves the price, 95, by one."""
    price, lost = 95.0, list[str]()
    for side in ("long", "short") if first == "long" else ("short", "long"):
        if side == "long" and price < 95.5:
            lost, price = [*lost, side], price - 1
        elif side == "short" and price > 94.5:
            lost, price = [*lost, side], price + 1
    return tuple(lost), price


def hedge(order: str) -> End:
    """X is long an A and short a B and must close; Y is long a B and lost below 95.5; A and B cost 90 and 95."""
    price_b, lost = 95.0, list[str]()
    for account in order:
        if account == "X":
            lost, price_b = [*lost, "X"], price_b + 1
        elif price_b < 95.5:
            lost, price_b = [*lost, "Y"], price_b - 1
    return tuple(sorted(lost)), price_b


def one_pass(queue: Sequence[int]) -> End:
    """Look at each account of 4 units once, in the order of `queue`; thresholds 96 and 94, price 95, slope 1."""
    thresholds, price, lost = (96.0, 94.0), 95.0, list[int]()
    for account in queue:
        if price < thresholds[account]:
            lost, price = [*lost, account], price - 4.0
    return tuple(str(account + 1) for account in sorted(lost)), price


def in_groups(size: int) -> End:
    """Sell the next `size` accounts as soon as the first of them is liquidatable; thresholds 96 and 90, slope 1/2."""
    thresholds, price, lost = (96.0, 90.0), 95.0, 0
    while lost < 2 and price < thresholds[lost]:
        price, lost = price - 0.5 * 4.0 * size, lost + size
    return tuple(str(account + 1) for account in range(lost)), price


def _of(done: Run) -> End:
    return tuple(str(account + 1) for account in done.lost), done.price


def _fraction(price: float, units: float) -> float:
    return float(proportional(price, units, 0.025))


def _root(price: float, units: float) -> float:
    return float(price * (1 - 0.06 * np.sqrt(units)))


def _rescue(shocked_price: float, units: float) -> float:
    """A unit takes one off, until 8 are sold: then somebody buys them all."""
    return shocked_price - units if units < 8 else shocked_price - units + 8


def _buyers_below(shocked_price: float, units: float) -> float:
    """A unit takes two off, and only a tenth where the shocked price is below 95: there buyers wait."""
    return shocked_price - (2.0 if shocked_price >= 95 else 0.1) * units
