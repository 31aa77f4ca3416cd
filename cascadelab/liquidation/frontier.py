"""The frontier beyond which a bite hurts."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.impact.curve import over
from cascadelab.kit.validate import Floats, broadcast, non_negative, positive, scalar_or_array


def toxic_threshold(
    bonus: ArrayLike, *, collateral_impact: ArrayLike = 0.0, debt_impact: ArrayLike = 0.0
) -> float | Floats:
    """Loan to value below which a small bite raises the health factor, and above which it lowers it.

        LTV* = (1 − I_D) / ((1 + i) (1 + I_C)),  or 0 where I_D ≥ 1

    A bite repays a small part of the debt and seizes 1 + i times its value. At a constant price both impacts are zero
    and LTV* = 1/(1 + i). Otherwise the liquidator's trades move the prices at which the rest is valued.

    Parameters
    ----------
    bonus : array_like               i, fraction, ≥ 0
    collateral_impact : array_like   I_C = λ q / p ≥ 0: fall of the collateral's price, as a fraction, if all of it were
                                     sold at the slope of the first unit
    debt_impact : array_like         I_D = λ_D D / p_D ≥ 0: rise of the debt asset's price, as a fraction, if all of it
                                     were bought back at the slope of the first unit

    Returns
    -------
    ndarray or float             fraction

    Raises
    ------
    ValueError                   a value is negative or not finite, or the shapes do not broadcast

    Notes
    -----
    Derived in chapter 6, equations (6.3) and (6.9); `theory.threshold_with_impact` is the symbolic twin. First order in
    the bite: under either fill rule the same.

    Examples
    --------
    >>> print(f"{toxic_threshold(0.045):.6f} {toxic_threshold(0.045, debt_impact=0.1):.6f}")
    0.956938 0.861244
    """
    i, sold, bought = broadcast(
        bonus=non_negative("bonus", bonus),
        collateral_impact=non_negative("collateral_impact", collateral_impact),
        debt_impact=non_negative("debt_impact", debt_impact),
    )
    return scalar_or_array(np.maximum(1 - bought, 0.0) / ((1 + i) * (1 + sold)))


def best_bite(shocked_price: ArrayLike, bonus: ArrayLike, slope: ArrayLike) -> float | Floats:
    """Units that a liquidator takes for the largest profit, if it sells them on a walk of a line: i p_s / ((1 + i) λ).

    It repays u p_s / (1 + i) for u units. The largest profit, and so the largest cost of acting (gas) at which anybody
    comes, is `largest_gas`; the bite with no profit at all is twice as large.

    Parameters
    ----------
    shocked_price : array_like   price before the bite, numeraire per unit, > 0
    bonus : array_like           i, fraction, ≥ 0
    slope : array_like           λ, numeraire per unit², ≥ 0

    Returns
    -------
    ndarray or float             units; inf without impact

    Raises
    ------
    ValueError                   a value is negative or not finite, the price is 0, or the shapes do not broadcast

    Notes
    -----
    Derived in chapter 6, equation (6.10); `theory.best_bite` is the symbolic twin. The price stays above zero on the
    walk, because the fall is the fraction i/(1 + i) of it.

    Examples
    --------
    >>> print(f"{best_bite(100.0, 0.05, 0.02):.4f}")
    238.0952
    """
    gain, s = _gain(shocked_price, bonus, slope)
    return scalar_or_array(over(gain, s))


def largest_gas(shocked_price: ArrayLike, bonus: ArrayLike, slope: ArrayLike) -> float | Floats:
    """Largest cost of acting at which some bite still pays, on a walk of a line: (i p_s / (1 + i))² / (2 λ).

    Parameters and errors are those of `best_bite`.

    Returns
    -------
    ndarray or float             numeraire; inf without impact

    Notes
    -----
    Derived in chapter 6, equation (6.11); `theory.largest_gas` is the symbolic twin.

    Examples
    --------
    >>> print(f"{largest_gas(100.0, 0.05, 0.02):.4f}")
    566.8934
    """
    gain, s = _gain(shocked_price, bonus, slope)
    return scalar_or_array(over(gain**2, 2 * s))


def _gain(shocked_price: ArrayLike, bonus: ArrayLike, slope: ArrayLike) -> tuple[Floats, Floats]:
    """What the first unit brings above its repayment, i p_s / (1 + i), and the slope."""
    p, i, s = broadcast(
        shocked_price=positive("shocked_price", shocked_price),
        bonus=non_negative("bonus", bonus),
        slope=non_negative("slope", slope),
    )
    return p * i / (1 + i), s
