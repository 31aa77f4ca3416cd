import pytest
from scipy import stats

from cascadelab.distance import exercises
from cascadelab.kit.check import check


@pytest.mark.parametrize("number", exercises.EXERCISES)
def test_right_answer_is_right_and_every_misconception_gets_its_hint(number):
    exercise = exercises.EXERCISES[number]
    assert check(f"distance.{number}", exercise.answer()).right
    for slip in exercise.misconceptions:
        verdict = check(f"distance.{number}", slip.answer())
        assert not verdict.right
        assert slip.hint in verdict.message


def test_exercise_two_by_hand():
    s_a, s_b = 0.9 * (7 / 365) ** 0.5, 0.7 * (7 / 365) ** 0.5
    variance = (900 * s_a) ** 2 + (800 * s_b) ** 2 + 2 * 0.8 * 900 * s_a * 800 * s_b
    assert exercises.student() == pytest.approx(stats.t.cdf(-400 / variance**0.5 * 2**0.5, 4))


def test_percent_for_fraction_is_recognised():
    assert "factor of 100" in check("distance.2", 100 * exercises.student()).message


def test_exercise_three_by_hand():
    fall = 2.71828182845904523536 ** (-2.3263478740408408 * 0.6 * (3 / 365) ** 0.5)
    assert exercises.EXERCISES["3"].answer() == pytest.approx(1 / (1 - 0.99 * fall))


@pytest.mark.parametrize("wrong", [lambda price, every: 0.0, lambda price, every: None, lambda price: 0.0])
def test_a_wrong_function_gets_a_short_answer(wrong):
    message = check("distance.5", wrong).message
    assert len(message) < 250, "240 rows of prices must not be printed"


def test_exercise_four_accepts_the_shortfall_however_it_is_written():
    ratio = (1 - exercises.theory.rho_after) / (1 - exercises.theory.rho)
    assert check("distance.4", ratio**0.5 - 1).right
    assert check("distance.4", (ratio - 1) / (ratio**0.5 + 1)).right
