"""Which collateral is seized first, and what that does to the health factor."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cascadelab.kit.validate import Floats, broadcast, finite, non_negative, share

RULES = ("largest first", "pro rata", "most relief first")


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
    Derived in chapter 6, equation (6.19); `theory.health_after_choice` is the symbolic twin.

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
    helps = hf > h * (1 + i)
    return bool(helps) if helps.ndim == 0 else helps


def seize(
    collateral: ArrayLike, seized: float, rule: str, *, asset_weight: ArrayLike = 0.0, bonus: ArrayLike = 0.0
) -> Floats:
    """Value that is taken of each collateral if `seized` is taken in all.

    Parameters
    ----------
    collateral : array_like      V_k, market values, numeraire, ≥ 0: a list
    seized : float               V_S, numeraire, ≥ 0; capped by what is there
    rule : str                   "largest first", "pro rata", or "most relief first": the lowest h_k (1 + i_k) first
    asset_weight : array_like    h_k, in [0, 1]; for the third rule
    bonus : array_like           i_k, fraction, ≥ 0; for the third rule

    Returns
    -------
    ndarray                      numeraire, one entry for each collateral

    Raises
    ------
    ValueError                   a value is outside its range or not finite, the collaterals are no list, or the rule is
                                 not known

    Notes
    -----
    Chapter 6, "Which asset first?". Ties go to the collateral that is named first.

    Examples
    --------
    >>> print(seize([60.0, 100.0, 40.0], 120.0, "largest first"), seize([60.0, 100.0, 40.0], 120.0, "pro rata"))
    [ 20. 100.   0.] [36. 60. 24.]
    """
    value, amount = non_negative("collateral", collateral), non_negative("seized", seized)
    if value.ndim != 1 or amount.ndim:
        raise ValueError(
            f"collateral must be a list and seized one number, got shapes {value.shape} and {amount.shape}"
        )
    if rule not in RULES:
        raise ValueError(f"rule must be one of {', '.join(RULES)}, got {rule!r}")
    _, h, i = broadcast(
        collateral=value, asset_weight=share("asset_weight", asset_weight), bonus=non_negative("bonus", bonus)
    )
    total = value.sum()
    if rule == "pro rata":
        return np.asarray(value * (min(float(amount), total) / total if total > 0 else 0.0))
    order = np.argsort(-value if rule == "largest first" else h * (1 + i), kind="stable")
    before = np.concatenate([[0.0], np.cumsum(value[order])[:-1]])
    taken = np.empty_like(value)
    taken[order] = np.clip(amount - before, 0.0, value[order])
    return taken
