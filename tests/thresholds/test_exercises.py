import itertools

import pytest

from cascadelab.kit.check import check
from cascadelab.thresholds import Tiers, collateral_liquidation_price, exercises, weight_of_ratio

EXERCISES = exercises.EXERCISES


@pytest.mark.parametrize("number", EXERCISES)
def test_right_answer_is_right_and_every_misconception_gets_its_hint(number):
    exercise = EXERCISES[number]
    assert check(f"thresholds.{number}", exercise.answer()).right
    for slip in exercise.misconceptions:
        verdict = check(f"thresholds.{number}", slip.answer())
        assert not verdict.right
        assert slip.hint in verdict.message


def test_exercise_two_by_hand():
    # line 2, 0.5 % less 50, binds: the notional at its price is about 235,244, below the floor of line 3
    assert EXERCISES["2"].answer() == pytest.approx((260_000 - 26_000 - 50) / (5 * (1 - 0.005 - 0.0005)))
    assert 50_000 < 5 * EXERCISES["2"].answer() < 250_000


def test_slips_of_exercise_two_are_told_apart():
    answers = [EXERCISES["2"].answer(), *(slip.answer() for slip in EXERCISES["2"].misconceptions)]
    apart = min(abs(a - b) for a, b in itertools.combinations(answers, 2))
    assert apart > 2 * EXERCISES["2"].tolerance


def test_exercise_three_gives_account_y_its_price():
    weight = weight_of_ratio(EXERCISES["3"].answer())
    assert collateral_liquidation_price(30.0, weight, 1269.0) == pytest.approx(47.0)


def test_exercise_four_is_the_size_at_which_the_next_line_takes_over():
    tiers, leverage = Tiers.from_floors([0, 50_000], [0.004, 0.005]), 10.0
    values = dict(zip(EXERCISES["4"].samples[0], (leverage, 50_000, 0.005, 50), strict=True))
    opened = float(EXERCISES["4"].answer().subs(values))
    for size, tier in ((opened * 0.999, 0), (opened * 1.001, 1)):
        lower = exercises.liquidation_prices(size / 100, 100.0, size / leverage, tiers)[0]
        assert tiers.tier(size / 100 * lower) == tier
