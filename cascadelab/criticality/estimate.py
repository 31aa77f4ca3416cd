"""κ from observed avalanches: the most likely value, an interval, and what neither can see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.criticality.borel import counting
from cascadelab.kit.validate import positive, probability, single


@dataclass(frozen=True)
class Estimate:
    """Branching ratio estimated from avalanches.

    kappa : float                the most likely value, 1 − j/mean; in [0, 1), up to rounding
    low, high : float            ends of the interval; `high` may be above 1
    standard_error : float       √(κ̂ (1 − κ̂)/(j · avalanches)) = √(κ̂/all), for many avalanches
    mean_size : float            mean of the sizes
    avalanches : int             how many sizes
    level : float                nominal probability that the interval holds κ

    >>> estimate_kappa([1, 3, 2]).kappa
    0.5
    """

    kappa: float
    low: float
    high: float
    standard_error: float
    mean_size: float
    avalanches: int
    level: float


def estimate_kappa(sizes: ArrayLike, *, seeds: int = 1, level: float = 0.95) -> Estimate:
    """Estimate the branching ratio from the sizes of independent avalanches that ended.

    Of the accounts in all avalanches together, some are seeds and the others, f of them, were forced. The likelihood is
    κ^f e^{−κ · all} up to a constant, largest at κ̂ = f/all = 1 − j/mean. The interval holds every κ whose likelihood is
    at least e^{−z²/2} of the largest, z being the normal quantile of the level: both ends are values of Lambert's
    function,

        κ = −κ̂ W(−e^{−1−z²/(2f)}),   W main branch: lower end, other branch: upper end

    Parameters
    ----------
    sizes : array_like           whole numbers ≥ seeds, a list of at least one, seeds included
    seeds : int                  j ≥ 1, accounts that start each avalanche
    level : float                in (0, 1)

    Returns
    -------
    Estimate                     `.kappa`, `.low`, `.high`, and more; see there

    Raises
    ------
    ValueError                   a size is not whole or below the number of seeds, there is no size or no seed, or the
                                 level is outside (0, 1)

    Notes
    -----
    Chapter 8, equations (8.36) to (8.38). κ̂ is below one whatever the truth: an avalanche that does not end is not in
    the list, and the ended ones of a process with κ > 1 are those of its dual, κ times `extinction_probability`. Where
    the sizes are bins of a clock and not avalanches, κ̂ measures the bin.

    Examples
    --------
    >>> found = estimate_kappa([1, 1, 4, 2, 1, 9, 1, 3])
    >>> print(f"{found.kappa:.4f} [{found.low:.4f}, {found.high:.4f}]")
    0.6364 [0.3585, 1.0303]
    """
    from scipy.special import erfinv, lambertw

    values, each = positive("sizes", sizes), single("seeds", seeds, counting)
    if values.ndim != 1 or values.size == 0:
        raise ValueError(f"sizes must be a list of at least one, got shape {values.shape}")
    wrong = (values != np.floor(values)) | (values < each)
    if wrong.any():
        raise ValueError(f"sizes must be whole and at least {each:g}, got {values[wrong][0]:.12g}")
    within = single("level", level, probability)
    z = float(np.sqrt(2) * erfinv(within))  # the normal quantile of (1 + level)/2, which may round to one
    total, first = float(values.sum()), each * values.size
    forced = total - first
    kappa = forced / total
    if forced:
        drop = z**2 / (2 * forced)  # of the logarithm of the likelihood, for each account forced
        root = np.sqrt(2 * drop)
        if drop > 1e-8:
            ends = -lambertw(-np.exp(-1 - drop), [0, -1]).real
        else:  # next to the branch point of W, where it loses half of its digits
            ends = 1 + root * np.array([-1.0, 1.0]) + root**2 / 3
        low, high = (float(kappa * end) for end in ends)
    else:
        low, high = 0.0, z**2 / (2 * total)
    error = float(np.sqrt(kappa / total))  # 1 − κ̂ = j · avalanches/all, without the loss of digits
    return Estimate(kappa, low, high, error, total / values.size, values.size, within)
