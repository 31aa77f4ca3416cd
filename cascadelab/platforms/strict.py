"""Two rules of real venues for collateral that may be marked wrongly, or that everybody has posted."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, broadcast, positive, positive_share, scalar_or_array


def strict_prices(price: ArrayLike, smoothed_price: ArrayLike) -> tuple[float | Floats, float | Floats]:
    """Prices for what is owned and for what is owed: the lower and the higher of a price and its time average.

    Parameters
    ----------
    price : array_like            p > 0
    smoothed_price : array_like   its time average, > 0

    Returns
    -------
    (ndarray or float, ndarray or float)   for assets, for debts

    Raises
    ------
    ValueError                    a price is not positive or not finite, or the shapes do not fit

    Notes
    -----
    Chapter 10, the section on what a venue can do. Drift's strict oracle, which it uses for the initial margin only:
    for opening and withdrawing, not for liquidation.

    Examples
    --------
    >>> strict_prices(1.01, 0.95)
    (0.95, 1.01)
    """
    now, mean = broadcast(price=positive("price", price), smoothed_price=positive("smoothed_price", smoothed_price))
    return scalar_or_array(np.asarray(np.minimum(now, mean))), scalar_or_array(np.asarray(np.maximum(now, mean)))


def crowded_weight(asset_weight: ArrayLike, deposits: ArrayLike, deposits_start: ArrayLike) -> float | Floats:
    """Asset weight that falls once everybody's deposits of the asset exceed a size: h · min(1, start/deposits).

    Parameters
    ----------
    asset_weight : array_like     h in (0, 1]
    deposits : array_like         value of all deposits of the asset on the platform, > 0
    deposits_start : array_like   value from which the weight falls, > 0

    Returns
    -------
    ndarray or float

    Raises
    ------
    ValueError                    a value is out of its range or not finite, or the shapes do not fit

    Notes
    -----
    Chapter 10, the section on what a venue can do. Drift uses it for the initial margin. Mango does too, and
    multiplies the weight of a debt by max(1, borrows/start) in the same way, which is not covered here.

    Examples
    --------
    >>> print(f"{crowded_weight(0.9, 750_000.0, 500_000.0):.2f}")
    0.60
    """
    weight, total, start = broadcast(
        asset_weight=positive_share("asset_weight", asset_weight), deposits=positive("deposits", deposits),
        deposits_start=positive("deposits_start", deposits_start),
    )  # fmt: skip
    return scalar_or_array(np.asarray(weight * np.minimum(1.0, start / total)))
