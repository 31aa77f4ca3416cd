"""Cross against isolated margin: the branching ratio times the margin is conserved, so what is saved is paid for."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.distance.covariance import common_correlation
from cascadelab.kit.validate import Floats, broadcast, count, finite, fraction, non_negative, positive, scalar_or_array


def isolated_kappa(
    slope: ArrayLike,
    quantity: ArrayLike,
    normal: ArrayLike,
    holders: ArrayLike,
    zero_density: ArrayLike,
    required_margin: ArrayLike,
) -> float | Floats:
    """Branching ratio of one isolated leg, the same for all its holders: κ_a = λ q n N_h g_0 / R.

    Parameters
    ----------
    slope : array_like           λ ≥ 0 of the leg's asset; a sale moves this price only
    quantity : array_like        q of each holder; negative = owed
    normal : array_like          n, what one unit of the price adds to the surplus of the leg, with the sign of q
    holders : array_like         N_h > 0
    zero_density : array_like    g_0 ≥ 0, share of the holders within one margin of zero
    required_margin : array_like  R > 0, margin of the leg

    Returns
    -------
    ndarray or float             κ_a; of a market of such legs r(K) is the largest, because K is diagonal

    Raises
    ------
    ValueError                   a value is out of its range or not finite, a quantity and its normal differ in sign, or
                                 the shapes do not broadcast

    Notes
    -----
    Chapter 9, equation (9.13).

    Examples
    --------
    >>> isolated_kappa(0.5, 3.0, 2.0, 50, 0.4, [100.0, 200.0])
    array([0.6, 0.3])
    """
    fall, q, n, number, density, margin = broadcast(
        slope=non_negative("slope", slope),
        quantity=finite("quantity", quantity),
        normal=finite("normal", normal),
        holders=positive("holders", holders),
        zero_density=non_negative("zero_density", zero_density),
        required_margin=positive("required_margin", required_margin),
    )
    if (q * n < 0).any():
        raise ValueError(f"normal must have the sign of the quantity, got a product of {(q * n).min():.12g}")
    return scalar_or_array(np.asarray(fall * q * n * number * density / margin))


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
    rho = common_correlation("correlation", correlation, size)
    return scalar_or_array(np.asarray(1 - np.sqrt((1 + (size - 1) * rho) / size)))


def break_even_efficiency(kappa: ArrayLike, required_margin: ArrayLike) -> float:
    """Part of the margin that may be taken out before cross margin is nearer to criticality than the worst leg.

        η = 1 − (Σ κ_a R_a / Σ R_a) / max κ_a

    Parameters
    ----------
    kappa : array_like              κ_a ≥ 0, (M,), one of them positive
    required_margin : array_like    R_a > 0, (M,) or one number for all

    Returns
    -------
    float                           η ≥ 0 and below 1, rounded; 0 for equal legs: whatever they take out, they pay for

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
    worst = float(_legs(kappa).max())
    if worst == 0:
        raise ValueError("kappa must have a positive entry: without feedback there is nothing to compare, got 0")
    return max(0.0, 1 - _mean(kappa, required_margin) / worst)  # a mean of equals may be rounded up


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
