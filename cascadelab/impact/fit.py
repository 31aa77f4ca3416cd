"""Which curve do quotes choose? A power law through sizes and costs, with two kinds of error bars."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, broadcast, positive, probability, scalar_or_array


@dataclass(frozen=True)
class PowerLaw:
    """Straight line through points on two logarithmic axes: cost = prefactor · size^exponent.

    exponent, prefactor : float      the line; cost as a fraction, size in the unit of the sizes given
    standard_error : float           of the exponent, if the points scatter independently and evenly about the line;
                                     nan with two points
    points : int                     number of points behind it

    >>> PowerLaw(1.0, 0.001, 0.1, 12).cost(20.0)
    0.02
    """

    exponent: float
    prefactor: float
    standard_error: float
    points: int

    def cost(self, notional: ArrayLike) -> float | Floats:
        """Cost as a fraction of the value, at a size > 0."""
        return scalar_or_array(self.prefactor * positive("notional", notional) ** self.exponent)


def fit_power_law(notional: ArrayLike, relative_impact: ArrayLike) -> PowerLaw:
    """Least squares in logarithms: log I = log(prefactor) + ε log N.

    Parameters
    ----------
    notional : array_like         sizes of the sales, > 0, a list
    relative_impact : array_like  cost of each, fraction, > 0; one a size

    Returns
    -------
    PowerLaw                      exponent ε, prefactor, and the standard error of the exponent

    Raises
    ------
    ValueError                    a value is not positive and finite, the lists differ in length, or there are fewer
                                  than two different sizes

    Notes
    -----
    Chapter 5, equation (5.18). The line minimises the error of the logarithm, so it treats a cost of 0.01 % with the
    same care as one of 10 %: quotes at which fees and noise dominate must be left out first.

    Examples
    --------
    >>> line = fit_power_law([1.0, 4.0, 16.0], [0.01, 0.02, 0.04])
    >>> print(f"{line.exponent:.4f} {line.prefactor:.4f}")
    0.5000 0.0100
    """
    x, y = _logarithms(notional, relative_impact)
    spread = x - x.mean()
    exponent = float(spread @ y / (spread @ spread))
    level = float(y.mean() - exponent * x.mean())
    rest = y - level - exponent * x
    free = x.size - 2
    error = float(np.sqrt(rest @ rest / free / (spread @ spread))) if free else float("nan")
    return PowerLaw(exponent, float(np.exp(level)), error, x.size)


def bootstrap_exponent(
    notional: ArrayLike,
    relative_impact: ArrayLike,
    rng: np.random.Generator,
    *,
    draws: int = 2000,
    level: float = 0.95,
) -> tuple[float, float]:
    """Interval of the exponent of `fit_power_law`, from fits to points drawn anew with replacement.

    Parameters
    ----------
    notional, relative_impact     as in `fit_power_law`
    rng : Generator               source of the draws
    draws : int                   number of fits; a draw with a single size is drawn again
    level : float                 probability that the interval is meant to hold, in (0, 1)

    Returns
    -------
    tuple of float                both ends: the quantiles of the fitted exponents

    Raises
    ------
    ValueError                    as in `fit_power_law`; there are no draws, or the level is outside (0, 1)

    Notes
    -----
    Chapter 5, section on calibration. Points of one snapshot are not independent: it is an interval for the line
    through this snapshot, not for another day.

    Examples
    --------
    >>> low, high = bootstrap_exponent([1.0, 4.0, 16.0], [0.01, 0.02, 0.04], np.random.default_rng(1), draws=50)
    >>> print(f"{low:.4f} {high:.4f}")
    0.5000 0.5000
    """
    x, y = _logarithms(notional, relative_impact)
    tail = (1 - float(probability("level", level))) / 2
    if draws < 1:
        raise ValueError(f"draws must be at least 1, got {draws}")
    exponents: list[float] = []
    while len(exponents) < draws:
        chosen = rng.integers(0, x.size, x.size)
        spread = x[chosen] - x[chosen].mean()
        if np.ptp(x[chosen]) > 0:
            exponents.append(float(spread @ y[chosen] / (spread @ spread)))
    low, high = np.quantile(exponents, [tail, 1 - tail])
    return float(low), float(high)


def _logarithms(notional: ArrayLike, relative_impact: ArrayLike) -> tuple[Floats, Floats]:
    x, y = broadcast(
        notional=np.log(positive("notional", notional)),
        relative_impact=np.log(positive("relative_impact", relative_impact)),
    )
    if x.ndim != 1 or np.unique(x).size < 2:
        raise ValueError(f"notional must be a list with at least two different sizes, got shape {x.shape}")
    return x, y
