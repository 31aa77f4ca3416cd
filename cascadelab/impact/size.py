"""Weights that fall with size: a venue that charges for impact before it happens."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, broadcast, non_negative, positive, scalar_or_array, share


def asset_weight_at_size(asset_weight: ArrayLike, notional: ArrayLike, size_factor: ArrayLike) -> float | Floats:
    """Weight of an owned asset that falls with the size of the holding: min(h, 1.1 / (1 + φ √N)).

    Parameters
    ----------
    asset_weight : array_like    h of a small holding, in [0, 1]
    notional : array_like        N, size of the holding in the unit in which the venue states φ, ≥ 0
    size_factor : array_like     φ, the venue's factor for initial margin (IMF), per √size, ≥ 0

    Returns
    -------
    ndarray or float             fraction

    Raises
    ------
    ValueError                   a value is not finite or out of its range, or the shapes do not broadcast

    Notes
    -----
    Chapter 5, section on weights. Drift's rule for deposits, as its own tests state it.

    Examples
    --------
    >>> print(f"{asset_weight_at_size(0.9, 1000.0, 0.01):.4f} {asset_weight_at_size(0.9, 10.0, 0.01):.4f}")
    0.8357 0.9000
    """
    h, root = broadcast(asset_weight=share("asset_weight", asset_weight), notional=_root(notional, size_factor))
    return scalar_or_array(np.minimum(h, 1.1 / (1 + root)))


def liability_weight_at_size(
    liability_weight: ArrayLike, notional: ArrayLike, size_factor: ArrayLike
) -> float | Floats:
    """Weight of an owed asset that rises with the size of the debt: max(h̄, 0.8 h̄ + φ √N).

    Parameters and errors are those of `asset_weight_at_size`, with a weight h̄ > 0.

    Returns
    -------
    ndarray or float             multiple of the value

    Notes
    -----
    Chapter 5, section on weights. Drift's rule for borrows, as its own tests state it.

    Examples
    --------
    >>> print(f"{liability_weight_at_size(1.1, 1000.0, 0.01):.4f} {liability_weight_at_size(1.1, 10.0, 0.01):.4f}")
    1.1962 1.1000
    """
    weight = positive("liability_weight", liability_weight)
    h, root = broadcast(liability_weight=weight, notional=_root(notional, size_factor))
    return scalar_or_array(np.maximum(h, 0.8 * h + root))


def _root(notional: ArrayLike, size_factor: ArrayLike) -> Floats:
    size, factor = broadcast(
        notional=non_negative("notional", notional), size_factor=non_negative("size_factor", size_factor)
    )
    return factor * np.sqrt(size)
