"""Self-checks of chapter 6: right answers, and the known ways of getting them wrong."""

import numpy as np
import sympy as sp

from cascadelab.kit.check import Exercise, Misconception
from cascadelab.liquidation import theory
from cascadelab.liquidation.auction import taken_after, taken_at
from cascadelab.liquidation.bites import bite_by_bite
from cascadelab.liquidation.target import repay_to_target

BUFFER, DECAY, MARKET_DECAY = 1.25, 2e-4, 5e-5  # of an auction and its market, rates per second
LOAN = (12_000.0, 10_000.0, 0.8, 0.05)  # collateral, debt, weight, bonus
TARGET = 1.05
h, i = theory.h, theory.i


def paid_alone() -> float:
    """The market taken as if it stood still."""
    return taken_at(BUFFER, DECAY, 0.0)


def paid_of_the_top() -> float:
    """The price over the top price instead of over the market price at the start."""
    return taken_at(BUFFER, DECAY, MARKET_DECAY) / BUFFER


def paid_approaching() -> float:
    """The two rates added, as if auction and market moved towards each other."""
    return float(np.exp(-MARKET_DECAY * np.log(BUFFER) / (DECAY + MARKET_DECAY)))


def paid_too_early() -> float:
    """The time at which the auction reaches the market price of the start, and the market price then."""
    return float(np.exp(-MARKET_DECAY * taken_after(BUFFER, DECAY, 0.0)))


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


def debt_left(collateral: float, debt_value: float, asset_weight: float, bonus: float, close_factor: float) -> float:
    """Debt when the loan is healthy or eaten up."""
    settings = {"asset_weight": asset_weight, "close_factor": close_factor, "bonus": bonus}
    return float(bite_by_bite(collateral, debt_value, **settings).debt_value[-1])


def left_without_cap(
    collateral: float, debt_value: float, asset_weight: float, bonus: float, close_factor: float
) -> float:
    """The last bite repays its full size, although the collateral does not pay for it."""
    while collateral > 1e-9 and asset_weight * collateral < debt_value:
        bite = close_factor * debt_value
        collateral, debt_value = collateral - (1 + bonus) * bite, debt_value - bite
    return debt_value


def left_by_equal_bites(
    collateral: float, debt_value: float, asset_weight: float, bonus: float, close_factor: float
) -> float:
    """Every bite as large as the first."""
    repaid = close_factor * debt_value
    while collateral > 1e-9 and asset_weight * collateral < debt_value:
        bite = min(repaid, collateral / (1 + bonus))
        collateral, debt_value = collateral - (1 + bonus) * bite, debt_value - bite
    return debt_value


def left_by_a_bite_too_many(
    collateral: float, debt_value: float, asset_weight: float, bonus: float, close_factor: float
) -> float:
    """Looks at the health after the bite only."""
    bite = min(close_factor * debt_value, collateral / (1 + bonus))
    return debt_left(collateral - (1 + bonus) * bite, debt_value - bite, asset_weight, bonus, close_factor)


def left_at_equality(
    collateral: float, debt_value: float, asset_weight: float, bonus: float, close_factor: float
) -> float:
    """Bites a loan whose health factor is exactly 1."""
    if asset_weight * collateral == debt_value:
        return left_by_a_bite_too_many(collateral, debt_value, asset_weight, bonus, close_factor)
    return debt_left(collateral, debt_value, asset_weight, bonus, close_factor)


def left_without_bonus(
    collateral: float, debt_value: float, asset_weight: float, bonus: float, close_factor: float
) -> float:
    """Takes no more collateral than it repays."""
    return debt_left(collateral, debt_value, asset_weight, 0.0, close_factor)


def left_as_bad_debt(
    collateral: float, debt_value: float, asset_weight: float, bonus: float, close_factor: float
) -> float:
    """Bad debt instead of debt: nothing for a loan that is healthy in the end."""
    settings = {"asset_weight": asset_weight, "close_factor": close_factor, "bonus": bonus}
    return bite_by_bite(collateral, debt_value, **settings).bad_debt


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
        answer=lambda: taken_at(BUFFER, DECAY, MARKET_DECAY),
        tolerance=0.002,
        see="equations (6.17) and (6.18)",
        misconceptions=(
            Misconception(paid_alone, "That is the price in a market that stands still."),
            Misconception(
                paid_of_the_top, "That is relative to the top price; asked is the market price at the start."
            ),
            Misconception(paid_approaching, "Both prices fall: what closes the gap is the difference of the rates."),
            Misconception(paid_too_early, "When the auction is down to the first market price, the market is lower."),
            Misconception(lambda: taken_after(BUFFER, DECAY, MARKET_DECAY), "That is the time, in seconds."),
            Misconception(lambda: round(taken_after(BUFFER, DECAY, MARKET_DECAY), 1), "That is the time, in seconds."),
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
        answer=lambda: debt_left,
        tolerance=1e-6,
        samples=[
            (100.0, 98.0, 0.85, 0.05, 0.3),
            (200.0, 180.0, 0.85, 0.08, 0.1),
            (50.0, 52.0, 0.9, 0.1, 0.25),
            (100.0, 70.0, 0.8, 0.05, 0.5),
            (100.0, 75.0, 0.75, 0.05, 0.5),
        ],
        see="the section on bite after bite: what a bite takes, what caps it, and which one is the last",
        misconceptions=(
            Misconception(
                lambda: left_without_cap, "What does the last bite repay, if there is too little collateral?"
            ),
            Misconception(lambda: left_by_equal_bites, "The close factor is a part of what is owed now."),
            Misconception(
                lambda: left_by_a_bite_too_many, "Nobody may bite a loan that is healthy: look before biting."
            ),
            Misconception(lambda: left_at_equality, "At a health factor of exactly 1 a loan is not liquidatable."),
            Misconception(lambda: left_as_bad_debt, "A loan that is healthy, before or after some bites, still owes."),
            Misconception(lambda: left_without_bonus, "A bite takes more collateral than it repays."),
        ),
    ),
}
