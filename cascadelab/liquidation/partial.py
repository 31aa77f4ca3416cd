"""How much of a position is closed until its account is safe again: at a constant price, and when the sale moves it."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.impact.curve import Curve
from cascadelab.kit.validate import Floats, broadcast, finite, fraction, non_negative, positive, scalar_or_array, single
from cascadelab.liquidation.order import part_of

GRID = np.linspace(0.0, 1.0, 1025)


def quantity_to_cover(
    shortage: ArrayLike, shocked_price: ArrayLike, maintenance_rate: ArrayLike, *, liquidation_fee: ArrayLike = 0.0,
    fund_fee: ArrayLike = 0.0,
) -> float | Floats:  # fmt: skip
    """Units of a position to close, at a constant price, until the missing margin is freed.

        u = S₋ / (p_s (m − f_liq − f_F)),   nan where the bracket is not positive

    A closed unit frees its maintenance m p_s and costs two fees.

    Parameters
    ----------
    shortage : array_like          S₋, margin that is missing, numeraire, ≥ 0
    shocked_price : array_like     p_s, numeraire per unit, > 0
    maintenance_rate : array_like  m, fraction
    liquidation_fee : array_like   f_liq, fraction of notional, to the liquidator
    fund_fee : array_like          f_F, fraction of notional, to the insurance fund

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
    missing, p, m, f, f_fund = broadcast(
        shortage=non_negative("shortage", shortage),
        shocked_price=positive("shocked_price", shocked_price),
        maintenance_rate=fraction("maintenance_rate", maintenance_rate),
        liquidation_fee=fraction("liquidation_fee", liquidation_fee),
        fund_fee=fraction("fund_fee", fund_fee),
    )
    relief = p * (m - f - f_fund)
    helps = relief > 0
    return scalar_or_array(np.where(helps, missing / np.where(helps, relief, 1.0), np.where(missing > 0, np.nan, 0.0)))


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
    u, m = finite("sold", sold), single("target_rate", target_rate, fraction)
    markets = np.shape(market.price(1.0, 0.0))
    if markets not in ((), q.shape[-1:]):
        raise ValueError(f"market has parameters of shape {markets}, but quantity has {q.shape}")
    price = np.asarray(market.price(p, u))
    held = q - u
    value = np.asarray(market.proceeds(p, u, fill=fill)) + (held - m * np.abs(held)) * price
    total = value.sum(axis=-1) if q.ndim else value
    return scalar_or_array(np.asarray(single("cash", cash, finite) + total))


def sale_to_target(
    market: Curve, shocked_price: ArrayLike, quantity: ArrayLike, cash: float, target_rate: float, *,
    fill: str = "end", first: Sequence[int] | None = None,
) -> float | Floats:  # fmt: skip
    """Smallest sale after which an account has its target margin at the prices that the sale leaves behind.

    Parameters
    ----------
    market, shocked_price, quantity, cash, target_rate, fill : those of `surplus_after_sale`
    first : list of int          numbers of all assets, in the order in which they are sold; None: the same fraction of
                                 each

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
    q, p = finite("quantity", quantity), positive("shocked_price", shocked_price)
    part = part_to_target(market, p, q, cash, target_rate, fill=fill, first=first)
    return scalar_or_array(np.asarray(part * q if q.ndim == 0 else part_of(q, p, np.asarray(part), first)))


def part_to_target(
    market: Curve, price: Floats, quantity: Floats, cash: float, target_rate: float, *, fill: str,
    first: Sequence[int] | None,
) -> float:  # fmt: skip
    """That sale as a part of the value of everything: `sale_to_target` in one number, nan where there is none."""

    def surplus(part: Floats) -> Floats:
        sold = part * quantity if quantity.ndim == 0 else part_of(quantity, price, part, first)
        return np.asarray(surplus_after_sale(market, price, quantity, cash, target_rate, sold, fill=fill))

    return _first_crossing(surplus)


def _first_crossing(function: Callable[[Floats], Floats]) -> float:
    """Smallest point of [0, 1] at which a function is not negative; nan if there is none."""
    grid, values = GRID, function(GRID)
    if not (values >= 0).any():  # a peak between two nodes
        for _ in range(3):  # a node is then within 2e-8 of it, and the surplus within rounding
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
