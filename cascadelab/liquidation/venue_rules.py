"""Rules of real venues, each in a few lines: close factors, fees that rise, and who receives what of a seizure."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, broadcast, finite, fraction, non_negative, positive, scalar_or_array, share


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
    Chapter 6, venue rules.

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
    return scalar_or_array(np.where((hf > 0.95) & (c >= 2000) & (d >= 2000), 0.5, 1.0))


def drift_fee(liquidation_fee: ArrayLike, elapsed: ArrayLike, *, fee_cap: ArrayLike) -> float | Floats:
    """Liquidation fee of Drift while nobody takes it: after 1,500 slots it is higher by a millionth for each slot.

    Parameters
    ----------
    liquidation_fee : array_like  fee at the start, fraction
    elapsed : array_like          slots since the liquidation began, ≥ 0 (a slot is about 0.4 seconds)
    fee_cap : array_like          largest fee, fraction

    Returns
    -------
    ndarray or float             fraction of notional

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, venue rules. The slots of the grace period count once it is over.

    Examples
    --------
    >>> print(drift_fee(0.02, [1_000, 10_000, 100_000], fee_cap=0.05))
    [0.02 0.03 0.05]
    """
    fee, slots, cap = broadcast(
        liquidation_fee=fraction("liquidation_fee", liquidation_fee),
        elapsed=non_negative("elapsed", elapsed),
        fee_cap=fraction("fee_cap", fee_cap),
    )
    return scalar_or_array(np.where(slots < 1500, fee, np.minimum(fee + 1e-6 * slots, np.maximum(cap, fee))))


def seized_units(
    debt: ArrayLike, price: ArrayLike, bonus: ArrayLike, *, debt_price: ArrayLike = 1.0, exchange_rate: ArrayLike = 1.0
) -> float | Floats:
    """Units of collateral for `debt` units of debt repaid: D p_D (1 + i) / (p · exchange rate).

    Parameters
    ----------
    debt : array_like            units of the debt asset that are repaid, ≥ 0
    price : array_like           price of the collateral, > 0
    bonus : array_like           i, fraction, ≥ 0
    debt_price : array_like      price of the debt asset, > 0
    exchange_rate : array_like   units of collateral for one deposit token, > 0 (Compound's cTokens; 1 elsewhere)

    Returns
    -------
    ndarray or float             units of collateral, or of its deposit token

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, venue rules. Aave and Compound v2.

    Examples
    --------
    >>> print(f"{seized_units(2.45, 1.42, 0.3, debt_price=2.0, exchange_rate=2.0):.6f}")
    2.242958
    """
    units, p, i, p_d, rate = broadcast(
        debt=non_negative("debt", debt),
        price=positive("price", price),
        bonus=non_negative("bonus", bonus),
        debt_price=positive("debt_price", debt_price),
        exchange_rate=positive("exchange_rate", exchange_rate),
    )
    return scalar_or_array(units * p_d * (1 + i) / (p * rate))


def split_bonus(
    seized: ArrayLike, bonus: ArrayLike, protocol_share: ArrayLike, *, whole_units: bool = False
) -> tuple[float | Floats, float | Floats]:
    """What of a seizure the liquidator keeps and what the venue takes: its share of the bonus part, V_S i / (1 + i).

    Parameters
    ----------
    seized : array_like          V_S, value or units, ≥ 0
    bonus : array_like           i, fraction, ≥ 0
    protocol_share : array_like  share of the bonus part that the venue takes, in [0, 1]
    whole_units : bool           True: tokens in whole units, rates in basis points, divisions rounded down

    Returns
    -------
    tuple                        of the liquidator, of the venue; they add up to what is seized

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, venue rules. Aave v3; with whole units the case of its tests in which rounding takes more than the bonus.

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


def storefront_price(price: ArrayLike, seizure_discount: ArrayLike, protocol_share: ArrayLike = 1.0) -> float | Floats:
    """Price at which a venue sells on what it seized: p (1 − share · discount).

    Parameters
    ----------
    price : array_like             market price, > 0
    seizure_discount : array_like  discount at which the venue took the collateral, fraction
    protocol_share : array_like    part of the discount that is passed on to the buyer, in [0, 1]

    Returns
    -------
    ndarray or float             numeraire per unit

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, venue rules. Compound v3 (storefront price factor) and, with everything passed on, Perpetual Protocol v2.

    Examples
    --------
    >>> print(f"{storefront_price(200.0, 0.25, 0.8):.2f}")
    160.00
    """
    p, discount, passed = broadcast(
        price=positive("price", price),
        seizure_discount=fraction("seizure_discount", seizure_discount),
        protocol_share=share("protocol_share", protocol_share),
    )
    return scalar_or_array(p * (1 - passed * discount))


def gross_repayment(debt_value: ArrayLike, fund_fee: ArrayLike) -> float | Floats:
    """Repayment that covers a debt after the insurance fund has taken its part: V_D / (1 − f_F).

    Parameters
    ----------
    debt_value : array_like      numeraire, ≥ 0
    fund_fee : array_like        f_F, fraction of the repayment

    Returns
    -------
    ndarray or float             numeraire

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, venue rules. Perpetual Protocol v2.

    Examples
    --------
    >>> print(f"{gross_repayment(500.0, 0.03):.6f}")
    515.463918
    """
    debt, fee = broadcast(debt_value=non_negative("debt_value", debt_value), fund_fee=fraction("fund_fee", fund_fee))
    return scalar_or_array(debt / (1 - fee))


def debt_at_opening(debt: ArrayLike, fee_rate: ArrayLike, gas: ArrayLike) -> float | Floats:
    """Debt that a new loan is booked with: what is borrowed, its fee, and a reserve that pays its liquidator.

    Parameters
    ----------
    debt : array_like            units borrowed, ≥ 0
    fee_rate : array_like        borrowing fee, fraction
    gas : array_like             reserve for the liquidator's cost, ≥ 0

    Returns
    -------
    ndarray or float             units: D (1 + f) + reserve

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, venue rules. Liquity v1; the reserve is given back when the loan is repaid.

    Examples
    --------
    >>> print(f"{debt_at_opening(4_000.0, 0.005, 200.0):.0f}")
    4220
    """
    units, fee, reserve = broadcast(
        debt=non_negative("debt", debt), fee_rate=fraction("fee_rate", fee_rate), gas=non_negative("gas", gas)
    )
    return scalar_or_array(units * (1 + fee) + reserve)


def pool_liquidation(
    quantity: ArrayLike, debt_value: ArrayLike, price: ArrayLike, penalty: ArrayLike, gas_share: ArrayLike
) -> tuple[float | Floats, float | Floats, float | Floats]:
    """Who gets the collateral of a loan that a pool takes over: the caller, the pool (debt and penalty), the owner.

    Parameters
    ----------
    quantity : array_like        units of collateral, ≥ 0
    debt_value : array_like      numeraire, ≥ 0
    price : array_like           numeraire per unit, > 0
    penalty : array_like         fraction of the debt, ≥ 0
    gas_share : array_like       part of the collateral for the caller, at most 2 units, fraction

    Returns
    -------
    tuple                        units of the caller, of the pool, of the owner; together `quantity`

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, venue rules. Liquity v2.

    Examples
    --------
    >>> print("{:.4f} {:.4f} {:.4f}".format(*pool_liquidation(2.0, 2_000.0, 1_100.0, 0.05, 0.005)))
    0.0100 1.9091 0.0809
    """
    units, debt, p, extra, share = broadcast(
        quantity=non_negative("quantity", quantity),
        debt_value=non_negative("debt_value", debt_value),
        price=positive("price", price),
        penalty=non_negative("penalty", penalty),
        gas_share=fraction("gas_share", gas_share),
    )
    caller = np.minimum(share * units, 2.0)
    pool = np.minimum((1 + extra) * debt / p, units - caller)
    return scalar_or_array(caller), scalar_or_array(pool), scalar_or_array(np.asarray(units - caller - pool))
