"""One asset on several markets, joined by arbitrage: how far a sale on one lowers the price on each."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, non_negative


def impact_matrix(depth: ArrayLike, conductance: ArrayLike) -> Floats:
    """Fall of the price on each market for a unit sold on each, arbitrage included: Λ = (D + c 𝓛)⁻¹.

    Arbitrageurs carry c units from the cheap market to the dear one for each unit of price between them. 𝓛 is the
    Laplacian of the graph of joined markets: c 𝓛 has the sums of the conductances of a market on its diagonal, and
    minus the conductances elsewhere.

    Parameters
    ----------
    depth : array_like             d ≥ 0, (V,): units whose sale lowers the price of a market by one, alone
    conductance : array_like       c ≥ 0: a number, for every pair of markets, or a symmetric matrix (V, V) with a zero
                                   diagonal; 0 = not joined

    Returns
    -------
    ndarray                        (V, V), symmetric, no entry negative; entry (v, w): fall of v for a unit sold on w

    Raises
    ------
    ValueError                     a value is negative or not finite, the conductance fits no market, is not symmetric
                                   or joins a market to itself, markets have no depth and are joined to none that has,
                                   or the matrix does not fit the range of floating-point numbers

    Notes
    -----
    Chapter 10, equation (10.3) for two markets. Depth is a conductance to the outside world. The elimination adds,
    multiplies and divides positive numbers only, so that each entry is right to a few roundings, however much
    larger than the depths the conductances are (the idea of Grassmann, Taksar and Heyman for Markov chains).

    Examples
    --------
    >>> impact_matrix([2.0, 4.0], 0.0)
    array([[0.5 , 0.  ],
           [0.  , 0.25]])
    >>> print(impact_matrix([2.0, 4.0], 4.0).round(4))
    [[0.25   0.125 ]
     [0.125  0.1875]]
    """
    outside = depths(depth)
    size = outside.size
    joined = links("conductance", conductance, size)
    left, pivots = np.eye(size), np.empty(size)
    with np.errstate(over="ignore", invalid="ignore"):  # what does not fit is refused at the end
        for k in range(size):  # eliminate market k; its pivot is all that joins it to later markets and to the outside
            pivots[k] = outside[k] + joined[k, k + 1 :].sum()
            if pivots[k] == 0.0:
                raise ValueError(
                    f"depth must be positive on some market of every joined group, got none in the group of market {k}"
                )
            passed = joined[k, k + 1 :] / pivots[k]
            outside[k + 1 :] += passed * outside[k]
            joined[k + 1 :, k + 1 :] += np.outer(passed, joined[k, k + 1 :])
            left[k + 1 :] += np.outer(passed, left[k])
        spread = np.asarray(left.T @ (left / pivots[:, np.newaxis]))
    if not (np.isfinite(pivots).all() and np.isfinite(spread).all()):
        raise ValueError("depth and conductance must leave sums and falls that are finite, got numbers out of range")
    return spread


def arbitraged_price(shocked_price: ArrayLike, depth: ArrayLike, conductance: ArrayLike) -> Floats:
    """Prices after a shock that differs from market to market, once arbitrage has worked: Λ D p_s.

    Parameters
    ----------
    shocked_price : array_like     p_s ≥ 0, (V,): where each market's own orders would put its price
    depth, conductance             as in `impact_matrix`

    Returns
    -------
    ndarray                        (V,): a mean of the shocked prices on each market, its own and those of others

    Raises
    ------
    ValueError                     as in `impact_matrix`, or the prices do not fit the markets

    Notes
    -----
    Chapter 10, equation (10.4). The rows of Λ D are not negative and add up to one.

    Examples
    --------
    >>> arbitraged_price([80.0, 100.0], [1.0, 1.0], 1.0).round(4)
    array([86.6667, 93.3333])
    """
    shocked, own = non_negative("shocked_price", shocked_price), non_negative("depth", depth)
    spread = impact_matrix(own, conductance)
    if shocked.shape != own.shape:
        raise ValueError(f"shocked_price must be one price for each of {own.size} markets, got shape {shocked.shape}")
    return np.asarray((spread * own) @ shocked)  # a mean: it fits wherever the prices do


def laplacian(conductance: ArrayLike) -> Floats:
    """Matrix c 𝓛 of a checked, symmetric matrix of conductances, (V, V): what leaves each market, for its prices."""
    joined = np.asarray(conductance, dtype=np.float64)
    return np.asarray(np.diag(joined.sum(axis=1)) - joined)


def depths(depth: ArrayLike) -> Floats:
    """Return a checked copy of the depths, (V,)."""
    outside = np.array(non_negative("depth", depth))
    if outside.ndim != 1 or outside.size == 0:
        raise ValueError(f"depth must be a list with one entry a market, got shape {outside.shape}")
    return outside


def links(name: str, value: ArrayLike, size: int) -> Floats:
    """Return a checked copy of what joins each pair of markets, (V, V); a number joins every pair."""
    joined = np.array(non_negative(name, value))
    if joined.ndim == 0:
        return np.asarray(float(joined) * (1.0 - np.eye(size)))
    if joined.shape != (size, size):
        raise ValueError(f"{name} must be a number or {(size, size)}, got shape {joined.shape}")
    if (joined != joined.T).any():
        a, b = np.argwhere(joined != joined.T)[0]
        raise ValueError(
            f"{name} must be symmetric, got {joined[a, b]:.12g} from {a} to {b} and {joined[b, a]:.12g} back"
        )
    if joined.diagonal().any():
        raise ValueError(f"{name} must be zero on the diagonal, got {joined.diagonal().max():.12g}")
    return joined
