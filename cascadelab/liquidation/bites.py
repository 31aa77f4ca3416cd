"""Bite after bite: what a close factor does on both sides of the frontier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import (
    Floats,
    broadcast,
    non_negative,
    positive,
    positive_share,
    read_only,
    scalar_or_array,
    share,
    single,
)


@dataclass(frozen=True, eq=False)
class Bites:
    """A loan before the first bite and after each: entry 0 of every array is the start.

    collateral, debt_value : (n + 1,)   market values, numeraire, at the prices after the bite
    repaid, seized : (n,)               value of each bite, at the prices before it
    ending : str                        "healthy", "eaten up" (no collateral left), "paid" (no debt left) or "stopped"

    >>> bites = bite_by_bite(100.0, 97.0, asset_weight=0.88, close_factor=0.5, bonus=0.045)
    >>> bites.rounds, bites.ending, f"{bites.bad_debt:.6f}"
    (7, 'eaten up', '1.306220')
    """

    collateral: Floats
    debt_value: Floats
    repaid: Floats
    seized: Floats
    ending: str

    @property
    def rounds(self) -> int:
        """Number of bites."""
        return len(self.repaid)

    @property
    def loan_to_value(self) -> Floats:
        """Debt over collateral; nan where both are gone, inf where only the collateral is."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.debt_value / self.collateral)

    @property
    def bad_debt(self) -> float:
        """Debt that the remaining collateral would not pay, at the last prices; nan if the bites were stopped."""
        if self.ending == "stopped":
            return float("nan")
        return float(max(self.debt_value[-1] - self.collateral[-1], 0.0))


def bite_by_bite(
    collateral: float, debt_value: float, *, asset_weight: float, close_factor: float, bonus: float,
    collateral_impact: float = 0.0, debt_impact: float = 0.0, rounds: int = 500,
) -> Bites:  # fmt: skip
    """Let liquidators bite a loan as long as its health factor is below 1.

    Each bite repays the close factor of the debt, or as much as the collateral pays for, and seizes 1 + i times its
    value at the prices before it. With impact, the seized collateral is then sold and the repaid debt was bought, on a
    line each: of all that there was at the start, the whole collateral would move its price by the fraction I_C down,
    the whole debt by I_D up. A price stops at zero. What is left is valued at the new prices.

    Parameters
    ----------
    collateral : float           V_C, market value at the start, numeraire, > 0
    debt_value : float           V_D, market value at the start, numeraire, > 0
    asset_weight : float         h, in [0, 1]; a bite needs h V_C < V_D
    close_factor : float         f_c, in (0, 1]
    bonus : float                i, fraction, ≥ 0
    collateral_impact : float    I_C, fraction, ≥ 0
    debt_impact : float          I_D, fraction, ≥ 0
    rounds : int                 at most so many bites, ≥ 0

    Returns
    -------
    Bites                        read-only arrays; see there

    Raises
    ------
    ValueError                   a value is no single finite number or outside its range

    Notes
    -----
    Chapter 6, equations (6.5) to (6.9).

    Examples
    --------
    >>> healed = bite_by_bite(100.0, 90.0, asset_weight=0.88, close_factor=0.5, bonus=0.045)
    >>> healed.rounds, healed.ending, f"{healed.loan_to_value[-1]:.4f}"
    (1, 'healthy', '0.8495')
    """
    c, d = (
        single("collateral", collateral, positive),
        single("debt_value", debt_value, positive),
    )
    h, i = single("asset_weight", asset_weight, share), single("bonus", bonus, non_negative)
    f = single("close_factor", close_factor, positive_share)
    sold_slope = single("collateral_impact", collateral_impact, non_negative) / c
    bought_slope = single("debt_impact", debt_impact, non_negative) / d
    if isinstance(rounds, bool) or not isinstance(rounds, int) or rounds < 0:
        raise ValueError(f"rounds must be a whole number, at least 0, got {rounds!r}")
    held, owed, price, debt_price = c, d, 1.0, 1.0  # units worth one each at the start
    states, ending = [(c, d)], "stopped"
    bites: list[tuple[float, float]] = []
    while True:
        value, debt = held * price, owed * debt_price
        if debt == 0 or h * value >= debt:
            ending = "paid" if debt == 0 else "healthy"
            break
        if value == 0:
            ending = "eaten up"
            break
        if len(bites) == rounds:
            break
        affordable = value / (1 + i)
        wanted = f * debt
        all_of_it = wanted >= affordable
        repaid, taken = (affordable, value) if all_of_it else (wanted, (1 + i) * wanted)
        held = 0.0 if all_of_it else held - taken / price
        owed = 0.0 if repaid == debt else owed - repaid / debt_price
        price, debt_price = max(1 - sold_slope * (c - held), 0.0), 1 + bought_slope * (d - owed)
        bites.append((repaid, taken))
        states.append((held * price, owed * debt_price))
    value_path, debt_path = (read_only(np.array(path)) for path in zip(*states, strict=True))
    repaid_path, seized_path = (read_only(np.array([bite[k] for bite in bites])) for k in (0, 1))
    return Bites(value_path, debt_path, repaid_path, seized_path, ending)


def residual_bad_debt(collateral: ArrayLike, debt_value: ArrayLike, bonus: ArrayLike) -> float | Floats:
    """Debt that is left when bites at a constant price have eaten all collateral: max(V_D − V_C / (1 + i), 0).

    Parameters
    ----------
    collateral : array_like      V_C, market value, numeraire, ≥ 0
    debt_value : array_like      V_D, market value, numeraire, ≥ 0
    bonus : array_like           i, fraction, ≥ 0; with 0, the bad debt of a liquidation that is halted at once

    Returns
    -------
    ndarray or float             numeraire; 0 below the frontier, where the bites end with a healthy loan

    Raises
    ------
    ValueError                   a value is negative or not finite, or the shapes do not broadcast

    Notes
    -----
    Derived in chapter 6, equation (6.6); `theory.residual_bad_debt` is the symbolic twin.

    Examples
    --------
    >>> print(f"{residual_bad_debt(100.0, 97.0, 0.045):.6f} {residual_bad_debt(100.0, 97.0, 0.0):.6f}")
    1.306220 0.000000
    """
    c, d, i = _loan(collateral, debt_value, bonus)
    return scalar_or_array(np.maximum(d - c / (1 + i), 0.0))


def rounds_to_exhaustion(
    collateral: ArrayLike, debt_value: ArrayLike, bonus: ArrayLike, close_factor: ArrayLike
) -> float | Floats:
    """Number of bites at a constant price that eat up the collateral of a loan beyond the frontier.

        n = ⌈ ln(1 − V_C / ((1 + i) V_D)) / ln(1 − f_c) ⌉

    Parameters
    ----------
    collateral : array_like      V_C, market value, numeraire, > 0
    debt_value : array_like      V_D, market value, numeraire, > 0
    bonus : array_like           i, fraction, ≥ 0
    close_factor : array_like    f_c, in (0, 1]; with 1 there is one bite

    Returns
    -------
    ndarray or float             whole number; nan at and below the frontier, where the collateral outlasts any number

    Raises
    ------
    ValueError                   a value is not finite, not positive, a close factor is above 1, or the shapes differ

    Notes
    -----
    Derived in chapter 6, equation (6.7); `theory.rounds_to_exhaustion` is the symbolic twin.

    Examples
    --------
    >>> print(f"{rounds_to_exhaustion(100.0, 97.0, 0.045, 0.5):.0f}")
    7
    """
    c, d, i = _loan(positive("collateral", collateral), positive("debt_value", debt_value), bonus)
    c, d, i, f = broadcast(
        collateral=c, debt_value=d, bonus=i, close_factor=positive_share("close_factor", close_factor)
    )
    left = 1 - c / ((1 + i) * d)
    return scalar_or_array(_number_of_bites(np.where(left > 0, left, np.nan), f))


def rounds_to_health(
    collateral: ArrayLike, debt_value: ArrayLike, asset_weight: ArrayLike, bonus: ArrayLike, close_factor: ArrayLike
) -> float | Floats:
    """Number of bites at a constant price after which a loan below the frontier is healthy.

        n = ⌈ ln( h (V_C − (1 + i) V_D) / (V_D (1 − h (1 + i))) ) / ln(1 − f_c) ⌉

    Parameters and errors are those of `rounds_to_exhaustion`, with an asset weight h in [0, 1].

    Returns
    -------
    ndarray or float             whole number; 0 for a healthy loan, nan at and beyond the frontier

    Notes
    -----
    Derived in chapter 6, equation (6.8); `theory.rounds_to_health` is the symbolic twin.

    Examples
    --------
    >>> print(f"{rounds_to_health(100.0, 94.0, 0.88, 0.045, 0.2):.0f}")
    8
    """
    c, d, i = _loan(positive("collateral", collateral), positive("debt_value", debt_value), bonus)
    c, d, i, h, f = broadcast(
        collateral=c,
        debt_value=d,
        bonus=i,
        asset_weight=share("asset_weight", asset_weight),
        close_factor=positive_share("close_factor", close_factor),
    )
    healing = (h * c < d) & (c > (1 + i) * d) & (h > 0)
    relief = np.where(healing, d * (1 - h * (1 + i)), 1.0)
    left = np.where(healing, h * (c - (1 + i) * d) / relief, np.nan)
    return scalar_or_array(np.where(h * c >= d, 0.0, _number_of_bites(left, f)))


def _number_of_bites(left: Floats, close_factor: Floats) -> Floats:
    """Smallest n with (1 − f_c)^n ≤ left; a quotient of logarithms within rounding of a whole number is that number."""
    one = close_factor == 1
    quotient = np.log(left) / np.log1p(-np.where(one, 0.5, close_factor))
    return np.where(one & ~np.isnan(left), 1.0, np.ceil(quotient - 1e-12 * np.abs(quotient)))


def _loan(collateral: ArrayLike, debt_value: ArrayLike, bonus: ArrayLike) -> tuple[Floats, ...]:
    return broadcast(
        collateral=non_negative("collateral", collateral),
        debt_value=non_negative("debt_value", debt_value),
        bonus=non_negative("bonus", bonus),
    )
