"""Rounding at a threshold: a sum of floats that should be zero is not, and its last digit must decide nothing."""

import numpy as np
from numpy.typing import NDArray

from cascadelab.kit.validate import Floats

ROUNDING = 1e-12  # relative to the largest amount that was added up: closer to the limit than this is at the limit


def below(value: float | Floats, limit: float | Floats, *amounts: float | Floats) -> NDArray[np.bool_]:
    """Whether a value is below a limit by more than rounding: value < limit − 10⁻¹² · max(|limit|, |amounts|).

    Parameters
    ----------
    value, limit : ndarray or float   finite numbers of one unit
    amounts : ndarray or float   what the value was added up from, if that is larger than the limit

    Returns
    -------
    ndarray                      False at the limit: there, a loan is safe

    Notes
    -----
    Chapter 2: liquidatable ⇔ S < 0, strictly. `is_below` is the same for single numbers, in a loop.

    Examples
    --------
    Cash of 0.3 that owes three times 0.1 is at zero, whatever its last digit says:

    >>> surplus = 0.3 - 3 * 0.1
    >>> surplus < 0, bool(below(surplus, 0.0, 0.3)), bool(below(-1e-9, 0.0, 0.3))
    (True, False, True)
    """
    largest = np.asarray(np.abs(limit))
    for amount in amounts:
        largest = np.maximum(largest, np.abs(amount))
    return np.asarray(value < limit - ROUNDING * largest)


def is_below(value: float, limit: float, amount: float = 0.0) -> bool:
    """Whether one number is below a limit by more than rounding, as `below` has it, with one amount ≥ 0.

    >>> is_below(0.3 - 3 * 0.1, 0.0, 0.3), is_below(0.3, 3 * 0.1), is_below(0.29, 3 * 0.1)
    (False, False, True)
    """
    return bool(value < limit - ROUNDING * max(abs(limit), amount))
