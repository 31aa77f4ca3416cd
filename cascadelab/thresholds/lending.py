"""Loans against collateral: health factor, and the prices at which a loan is liquidatable."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, broadcast, non_negative, positive, scalar_or_array, share


def lending_surplus(collateral: ArrayLike, asset_weight: ArrayLike, debt_value: ArrayLike) -> float:
    """Weighted collateral minus debt, S = Σ h_k V_k − Σ V_D: how far the debt may grow before it is liquidatable.

    The weight is the liquidation weight. Many protocols stop new borrowing earlier, at a lower one.

    Parameters
    ----------
    collateral : array_like      V_k, market values of the collaterals, numeraire, ≥ 0: a number or a list
    asset_weight : array_like    h_k, in [0, 1]: one number for all, or a list with one for each collateral
    debt_value : array_like      V_D, market values of the debts, numeraire, ≥ 0: a number or a list

    Returns
    -------
    float                        numeraire; liquidatable where negative

    Raises
    ------
    ValueError                   a value is negative or not finite, a weight is outside [0, 1], or there is neither
                                 one weight nor one for each collateral

    Notes
    -----
    Chapter 2, equation (2.10); `theory.lending_surplus` is the symbolic twin.

    Examples
    --------
    >>> print(f"{lending_surplus([40_000], [0.6], [20_000]):.2f}")
    4000.00
    """
    weighted, owed = _sides(collateral, asset_weight, debt_value)
    return weighted - owed


def health_factor(collateral: ArrayLike, asset_weight: ArrayLike, debt_value: ArrayLike) -> float:
    """Weighted collateral over debt, HF = Σ h_k V_k / Σ V_D; liquidatable below 1.

    Parameters and errors are those of `lending_surplus`.

    Returns
    -------
    float                        inf without debt

    Notes
    -----
    Chapter 2, equation (2.11); `theory.health_factor` is the symbolic twin.

    Examples
    --------
    >>> print(f"{health_factor([40_000], [0.6], [20_000]):.2f}")
    1.20
    """
    weighted, owed = _sides(collateral, asset_weight, debt_value)
    return weighted / owed if owed > 0 else float("inf")


def collateral_ratio(collateral: ArrayLike, debt_value: ArrayLike) -> float | Floats:
    """Collateral over debt at market prices: CR = V_C / V_D, the inverse of the loan to value.

    Parameters
    ----------
    collateral : array_like      market value, numeraire, ≥ 0
    debt_value : array_like      market value, numeraire, > 0

    Returns
    -------
    ndarray or float             ratio

    Raises
    ------
    ValueError                   a value is not finite, negative, or a debt is 0

    Notes
    -----
    Chapter 2, "A loan against collateral".

    Examples
    --------
    >>> print(f"{collateral_ratio(18_000, 10_000):.2f}")
    1.80
    """
    value, owed = broadcast(
        collateral=non_negative("collateral", collateral), debt_value=positive("debt_value", debt_value)
    )
    return scalar_or_array(value / owed)


def collateral_liquidation_price(
    quantity: ArrayLike, asset_weight: ArrayLike, debt: ArrayLike, *, debt_price: ArrayLike = 1.0
) -> float | Floats:
    """Price of the one collateral at which the health factor is 1: p_liq = D p_D / (h q).

    Parameters
    ----------
    quantity : array_like        units of collateral, > 0
    asset_weight : array_like    h, in (0, 1]
    debt : array_like            units of the debt asset, > 0
    debt_price : array_like      numeraire per unit, > 0; 1 where the debt is in the numeraire

    Returns
    -------
    ndarray or float             numeraire per unit of collateral; the loan is liquidatable below it

    Raises
    ------
    ValueError                   a value is not finite or not positive, or a weight is above 1

    Notes
    -----
    Derived in chapter 2, equation (2.12); `theory.collateral_liquidation_price` is the symbolic twin.

    Examples
    --------
    >>> print(f"{collateral_liquidation_price(1.0, 0.8, 2_250.0):.2f}")
    2812.50
    """
    q, h, d, p_d = broadcast(
        quantity=positive("quantity", quantity),
        asset_weight=positive("asset_weight", share("asset_weight", asset_weight)),
        debt=positive("debt", debt),
        debt_price=positive("debt_price", debt_price),
    )
    return scalar_or_array(d * p_d / (h * q))


def debt_liquidation_price(
    quantity: ArrayLike, asset_weight: ArrayLike, price: ArrayLike, debt: ArrayLike
) -> float | Floats:
    """Price of the one debt asset at which the health factor is 1: p_D,liq = h q p / D.

    Parameters
    ----------
    quantity : array_like        units of collateral, > 0
    asset_weight : array_like    h, in (0, 1]
    price : array_like           price of the collateral, numeraire per unit, > 0
    debt : array_like            units of the debt asset, > 0

    Returns
    -------
    ndarray or float             numeraire per unit of the debt asset; the loan is liquidatable above it

    Raises
    ------
    ValueError                   a value is not finite or not positive, or a weight is above 1

    Notes
    -----
    Derived in chapter 2, equation (2.13); `theory.debt_liquidation_price` is the symbolic twin.

    Examples
    --------
    >>> print(f"{debt_liquidation_price(100.0, 0.88, 1.0, 100.0):.2f}")
    0.88
    """
    q, h, p, d = broadcast(
        quantity=positive("quantity", quantity),
        asset_weight=positive("asset_weight", share("asset_weight", asset_weight)),
        price=positive("price", price),
        debt=positive("debt", debt),
    )
    return scalar_or_array(h * q * p / d)


def liquidation_incentive(asset_weight: ArrayLike) -> float | Floats:
    """Collateral that a Morpho Blue liquidator seizes per unit repaid: min(1.15, 1 / (1 − 0.3 (1 − LLTV))).

    Parameters
    ----------
    asset_weight : array_like    the market's liquidation loan to value (LLTV), in [0, 1]

    Returns
    -------
    ndarray or float             factor, ≥ 1

    Raises
    ------
    ValueError                   a weight is outside [0, 1]

    Notes
    -----
    Another use of the weight that sets the threshold: what a liquidator gains on top.

    Examples
    --------
    >>> print(f"{liquidation_incentive(0.86):.6f}")
    1.043841
    """
    return scalar_or_array(np.minimum(1.15, 1 / (1 - 0.3 * (1 - share("asset_weight", asset_weight)))))


def _sides(collateral: ArrayLike, asset_weight: ArrayLike, debt_value: ArrayLike) -> tuple[float, float]:
    value, owed = non_negative("collateral", collateral), non_negative("debt_value", debt_value)
    weight = share("asset_weight", asset_weight)
    if max(value.ndim, owed.ndim) > 1 or weight.shape not in ((), value.shape):
        raise ValueError(
            "asset_weight must be one number or one for each entry of a list of collaterals, "
            f"got shapes {weight.shape} and {value.shape}, with debts of shape {owed.shape}"
        )
    return float(np.sum(value * weight)), float(np.sum(owed))
