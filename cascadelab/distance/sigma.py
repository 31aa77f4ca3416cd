"""How far an account is from its liquidation hyperplane, in standard deviations of its own surplus."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.distance import covariance as cov
from cascadelab.kit import validate
from cascadelab.kit.validate import Floats


def sigma_distance(normal: ArrayLike, offset: ArrayLike, price: ArrayLike, covariance: ArrayLike) -> float | Floats:
    """Distance of an account to its liquidation hyperplane, in standard deviations of its surplus.

    The account is safe while n·p ≥ n₀. With the surplus S = n·p − n₀ and the exposures ω_a = n_a p_a:

        z = S / √(ωᵀ Σ ω)

    Parameters
    ----------
    normal : array_like        n, shape (…, M), weighted units of each asset
    offset : array_like        n₀, shape (…), numeraire
    price : array_like         p, shape (…, M), numeraire per unit, > 0
    covariance : array_like    Σ, shape (…, M, M), of the returns over the horizon; symmetric, positive semidefinite

    Returns
    -------
    float or ndarray           shape (…); negative when the account is already liquidatable; where the surplus does
                               not vary at all, +∞ if the account is safe and −∞ if it is not

    Raises
    ------
    ValueError                 a value is not finite, a price is not positive, or Σ is not a covariance

    Notes
    -----
    Equation (4.3); `theory.sigma_distance` is the symbolic twin. Leading axes broadcast.

    Examples
    --------
    >>> covariance = [[0.0016, 0.00144], [0.00144, 0.0036]]
    >>> print(f"{sigma_distance([2.4, 15.0], 430.0, [100.0, 20.0], covariance):.4f}")
    4.4052
    """
    _, surplus, variance = _account(normal, offset, price, covariance)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = surplus / np.sqrt(variance)
    return validate.scalar_or_array(np.where(variance > 0, z, np.where(surplus < 0, -np.inf, np.inf)))


def reverse_stress(normal: ArrayLike, offset: ArrayLike, price: ArrayLike, covariance: ArrayLike) -> Floats:
    """Most likely returns that bring an account exactly onto its liquidation hyperplane.

    Of all returns r with S + ω·r = 0 the one of smallest Mahalanobis length √(rᵀ Σ⁻¹ r), which is |z|:

        r* = −S Σ ω / (ωᵀ Σ ω)

    Parameters
    ----------
    normal, offset, price, covariance : array_like    as for `sigma_distance`

    Returns
    -------
    ndarray                    shape (…, M), returns as fractions; nan where the surplus does not vary

    Raises
    ------
    ValueError                 as for `sigma_distance`

    Notes
    -----
    Equation (4.6); `theory.reverse_stress` is the symbolic twin. A return below −1 has no price: the account
    can then hardly reach its hyperplane by that road, and the linear model is out of its depth.

    Examples
    --------
    >>> covariance = [[0.0016, 0.00144], [0.00144, 0.0036]]
    >>> scenario = reverse_stress([2.4, 15.0], 430.0, [100.0, 20.0], covariance)
    >>> print(", ".join(f"{r:.2%}" for r in scenario))
    -14.40%, -25.15%
    """
    exposure, surplus, variance = _account(normal, offset, price, covariance)
    direction = cov.apply(np.asarray(covariance, dtype=np.float64), exposure)
    scale = np.where(variance > 0, variance, np.nan)
    return np.asarray(-(surplus / scale)[..., None] * direction)


def correlation_slope(normal: ArrayLike, offset: ArrayLike, price: ArrayLike, covariance: ArrayLike) -> Floats:
    """How fast the σ-distance changes with each correlation, ∂z/∂ρ_ab.

        ∂z/∂ρ_ab = −z ω_a ω_b s_a s_b / (ωᵀ Σ ω),   a ≠ b

    Parameters
    ----------
    normal, offset, price, covariance : array_like    as for `sigma_distance`

    Returns
    -------
    ndarray                    shape (…, M, M), zero on the diagonal; nan where the surplus does not vary; for two
                               longs negative while the account is safe, positive once it is liquidatable

    Raises
    ------
    ValueError                 as for `sigma_distance`

    Notes
    -----
    Equation (4.4); `theory.correlation_slope` is the symbolic twin. The deviations s_a are the roots of the
    diagonal of Σ, and ρ_ab = ρ_ba is one number.

    Examples
    --------
    >>> covariance = [[0.0016, 0.00144], [0.00144, 0.0036]]
    >>> slope = correlation_slope([2.4, 15.0], 430.0, [100.0, 20.0], covariance)
    >>> print(f"{slope[0, 1]:.4f}")
    -1.2208
    """
    exposure, surplus, variance = _account(normal, offset, price, covariance)
    deviation = exposure * np.sqrt(np.diagonal(np.asarray(covariance, dtype=np.float64), axis1=-2, axis2=-1))
    scale = np.where(variance > 0, variance, np.nan)
    factor = -(surplus / scale**1.5)[..., None, None]
    off_diagonal = ~np.eye(exposure.shape[-1], dtype=bool)
    return np.asarray(factor * deviation[..., :, None] * deviation[..., None, :] * off_diagonal)


def margin_shortfall(exposure: ArrayLike, covariance: ArrayLike, covariance_after: ArrayLike) -> float | Floats:
    """Fraction by which a margin of so many standard deviations falls short after the covariance has changed.

        √(ωᵀ Σ' ω / ωᵀ Σ ω) − 1;    M equal legs: √((1 + (M − 1) ρ')/(1 + (M − 1) ρ)) − 1

    Parameters
    ----------
    exposure : array_like            ω, shape (…, M), numeraire per unit of return
    covariance : array_like          Σ before the break, shape (…, M, M)
    covariance_after : array_like    Σ' after it, shape (…, M, M)

    Returns
    -------
    float or ndarray           shape (…); negative when the margin is more than enough

    Raises
    ------
    ValueError                 a matrix is not a covariance, or the exposure has no variance before

    Notes
    -----
    Equation (4.13); `theory.margin_shortfall` is the symbolic twin for two equal legs.

    Examples
    --------
    >>> print(f"{margin_shortfall([1, 1], [[1, 0.3], [0.3, 1]], [[1, 0.95], [0.95, 1]]):.3%}")
    22.474%
    """
    w = cov.exposures("exposure", exposure)
    old = cov.variance(w, cov.checked("covariance", covariance, w.shape[-1]))
    new = cov.variance(w, cov.checked("covariance_after", covariance_after, w.shape[-1]))
    if not (old > 0).all():
        raise ValueError("exposure must have a positive variance under `covariance`, got 0")
    return validate.scalar_or_array(np.sqrt(new / old) - 1)


def liquidation_correlation(exposure: ArrayLike, covariance: ArrayLike) -> Floats:
    """Correlations between the surpluses of N accounts that share a market.

        ρ_ij = ω_iᵀ Σ ω_j / √(ω_iᵀ Σ ω_i · ω_jᵀ Σ ω_j)

    Parameters
    ----------
    exposure : array_like      ω, shape (…, N, M), one row an account, numeraire per unit of return
    covariance : array_like    Σ, shape (…, M, M)

    Returns
    -------
    ndarray                    shape (…, N, N), ones on the diagonal

    Raises
    ------
    ValueError                 Σ is not a covariance, or the surplus of an account does not vary

    Notes
    -----
    Equation (4.11); `theory.liquidation_correlation` is the symbolic twin.

    Examples
    --------
    >>> rho = liquidation_correlation([[1, 1], [0, 1]], [[1, 0], [0, 1]])
    >>> print(f"{rho[0, 1]:.4f}")
    0.7071
    """
    w = cov.exposures("exposure", exposure)
    if w.ndim < 2:
        raise ValueError(f"exposure must have shape (…, N, M), one row an account, got {w.shape}")
    sigma = cov.checked("covariance", covariance, w.shape[-1])[..., None, :, :]
    variance = cov.variance(w, sigma)
    if not (variance > 0).all():
        raise ValueError("exposure must give every account a positive variance, got 0")
    unit = w / np.sqrt(variance)[..., None]
    rho = np.clip(cov.apply(sigma, unit) @ np.swapaxes(unit, -1, -2), -1, 1)
    return np.where(np.eye(w.shape[-2]) == 1, 1.0, rho)


def _account(
    normal: ArrayLike, offset: ArrayLike, price: ArrayLike, covariance: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Exposures ω (…, M), surplus S (…) and its variance ωᵀΣω (…), checked."""
    n = cov.exposures("normal", normal)
    p = cov.exposures("price", validate.positive("price", price))
    if n.shape[-1] != p.shape[-1]:
        raise ValueError(f"normal and price must have one entry for each asset, got {n.shape} and {p.shape}")
    d = validate.finite("offset", offset)
    sigma = cov.checked("covariance", covariance, n.shape[-1])
    try:
        exposure = n * p
        surplus, variance = np.broadcast_arrays(exposure.sum(axis=-1) - d, cov.variance(exposure, sigma))
    except ValueError:
        shapes = f"normal {n.shape}, price {p.shape}, offset {d.shape}, covariance {sigma.shape}"
        raise ValueError(f"the shapes do not broadcast: {shapes}") from None
    return exposure, surplus, variance
