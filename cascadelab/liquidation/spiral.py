"""The spiral in closed form: what bites at a constant price leave, and how many there are."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, broadcast, non_negative, positive, positive_share, scalar_or_array, share
from cascadelab.thresholds.rounding import below


def residual_bad_debt(collateral: ArrayLike, debt_value: ArrayLike, bonus: ArrayLike) -> float | Floats:
    """Debt that is left when bites at a constant price have eaten all collateral: max(V_D − V_C / (1 + i), 0).

    Parameters
    ----------
    collateral : array_like      V_C, market value, numeraire, ≥ 0
    debt_value : array_like      V_D, market value, numeraire, ≥ 0
    bonus : array_like           i, fraction, ≥ 0; with 0, the bad debt of a liquidation that is halted at once

    Returns
    -------
    ndarray or float             numeraire; 0 below the frontier, where the bites end with a healthy loan

    Raises
    ------
    ValueError                   a value is negative or not finite, or the shapes do not broadcast

    Notes
    -----
    Derived in chapter 6, equation (6.6); `theory.residual_bad_debt` is the symbolic twin.

    Examples
    --------
    >>> print(f"{residual_bad_debt(100.0, 97.0, 0.045):.6f} {residual_bad_debt(100.0, 97.0, 0.0):.6f}")
    1.306220 0.000000
    """
    c, d, i = _loan(collateral, debt_value, bonus)
    return scalar_or_array(np.where(below(c, (1 + i) * d), d - c / (1 + i), 0.0))


def rounds_to_exhaustion(
    collateral: ArrayLike, debt_value: ArrayLike, bonus: ArrayLike, close_factor: ArrayLike
) -> float | Floats:
    """Number of bites at a constant price that eat up the collateral of a loan beyond the frontier.

        n = ⌈ ln(1 − V_C / ((1 + i) V_D)) / ln(1 − f_c) ⌉

    Parameters
    ----------
    collateral : array_like      V_C, market value, numeraire, > 0
    debt_value : array_like      V_D, market value, numeraire, > 0
    bonus : array_like           i, fraction, ≥ 0
    close_factor : array_like    f_c, in (0, 1]; with 1 there is one bite

    Returns
    -------
    ndarray or float             whole number; nan at and below the frontier, where the collateral outlasts any number

    Raises
    ------
    ValueError                   a value is not finite, not positive, a close factor is above 1, or the shapes differ

    Notes
    -----
    Derived in chapter 6, equation (6.7); `theory.rounds_to_exhaustion` is the symbolic twin.

    Examples
    --------
    >>> print(f"{rounds_to_exhaustion(100.0, 97.0, 0.045, 0.5):.0f}")
    7
    """
    c, d, i = _loan(positive("collateral", collateral), positive("debt_value", debt_value), bonus)
    c, d, i, f = broadcast(
        collateral=c, debt_value=d, bonus=i, close_factor=positive_share("close_factor", close_factor)
    )
    left = np.where(below(c, (1 + i) * d), 1 - c / ((1 + i) * d), np.nan)
    return scalar_or_array(_number_of_bites(left, f))


def rounds_to_health(
    collateral: ArrayLike, debt_value: ArrayLike, asset_weight: ArrayLike, bonus: ArrayLike, close_factor: ArrayLike
) -> float | Floats:
    """Number of bites at a constant price after which a loan below the frontier is healthy.

        n = ⌈ ln( h (V_C − (1 + i) V_D) / (V_D (1 − h (1 + i))) ) / ln(1 − f_c) ⌉

    Parameters and errors are those of `rounds_to_exhaustion`, with an asset weight h in [0, 1].

    Returns
    -------
    ndarray or float             whole number; 0 for a healthy loan, nan at and beyond the frontier

    Notes
    -----
    Derived in chapter 6, equation (6.8); `theory.rounds_to_health` is the symbolic twin.

    Examples
    --------
    >>> print(f"{rounds_to_health(100.0, 94.0, 0.88, 0.045, 0.2):.0f}")
    8
    """
    c, d, i = _loan(positive("collateral", collateral), positive("debt_value", debt_value), bonus)
    c, d, i, h, f = broadcast(
        collateral=c,
        debt_value=d,
        bonus=i,
        asset_weight=share("asset_weight", asset_weight),
        close_factor=positive_share("close_factor", close_factor),
    )
    unhealthy = below(h * c, d)
    healing = unhealthy & below((1 + i) * d, c) & (h > 0)
    relief = np.where(healing, d * (1 - h * (1 + i)), 1.0)
    left = np.where(healing, h * (c - (1 + i) * d) / relief, np.nan)
    return scalar_or_array(np.where(unhealthy, _number_of_bites(left, f), 0.0))


def _number_of_bites(left: Floats, close_factor: Floats) -> Floats:
    """Smallest n with (1 − f_c)^n ≤ left; a quotient of logarithms within rounding of a whole number is that number."""
    one = close_factor == 1
    quotient = np.log(left) / np.log1p(-np.where(one, 0.5, close_factor))
    return np.where(one & ~np.isnan(left), 1.0, np.ceil(quotient - 1e-12 * np.abs(quotient)))


def _loan(collateral: ArrayLike, debt_value: ArrayLike, bonus: ArrayLike) -> tuple[Floats, ...]:
    return broadcast(
        collateral=non_negative("collateral", collateral),
        debt_value=non_negative("debt_value", debt_value),
        bonus=non_negative("bonus", bonus),
    )
