"""Cross against isolated margin: the branching ratio times the margin is conserved, so what is saved is paid for."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.distance.covariance import correlation_coefficient, count
from cascadelab.kit.validate import Floats, fraction, non_negative, positive, scalar_or_array


def isolated_kappa(kappa: ArrayLike) -> float:
    """Branching ratio of a market of isolated legs: the largest of theirs, because K is diagonal.

    Parameters
    ----------
    kappa : array_like           κ_a ≥ 0, (M,)

    Returns
    -------
    float                        max κ_a

    Raises
    ------
    ValueError                   a ratio is negative or not finite, or there is none

    Notes
    -----
    Chapter 9, the section on cross against isolated margin. Each sale moves the price of its own asset only.

    Examples
    --------
    >>> isolated_kappa([0.9, 0.0045])
    0.9
    """
    return float(_legs(kappa).max())


def cross_kappa(kappa: ArrayLike, required_margin: ArrayLike, margin_efficiency: ArrayLike) -> float | Floats:
    """Branching ratio once the legs of every holder share one margin: κ_X R_X = Σ κ_a R_a.

        κ_X = (Σ κ_a R_a / Σ R_a) / (1 − η)

    Parameters
    ----------
    kappa : array_like              κ_a ≥ 0 of the isolated legs, (M,)
    required_margin : array_like    R_a > 0, their margins, (M,) or one number for all
    margin_efficiency : array_like  η in [0, 1), the part of Σ R_a that is taken out of the accounts, so that
                                    R_X = (1 − η) Σ R_a; 0 = all of it stays

    Returns
    -------
    ndarray or float                κ_X, the shape of η

    Raises
    ------
    ValueError                      a value is out of its range or not finite, or the shapes do not fit

    Notes
    -----
    Chapter 9, equations (9.14) and (9.15). Same holders, same positions, full close, and a surplus that, counted in the
    account's own margin, has the same density at zero for a leg and for the whole; each sale moves its own price only.

    Examples
    --------
    >>> print(f"{cross_kappa([0.4] * 4, 1.0, 1 - 0.4**0.5):.6f}")
    0.632456
    """
    return scalar_or_array(
        np.asarray(_mean(kappa, required_margin) / (1 - fraction("margin_efficiency", margin_efficiency)))
    )


def equal_legs_efficiency(assets: int, correlation: ArrayLike) -> float | Floats:
    """Part of the isolated margin that M equal legs save if margin is a multiple of the standard deviation.

        η = 1 − √((1 + (M − 1) ρ) / M)

    Parameters
    ----------
    assets : int                 M ≥ 1
    correlation : array_like     ρ of every pair, in [−1/(M − 1), 1]

    Returns
    -------
    ndarray or float             η; 1/(1 − η) is at most 1/√ρ, however many assets there are

    Raises
    ------
    ValueError                   ρ is out of its range or not finite, or the number of assets is not whole and ≥ 1

    Notes
    -----
    Chapter 9, equations (9.17) and (9.18).

    Examples
    --------
    >>> print(f"{equal_legs_efficiency(4, 0.2):.6f}")
    0.367544
    """
    size = count("assets", assets)
    rho = correlation_coefficient("correlation", correlation)
    left = (1 + (size - 1) * rho) / size
    if (left < 0).any():
        raise ValueError(f"correlation of {size} assets must be at least {-1 / (size - 1):.12g}, got {rho.min():.12g}")
    return scalar_or_array(np.asarray(1 - np.sqrt(left)))


def break_even_efficiency(kappa: ArrayLike, required_margin: ArrayLike) -> float:
    """Part of the margin that may be taken out before cross margin is nearer to criticality than the worst leg.

        η = 1 − (Σ κ_a R_a / Σ R_a) / max κ_a

    Parameters
    ----------
    kappa : array_like              κ_a ≥ 0, (M,), one of them positive
    required_margin : array_like    R_a > 0, (M,) or one number for all

    Returns
    -------
    float                           η in [0, 1); 0 for equal legs: whatever they take out, they pay for

    Raises
    ------
    ValueError                      a value is out of its range or not finite, no ratio is positive, or the shapes do
                                    not fit

    Notes
    -----
    Chapter 9, equation (9.19).

    Examples
    --------
    >>> print(f"{break_even_efficiency([0.9, 0.0045], 1.0):.4f}")
    0.4975
    """
    worst = isolated_kappa(kappa)
    if worst == 0:
        raise ValueError("kappa must have a positive entry: without feedback there is nothing to compare, got 0")
    return float(1 - _mean(kappa, required_margin) / worst)


def _mean(kappa: ArrayLike, required_margin: ArrayLike) -> float:
    ratios, margins = _legs(kappa), positive("required_margin", required_margin)
    if margins.shape not in ((), ratios.shape):
        raise ValueError(f"required_margin must be a number or {ratios.shape}, got shape {margins.shape}")
    return float(np.average(ratios, weights=np.broadcast_to(margins, ratios.shape)))


def _legs(kappa: ArrayLike) -> Floats:
    ratios = non_negative("kappa", kappa)
    if ratios.ndim != 1 or ratios.size == 0:
        raise ValueError(f"kappa must be a list with one entry a leg, got shape {ratios.shape}")
    return ratios
