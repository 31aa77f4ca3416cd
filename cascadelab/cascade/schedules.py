"""Schedules: who of the liquidatable accounts is sold next. Rounds, one by one, batches, or at random."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cascadelab.cascade.ladder import Ladder
from cascadelab.kit.validate import Floats, count, non_negative, read_only

Indices = NDArray[np.intp]
Schedule = Callable[[Indices, Floats], Indices]
Rule = Callable[[float, float], float | Floats]


@dataclass(frozen=True, eq=False)
class Run:
    """What a schedule did.

    steps : tuple of tuples      accounts sold in each step, by their place in the lists, 0 first
    prices : ndarray             price at each moment, from the shock on; a moment sells one step, or nobody while the
                                 price path of `run` goes on
    sold : ndarray               units sold so far, at the same moments

    >>> done = run([97.0, 94.0], [2.0, 4.0], 95.0, lambda price, units: price - units, rounds)
    >>> done.steps, done.lost, done.price
    (((0,), (1,)), (0, 1), 89.0)
    """

    steps: tuple[tuple[int, ...], ...]
    prices: Floats
    sold: Floats

    @property
    def lost(self) -> tuple[int, ...]:
        """Accounts that were sold, sorted."""
        return tuple(sorted(k for step in self.steps for k in step))

    @property
    def price(self) -> float:
        """Price at the end."""
        return float(self.prices[-1])


def run(
    liquidation_price: ArrayLike,
    quantity: ArrayLike,
    shocked_price: ArrayLike,
    rule: Rule,
    schedule: Schedule,
    *,
    cumulative: bool = True,
) -> Run:
    """Sell accounts step by step, in the order of a schedule, until nobody is liquidatable: brute force.

    Parameters
    ----------
    liquidation_price : array_like  thresholds, one an account; nan = never liquidated; fires where threshold > price
    quantity : array_like           units, ≥ 0; one an account
    shocked_price : array_like      one number, or the price without our sales at each step; the last of them stays
    rule : callable                 (price, units) → price, such as the method `price` of a curve
    schedule : callable             (places of the liquidatable accounts, all thresholds) → places of those sold next
    cumulative : bool               True: the rule gets the shocked price and all units sold so far.
                                    False: it starts again from the present price with the units of the step

    Returns
    -------
    Run                             steps, prices and units

    Raises
    ------
    ValueError                      a number is bad, the lists differ in length, the schedule sells nobody, somebody who
                                    is not liquidatable or somebody twice, the rule returns no price, or a rule that
                                    starts again meets a price path

    Notes
    -----
    Chapter 7, the theorem on order and its counterexamples.

    Examples
    --------
    >>> from cascadelab.impact import Linear
    >>> book = [97.0, 94.0, 93.0], [2.0, 4.0, 6.0]
    >>> for schedule in (rounds, worst_first(), in_order([2, 1, 0])):
    ...     done = run(*book, 92.0, Linear(0.5).price, schedule)
    ...     print(done.steps, done.lost, done.price)
    ((0, 1, 2),) (0, 1, 2) 86.0
    ((0,), (1,), (2,)) (0, 1, 2) 86.0
    ((2,), (1,), (0,)) (0, 1, 2) 86.0
    """
    book = Ladder(liquidation_price, quantity)
    thresholds, units = np.asarray(book.liquidation_price), np.asarray(book.quantity)
    path = np.atleast_1d(non_negative("shocked_price", shocked_price))
    if path.ndim > 1 or path.size == 0 or (path.size > 1 and not cumulative):
        raise ValueError(f"shocked_price must be one number, or a list if impact is cumulative, got shape {path.shape}")
    order = np.argsort(-thresholds, kind="stable")  # sums run as in the ladder, to the last digit
    lost = np.zeros(thresholds.size, dtype=bool)
    price, moment, steps, prices, sold = float(path[0]), 0, [], [float(path[0])], [0.0]
    while True:
        waiting = np.flatnonzero(~lost & (thresholds > price))
        if waiting.size:
            chosen = np.asarray(schedule(waiting, thresholds))
            places = chosen.tolist() if chosen.dtype.kind in "iu" and chosen.ndim == 1 else []
            if not places or len(set(places)) < len(places) or not set(places).issubset(waiting.tolist()):
                raise ValueError(f"schedule must choose among {waiting.tolist()}, each once, got {chosen.tolist()}")
            lost[chosen] = True
            steps.append(tuple(sorted(places)))
        elif moment >= path.size - 1:
            return Run(tuple(steps), read_only(np.array(prices)), read_only(np.array(sold)))
        moment += 1
        base = float(path[min(moment, path.size - 1)])
        fill = float(units[chosen].sum()) if waiting.size else 0.0
        total = float(np.cumsum(np.append(0.0, np.where(lost, units, 0.0)[order]))[-1])
        price = _one_price(rule(base, total) if cumulative else rule(price, fill))
        prices.append(price)
        sold.append(total)


def rounds(waiting: Indices, thresholds: Floats) -> Indices:
    """Everybody who is liquidatable, at once.

    Parameters
    ----------
    waiting : ndarray            places of the liquidatable accounts
    thresholds : ndarray         of all accounts

    Returns
    -------
    ndarray                      places of those who are sold now

    Raises
    ------
    Nothing                      `run` checks what a schedule returns

    Examples
    --------
    >>> rounds(np.array([0, 2]), np.array([97.0, 90.0, 95.0]))
    array([0, 2])
    """
    return waiting


def worst_first(size: int = 1) -> Schedule:
    """Schedule that sells the `size` accounts with the highest thresholds, again and again.

    Parameters
    ----------
    size : int                   accounts a step, at least 1

    Returns
    -------
    callable                     a schedule for `run`

    Raises
    ------
    ValueError                   the size is below 1 or no whole number

    Examples
    --------
    >>> worst_first()(np.array([0, 2]), np.array([95.0, 90.0, 97.0]))
    array([2])
    """
    each = count("size", size)
    return lambda waiting, thresholds: waiting[np.argsort(-thresholds[waiting], kind="stable")[:each]]


def in_order(order: Sequence[int]) -> Schedule:
    """Schedule that sells one account at a time: of those that are liquidatable, the one that comes first in `order`.

    Parameters
    ----------
    order : sequence of int      places of all accounts

    Returns
    -------
    callable                     a schedule for `run`

    Raises
    ------
    ValueError                   a place comes twice; when it is used: an account is missing

    Examples
    --------
    >>> in_order([1, 2, 0])(np.array([0, 2]), np.array([97.0, 90.0, 95.0]))
    array([2])
    """
    place = {account: position for position, account in enumerate(order)}
    if len(place) != len(order):
        raise ValueError(f"order must name each account once, got {list(order)}")

    def schedule(waiting: Indices, thresholds: Floats) -> Indices:
        missing = [k for k in waiting.tolist() if k not in place]
        if missing:
            raise ValueError(f"order must name every account, got none of {missing}")
        return np.array([min(waiting.tolist(), key=place.__getitem__)])

    return schedule


def at_random(rng: np.random.Generator) -> Schedule:
    """Schedule that sells a random selection of the liquidatable accounts, at least one: any latency, any batch.

    Parameters
    ----------
    rng : numpy Generator        source of the selection

    Returns
    -------
    callable                     a schedule for `run`

    Raises
    ------
    ValueError                   rng is no generator

    Examples
    --------
    >>> at_random(np.random.default_rng(7))(np.array([0, 2, 5]), np.zeros(6)).size >= 1
    True
    """
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a numpy Generator, got {rng!r}")
    return lambda waiting, thresholds: rng.permutation(waiting)[: rng.integers(1, waiting.size + 1)]


def _one_price(value: ArrayLike) -> float:
    price = non_negative("rule", value)
    if price.ndim:
        raise ValueError(f"rule must return one price, got an array of shape {price.shape}")
    return float(price)
