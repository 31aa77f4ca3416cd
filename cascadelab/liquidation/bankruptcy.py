"""What a forced fill leaves: the bankruptcy price of one leg, the price a venue asks for, and the insurance fund."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, broadcast, finite, fraction, non_negative, positive, scalar_or_array, single


def leg_bankruptcy_price(
    quantity: ArrayLike, price: ArrayLike, maintenance_rate: ArrayLike, cash: float
) -> float | Floats:
    """Price of each leg of a cross account at which the leg hands over its share of the account's equity.

        p_bk,k = p_k (1 − s_k m_k E / M),   s_k = ±1 the sign of the leg

    The account as a whole is bankrupt on a hyperplane of prices, so that one leg's bankruptcy price is a convention:
    here each leg bears the equity E in proportion to its maintenance. If every leg is closed at its price, nothing is
    left and nothing is owed.

    Parameters
    ----------
    quantity : array_like          signed units of each leg, not 0: a number or a list
    price : array_like             price of each leg, numeraire per unit, > 0
    maintenance_rate : array_like  m of each leg, > 0
    cash : float                   cash of the account, negative = debt

    Returns
    -------
    ndarray or float             numeraire per unit, one for each leg

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Derived in chapter 6, equation (6.16); `theory.leg_bankruptcy_price` is the symbolic twin. dYdX's rule. Of one leg
    alone it is the bankruptcy price of chapter 1.

    Examples
    --------
    >>> print("{:.0f} {:.0f}".format(*leg_bankruptcy_price([0.004, 0.1], [50_000.0, 3_000.0], [0.1, 0.1], -490.0)))
    49000 2940
    """
    q, p, m, value, need = _account(quantity, price, maintenance_rate, cash)
    return scalar_or_array(np.asarray(p * (1 - np.sign(q) * m * value / need)))


def fillable_price(
    quantity: ArrayLike, price: ArrayLike, maintenance_rate: ArrayLike, cash: float, *,
    spread_factor: float = 0.1, urgency: float = 1.0,
) -> float | Floats:  # fmt: skip
    """Price at which a venue offers each leg of an account that is below its maintenance.

        p (1 − s m π_spread · min(max(π_urgency (1 − E/M), 0), 1))

    The further the account has sunk, the wider the discount, up to `spread_factor` of the maintenance rate.

    Parameters
    ----------
    quantity, price, maintenance_rate, cash : those of `leg_bankruptcy_price`
    spread_factor : float        widest discount, in maintenance rates, ≥ 0
    urgency : float              how fast it widens, ≥ 0

    Returns
    -------
    ndarray or float             numeraire per unit, one for each leg

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, "Exchanges side by side". dYdX's rule, with its own settings as defaults. May be negative.

    Examples
    --------
    >>> print(f"{fillable_price(0.1, 50_000.0, 0.1, -5_000.0):.0f}")
    49500
    """
    q, p, m, value, need = _account(quantity, price, maintenance_rate, cash)
    speed = non_negative("urgency", urgency)
    discount = non_negative("spread_factor", spread_factor) * np.clip(speed * (1 - value / need), 0.0, 1.0)
    return scalar_or_array(np.asarray(p * (1 - np.sign(q) * m * discount)))


def fund_change(
    fill_price: ArrayLike, bankruptcy_price: ArrayLike, quantity: ArrayLike, *, liquidation_fee: ArrayLike | None = None
) -> float | Floats:
    """What the insurance fund gains (or pays, if negative) when a position is closed: (p_fill − p_bk) q.

    Parameters
    ----------
    fill_price : array_like        average price of the closing, numeraire per unit, ≥ 0
    bankruptcy_price : array_like  numeraire per unit
    quantity : array_like          signed units that are closed
    liquidation_fee : array_like   the fund takes at most this fraction of the fill's value; None = everything

    Returns
    -------
    ndarray or float             numeraire

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, equation (6.15); `theory.fund_change` is the symbolic twin. A loss is not capped: it is bad debt that the
    fund pays as far as it can.

    Examples
    --------
    >>> print(f"{fund_change(56_100.0, 51_000.0, 0.1, liquidation_fee=0.005):.2f}")
    28.05
    >>> print(f"{fund_change(50_490.0, 51_000.0, 0.1, liquidation_fee=0.005):.2f}")
    -51.00
    """
    fill, bankruptcy, q = broadcast(
        fill_price=non_negative("fill_price", fill_price),
        bankruptcy_price=finite("bankruptcy_price", bankruptcy_price),
        quantity=finite("quantity", quantity),
    )
    change = (fill - bankruptcy) * q
    if liquidation_fee is not None:
        change = np.minimum(change, non_negative("liquidation_fee", liquidation_fee) * fill * np.abs(q))
    return scalar_or_array(np.asarray(change))


def _account(
    quantity: ArrayLike, price: ArrayLike, maintenance_rate: ArrayLike, cash: float
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Legs, equity and maintenance."""
    q, p, m = broadcast(
        quantity=finite("quantity", quantity),
        price=positive("price", price),
        maintenance_rate=positive("maintenance_rate", fraction("maintenance_rate", maintenance_rate)),
    )
    if (q == 0).any():
        raise ValueError("quantity must not be 0: there is nothing to close")
    return q, p, m, single("cash", cash, finite) + (q * p).sum(), np.asarray((m * np.abs(q) * p).sum())
