import math

import pytest

from cascadelab.kit.check import check
from cascadelab.portfolio import Account, Balance, Position, exercises, margin_efficiency
from cascadelab.thresholds import Tiers


@pytest.mark.parametrize("number", exercises.EXERCISES)
def test_right_answer_is_right_and_every_misconception_gets_its_hint(number):
    exercise = exercises.EXERCISES[number]
    assert check(f"portfolio.{number}", exercise.answer()).right
    for slip in exercise.misconceptions:
        verdict = check(f"portfolio.{number}", slip.answer())
        assert not verdict.right
        assert slip.hint in verdict.message


def test_exercise_two_by_hand():
    others = -5 * (66 - 60) - 0.1 * 5 * 66 - 1.1 * 3 * 40
    assert exercises.cross_price() == pytest.approx((4 * 100 - 300 - others) / (4 * 0.95))
    assert exercises.others_without_maintenance() == pytest.approx((400 - 300 - others - 33) / 3.8)
    assert exercises.others_profit_without_sign() == pytest.approx((400 - 300 - others - 60) / 3.8)
    assert exercises.isolated_price() == pytest.approx(100 / 3.8)
    assert exercises.loan_without_weight() == pytest.approx((400 - 300 - others - 12) / 3.8)
    assert exercises.own_maintenance_frozen() == pytest.approx((400 + 20 - 300 - others) / 4)
    assert exercises.others_maintenance_frozen() == pytest.approx((400 - 300 - others - 3) / 3.8)
    assert exercises.all_maintenance_frozen() == pytest.approx(78.0)
    assert exercises.own_maintenance_missing() == pytest.approx((400 - 300 - others) / 4)
    assert exercises.own_maintenance_added() == pytest.approx((400 - 300 - others) / 4.2)
    assert exercises.loan_missing() == pytest.approx((400 - 300 - others - 132) / 3.8)
    assert exercises.others_without_profit() == pytest.approx((400 - 300 - others - 30) / 3.8)


def test_exercise_three_keeps_the_surplus_of_a_hedge():
    ratio = float(exercises.neutral_short().subs({exercises.theory.m_a: 0.05, exercises.theory.m_b: 0.1}))
    book = Account(
        0.0, positions=[Position("A", 1.0, 0.0, Tiers.flat(0.05)), Position("B", -ratio, 0.0, Tiers.flat(0.1))]
    )
    assert book.surplus({"A": 100.0, "B": 100.0}) == pytest.approx(book.surplus({"A": 40.0, "B": 40.0}))


def test_exercise_five_by_hand():
    leg_a = 10 * (100 - 70) + 0.1 * 10 * 70
    leg_b = 20 * (60 - 50) + 0.1 * 20 * 60
    cross = -10 * (90 - 100) + 20 * (60 - 50) + 0.1 * (10 * 90 + 20 * 60)
    assert (leg_a, leg_b, cross) == (370, 320, 510)
    assert exercises.efficiency() == pytest.approx(1 - cross / (leg_a + leg_b))
    assert exercises.efficiency_frozen() == pytest.approx(1 - 500 / 700)
    assert exercises.efficiency_of_losses() == pytest.approx(1 - 300 / 500)
    assert exercises.saving_over_cross() == pytest.approx(180 / 510)


@pytest.mark.parametrize("basis", ["entry", "frozen"])
def test_exercise_five_tells_maintenance_in_the_scenario_from_maintenance_today(basis):
    """The scenarios of an earlier version gave both ways the same answer, one third."""
    book = Account(
        0.0, positions=[Position(p.asset, p.quantity, p.entry_price, p.tiers, 0.0, basis, p.entry_price)
                        for p in exercises.HEDGE.positions],
    )  # fmt: skip
    assert "not at today's" in check("portfolio.5", margin_efficiency(book, exercises.NOW, exercises.SCENARIOS)).message


def test_plain_numbers_reach_the_hint_of_exercise_three():
    for one in (1, 1.0):
        assert "Equal notionals" in check("portfolio.3", one).message


def test_function_that_changes_its_prices_spoils_no_later_check():
    def greedy(account, prices):
        for asset in prices:
            prices[asset] *= 0.9
        return 0.0

    before = [dict(prices) for _, prices in exercises.LONGS]
    assert not check("portfolio.4", greedy).right
    assert [prices for _, prices in exercises.LONGS] == before
    assert check("portfolio.4", exercises.common_fall).right


def test_answer_that_does_not_exist_is_not_a_number():
    rich = Account(1e6, [Balance("A", 1.0)])
    assert math.isnan(exercises.price_of_a(rich))
    assert math.isnan(exercises.common_fall(rich, {"A": 1.0}))
