"""One sale or many: a price rule that is applied again at each fill."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, finite, fraction, non_negative


def fill_by_fill(rule: Callable[[float, float], float | Floats], shocked_price: float, fills: ArrayLike) -> Floats:
    """Prices along a sequence of fills, if the rule starts again from the present price at each of them.

        p_0 = p_s,   p_k = rule(p_{k−1}, u_k)

    Parameters
    ----------
    rule : callable              (price, quantity) → price after the fill, such as the method `price` of a curve
    shocked_price : float        numeraire per unit, ≥ 0
    fills : array_like           u_k, units sold in each fill, in their order

    Returns
    -------
    ndarray                      p_0, p_1, …: one entry more than there are fills

    Raises
    ------
    ValueError                   a number is not finite, the price is negative or no single number, or the fills are
                                 no list

    Notes
    -----
    Chapter 5, equations (5.6) and (5.7). The last price is that of one big fill, whatever the pieces, exactly if
    the rule composes: rule(rule(p, u), v) = rule(p, u + v).

    Examples
    --------
    >>> from cascadelab.impact import Exponential
    >>> print(*(f"{p:.4f}" for p in fill_by_fill(Exponential(0.025).price, 95.0, [4.0, 4.0])))
    95.0000 85.9596 77.7794
    """
    start, pieces = non_negative("shocked_price", shocked_price), finite("fills", fills)
    if start.ndim != 0 or pieces.ndim != 1:
        shapes = f"shapes {start.shape} and {pieces.shape}"
        raise ValueError(f"shocked_price must be one number and fills a list of numbers, got {shapes}")
    path = [float(start)]
    for piece in pieces.tolist():
        path.append(float(rule(path[-1], piece)))
    return np.array(path)


def proportional(shocked_price: ArrayLike, sold: ArrayLike, rate: ArrayLike) -> Floats:
    """Price after a fill that takes the same fraction of the price for each unit: p_s (1 − α u), stopped at zero.

    The rule that a simulator writes down first. For a small fill it is `Exponential`; it does not compose.

    Parameters
    ----------
    shocked_price : array_like   numeraire per unit, ≥ 0
    sold : array_like            units in this fill
    rate : array_like            α, fraction of the price for each unit, in [0, 1)

    Returns
    -------
    ndarray                      numeraire per unit

    Raises
    ------
    ValueError                   a value is not finite, the price is negative, or the rate is outside [0, 1)

    Notes
    -----
    Chapter 5, equation (5.6) and Break it.

    Examples
    --------
    >>> print(f"{proportional(95.0, 8.0, 0.025):.2f} {proportional(proportional(95.0, 4.0, 0.025), 4.0, 0.025):.2f}")
    76.00 76.95
    """
    share = 1 - fraction("rate", rate) * finite("sold", sold)
    return np.asarray(non_negative("shocked_price", shocked_price) * np.maximum(share, 0.0))
