"""From the σ-distance to a probability: Gaussian and Student-t, one account and two."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.distance.covariance import correlation_coefficient
from cascadelab.kit import validate
from cascadelab.kit.validate import Floats

FAR = 40.0  # Φ(−40) is zero in floating point


def liquidation_probability(z: ArrayLike, degrees_of_freedom: ArrayLike | None = None) -> float | Floats:
    """Probability that an account at σ-distance z is liquidatable at the end of the horizon.

        Gaussian returns:                       P = Φ(−z)
        Student-t returns of the same covariance:  P = t_ν(−z √(ν/(ν − 2)))

    Parameters
    ----------
    z : array_like                     σ-distance; may be infinite
    degrees_of_freedom : array_like    ν > 2, or None for Gaussian returns

    Returns
    -------
    float or ndarray                   probability in [0, 1]

    Raises
    ------
    ValueError                         z is not a number, or ν ≤ 2 (there is no variance to match)

    Notes
    -----
    Equations (4.8) and (4.10); `theory.gaussian_probability` and `theory.student_probability` are the twins.
    It looks at the end of the horizon only; `portfolio_first_passage` looks at the whole way.

    Examples
    --------
    >>> print(f"{liquidation_probability(4.4052):.3e}, {liquidation_probability(4.4052, 4):.3e}")
    5.284e-06, 1.691e-03
    """
    from scipy import special

    distance = sigmas("z", z)
    if degrees_of_freedom is None:
        return validate.scalar_or_array(np.asarray(special.ndtr(-distance)))
    nu, distance = validate.broadcast(degrees_of_freedom=_degrees(degrees_of_freedom), z=distance)
    return validate.scalar_or_array(np.asarray(special.stdtr(nu, -distance * np.sqrt(nu / (nu - 2)))))


def joint_probability(z: ArrayLike, liquidation_correlation: ArrayLike) -> float | Floats:
    """Probability that two accounts are both liquidatable at the end of the horizon, Gaussian returns.

        P₁₂ = Φ₂(−z₁, −z₂; ρ₁₂) = Φ(−z₁) Φ(−z₂) + ∫₀^ρ₁₂ φ₂(z₁, z₂; s) ds

    Parameters
    ----------
    z : array_like                          z₁ and z₂ in the last axis, shape (…, 2); may be infinite
    liquidation_correlation : array_like    ρ₁₂ of the two surpluses, shape (…), in [−1, 1]

    Returns
    -------
    float or ndarray                        probability in [0, 1], shape (…)

    Raises
    ------
    ValueError                              z is not a number or has no pair in its last axis, or ρ₁₂ is outside
                                            [−1, 1]

    Notes
    -----
    The integral is Plackett's (`theory.joint_probability_slope`); the body uses Owen's T function instead, up to
    ρ₁₂ = ±1. Its terms cancel: about 1e−16 is lost, so a result far below that next to Φ(−z₁) has no digit left.

    Examples
    --------
    >>> print(f"{joint_probability([0.0, 0.0], 0.5):.6f}")
    0.333333
    """
    from scipy import special

    pair = np.clip(sigmas("z", z), -FAR, FAR)
    if pair.ndim == 0 or pair.shape[-1] != 2:
        raise ValueError(f"z must have shape (…, 2), got {pair.shape}")
    rho = correlation_coefficient("liquidation_correlation", liquidation_correlation)
    z1, z2, rho = validate.broadcast(z=pair[..., 0], second=pair[..., 1], liquidation_correlation=rho)
    z1, z2 = z1 + 0.0, z2 + 0.0  # no negative zeros: the signs of the ratios matter
    root = np.sqrt((1 - rho) * (1 + rho))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        one = special.owens_t(z1, (z2 / z1 - rho) / root)
        two = special.owens_t(z2, (z1 / z2 - rho) / root)
    lower, upper = special.ndtr(-z1), special.ndtr(-z2)
    joint = (lower + upper) / 2 - one - two - np.where((z1 < 0) != (z2 < 0), 0.5, 0.0)
    joint = np.where((z1 == 0) & (z2 == 0), 0.25 + np.arcsin(rho) / (2 * np.pi), joint)
    joint = np.where(rho == 1, np.minimum(lower, upper), joint)
    joint = np.where(rho == -1, np.maximum(lower - special.ndtr(z2), 0), joint)
    return validate.scalar_or_array(np.clip(joint, 0, 1))


def tail_dependence(liquidation_correlation: ArrayLike, degrees_of_freedom: ArrayLike) -> float | Floats:
    """Probability that a second account is lost too when the first is, both at an equal and ever larger distance z.

    For a bivariate Student-t with correlation ρ₁₂ and ν degrees of freedom:

        χ = 2 t_{ν+1}(−√((ν + 1)(1 − ρ₁₂)/(1 + ρ₁₂)))

    Parameters
    ----------
    liquidation_correlation : array_like    ρ₁₂, in [−1, 1]
    degrees_of_freedom : array_like         ν > 2

    Returns
    -------
    float or ndarray                        probability in [0, 1]; for Gaussian returns it would be 0 unless ρ₁₂ = 1

    Raises
    ------
    ValueError                              the correlation is outside [−1, 1], or ν ≤ 2

    Notes
    -----
    Equation (4.12); `theory.tail_dependence` is the symbolic twin.

    Examples
    --------
    >>> print(f"{tail_dependence(0.7, 4):.4f}")
    0.3907
    """
    from scipy import special

    rho, nu = validate.broadcast(
        liquidation_correlation=correlation_coefficient("liquidation_correlation", liquidation_correlation),
        degrees_of_freedom=_degrees(degrees_of_freedom),
    )
    with np.errstate(divide="ignore"):
        argument = -np.sqrt((nu + 1) * (1 - rho) / (1 + rho))
    return validate.scalar_or_array(np.asarray(2 * special.stdtr(nu + 1, argument)))


def sigmas(name: str, value: ArrayLike) -> Floats:
    """Return σ-distances as float64, infinite ones included, or raise if one is not a number."""
    array = np.asarray(value)
    infinite = np.isinf(array) if array.dtype.kind == "f" else np.zeros(array.shape, dtype=bool)
    finite = validate.finite(name, np.where(infinite, 0.0, array) if infinite.any() else value)
    return np.where(infinite, array, finite) if infinite.any() else finite


def _degrees(value: ArrayLike) -> Floats:
    nu = validate.finite("degrees_of_freedom", value)
    if (nu <= 2).any():
        raise ValueError(f"degrees_of_freedom must be above 2, got {nu[nu <= 2].flat[0]:.12g}")
    return nu
