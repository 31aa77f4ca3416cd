"""Two more checks at the door: a single number, and a share from nothing to everything."""

from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, non_negative, positive


def single(name: str, value: Floats) -> float:
    """Return a checked value as a float, or raise if it is an array.

    >>> import numpy as np
    >>> single("tab", np.asarray(3.0))
    3.0
    """
    if value.ndim:
        raise ValueError(f"{name} must be a single number, got an array of shape {value.shape}")
    return float(value)


def share(name: str, value: ArrayLike) -> Floats:
    """Return `value` as float64, or raise unless every entry is in [0, 1].

    >>> share("asset_weight", 1.0)
    array(1.)
    """
    return _at_most_one(name, non_negative(name, value), "[0, 1]")


def positive_share(name: str, value: ArrayLike) -> Floats:
    """Return `value` as float64, or raise unless every entry is in (0, 1].

    >>> positive_share("close_factor", 0.5)
    array(0.5)
    """
    return _at_most_one(name, positive(name, value), "(0, 1]")


def _at_most_one(name: str, value: Floats, interval: str) -> Floats:
    if (value > 1).any():
        raise ValueError(f"{name} must be in {interval}, got {value.max():.12g}")
    return value
