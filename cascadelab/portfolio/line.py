"""A straight walk through price space: along it the surplus is the lowest of a few straight lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cascadelab.kit.validate import Floats
from cascadelab.portfolio.holdings import Lines

RESIDUE = 1e-15
"""Part of a root within which it counts as the end of the walk: a price that reaches zero there, but for rounding."""


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
    Chapter 3, "A walk with a common factor".

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

    Parameters are those of `lowest_lines`.

    Returns
    -------
    (lower, upper)               each a float, or None where the walk ends before the surplus does;
                                 (nan, nan) where no t is safe

    Notes
    -----
    Exact: each line of `lowest_lines` has one root. The roots are measured from t = 0, not from an end of the walk:
    an asset that hardly moves puts that end astronomically far away, and the digits of the root would be lost.

    Examples
    --------
    >>> tent = (np.array([0.0, 2.0]), np.array([1.0, -1.0]))
    >>> exit_parameters(-0.5, [tent], 0.0, np.inf)
    (0.5, 1.5)
    """
    a, b = lowest_lines(constant, groups, low, high)
    with np.errstate(over="ignore"):  # a root beyond the largest float is no exit: it arrives as ±inf
        lower = float(np.max(-a[b > 0] / b[b > 0], initial=-np.inf))
        upper = float(np.min(-a[b < 0] / b[b < 0], initial=np.inf))
    if np.any(a[b == 0] < 0) or lower > upper or lower >= high or upper <= low:
        return float("nan"), float("nan")
    inside = lower - low > RESIDUE * abs(lower), high - upper > RESIDUE * abs(upper)
    return (lower if inside[0] else None), (upper if inside[1] else None)


def _kinks(intercepts: Floats, slopes: Floats) -> Floats:
    turn = np.diff(slopes)
    with np.errstate(over="ignore"):  # a kink at ±inf lies on no walk
        return np.asarray(-np.diff(intercepts)[turn != 0] / turn[turn != 0])


def _middles(kinks: Floats, low: float, high: float) -> Floats:
    """One point inside each segment; where a segment has no end, one well beyond its start."""
    inner = kinks if kinks.size else np.array([low if np.isfinite(low) else min(high, 0.0)])
    first = low if np.isfinite(low) else inner[0] - 1 - abs(inner[0])
    last = high if np.isfinite(high) else inner[-1] + 1 + abs(inner[-1])
    ends = np.concatenate([[first], kinks, [last]])
    middles: Floats = (ends[1:] + ends[:-1]) / 2
    return middles
