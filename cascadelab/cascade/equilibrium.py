"""Fixed points: the end price at which nobody is left to be sold, from above and from below."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.impact.curve import Curve
from cascadelab.kit.validate import Floats, finite, non_negative, read_only, scalar_or_array


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """A price at which exactly the accounts with a higher liquidation price have been sold.

    price, sold, count : the price, the units sold on the way to it, and the number of accounts lost
    path : ndarray               prices of the iteration, from its start to `price`; each is the one after one round

    >>> from cascadelab.impact import Linear
    >>> least_severe_equilibrium([97.0, 94.0], [2.0, 4.0], 95.0, Linear(0.5)).count
    1
    """

    price: float
    sold: float
    count: int
    path: Floats

    @property
    def rounds(self) -> int:
        """Rounds in which something was sold (or, from below, taken back)."""
        return self.path.size - 1


def supply(price: ArrayLike, liquidation_price: ArrayLike, quantity: ArrayLike) -> float | Floats:
    """Forced sales at a price: units of all accounts whose liquidation price is above it, U(p) = Σ q_k over l_k > p.

    Parameters
    ----------
    price : array_like              numeraire per unit, any shape
    liquidation_price : array_like  l_k, one an account, in any order; nan = never liquidated
    quantity : array_like           q_k ≥ 0, units; one an account

    Returns
    -------
    ndarray or float                units, of the shape of `price`

    Raises
    ------
    ValueError                      a quantity or a price is not finite or negative, a threshold is infinite, or
                                    thresholds and quantities are not lists of one length

    Notes
    -----
    Chapter 7, equation (7.1). An account whose threshold equals the price is safe.

    Examples
    --------
    >>> supply([97.0, 96.9, 90.0], [97.0, 94.0, 93.0], [2.0, 4.0, 6.0])
    array([ 0.,  2., 12.])
    """
    thresholds, units = accounts(liquidation_price, quantity)
    p = non_negative("price", price)
    return scalar_or_array(np.asarray((thresholds > p[..., np.newaxis]) @ units))


def least_severe_equilibrium(
    liquidation_price: ArrayLike, quantity: ArrayLike, shocked_price: float, impact: Curve
) -> Equilibrium:
    """Highest fixed price: the cascade. Rounds of sales from the shocked price downwards until nobody is left.

        p⁰ = p_s,   pⁿ⁺¹ = F(p_s, U(pⁿ))

    Parameters
    ----------
    liquidation_price, quantity : array_like  thresholds and units, one an account, as in `supply`
    shocked_price : float                     p_s ≥ 0, numeraire per unit
    impact : Curve                            any curve of chapter 5 with one market

    Returns
    -------
    Equilibrium                               with the price of every round

    Raises
    ------
    ValueError                                as for `supply`; the shocked price is not a single number

    Notes
    -----
    Chapter 7, equation (7.1). Each round but the last sells at least one account more, so that there are at most as
    many rounds as accounts.

    Examples
    --------
    >>> from cascadelab.impact import Linear
    >>> market = Linear(0.5)
    >>> least_severe_equilibrium([97.0, 94.0, 93.0], [2.0, 4.0, 6.0], 94.0, market).path
    array([94., 93., 91., 88.])
    """
    start = _single(shocked_price)
    return _iterate(liquidation_price, quantity, start, impact, start)


def worst_equilibrium(
    liquidation_price: ArrayLike, quantity: ArrayLike, shocked_price: float, impact: Curve
) -> Equilibrium:
    """Lowest fixed price: where a market ends in which everybody is sold first, and taken back if there was no need.

        p⁰ = 0,   pⁿ⁺¹ = F(p_s, U(pⁿ))

    Parameters and errors are those of `least_severe_equilibrium`.

    Returns
    -------
    Equilibrium                               its path rises from zero

    Notes
    -----
    Chapter 7, equations (7.1) and (7.7).

    Examples
    --------
    >>> from cascadelab.impact import Linear
    >>> market = Linear(0.5)
    >>> book = [97.0, 94.0, 93.0], [2.0, 4.0, 6.0]
    >>> print(worst_equilibrium(*book, 98.0, market).price, least_severe_equilibrium(*book, 98.0, market).price)
    92.0 98.0
    """
    return _iterate(liquidation_price, quantity, _single(shocked_price), impact, 0.0)


def accounts(liquidation_price: ArrayLike, quantity: ArrayLike) -> tuple[Floats, Floats]:
    """Thresholds and quantities as two lists of one length; a threshold may be nan, a quantity may not."""
    units = non_negative("quantity", quantity)
    raw = np.asarray(liquidation_price)
    never = np.isnan(raw) if raw.dtype.kind == "f" else np.zeros(raw.shape, dtype=bool)
    thresholds = finite("liquidation_price", np.where(never, 0, raw))
    thresholds = np.where(never, np.nan, thresholds)
    if not thresholds.ndim == units.ndim == 1 or thresholds.size != units.size:
        shapes = f"{thresholds.shape} and {units.shape}"
        raise ValueError(f"liquidation_price and quantity must be lists of one length, got shapes {shapes}")
    return thresholds, units


def _iterate(
    liquidation_price: ArrayLike, quantity: ArrayLike, shocked: float, impact: Curve, start: float
) -> Equilibrium:
    thresholds, units = accounts(liquidation_price, quantity)
    path = [start]
    while True:
        lost = thresholds > path[-1]
        sold = float(units[lost].sum())
        price = float(impact.price(shocked, sold))
        if price == path[-1]:
            return Equilibrium(price, sold, int(lost.sum()), read_only(np.array(path)))
        path.append(price)


def _single(shocked_price: float) -> float:
    value = non_negative("shocked_price", shocked_price)
    if value.ndim:
        raise ValueError(f"shocked_price must be a single number, got an array of shape {value.shape}")
    return float(value)
