import pytest

from cascadelab.cascade import exercises
from cascadelab.kit.check import check


@pytest.mark.parametrize("number", exercises.EXERCISES)
def test_right_answer_is_right_and_every_misconception_gets_its_hint(number):
    exercise = exercises.EXERCISES[number]
    assert check(f"cascade.{number}", exercise.answer()).right
    for slip in exercise.misconceptions:
        verdict = check(f"cascade.{number}", slip.answer())
        assert not verdict.right
        assert slip.hint in verdict.message


def test_exercises_by_hand():
    assert exercises.end() == pytest.approx(58 - 0.4 * 12)
    assert exercises.end_of_first_round() == pytest.approx(58 - 0.4 * 3)
    assert exercises.end_with_everybody() == pytest.approx(58 - 0.4 * 22)
    assert exercises.end_counted_twice() == pytest.approx(58 - 0.4 * (3 + 8 + 12 + 22))
    assert exercises.jump() == pytest.approx(0.4 * 9)
    assert exercises.jump_trigger() == pytest.approx(57 + 0.4 * 3)


def test_samples_of_the_simulation_hold_a_tie_a_floor_and_an_unsorted_book():
    unsorted, tie, floor = exercises.EXERCISES["5"].samples
    assert list(unsorted[0]) != sorted(unsorted[0], reverse=True)
    assert exercises.cascade(*tie) in tie[0]
    assert exercises.cascade(*floor) == 0.0 > exercises.cascade_below_zero(*floor)
