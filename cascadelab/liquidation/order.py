"""Which asset is sold first, and what that does to the health factor."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cascadelab.kit.validate import Floats, broadcast, finite, non_negative, share
from cascadelab.thresholds.rounding import below


def choice_helps(health_factor: ArrayLike, asset_weight: ArrayLike, bonus: ArrayLike) -> bool | NDArray[np.bool_]:
    """Whether seizing a collateral raises the health factor, at constant prices: HF > h_k (1 + i_k).

    Parameters
    ----------
    health_factor : array_like   HF of the loan before the bite
    asset_weight : array_like    h_k of the collateral that is seized, in [0, 1]
    bonus : array_like           i_k of that collateral, fraction, ≥ 0

    Returns
    -------
    ndarray or bool              True: it rises; False: it falls, or stays at equality

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Derived in chapter 6, equation (6.19); `theory.choice_slope` is the symbolic twin.

    Examples
    --------
    >>> print(choice_helps(0.9, 0.9, 0.05), choice_helps(0.9, 0.5, 0.1))
    False True
    """
    hf, h, i = broadcast(
        health_factor=finite("health_factor", health_factor),
        asset_weight=share("asset_weight", asset_weight),
        bonus=non_negative("bonus", bonus),
    )
    helps = below(h * (1 + i), hf)
    return bool(helps) if helps.ndim == 0 else helps


def seize(collateral: ArrayLike, seized: ArrayLike, *, first: Sequence[int] | None = None) -> Floats:
    """Value that is taken of each asset if `seized` is taken in all.

    Parameters
    ----------
    collateral : array_like      V_k, market value of each asset, numeraire, ≥ 0: a list
    seized : array_like          V_S, numeraire, ≥ 0; capped by what is there
    first : list of int          numbers of all assets, in the order in which they are taken; None: of each
                                 in proportion

    Returns
    -------
    ndarray                      numeraire, one entry for each asset on the last axis

    Raises
    ------
    ValueError                   a value is outside its range or not finite, the collaterals are no list, or `first`
                                 does not name every asset once

    Notes
    -----
    Chapter 6, "Which asset first?".

    Examples
    --------
    >>> print(seize([60.0, 100.0, 40.0], 120.0, first=[1, 0, 2]), seize([60.0, 100.0, 40.0], 120.0))
    [ 20. 100.   0.] [36. 60. 24.]
    """
    value, amount = non_negative("collateral", collateral), non_negative("seized", seized)[..., np.newaxis]
    if value.ndim != 1:
        raise ValueError(f"collateral must be a list, got an array of shape {value.shape}")
    total = value.sum()
    if first is None:
        return np.asarray(value * (np.minimum(amount, total) / total if total > 0 else 0.0 * amount))
    order = np.asarray(first)
    if order.ndim != 1 or order.dtype.kind not in "iuf" or sorted(order.tolist()) != list(range(len(value))):
        raise ValueError(f"first must name each of {len(value)} assets once, by its number from 0, got {first!r}")
    order = order.astype(int)  # an empty list is one of floats
    before = np.concatenate([[0.0], np.cumsum(value[order])[:-1]])
    taken = np.empty((*amount.shape[:-1], len(value)))
    taken[..., order] = np.clip(amount - before, 0.0, value[order])
    return taken


def part_of(quantity: Floats, price: Floats, part: Floats, first: Sequence[int] | None) -> Floats:
    """Units of each asset, signed, that make up a part of the value of everything; what is sold out leaves nothing."""
    if first is None:
        return np.asarray(part[..., np.newaxis] * quantity)
    value = np.abs(quantity) * price
    taken = seize(value, np.where(np.isnan(part), 0.0, part) * value.sum(), first=first)
    units = quantity * np.where(value > 0, taken / np.where(value > 0, value, 1.0), 0.0)  # a quotient of 1 is exact
    return np.where(part[..., np.newaxis] < 1, units, part[..., np.newaxis] * quantity)
