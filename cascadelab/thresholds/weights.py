"""Weights: the share of its value at which an asset counts, and the leverage that a weight allows."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, finite, fraction, scalar_or_array, share


def asset_weight(maintenance_rate: ArrayLike) -> float | Floats:
    """Weight under which an owned asset behaves like a long with this maintenance rate: h = 1 − m.

    Parameters
    ----------
    maintenance_rate : array_like  fraction of notional, in [0, 1]

    Returns
    -------
    ndarray or float               fraction

    Raises
    ------
    ValueError                     a rate is outside [0, 1]

    Notes
    -----
    Derived in chapter 2, equation (2.14); `theory.dual_weight` is the symbolic twin.

    Examples
    --------
    >>> print(f"{asset_weight(0.1):.2f}")
    0.90
    """
    return scalar_or_array(np.asarray(1 - share("maintenance_rate", maintenance_rate)))


def liability_weight(maintenance_rate: ArrayLike) -> float | Floats:
    """Weight under which an owed asset behaves like a short with this maintenance rate: h̄ = 1 + m.

    Parameters
    ----------
    maintenance_rate : array_like  fraction of notional, in [0, 1]

    Returns
    -------
    ndarray or float               at least 1

    Raises
    ------
    ValueError                     a rate is outside [0, 1]

    Notes
    -----
    Derived in chapter 2, equation (2.15); `theory.dual_weight` is the symbolic twin.

    Examples
    --------
    >>> print(f"{liability_weight(0.1):.2f}")
    1.10
    """
    return scalar_or_array(np.asarray(1 + share("maintenance_rate", maintenance_rate)))


def weight_of_ratio(minimum_ratio: ArrayLike) -> float | Floats:
    """Asset weight that a minimum collateral ratio means: h = 1 / ratio (Maker's mat, Liquity's MCR).

    Parameters
    ----------
    minimum_ratio : array_like   collateral over debt that has to be kept, ≥ 1

    Returns
    -------
    ndarray or float             fraction

    Raises
    ------
    ValueError                   a ratio is not finite or below 1

    Notes
    -----
    Chapter 2, "A loan against collateral".

    Examples
    --------
    >>> print(f"{weight_of_ratio(1.45):.4f}")
    0.6897
    """
    ratio = finite("minimum_ratio", minimum_ratio)
    if np.any(ratio < 1):
        raise ValueError(f"minimum_ratio must be at least 1, got {ratio.min():.12g}")
    return scalar_or_array(np.asarray(1 / ratio))


def borrowed_leverage(loan_to_value: ArrayLike) -> float | Floats:
    """Leverage of a position bought with a loan, assets over equity: L = 1 / (1 − LTV).

    At the asset weight h it is the largest leverage at which a loan is safe, 1 / (1 − h): Liquity's
    MCR / (MCR − 1), and 1/m of a long.

    Parameters
    ----------
    loan_to_value : array_like   debt over collateral, in [0, 1)

    Returns
    -------
    ndarray or float             at least 1

    Raises
    ------
    ValueError                   a ratio is outside [0, 1)

    Notes
    -----
    Derived in chapter 2, equation (2.16); `theory.borrowed_leverage` is the symbolic twin.

    Examples
    --------
    >>> print(f"{borrowed_leverage(weight_of_ratio(1.1)):.2f}")
    11.00
    """
    return scalar_or_array(np.asarray(1 / (1 - fraction("loan_to_value", loan_to_value))))
