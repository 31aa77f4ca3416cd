import pytest

from cascadelab.impact import exercises
from cascadelab.kit.check import check


@pytest.mark.parametrize("number", exercises.EXERCISES)
def test_right_answer_is_right_and_every_misconception_gets_its_hint(number):
    exercise = exercises.EXERCISES[number]
    assert check(f"impact.{number}", exercise.answer()).right
    for slip in exercise.misconceptions:
        verdict = check(f"impact.{number}", slip.answer())
        assert not verdict.right
        assert slip.hint in verdict.message


def test_exercises_by_hand():
    assert exercises.EXERCISES["2"].answer() == pytest.approx(50 * 200 - 50 * 200 * 200 / 250)
    assert exercises.EXERCISES["3"].answer() == pytest.approx(12 / 4 * 5)
    assert exercises.order_started_again() == pytest.approx(21)
    assert exercises.pool_mean_of_both_ends() == pytest.approx(2050)


def test_the_smaller_quantity_is_below_one_over_the_rate():
    for arguments in exercises.EXERCISES["5"].samples:
        price, rate, cash = arguments
        assert exercises.needed(*arguments) < 1 / rate < exercises.needed_too_much(*arguments)
        for find in (exercises.needed, exercises.needed_too_much):
            sold = find(*arguments)
            assert sold * exercises.Exponential(rate).price(price, sold) == pytest.approx(cash, rel=1e-9)
