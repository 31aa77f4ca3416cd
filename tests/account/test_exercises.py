import pytest
import sympy as sp

from cascadelab.account import exercises, inverse_equity


def answer(number):
    return exercises.EXERCISES[number].answer()


def test_exercise_two_by_hand():
    assert answer("2") == pytest.approx(250 * (1 + 1 / 8) / 1.01)


def test_exercise_three_is_the_published_one_and_its_slip_the_published_error():
    assert answer("3") == pytest.approx(21.33, abs=0.006)
    assert exercises.stock_frozen() == pytest.approx(24.0)


def test_exercise_four_solves_the_surplus_of_a_short():
    rise = sp.Symbol("u", positive=True)
    leverage, rate = exercises.L, exercises.m
    (root,) = sp.solve(1 / leverage - rise - rate * (1 + rise), rise)
    assert sp.simplify(root - answer("4")) == 0


@pytest.mark.parametrize("case", exercises.EXERCISES["5"].samples)
def test_exercise_five_leaves_no_surplus_in_coins(case):
    contracts, entry, coins, rate = case
    price = answer("5")(*case)
    assert inverse_equity(contracts, entry, coins, price) == pytest.approx(rate * abs(contracts) / price)
