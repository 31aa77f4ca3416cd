import itertools

import pytest

from cascadelab.kit.check import check
from cascadelab.start_here import exercises, story


@pytest.mark.parametrize("number", exercises.EXERCISES)
def test_right_answer_is_right_and_every_misconception_gets_its_hint(number):
    exercise = exercises.EXERCISES[number]
    assert check(f"start_here.{number}", exercise.answer()).right
    for slip in exercise.misconceptions:
        assert abs(slip.answer() - exercise.answer()) > 10 * exercise.tolerance
        verdict = check(f"start_here.{number}", slip.answer())
        assert not verdict.right
        assert slip.hint in verdict.message


def test_exercise_one_by_hand():
    assert exercises.EXERCISES["1"].answer() == pytest.approx(80)
    assert exercises.bankruptcy_price_of_x() == pytest.approx(62)
    assert exercises.liquidation_price_without_b() == pytest.approx(180)
    assert exercises.liquidation_price_weight_on_a_only() == pytest.approx(620 / 9)
    assert exercises.liquidation_price_weight_on_b_only() == pytest.approx(72)
    assert exercises.fall_to_liquidation() == pytest.approx(0.2)
    assert exercises.fall_to_liquidation_in_percent() == pytest.approx(20)
    assert exercises.share_left_at_liquidation() == pytest.approx(0.8)


def test_exercise_two_by_hand():
    assert exercises.EXERCISES["2"].answer() == pytest.approx(1620 - 10 * 55 - 20 * 46)
    assert exercises.loss_at_prices_before_the_sale() == pytest.approx(20)
    assert exercises.loss_as_surplus() == pytest.approx(180)
    assert exercises.loss_with_b_untouched() == pytest.approx(70)
    assert exercises.loss_with_a_untouched() == pytest.approx(100)
    assert exercises.loss_at_average_prices() == pytest.approx(85)
    assert exercises.proceeds_of_x() == pytest.approx(1470)


@pytest.mark.parametrize("number", exercises.EXERCISES)
def test_misconceptions_can_be_told_apart_and_are_values_that_a_reader_can_reach(number):
    slips = [slip.answer() for slip in exercises.EXERCISES[number].misconceptions]
    assert min(slips) > 0
    assert min(b - a for a, b in itertools.pairwise(sorted(slips))) > 2 * exercises.EXERCISES[number].tolerance


def test_exercise_three_by_hand():
    assert exercises.EXERCISES["3"].answer() == pytest.approx((50 - 335 / 9) / 50)
    assert exercises.impact_sales_of_x_only() == pytest.approx((50 - 335 / 9) / 20)
    assert exercises.impact_sales_of_y_only() == pytest.approx((50 - 335 / 9) / 30)
    assert exercises.impact_without_maintenance() == pytest.approx(0.4)
    assert exercises.impact_before_sale_of_a() == pytest.approx((50 - 312.5 / 9) / 50)
    assert exercises.price_of_b_that_takes_z() == pytest.approx(335 / 9)
    assert exercises.fall_of_b_that_takes_z() == pytest.approx(50 - 335 / 9)
    assert exercises.impact_from_46() == pytest.approx((46 - 335 / 9) / 30)
    assert exercises.impact_at_the_next_step() == pytest.approx(0.26)


def test_exercise_three_is_where_the_story_takes_z():
    impact = exercises.EXERCISES["3"].answer()
    assert "Z" not in story(0.25, impact_b=impact - 1e-9).liquidated
    assert "Z" in story(0.25, impact_b=impact + 1e-9).liquidated
