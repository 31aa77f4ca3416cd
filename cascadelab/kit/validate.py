"""Checks at the door: every public function names the argument and the value that was wrong.

Each check returns its value as a float64 array, so that a function validates and converts in one line.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def finite(name: str, value: ArrayLike) -> Floats:
    """Return `value` as float64, or raise if it is not numeric or not finite.

    >>> finite("cash", [1, 2])
    array([1., 2.])
    >>> finite("cash", float("nan"))
    Traceback (most recent call last):
    ...
    ValueError: cash must be finite, got nan
    """
    try:
        raw = np.asarray(value)
    except ValueError:  # rows of different lengths
        raw = np.asarray(None)
    if raw.dtype.kind not in "iuf":
        raise ValueError(f"{name} must be a number or an array of numbers, got {value!r}")
    array = raw.astype(np.float64)
    return _hold(name, array, np.isfinite(array), "finite")


def positive(name: str, value: ArrayLike) -> Floats:
    """Return `value` as float64, or raise unless every entry is finite and > 0."""
    array = finite(name, value)
    return _hold(name, array, array > 0, "positive")


def non_negative(name: str, value: ArrayLike) -> Floats:
    """Return `value` as float64, or raise unless every entry is finite and ≥ 0."""
    array = finite(name, value)
    return _hold(name, array, array >= 0, "at least 0")


def fraction(name: str, value: ArrayLike) -> Floats:
    """Return `value` as float64, or raise unless every entry is in [0, 1)."""
    array = finite(name, value)
    return _hold(name, array, (array >= 0) & (array < 1), "in [0, 1)")


def share(name: str, value: ArrayLike) -> Floats:
    """Return `value` as float64, or raise unless every entry is in [0, 1]."""
    array = finite(name, value)
    return _hold(name, array, (array >= 0) & (array <= 1), "in [0, 1]")


def positive_share(name: str, value: ArrayLike) -> Floats:
    """Return `value` as float64, or raise unless every entry is in (0, 1]."""
    array = finite(name, value)
    return _hold(name, array, (array > 0) & (array <= 1), "in (0, 1]")


def probability(name: str, value: ArrayLike) -> Floats:
    """Return `value` as float64, or raise unless every entry is in (0, 1)."""
    array = finite(name, value)
    return _hold(name, array, (array > 0) & (array < 1), "in (0, 1)")


def single(name: str, value: Any, check: Callable[[str, ArrayLike], Floats]) -> float:
    """Return `value` as a float after `check`, or raise a ValueError if it is an array.

    >>> single("cash", 3, finite)
    3.0
    """
    array = check(name, value)
    if array.ndim:
        raise ValueError(f"{name} must be a single number, got an array of shape {array.shape}")
    return float(array)


def count(name: str, value: int, least: int = 1) -> int:
    """Return `value` as an int, or raise unless it is a whole number of at least `least`.

    >>> count("assets", 3)
    3
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")
    return int(value)


def broadcast(**arrays: Floats) -> tuple[Floats, ...]:
    """Broadcast named arrays against each other, or raise with their shapes."""
    try:
        return tuple(np.broadcast_arrays(*arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"the shapes do not broadcast: {shapes}") from None


def scalar_or_array(value: Floats) -> float | Floats:
    """Return a Python float for a zero-dimensional result, the array itself otherwise."""
    return float(value) if value.ndim == 0 else value


def read_only(array: Floats) -> Floats:
    """Return a copy of `array` that nobody can write to."""
    copy = np.array(array, dtype=np.float64)
    copy.setflags(write=False)
    return copy


def _hold(name: str, array: Floats, good: NDArray[np.bool_], rule: str) -> Floats:
    if not good.all():
        raise ValueError(f"{name} must be {rule}, got {array[~good].flat[0]:.12g}")
    return array
