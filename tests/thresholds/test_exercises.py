import itertools
import json
import re
from pathlib import Path

import pytest

from cascadelab.kit.check import check
from cascadelab.thresholds import Tiers, exercises

EXERCISES = exercises.EXERCISES
ROOT = Path(__file__).parents[2]


@pytest.mark.unmeasured
@pytest.mark.parametrize("number", EXERCISES)
def test_right_answer_is_right_and_every_misconception_gets_its_hint(number):
    exercise = EXERCISES[number]
    assert check(f"thresholds.{number}", exercise.answer()).right
    for slip in exercise.misconceptions:
        verdict = check(f"thresholds.{number}", slip.answer())
        assert not verdict.right
        assert slip.hint in verdict.message


def test_exercise_two_by_hand():
    # line 2, 0.5 % less 50, binds: the notional at its price is about 235,291, below the floor of line 3
    assert EXERCISES["2"].answer() == pytest.approx((260_000 - 26_000 - 50) / (5 * (1 - 0.005 - 0.0007)))
    assert 50_000 < 5 * EXERCISES["2"].answer() < 250_000


def test_slips_of_exercise_two_are_told_apart():
    answers = [EXERCISES["2"].answer(), *(slip.answer() for slip in EXERCISES["2"].misconceptions)]
    apart = min(abs(a - b) for a, b in itertools.combinations(answers, 2))
    assert apart > 2 * EXERCISES["2"].tolerance


def test_every_wrong_use_of_one_line_is_named_and_none_is_called_rounding():
    rates, deductions, size, funds = exercises.TIERS.rates, exercises.TIERS.deductions, 5.0, 234_000.0
    for row, sign, fee in itertools.product(range(3), (1, 0, -1), (0.0007, 0.0, -0.0007)):
        price = (funds - sign * deductions[row]) / (size * (1 - rates[row] - fee))
        verdict = check("thresholds.2", price)
        assert verdict.right is ((row, fee) == (1, 0.0007) and sign == 1)
        assert "very near" not in verdict.message
        assert ("first line" in verdict.message) is (row == 0)


def test_exercise_three_by_hand():
    # 30 units at weight 1/1.25 against a debt of 8 at 100
    assert exercises.loan() == pytest.approx((800 / 24, 1_200 / 8, 0.2))


def test_exercise_five_is_where_its_surplus_is_zero():
    for quantity, entry, margin, floors, rates, fee in EXERCISES["5"].samples:
        price = exercises.mixed(quantity, entry, margin, floors, rates, fee)
        need = Tiers.from_floors(floors, rates).requirement(abs(quantity) * entry)
        assert margin + quantity * (price - entry) - need - fee * abs(quantity) * price == pytest.approx(0, abs=1e-9)
        assert entry / 1e3 < price < 10 * entry


def test_quoted_places_exist():
    cells = json.loads((ROOT / "chapters" / "02_thresholds.ipynb").read_text())["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells)
    quoted = [source for path in (ROOT / "cascadelab" / "thresholds").glob("*.py")
              for source in re.findall(r'Chapter 2, "([^"]+)"', path.read_text())]  # fmt: skip
    assert quoted
    assert all(f"### {name}\n" in text for name in quoted)
    numbers = [n for exercise in EXERCISES.values() for n in re.findall(r"\((2\.\d+)\)", exercise.see)]
    assert all(f'"{number}"' in text for number in numbers)


def test_exercise_four_is_the_size_at_which_the_next_line_takes_over():
    tiers, leverage = Tiers.from_floors([0, 50_000], [0.004, 0.005]), 10.0
    values = dict(zip(EXERCISES["4"].samples[0], (leverage, 50_000, 0.005, 50), strict=True))
    opened = float(EXERCISES["4"].answer().subs(values))
    for size, tier in ((opened * 0.999, 0), (opened * 1.001, 1)):
        lower = exercises.liquidation_prices(size / 100, 100.0, size / leverage, tiers)[0]
        assert tiers.tier(size / 100 * lower) == tier
