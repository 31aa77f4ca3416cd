import pytest

from cascadelab.account import exercises
from cascadelab.kit.check import check


@pytest.mark.parametrize("number", exercises.EXERCISES)
def test_right_answer_is_right_and_every_misconception_gets_its_hint(number):
    exercise = exercises.EXERCISES[number]
    assert check(f"account.{number}", exercise.answer()).right
    for slip in exercise.misconceptions:
        verdict = check(f"account.{number}", slip.answer())
        assert not verdict.right
        assert slip.hint in verdict.message


def test_exercise_two_by_hand():
    assert exercises.EXERCISES["2"].answer() == pytest.approx(250 * (1 + 1 / 8) / 1.01)


def test_exercise_three_is_the_published_one_and_its_slip_the_published_error():
    assert exercises.EXERCISES["3"].answer() == pytest.approx(21.33, abs=0.006)
    assert exercises.stock_frozen() == pytest.approx(24.0)
