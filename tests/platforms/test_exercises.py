import numpy as np
import pytest

from cascadelab.kit.check import check
from cascadelab.platforms import exercises, sale_response


@pytest.mark.parametrize("number", exercises.EXERCISES)
def test_right_answer_is_right_and_every_misconception_gets_its_hint(number):
    exercise = exercises.EXERCISES[number]
    assert check(f"platforms.{number}", exercise.answer()).right
    for slip in exercise.misconceptions:
        verdict = check(f"platforms.{number}", slip.answer())
        assert not verdict.right
        assert slip.hint in verdict.message


def test_exercises_by_hand():
    assert exercises.EXERCISES["2"].answer() == pytest.approx(0.6 * 3.5 / 2.9)
    assert exercises.EXERCISES["3"].answer() == pytest.approx(2.0 / (1.5 * 4.0 + 2.0 * 5.5))


@pytest.mark.parametrize("sample", exercises.SAMPLES)
def test_rounds_of_exercise_5_end_at_the_law(sample):
    depth, density, conductance, sold = sample
    law = sale_response(depth, density, conductance) @ np.array(sold)
    assert exercises.final_fall(*sample) == pytest.approx(law[1], rel=1e-12)
