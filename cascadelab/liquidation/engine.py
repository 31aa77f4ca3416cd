"""The engine: one account, from the shock to the last cent, with its ledger."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.impact.curve import Curve
from cascadelab.kit.validate import (
    Floats,
    broadcast,
    finite,
    fraction,
    non_negative,
    positive,
    positive_share,
    read_only,
    single,
)
from cascadelab.liquidation.ledger import Ledger, LedgerBook
from cascadelab.liquidation.partial import sale_to_target


@dataclass(frozen=True, eq=False)
class Liquidation:
    """What became of an account.

    price : (K,)            prices after the last sale
    sold : (K,)             units sold in all; negative = bought back
    left : (K,)             units that are still in the account
    cash : float            cash of the account before the owner is paid or the fund steps in; negative = debt
    bad_debt : float        debt that nobody has paid although everything is sold, before the fund
    fund_paid, unpaid : float   the parts of it that the fund pays, and that is left to the venue
    returned : float        cash that goes back to the owner of a closed account
    rounds : int            number of sales
    ending : str            "safe" (nothing to do), "healthy" (after a part), "closed", or "no liquidator"
    ledger : Ledger         cash and units of every party at every step

    >>> from cascadelab.impact import Linear
    >>> done = liquidate(Linear(0.2), 46.0, 30.0, -1269.0, maintenance_rate=0.1, fund=20.0)
    >>> f"{done.bad_debt:.2f}", f"{done.unpaid:.2f}", f"{done.ledger.total('venue'):.2f}"
    ('69.00', '49.00', '1220.00')
    """

    price: Floats
    sold: Floats
    left: Floats
    cash: float
    bad_debt: float
    fund_paid: float
    unpaid: float
    returned: float
    rounds: int
    ending: str
    ledger: Ledger


def liquidate(
    market: Curve, shocked_price: ArrayLike, quantity: ArrayLike, cash: float, *, maintenance_rate: float,
    fill: str = "end", close_factor: float = 1.0, target_rate: float | None = None, bonus: float | None = None,
    liquidation_fee: float = 0.0, fund: float = 0.0, gas: float = 0.0, dust: float = 0.0,
) -> Liquidation:  # fmt: skip
    """Liquidate one account in its own market, step by step, until it is healthy or empty.

    The account is liquidatable while its surplus c + Σ q p − m Σ |q| p is negative. Then, round after round:

    - without `bonus`, the venue closes the position itself: the fraction `close_factor` of what is left of every asset,
      or, with a `target_rate`, the smallest fraction that brings the margin to the target (else everything);
    - with `bonus`, a liquidator repays the fraction `close_factor` of the debt, receives 1 + i times its value at the
      price before, and sells it. It comes only if the sale raises its repayment and `gas`.

    All sales add up in the market (`Curve`), each is filled by `fill`. A fee of `liquidation_fee` of what was sold goes
    to the fund, but never more than the equity that is left. If the account is empty, its owner gets what remains, or
    the fund, with the fees it has just received, pays the bad debt as far as it reaches; the rest is the venue's, until
    chapter 11 shares it out.

    Parameters
    ----------
    market : Curve               impact of each asset on its own price, with one parameter for each or one for all
    shocked_price : array_like   prices after the shock, one for each asset, > 0
    quantity : array_like        signed units of each asset: a number or a list; with a bonus not negative
    cash : float                 numeraire; negative = debt. With a bonus negative
    maintenance_rate : float     m, fraction, the same for all assets; a loan's asset weight is 1 − m
    fill : str                   "end" or "walk"
    close_factor : float         in (0, 1]
    target_rate : float          margin at which a venue stops selling, fraction, ≥ m; None: no target. Alone: neither a
                                 bonus nor a fee nor a close factor goes with it
    bonus : float                i, fraction, ≥ 0; None: the venue sells
    liquidation_fee : float      fraction of what is sold
    fund : float                 money in the insurance fund, numeraire, ≥ 0
    gas : float                  what it costs a liquidator to act, numeraire, ≥ 0; needs a bonus, not in the ledger
    dust : float                 a step that would leave less than this value of assets takes all of it, numeraire, ≥ 0;
                                 a liquidator takes no more than 1 + i times the debt

    Returns
    -------
    Liquidation                  with its `ledger`; see there

    Raises
    ------
    ValueError                   a value is outside its range, the shapes do not fit, or two rules exclude each other

    Notes
    -----
    Chapter 6, "The engine". After 1,000 rounds everything that is left is sold.

    Examples
    --------
    >>> from cascadelab.impact import Linear
    >>> end = liquidate(Linear([0.5, 0.2]), [75.0, 50.0], [10.0, 20.0], -1620.0, maintenance_rate=0.1)
    >>> walk = liquidate(Linear([0.5, 0.2]), [75.0, 50.0], [10.0, 20.0], -1620.0, maintenance_rate=0.1, fill="walk")
    >>> end.ending, f"{end.returned:.2f}", f"{walk.returned:.2f}", f"{end.ledger.imbalance:.0f}"
    ('closed', '0.00', '65.00', '0')
    """
    account = _Account(market, shocked_price, quantity, cash, maintenance_rate, fill, bonus)
    f = single("close_factor", close_factor, positive_share)
    fee, reserve = single("liquidation_fee", liquidation_fee, fraction), _money("fund", fund)
    cost, least = _money("gas", gas), _money("dust", dust)
    if target_rate is not None:
        if bonus is not None or fee > 0 or f < 1:
            raise ValueError("target_rate does not go with bonus, liquidation_fee or close_factor")
        if single("target_rate", target_rate, fraction) < maintenance_rate:
            raise ValueError(f"target_rate must be at least maintenance_rate, got {target_rate:.12g}")
    if bonus is None and cost > 0:
        raise ValueError(f"gas is the cost of a liquidator and needs a bonus, got {cost:.12g}")
    ending, rounds = "safe", 0
    while account.surplus < 0:
        if not account.held.any():
            ending = "closed"
            break
        if bonus is not None:
            part = account.part_for(f * -account.cash)
        elif target_rate is not None:
            part = account.part_to(target_rate)
        else:
            part = f
        if (1 - part) * account.value < least or rounds == 999 or account.value == 0:
            part = 1.0
        if bonus is not None:
            part = min(part, account.part_for(-account.cash))
        if bonus is not None and not account.pays(part, cost):
            ending = "no liquidator"
            break
        rounds += 1
        account.sell(part, rounds, fee)
        ending = "healthy"
        if target_rate is not None:
            break  # one sale is all it takes, or all there is
    return account.settle(ending, rounds, reserve)


class _Account:
    """The account while it is liquidated: what it holds, its cash, and the ledger that is written."""

    def __init__(
        self, market: Curve, shocked_price: ArrayLike, quantity: ArrayLike, cash: float, maintenance_rate: float,
        fill: str, bonus: float | None,
    ) -> None:  # fmt: skip
        if fill not in ("end", "walk"):
            raise ValueError(f"fill must be 'end' or 'walk', got {fill!r}")
        self.market, self.fill = market, fill
        self.held = np.array(np.atleast_1d(finite("quantity", quantity)))
        if self.held.ndim != 1:
            raise ValueError(f"quantity must be a number or a list, got an array of shape {self.held.shape}")
        self.shocked, _ = broadcast(shocked_price=positive("shocked_price", shocked_price), quantity=self.held)
        if self.shocked.shape != self.held.shape:
            raise ValueError(
                f"the shapes do not broadcast: shocked_price {self.shocked.shape}, quantity {self.held.shape}"
            )
        self.cash = single("cash", cash, finite)
        self.m = single("maintenance_rate", maintenance_rate, fraction)
        self.bonus = None if bonus is None else single("bonus", bonus, non_negative)
        if self.bonus is not None and (self.cash >= 0 or (self.held < 0).any()):
            raise ValueError("with a bonus the account must owe cash and hold collateral: cash < 0, quantity >= 0")
        self.sold = np.zeros_like(self.held)
        self.raised = np.zeros_like(self.held)  # of all sales so far, if they were one walk
        self.price = np.asarray(market.price(self.shocked, self.sold))
        if self.price.shape != self.held.shape:
            raise ValueError(f"market has parameters of shape {self.price.shape}, but quantity has {self.held.shape}")
        self.fees, self.book = 0.0, LedgerBook(len(self.held))

    @property
    def value(self) -> float:
        return float(np.sum(np.abs(self.held) * self.price))

    @property
    def surplus(self) -> float:
        return self.cash + float(np.sum(self.held * self.price)) - self.m * self.value

    def part_for(self, repaid: float) -> float:
        """Fraction of the collateral that a repayment buys with the bonus."""
        wanted = (1 + (self.bonus or 0.0)) * repaid
        return wanted / self.value if wanted < self.value else 1.0

    def part_to(self, target_rate: float) -> float:
        """Fraction after whose sale the margin is the target; 1 if there is none."""
        units = np.atleast_1d(
            sale_to_target(self.market, self.shocked, self.held, self.cash, target_rate, fill=self.fill)
        )
        largest = int(np.abs(self.held).argmax())
        part = float(units[largest] / self.held[largest])
        return part if part < 1 - 1e-9 else 1.0  # nan, where no sale reaches the target: everything

    def pays(self, part: float, gas: float) -> bool:
        """Whether the sale raises what the liquidator repays, and its cost; rounding apart."""
        raised, _ = self._raise(part)
        return bool(raised.sum() >= (self._repaid(part) + gas) * (1 - 1e-12))

    def _repaid(self, part: float) -> float:
        """Debt that is credited for a part of the collateral."""
        return min(part * self.value / (1 + (self.bonus or 0.0)), -self.cash)

    def _raise(self, part: float) -> tuple[Floats, Floats]:
        """Cash from the sale of a part of what is held, and what all sales would have raised on one walk."""
        units = part * self.held
        total = self.sold + units
        if self.fill == "walk":
            walked = np.asarray(self.market.proceeds(self.shocked, total, fill="walk"))
            return walked - self.raised, walked
        return units * np.asarray(self.market.price(self.shocked, total)), self.raised

    def sell(self, part: float, number: int, fee: float) -> None:
        """Sell a part of everything, by the venue or through a liquidator."""
        units = self.held if part == 1.0 else part * self.held
        cash, self.raised = self._raise(part)
        raised = float(cash.sum())
        if self.bonus is None:
            self.cash += raised
            self.book.enter(number, "sale", cash={"buyers": -raised, "venue": raised},
                            units={"trader": -units, "buyers": units})  # fmt: skip
        else:
            repaid = self._repaid(part)
            self.cash += repaid
            self.book.enter(number, "bite", cash={"liquidator": -repaid, "venue": repaid},
                            units={"trader": -units, "liquidator": units})  # fmt: skip
            self.book.enter(number, "sale", cash={"buyers": -raised, "liquidator": raised},
                            units={"liquidator": -units, "buyers": units})  # fmt: skip
        self.held, self.sold = (0.0 * self.held if part == 1.0 else self.held - units), self.sold + units
        self.price = np.asarray(self.market.price(self.shocked, self.sold))
        charged = min(fee * float(np.abs(cash).sum()), max(self.cash + float(np.sum(self.held * self.price)), 0.0))
        if charged > 0:
            self.cash -= charged
            self.fees += charged
            self.book.enter(number, "fee", cash={"venue": -charged, "fund": charged})

    def settle(self, ending: str, rounds: int, fund: float) -> Liquidation:
        """Pay the owner of a closed account, or let the fund pay its debt."""
        closed = ending != "safe" and not self.held.any()
        returned, bad_debt = (max(0.0, self.cash), max(0.0, -self.cash)) if closed else (0.0, 0.0)
        fund_paid = min(fund + self.fees, bad_debt)
        if returned > 0:
            self.book.enter(rounds, "returned", cash={"venue": -returned, "trader": returned})
        if fund_paid > 0:
            self.book.enter(rounds, "fund pays", cash={"fund": -fund_paid, "venue": fund_paid})
        return Liquidation(
            read_only(self.price), read_only(self.sold), read_only(self.held), self.cash, bad_debt, fund_paid,
            bad_debt - fund_paid, returned, rounds, "closed" if closed else ending, self.book.close(),
        )  # fmt: skip


def _money(name: str, value: float) -> float:
    return single(name, value, non_negative)
