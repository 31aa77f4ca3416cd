"""A straight walk through price space: along it the surplus is the lowest of a few straight lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cascadelab.kit.validate import Floats
from cascadelab.portfolio.holdings import Lines
from cascadelab.thresholds import safe_interval


def lowest_lines(constant: float, groups: Sequence[Lines], low: float, high: float) -> Lines:
    """Write constant + Σ_g min_k (a_gk + b_gk t), for low < t < high, as one minimum of lines.

    The kinks of all groups cut (low, high) into segments. On each segment one line of every group is the lowest,
    and their sum is one line. A concave function lies below each of its segments' lines, so it is their minimum.

    Parameters
    ----------
    constant : float             numeraire
    groups : sequence of Lines   lines of each group sorted by falling slope towards the right or the left
                                 (as tiers are), so that only neighbours meet
    low, high : float            ends of the walk, low < high; either may be infinite

    Returns
    -------
    (intercepts, slopes)         one line a segment

    Notes
    -----
    Chapter 3, "Along a line".

    Examples
    --------
    Two kinks, at t = 1 and t = 2, make three segments:

    >>> tent = (np.array([0.0, 2.0]), np.array([1.0, -1.0]))
    >>> roof = (np.array([0.0, 2.0]), np.array([0.0, -1.0]))
    >>> a, b = lowest_lines(0.0, [tent, roof], -np.inf, np.inf)
    >>> [f"{x:.0f}" for x in a], [f"{x:.0f}" for x in b]
    (['0', '2', '4'], ['1', '-1', '-2'])
    """
    kinks = np.concatenate([_kinks(*group) for group in groups] or [np.empty(0)])
    kinks = np.unique(kinks[(kinks > low) & (kinks < high)])
    middles = _middles(kinks, low, high)
    intercepts, slopes = np.full(middles.size, constant), np.zeros(middles.size)
    for a, b in groups:
        lowest = np.argmin(a + b * middles[:, np.newaxis], axis=1)
        intercepts += a[lowest]
        slopes += b[lowest]
    return intercepts, slopes


def exit_parameters(
    constant: float, groups: Sequence[Lines], low: float, high: float
) -> tuple[float | None, float | None]:
    """Ends of the t in (low, high) at which constant + Σ_g min_k (a_gk + b_gk t) ≥ 0.

    Parameters are those of `lowest_lines`; low or high must be finite.

    Returns
    -------
    (lower, upper)               each a float, or None where the walk ends before the surplus does;
                                 (nan, nan) where no t is safe

    Notes
    -----
    Exact: the lines of `lowest_lines`, measured from a finite end of the walk, go to `thresholds.safe_interval`.

    Examples
    --------
    >>> tent = (np.array([0.0, 2.0]), np.array([1.0, -1.0]))
    >>> exit_parameters(-0.5, [tent], 0.0, np.inf)
    (0.5, 1.5)
    """
    a, b = lowest_lines(constant, groups, low, high)
    if low == -np.inf:
        lower, upper = safe_interval(a + b * high, -b)  # walk the other way
        lower, upper = (None if upper is None else high - upper), (None if lower is None else high - lower)
    else:
        lower, upper = safe_interval(a + b * low, b)
        lower, upper = (None if lower is None else low + lower), (None if upper is None else low + upper)
    if lower is not None and (np.isnan(lower) or lower >= high):
        return float("nan"), float("nan")
    return lower, (None if upper is None or upper >= high else upper)


def _kinks(intercepts: Floats, slopes: Floats) -> Floats:
    turn = np.diff(slopes)
    return np.asarray(-np.diff(intercepts)[turn != 0] / turn[turn != 0])


def _middles(kinks: Floats, low: float, high: float) -> Floats:
    """One point inside each segment; where a segment has no end, one well beyond its start."""
    inner = kinks if kinks.size else np.array([low if np.isfinite(low) else min(high, 0.0)])
    first = low if np.isfinite(low) else inner[0] - 1 - abs(inner[0])
    last = high if np.isfinite(high) else inner[-1] + 1 + abs(inner[-1])
    ends = np.concatenate([[first], kinks, [last]])
    middles: Floats = (ends[1:] + ends[:-1]) / 2
    return middles
