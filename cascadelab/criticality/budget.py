"""The κ-budget: everything that sells into a fall adds to one branching ratio, and what buys takes away."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import (
    Floats,
    broadcast,
    finite,
    fraction,
    non_negative,
    positive,
    read_only,
    scalar_or_array,
)


@dataclass(frozen=True, eq=False)
class Budget:
    """Units sold for a fall of one unit of price, by who sells them; each a number or an array, ≥ 0.

    Parameters
    ----------
    liquidations : array_like    density of liquidation prices here, g
    stops : array_like           density of stop orders: given
    leverage_targeting : array_like  (L − 1) q, over the price, of those who keep a leverage; `leverage_targeting`
    short_gamma : array_like     units that hedgers of sold options sell for a fall of one: given
    sentiment : array_like       units that others sell because the price falls: given
    demand : array_like          units that buyers add for a fall of one, beyond those already counted in the depth 1/λ

    Raises
    ------
    ValueError                   a term is negative or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 8, equation (8.14). A given term is an input that a reader must measure elsewhere: this book derives
    liquidations and kept leverage only. Liquidations and stops do not come back when the price does; the others may.

    Examples
    --------
    >>> budget = Budget(liquidations=1.2, stops=0.4, leverage_targeting=0.5, demand=0.1)
    >>> print(f"{budget.net:.2f} {budget.kappa(0.3):.2f}")
    2.00 0.60
    """

    liquidations: ArrayLike = 0.0
    stops: ArrayLike = 0.0
    leverage_targeting: ArrayLike = 0.0
    short_gamma: ArrayLike = 0.0
    sentiment: ArrayLike = 0.0
    demand: ArrayLike = 0.0

    def __post_init__(self) -> None:
        terms = {f.name: non_negative(f.name, getattr(self, f.name)) for f in fields(self)}
        broadcast(**terms)
        for name, term in terms.items():
            object.__setattr__(self, name, scalar_or_array(read_only(term)))

    @property
    def terms(self) -> dict[str, float | Floats]:
        """Units sold for a fall of one, by who sells them; what buyers add counts as negative."""
        sold = {f.name: getattr(self, f.name) for f in fields(self)}
        return sold | {"demand": scalar_or_array(np.asarray(0.0 - sold["demand"]))}  # 0 − 0: a sign less than −0

    @property
    def net(self) -> float | Floats:
        """Sum of the terms; negative where buyers absorb more than is forced."""
        return scalar_or_array(np.asarray(sum(map(np.asarray, self.terms.values()), np.asarray(0.0))))

    def kappa(self, slope: ArrayLike) -> float | Floats:
        """Branching ratio λ times the density; negative where buyers absorb more than is forced."""
        fall, units = broadcast(slope=non_negative("slope", slope), net=np.asarray(self.net))
        return scalar_or_array(np.asarray(fall * units))


def leverage_targeting(target_leverage: ArrayLike, quantity: ArrayLike, price: ArrayLike) -> float | Floats:
    """Units that a holder who keeps a leverage sells for a fall of one: (L − 1) q / p.

    Parameters
    ----------
    target_leverage : array_like  L that is kept by trading, ≥ 1
    quantity : array_like        q held now, ≥ 0
    price : array_like           p now, > 0

    Returns
    -------
    ndarray or float             units per unit of price

    Raises
    ------
    ValueError                   a value is out of its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 8, equation (8.12): the elasticity of what is held is L − 1. A liquidation that sells just enough to bring
    an account back to a leverage is the same trade, as long as the account is at its limit.

    Examples
    --------
    >>> leverage_targeting(5.0, 1000.0, 100.0)
    40.0
    """
    leverage = finite("target_leverage", target_leverage)
    if not (leverage >= 1).all():
        raise ValueError(f"target_leverage must be at least 1, got {leverage[leverage < 1].flat[0]:.12g}")
    target, units, at = broadcast(
        target_leverage=leverage, quantity=non_negative("quantity", quantity), price=positive("price", price)
    )
    return scalar_or_array(np.asarray((target - 1) * units / at))


def density_of_leverage(
    leverage: ArrayLike, leverage_density: ArrayLike, maintenance_rate: ArrayLike, entry_price: ArrayLike
) -> float | Floats:
    """Density of thresholds that longs opened at one price with leverage L add at their own: n_L L² (1 − m) / p_e.

    Parameters
    ----------
    leverage : array_like        L > 1 at opening
    leverage_density : array_like  n_L, units for each unit of leverage at L, ≥ 0
    maintenance_rate : array_like  m in [0, 1/L)
    entry_price : array_like     p_e > 0

    Returns
    -------
    ndarray or float             g, units per unit of price, at the threshold p_e (1 − 1/L)/(1 − m)

    Raises
    ------
    ValueError                   a value is out of its range or not finite, the shapes do not broadcast, or a position
                                 has no threshold between zero and its entry price: L ≤ 1, or L m ≥ 1

    Notes
    -----
    Chapter 8, equation (8.13): high leverage crowds its thresholds into a narrow range, with the square of L.

    Examples
    --------
    >>> print(density_of_leverage([5.0, 10.0], 100.0, 0.0, 100.0))
    [ 25. 100.]
    """
    lev, units, m, entry = broadcast(
        leverage=positive("leverage", leverage),
        leverage_density=non_negative("leverage_density", leverage_density),
        maintenance_rate=fraction("maintenance_rate", maintenance_rate),
        entry_price=positive("entry_price", entry_price),
    )
    if not (lev > 1).all():
        raise ValueError(f"leverage must be above 1, or no positive price liquidates; got {lev[lev <= 1].flat[0]:.12g}")
    part = lev * m
    if not (part < 1).all():
        raise ValueError(
            "leverage times maintenance_rate must be below 1, or the threshold is not below the entry price; "
            f"got {part[part >= 1].flat[0]:.12g}"
        )
    return scalar_or_array(np.asarray(units * lev**2 * (1 - m) / entry))
