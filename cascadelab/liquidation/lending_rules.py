"""Rules of lending venues: how much of a loan is taken at once, and who receives what of the collateral."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, broadcast, finite, fraction, non_negative, positive, scalar_or_array, share
from cascadelab.thresholds.rounding import below


def aave_close_factor(health_factor: ArrayLike, collateral: ArrayLike, debt_value: ArrayLike) -> float | Floats:
    """Close factor of Aave v3.3: 0.5 if HF > 0.95 and collateral and debt are at least 2,000 dollars, 1 otherwise.

    Parameters
    ----------
    health_factor : array_like   HF of the whole account
    collateral : array_like      market value of the asset that is seized, dollars, ≥ 0
    debt_value : array_like      market value of the debt in the asset that is repaid, dollars, ≥ 0

    Returns
    -------
    ndarray or float             fraction of the whole debt

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, "Lenders side by side".

    Examples
    --------
    >>> print(aave_close_factor([0.96, 0.94, 0.96], [10_000.0, 10_000.0, 1_999.0], 8_000.0))
    [0.5 1.  1. ]
    """
    hf, c, d = broadcast(
        health_factor=finite("health_factor", health_factor),
        collateral=non_negative("collateral", collateral),
        debt_value=non_negative("debt_value", debt_value),
    )
    return scalar_or_array(np.where(below(0.95, hf) & ~below(c, 2000) & ~below(d, 2000), 0.5, 1.0))


def split_bonus(
    seized: ArrayLike, bonus: ArrayLike, protocol_share: ArrayLike, *, whole_units: bool = False
) -> tuple[float | Floats, float | Floats]:
    """What of a seizure the liquidator keeps, and what the venue: π_venue V_S i / (1 + i), its share of the bonus part.

    Parameters
    ----------
    seized : array_like          V_S, value or units, ≥ 0
    bonus : array_like           i, fraction, ≥ 0
    protocol_share : array_like  π_venue, share of the bonus part that the venue takes, in [0, 1]
    whole_units : bool           True: tokens in whole units, rates in basis points, divisions rounded down

    Returns
    -------
    tuple                        of the liquidator, of the venue; they add up to what is seized

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, "Lenders side by side". Aave v3; with whole units the case of its tests in
    which rounding takes more than the bonus.

    Examples
    --------
    >>> print(split_bonus(105.0, 0.05, 0.2), split_bonus(3.15, 0.05, 1.0, whole_units=True))
    (104.0, 1.0) (2.0, 1.0)
    """
    taken, i, kept = broadcast(
        seized=non_negative("seized", seized),
        bonus=non_negative("bonus", bonus),
        protocol_share=share("protocol_share", protocol_share),
    )
    if whole_units:  # as the contract: the bonus and the share in basis points, each division rounded down
        taken = np.floor(taken)
        venue = (taken - taken * 10_000 // np.round(10_000 * (1 + i))) * np.round(10_000 * kept) // 10_000
    else:
        venue = kept * (taken - taken / (1 + i))
    return scalar_or_array(np.asarray(taken - venue)), scalar_or_array(np.asarray(venue))


def storefront_price(price: ArrayLike, seizure_discount: ArrayLike, passed_share: ArrayLike = 1.0) -> float | Floats:
    """Price at which a venue sells on what it seized: p (1 − π_passed · ξ_seize).

    Parameters
    ----------
    price : array_like             market price, > 0
    seizure_discount : array_like  ξ_seize, discount at which the venue took the collateral, fraction
    passed_share : array_like      π_passed, part of the discount that the buyer gets, in [0, 1]

    Returns
    -------
    ndarray or float             numeraire per unit

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, "Lenders side by side". Compound v3 (storefront price factor) and, with
    everything passed on, Perpetual Protocol v2.

    Examples
    --------
    >>> print(f"{storefront_price(200.0, 0.25, 0.8):.2f}")
    160.00
    """
    p, discount, passed = broadcast(
        price=positive("price", price),
        seizure_discount=fraction("seizure_discount", seizure_discount),
        passed_share=share("passed_share", passed_share),
    )
    return scalar_or_array(p * (1 - passed * discount))


def pool_liquidation(
    quantity: ArrayLike, debt_value: ArrayLike, price: ArrayLike, penalty: ArrayLike, gas_share: ArrayLike
) -> tuple[float | Floats, float | Floats, float | Floats]:
    """Who gets the collateral of a loan that a pool takes over: the caller, the pool, and the owner the rest.

        caller  min(π_G q, 2),   pool  min((1 + i_pen) V_D / p, q − caller)

    Parameters
    ----------
    quantity : array_like        units of collateral, ≥ 0
    debt_value : array_like      numeraire, ≥ 0
    price : array_like           numeraire per unit, > 0
    penalty : array_like         i_pen, fraction of the debt, ≥ 0
    gas_share : array_like       π_G, part of the collateral for the caller, fraction

    Returns
    -------
    tuple                        units of the caller, of the pool, of the owner; together `quantity`

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, "Lenders side by side". Liquity v2.

    Examples
    --------
    >>> print("{:.4f} {:.4f} {:.4f}".format(*pool_liquidation(2.0, 2_000.0, 1_100.0, 0.05, 0.005)))
    0.0100 1.9091 0.0809
    """
    units, debt, p, extra, reward = broadcast(
        quantity=non_negative("quantity", quantity),
        debt_value=non_negative("debt_value", debt_value),
        price=positive("price", price),
        penalty=non_negative("penalty", penalty),
        gas_share=fraction("gas_share", gas_share),
    )
    caller = np.minimum(reward * units, 2.0)
    pool = np.minimum((1 + extra) * debt / p, units - caller)
    return scalar_or_array(caller), scalar_or_array(pool), scalar_or_array(np.asarray(units - caller - pool))
