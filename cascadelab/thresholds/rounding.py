"""Rounding at a threshold: a sum of floats that should be zero is not, and its last digit must decide nothing."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

ROUNDING = 1e-12  # relative to the largest amount that was added up: closer to the limit than this is at the limit


def below(value: ArrayLike, limit: ArrayLike, *amounts: ArrayLike) -> NDArray[np.bool_] | np.bool_:
    """Whether a value is below a limit by more than rounding: value < limit − 10⁻¹² · max(|limit|, |amounts|).

    Parameters
    ----------
    value, limit : array_like    finite numbers of one unit
    amounts : array_like         what the value was added up from, if that is larger than the limit

    Returns
    -------
    ndarray or bool              False at the limit, where a loan of exactly its limit is safe

    Notes
    -----
    Chapter 2: liquidatable ⇔ S < 0, strictly.

    Examples
    --------
    Cash of 0.3 that owes three times 0.1 is at zero, whatever its last digit says:

    >>> surplus = 0.3 - 3 * 0.1
    >>> surplus < 0, bool(below(surplus, 0.0, 0.3)), bool(below(-1e-9, 0.0, 0.3))
    (True, False, True)
    """
    largest = np.abs(limit)
    for amount in amounts:
        largest = np.maximum(largest, np.abs(amount))
    return np.less(value, limit - ROUNDING * largest)
