"""Isolated against cross margin: one box a leg, or one half-space for all; and what sharing saves."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from cascadelab.kit.validate import finite, single
from cascadelab.portfolio.account import Account
from cascadelab.portfolio.prices import Prices, single_price


def isolated(account: Account, margins: Mapping[str, float]) -> dict[str, Account]:
    """Split an account into one account an asset, each with its own part of the cash.

    Parameters
    ----------
    account : Account            without fixed maintenance (it belongs to no single asset)
    margins : mapping of str to float   cash of each leg, numeraire; the legs' cash adds up to the account's

    Returns
    -------
    dict of str to Account       one leg an asset; if every leg is safe, so is the account (not conversely)

    Raises
    ------
    ValueError                   margins name other assets than the account holds, are not finite, or do not add up,
                                 or the account has fixed maintenance

    Notes
    -----
    Chapter 3, equation (3.10).

    Examples
    --------
    >>> from cascadelab.portfolio import Balance
    >>> x = Account(-1620.0, [Balance("A", 10, asset_weight=0.9), Balance("B", 20, asset_weight=0.9)])
    >>> legs = isolated(x, {"A": -810.0, "B": -810.0})
    >>> print(f"{legs['A'].liquidation_prices('A', {})[0]:.2f} {legs['B'].liquidation_prices('B', {})[0]:.2f}")
    90.00 45.00
    """
    if not isinstance(margins, Mapping):
        raise ValueError(f"margins must map each asset to its cash, got {margins!r}")
    if set(margins) != set(account.assets):
        raise ValueError(f"margins must name exactly the assets {list(account.assets)}, got {list(margins)}")
    if account.fixed_maintenance:
        raise ValueError(f"account must have no fixed_maintenance to be split, got {account.fixed_maintenance:.12g}")
    cash = {asset: single(f"margins[{asset!r}]", margins[asset], finite) for asset in account.assets}
    total = math.fsum(cash.values())
    if not math.isclose(total, account.cash, rel_tol=1e-9, abs_tol=1e-9 * max(map(abs, cash.values()), default=0.0)):
        raise ValueError(f"margins must add up to the account's cash {account.cash:.12g}, got {total:.12g}")
    return {asset: _leg(account, asset, cash[asset]) for asset in account.assets}


def required_margin(account: Account, prices: Prices, scenarios: Prices) -> float:
    """Equity that the account must have at `prices` to be safe there and in every scenario.

        R = max_s (E(p) − S(s))                   the worst loss plus the maintenance that is due there

    The account's own cash cancels: R belongs to what it holds.

    Parameters
    ----------
    account : Account
    prices : mapping of str to float              price now of each asset held, > 0
    scenarios : mapping of str to array_like      prices in the scenarios, > 0; entry s of every array is scenario s

    Returns
    -------
    float                        numeraire

    Raises
    ------
    ValueError                   a price is missing, not finite or not positive, a price now is not
                                 single, or shapes do not fit

    Notes
    -----
    Chapter 3, "Margin efficiency". The prices themselves are always among the scenarios.

    Examples
    --------
    >>> from cascadelab.portfolio import Balance
    >>> book = Account(0.0, [Balance("A", 10, asset_weight=0.9), Balance("B", 20, asset_weight=0.9)])
    >>> print(f"{required_margin(book, {'A': 100.0, 'B': 50.0}, {'A': [75.0, 100.0], 'B': [50.0, 40.0]}):.2f}")
    425.00
    """
    now = {asset: single_price(prices, asset) for asset in account.assets}
    worst = np.min(account.surplus(scenarios), initial=float(account.surplus(now)))
    return float(account.equity(now) - worst)


def margin_efficiency(account: Account, prices: Prices, scenarios: Prices) -> float:
    """Part of the isolated legs' margin that cross margin does not need: 1 − R_cross / Σ_a R_a.

    Parameters are those of `required_margin`.

    Returns
    -------
    float                        fraction; 0 where one scenario is the worst for every leg, or no leg needs margin

    Raises
    ------
    ValueError                   as for `required_margin`, or the legs' margins add up to less than nothing, which
                                 takes a tier table that starts below zero

    Notes
    -----
    Chapter 3, equation (3.14), today's prices being one of the scenarios. The worst of a sum is at most the sum of
    the worsts, so it is never negative.

    Examples
    --------
    >>> from cascadelab.portfolio import Balance
    >>> book = Account(0.0, [Balance("A", 10, asset_weight=0.9), Balance("B", 20, asset_weight=0.9)])
    >>> print(f"{margin_efficiency(book, {'A': 100.0, 'B': 50.0}, {'A': [75.0, 100.0], 'B': [50.0, 40.0]}):.4f}")
    0.2975
    """
    legs = [_leg(account, asset, 0.0) for asset in account.assets]
    alone = account.fixed_maintenance + math.fsum(required_margin(leg, prices, scenarios) for leg in legs)
    if alone < 0:
        raise ValueError(f"account must hold legs that require margin, got {alone:.12g} in all")
    return 1 - required_margin(account, prices, scenarios) / alone if alone else 0.0


def _leg(account: Account, asset: str, cash: float) -> Account:
    return Account(
        cash,
        tuple(b for b in account.balances if b.asset == asset),
        tuple(p for p in account.positions if p.asset == asset),
    )
