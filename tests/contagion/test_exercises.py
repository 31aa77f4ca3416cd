import numpy as np
import pytest

from cascadelab.contagion import Book, Solver, exercises
from cascadelab.impact import Linear
from cascadelab.kit.check import check


@pytest.mark.parametrize("number", exercises.EXERCISES)
def test_right_answer_is_right_and_every_misconception_gets_its_hint(number):
    exercise = exercises.EXERCISES[number]
    assert check(f"contagion.{number}", exercise.answer()).right
    for slip in exercise.misconceptions:
        verdict = check(f"contagion.{number}", slip.answer())
        assert not verdict.right
        assert slip.hint in verdict.message


def test_exercises_by_hand():
    assert exercises.EXERCISES["2"].answer() == pytest.approx(0.16 / (1 - 0.256 - 0.45))
    assert exercises.EXERCISES["3"].answer() == pytest.approx(1 - (0.8 + 1.5) / 4 / 0.8)


@pytest.mark.parametrize("book", exercises.BOOKS)
def test_accounts_of_exercise_5_are_those_of_the_engine(book):
    cash, quantity, weight, price, slope = book
    end = Solver(Book(cash, quantity, weight), price).run(price, Linear(slope))
    assert exercises.accounts_lost(*book) == end.liquidated.sum()


def test_a_book_of_exercise_5_has_ties():
    cash, quantity, weight, price, _ = exercises.BOOKS[3]
    assert (np.array(cash) + weight * np.array(quantity) @ price == 0).all()
