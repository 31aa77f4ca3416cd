"""Mark prices: whose price decides on liquidation, and where the liquidated is sold, as two matrices of shares."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.contagion.marked import shares
from cascadelab.kit.validate import Floats, finite, non_negative


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
    Chapter 10, equation (10.15): without an own part, r(K) is Σg/Σd, however fast arbitrage is.

    Examples
    --------
    >>> index_marks([1.0, 3.0], own_share=0.5)
    array([[0.625, 0.375],
           [0.125, 0.875]])
    """
    weight, part = non_negative("depth", depth), finite("own_share", own_share)
    if weight.ndim != 1 or not (weight > 0).any():
        raise ValueError("depth must be a list with one entry a market, one of them positive")
    weight = weight / weight.max()
    if part.shape not in ((), weight.shape) or ((part < 0) | (part > 1)).any():
        raise ValueError(
            f"own_share must be in [0, 1], a number or one for each of {weight.size} venues, got {own_share!r}"
        )
    kept = np.broadcast_to(part, weight.shape)
    return np.asarray(np.diag(kept) + np.outer(1 - kept, weight / weight.sum()))


def marked_impact(impact_matrix: ArrayLike, marks: ArrayLike | None = None, routes: ArrayLike | None = None) -> Floats:
    """Fall of each venue's mark price for a unit that each venue's engine sells: 𝒲 Λ 𝒳.

    With this matrix as impact, and 𝒲 p_s as shocked prices, chapter 9's engine runs venues that look at other venues'
    prices: its prices are then the marks, and who is lost and what is sold are right. Its cash and its bad debt are
    not: they would pay sales at the marks, and a sale is paid at the traded prices p_s − Λ 𝒳 sold. Where sales stay at
    home, chapter 9's `Solver.run(p_s, Linear(Λ), marks=𝒲)` has both prices, cash and bad debt included.

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

    >>> marked_impact([[0.5, 0.1], [0.1, 0.25]], [[1, 0], [1, 0]], [[1, 1], [0, 0]])
    array([[0.5, 0.5],
           [0.5, 0.5]])
    """
    spread = finite("impact_matrix", impact_matrix)
    if spread.ndim != 2 or spread.shape[0] != spread.shape[1] or spread.size == 0:
        raise ValueError(f"impact_matrix must be square, got shape {spread.shape}")
    looked = shares("marks", marks, len(spread), 1)
    sold = shares("routes", routes, len(spread), 0)
    return np.asarray(looked @ spread @ sold)


def marked_feedback(
    density: ArrayLike, impact_matrix: ArrayLike, marks: ArrayLike | None = None, routes: ArrayLike | None = None
) -> Floats:
    """Feedback of the mark prices on themselves: K = 𝒲 Λ 𝒳 G.

    Parameters
    ----------
    density : array_like           g ≥ 0, (V,): units that a fall of one in a venue's mark forces it to sell
    impact_matrix, marks, routes   as in `marked_impact`

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
    >>> marked_feedback([1.0, 2.0], [[0.5, 0.0], [0.0, 0.25]], [[0.5, 0.5], [0.5, 0.5]])
    array([[0.25, 0.25],
           [0.25, 0.25]])
    """
    through = marked_impact(impact_matrix, marks, routes)
    forced = non_negative("density", density)
    if forced.shape != (len(through),):
        raise ValueError(f"density must be one number for each of {len(through)} venues, got shape {forced.shape}")
    return np.asarray(through * forced)
