"""What Drift's insurance fund takes of a liquidation: what closing everything leaves, up to a cap."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import (
    Floats,
    broadcast,
    fraction,
    non_negative,
    positive,
    positive_share,
    scalar_or_array,
)


def drift_fund_fee(
    shortage: ArrayLike, notional: ArrayLike, maintenance_rate: ArrayLike, liquidation_fee: ArrayLike, *,
    fee_cap: ArrayLike,
) -> float | Floats:  # fmt: skip
    """Fund's fee on a perpetual, where what is missing is S₋ and the position has the notional N.

        f_F = min(f_max, 0.95 · max(0, m − f_liq − S₋ / N))

    At the last bracket, closing everything would cover just what is missing; the fund leaves a twentieth of it.

    Parameters
    ----------
    shortage : array_like          S₋, margin that is missing, numeraire, ≥ 0
    notional : array_like          N of the whole position, numeraire, > 0
    maintenance_rate : array_like  m, fraction
    liquidation_fee : array_like   f_liq, fraction of notional, to the liquidator
    fee_cap : array_like           f_max, fraction

    Returns
    -------
    ndarray or float             fraction of notional

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, "Exchanges side by side".

    Examples
    --------
    >>> print(drift_fund_fee([20.0, 1.0, 50.0], 1_000.0, 0.05, 0.01, fee_cap=0.05))
    [0.019   0.03705 0.     ]
    """
    missing, size, m, fee, cap = broadcast(
        shortage=non_negative("shortage", shortage),
        notional=positive("notional", notional),
        maintenance_rate=fraction("maintenance_rate", maintenance_rate),
        liquidation_fee=fraction("liquidation_fee", liquidation_fee),
        fee_cap=fraction("fee_cap", fee_cap),
    )
    return scalar_or_array(np.minimum(cap, 0.95 * np.maximum(0.0, m - fee - missing / size)))


def drift_borrow_fund_fee(
    shortage: ArrayLike, debt_value: ArrayLike, asset_weight: ArrayLike, liability_weight: ArrayLike, bonus: ArrayLike,
    *, fee_cap: ArrayLike,
) -> float | Floats:  # fmt: skip
    """Fund's fee on a borrow of value V_D, which leaves that part of what is repaid as a debt.

        f_F = min(f_max, max(0, h̄ − h (1 + i) − S₋ / V_D) / h̄)

    At the last fraction, repaying everything would cover just what is missing.
    Shapes and errors are those of `drift_fund_fee`.

    Parameters
    ----------
    shortage : array_like          S₋, margin that is missing, numeraire, ≥ 0
    debt_value : array_like        V_D of the whole borrow, numeraire, > 0
    asset_weight : array_like      h of what is seized, in (0, 1]
    liability_weight : array_like  h̄ of what is owed, > 0
    bonus : array_like             i, fraction, ≥ 0
    fee_cap : array_like           f_max, fraction

    Returns
    -------
    ndarray or float             fraction of what is repaid

    Notes
    -----
    Chapter 6, "Exchanges side by side".

    Examples
    --------
    >>> print(f"{drift_borrow_fund_fee(1.0, 100.0, 1.0, 1.1, 0.01, fee_cap=0.1):.4f}")
    0.0727
    """
    missing, owed, h, h_bar, i, cap = broadcast(
        shortage=non_negative("shortage", shortage),
        debt_value=positive("debt_value", debt_value),
        asset_weight=positive_share("asset_weight", asset_weight),
        liability_weight=positive("liability_weight", liability_weight),
        bonus=non_negative("bonus", bonus),
        fee_cap=fraction("fee_cap", fee_cap),
    )
    return scalar_or_array(np.minimum(cap, np.maximum(0.0, h_bar - h * (1 + i) - missing / owed) / h_bar))
