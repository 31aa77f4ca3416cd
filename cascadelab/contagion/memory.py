"""What a large book needs, before it is built."""

from __future__ import annotations

from typing import NamedTuple


class Memory(NamedTuple):
    """Bytes.

    book : int                   cash, quantities and weights
    peak : int                   all that is held at the worst moment of a cascade, the book included

    >>> Memory(100, 250).peak
    250
    """

    book: int
    peak: int


def memory_needed(accounts: int, assets: int) -> Memory:
    """Memory of a book with weights, and of its solver at the worst moment; from counts alone, nothing is built.

    Parameters
    ----------
    accounts, assets : int       N and M, at least 1

    Returns
    -------
    Memory                       in bytes; the peak is an upper estimate, within a factor of two. The arrays from which
                                 the book is made come on top while they live

    Raises
    ------
    ValueError                   a count is below 1 or no whole number

    Notes
    -----
    Chapter 9, appendix on the engine. Eight bytes for each number of the book; 28 for an account's reach, rounding,
    distance and place in their order; at the worst moment eight more numbers an account, and copies of what the
    undecided hold.

    Examples
    --------
    >>> need = memory_needed(10_000_000, 8)
    >>> print(f"{need.book / 1e9:.2f} GB, at most {need.peak / 1e9:.2f} GB")
    1.36 GB, at most 4.20 GB
    """
    for name, value in (("accounts", accounts), ("assets", assets)):
        if not isinstance(value, int) or value < 1:
            raise ValueError(f"{name} must be a whole number of at least 1, got {value!r}")
    book = 8 * accounts * (1 + 2 * assets)
    return Memory(book, book + accounts * (28 + 64 + 24 * assets))
