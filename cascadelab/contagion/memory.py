"""What a large book needs, before it is built."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Memory(NamedTuple):
    """Bytes.

    book : int                   cash, quantities and weights
    peak : int                   all that is held at the worst moment of a cascade, the book included

    >>> Memory(100, 250).peak
    250
    """

    book: int
    peak: int


def memory_needed(accounts: int, assets: int, *, by_account: bool = False) -> Memory:
    """Memory of a book with weights, and of its solver at the worst moment; from counts alone, nothing is built.

    Parameters
    ----------
    accounts, assets : int       N and M, at least 1
    by_account : bool            whether the two weights differ by account, as in a book made from accounts: then the
                                 book keeps them too, two more numbers for each account and asset

    Returns
    -------
    Memory                       in bytes; the peak is an upper estimate, in the books measured within a factor of two.
                                 The arrays from which the book is made come on top while they live, and the sample,
                                 of fixed size

    Raises
    ------
    ValueError                   a count is below 1 or no whole number

    Notes
    -----
    Chapter 9, appendix on the engine. Eight bytes for each number of the book; 28 for an account's reach, rounding,
    distance and place in their order; at the worst moment eight more numbers an account, and copies of what the
    undecided hold. In units of the book the peak is 5.8 at M = 1, 4.5 at M = 2 and 3.1 at M = 8.

    Examples
    --------
    >>> need = memory_needed(10_000_000, 8)
    >>> print(f"{need.book / 1e9:.2f} GB, at most {need.peak / 1e9:.2f} GB")
    1.36 GB, at most 4.20 GB
    """
    for name, value in (("accounts", accounts), ("assets", assets)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
            raise ValueError(f"{name} must be a whole number of at least 1, got {value!r}")
    accounts, assets = int(accounts), int(assets)
    book = 8 * accounts * (1 + (4 if by_account else 2) * assets)
    return Memory(book, book + accounts * (28 + 64 + 24 * assets))
