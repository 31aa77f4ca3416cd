"""Self-checks of chapter 6: right answers, and the known ways of getting them wrong."""

import sympy as sp

from cascadelab.kit.check import Exercise, Misconception
from cascadelab.liquidation import theory
from cascadelab.liquidation.bites import bite_by_bite, residual_bad_debt
from cascadelab.liquidation.target import repay_to_target

EATEN = (250.0, 240.0, 0.08)  # collateral, debt, bonus
LOAN = (12_000.0, 10_000.0, 0.8, 0.05)  # collateral, debt, weight, bonus
TARGET = 1.05
h, i = theory.h, theory.i


def eaten_discount() -> float:
    """The bonus taken as a discount on the collateral."""
    collateral, debt, bonus = EATEN
    return debt - collateral * (1 - bonus)


def eaten_on_top() -> float:
    """The bonus paid on the whole debt."""
    collateral, debt, bonus = EATEN
    return debt * (1 + bonus) - collateral


def eaten_repaid() -> float:
    """What was repaid instead of what is left."""
    collateral, _, bonus = EATEN
    return collateral / (1 + bonus)


def target_without_bonus() -> float:
    """Only what is repaid leaves the collateral."""
    collateral, debt, weight, _ = LOAN
    return repay_to_target(collateral, debt, weight, 0.0, target_health=TARGET)


def target_of_one() -> float:
    """Health factor 1 instead of the target."""
    return repay_to_target(*LOAN)


def target_seized() -> float:
    """What is seized instead of what is repaid."""
    return repay_to_target(*LOAN, target_health=TARGET) * (1 + LOAN[3])


def target_missing() -> float:
    """The missing weighted collateral itself."""
    collateral, debt, weight, _ = LOAN
    return TARGET * debt - weight * collateral


def target_collateral_kept() -> float:
    """The collateral taken as if it stayed."""
    collateral, debt, weight, _ = LOAN
    return debt - weight * collateral / TARGET


def bites(collateral: float, debt_value: float, asset_weight: float, close_factor: float, bonus: float) -> int:
    """Bites until the loan is healthy or eaten up."""
    settings = {"asset_weight": asset_weight, "close_factor": close_factor, "bonus": bonus}
    return bite_by_bite(collateral, debt_value, **settings).rounds


def bites_of_the_first_debt(
    collateral: float, debt_value: float, asset_weight: float, close_factor: float, bonus: float
) -> int:
    """Every bite as large as the first."""
    repaid, number = close_factor * debt_value, 0
    while collateral > 1e-9 and asset_weight * collateral < debt_value:
        bite = min(repaid, collateral / (1 + bonus))
        collateral, debt_value, number = collateral - (1 + bonus) * bite, debt_value - bite, number + 1
    return number


def bites_without_end(
    collateral: float, debt_value: float, asset_weight: float, close_factor: float, bonus: float
) -> int:
    """Goes on although the loan is healthy."""
    return bites(collateral, debt_value, 0.0, close_factor, bonus)


def bites_without_bonus(
    collateral: float, debt_value: float, asset_weight: float, close_factor: float, bonus: float
) -> int:
    """Takes no more collateral than it repays."""
    return bites(collateral, debt_value, asset_weight, close_factor, 0.0)


EXERCISES = {
    "1": Exercise(
        "choice",
        answer=lambda: "b",
        options=("a", "b", "c", "d"),
        see="equations (6.2) and (6.3)",
        misconceptions=(
            Misconception(lambda: "a", "That says when a bite is allowed, not whether it helps."),
            Misconception(lambda: "c", "Take collateral 100 and debt 97 with a bonus of 4.5 %: what does a bite do?"),
            Misconception(lambda: "d", "The close factor sets how large a bite is, not the sign of what it does."),
        ),
    ),
    "2": Exercise(
        "number",
        answer=lambda: residual_bad_debt(*EATEN),
        tolerance=0.005,
        see="equation (6.6)",
        misconceptions=(
            Misconception(lambda: residual_bad_debt(250.0, 240.0, 0.0), "That is what is lost if nobody bites at all."),
            Misconception(eaten_discount, "The bonus is on top of what is repaid: divide the collateral by 1 + i."),
            Misconception(eaten_on_top, "The bonus is paid on what is repaid only, and not all of the debt is."),
            Misconception(eaten_repaid, "That is what the collateral repays; asked is what it does not."),
        ),
    ),
    "3": Exercise(
        "number",
        answer=lambda: repay_to_target(*LOAN, target_health=TARGET),
        tolerance=0.5,
        see="equation (6.4)",
        misconceptions=(
            Misconception(target_without_bonus, "The liquidator takes more collateral than it repays."),
            Misconception(target_of_one, "That brings the health factor to 1; the target is higher."),
            Misconception(target_seized, "That is the value seized; asked is the repayment."),
            Misconception(target_missing, "That is what is missing; a repayment also costs collateral."),
            Misconception(
                target_collateral_kept, "That repays out of the borrower's pocket: the collateral shrinks too."
            ),
        ),
    ),
    "4": Exercise(
        "expression",
        answer=lambda: (1 + i * h) / (1 + i),
        samples=[{h: 0.8, i: 0.1}, {h: 0.5, i: 0.3}, {h: 0.93, i: 0.05}],
        see="the sentence below (6.2): HF against h (1 + i), with the bonus that holds at that health factor",
        misconceptions=(
            Misconception(lambda: 1 / (1 + i), "That is the frontier of a constant bonus."),
            Misconception(lambda: 1 / (1 + i * (1 - h)), "The bonus depends on the health factor, not on the weight."),
            Misconception(
                lambda: h * (1 + i) / (1 + i * h), "That is the health factor there; asked is the loan to value."
            ),
            Misconception(lambda: sp.Integer(1), "The bonus vanishes at a health factor of 1 only."),
        ),
    ),
    "5": Exercise(
        "function",
        answer=lambda: bites,
        tolerance=0.1,
        samples=[(100.0, 98.0, 0.85, 0.3, 0.05), (200.0, 180.0, 0.85, 0.1, 0.08), (50.0, 52.0, 0.9, 0.25, 0.1)],
        see="the section on bite after bite: what does a bite take, what caps it, and when is there no further one?",
        misconceptions=(
            Misconception(lambda: bites_of_the_first_debt, "The close factor is a part of what is owed now."),
            Misconception(lambda: bites_without_end, "Nobody may bite a loan that is healthy again."),
            Misconception(lambda: bites_without_bonus, "A bite takes more collateral than it repays."),
        ),
    ),
}
