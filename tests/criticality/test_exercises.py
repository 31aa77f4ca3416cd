import numpy as np
import pytest
import sympy as sp

from cascadelab.cascade import Ladder
from cascadelab.criticality import avalanche_sizes, exercises, uniform_deficit
from cascadelab.impact import Linear
from cascadelab.kit.check import check


@pytest.mark.parametrize("number", exercises.EXERCISES)
def test_right_answer_is_right_and_every_misconception_gets_its_hint(number):
    exercise = exercises.EXERCISES[number]
    assert check(f"criticality.{number}", exercise.answer()).right
    for slip in exercise.misconceptions:
        verdict = check(f"criticality.{number}", slip.answer())
        assert not verdict.right
        assert slip.hint in verdict.message


def test_exercises_by_hand():
    assert exercises.EXERCISES["2"].answer() == pytest.approx(80 + 2 * np.log(4) + 12.5 * 0.2)
    assert exercises.EXERCISES["4"].answer() == pytest.approx(1 - 2 / 4)
    assert exercises.crash_of_the_wrong_sign() == pytest.approx(80 - 2 * np.log(4) + 12.5 * 0.2)


def test_the_margin_of_exercise_3_just_avoids_bad_debt():
    margin = exercises.EXERCISES["3"].answer()
    rate = float(margin.subs({exercises.edge: 100, exercises.p_s: 97, exercises.kappa: sp.Rational(3, 5)}))
    assert uniform_deficit(97.0, 0.012, 50.0, 100.0, rate + 1e-6) == 0
    assert uniform_deficit(97.0, 0.012, 50.0, 100.0, rate - 1e-3) > 0


@pytest.mark.parametrize(("gaps", "kappa"), exercises.BOOKS)
def test_sizes_of_exercise_5_are_those_of_a_ladder(gaps, kappa):
    thresholds = np.append(101.0, 100.0 - np.cumsum(gaps))
    ladder = Ladder(thresholds, np.ones(thresholds.size))
    assert exercises.avalanche_size(gaps, kappa) == ladder.run(100.0, Linear(kappa)).count
    assert avalanche_sizes([gaps], kappa) == [exercises.avalanche_size(gaps, kappa)]
