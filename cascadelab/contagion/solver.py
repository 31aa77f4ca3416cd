"""Who is liquidated when prices fall, where the prices end, and whether that depends on the order of sales."""

from __future__ import annotations

from concurrent.futures import Executor
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cascadelab.contagion.book import Book, one_price_each
from cascadelab.contagion.closing import Rule, checked_rule
from cascadelab.contagion.distances import SLACK
from cascadelab.contagion.exact import ExactSums
from cascadelab.contagion.marked import Marked, mark_prices, shares
from cascadelab.contagion.outcome import Impact, Outcome, checked_impact
from cascadelab.contagion.parts import close_in_parts
from cascadelab.contagion.sales import Sales, prices_after, rounds_of_all
from cascadelab.contagion.schedules import sequential, worst_first
from cascadelab.contagion.screen import Screen
from cascadelab.contagion.shortcut import Shortcut
from cascadelab.contagion.sweep import Progress, Sweep, sweep
from cascadelab.impact.curve import Curve
from cascadelab.kit.validate import Floats, fraction, non_negative, read_only, single

Scalar = TypeVar("Scalar", bound=np.generic)
SCHEDULES = {"any": rounds_of_all, "rounds": rounds_of_all, "sequential": sequential, "worst first": worst_first}
SMALL = 100_000  # accounts below which rounds are taken: at 40,000 the short way was about as fast, and often slower


class Solver:
    """Cascades in one book: prepared once, run for as many shocks as you like.

    Every account with S < 0 closes all that it holds, or the part that a rule says: what it owns is sold, what it owes
    is bought back. Prices follow the impact of all quantities sold so far.

    Parameters
    ----------
    book : Book
    price : (M,) array_like      prices before the shock, ≥ 0; numeraire per unit. The accounts are prepared at these:
                                 no end of a cascade depends on them, only the time that it takes, and the steps of
                                 schedule "any" on the way

    Raises
    ------
    ValueError                   the book is none, or the prices do not fit

    Notes
    -----
    Chapter 9. In an order-free book the result is the least severe of all fixed points, exactly: quantities are added
    up without rounding, and a surplus is computed in one way only.

    Examples
    --------
    >>> from cascadelab.impact import Linear
    >>> book = Book([-1620.0, -1269.0, -650.0], [[10, 20], [0, 30], [5, 10]], asset_weight=0.9)
    >>> end = Solver(book, [100.0, 50.0]).run([75.0, 50.0], Linear([0.5, 0.2]))
    >>> end.price.tolist(), end.sold.tolist()
    ([70.0, 40.0], [10.0, 50.0])
    """

    def __init__(self, book: Book, price: ArrayLike) -> None:
        if not isinstance(book, Book):
            raise ValueError(f"book must be a contagion.Book, got {book!r}")
        self.book = book
        self.price = read_only(one_price_each(book, "price", price))
        self._sums = ExactSums(np.asarray(book.quantity))
        self._screen = Screen(book, np.asarray(self.price))

    @cached_property
    def _shortcut(self) -> Shortcut:
        """Prepared when it is first taken, and kept."""
        return Shortcut(self._screen, self._sums, np.asarray(self.price))

    def run(
        self, shocked_price: ArrayLike, impact: Impact, *, schedule: str = "any", close: str | Rule = "all",
        fund_fee: float = 0.0, marks: ArrayLike | None = None,
    ) -> Outcome:  # fmt: skip
        """Liquidate until nobody is left below zero.

        Parameters
        ----------
        shocked_price : (M,) array_like  prices after the shock, before any sale, ≥ 0; they stay shocked
        impact : impact.Curve            with a number, a vector or a matrix that fits M assets
        schedule : str                   "rounds": all that are below zero are sold at once, again and again.
                                         "sequential": one at a time, always the first row that is below zero.
                                         "worst first": one at a time, always the lowest surplus over Σ |w_k| p_k.
                                         "any": in an order-free book of at least 100,000 accounts a way to the same
                                         end that usually reads less of the book, not always; else rounds
        close : "all" or a rule          what an account below zero sells: all, or a part by `ProRata`, `LargestFirst`,
                                         `CloseFactor` or a rule of your own; by rounds then, and paid by "step"
        fund_fee : float                 fee of a forced sale to the insurance fund, fraction of its notional in [0, 1);
                                         never more than the account has left. If all is sold, no price depends on it
        marks : (M, M) array_like or None  𝒲, share of each traded price (column) in the mark of each asset (row), rows
                                         add up to one: accounts are judged at 𝒲 p, sales move and are paid p. None: at
                                         the traded prices

        Returns
        -------
        Outcome                          a `PartialOutcome` if accounts are closed in parts

        Raises
        ------
        ValueError                       a price is bad, the impact does not fit, the schedule or the rule is unknown,
                                         or they do not go together, the fee is outside [0, 1), or a row of the marks is
                                         none of shares
        """
        shocked = one_price_each(self.book, "shocked_price", shocked_price)
        fee = self._check(shocked, impact, schedule, close, fund_fee, marks)
        looked = None if marks is None else shares("marks", marks, self.book.assets, 1)
        if not isinstance(close, str):
            return close_in_parts(self.book, self._sums, shocked, impact, looked, close, fee)
        seen, start = impact, shocked
        if looked is not None:
            seen, start = Marked(impact, shocked, looked), mark_prices(looked, shocked)
        sales = Sales(self._sums, start, seen)
        order_free = is_order_free(self.book, impact, marks=marks)
        if schedule == "any" and order_free and self._takes_shortcut(seen, start):
            self._shortcut.run(sales, seen)
        else:
            SCHEDULES[schedule](sales, self._screen)
        path = sales.path
        if looked is not None:
            path = [shocked, *(prices_after(impact, shocked, sold) for sold in sales.totals[1:])]
        return Outcome(
            price=read_only(path[-1]), mark_price=read_only(sales.price), liquidated=_frozen(sales.dead),
            sold=read_only(sales.sold), rounds=len(path) - 1, order_free=order_free,
            stopped_at_zero=_frozen(sales.stopped), path=read_only(np.array(path)), died=_frozen(sales.died),
            book=self.book, impact=impact, passes=sales.passes, fund_fee=fee,
        )  # fmt: skip

    def sweep(
        self, shocked_prices: ArrayLike, impact: Impact, *, schedule: str = "any", close: str | Rule = "all",
        fund_fee: float = 0.0, marks: ArrayLike | None = None, executor: Executor | None = None, chunk: int = 16,
        accounts: bool = False, progress: Progress | None = None,
    ) -> Sweep:  # fmt: skip
        """Run a cascade for each of many shocks.

        Parameters
        ----------
        shocked_prices : (S, M) array_like  one row of prices a scenario, ≥ 0
        impact, schedule, close, fund_fee, marks   as in `run`
        executor : concurrent.futures.Executor or None   a pool of processes or the like; None: this process. Results do
                                            not depend on it
        chunk : int                         scenarios that travel together: a worker gets the book once a chunk
        accounts : bool                     True: also who was liquidated, S · N truth values
        progress : callable or None         is told how many scenarios are done, and how many there are

        Returns
        -------
        Sweep

        Raises
        ------
        ValueError                          there is no scenario, executor is none, chunk is no whole number ≥ 1, or as
                                            in `run`
        RuntimeError                        a worker failed or died; the message names its scenarios
        """
        shocked = non_negative("shocked_prices", shocked_prices)
        if shocked.ndim != 2 or shocked.shape[1] != self.book.assets or not shocked.size:
            raise ValueError(f"shocked_prices must be (S, {self.book.assets}) with S ≥ 1, got shape {shocked.shape}")
        if isinstance(chunk, bool) or not isinstance(chunk, (int, np.integer)) or chunk < 1:
            raise ValueError(f"chunk must be a whole number of at least 1, got {chunk!r}")
        if executor is not None and not callable(getattr(executor, "submit", None)):
            raise ValueError(f"executor must be a concurrent.futures.Executor or the like, got {executor!r}")
        self._check(shocked[0], impact, schedule, close, fund_fee, marks)
        options = {"schedule": schedule, "close": close, "fund_fee": fund_fee, "marks": marks}
        return sweep(
            self, shocked, impact, options=options, executor=executor, chunk=int(chunk), accounts=accounts,
            progress=progress,
        )  # fmt: skip

    def __reduce__(self) -> tuple[type[Solver], tuple[Book, Floats]]:
        """A worker is sent the book and the prices, and prepares them itself."""
        return Solver, (self.book, np.asarray(self.price))

    def _check(
        self, shocked: Floats, impact: Impact, schedule: str, close: str | Rule, fund_fee: float,
        marks: ArrayLike | None,
    ) -> float:  # fmt: skip
        """Refuse what `run` can not take, before a worker does; the fee as a number."""
        if schedule not in SCHEDULES:
            raise ValueError(f"schedule must be one of {', '.join(SCHEDULES)}, got {schedule!r}")
        checked_rule(close)
        if close != "all" and schedule not in ("any", "rounds"):
            raise ValueError(f"schedule must be any or rounds where accounts are closed in parts, got {schedule!r}")
        checked_impact(impact)
        prices_after(impact, shocked, np.zeros(shocked.size))
        shares("marks", marks, self.book.assets, 1)
        return single("fund_fee", fund_fee, fraction)

    def _takes_shortcut(self, impact: Impact, shocked: Floats) -> bool:
        """Whether the short way pays, and what it needs is defined: prices when all is sold, and a little more."""
        if len(self.book) < SMALL:
            return False
        try:
            prices_after(impact, shocked, (1 + 2 * SLACK) * self._sums.total(self._sums.all_rows))
        except ValueError:  # a pool can not sell more than it has
            return False
        return True


def is_order_free(book: Book, impact: Impact, *, marks: ArrayLike | None = None) -> bool:
    """Whether the hypotheses hold under which neither the order nor the batches of sales matter: all are checked.

    1. Every asset is held with one sign by all accounts that hold it.
    2. With S_k these signs, 0 where nobody holds an asset, and the marks 𝒲: S_i 𝒲_ij Λ_jk S_k ≥ 0 for all i, j, k. No
       sale helps another account through any market that it moves. Without marks that is S Λ S ≥ 0.
    3. Impact is a `Curve` of chapter 5: it counts the sum of all sales, and its prices fall in it and rise in the
       shocked price. The floor at zero keeps that.

    Parameters
    ----------
    book : Book
    impact : impact.Curve        another object that answers `price` is not known to be cumulative: False
    marks : (M, M) array_like or None  𝒲, as in `Solver.run`

    Returns
    -------
    bool

    Raises
    ------
    ValueError                   book is no `Book`, or the marks are no rows of M shares. A parameter of the impact that
                                 does not fit M assets: False, `Solver.run` tells

    Notes
    -----
    Chapter 9, theorem on order. The condition is sufficient, not necessary: with marks it is asked of each market j by
    itself, because one that stops at zero no longer makes good what another does. Proof of 2: a sale of S_k u_k ≥ 0
    more moves the price of market j by −Λ_jk S_k (S_k u_k), stopped at zero or not in that direction, so that S_i
    times the mark of i moves by a multiple ≥ 0 of −S_i 𝒲_ij Λ_jk S_k, for each j: it falls or stays.

    Examples
    --------
    >>> from cascadelab.impact import Linear
    >>> book = Book([100.0, -80.0], [[0.0, -1.0], [1.0, 0.0]])
    >>> is_order_free(book, Linear([1.0, 1.0])), is_order_free(book, Linear([[1.0, 0.9], [0.9, 1.0]]))
    (True, False)
    >>> is_order_free(book, Linear([1.0, 1.0]), marks=[[0.8, 0.2], [0.0, 1.0]])
    False
    """
    if not isinstance(book, Book):
        raise ValueError(f"book must be a contagion.Book, got {book!r}")
    looked = np.sign(shares("marks", marks, book.assets, 1))
    if not isinstance(impact, Curve) or np.isnan(book.signs).any():
        return False
    parameter, assets = np.asarray(getattr(impact, impact._name)), book.assets
    if parameter.shape not in ((), (1,), (assets,), (assets, assets)):
        return False
    moved = np.sign(parameter) if parameter.shape == (assets, assets) else np.eye(assets)
    return all(
        (np.outer(book.signs * looked[:, j], moved[j] * book.signs) >= 0).all() for j in range(assets)
    )  # fmt: skip


def _frozen(array: NDArray[Scalar]) -> NDArray[Scalar]:
    array.setflags(write=False)
    return array
