"""Avalanche sizes, if thresholds lie at random: Borel's law, its moments, and the chance that there is an end."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.criticality.feedback import subcritical
from cascadelab.kit.validate import Floats, broadcast, finite, non_negative, positive, scalar_or_array

_LARGE = 1e6  # from there on the terms of the logarithm cancel, and Stirling's formula is exact to rounding


def borel_pmf(n: ArrayLike, kappa: ArrayLike) -> float | Floats:
    """Probability that an avalanche from one seed has n accounts, the seed included: e^{−κn} (κn)^{n−1} / n!

    Parameters
    ----------
    n : array_like               size, a whole number; below 1 the probability is zero
    kappa : array_like           branching ratio ≥ 0; above 1 the probabilities add up to `extinction_probability`

    Returns
    -------
    ndarray or float             probability

    Raises
    ------
    ValueError                   a size is not a whole number, κ is negative or not finite, or the shapes do not
                                 broadcast

    Notes
    -----
    Chapter 8, equation (8.29). Exact for equal accounts whose thresholds are a Poisson process and linear impact.

    Examples
    --------
    >>> print(borel_pmf([1, 2, 3, 4], 0.7).round(5))
    [0.49659 0.17262 0.09001 0.05562]
    """
    return borel_tanner_pmf(n, kappa, 1)


def borel_tanner_pmf(n: ArrayLike, kappa: ArrayLike, seeds: ArrayLike) -> float | Floats:
    """Probability that an avalanche from j seeds has n accounts: (j/n) e^{−κn} (κn)^{n−j} / (n−j)!

    Parameters
    ----------
    n : array_like               size with the seeds, a whole number; below j the probability is zero
    kappa : array_like           branching ratio ≥ 0
    seeds : array_like           j, a whole number ≥ 1

    Returns
    -------
    ndarray or float             probability

    Raises
    ------
    ValueError                   a size or a number of seeds is not whole, κ is negative, there is no seed, a value is
                                 not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 8, equation (8.31). The sum of j independent avalanches from one seed each.

    Examples
    --------
    >>> print(f"{borel_tanner_pmf(5, 0.4, 2):.6f} {borel_tanner_pmf(1, 0.4, 2):.1f}")
    0.072179 0.0
    """
    from scipy.special import gammaln, xlogy

    size, ratio, first = broadcast(n=whole("n", n), kappa=non_negative("kappa", kappa), seeds=counting("seeds", seeds))
    possible = size >= first
    total = np.where(possible, size, first)
    forced = total - first
    plain = xlogy(forced, ratio * total) - ratio * total - gammaln(forced + 1)
    large = forced > _LARGE
    many = np.where(large, forced, 1.0)
    with np.errstate(divide="ignore"):  # without feedback, κ = 0, no large avalanche
        exponent = many * (1 - ratio + np.log(ratio) + np.log1p(first / many)) - ratio * first
    stirling = exponent - np.log(2 * np.pi * many) / 2 - 1 / (12 * many)
    logarithm = np.log(first / total) + np.where(large, stirling, plain)
    return scalar_or_array(np.asarray(np.where(possible, np.exp(logarithm), 0.0)))


def borel_moments(kappa: ArrayLike, seeds: ArrayLike = 1) -> tuple[float | Floats, float | Floats]:
    """Mean and variance of an avalanche from j seeds: j/(1 − κ) and j κ/(1 − κ)³.

    Parameters
    ----------
    kappa : array_like           branching ratio in [0, 1)
    seeds : array_like           j, a whole number ≥ 1

    Returns
    -------
    tuple                        mean, variance

    Raises
    ------
    ValueError                   κ is outside [0, 1) (at 1 the mean is infinite), the seeds are no whole number ≥ 1, or
                                 the shapes do not broadcast

    Notes
    -----
    Chapter 8, equations (8.32) and (8.33). The mean of one seed is the amplification of the smooth market.

    Examples
    --------
    >>> print("{:.4f} {:.4f}".format(*borel_moments(0.7)))
    3.3333 25.9259
    """
    ratio, first = broadcast(kappa=subcritical(kappa), seeds=counting("seeds", seeds))
    mean, variance = first / (1 - ratio), first * ratio / (1 - ratio) ** 3
    return scalar_or_array(np.asarray(mean)), scalar_or_array(np.asarray(variance))


def extinction_probability(kappa: ArrayLike) -> float | Floats:
    """Probability that an avalanche from one seed ends by itself: 1 up to κ = 1, −W(−κ e^{−κ})/κ above.

    Parameters
    ----------
    kappa : array_like           branching ratio ≥ 0

    Returns
    -------
    ndarray or float             the smaller root π of π = exp(κ(π − 1)); π^j for j seeds

    Raises
    ------
    ValueError                   κ is negative or not finite

    Notes
    -----
    Chapter 8, equation (8.35). W is the main branch of Lambert's function.

    Examples
    --------
    >>> print(f"{extinction_probability(0.8):.4f} {extinction_probability(1.4):.6f}")
    1.0000 0.488989
    """
    from scipy.special import lambertw

    ratio = non_negative("kappa", kappa)
    excess = np.maximum(ratio - 1, 0.0)
    above = np.where(excess > 1e-4, ratio, 2.0)
    far = -lambertw(-above * np.exp(-above)).real / above
    near = np.minimum(excess, 1e-4)  # here W is next to its branch point and loses half of its digits
    series = 1 - near * (2 - near * (8 / 3 - near * 28 / 9))
    return scalar_or_array(np.asarray(np.where(excess > 1e-4, far, series)))


def counting(name: str, value: ArrayLike) -> Floats:
    """Return the value as float64, or raise unless every entry is a whole number ≥ 1."""
    return whole(name, positive(name, value))


def whole(name: str, value: ArrayLike) -> Floats:
    """Return the value as float64, or raise unless every entry is a whole number."""
    array = finite(name, value)
    if not (array == np.floor(array)).all():
        raise ValueError(f"{name} must be whole, got {array[array != np.floor(array)].flat[0]:.12g}")
    return array
