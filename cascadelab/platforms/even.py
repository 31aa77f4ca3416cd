"""Books whose limits lie evenly: the smooth book of the formulas, in single accounts."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.contagion.book import Book
from cascadelab.contagion.feedback import sales_matrix
from cascadelab.kit.validate import Floats, count, finite, non_negative


def even_book(price: ArrayLike, quantity: ArrayLike, account_density: ArrayLike, accounts: int | list[int]) -> Book:
    """Book of accounts of a few types whose surpluses lie evenly from zero upwards, all weights one.

    Account i of a type has the surplus (i + 1/2)/g_S at the prices that are given.

    Parameters
    ----------
    price : array_like             p ≥ 0, (M,)
    quantity : array_like          q, (M,) for one type or (types, M): what each account of a type holds
    account_density : array_like   g_S ≥ 0, a number or (types,); a type with 0 has no account
    accounts : int or list         accounts of each type, ≥ 1

    Returns
    -------
    Book                           its sales matrix is that of `contagion.sales_matrix`, as far as the accounts reach

    Raises
    ------
    ValueError                     the shapes do not fit, a value is out of its range, or nobody is left

    Notes
    -----
    Chapter 10, the section Check: the laws for small shocks are held against such a book.

    Examples
    --------
    >>> even_book([100.0], [[2.0]], 0.5, 3).surplus([100.0]).tolist()
    [1.0, 3.0, 5.0]
    """
    held, at = np.atleast_2d(finite("quantity", quantity)), non_negative("price", price)
    sales_matrix(held, held, account_density)  # checks the shapes
    counts = [count("accounts", many) for many in (accounts if isinstance(accounts, list) else [accounts] * len(held))]
    if len(counts) != len(held):
        raise ValueError(f"accounts must be one number or one for each of {len(held)} types, got {len(counts)}")
    if at.shape != held.shape[1:]:
        raise ValueError(f"price must be one for each of {held.shape[1]} markets, got shape {at.shape}")
    density = np.broadcast_to(np.asarray(account_density, dtype=np.float64), len(held))
    if not density.any():
        raise ValueError("account_density must be positive for some type, got 0 for all")
    many = np.where(density > 0, counts, 0)
    surplus = np.concatenate([(np.arange(n) + 0.5) / g for n, g in zip(many, density, strict=True) if n])
    rows = np.repeat(held, many, axis=0)
    return Book(surplus - rows @ at, rows)


def ends_of_all(impact_matrices: Floats, limits: list[Floats], lot: float, sold: Floats) -> Floats:
    """Falls in the end for many impact matrices at once, (matrices, V): rounds of longs with one lot on one market.

    `limits[v]` holds the falls of market v that reach its accounts, from the lowest. The engine gives the same, one
    matrix after the other; a slider that draws a curve can not wait for that.
    """
    falls, last = impact_matrices @ sold, np.empty(0)
    while not np.array_equal(falls, last):
        last = falls
        reached = [np.searchsorted(own, fall, side="left") for own, fall in zip(limits, falls.T, strict=True)]
        falls = np.einsum("cvw,wc->cv", impact_matrices, sold[:, np.newaxis] + lot * np.array(reached))
    return np.asarray(falls)
