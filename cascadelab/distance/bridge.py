"""First passage by simulation: a walk of prices, and Brownian bridges for what happens between two of its steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.distance import covariance as cov
from cascadelab.kit import validate
from cascadelab.kit.validate import Floats

MOTIONS = ("geometric", "arithmetic")


def simulated_first_passage(
    normal: ArrayLike,
    offset: float,
    price: ArrayLike,
    covariance: ArrayLike,
    rng: np.random.Generator,
    *,
    motion: str = "geometric",
    steps: int = 64,
    paths: int = 10_000,
) -> tuple[float, float]:
    """Estimate how likely one account is to touch its liquidation hyperplane within the horizon, prices without drift.

    Between two steps with the surpluses S and S', both positive, a Brownian bridge touches zero with probability

        exp(−2 S S' / (ωᵀ Σ ω)),    Σ of one step, ω at the start of the step

    so each path contributes a probability, not a yes or no, and no touch between two steps is missed. The result
    is exact for arithmetic motion, and for geometric motion as the steps become small.

    Parameters
    ----------
    normal, price : array_like    n and p, shape (M,); prices > 0
    offset : float                n₀, numeraire
    covariance : array_like       Σ, shape (M, M), over the horizon: of the simple returns in arithmetic motion, of the
                                  log returns in geometric motion
    rng : Generator               source of randomness; the same seed gives both motions the same shocks
    motion : str                  "geometric" (prices never reach zero) or "arithmetic" (exposures stay as they are)
    steps, paths : int            size of the simulation

    Returns
    -------
    tuple of float                estimate, and its standard error

    Raises
    ------
    ValueError                    an argument has a wrong shape or value

    Examples
    --------
    >>> estimate, error = simulated_first_passage([1.0], 85.0, [100.0], [[0.01]], np.random.default_rng(1))
    >>> print(f"{estimate:.3f} ± {error:.3f}")
    0.115 ± 0.003
    """
    n, p = cov.exposures("normal", normal), cov.exposures("price", validate.positive("price", price))
    if n.ndim != 1 or n.shape != p.shape:
        raise ValueError(f"normal and price must have shape (M,), got {n.shape} and {p.shape}")
    if motion not in MOTIONS:
        raise ValueError(f"motion must be one of {', '.join(MOTIONS)}, got {motion!r}")
    steps, paths = validate.count("steps", steps), validate.count("paths", paths)
    d = float(validate.finite("offset", offset))
    sigma = cov.checked("covariance", covariance, n.size) / steps
    root = _root(sigma)
    log_mean = -np.diag(sigma) / 2 if motion == "geometric" else 0.0
    exposure, moved, missed = n * p, np.zeros((paths, n.size)), np.ones(paths)
    surplus = np.full(paths, exposure.sum() - d)
    for _ in range(steps):
        before, held = surplus, exposure * (np.exp(moved) if motion == "geometric" else np.ones_like(moved))
        shock = rng.standard_normal((paths, n.size)) @ root.T
        moved += shock + log_mean
        surplus = (np.expm1(moved) if motion == "geometric" else moved) @ exposure + exposure.sum() - d
        missed *= _missed(before, surplus, cov.variance(held, sigma))
    return float(1 - missed.mean()), float(missed.std() / np.sqrt(paths))


def _root(sigma: Floats) -> Floats:
    """Matrix A with A Aᵀ = Σ, for any positive semidefinite Σ."""
    values, vectors = np.linalg.eigh(sigma)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0)))


def _missed(before: Floats, after: Floats, variance: Floats) -> Floats:
    """Probability that a bridge from `before` to `after` stays above zero."""
    alive = (before > 0) & (after > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = np.exp(-2 * before * after / variance)
    return np.where(alive, 1 - np.where(variance > 0, crossing, 0.0), 0.0)
