"""How much of a position is closed until its account is safe again: at a constant price, and when the sale moves it."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.impact.curve import Curve
from cascadelab.kit.validate import Floats, broadcast, finite, fraction, non_negative, positive, scalar_or_array, single
from cascadelab.liquidation.order import part_of, seize
from cascadelab.thresholds.rounding import below, is_below

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
    helps = below(f + f_fund, m)
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
    ValueError                   a value is outside its range or not finite, the shapes do not fit, or the impact is a
                                 matrix

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
    _one_each(market, q)
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
    ValueError                   a value is outside its range or not finite, the shapes do not fit, the impact is a
                                 matrix, or a market can not serve the account whole (a pool holds less than is owed)

    Notes
    -----
    Chapter 6, "Selling back to a margin". The surplus is searched on a grid of 1,025 fractions, and where one asset is
    sold out; its peaks between them are refined, and the first crossing is halved down to rounding.

    Examples
    --------
    >>> from cascadelab.impact import Linear
    >>> for slope in (0.0, 0.05, 2.0):
    ...     print(f"{sale_to_target(Linear(slope), 100.0, 10.0, -905.0, 0.1):.4f}")
    0.5000
    0.5237
    nan
    """
    p, q = one_account(market, shocked_price, quantity, first)
    part = part_to_target(market, p, q, cash, target_rate, fill=fill, first=first)
    sold = part_of(q, p, np.asarray(part), first)
    return scalar_or_array(sold[0] if np.ndim(quantity) == 0 else sold)


def _one_each(market: Curve, quantity: Floats) -> None:
    """Refuse a market whose parameters are not one for each asset or one for all; a matrix is refused by the curve."""
    with np.errstate(over="ignore"):  # of next to no impact
        markets = np.shape(market.maximum_proceeds(1.0))
    if markets not in ((), quantity.shape[-1:]):
        raise ValueError(f"market has parameters of shape {markets}, but quantity has {quantity.shape}")


def one_account(
    market: Curve, shocked_price: ArrayLike, quantity: ArrayLike, first: Sequence[int] | None
) -> tuple[Floats, Floats]:
    """Prices and quantities of one account, as two lists that fit each other, the market and the order."""
    q = np.array(np.atleast_1d(finite("quantity", quantity)))
    if q.ndim != 1:
        raise ValueError(f"quantity must be a number or a list, got an array of shape {q.shape}")
    p, _ = broadcast(shocked_price=positive("shocked_price", shocked_price), quantity=q)
    if p.shape != q.shape:
        raise ValueError(f"the shapes do not broadcast: shocked_price {p.shape}, quantity {q.shape}")
    _one_each(market, q)
    seize(np.abs(q) * p, 0.0, first=first)  # refuses an order that does not fit
    return p, q


def part_to_target(
    market: Curve, price: Floats, quantity: Floats, cash: float, target_rate: float, *, fill: str,
    first: Sequence[int] | None,
) -> float:  # fmt: skip
    """That sale as a part of the value of everything: `sale_to_target` in one number, nan where there is none."""
    try:
        market.price(price, quantity)
    except ValueError as problem:
        raise ValueError(f"the market can not serve the account whole: {problem}") from None

    def surplus(part: Floats) -> Floats:
        sold = part_of(quantity, price, part, first)
        return np.asarray(surplus_after_sale(market, price, quantity, cash, target_rate, sold, fill=fill))

    value = np.abs(quantity) * price
    largest = max(abs(cash), float(value.sum()))
    if first is None or value.sum() == 0:
        return _first_crossing(surplus, GRID, largest)
    sold_out = np.cumsum(value[list(first)]) / value.sum()  # the surplus has a kink there
    return _first_crossing(surplus, np.union1d(GRID, np.minimum(sold_out, 1.0)), largest)


def _first_crossing(function: Callable[[Floats], Floats], nodes: Floats, largest: float) -> float:
    """Smallest point between the nodes at which a sum of amounts up to the largest is not negative; nan if none."""
    values = function(nodes)
    if not is_below(float(values[0]), 0.0, largest):
        return float(nodes[0])
    above = np.flatnonzero(values >= 0)
    end = int(above[0]) if len(above) else len(nodes)
    low, high = (nodes[end - 1], nodes[end]) if len(above) else (np.nan, np.nan)
    walled = np.concatenate([[-np.inf], values, [-np.inf]])
    peaks = np.flatnonzero((values >= walled[:-2]) & (values >= walled[2:]))
    peaks = peaks[peaks < end]  # near each the function may be higher between two nodes
    left, right = nodes[np.maximum(peaks - 1, 0)], nodes[np.minimum(peaks + 1, len(nodes) - 1)]
    rows = np.arange(len(peaks))
    for _ in range(3):  # a point is then within 2e-8 of each peak, and the function within rounding
        fine = np.linspace(left, right, 65, axis=-1)
        tried = function(fine)
        best = tried.argmax(axis=-1)
        top, highest = fine[rows, best], tried[rows, best]
        left, right = fine[rows, np.maximum(best - 1, 0)], fine[rows, np.minimum(best + 1, 64)]
    found = np.flatnonzero(~below(highest, 0.0, largest))
    if len(found):
        low, high = nodes[max(peaks[found[0]] - 1, 0)], top[found[0]]
    if np.isnan(high):
        return float("nan")
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if function(np.array([middle]))[0] >= 0 else (middle, high)
    return float(high)
