"""Covariance of returns: built from volatilities and correlations, and checked at the door."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit import validate
from cascadelab.kit.validate import Floats

ROUNDING = 1e-12  # relative size below which a variance or an eigenvalue is taken for a rounding error of zero


def equal_correlation(size: int, correlation: ArrayLike) -> Floats:
    """Correlation matrix in which every pair of `size` assets has the same correlation ρ.

    Parameters
    ----------
    size : int               number of assets, ≥ 1
    correlation : array_like  ρ, any shape (…), in [−1, 1] and at least −1/(size − 1)

    Returns
    -------
    ndarray                  shape (…, size, size)

    Raises
    ------
    ValueError               ρ is outside its range, or size is not a positive whole number

    Examples
    --------
    >>> equal_correlation(2, 0.6)
    array([[1. , 0.6],
           [0.6, 1. ]])
    """
    size = validate.count("size", size)
    rho = common_correlation("correlation", correlation, size)[..., None, None]
    return np.where(np.eye(size) == 1, 1.0, rho)


def covariance_matrix(volatility: ArrayLike, correlation: ArrayLike, horizon: ArrayLike = 1.0) -> Floats:
    """Covariance of the returns over a horizon, from volatilities and correlations.

        Σ_ab = ρ_ab σ_a σ_b T

    Parameters
    ----------
    volatility : array_like      σ, shape (…, M), per √year (or over the horizon itself, with horizon = 1), > 0
    correlation : array_like     one ρ for every pair, or a correlation matrix of shape (…, M, M)
    horizon : array_like         T, shape (…), years, > 0

    Returns
    -------
    ndarray                      shape (…, M, M)

    Raises
    ------
    ValueError                   a volatility or horizon is not positive, or the matrix is not a correlation matrix

    Notes
    -----
    Variance, not volatility, grows in proportion to time: the volatility over T is σ√T.

    Examples
    --------
    >>> daily = covariance_matrix([0.8, 1.0], 0.5, horizon=1 / 365)
    >>> print(f"{daily[0, 0] ** 0.5:.4f}")
    0.0419
    """
    sigma = validate.positive("volatility", volatility)
    if sigma.ndim == 0:
        raise ValueError("volatility must have one entry for each asset, got a single number")
    rho = validate.finite("correlation", correlation)
    if rho.ndim == 0:
        rho = equal_correlation(sigma.shape[-1], rho)
    rho = checked("correlation", rho, sigma.shape[-1])
    correlation_coefficient("correlation", rho)
    if not (np.abs(np.diagonal(rho, axis1=-2, axis2=-1) - 1) <= ROUNDING).all():
        raise ValueError("correlation must have ones on its diagonal")
    time = validate.positive("horizon", horizon)[..., None, None]
    return np.asarray(rho * sigma[..., :, None] * sigma[..., None, :] * time)


def correlation_coefficient(name: str, value: ArrayLike) -> Floats:
    """Return `value` as float64, or raise unless every entry is in [−1, 1]."""
    rho = validate.finite(name, value)
    outside = np.abs(rho) > 1
    if outside.any():
        raise ValueError(f"{name} must be in [-1, 1], got {rho[outside].flat[0]:.12g}")
    return rho


def common_correlation(name: str, value: ArrayLike, size: int) -> Floats:
    """Return `value` as float64, or raise unless every pair of `size` assets can have that correlation."""
    rho = correlation_coefficient(name, value)
    if size > 2 and (rho < -1 / (size - 1)).any():
        raise ValueError(f"{name} of {size} assets must be at least {-1 / (size - 1):.12g}, got {rho.min():.12g}")
    return rho


def checked(name: str, value: ArrayLike, size: int) -> Floats:
    """Return `value` as float64 if it is a covariance of `size` assets, or a stack of them, or raise."""
    matrix = validate.finite(name, value)
    if matrix.shape[-2:] != (size, size):
        raise ValueError(f"{name} must have shape (…, {size}, {size}), got {matrix.shape}")
    variances = np.diagonal(matrix, axis1=-2, axis2=-1)
    deviations = np.sqrt(np.maximum(variances, 0))
    scale = deviations[..., :, None] * deviations[..., None, :]
    if (np.abs(matrix - np.swapaxes(matrix, -1, -2)) > ROUNDING * np.maximum(scale, np.abs(matrix))).any():
        raise ValueError(f"{name} must be symmetric")
    negative = variances < 0
    if negative.any():
        raise ValueError(f"{name} must be positive semidefinite, got the variance {variances[negative].flat[0]:.12g}")
    if (np.abs(matrix) > scale * (1 + ROUNDING)).any():
        raise ValueError(f"{name} must be positive semidefinite, got a correlation outside [-1, 1]")
    lowest = np.linalg.eigvalsh(matrix / np.where(scale > 0, scale, 1.0)).min(initial=0.0)
    if lowest < -ROUNDING * size:
        raise ValueError(f"{name} must be positive semidefinite, got correlations with the eigenvalue {lowest:.12g}")
    return matrix


def exposures(name: str, value: ArrayLike) -> Floats:
    """Return `value` as float64 of shape (…, M), M ≥ 1, or raise."""
    array = validate.finite(name, value)
    if array.ndim == 0 or array.shape[-1] == 0:
        raise ValueError(f"{name} must have one entry for each asset, got shape {array.shape}")
    return array


def apply(sigma: Floats, exposure: Floats) -> Floats:
    """Σω for stacks of Σ and ω."""
    return np.asarray((sigma @ exposure[..., None])[..., 0])


def variance(exposure: Floats, sigma: Floats) -> Floats:
    """ωᵀΣω, with the rounding error of a perfect hedge set to zero."""
    size = np.abs(exposure)
    largest = (size * apply(np.abs(sigma), size)).sum(axis=-1)
    total = (exposure * apply(sigma, exposure)).sum(axis=-1)
    return np.where(total > ROUNDING * largest, total, 0.0)
