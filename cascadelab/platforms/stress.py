"""What changes in stress: depth thins as prices fall, and margins rise."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, broadcast, fraction, non_negative, positive, scalar_or_array


def critical_fall(kappa: ArrayLike, thinning: ArrayLike) -> float | Floats:
    """Fall after which a market is critical whose depth thins as d e^(−θ x) with the fall x.

        x_c = ln(1/κ)/θ

    Parameters
    ----------
    kappa : array_like             κ > 0 at the start, g/d
    thinning : array_like          θ > 0, per unit of price

    Returns
    -------
    ndarray or float               numeraire per unit; 0 where κ ≥ 1 from the start

    Raises
    ------
    ValueError                     a value is not positive or not finite

    Notes
    -----
    Chapter 10, equation (10.19). The same number of accounts in each unit of price.

    Examples
    --------
    >>> print(f"{critical_fall(0.5, 0.1):.4f}")
    6.9315
    """
    ratio, rate = broadcast(kappa=positive("kappa", kappa), thinning=positive("thinning", thinning))
    return scalar_or_array(np.asarray(np.maximum(-np.log(ratio), 0.0) / rate))


def equivalent_fall(maintenance_rate: ArrayLike, rate_after: ArrayLike) -> float | Floats:
    """Fall of all prices, as a fraction, that costs longs as many accounts as a rise of the maintenance rate.

        (m_after − m)/(1 − m)

    Parameters
    ----------
    maintenance_rate : array_like  m in [0, 1), before
    rate_after : array_like        m_after in [0, 1)

    Returns
    -------
    ndarray or float               fraction; negative if the rate is lowered

    Raises
    ------
    ValueError                     a rate is outside [0, 1) or not finite

    Notes
    -----
    Chapter 10, equation (10.20).

    Examples
    --------
    >>> print(f"{equivalent_fall(0.05, 0.1):.4f}")
    0.0526
    """
    before, after = broadcast(
        maintenance_rate=fraction("maintenance_rate", maintenance_rate), rate_after=fraction("rate_after", rate_after)
    )
    return scalar_or_array(np.asarray((after - before) / (1 - before)))


def procyclical_kappa(
    kappa: ArrayLike, price: ArrayLike, maintenance_rate: ArrayLike, margin_reaction: ArrayLike
) -> float | Floats:
    """Branching ratio if the maintenance rate rises while the price falls.

        κ (1 + p m_react/(1 − m))

    Parameters
    ----------
    kappa : array_like             κ ≥ 0 at a fixed rate
    price : array_like             p > 0
    maintenance_rate : array_like  m in [0, 1), at that price
    margin_reaction : array_like   m_react ≥ 0, rise of the rate for a fall of one, per unit of price

    Returns
    -------
    ndarray or float               the same shape; κ if the rate does not react

    Raises
    ------
    ValueError                     a value is out of its range or not finite

    Notes
    -----
    Chapter 10, equation (10.21).

    Examples
    --------
    >>> print(f"{procyclical_kappa(0.5, 100.0, 0.05, 0.002):.4f}")
    0.6053
    """
    ratio, at, rate, reaction = broadcast(
        kappa=non_negative("kappa", kappa), price=positive("price", price),
        maintenance_rate=fraction("maintenance_rate", maintenance_rate),
        margin_reaction=non_negative("margin_reaction", margin_reaction),
    )  # fmt: skip
    return scalar_or_array(np.asarray(ratio * (1 + at * reaction / (1 - rate))))
