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
    Chapter 9, appendix on the engine. Eight bytes for each number of the book; for an account 12 for rounding, distance
    and place in their order, and 37 at the worst moment; copies of what the undecided hold, twice for at most a half
    of the accounts and once more for a quarter. That is 3.5, 2.8 and 2.1 times the book at M = 1, 2 and 8;
    `tests/contagion/test_memory.py` measures 2.4, 2.4 and 2.0 at most, everything included that numpy has allocated.

    Examples
    --------
    >>> need = memory_needed(10_000_000, 8)
    >>> print(f"{need.book / 1e9:.2f} GB, at most {need.peak / 1e9:.2f} GB")
    1.36 GB, at most 2.81 GB
    """
    for name, value in (("accounts", accounts), ("assets", assets)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
            raise ValueError(f"{name} must be a whole number of at least 1, got {value!r}")
    accounts, assets = int(accounts), int(assets)
    book = 8 * accounts * (1 + (4 if by_account else 2) * assets)
    return Memory(book, book + accounts * (49 + 12 * assets))
