"""Where a cascade stops in a uniform book: linear impact, exponential impact (Lambert's function), and the root."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.criticality.feedback import subcritical
from cascadelab.kit.validate import Floats, broadcast, non_negative, positive, scalar_or_array


def uniform_linear(shocked_price: ArrayLike, slope: ArrayLike, density: ArrayLike, edge: ArrayLike) -> float | Floats:
    """Price at which the cascade stops: g units a unit of price below an edge, linear impact.

        p = (p_s − κ p_max) / (1 − κ) for p_s < p_max,   κ = λ g;   p = p_s otherwise

    Parameters
    ----------
    shocked_price : array_like   p_s, ≥ 0
    slope : array_like           λ ≥ 0
    density : array_like         g ≥ 0
    edge : array_like            p_max, highest threshold, > 0

    Returns
    -------
    ndarray or float             price, stopped at zero; the book is taken to reach down to it

    Raises
    ------
    ValueError                   a value is out of its range or not finite, the shapes do not broadcast, or λ g ≥ 1
                                 for a shocked price below the edge

    Notes
    -----
    Chapter 8, equations (8.7) and (8.8). With λ g ≥ 1 the first unit brings down the whole book, however large: there
    is no stop inside it. The units sold are g (p_max − p), for any fill rule.

    Examples
    --------
    >>> print(f"{uniform_linear(97.0, 0.012, 50.0, 100.0):.4f}")
    92.5000
    """
    p_s, fall, units, top = broadcast(
        shocked_price=non_negative("shocked_price", shocked_price),
        slope=non_negative("slope", slope),
        density=non_negative("density", density),
        edge=positive("edge", edge),
    )
    kappa = subcritical(np.where(p_s < top, fall * units, 0.0), "slope times density")
    return scalar_or_array(np.asarray(np.where(p_s < top, np.maximum((p_s - kappa * top) / (1 - kappa), 0.0), p_s)))


def uniform_exponential(
    shocked_price: ArrayLike, rate: ArrayLike, density: ArrayLike, edge: ArrayLike
) -> float | Floats:
    """Price at which the cascade stops: g units a unit of price below an edge, exponential impact.

    Solves p = p_s exp(−α g (p_max − p)):

        p = −W(−c p_s exp(−c p_max)) / c,   c = α g,   for p_s < p_max;   p = p_s otherwise

    Parameters
    ----------
    shocked_price : array_like   p_s, ≥ 0
    rate : array_like            α ≥ 0, per unit
    density : array_like         g ≥ 0, units per unit of price; the book reaches down to zero
    edge : array_like            p_max, highest threshold, > 0

    Returns
    -------
    ndarray or float             price; W is the main branch of Lambert's function

    Raises
    ------
    ValueError                   a value is out of its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 8, equation (8.9). The cascade stops for every α g, because the branching ratio α g p shrinks with the
    price. All other roots are at or above the edge: p exp(α g (p_max − p)) rises up to p = 1/(α g); if that is below
    the edge, it falls from there to p_max at the edge, and the price jumps as soon as p_s is below the edge, to less
    than 1/(α g).

    Examples
    --------
    >>> print(f"{uniform_exponential(95.0, 0.0003, 20.0, 100.0):.6f}")
    88.855202
    """
    from scipy.special import lambertw

    p_s, alpha, units, top = broadcast(
        shocked_price=non_negative("shocked_price", shocked_price),
        rate=non_negative("rate", rate),
        density=non_negative("density", density),
        edge=positive("edge", edge),
    )
    c = alpha * units
    below = (p_s < top) & (c > 0)
    safe = np.where(below, c, 1.0)
    solved = -lambertw(-safe * np.where(below, p_s, 0.0) * np.exp(-safe * np.where(below, top, 0.0))).real / safe
    return scalar_or_array(np.asarray(np.where(below, solved, p_s)))


def uniform_square_root(scale: ArrayLike, density: ArrayLike, seed_sold: ArrayLike) -> float | Floats:
    """Fall below the edge of a uniform book, if some units are sold at the edge, under the square root.

    Solves y = ζ √(u_seed + g y):

        y = (ζ² g + √(ζ⁴ g² + 4 ζ² u_seed)) / 2

    Parameters
    ----------
    scale : array_like           ζ ≥ 0, price per √unit
    density : array_like         g ≥ 0, units per unit of price, right below the edge and as far as the fall goes
    seed_sold : array_like       u_seed, units sold at the edge whatever the price, ≥ 0

    Returns
    -------
    ndarray or float             fall in units of price; 0 where no unit is sold first (the least severe stop), though
                                 the limit of a vanishing first sale is ζ² g

    Raises
    ------
    ValueError                   a value is negative or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 8, equation (8.10). There is no threshold: any density gives a finite fall. The branching ratio is infinite
    at the first unit and g ζ² / (2 y) ≤ 1/2 at the stop.

    Examples
    --------
    >>> print(uniform_square_root(1.5, 2.0, [0.0, 0.5, 5.0]).round(6))
    [0.       4.737469 6.288874]
    """
    zeta, units, first = broadcast(
        scale=non_negative("scale", scale),
        density=non_negative("density", density),
        seed_sold=non_negative("seed_sold", seed_sold),
    )
    pull = zeta**2 * units
    fall = (pull + np.sqrt(pull**2 + 4 * zeta**2 * first)) / 2
    return scalar_or_array(np.asarray(np.where(first > 0, fall, 0.0)))
