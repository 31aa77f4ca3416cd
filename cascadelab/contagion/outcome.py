"""What a cascade did to a book: prices, who was liquidated, what was sold, and the ledger under a stated fill rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cascadelab.contagion.book import Book, rows_at
from cascadelab.contagion.waterfall import Waterfall, pay
from cascadelab.kit.validate import Floats
from cascadelab.liquidation.ledger import Ledger, LedgerBook

FILLS = ("end", "walk", "step")


class Impact(Protocol):
    """What the engine asks of an impact: prices after a cumulative sale, and whether zero stopped one."""

    def price(self, shocked_price: ArrayLike, sold: ArrayLike) -> float | Floats:
        """Prices after the sale."""

    def stops_at_zero(self, shocked_price: ArrayLike, sold: ArrayLike) -> bool | NDArray[np.bool_]:
        """Whether a price was stopped at zero."""

    def average_price(self, shocked_price: ArrayLike, sold: ArrayLike, *, fill: str = "end") -> float | Floats:
        """Price that a unit is paid on average."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """The end of a cascade.

    price : (M,)                 at the end, traded: at these a sale is paid
    mark_price : (M,)            at the end, those at which accounts are judged; the same unless `marks` were given
    liquidated : (N,) bool       who was liquidated
    sold : (M,)                  units that the liquidated held, all of them sold; negative = bought back
    rounds : int                 steps in which somebody was sold; with schedule "rounds" the synchronous rounds
    order_free : bool            True: the hypotheses were checked under which every order and every batch ends here.
                                 False: they do not hold, and another schedule may end elsewhere
    stopped_at_zero : (M,) bool  traded prices that impact would have taken below zero at some step; in an order-free
                                 book the same for every schedule where the price counts in a mark of what is held
    path : (rounds + 1, M)       traded prices from the shock on, after each step
    died : (N,) int              step in which an account was sold, from 1 on; 0 = never
    passes : float               read passes over the book that it took; one is a product of all weights with prices.
                                 Products with the sample and with a part count as the share of rows that they read
    fund_fee : float             fee of a forced sale that goes to the insurance fund, fraction of its notional

    `ledger` is the ledger if every unit is paid the price at the end, `settle` has the other fill rules.

    >>> from cascadelab.contagion import Solver
    >>> from cascadelab.impact import Linear
    >>> book = Book([-1620.0, -1269.0, -650.0], [[10, 20], [0, 30], [5, 10]], asset_weight=0.9)
    >>> end = Solver(book, [100.0, 50.0]).run([75.0, 50.0], Linear([0.5, 0.2]))
    >>> end.price.tolist(), end.liquidated.tolist(), end.rounds, end.order_free
    ([70.0, 40.0], [True, True, False], 2, True)
    >>> f"{end.bad_debt('end'):.2f} {end.bad_debt('step'):.2f} {end.bad_debt('walk'):.2f}"
    '189.00 69.00 0.00'
    """

    price: Floats
    mark_price: Floats
    liquidated: NDArray[np.bool_]
    sold: Floats
    rounds: int
    order_free: bool
    stopped_at_zero: NDArray[np.bool_]
    path: Floats
    died: NDArray[np.int32]
    book: Book
    impact: Impact
    passes: float
    fund_fee: float

    _own_fill: ClassVar[str] = "end"

    @property
    def closed(self) -> NDArray[np.bool_]:
        """Who has nothing left, (N,): with whole accounts the same as `liquidated`."""
        return self.died > 0

    @property
    def ledger(self) -> Ledger:
        """Ledger with every unit paid the price at the end, whenever it was sold."""
        return self.settle(self._own_fill)

    def settle(self, fill: str) -> Ledger:
        """Ledger of the cascade: the sale of each step, and what is given back to the owners after it.

        Parameters
        ----------
        fill : {"end", "walk", "step"}  every unit is paid the price at the end of the cascade; the average along the
                                 walk of the impact curve from the shocked price; or the price after its own step.
                                 With the first two the end does not depend on the order of sales, provided that the
                                 book is order-free (and, for a walk, that a matrix of impact is symmetric). "step"
                                 belongs to one schedule: of "any", whose steps depend on the size of the book, it says
                                 little; run "rounds" for it

        The venue keeps what repays the debt of an account. What is missing is bad debt: the venue received it less.
        The fee is a part of the notional that was sold, at the price that it was paid, but never more than the account
        has left after its sale.
        """
        _hold_fill(fill)
        book = LedgerBook(self.price.size)
        quantity = np.asarray(self.book.quantity)
        for step in range(1, self.rounds + 1):
            rows = np.flatnonzero(self.died == step)
            units = np.array([quantity[rows, k].sum() for k in range(self.price.size)])
            paid = float(units @ self._paid(fill, step))
            worth, fees = self._settled(fill, step, rows)
            left, fee = float(np.maximum(worth, 0.0).sum()), float(fees.sum())
            book.enter(step, "sale", cash={"buyers": -paid, "venue": paid}, units={"trader": -units, "buyers": units})
            if self.fund_fee:
                book.enter(step, "fee", cash={"venue": -fee, "fund": fee})
            book.enter(step, "returned", cash={"venue": -left, "trader": left})
        return book.close()

    def left(self, fill: str) -> Floats:
        """What each liquidated account is worth after sale and fee, (N,), by fill rule: negative = bad debt; else 0."""
        return self._by_account(fill)[0]

    def fees(self, fill: str) -> Floats:
        """Fee that each account pays to the insurance fund, (N,), by fill rule; numeraire."""
        return self._by_account(fill)[1]

    def bad_debt(self, fill: str) -> float:
        """Debt that the sales do not pay, all accounts together; numeraire. Parameters are those of `settle`."""
        return float(np.maximum(-self.left(fill), 0.0).sum())

    def waterfall(self, fund: float, *, venue_capital: float = 0.0, fill: str | None = None) -> Waterfall:
        """Who pays the bad debt, all accounts taken as those of one venue.

        Parameters
        ----------
        fund : float             money in the insurance fund before the cascade, numeraire, ≥ 0; fees come on top
        venue_capital : float    what the venue itself would pay, numeraire, ≥ 0
        fill : str or None       as in `settle`; None: that of `ledger`

        Of several platforms, run each by itself if what is lost on one may not be paid by the fund of another: prices
        join platforms, funds do not.
        """
        rule = self._own_fill if fill is None else fill
        return pay(self.bad_debt(rule), fund=fund, fees=float(self.fees(rule).sum()), venue_capital=venue_capital)

    def _by_account(self, fill: str) -> tuple[Floats, Floats]:
        """What is left to each account, and the fee that it paid."""
        _hold_fill(fill)
        left, fees = np.zeros(self.died.size), np.zeros(self.died.size)
        for step in range(1, self.rounds + 1):
            rows = np.flatnonzero(self.died == step)
            left[rows], fees[rows] = self._settled(fill, step, rows)
        return left, fees

    def _paid(self, fill: str, step: int) -> Floats:
        if fill == "walk":
            return np.asarray(self.impact.average_price(self.path[0], self.sold, fill="walk"))
        return self.price if fill == "end" else self.path[step]

    def _settled(self, fill: str, step: int, rows: NDArray[np.intp]) -> tuple[Floats, Floats]:
        cash, quantity = np.asarray(self.book.cash)[rows], np.asarray(self.book.quantity)[rows]
        paid = self._paid(fill, step)
        worth = rows_at(cash, quantity, paid)
        fee = charged(self.fund_fee, quantity, paid, worth)
        return worth - fee, fee


def charged(fund_fee: float, sold: Floats, paid: Floats, worth: Floats) -> Floats:
    """Fee on the notional that accounts sold, (n,), as far as they are worth something after their sale."""
    if not fund_fee:
        return np.zeros(worth.size)
    return np.minimum(fund_fee * rows_at(np.zeros(worth.size), np.abs(sold), paid), np.maximum(worth, 0.0))


def _hold_fill(fill: str) -> None:
    if fill not in FILLS:
        raise ValueError(f"fill must be one of {', '.join(FILLS)}, got {fill!r}")


def checked_impact(impact: object) -> None:
    """Raise a ValueError unless `impact` answers what the engine asks."""
    if not all(callable(getattr(impact, call, None)) for call in ("price", "stops_at_zero")):
        raise ValueError(f"impact must be a curve of chapter 5 or answer its calls, got {impact!r}")
