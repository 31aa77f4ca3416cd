"""Bite after bite: what a close factor does on both sides of the frontier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cascadelab.kit.validate import Floats, count, non_negative, positive, positive_share, read_only, share, single
from cascadelab.thresholds.rounding import ROUNDING


@dataclass(frozen=True, eq=False)
class Bites:
    """A loan before the first bite and after each: entry 0 of every array is the start.

    collateral, debt_value : (n + 1,)   market values, numeraire, at the prices after the bite
    repaid, seized : (n,)               value of each bite, at the prices before it
    ending : str                        "healthy", "eaten up" (no collateral left), "paid" (no debt left) or "stopped"
                                      (after max_rounds, or when hardly a digit is left)

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


def one_bite(collateral: float, debt_value: float, close_factor: float, bonus: float) -> tuple[float, float]:
    """What a bite repays and what it seizes: the close factor of the debt, or as much as the collateral pays for.

    Exactly at the frontier the collateral pays for the whole debt: the bite is that part of both, and the ratio stays.
    """
    wanted, affordable = close_factor * debt_value, collateral / (1 + bonus)
    if abs(affordable - debt_value) <= ROUNDING * debt_value:
        return wanted, close_factor * collateral
    return (wanted, (1 + bonus) * wanted) if wanted < affordable else (affordable, collateral)


def bite_by_bite(
    collateral: float, debt_value: float, *, asset_weight: float, close_factor: float, bonus: float,
    collateral_impact: float = 0.0, debt_impact: float = 0.0, max_rounds: int = 500,
) -> Bites:  # fmt: skip
    """Let liquidators bite a loan as long as its health factor is below 1.

    Each bite repays the close factor of the debt, or as much as the collateral pays for, and seizes 1 + i times its
    value at the prices before it. With impact, the seized collateral is then sold and the repaid debt was bought, on a
    line each: of all that there was at the start, the whole collateral would move its price by the fraction I_C down,
    the whole debt by I_D up. A price stops at zero. What is left is valued at the new prices. A liquidator
    always comes, at any loss of its own; `liquidate` asks it first.

    Parameters
    ----------
    collateral : float           V_C, market value at the start, numeraire, > 0
    debt_value : float           V_D, market value at the start, numeraire, > 0
    asset_weight : float         h, in [0, 1]; a bite needs h V_C < V_D
    close_factor : float         f_c, in (0, 1]
    bonus : float                i, fraction, ≥ 0
    collateral_impact : float    I_C, fraction, ≥ 0
    debt_impact : float          I_D, fraction, ≥ 0
    max_rounds : int             at most so many bites, ≥ 0

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
    c, d = single("collateral", collateral, positive), single("debt_value", debt_value, positive)
    h, i = single("asset_weight", asset_weight, share), single("bonus", bonus, non_negative)
    f = single("close_factor", close_factor, positive_share)
    sold_slope = single("collateral_impact", collateral_impact, non_negative) / c
    bought_slope = single("debt_impact", debt_impact, non_negative) / d
    most = count("max_rounds", max_rounds, least=0)
    held, owed, price, debt_price = c, d, 1.0, 1.0  # units worth one each at the start
    states, ending = [(c, d)], "stopped"
    bites: list[tuple[float, float]] = []
    while True:
        value, debt = held * price, owed * debt_price
        if 0 < min(value, debt) < np.finfo(float).tiny:
            break  # so little is left that its digits are gone, and with them the ratio
        if debt == 0 or h * value >= (1 - ROUNDING) * debt:
            ending = "paid" if debt == 0 else "healthy"
            break
        if value == 0:
            ending = "eaten up"
            break
        if len(bites) == most:
            break
        repaid, taken = one_bite(value, debt, f, i)
        held = 0.0 if taken == value else held - taken / price
        owed = owed - repaid / debt_price
        price, debt_price = max(1 - sold_slope * (c - held), 0.0), 1 + bought_slope * (d - owed)
        bites.append((repaid, taken))
        states.append((held * price, owed * debt_price))
    value_path, debt_path = (read_only(np.array(path)) for path in zip(*states, strict=True))
    repaid_path, seized_path = (read_only(np.array([bite[k] for bite in bites])) for k in (0, 1))
    return Bites(value_path, debt_path, repaid_path, seized_path, ending)
