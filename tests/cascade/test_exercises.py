import pytest

from cascadelab.cascade import exercises, rounds, run, worst_first
from cascadelab.impact import proportional
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
    assert exercises.ends() == pytest.approx([58 - 0.4 * 12, 58 - 0.4 * 22])
    assert exercises.ends_of_first_round()[0] == pytest.approx(58 - 0.4 * 3)
    assert exercises.ends_of_two_rounds() == pytest.approx([58 - 0.4 * 8, 58 - 0.4 * 22])
    assert exercises.jump_in_units() == 9.0
    assert exercises.cascade_counted_twice([97.0, 94.0, 93.0], [2.0, 4.0, 6.0], 94.0, 0.5) == 94 - 1 - 3 - 6
    assert exercises.ends_with_nobody_given_back()[1] == pytest.approx(58 - 0.4 * 28)
    assert exercises.ends_counted_twice()[0] == pytest.approx(58 - 0.4 * (3 + 8 + 12 + 22 + 28))
    assert exercises.jump() == pytest.approx(0.4 * 9)
    assert exercises.jump_trigger() == pytest.approx(57 + 0.4 * 3)


@pytest.mark.parametrize(("price", "units", "share"), [(95.0, 4.0, 0.025), (31.0, 1.0, 0.4), (60.0, 7.0, 0.05)])
def test_range_of_the_derivation_is_where_the_order_decides(price, units, share):
    """A third account just inside either end is lost in rounds only; just outside, in both schedules or in neither."""
    at = {exercises.p: price, exercises.q: units, exercises.rate: share}
    low = float(exercises.price_after_one_fill().subs(at))
    high = low + float(exercises.range_of_thresholds().subs(at))
    for threshold, differ in ((low - 1e-9, False), (low + 1e-9, True), (high - 1e-9, True), (high + 1e-9, False)):
        lost = [
            run([2 * price, 2 * price, threshold], [units] * 3, price, lambda p, u: float(proportional(p, u, share)),
                schedule, cumulative=False).lost
            for schedule in (rounds, worst_first())
        ]  # fmt: skip
        assert (lost[0] != lost[1]) == differ


def test_samples_of_the_simulation_hold_a_tie_a_floor_and_an_unsorted_book():
    unsorted, tie, floor = exercises.EXERCISES["5"].samples
    assert list(unsorted[0]) != sorted(unsorted[0], reverse=True)
    assert exercises.cascade(*tie) in tie[0]
    assert exercises.cascade(*floor) == 0.0 > exercises.cascade_below_zero(*floor)
