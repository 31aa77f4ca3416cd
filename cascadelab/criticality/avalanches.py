"""Avalanches of random books, and of an independent branching process: two ways to draw what Borel's law predicts."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cascadelab.criticality.borel import counting
from cascadelab.kit.validate import Floats, non_negative, single


def random_gaps(books: int, accounts: int, rng: np.random.Generator) -> Floats:
    """Gaps between neighbouring thresholds of random books, in mean gaps: independent, exponential with mean one.

    Parameters
    ----------
    books, accounts : int        how many books, and thresholds in each, ≥ 1
    rng : Generator              source of the draws

    Returns
    -------
    ndarray                      (books, accounts)

    Raises
    ------
    ValueError                   a number is no whole number ≥ 1

    Notes
    -----
    Chapter 8, section on avalanches. Their sums are the points of a Poisson process.

    Examples
    --------
    >>> random_gaps(2, 3, np.random.default_rng(1)).shape
    (2, 3)
    """
    size = (int(single("books", books, counting)), int(single("accounts", accounts, counting)))
    return rng.exponential(size=size)


def critical_ratios(gaps: ArrayLike, *, seeds: int = 1) -> Floats:
    """Branching ratio above which the avalanche of each book reaches its first, second, … account.

    The price has fallen by κ mean gaps for each account sold. Account k, at depth a_k below the seeds, is reached once
    κ (j + k − 1) > a_k, and the accounts before it were: from κ = max_{i ≤ k} a_i / (j + i − 1) on. It is the running
    extremum of chapter 7, with the branching ratio in place of the shock.

    Parameters
    ----------
    gaps : array_like            (books, accounts), ≥ 0, in mean gaps
    seeds : int                  j, accounts sold first, ≥ 1

    Returns
    -------
    ndarray                      (books, accounts), each row rising

    Raises
    ------
    ValueError                   the gaps are no table, or negative or not finite; the seeds are no whole number ≥ 1

    Notes
    -----
    Chapter 8, section on avalanches.

    Examples
    --------
    >>> critical_ratios([[0.5, 0.9, 0.1]])
    array([[0.5, 0.7, 0.7]])
    """
    table = non_negative("gaps", gaps)
    first = single("seeds", seeds, counting)
    if table.ndim != 2:
        raise ValueError(f"gaps must be a table, got shape {table.shape}")
    ratios = np.cumsum(table, axis=1)
    ratios /= first + np.arange(table.shape[1])
    return np.asarray(np.maximum.accumulate(ratios, axis=1, out=ratios))


def avalanche_sizes(gaps: ArrayLike, kappa: float, *, seeds: int = 1) -> NDArray[np.int64]:
    """Size of the avalanche in each book: the seeds, and every account reached at a ratio strictly below κ.

    Parameters
    ----------
    gaps : array_like            (books, accounts), ≥ 0, in mean gaps
    kappa : float                branching ratio ≥ 0
    seeds : int                  j, accounts sold first, ≥ 1

    Returns
    -------
    ndarray                      (books,) whole numbers, seeds included; j + accounts = the whole book, perhaps more

    Raises
    ------
    ValueError                   the gaps are no table, or a value is negative or not finite; the seeds are no whole
                                 number ≥ 1

    Notes
    -----
    Chapter 8, section on avalanches. A price that only touches a threshold sells nobody.

    Examples
    --------
    >>> avalanche_sizes([[0.5, 0.9, 0.1], [0.6, 0.0, 0.0]], 0.6)
    array([2, 1])
    """
    reached = critical_ratios(gaps, seeds=seeds) < single("kappa", kappa, non_negative)
    return np.asarray(int(seeds) + reached.sum(axis=1))


def branching_sizes(
    kappa: float, avalanches: int, rng: np.random.Generator, *, seeds: int = 1, largest: int = 1_000_000
) -> NDArray[np.int64]:
    """Sizes of independent branching processes: every account forces a Poisson number of others, with mean κ.

    Parameters
    ----------
    kappa : float                mean ≥ 0
    avalanches : int             how many to draw
    rng : Generator              source of the draws
    seeds : int                  accounts in the first generation
    largest : int                an avalanche that grows beyond this is not followed further; above κ = 1 some never end

    Returns
    -------
    ndarray                      (avalanches,) whole numbers; above `largest` = stopped there

    Raises
    ------
    ValueError                   κ is negative or not finite, or a number is not whole or below 1

    Notes
    -----
    Chapter 8, section on checks. There is no price in it: it is a witness that knows nothing of books.

    Examples
    --------
    >>> branching_sizes(0.0, 3, np.random.default_rng(1), seeds=2)
    array([2, 2, 2])
    """
    ratio, end = single("kappa", kappa, non_negative), single("largest", largest, counting)
    size, first = single("avalanches", avalanches, counting), single("seeds", seeds, counting)
    sizes = np.full(int(size), int(first), dtype=np.int64)
    places, parents = np.arange(sizes.size), sizes.copy()  # of the avalanches that still go on
    while places.size:
        forced = np.where(sizes[places] <= end, rng.poisson(ratio * parents), 0)
        sizes[places] += forced
        places, parents = places[forced > 0], forced[forced > 0]
    return sizes
