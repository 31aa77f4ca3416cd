"""Mark prices: whose price decides on liquidation, and where the liquidated is sold, as two matrices of shares."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.contagion.feedback import response
from cascadelab.kit.validate import Floats, finite, non_negative, share
from cascadelab.platforms.network import depths

ROUNDING = 1e-9  # by how much shares may miss one: they are used as they are


def index_marks(depth: ArrayLike, *, own_share: ArrayLike = 0.0) -> Floats:
    """Mark matrix of venues that follow an index: each market counts by its depth, after a part for the own price.

    Parameters
    ----------
    depth : array_like             d ≥ 0, (V,): weights of the index, not all zero
    own_share : array_like         part of the own price in [0, 1], a number or (V,); 1 = no index

    Returns
    -------
    ndarray                        𝒲, (V, V), rows add up to one

    Raises
    ------
    ValueError                     a weight is negative or not finite, all are zero, or a part is outside [0, 1]

    Notes
    -----
    Chapter 10, equation (10.15): without an own part, r(K) is Σg/Σd, whatever the conductance.

    Examples
    --------
    >>> index_marks([1.0, 3.0], own_share=0.5)
    array([[0.625, 0.375],
           [0.125, 0.875]])
    """
    weight, part = depths(depth), share("own_share", own_share)
    if not (weight > 0).any():
        raise ValueError("depth must be positive on some market, got 0 on all")
    if part.shape not in ((), weight.shape):
        raise ValueError(f"own_share must be one number or one for each of {weight.size} venues, got {part.shape}")
    weight = weight / weight.max()
    kept = np.broadcast_to(part, weight.shape)
    return np.asarray(np.diag(kept) + np.outer(1 - kept, weight / weight.sum()))


def marked_impact(
    impact_matrix: ArrayLike, *, marks: ArrayLike | None = None, routes: ArrayLike | None = None
) -> Floats:
    """Fall of each venue's mark price for a unit that each venue's engine sells: 𝒲 Λ 𝒳.

    With this matrix as impact, and 𝒲 Λ D p_s as shocked prices (𝒲 times `arbitraged_price`), chapter 9's engine runs
    venues that look at other venues' prices: its prices are then the marks, and who is lost and what is sold are right.
    Its cash and its bad debt are not: they would pay sales at the marks, and a sale is paid at the traded prices
    Λ D p_s − Λ 𝒳 sold.

    Parameters
    ----------
    impact_matrix : array_like     Λ, (V, V), traded price for a unit traded
    marks : array_like or None     𝒲, (V, V): share of each market's price (column) in each venue's mark (row); rows
                                   add up to one. None: every venue looks at its own market
    routes : array_like or None    𝒳, (V, V): share of each venue's (column) forced sales on each market (row); columns
                                   add up to one. None: every venue sells at home

    Returns
    -------
    ndarray                        (V, V)

    Raises
    ------
    ValueError                     a share is negative, does not add up to one, or the shapes do not fit

    Notes
    -----
    Chapter 10, the section on whose price decides. Prices that would fall below zero are outside this formula.

    Examples
    --------
    Both venues look at the first market and sell there:

    >>> marked_impact([[0.5, 0.1], [0.1, 0.25]], marks=[[1, 0], [1, 0]], routes=[[1, 1], [0, 0]])
    array([[0.5, 0.5],
           [0.5, 0.5]])
    """
    spread = finite("impact_matrix", impact_matrix)
    if spread.ndim != 2 or spread.shape[0] != spread.shape[1] or spread.size == 0:
        raise ValueError(f"impact_matrix must be square, got shape {spread.shape}")
    return np.asarray(_shares("marks", marks, len(spread), 1) @ spread @ _shares("routes", routes, len(spread), 0))


def marked_feedback(
    impact_matrix: ArrayLike, density: ArrayLike, *, marks: ArrayLike | None = None, routes: ArrayLike | None = None
) -> Floats:
    """Feedback of the mark prices on themselves: K = 𝒲 Λ 𝒳 G.

    Parameters
    ----------
    impact_matrix, marks, routes   as in `marked_impact`
    density : array_like           g ≥ 0, (V,): units that a fall of one in a venue's mark forces it to sell

    Returns
    -------
    ndarray                        (V, V), no entry negative if Λ has none

    Raises
    ------
    ValueError                     as in `marked_impact`, or the densities are negative or do not fit

    Notes
    -----
    Chapter 10, equation (10.16) for two venues that look and sell at one. Sales at home: r(K) is never above the
    largest g/d.

    Examples
    --------
    >>> marked_feedback([[0.5, 0.0], [0.0, 0.25]], [1.0, 2.0], marks=[[0.5, 0.5], [0.5, 0.5]])
    array([[0.25, 0.25],
           [0.25, 0.25]])
    """
    through = marked_impact(impact_matrix, marks=marks, routes=routes)
    forced = non_negative("density", density)
    if forced.shape != (len(through),):
        raise ValueError(f"density must be one number for each of {len(through)} venues, got shape {forced.shape}")
    return np.asarray(through * forced)


def marked_response(
    impact_matrix: ArrayLike, density: ArrayLike, *, marks: ArrayLike | None = None, routes: ArrayLike | None = None
) -> Floats:
    """Fall of each traded price for a unit that others sell on each market, all rounds: (I − Λ 𝒳 G 𝒲)⁻¹ Λ.

    The marks fall by 𝒲 times as much.

    Parameters
    ----------
    impact_matrix, density, marks, routes
                                   as in `marked_feedback`

    Returns
    -------
    ndarray                        (V, V); entry (v, w): fall of the traded price of v if a unit is sold on w

    Raises
    ------
    ValueError                     as in `marked_feedback`, or the spectral radius is not below 1

    Notes
    -----
    Chapter 10, the section on whose price decides. At unit matrices it is `sale_response`.

    Examples
    --------
    >>> marked_response([[0.5, 0.0], [0.0, 0.25]], [1.0, 2.0], marks=[[0.5, 0.5], [0.5, 0.5]])
    array([[0.75 , 0.125],
           [0.25 , 0.375]])
    """
    matrix = marked_feedback(impact_matrix, density, routes=routes) @ _shares("marks", marks, np.size(density), 1)
    return np.asarray(response(matrix) @ finite("impact_matrix", impact_matrix))


def _shares(name: str, value: ArrayLike | None, size: int, axis: int) -> Floats:
    """Return a matrix of shares that add up to one along an axis, or raise; None is the unit matrix."""
    if value is None:
        return np.eye(size)
    part = non_negative(name, value)
    if part.shape != (size, size):
        raise ValueError(f"{name} must be {(size, size)}, got shape {part.shape}")
    sums = part.sum(axis=axis)
    if (abs(sums - 1) > ROUNDING).any():
        worst = sums[np.argmax(abs(sums - 1))]
        raise ValueError(f"{name} must have {'rows' if axis else 'columns'} that add up to one, got {worst:.12g}")
    return part
