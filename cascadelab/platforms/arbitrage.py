"""What arbitrage does to a cascade: it lowers the branching ratio of the whole, and carries the fall to others."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.contagion.feedback import response, spectral_radius
from cascadelab.kit.validate import Floats, non_negative
from cascadelab.platforms.network import depths, impact_matrix, laplacian, links
from cascadelab.thresholds.rounding import is_below

DIGITS = 1e9  # beyond this, unwinding against depth, r(K) would keep fewer than six digits


def critical_kappa(
    depth: ArrayLike, density: ArrayLike, conductance: ArrayLike, *, unwinding: ArrayLike = 0.0
) -> float:
    """Branching ratio of all markets together, whose crossing of one is critical: r(K) of K = Λ (G + g_arb 𝓛).

        r(K) = max over x of (x·G x + g_arb x·𝓛 x) / (x·D x + c x·𝓛 x)

    Parameters
    ----------
    depth, conductance             as in `impact_matrix`
    density : array_like           g ≥ 0, (V,): units whose liquidation a fall of one forces on each market, on its own
    unwinding : array_like         g_arb ≥ 0: units of hedged arbitrage that are closed by force when the gap widens by
                                   one; a number, for every pair that a conductance joins, or a matrix as there

    Returns
    -------
    float                          below 1 the rounds end by themselves; with unwinding, for the shocks of the notes

    Raises
    ------
    ValueError                     as in `impact_matrix`, a density or unwinding is negative or does not fit, or an
                                   unwinding is so much larger than the depths that rounding would decide

    Notes
    -----
    Chapter 10, equations (10.7) to (10.9): every venue looks at its own price and sells at home. Without unwinding it
    never rises with a conductance. With unwinding, (10.14), the shock must widen the gap in each round, or as many
    arbitrageurs be hedged the other way; and no market with forced sellers of its own may recover on the way, for
    nobody undoes a liquidation. Unwinding costs as many digits as it is larger than the depths.

    Examples
    --------
    >>> print(f"{critical_kappa([2.0, 4.0], [3.0, 0.5], 1.3):.6f}")
    1.017451
    """
    return spectral_radius(_feedback(depth, density, conductance, unwinding)[0])


def sale_response(
    depth: ArrayLike, density: ArrayLike, conductance: ArrayLike, *, unwinding: ArrayLike = 0.0
) -> Floats:
    """Fall on each market for a unit sold on each, all rounds included: (I − K)⁻¹ Λ = (D + c 𝓛 − G − g_arb 𝓛)⁻¹.

    Parameters
    ----------
    depth, density, conductance, unwinding
                                   as in `critical_kappa`

    Returns
    -------
    ndarray                        (V, V), symmetric; entry (v, w): fall of v if a unit is sold on w; with unwinding
                                   only where the sale widens the gaps

    Raises
    ------
    ValueError                     as in `critical_kappa`, or r(K) ≥ 1, where the rounds have no end

    Notes
    -----
    Chapter 10, equation (10.10) for two markets, (10.13) with unwinding and its conditions, as in `critical_kappa`.
    It is chapter 9's `response` to the falls that the sale itself makes. Forced sellers eat depth, d − g is what they
    leave.

    Examples
    --------
    >>> print(sale_response([4.0, 4.0], [3.0, 0.5], 2.0).round(4))
    [[0.44 0.16]
     [0.16 0.24]]
    """
    matrix, spread = _feedback(depth, density, conductance, unwinding)
    return np.asarray(response(matrix) @ spread)


def healing_conductance(depth: ArrayLike, density: ArrayLike) -> float:
    """Conductance above which two markets, one of them critical on its own, are not critical together.

        c = (g₁ − d₁)(d₂ − g₂) / (d₁ + d₂ − g₁ − g₂)

    Parameters
    ----------
    depth : array_like             d > 0, (2,)
    density : array_like           g ≥ 0, (2,)

    Returns
    -------
    float                          0 if neither has more density than depth; inf if no arbitrage is enough, for the two
                                   have no depth to spare together

    Raises
    ------
    ValueError                     there are not two markets, or a value is out of its range

    Notes
    -----
    Chapter 10, equation (10.11): at it r(K) = 1.

    Examples
    --------
    >>> print(f"{healing_conductance([2.0, 4.0], [3.0, 0.5]):.4f}")
    1.4000
    """
    own = depths(depth)
    forced = _densities(density, own.size)
    spare = own - forced
    if own.size != 2:
        raise ValueError(f"depth must have two entries, one a market, got {own.size}")
    if (own == 0).any():
        raise ValueError("depth must be positive, got 0")
    total = float(spare.sum())
    if not is_below(0.0, total, float(max(own.max(), forced.max()))):
        return float("inf")
    return 0.0 if (spare >= 0).all() else float(-spare.min() / total * spare.max())


def _feedback(
    depth: ArrayLike, density: ArrayLike, conductance: ArrayLike, unwinding: ArrayLike
) -> tuple[Floats, Floats]:
    """K and Λ."""
    spread = impact_matrix(depth, conductance)
    joined = links("conductance", conductance, len(spread))
    closed = links("unwinding", unwinding, len(spread))
    if np.ndim(unwinding) == 0:
        closed *= joined > 0  # a number: for the pairs that there are
    if closed.max() * spread.max() > DIGITS:
        raise ValueError(f"unwinding must be below {DIGITS:.0e} times the depths, got {closed.max():.12g}")
    return np.asarray(spread @ (np.diag(_densities(density, len(spread))) + laplacian(closed))), spread


def _densities(density: ArrayLike, size: int) -> Floats:
    forced = non_negative("density", density)
    if forced.shape != (size,):
        raise ValueError(f"density must be one number for each of {size} markets, got shape {forced.shape}")
    return forced
