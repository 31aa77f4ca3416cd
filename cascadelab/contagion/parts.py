"""Rounds in which accounts are closed in parts: who is below zero sells what a rule says, and perhaps again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from cascadelab.contagion.book import Book, rows_at
from cascadelab.contagion.closing import Positions, Rule, checked_parts
from cascadelab.contagion.exact import ExactSums
from cascadelab.contagion.marked import mark_prices
from cascadelab.contagion.outcome import Impact, Outcome, charged
from cascadelab.contagion.sales import prices_after
from cascadelab.kit.validate import Floats, read_only
from cascadelab.liquidation.engine import MOST_ROUNDS
from cascadelab.liquidation.ledger import Ledger, LedgerBook


@dataclass(frozen=True, eq=False)
class PartialOutcome(Outcome):
    """The end of a cascade in which accounts are closed in parts: an `Outcome`, with the differences below.

    liquidated : (N,) bool       who had to sell, in part or whole; `closed` is who has nothing left
    sold : (M,)                  units that were sold in all
    order_free : bool            always False: for partial rules nothing is proved
    died : (N,) int              round in which an account was closed, whole; 0 = never
    cash : (N,)                  cash of each account at the end, before its owner is paid; of a closed one negative =
                                 bad debt
    held : (N, M)                units that each account has left
    times : (N,) int             how many times it had to sell
    paid_fees : (N,)             fees that it paid to the insurance fund

    Where whole accounts are order-free, whoever has to sell here would be liquidated there too, and every price ends
    there or on the side that is better for those who hold the asset, whatever the rule, its fee and the marks (with
    marks, every mark). Proof: as long as only the accounts L that are lost there have sold, no more than they hold,
    prices are no worse than at that end, where all of it is sold. Nobody else has sold, so whoever is not in L has the
    surplus there or more: it is not below zero, and does not sell in the next round either. Without fee and marks, bad
    debt is thus no larger than there at "end"; it may be larger than there at "step", since what is sold late is paid
    late. In other books all of this may fail.

    The only fill rule is "step": each round is paid the prices after it, and the cash decides who is below zero next.

    >>> from cascadelab.contagion import CloseFactor, Solver
    >>> from cascadelab.impact import Linear
    >>> book = Book([-1620.0, -1269.0, -650.0], [[10, 20], [0, 30], [5, 10]], asset_weight=0.9)
    >>> end = Solver(book, [100.0, 50.0]).run([75.0, 50.0], Linear([0.5, 0.2]), close=CloseFactor(0.5))
    >>> end.liquidated.tolist(), end.closed.tolist(), end.times.tolist(), end.price.tolist()
    ([True, False, False], [False, False, False], [2, 0, 0], [71.25, 47.0])
    """

    cash: Floats
    held: Floats
    times: NDArray[np.int32]
    paid_fees: Floats
    steps: Ledger

    _own_fill: ClassVar[str] = "step"

    def settle(self, fill: str) -> Ledger:
        """Ledger of the cascade: each round's sale and fee, and what the owners of closed accounts are given back."""
        _hold_step(fill)
        return self.steps

    def left(self, fill: str) -> Floats:
        """What each closed account is worth after its last sale, (N,): negative = bad debt; 0 for those still open."""
        _hold_step(fill)
        return np.where(self.closed, self.cash, 0.0)

    def fees(self, fill: str) -> Floats:
        """Fee that each account paid to the insurance fund, (N,); numeraire."""
        _hold_step(fill)
        return self.paid_fees


def close_in_parts(
    book: Book, sums: ExactSums, shocked: Floats, impact: Impact, marks: Floats | None, close: Rule, fund_fee: float
) -> PartialOutcome:  # fmt: skip
    """Round after round, all accounts below zero sell the parts that the rule says, together.

    Each unit of a round is paid the traded price after the round, and that cash belongs to its account. The fee is
    taken from what the account is then worth at traded prices, never more. Ends with nobody below zero who holds
    anything: whoever has to sell for the 1,000th time sells everything, so there are at most 1,000 N rounds.

    What is sold is added up without rounding, as for whole accounts, so that no part of it has a larger sum than all.
    """
    cash, held, weights = np.array(book.cash), np.array(book.quantity, order="F"), np.array(book.weights, order="F")
    number, assets = held.shape
    weight = np.divide(weights, held, out=np.zeros((number, assets), order="F"), where=held != 0)
    quantity, ledger, fees = np.asarray(book.quantity), LedgerBook(assets), np.zeros(number)
    died, times = (np.zeros(number, dtype=np.int32) for _ in range(2))
    price, total, stopped, path = shocked, np.zeros(assets), np.zeros(assets, dtype=bool), [shocked]
    while True:
        mark = price if marks is None else mark_prices(marks, price)
        rows = np.flatnonzero((rows_at(cash, weights, mark) < 0) & (died == 0))
        if not rows.size:
            break
        step, there = len(path), held[rows]
        left = np.divide(there, quantity[rows], out=np.zeros(there.shape), where=there != 0)
        part = checked_parts(close, Positions(cash[rows], there * mark, weights[rows] * mark, left, fund_fee))
        part[times[rows] == MOST_ROUNDS - 1] = 1.0
        units = there * part
        rest = there - units
        held[rows], weights[rows] = rest, rest * weight[rows]
        times[rows] += 1
        gone = np.flatnonzero(times)
        total = sums.total(sums._of((quantity[gone] - held[gone]).T))
        price = prices_after(impact, shocked, total)
        stopped |= np.asarray(impact.stops_at_zero(shocked, total))
        path.append(price)
        after = rows_at(cash[rows], units, price)
        fee = charged(fund_fee, units, price, rows_at(after, rest, price))
        cash[rows] = after - fee
        fees[rows] += fee
        empty = rows[~rest.any(axis=1)]
        died[empty] = step
        moved = units.sum(axis=0)
        raised, given = float(moved @ price), float(np.maximum(cash[empty], 0.0).sum())
        ledger.enter(step, "sale", cash={"buyers": -raised, "venue": raised}, units={"trader": -moved, "buyers": moved})
        if fund_fee:
            ledger.enter(step, "fee", cash={"venue": -float(fee.sum()), "fund": float(fee.sum())})
        ledger.enter(step, "returned", cash={"venue": -given, "trader": given})
    liquidated = times > 0
    for array in (liquidated, died, times, stopped):
        array.setflags(write=False)
    return PartialOutcome(
        price=read_only(price), mark_price=read_only(mark), liquidated=liquidated, sold=read_only(total),
        rounds=len(path) - 1, order_free=False, stopped_at_zero=stopped, path=read_only(np.array(path)), died=died,
        book=book, impact=impact, passes=float(len(path)), fund_fee=fund_fee, cash=read_only(cash),
        held=read_only(held), times=times, paid_fees=read_only(fees), steps=ledger.close(),
    )  # fmt: skip


def _hold_step(fill: str) -> None:
    if fill != "step":
        raise ValueError(f"fill must be 'step' where accounts are closed in parts: their cash is paid so, got {fill!r}")
