"""An account while it is being closed: what it holds, its cash, and the ledger that is written."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.impact.curve import Curve
from cascadelab.kit.validate import Floats, finite, fraction, non_negative, single
from cascadelab.liquidation.bites import one_bite
from cascadelab.liquidation.ledger import LedgerBook
from cascadelab.liquidation.order import part_of
from cascadelab.liquidation.partial import one_account, part_to_target
from cascadelab.thresholds.rounding import is_below


class Closing:
    """The account of `liquidate`, which decides what is done to it; arguments and errors are its own.

    A step is a part of the value of everything that is held, and the debt that is repaid for it by a liquidator.

    >>> from cascadelab.impact import Linear
    >>> account = Closing(Linear(0.0), 100.0, 10.0, -950.0, 0.1, fill="end", bonus=0.05, first=None)
    >>> f"{account.surplus:.0f}", "{:.5f} {:.0f}".format(*account.next_step(0.5, None))
    ('-50', '0.49875 475')
    """

    def __init__(
        self, market: Curve, shocked_price: ArrayLike, quantity: ArrayLike, cash: float, maintenance_rate: float, *,
        fill: str, bonus: float | None, first: Sequence[int] | None,
    ) -> None:  # fmt: skip
        if fill not in ("end", "walk"):
            raise ValueError(f"fill must be 'end' or 'walk', got {fill!r}")
        self.market, self.fill, self.first = market, fill, first
        self.shocked, self.held = one_account(market, shocked_price, quantity, first)
        self.cash = single("cash", cash, finite)
        self.m = single("maintenance_rate", maintenance_rate, fraction)
        self.bonus = None if bonus is None else single("bonus", bonus, non_negative)
        if self.bonus is not None and (self.cash >= 0 or (self.held < 0).any()):
            raise ValueError("with a bonus the account must owe cash and hold collateral: cash < 0, quantity >= 0")
        self.sold = np.zeros_like(self.held)
        self.raised = np.zeros_like(self.held)  # of all sales so far, if they were one walk
        self.price = np.asarray(market.price(self.shocked, self.sold))
        self.fees, self.book = 0.0, LedgerBook(len(self.held))

    @property
    def value(self) -> float:
        """Market value of everything that is held or owed in units."""
        return float(np.sum(np.abs(self.held) * self.price))

    @property
    def surplus(self) -> float:
        """What the account has above its maintenance."""
        return self.cash + float(np.sum(self.held * self.price)) - self.m * self.value

    @property
    def liquidatable(self) -> bool:
        """Whether the surplus is below zero, by more than rounding."""
        return is_below(self.surplus, 0.0, max(abs(self.cash), self.value))

    def next_step(self, close_factor: float, target_rate: float | None) -> tuple[float, float]:
        """Part that is sold next, and the debt that a liquidator repays for it."""
        if self.bonus is not None:
            repaid, seized = one_bite(self.value, -self.cash, close_factor, self.bonus)
            return (1.0 if seized == self.value else seized / self.value), repaid
        if target_rate is None:
            return close_factor, 0.0
        part = part_to_target(
            self.market, self.shocked, self.held, self.cash, target_rate, fill=self.fill, first=self.first
        )
        return (part if part < 1 - 1e-9 else 1.0), 0.0  # everything, up to rounding, or where no part is enough (nan)

    def pays(self, part: float, cost: float) -> bool:
        """Whether a liquidator comes: the sale raises what it repays and spends, rounding apart."""
        return self.bonus is None or bool(self._raise(part)[1].sum() >= cost * (1 - 1e-12))

    def _raise(self, part: float) -> tuple[Floats, Floats, Floats]:
        """Units that make up a part, the cash of their sale, and what all sales would have raised on one walk."""
        units = part_of(self.held, self.price, np.asarray(part), self.first)
        total = self.sold + units
        if self.fill == "walk":
            walked = np.asarray(self.market.proceeds(self.shocked, total, fill="walk"))
            return units, walked - self.raised, walked
        return units, units * np.asarray(self.market.price(self.shocked, total)), self.raised

    def sell(self, part: float, repaid: float, number: int, fee: float) -> None:
        """Sell a part, by the venue or through a liquidator, and charge the fee."""
        units, cash, self.raised = self._raise(part)
        raised = float(cash.sum())
        if self.bonus is None:
            self.cash += raised
            self.book.enter(number, "sale", cash={"buyers": -raised, "venue": raised},
                            units={"trader": -units, "buyers": units})  # fmt: skip
        else:
            self.cash += repaid
            self.book.enter(number, "bite", cash={"liquidator": -repaid, "venue": repaid},
                            units={"trader": -units, "liquidator": units})  # fmt: skip
            self.book.enter(number, "sale", cash={"buyers": -raised, "liquidator": raised},
                            units={"liquidator": -units, "buyers": units})  # fmt: skip
        self.held, self.sold = self.held - units, self.sold + units
        self.price = np.asarray(self.market.price(self.shocked, self.sold))
        charged = min(fee * float(np.abs(cash).sum()), max(self.cash + float(np.sum(self.held * self.price)), 0.0))
        if charged > 0:
            self.cash -= charged
            self.fees += charged
            self.book.enter(number, "fee", cash={"venue": -charged, "fund": charged})

    def settle(self, number: int, fund: float) -> tuple[float, float, float]:
        """Pay the owner of an empty account, or let the fund pay its debt: returned, bad debt, paid by the fund."""
        returned, bad_debt = max(0.0, self.cash), max(0.0, -self.cash)
        fund_paid = min(fund + self.fees, bad_debt)
        if returned > 0:
            self.book.enter(number, "returned", cash={"venue": -returned, "trader": returned})
        if fund_paid > 0:
            self.book.enter(number, "fund pays", cash={"fund": -fund_paid, "venue": fund_paid})
        return returned, bad_debt, fund_paid
