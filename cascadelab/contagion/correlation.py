"""Endogenous correlation: what forced sales add to the correlation of two prices, and what can not be told apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.contagion.feedback import response, subcritical
from cascadelab.distance.covariance import checked
from cascadelab.kit.validate import Floats, broadcast, finite, scalar_or_array


def endogenous_covariance(feedback: ArrayLike, covariance: ArrayLike) -> Floats:
    """Covariance of the prices after all rounds of two-sided flow: (I − K)⁻¹ Σ (I − K)⁻ᵀ.

    Parameters
    ----------
    feedback : array_like        K, (M, M), r(K) < 1
    covariance : array_like      Σ of the shocks, (M, M)

    Returns
    -------
    ndarray                      (M, M), in the units of Σ

    Raises
    ------
    ValueError                   the shapes do not fit, a value is not finite, Σ is not a covariance, or r(K) ≥ 1

    Notes
    -----
    Chapter 9, the section on endogenous correlation. Two-sided: what a fall forces out, a rise of the same size brings
    back. K and Σ must be in the same units: both in prices, or both in returns (then entry (a, b) of K is multiplied
    by p_b/p_a).

    Examples
    --------
    >>> print(endogenous_covariance([[0.3, 0.25], [0.25, 0.3]], [[1.0, 0.4], [0.4, 1.0]]).round(4))
    [[3.7892 3.1244]
     [3.1244 3.7892]]
    """
    spread = response(feedback)
    shocks = checked("covariance", covariance, len(spread))
    return np.asarray(spread @ shocks @ spread.T)


def fundamental_covariance(feedback: ArrayLike, covariance: ArrayLike) -> Floats:
    """Covariance of the shocks that explains an observed one with a given feedback: (I − K) Σ (I − K)ᵀ.

    It is a covariance for every K with r(K) < 1: no covariance of prices, however well measured, rules out a feedback.

    Parameters
    ----------
    feedback : array_like        K, (M, M), r(K) < 1
    covariance : array_like      Σ of the prices, (M, M)

    Returns
    -------
    ndarray                      (M, M)

    Raises
    ------
    ValueError                   as in `endogenous_covariance`

    Notes
    -----
    Chapter 9, the section on what can be told apart; the inverse of `endogenous_covariance`.

    Examples
    --------
    >>> print(fundamental_covariance([[0.3, 0.25], [0.25, 0.3]], [[1.0, 0.8], [0.8, 1.0]]).round(4))
    [[0.2725 0.092 ]
     [0.092  0.2725]]
    """
    matrix = subcritical(feedback)
    away = np.eye(len(matrix)) - matrix
    return np.asarray(away @ checked("covariance", covariance, len(away)) @ away.T)


def endogenous_correlation(own: ArrayLike, cross: ArrayLike, fundamental: ArrayLike) -> float | Floats:
    """Correlation of two prices after all rounds of two-sided flow, in a symmetric market.

        artanh ρ_endo = artanh ρ₀ + 2 artanh(k_cross / (1 − k_own)),   K = [[k_own, k_cross], [k_cross, k_own]]

    Parameters
    ----------
    own : array_like             k_own, feedback of each price on itself
    cross : array_like           k_cross, feedback of each price on the other, |k_cross| + |k_own| < 1; negative if a
                                 fall of one makes accounts buy the other
    fundamental : array_like     ρ₀, correlation of the shocks, in (−1, 1)

    Returns
    -------
    ndarray or float             ρ_endo in (−1, 1), rounded: to 1 itself if criticality is closer than a double can tell

    Raises
    ------
    ValueError                   a value is not finite, ρ₀ is outside (−1, 1), r(K) ≥ 1, or the shapes do not broadcast

    Notes
    -----
    Chapter 9, equation (9.23). Shocks of equal volatility, equal feedbacks, and flow that a rise brings back; for all
    else use `endogenous_covariance`, or simulate.

    Examples
    --------
    >>> print(f"{endogenous_correlation(0.3, 0.25, 0.4):.6f}")
    0.824549
    """
    a, b, rho = broadcast(
        own=finite("own", own), cross=finite("cross", cross), fundamental=_open("fundamental", fundamental)
    )
    radius = np.maximum(np.abs(a + b), np.abs(a - b))
    if not (radius < 1).all():
        raise ValueError(f"own and cross must leave a spectral radius below 1, got {radius[radius >= 1].flat[0]:.12g}")
    lift = 2 * (1 - a) * b / ((1 - a) ** 2 + b**2)
    return scalar_or_array(np.asarray((rho + lift) / (1 + rho * lift)))


def implied_feedback(fundamental: ArrayLike, endogenous: ArrayLike) -> float | Floats:
    """Value of k_cross/(1 − k_own) that turns one correlation into another, if feedback is the only cause.

        k_cross / (1 − k_own) = tanh((artanh ρ_endo − artanh ρ₀) / 2)

    Parameters
    ----------
    fundamental : array_like     ρ₀, in (−1, 1)
    endogenous : array_like      ρ_endo, in (−1, 1)

    Returns
    -------
    ndarray or float             in (−1, 1); 0 = no feedback, near 1 = nearly critical

    Raises
    ------
    ValueError                   a correlation is outside (−1, 1) or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 9, equation (9.24). It is a translation, not a measurement: a common shock in the crash, or the choice of
    stormy days alone (chapter 4), raises a correlation as well.

    Examples
    --------
    >>> print(f"{implied_feedback(0.4, 0.824549):.4f}")
    0.3571
    """
    before, after = broadcast(fundamental=_open("fundamental", fundamental), endogenous=_open("endogenous", endogenous))
    return scalar_or_array(np.asarray(np.tanh((np.arctanh(after) - np.arctanh(before)) / 2)))


def _open(name: str, value: ArrayLike) -> Floats:
    array = finite(name, value)
    if not (np.abs(array) < 1).all():
        raise ValueError(f"{name} must be in (-1, 1), got {array[np.abs(array) >= 1].flat[0]:.12g}")
    return array
