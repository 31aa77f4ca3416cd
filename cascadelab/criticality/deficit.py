"""Bad debt of a uniform book after its cascade: at the end price, and on a walk from the highest threshold down."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.criticality.closed_forms import uniform_linear
from cascadelab.criticality.feedback import subcritical
from cascadelab.kit.validate import Floats, broadcast, fraction, non_negative, positive, scalar_or_array


def effective_margin(kappa: ArrayLike, maintenance_rate: ArrayLike, *, fill: str = "end") -> float | Floats:
    """Shock from the edge of a uniform book, as a fraction of the edge, beyond which debt stays unpaid.

        end price: (1 − κ) m        walk, highest threshold first: the smaller of m and 1 − κ

    Parameters
    ----------
    kappa : array_like           κ in [0, 1)
    maintenance_rate : array_like  m in [0, 1)
    fill : str                   "end": every unit is paid the last price; "walk": accounts are sold from the highest
                                 threshold down, each unit at its own place on the way

    Returns
    -------
    ndarray or float             fraction of the edge

    Raises
    ------
    ValueError                   a rate is outside [0, 1), κ ≥ 1, the shapes do not broadcast, or fill is unknown

    Notes
    -----
    Chapter 8, equation (8.22). On a walk with κ > 1 − m nobody is left unpaid until the price is zero, at a shock of
    1 − κ of the edge.

    Examples
    --------
    >>> print(f"{effective_margin(0.6, 0.02):.4f} {effective_margin(0.6, 0.02, fill='walk'):.4f}")
    0.0080 0.0200
    """
    ratio, m = broadcast(kappa=subcritical(kappa), maintenance_rate=fraction("maintenance_rate", maintenance_rate))
    return scalar_or_array(np.asarray((1 - ratio) * m if _known(fill) == "end" else np.minimum(m, 1 - ratio)))


def uniform_deficit(
    shocked_price: ArrayLike,
    slope: ArrayLike,
    density: ArrayLike,
    edge: ArrayLike,
    maintenance_rate: ArrayLike,
    *,
    fill: str = "end",
) -> float | Floats:
    """Debt that a uniform book leaves unpaid after its cascade under linear impact.

    An account with threshold l owes (1 − m) l a unit. With κ = λ g and the price p of `uniform_linear`,

        end price:  g [(1 − m) p_max − p]₊² / (2 (1 − m))
        walk:       g [(1 − m) p_max − p_s]₊² / (2 (1 − m − κ)),  highest threshold first; zero if κ ≥ 1 − m

    Parameters
    ----------
    shocked_price : array_like   p_s ≥ 0
    slope : array_like           λ ≥ 0
    density : array_like         g ≥ 0, units per unit of price, down to zero
    edge : array_like            p_max > 0
    maintenance_rate : array_like  m in [0, 1)
    fill : str                   "end" or "walk", as in `effective_margin`

    Returns
    -------
    ndarray or float             numeraire; surplus of one account does not pay for another

    Raises
    ------
    ValueError                   a value is out of its range or not finite, the shapes do not broadcast, λ g ≥ 1 for
                                 a shocked price below the edge, fill is unknown, or the cascade would take the price
                                 below zero, where no such law holds, at one of the shocked prices

    Notes
    -----
    Chapter 8, equations (8.21) and (8.23). On a walk another order of sales gives another deficit from the same cash.

    Examples
    --------
    >>> deficits = [uniform_deficit(97.0, 0.012, 50.0, 100.0, 0.02, fill=fill) for fill in ("end", "walk")]
    >>> print("{:.3f} {:.3f}".format(*deficits))
    771.684 65.789
    """
    p_s, fall, units, top, m = broadcast(
        shocked_price=non_negative("shocked_price", shocked_price),
        slope=non_negative("slope", slope),
        density=non_negative("density", density),
        edge=positive("edge", edge),
        maintenance_rate=fraction("maintenance_rate", maintenance_rate),
    )
    price = np.asarray(uniform_linear(p_s, fall, units, top))
    kappa = fall * units
    floor = np.where(p_s < top, kappa * top, 0.0)
    if not (p_s >= floor).all():
        lost = p_s[p_s < floor].flat[0]
        raise ValueError(f"shocked_price must be at least κ times the edge, or the price ends at zero; got {lost:.12g}")
    if _known(fill) == "end":
        return scalar_or_array(np.asarray(units * np.maximum((1 - m) * top - price, 0.0) ** 2 / (2 * (1 - m))))
    short, rest = np.maximum((1 - m) * top - p_s, 0.0), 1 - m - kappa
    solved = np.divide(units * short**2, 2 * rest, out=np.zeros(p_s.shape), where=rest > 0)
    return scalar_or_array(np.asarray(solved))


def _known(fill: str) -> str:
    if fill not in ("end", "walk"):
        raise ValueError(f"fill must be 'end' or 'walk', got {fill!r}")
    return fill
