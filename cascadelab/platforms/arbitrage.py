"""What arbitrage does to a cascade: it lowers the branching ratio of the whole, and carries the fall to others."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, non_negative
from cascadelab.platforms.network import impact_matrix, laplacian, markets


def critical_kappa(
    density: ArrayLike, depth: ArrayLike, conductance: ArrayLike, *, unwinding: ArrayLike = 0.0
) -> float:
    """Branching ratio of all markets together: the spectral radius r(K) of K = Λ (G + g_arb 𝓛).

        r(K) = max over x of (x·G x + g_arb x·𝓛 x) / (x·D x + c x·𝓛 x)

    Parameters
    ----------
    density : array_like           g ≥ 0, (V,): units whose liquidation a fall of one forces on each market, on its own
    depth, conductance             as in `impact_matrix`
    unwinding : array_like         g_arb ≥ 0, as conductance: units of hedged arbitrage that are closed by force when
                                   the gap widens by one

    Returns
    -------
    float                          below 1 the rounds end by themselves; with unwinding, for the shocks of the notes

    Raises
    ------
    ValueError                     as in `impact_matrix`, or a density or unwinding is negative or does not fit

    Notes
    -----
    Chapter 10, equations (10.7) to (10.9): every venue looks at its own price and sells at home. Without unwinding it
    never rises with a conductance. With unwinding, (10.14), the shock must widen the gap in each round, or as many
    arbitrageurs be hedged the other way; and no price may recover on the way, for nobody undoes a liquidation. A
    conductance and an unwinding that nearly cancel lose as many digits as the depths are smaller.

    Examples
    --------
    >>> print(f"{critical_kappa([3.0, 0.5], [2.0, 4.0], 1.3):.6f}")
    1.017451
    """
    spread = impact_matrix(depth, conductance)
    forced = _forced(density, unwinding, len(spread))
    values, vectors = np.linalg.eigh(forced)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return float(np.linalg.eigvalsh(root.T @ spread @ root)[-1])


def sale_response(
    density: ArrayLike, depth: ArrayLike, conductance: ArrayLike, *, unwinding: ArrayLike = 0.0
) -> Floats:
    """Fall on each market for a unit sold on each, all rounds included: (I − K)⁻¹ Λ = (D + c 𝓛 − G − g_arb 𝓛)⁻¹.

    Parameters
    ----------
    density, depth, conductance, unwinding
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
    Forced sellers eat depth, d − g is what they leave.

    Examples
    --------
    >>> print(sale_response([3.0, 0.5], [4.0, 4.0], 2.0).round(4))
    [[0.44 0.16]
     [0.16 0.24]]
    """
    radius = critical_kappa(density, depth, conductance, unwinding=unwinding)
    if not radius < 1:
        raise ValueError(
            f"density must leave a branching ratio below 1: from there on the rounds have no end; got {radius:.12g}"
        )
    spread = impact_matrix(depth, conductance)
    return np.asarray(np.linalg.solve(np.eye(len(spread)) - spread @ _forced(density, unwinding, len(spread)), spread))


def healing_conductance(density: ArrayLike, depth: ArrayLike) -> float:
    """Conductance above which two markets, one of them critical on its own, are not critical together.

        c = (g₁ − d₁)(d₂ − g₂) / (d₁ + d₂ − g₁ − g₂)

    Parameters
    ----------
    density : array_like           g ≥ 0, (2,)
    depth : array_like             d > 0, (2,)

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
    >>> print(f"{healing_conductance([3.0, 0.5], [2.0, 4.0]):.4f}")
    1.4000
    """
    own = np.asarray(markets(depth, 0.0)[0])
    spare = own - _densities(density, own.size)
    if own.size != 2:
        raise ValueError(f"depth must have two entries, one a market, got {own.size}")
    if (own == 0).any():
        raise ValueError("depth must be positive, got 0")
    total = float(spare.sum())
    if total <= 0:
        return float("inf")
    return 0.0 if (spare >= 0).all() else float(-spare[0] * spare[1] / total)


def _forced(density: ArrayLike, unwinding: ArrayLike, size: int) -> Floats:
    closed = non_negative("unwinding", unwinding)
    try:
        joined = markets(np.ones(size), closed)[1]
    except ValueError as problem:
        raise ValueError(str(problem).replace("conductance", "unwinding")) from None
    return np.asarray(np.diag(_densities(density, size)) + laplacian(joined))


def _densities(density: ArrayLike, size: int) -> Floats:
    forced = non_negative("density", density)
    if forced.shape != (size,):
        raise ValueError(f"density must be one number for each of {size} markets, got shape {forced.shape}")
    return forced
