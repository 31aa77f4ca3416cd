"""An initial margin that rises with the open interest: a venue's rule for opening, which moves no threshold."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, broadcast, fraction, non_negative, scalar_or_array


def initial_rate_at_open_interest(
    initial_rate: ArrayLike, open_interest: ArrayLike, lower_cap: ArrayLike, upper_cap: ArrayLike
) -> float | Floats:
    """Initial margin rate of a venue that raises it with the open interest of the whole contract.

        m_0 + (1 − m_0) (O − O_0)/(O_1 − O_0), kept between m_0 and 1;   m_0 where O_1 = 0

    Parameters
    ----------
    initial_rate : array_like    m_0 in [0, 1), the base
    open_interest : array_like   O ≥ 0
    lower_cap, upper_cap : array_like  O_0 ≤ O_1, in the unit of the open interest, ≥ 0; an upper cap of 0 switches
                                 the rule off

    Returns
    -------
    ndarray or float             fraction of notional

    Raises
    ------
    ValueError                   a value is out of its range or not finite, the caps are in the wrong order, or the
                                 shapes do not broadcast

    Notes
    -----
    Chapter 8, section on spirals, for contrast: dYdX v4's rule. It is for opening; the maintenance rate stays.

    Examples
    --------
    >>> initial_rate_at_open_interest(0.2, [0.5, 1.5, 3.0], 1.0, 2.0)
    array([0.2, 0.6, 1. ])
    """
    base, interest, low, high = broadcast(
        initial_rate=fraction("initial_rate", initial_rate),
        open_interest=non_negative("open_interest", open_interest),
        lower_cap=non_negative("lower_cap", lower_cap),
        upper_cap=non_negative("upper_cap", upper_cap),
    )
    if not (low <= high).all():
        wrong = low > high
        raise ValueError(
            f"lower_cap must be at most the upper cap {high[wrong].flat[0]:.12g}, got {low[wrong].flat[0]:.12g}"
        )
    above = np.where((interest > low) & (high > 0), 1.0, 0.0)  # with equal caps: a step
    way = np.divide(interest - low, high - low, out=above, where=(high > low) & (high > 0))
    return scalar_or_array(np.asarray(base + np.clip(way, 0.0, 1.0) * (1 - base)))
