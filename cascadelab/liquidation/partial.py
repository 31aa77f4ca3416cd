"""How much of a position is closed until its account is safe again: at a constant price, and when the sale moves it."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.impact.curve import Curve
from cascadelab.kit.validate import Floats, broadcast, finite, fraction, non_negative, positive, scalar_or_array

GRID = np.linspace(0.0, 1.0, 1025)


def quantity_to_cover(
    shortage: ArrayLike, price: ArrayLike, maintenance_rate: ArrayLike, *, liquidation_fee: ArrayLike = 0.0,
    fund_fee: ArrayLike = 0.0, quote_price: ArrayLike = 1.0,
) -> float | Floats:  # fmt: skip
    """Units of a position to close, at a constant price, until the missing margin is freed.

        u = S₋ / (p_quote p (m − f_liq) − p f_F)

    A closed unit frees its maintenance m p and costs two fees.

    Parameters
    ----------
    shortage : array_like          S₋, margin that is missing, numeraire, ≥ 0
    price : array_like             numeraire per unit, > 0
    maintenance_rate : array_like  m, fraction
    liquidation_fee : array_like   f_liq, fraction of notional, to the liquidator
    fund_fee : array_like          f_F, fraction of notional, to the insurance fund
    quote_price : array_like       price of the coin in which margin is counted, > 0

    Returns
    -------
    ndarray or float             units; nan where a closed unit frees no more than it costs

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Derived in chapter 6, equation (6.12); `theory.quantity_to_cover` is the symbolic twin. Drift's rule for perpetuals.

    Examples
    --------
    >>> print(f"{quantity_to_cover(10.0, 100.0, 0.1, liquidation_fee=0.01, fund_fee=0.01):.4f}")
    1.2500
    """
    missing, p, m, f, f_fund, p_quote = broadcast(
        shortage=non_negative("shortage", shortage),
        price=positive("price", price),
        maintenance_rate=fraction("maintenance_rate", maintenance_rate),
        liquidation_fee=fraction("liquidation_fee", liquidation_fee),
        fund_fee=fraction("fund_fee", fund_fee),
        quote_price=positive("quote_price", quote_price),
    )
    return scalar_or_array(_where_positive(missing, p_quote * p * (m - f) - p * f_fund))


def debt_to_cover(
    shortage: ArrayLike, price: ArrayLike, asset_weight: ArrayLike, liability_weight: ArrayLike, *,
    bonus: ArrayLike = 0.0, fund_fee: ArrayLike = 0.0,
) -> float | Floats:  # fmt: skip
    """Units of debt to repay, against collateral worth 1 + i times as much, until the missing margin is freed.

        D = S₋ / (p (h̄ − h (1 + i)) − p f_F h̄)

    Parameters
    ----------
    shortage : array_like          S₋, weighted collateral that is missing, numeraire, ≥ 0
    price : array_like             price of the debt asset, > 0
    asset_weight : array_like      h of the collateral, ≥ 0
    liability_weight : array_like  h̄ of the debt, > 0
    bonus : array_like             i, fraction, ≥ 0
    fund_fee : array_like          f_F, fraction of the debt, to the insurance fund

    Returns
    -------
    ndarray or float             units; nan where repaying does not help

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, venue rules. Drift's rule for borrows; with h̄ = 1 and no fee it is `repay_to_target` at a target of 1.

    Examples
    --------
    >>> print(f"{debt_to_cover(10.0, 100.0, 0.8, 1.2):.4f}")
    0.2500
    """
    missing, p, h, h_bar, i, f_fund = broadcast(
        shortage=non_negative("shortage", shortage),
        price=positive("price", price),
        asset_weight=non_negative("asset_weight", asset_weight),
        liability_weight=positive("liability_weight", liability_weight),
        bonus=non_negative("bonus", bonus),
        fund_fee=fraction("fund_fee", fund_fee),
    )
    return scalar_or_array(_where_positive(missing, p * (h_bar - h * (1 + i)) - p * f_fund * h_bar))


def with_exit_buffer(
    equity: ArrayLike, maintenance: ArrayLike, notional: ArrayLike, profit: ArrayLike, exit_buffer: ArrayLike
) -> tuple[float | Floats, float | Floats]:
    """Equity and requirement by which a venue decides that a liquidation may end: E + b min(U, 0) and M + b N.

    Parameters
    ----------
    equity : array_like          E, numeraire
    maintenance : array_like     M, numeraire, ≥ 0
    notional : array_like        N of what is owed or held on margin, numeraire, ≥ 0
    profit : array_like          U, unrealised profit, numeraire; only a loss counts
    exit_buffer : array_like     b, fraction

    Returns
    -------
    tuple                        both numbers; the liquidation ends when the first is at least the second

    Raises
    ------
    ValueError                   a value is outside its range or not finite

    Notes
    -----
    Chapter 6, venue rules. Drift's rule.

    Examples
    --------
    >>> print("{:.0f} {:.0f}".format(*with_exit_buffer(-900.0, 1000.0, 10_000.0, -1000.0, 0.1)))
    -1000 2000
    """
    b = fraction("exit_buffer", exit_buffer)
    value = finite("equity", equity) + b * np.minimum(finite("profit", profit), 0.0)
    need = non_negative("maintenance", maintenance) + b * non_negative("notional", notional)
    return scalar_or_array(np.asarray(value)), scalar_or_array(np.asarray(need))


def surplus_after_sale(
    market: Curve, shocked_price: ArrayLike, quantity: ArrayLike, cash: float, target_rate: float, sold: ArrayLike, *,
    fill: str = "end",
) -> float | Floats:  # fmt: skip
    """Surplus of an account over a target margin after a part of it is sold, everything at the prices after the sale.

        S(u) = c + Π(u) + Σ (q − u) p(u) − m_target Σ |q − u| p(u)

    Parameters
    ----------
    market : Curve               impact of each asset on its own price
    shocked_price : array_like   prices before the sale, one for each asset, > 0
    quantity : array_like        q, signed units of each asset: a number or a list
    cash : float                 c, negative = debt
    target_rate : float          m_target, fraction in [0, 1)
    sold : array_like            u, units sold of each asset, negative = bought back; assets on the last axis
    fill : str                   "end" or "walk"

    Returns
    -------
    ndarray or float             numeraire; one entry for each row of `sold`

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not fit

    Notes
    -----
    Chapter 6, equations (6.13) and (6.14); `theory.surplus_after_close` is the symbolic twin for a line.

    Examples
    --------
    >>> from cascadelab.impact import Linear
    >>> print(f"{surplus_after_sale(Linear(0.05), 100.0, 10.0, -905.0, 0.1, 4.0):.4f}")
    33.1200
    """
    p, q = positive("shocked_price", shocked_price), finite("quantity", quantity)
    u, m = finite("sold", sold), fraction("target_rate", target_rate)
    markets = np.shape(market.price(1.0, 0.0))
    if markets not in ((), q.shape[-1:]):
        raise ValueError(f"market has parameters of shape {markets}, but quantity has {q.shape}")
    price = np.asarray(market.price(p, u))
    held = q - u
    value = np.asarray(market.proceeds(p, u, fill=fill)) + (held - m * np.abs(held)) * price
    total = value.sum(axis=-1) if q.ndim else value
    return scalar_or_array(np.asarray(finite("cash", cash) + total))


def sale_to_target(
    market: Curve, shocked_price: ArrayLike, quantity: ArrayLike, cash: float, target_rate: float, *, fill: str = "end"
) -> float | Floats:
    """Smallest sale after which an account has its target margin at the prices that the sale leaves behind.

    Of several assets the same fraction of each is sold.

    Parameters
    ----------
    market, shocked_price, quantity, cash, target_rate, fill : those of `surplus_after_sale`

    Returns
    -------
    ndarray or float             units of each asset; 0 where the margin is there already, nan where no sale reaches it

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not fit

    Notes
    -----
    Chapter 6, "Selling back to a margin". The surplus is searched on a grid of 1,025 fractions, its peak refined,
    and the crossing halved down to rounding.

    Examples
    --------
    >>> from cascadelab.impact import Linear
    >>> for slope in (0.0, 0.05, 2.0):
    ...     print(f"{sale_to_target(Linear(slope), 100.0, 10.0, -905.0, 0.1):.4f}")
    0.5000
    0.5237
    nan
    """
    q = finite("quantity", quantity)
    p = positive("shocked_price", shocked_price)

    def surplus(part: Floats) -> Floats:
        sold = part[:, np.newaxis] * q if q.ndim else part * q
        return np.asarray(surplus_after_sale(market, p, q, cash, target_rate, sold, fill=fill))

    part = _first_crossing(surplus)
    return scalar_or_array(np.asarray(part * q))


def _first_crossing(function) -> float:  # type: ignore[no-untyped-def]
    """Smallest point of [0, 1] at which a function is not negative; nan if there is none."""
    grid, values = GRID, function(GRID)
    if not (values >= 0).any():  # a peak between two nodes
        for _ in range(8):
            best = int(values.argmax())
            grid = np.linspace(grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)], 65)
            values = function(grid)
    above = np.flatnonzero(values >= 0)
    if len(above) == 0:
        return float("nan")
    if above[0] == 0:
        return float(grid[0])
    low, high = grid[above[0] - 1], grid[above[0]]
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if function(np.array([middle]))[0] >= 0 else (middle, high)
    return float(high)


def _where_positive(missing: Floats, relief: Floats) -> Floats:
    helps = relief > 0
    return np.where(helps, missing / np.where(helps, relief, 1.0), np.where(missing > 0, np.nan, 0.0))
