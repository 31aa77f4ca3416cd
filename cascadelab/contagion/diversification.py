"""Diversification's two faces: random books in which every account spreads the same value over some of the assets."""

from __future__ import annotations

import numpy as np

from cascadelab.contagion.book import Book
from cascadelab.contagion.solver import Solver
from cascadelab.impact.exponential import Exponential
from cascadelab.kit.validate import Floats, count, fraction, positive, single

STRENGTH = float(-np.log(0.9) / 0.1)  # selling a tenth of all that is held of an asset takes a tenth off its price


def spread_book(accounts: int, assets: int, *, held: int, leverage: float, rng: np.random.Generator) -> Book:
    """Book in which each account holds `held` assets drawn at random, the same value in each, one numeraire in all.

    Parameters
    ----------
    accounts, assets : int       how many, ≥ 1
    held : int                   assets in each account, from 1 to `assets`
    leverage : float             L > 0: the equity of each is 1/L; nothing is asked beyond it (weights of one)
    rng : Generator              source of the draws

    Returns
    -------
    Book                         at prices of one

    Raises
    ------
    ValueError                   a number is not whole or out of its range, or the leverage is not positive

    Notes
    -----
    Chapter 9, the section on diversification.

    Examples
    --------
    >>> book = spread_book(3, 4, held=2, leverage=10.0, rng=np.random.default_rng(1))
    >>> np.asarray(book.quantity).sum(axis=1), book.surplus(np.ones(4)).round(2)
    (array([1., 1., 1.]), array([0.1, 0.1, 0.1]))
    """
    rows, columns, each = count("accounts", accounts), count("assets", assets), count("held", held)
    if each > columns:
        raise ValueError(f"held must be at most the number of assets {columns}, got {each}")
    debt = 1 - 1 / single("leverage", leverage, positive)
    chosen = rng.permuted(np.broadcast_to(np.arange(columns), (rows, columns)), axis=1)[:, :each]
    quantity = np.zeros((rows, columns))
    np.put_along_axis(quantity, chosen, 1 / each, axis=1)
    return Book(np.full(rows, -debt), quantity)


def loss_shares(book: Book, fall: float) -> Floats:
    """Share of the accounts that is lost if one asset falls, for each asset in turn.

    Parameters
    ----------
    book : Book                  at prices of one, where every account is safe; nothing is owed
    fall : float                 fall of the one asset, fraction in [0, 1)

    Returns
    -------
    ndarray                      (M,), one entry for each asset that is hit

    Raises
    ------
    ValueError                   the fall is outside [0, 1), an asset is owed, or an account is below zero before it

    Notes
    -----
    Chapter 9, the section on diversification. The impact is exponential: a sale of the fraction x of all that is held
    of an asset multiplies its price by exp(−1.0536 x), so that a tenth takes a tenth.

    Examples
    --------
    >>> alone = spread_book(20, 5, held=1, leverage=10.0, rng=np.random.default_rng(1))
    >>> bool((loss_shares(alone, 0.3) <= 0.5).all())
    True
    """
    left = 1 - single("fall", fall, fraction)
    quantity, surplus = np.asarray(book.quantity), book.surplus(np.ones(book.assets))
    if quantity.min() < 0:
        raise ValueError(f"book must have no negative quantity, got {quantity.min():.12g}")
    if surplus.min() < 0:
        raise ValueError(f"book must have no negative surplus at prices of one, got {surplus.min():.12g}")
    total = quantity.sum(axis=0)
    impact = Exponential(STRENGTH / np.where(total > 0, total, 1.0))
    solver, shares = Solver(book, np.ones(book.assets)), np.zeros(book.assets)
    for hit in range(book.assets):
        shocked = np.ones(book.assets)
        shocked[hit] = left
        shares[hit] = solver.run(shocked, impact).liquidated.mean()
    return shares
