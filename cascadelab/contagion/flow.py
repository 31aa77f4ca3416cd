"""Moves of prices under forced flow, drawn at random: two-sided, in falls only, and once for good."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.contagion.feedback import pushes, response
from cascadelab.kit.validate import Floats, finite

FLOWS = ("two-sided", "falls only", "once")


def moves(
    shocks: ArrayLike,
    quantity: ArrayLike,
    normal: ArrayLike,
    account_density: ArrayLike,
    impact_matrix: ArrayLike,
    *,
    flow: str = "two-sided",
) -> Floats:
    """Moves of the prices for given shocks, the forced flow of smooth types of accounts included.

    Parameters
    ----------
    shocks : array_like          (…, T, M), what prices would do without forced flow, T moves one after another
    quantity, normal, account_density, impact_matrix
                                 as in `feedback_matrix`, r(K) < 1; for one-sided flow no type may bring a negative
                                 entry to K
    flow : str                   "two-sided": a rise brings back what a fall forced out, each move by itself.
                                 "falls only": each move by itself, and a surplus that rises forces nobody.
                                 "once": one path; whoever is closed stays closed, so that only a surplus lower than
                                 ever before finds accounts. The last two, one-sided, are summed round by round: near
                                 criticality ten times as long for each digit that r(K) comes nearer to 1

    Returns
    -------
    ndarray                      (…, T, M)

    Raises
    ------
    ValueError                   as in `feedback_matrix`; the shocks do not fit or are not finite, r(K) ≥ 1, the flow is
                                 unknown, or it is one-sided and a type has a negative entry in its part of K

    Notes
    -----
    Chapter 9, the section on what breaks the law of correlations. "Two-sided" is (I − K)⁻¹ times the shocks.

    Examples
    --------
    >>> both = moves([[-1.0, 0.0], [1.0, 0.0]], [1.0, 1.0], [1.0, 1.0], 1.0, 0.25 * np.ones(2), flow="falls only")
    >>> print(both)
    [[-1.5 -0.5]
     [ 1.   0. ]]
    """
    if flow not in FLOWS:
        raise ValueError(f"flow must be one of {', '.join(map(repr, FLOWS))}, got {flow!r}")
    push, n = pushes(quantity, normal, account_density, impact_matrix)
    drawn, after = finite("shocks", shocks), response(push.T @ n)
    if drawn.ndim < 2 or drawn.shape[-1] != len(after):
        raise ValueError(f"shocks must have shape (…, T, {len(after)}), got {drawn.shape}")
    if flow == "two-sided":
        return np.asarray(drawn @ after.T)
    # of the types, some may be silent in a move: their sum alone would not bound what the others do
    lowest_entry = (push[:, :, np.newaxis] * n[:, np.newaxis, :]).min(initial=0.0)
    if lowest_entry < 0:
        raise ValueError(
            f"quantity and normal must give no type a negative entry in the feedback matrix if flow is {flow!r}, "
            f"got {lowest_entry:.12g}"
        )
    if flow == "falls only":
        return _settle(drawn, n, push, np.zeros((*drawn.shape[:-1], len(n))))
    levels, lowest = np.cumsum(drawn, axis=-2), np.zeros((*drawn.shape[:-2], len(n)))
    prices = np.zeros_like(levels)
    for t in range(levels.shape[-2]):
        prices[..., t, :] = _settle(levels[..., t, :], n, push, lowest)
        lowest = np.minimum(lowest, prices[..., t, :] @ n.T)
    return np.diff(prices, axis=-2, prepend=0.0)


def _settle(level: Floats, n: Floats, push: Floats, lowest: Floats) -> Floats:
    """Prices that agree with the flow which they force: rounds from the price without it."""
    price = level
    while True:
        after = level + np.minimum(price @ n.T, lowest) @ push
        size = np.maximum(np.abs(level), np.abs(after)).max(axis=-1, initial=0.0)
        if (np.abs(after - price).max(axis=-1, initial=0.0) <= 1e-12 * size).all():
            return np.asarray(after)
        price = after
