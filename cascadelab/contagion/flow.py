"""Moves of prices under forced flow, drawn at random: two-sided, in falls only, and once for good."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.contagion.feedback import feedback_matrix, spectral_radius
from cascadelab.kit.validate import Floats, finite

FLOWS = ("two-sided", "falls only", "once")


def moves(
    shocks: ArrayLike,
    quantity: ArrayLike,
    normal: ArrayLike,
    account_density: ArrayLike,
    slope: ArrayLike,
    *,
    flow: str = "two-sided",
) -> Floats:
    """Moves of the prices for given shocks, the forced flow of smooth types of accounts included.

    Parameters
    ----------
    shocks : array_like          (…, T, M), what prices would do without forced flow, T moves one after another
    quantity, normal, account_density, slope
                                 as in `feedback_matrix`; no type may bring a negative entry to K, and r(K) < 1
    flow : str                   "two-sided": a rise brings back what a fall forced out, each move by itself.
                                 "falls only": each move by itself, and a surplus that rises forces nobody.
                                 "once": one path; whoever is closed stays closed, so that only a surplus lower than
                                 ever before finds accounts

    Returns
    -------
    ndarray                      (…, T, M)

    Raises
    ------
    ValueError                   a value is not finite, the shapes do not fit, a type has a negative entry in its part
                                 of K, r(K) ≥ 1, or the flow is unknown

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
    matrix = feedback_matrix(quantity, normal, account_density, slope)
    drawn = finite("shocks", shocks)
    if drawn.ndim < 2 or drawn.shape[-1] != len(matrix):
        raise ValueError(f"shocks must have shape (…, T, {len(matrix)}), got {drawn.shape}")
    n, per_type = (
        np.atleast_2d(finite("normal", normal)),
        np.reshape(finite("account_density", account_density), (-1, 1)),
    )
    impact = finite("slope", slope)
    push = np.atleast_2d(finite("quantity", quantity)) * per_type @ (np.diag(impact) if impact.ndim == 1 else impact.T)
    # of the types, some may be silent in a move: their sum alone would not bound what the others do
    if (push[:, :, np.newaxis] * n[:, np.newaxis, :] < 0).any() or not spectral_radius(matrix) < 1:
        raise ValueError(
            "no type may have a negative entry in the feedback matrix, and its spectral radius must be below 1"
        )
    if flow == "two-sided":
        return np.asarray(drawn @ np.linalg.inv(np.eye(len(matrix)) - matrix).T)
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
        if np.abs(after - price).max(initial=0.0) <= 1e-12 * np.abs(level).max(initial=1.0):
            return np.asarray(after)
        price = after
