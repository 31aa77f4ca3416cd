"""Amplification: how much further the price falls than the shock, if selling one unit forces κ units more."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, finite, non_negative, scalar_or_array


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
