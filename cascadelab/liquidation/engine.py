"""The engine: one account, from the shock to the last cent, with its ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.impact.curve import Curve
from cascadelab.kit.validate import Floats, fraction, non_negative, positive_share, read_only, single
from cascadelab.liquidation.closing import Closing
from cascadelab.liquidation.ledger import Ledger
from cascadelab.thresholds.rounding import is_below

MOST_ROUNDS = 1000


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
    ending : str            "safe" (nothing to do), "healthy" (after a part), "closed", "no liquidator", or
                            "stopped" (after 1,000 bites, or when hardly a digit is left)
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
    first: Sequence[int] | None = None,
) -> Liquidation:  # fmt: skip
    """Liquidate one account in its own market, step by step, until it is healthy or empty.

    The account is liquidatable while its surplus c + Σ q p − m Σ |q| p is negative (by more than rounding). Then, round
    after round:

    - without `bonus`, the venue closes the position itself: the fraction `close_factor` of the value that is left, or,
      with a `target_rate`, the smallest part that brings the margin to the target (else everything);
    - with `bonus`, a liquidator repays the fraction `close_factor` of the debt, receives 1 + i times its value at the
      price before, and sells it. It comes only if the sale raises its repayment and `gas`.

    A part is taken of every asset alike, or of one after the other in the order `first`.
    All sales add up in the market (`Curve`), each is filled by `fill`. A fee of `liquidation_fee` of what was sold goes
    to the fund, but never more than the equity that is left. If the account is empty, its owner gets what remains, or
    the fund, with the fees it has just received, pays the bad debt as far as it reaches; the rest is the venue's, until
    chapter 11 shares it out.

    Parameters
    ----------
    market : Curve               impact of each asset on its own price, with one parameter for each or one for all;
                                 no matrix
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
    first : list of int          numbers of all assets, in the order in which they are sold; None: all alike

    Returns
    -------
    Liquidation                  with its `ledger`; see there

    Raises
    ------
    ValueError                   a value is outside its range, the shapes do not fit, two rules exclude each other, or a
                                 market can not serve what is sold or bought back

    Notes
    -----
    Chapter 6, "The engine". The 1,000th sale of a venue takes everything that is left; liquidators are stopped
    after 1,000 bites.

    Examples
    --------
    >>> from cascadelab.impact import Linear
    >>> end = liquidate(Linear([0.5, 0.2]), [75.0, 50.0], [10.0, 20.0], -1620.0, maintenance_rate=0.1)
    >>> walk = liquidate(Linear([0.5, 0.2]), [75.0, 50.0], [10.0, 20.0], -1620.0, maintenance_rate=0.1, fill="walk")
    >>> end.ending, f"{end.returned:.2f}", f"{walk.returned:.2f}", f"{end.ledger.imbalance:.0f}"
    ('closed', '0.00', '65.00', '0')
    """
    account = Closing(market, shocked_price, quantity, cash, maintenance_rate, fill=fill, bonus=bonus, first=first)
    f = single("close_factor", close_factor, positive_share)
    fee, reserve = single("liquidation_fee", liquidation_fee, fraction), single("fund", fund, non_negative)
    cost, least = single("gas", gas, non_negative), single("dust", dust, non_negative)
    if target_rate is not None:
        if bonus is not None or fee > 0 or f < 1:
            raise ValueError("target_rate does not go with bonus, liquidation_fee or close_factor")
        if single("target_rate", target_rate, fraction) < maintenance_rate:
            raise ValueError(f"target_rate must be at least maintenance_rate, got {target_rate:.12g}")
    if bonus is None and cost > 0:
        raise ValueError(f"gas is the cost of a liquidator and needs a bonus, got {cost:.12g}")
    ending, rounds = "safe", 0
    while account.liquidatable:
        if not account.held.any():
            ending = "closed"
            break
        if bonus is not None and rounds == MOST_ROUNDS:
            ending = "stopped"
            break
        part, repaid = account.next_step(f, target_rate)
        if (
            is_below((1 - part) * account.value, least, account.value)
            or (bonus is None and rounds == MOST_ROUNDS - 1)
            or account.value == 0
        ):
            part, repaid = account.next_step(1.0, None)
        if not account.pays(part, repaid + cost):
            ending = "no liquidator"
            break
        rounds += 1
        account.sell(part, repaid, rounds, fee)
        ending = "healthy"
        if bonus is not None and 0 < account.value < np.finfo(float).tiny:
            ending = "stopped"  # so little is left that its digits are gone, and with them the ratio
            break
        if target_rate is not None:
            break  # one sale is all it takes, or all there is
    closed = ending != "safe" and not account.held.any()
    returned, bad_debt, fund_paid = account.settle(rounds, reserve) if closed else (0.0, 0.0, 0.0)
    return Liquidation(
        read_only(account.price), read_only(account.sold), read_only(account.held), account.cash, bad_debt, fund_paid,
        bad_debt - fund_paid, returned, rounds, "closed" if closed else ending, account.book.close(),
    )  # fmt: skip
