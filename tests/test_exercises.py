"""Every exercise of the book: the right answer is right, and each known slip is told from it and gets its hint."""

import importlib

import pytest

from cascadelab.kit.check import check
from cascadelab.kit.notation import CHAPTERS, written

EXERCISES = {
    f"{chapter}.{number}": exercise
    for chapter in CHAPTERS
    if written(chapter)
    for number, exercise in importlib.import_module(f"cascadelab.{chapter}.exercises").EXERCISES.items()
}


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", EXERCISES)
def test_right_answer_is_right_and_every_slip_gets_its_hint(name):
    exercise = EXERCISES[name]
    assert check(name, exercise.answer()).right
    for slip in exercise.misconceptions:
        verdict = check(name, slip.answer())
        assert not verdict.right
        assert slip.hint in verdict.message


@pytest.mark.parametrize("name", [n for n, exercise in EXERCISES.items() if exercise.kind == "number"])
def test_slips_lie_outside_the_tolerance(name):
    exercise = EXERCISES[name]
    assert exercise.tolerance > 0
    for slip in exercise.misconceptions:
        assert abs(float(exercise.answer()) - float(slip.answer())) > 3 * exercise.tolerance, slip.hint


@pytest.mark.parametrize("name", EXERCISES)
def test_no_hint_gives_a_number_away(name):
    """A number in a hint may be part of the question, never the answer."""
    exercise = EXERCISES[name]
    if exercise.kind == "number":
        right = float(exercise.answer())
        for slip in exercise.misconceptions:
            assert f"{right:.4g}" not in slip.hint
            assert f"{right:.2f}" not in slip.hint
