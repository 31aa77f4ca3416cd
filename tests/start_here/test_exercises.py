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


def test_exercise_two_by_hand():
    assert exercises.EXERCISES["2"].answer() == pytest.approx(1620 - 10 * 65 - 20 * 46)
    assert exercises.loss_at_prices_before_the_sale() == pytest.approx(-80)
    assert exercises.loss_as_surplus() == pytest.approx(90)
    assert exercises.loss_with_b_untouched() == pytest.approx(-30)


def test_exercise_three_by_hand():
    assert exercises.EXERCISES["3"].answer() == pytest.approx((50 - 335 / 9) / 50)
    assert exercises.impact_sales_of_x_only() == pytest.approx((50 - 335 / 9) / 20)
    assert exercises.impact_sales_of_y_only() == pytest.approx((50 - 335 / 9) / 30)
    assert exercises.impact_without_maintenance() == pytest.approx(0.4)
    assert exercises.impact_before_sale_of_a() == pytest.approx((50 - 312.5 / 9) / 50)


def test_exercise_three_is_where_the_story_takes_z():
    impact = exercises.EXERCISES["3"].answer()
    assert "Z" not in story(0.25, impact_b=impact - 1e-9).liquidated
    assert "Z" in story(0.25, impact_b=impact + 1e-9).liquidated
