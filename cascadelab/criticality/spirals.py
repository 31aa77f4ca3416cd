"""Loss spiral and margin spiral: those who carry a position sell it because it loses, and because margins rise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, broadcast, finite, non_negative, positive, scalar_or_array


@dataclass(frozen=True, eq=False)
class Spiral:
    """What `spiral` returns; fields are numbers, or arrays of one shape.

    loss                λ q_old / m_u: a fall of one loses q_old, which must be covered by selling
    margin              −λ m_u′ q / m_u: a fall of one raises what each unit must be backed by
    kappa               their sum
    price_change        change of the price for one more unit of capital, (λ/m_u)/(1 − κ); inf where κ ≥ 1

    >>> spiral(0.05, 10.0, 0.0, 200.0, 200.0).price_change
    inf
    """

    loss: float | Floats
    margin: float | Floats
    kappa: float | Floats
    price_change: float | Floats


def spiral(
    slope: ArrayLike, unit_margin: ArrayLike, margin_slope: ArrayLike, quantity: ArrayLike, quantity_before: ArrayLike
) -> Spiral:
    """Branching ratio of leveraged carriers whose margin binds, split into its loss and its margin part.

    They hold q with m_u(p) q = b + q_old p of capital; customers take the rest along a line of slope λ. From market
    clearing,

        dp/db = 1 / (m_u/λ − q_old + m_u′ q) = (λ/m_u) / (1 − κ),   κ = λ q_old/m_u − λ m_u′ q/m_u

    Parameters
    ----------
    slope : array_like           λ > 0, fall of the price for a unit that customers must take
    unit_margin : array_like     m_u > 0, capital for each unit held
    margin_slope : array_like    m_u′, change of m_u with the price; negative where margins rise in a fall
    quantity : array_like        q ≥ 0, held now
    quantity_before : array_like  q_old ≥ 0, held before the price moved

    Returns
    -------
    Spiral                       see there

    Raises
    ------
    ValueError                   a value is out of its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 8, equations (8.25) and (8.26), after Brunnermeier and Pedersen. A κ at or above one is a result, not an
    error: there the market does not stay at this price, since a small fall forces more than itself.

    Examples
    --------
    >>> found = spiral(0.02, 10.0, -0.05, 200.0, 200.0)
    >>> print(f"{found.loss:.2f} {found.margin:.2f} {found.kappa:.2f} {found.price_change:.4f}")
    0.40 0.02 0.42 0.0034
    """
    fall, m_u, change, now, before = broadcast(
        slope=positive("slope", slope),
        unit_margin=positive("unit_margin", unit_margin),
        margin_slope=finite("margin_slope", margin_slope),
        quantity=non_negative("quantity", quantity),
        quantity_before=non_negative("quantity_before", quantity_before),
    )
    loss, margin = fall * before / m_u, 0.0 - fall * change * now / m_u
    left = 1 - (loss + margin)
    move = np.divide(fall / m_u, left, out=np.full(left.shape, np.inf), where=left > 0)
    return Spiral(*(scalar_or_array(np.asarray(value)) for value in (loss, margin, loss + margin, move)))
