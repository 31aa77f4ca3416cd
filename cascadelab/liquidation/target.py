"""How much to repay until a loan is healthy again, at a constant price."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, broadcast, non_negative, positive, scalar_or_array, share
from cascadelab.thresholds.rounding import below


def repay_to_target(
    collateral: ArrayLike, debt_value: ArrayLike, asset_weight: ArrayLike, bonus: ArrayLike, *,
    target_health: ArrayLike = 1.0,
) -> float | Floats:  # fmt: skip
    """Smallest repayment after which the health factor of a loan is `target_health`, at a constant price.

        V_R = (H V_D − h V_C) / (H − h (1 + i)),   0 where HF ≥ H already,   nan where V_C < (1 + i) V_D

    Parameters
    ----------
    collateral : array_like      V_C, market value, numeraire, ≥ 0
    debt_value : array_like      V_D, market value, numeraire, ≥ 0
    asset_weight : array_like    h, in [0, 1]
    bonus : array_like           i, fraction, ≥ 0; the liquidator seizes (1 + i) V_R
    target_health : array_like   H, > 0

    Returns
    -------
    ndarray or float             numeraire. nan beyond the frontier: no repayment reaches the target there, the
                                 collateral is gone before

    Raises
    ------
    ValueError                   a value is negative or not finite, a weight is above 1, or the shapes do not broadcast

    Notes
    -----
    Derived in chapter 6, equation (6.4); `theory.repay_to_target` is the symbolic twin. For a loan that is below its
    target, and h > 0, V_C ≥ (1 + i) V_D exactly if the formula is positive and at most the debt; what it seizes is then
    at most the collateral, and h (1 + i) < H. Exactly at the frontier the whole debt is repaid, for all collateral.

    With several collaterals, of which one is seized, the others carry a part of the debt: with Σ h_k V_k / H of them
    taken off V_D, the formula and its nan are exact. Where a fund takes the part f_F of what is repaid, as on Drift,
    the bracket is H (1 − f_F) − h (1 + i): that of `quantity_to_cover` with m = H − h (1 + i) and the fee H f_F.

    Examples
    --------
    >>> print(f"{repay_to_target(100.0, 90.0, 0.85, 0.05):.4f} {repay_to_target(100.0, 96.0, 0.85, 0.05):.4f}")
    46.5116 nan
    """
    c, d, h, i, target = broadcast(
        collateral=non_negative("collateral", collateral),
        debt_value=non_negative("debt_value", debt_value),
        asset_weight=share("asset_weight", asset_weight),
        bonus=non_negative("bonus", bonus),
        target_health=positive("target_health", target_health),
    )
    missing = below(h * c, target * d)
    reachable = ~below(c, (1 + i) * d)
    relief = np.where(reachable & missing, target - h * (1 + i), 1.0)
    needed = np.minimum((target * d - h * c) / relief, d)
    return scalar_or_array(np.where(missing, np.where(reachable, needed, np.nan), 0.0))
