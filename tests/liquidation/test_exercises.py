import math

import pytest

from cascadelab.kit.check import check
from cascadelab.liquidation import exercises, residual_bad_debt, rounds_to_health


@pytest.mark.parametrize("number", exercises.EXERCISES)
def test_right_answer_is_right_and_every_misconception_gets_its_hint(number):
    exercise = exercises.EXERCISES[number]
    assert check(f"liquidation.{number}", exercise.answer()).right
    for slip in exercise.misconceptions:
        verdict = check(f"liquidation.{number}", slip.answer())
        assert not verdict.right
        assert slip.hint in verdict.message


def test_exercises_by_hand():
    assert exercises.EXERCISES["2"].answer() == pytest.approx(1.25 ** (-1 / 3))
    assert exercises.EXERCISES["3"].answer() == pytest.approx(900 / 0.21)
    assert exercises.target_seized() == pytest.approx(4500)


def test_frontier_of_the_growing_bonus_is_where_a_small_bite_changes_nothing():
    """Exercise 4: at LTV (1 + i h)/(1 + i), with the bonus i (1 − HF), the health factor stays."""
    weight, bonus = 0.8, 0.3
    ratio = (1 + bonus * weight) / (1 + bonus)
    health = weight / ratio
    assert health == pytest.approx(weight * (1 + bonus * (1 - health)))


def test_debts_of_exercise_5_are_those_of_the_closed_forms():
    for collateral, debt, weight, bonus, factor in exercises.EXERCISES["5"].samples:
        count = rounds_to_health(collateral, debt, weight, bonus, factor)
        left = residual_bad_debt(collateral, debt, bonus) if math.isnan(count) else debt * (1 - factor) ** count
        assert exercises.debt_left(collateral, debt, weight, bonus, factor) == pytest.approx(left, rel=1e-12)
