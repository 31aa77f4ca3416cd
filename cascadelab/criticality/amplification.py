"""Amplification: how much further the price falls than the shock, if selling one unit forces κ units more."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, broadcast, finite, non_negative, positive, scalar_or_array


def amplification(kappa: ArrayLike) -> float | Floats:
    """Fall of the price for each unit of shock, 1/(1 − κ), near an equilibrium with branching ratio κ.

    One unit sold forces κ more, these κ² more, and so on: 1 + κ + κ² + … = 1/(1 − κ).

    Parameters
    ----------
    kappa : array_like           κ, units forced by one unit sold, < 1; negative where buyers absorb more than is forced

    Returns
    -------
    ndarray or float             multiple of the shock, > 0; below 1 where κ is negative

    Raises
    ------
    ValueError                   κ is not finite, or κ ≥ 1: then each unit forces at least one more, the sum has no end,
                                 and the size of the book decides, not κ

    Notes
    -----
    Chapter 8, equation (8.5); for exponential impact it is the ratio of the changes of the logarithms, (8.6).

    Examples
    --------
    >>> amplification([-1.0, 0.0, 0.5, 0.75])
    array([0.5, 1. , 2. , 4. ])
    """
    return scalar_or_array(np.asarray(1 / (1 - _below_one("kappa", finite("kappa", kappa)))))


def branching_ratio(slope: ArrayLike, density: ArrayLike) -> float | Floats:
    """Branching ratio κ = λ g: the fall for one unit sold times the units that the fall forces.

    Parameters
    ----------
    slope : array_like           λ, fall of the price for one more unit, ≥ 0; −∂F/∂u of any impact curve at that point
    density : array_like         g, units forced by a fall of one, ≥ 0

    Returns
    -------
    ndarray or float             κ

    Raises
    ------
    ValueError                   a value is negative or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 8, equation (8.1).

    Examples
    --------
    >>> branching_ratio(0.5, 1.5)
    0.75
    """
    values = {"slope": non_negative("slope", slope), "density": non_negative("density", density)}
    fall, units = broadcast(**values)
    return scalar_or_array(np.asarray(fall * units))


def uniform_linear(shocked_price: ArrayLike, slope: ArrayLike, density: ArrayLike, edge: ArrayLike) -> float | Floats:
    """Price at which the cascade stops: g units a unit of price below an edge, linear impact.

        p = (p_s − κ p_max) / (1 − κ) for p_s < p_max,   κ = λ g;   p = p_s otherwise

    Parameters
    ----------
    shocked_price : array_like   p_s, ≥ 0
    slope : array_like           λ ≥ 0
    density : array_like         g ≥ 0
    edge : array_like            p_max, highest threshold, > 0

    Returns
    -------
    ndarray or float             price, stopped at zero; the book is taken to reach down to it

    Raises
    ------
    ValueError                   a value is out of its range or not finite, the shapes do not broadcast, or λ g ≥ 1
                                 for a shocked price below the edge

    Notes
    -----
    Chapter 8, equations (8.7) and (8.8). With λ g ≥ 1 the first unit brings down the whole book, however large: there
    is no stop inside it. The units sold are g (p_max − p), for any fill rule.

    Examples
    --------
    >>> print(f"{uniform_linear(97.0, 0.012, 50.0, 100.0):.4f}")
    92.5000
    """
    p_s, fall, units, top = broadcast(
        shocked_price=non_negative("shocked_price", shocked_price),
        slope=non_negative("slope", slope),
        density=non_negative("density", density),
        edge=positive("edge", edge),
    )
    kappa = subcritical(np.where(p_s < top, fall * units, 0.0), "slope times density")
    return scalar_or_array(np.asarray(np.where(p_s < top, np.maximum((p_s - kappa * top) / (1 - kappa), 0.0), p_s)))


def subcritical(kappa: ArrayLike, name: str = "kappa") -> Floats:
    """Return κ as float64, or raise unless every entry is in [0, 1), and say why."""
    return _below_one(name, non_negative(name, kappa))


def _below_one(name: str, values: Floats) -> Floats:
    if not (values < 1).all():
        raise ValueError(
            f"{name} must be below 1: from there on each unit sold forces at least one more, the sum of the rounds "
            f"has no end, and 1/(1 − κ) has no meaning; got {values[values >= 1].flat[0]:.12g}"
        )
    return values
