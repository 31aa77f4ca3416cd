"""The feedback matrix: how far forced sales push each price, for a fall of one in each price."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.contagion.book import Book, one_price_each
from cascadelab.kit.validate import Floats, finite, non_negative, positive, single


def sales_matrix(quantity: ArrayLike, normal: ArrayLike, account_density: ArrayLike) -> Floats:
    """Units that are sold for a fall of one in each price: J = Σ g_S q nᵀ, a sum over types of accounts.

    A fall of price b by one takes n_b off the surplus of an account, so that g_S n_b accounts of the type are lost, and
    each sells q_a of asset a.

    Parameters
    ----------
    quantity : array_like          q, (M,) for one type or (types, M); negative = owed
    normal : array_like            n, same shape: what one unit of each price adds to the surplus
    account_density : array_like   g_S ≥ 0, accounts of a type whose surplus lies within one numeraire of zero: a number
                                   or (types,)

    Returns
    -------
    ndarray                        (M, M); entry (a, b): units of a sold for a fall of one in b

    Raises
    ------
    ValueError                     the shapes do not fit, a value is not finite, or a density is negative

    Notes
    -----
    Chapter 9, equation (9.3).

    Examples
    --------
    >>> sales_matrix([10.0, 20.0], [9.0, 18.0], 0.01)
    array([[0.9, 1.8],
           [1.8, 3.6]])
    """
    sold, n = _sold(quantity, normal, account_density)
    return np.asarray(sold.T @ n)


def feedback_matrix(
    quantity: ArrayLike, normal: ArrayLike, account_density: ArrayLike, impact_matrix: ArrayLike
) -> Floats:
    """Feedback matrix K = Λ J: how far the forced sales push price a, for a fall of one in price b.

    Parameters
    ----------
    quantity, normal, account_density
                                   as in `sales_matrix`
    impact_matrix : array_like     Λ, (M, M), entry (a, b): fall of price a for each unit of b sold; or (M,), the slopes
                                   λ on its diagonal if each sale moves its own price only. The diagonal is ≥ 0, what
                                   stands off it has any sign (the curves of chapter 5, so the engine too, take ≥ 0)

    Returns
    -------
    ndarray                        (M, M), without a unit if all prices are in one currency

    Raises
    ------
    ValueError                     as in `sales_matrix`, or Λ does not fit the assets, is not finite, or has a negative
                                   entry on its diagonal

    Notes
    -----
    Chapter 9, equation (9.4). Any other impact curve counts by its slope at the present quantity, (8.1) to (8.3).

    Examples
    --------
    >>> feedback_matrix([10.0, 20.0], [9.0, 18.0], 0.01, [0.5, 0.2])
    array([[0.45, 0.9 ],
           [0.36, 0.72]])
    """
    push, n = pushes(quantity, normal, account_density, impact_matrix)
    return np.asarray(push.T @ n)


def pushes(
    quantity: ArrayLike, normal: ArrayLike, account_density: ArrayLike, impact_matrix: ArrayLike
) -> tuple[Floats, Floats]:
    """Check the arguments of `feedback_matrix`; return (Λ g_S q)ᵀ and n of each type, (types, M)."""
    sold, n = _sold(quantity, normal, account_density)
    impact, size = finite("impact_matrix", impact_matrix), n.shape[1]
    if impact.shape not in ((size,), (size, size)):
        raise ValueError(f"impact_matrix must be ({size},) or ({size}, {size}), got shape {impact.shape}")
    own = impact if impact.ndim == 1 else np.diagonal(impact)
    if (own < 0).any():
        raise ValueError(f"impact_matrix must be at least 0 on its diagonal, got {own.min():.12g}")
    return (sold * impact if impact.ndim == 1 else sold @ impact.T), n


def feedback_of(book: Book, price: ArrayLike, impact_matrix: ArrayLike, window: float) -> Floats:
    """Feedback matrix of a book of single accounts, estimated from those that are near their limit.

    An account with a surplus below w |n|·p counts with the density 1/(w |n|·p): it is within reach if every price moves
    against it by the fraction w, a fall of what it owns and a rise of what it owes.

    Parameters
    ----------
    book : Book
    price : array_like             p ≥ 0, (M,), where one looks
    impact_matrix : array_like     Λ at that point, or its diagonal, as in `feedback_matrix`
    window : float                 w > 0, fraction: small enough to be local, large enough to hold many accounts

    Returns
    -------
    ndarray                        (M, M); accounts that are below zero already are left out

    Raises
    ------
    ValueError                     the prices or Λ do not fit the book, a value is not finite, w is not positive, or Λ
                                   has a negative entry on its diagonal

    Notes
    -----
    Chapter 9, the section on a book of your own. An estimate: another window gives another matrix.

    Examples
    --------
    >>> ladder = Book([-90.0, -80.0, -70.0], [[1.0], [1.0], [1.0]])
    >>> feedback_of(ladder, [100.0], [5.0], 0.35)
    array([[0.42857143]])
    """
    at = one_price_each(book, "price", price)
    share = single("window", window, positive)
    surplus, reach = book.surplus(at), share * (np.abs(book.weights) @ at)
    near = (surplus >= 0) & (surplus < reach)  # perhaps nobody: then K is zero
    return feedback_matrix(np.asarray(book.quantity)[near], book.weights[near], 1 / reach[near], impact_matrix)


def spectral_radius(feedback: ArrayLike) -> float:
    """Largest size |eigenvalue| of the feedback matrix, r(K): the branching ratio of several assets.

    Parameters
    ----------
    feedback : array_like        K, (M, M)

    Returns
    -------
    float                        below 1 the rounds of forced sales add up to something finite

    Raises
    ------
    ValueError                   K is not square or not finite

    Notes
    -----
    Chapter 9, equation (9.6) for two assets.

    Examples
    --------
    >>> print(f"{spectral_radius([[0.45, 0.9], [0.36, 0.72]]):.4f}")
    1.1700
    """
    return float(np.abs(np.linalg.eigvals(_square(feedback))).max())


def response(feedback: ArrayLike) -> Floats:
    """Fall of each price for a shock of one to each price, all rounds included: (I − K)⁻¹ = I + K + K² + …

    Parameters
    ----------
    feedback : array_like        K, (M, M), with r(K) < 1

    Returns
    -------
    ndarray                      (M, M); entry (a, b): fall of a if b alone is shocked by one

    Raises
    ------
    ValueError                   K is not square or not finite, or r(K) ≥ 1, where the sum has no end

    Notes
    -----
    Chapter 9, equation (9.5) for two assets. It is the end of a cascade if no round raises a surplus, as in a coherent
    book under a shock that hurts all (all long: under falls); closing is final. Otherwise it is that of two-sided flow.

    Examples
    --------
    >>> print(response([[0.3, 0.25], [0.25, 0.3]]).round(4))
    [[1.6374 0.5848]
     [0.5848 1.6374]]
    """
    matrix = subcritical(feedback)
    return np.asarray(np.linalg.inv(np.eye(len(matrix)) - matrix), dtype=np.float64)


def subcritical(feedback: ArrayLike) -> Floats:
    """Return K as a square matrix of float64, or raise unless r(K) < 1."""
    matrix = _square(feedback)
    radius = spectral_radius(matrix)
    if not radius < 1:
        raise ValueError(
            f"feedback must have a spectral radius below 1: from there on the rounds do not add up to an end; "
            f"got {radius:.12g}"
        )
    return matrix


def crash_direction(feedback: ArrayLike) -> Floats:
    """Direction in which prices fall near criticality: K's dominant eigenvector.

    Parameters
    ----------
    feedback : array_like        K, (M, M), with no negative entry

    Returns
    -------
    ndarray                      (M,), ≥ 0, its largest entry 1

    Raises
    ------
    ValueError                   K is not square or not finite, has a negative entry, or has several such directions

    Notes
    -----
    Chapter 9, the section on who infects whom. By the theorem of Perron and Frobenius a matrix without negative
    entries has such a vector. If every asset can infect every other, on a detour or at once, it is the only one, and
    prices fall along it whatever was hit.

    Examples
    --------
    >>> print(crash_direction([[0.45, 0.9], [0.36, 0.72]]).round(4))
    [1.  0.8]
    """
    matrix = _square(non_negative("feedback", feedback))
    values, vectors = np.linalg.eig(matrix)
    if (np.abs(values - np.max(np.real(values))) <= 1e-9 * np.abs(values).max()).sum() > 1:
        raise ValueError("feedback must have one dominant direction, got several with the same largest eigenvalue")
    leading = np.abs(np.real(vectors[:, np.argmax(np.real(values))]))
    return np.asarray(leading / leading.max())


def _sold(quantity: ArrayLike, normal: ArrayLike, account_density: ArrayLike) -> tuple[Floats, Floats]:
    """Units that each type sells for a fall of one in its surplus, g_S q, and its normal; (types, M)."""
    q, n = (np.atleast_2d(finite(name, value)) for name, value in (("quantity", quantity), ("normal", normal)))
    per_type = non_negative("account_density", account_density)
    if q.shape != n.shape or q.ndim != 2 or per_type.shape not in ((), (len(q),)):
        raise ValueError(
            f"quantity and normal must be (types, M) and account_density a number or (types,), "
            f"got {q.shape}, {n.shape} and {per_type.shape}"
        )
    return q * per_type.reshape(-1, 1), n


def _square(feedback: ArrayLike) -> Floats:
    matrix = finite("feedback", feedback)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.size == 0:
        raise ValueError(f"feedback must be a square matrix, got shape {matrix.shape}")
    return matrix
