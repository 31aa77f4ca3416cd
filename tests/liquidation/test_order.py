from itertools import pairwise

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given
from hypothesis import strategies as st

from cascadelab.kit.notation import symbol
from cascadelab.liquidation import choice_helps, seize, theory
from cascadelab.liquidation.order import part_of
from cascadelab.thresholds import health_factor

SLOPE = sp.lambdify([symbol("health_factor"), symbol("asset_weight", "k"), symbol("bonus", "k")], theory.choice_slope())
VALUE, WEIGHT, BONUS = np.array([100.0, 60.0]), np.array([0.85, 0.5]), np.array([0.05, 0.1])


@given(
    st.floats(60.0, 200.0), st.floats(0.1, 0.95), st.floats(0.1, 0.95), st.floats(0.0, 0.3), st.integers(0, 1),
)  # fmt: skip
def test_a_small_seizure_helps_exactly_if_the_inequality_says_so(debt, first, second, bonus, k):
    weight = np.array([first, second])
    before = health_factor(VALUE, weight, debt)
    displayed = SLOPE(before, weight[k], bonus)
    assume(abs(displayed) > 1e-4)
    after = VALUE.copy()
    after[k] -= 1e-3 * (1 + bonus)
    rises = health_factor(after, weight, debt - 1e-3) > before
    assert rises == choice_helps(before, weight[k], bonus) == (displayed > 0)


def test_the_choice_reverses_the_sign():
    np.testing.assert_array_equal(choice_helps(0.88, WEIGHT, BONUS), [False, True])


@given(st.floats(0.3, 0.9), st.floats(0.001, 0.2), st.floats(0.0, 1.0), st.floats(0.001, 1.0))
def test_a_rising_bonus_within_aaves_bound_never_makes_a_bite_lower_the_health(weight, most, share, part):
    """Solution 4: linear from least at HF = 1 to most at HF₀, with h (1 + most) ≤ HF₀ < 1."""
    end = weight * (1 + most)
    assume(end < 0.999)
    health = end + part * (1 - end)
    bonus = most * (share + (1 - share) * (1 - health) / (1 - end))
    assert choice_helps(health, weight, bonus) or health == pytest.approx(end, rel=1e-9)


def test_whole_numbers_at_equality_do_not_help():
    """A health factor of k % against a weight of a half and the bonus that makes them equal."""
    percent = np.arange(51, 100)
    assert (percent / 100 > 0.5 * (1 + (2 * percent - 100) / 100)).any()
    assert not choice_helps(percent / 100, 0.5, (2 * percent - 100) / 100).any()
    assert choice_helps(percent / 100 + 1e-9, 0.5, (2 * percent - 100) / 100).all()


def test_at_equality_it_does_not_help():
    assert choice_helps(0.75, 0.5, 0.5) is False


@given(
    st.lists(st.floats(0.0, 100.0), min_size=1, max_size=6),
    st.floats(0.0, 700.0),
    st.permutations(range(6)),
    st.booleans(),
)
def test_what_is_seized_adds_up_and_never_exceeds_what_is_there(value, amount, order, pro_rata):
    first = [k for k in order if k < len(value)]
    taken = seize(value, amount, first=None if pro_rata else first)
    assert np.all(taken >= 0)
    assert np.all(taken <= np.array(value) * (1 + 1e-12))
    assert taken.sum() == pytest.approx(min(amount, sum(value)), rel=1e-12, abs=1e-12)
    if not pro_rata:  # nothing of an asset is taken while there is some of an earlier one
        for earlier, later in pairwise(first):
            assert taken[later] == 0 or taken[earlier] == value[earlier]


def test_what_is_taken_of_each():
    np.testing.assert_allclose(seize(VALUE, 30.0, first=[0, 1]), [30.0, 0.0])
    np.testing.assert_allclose(seize(VALUE, 70.0, first=[1, 0]), [10.0, 60.0])
    np.testing.assert_allclose(seize(VALUE, 80.0), VALUE / 2)
    np.testing.assert_array_equal(seize([0.0, 0.0], 5.0), [0.0, 0.0])
    np.testing.assert_allclose(seize(VALUE, [30.0, 130.0], first=[0, 1]), [[30.0, 0.0], [100.0, 30.0]])
    np.testing.assert_allclose(seize(VALUE, [16.0, 80.0]), [[10.0, 6.0], [50.0, 30.0]])


def test_the_lowest_product_first_heals_most():
    """Each repayment costs the weighted collateral h (1 + i): the lowest product first."""
    after = {}
    for name, first in (("lowest", np.argsort(WEIGHT * (1 + BONUS)).tolist()), ("largest", [0, 1]), ("pro rata", None)):
        taken = seize(VALUE, 44.0, first=first)
        repaid = (taken / (1 + BONUS)).sum()
        after[name] = health_factor(VALUE - taken, WEIGHT, 120.0 - repaid)
    assert max(after, key=after.get) == "lowest"


def test_the_bonus_can_turn_the_order():
    """At equal weights the collateral with the smaller bonus is the better one to seize."""
    np.testing.assert_array_equal(choice_helps(0.86, 0.8, [0.05, 0.1]), [True, False])


@given(st.floats(0.0, 1.0), st.permutations([0, 1, 2]), st.booleans())
def test_a_part_of_everything_is_that_part_of_its_value(part, first, pro_rata):
    quantity, price = np.array([3.0, -2.0, 5.0]), np.array([10.0, 40.0, 0.0])
    units = part_of(quantity, price, np.asarray(part), None if pro_rata else first)
    assert np.abs(units) @ price == pytest.approx(part * 110.0, rel=1e-12, abs=1e-12)
    assert np.all(units * quantity >= 0)
    if part == 1:
        np.testing.assert_array_equal(units, quantity)


@given(st.lists(st.floats(0.1, 90.0), min_size=2, max_size=4), st.data())
def test_of_an_asset_that_is_sold_out_nothing_is_left(quantity, data):
    held, price = np.array(quantity), np.linspace(40.0, 110.0, len(quantity))
    part = data.draw(st.floats(held[0] * price[0] / (held @ price) + 1e-9, 1.0))
    assert part_of(held, price, np.asarray(part), list(range(len(held))))[0] == held[0]


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"first must name each of 2 assets once, by its number from 0, got \[0, 0\]"):
        seize(VALUE, 1.0, first=[0, 0])
    for first in (3, [None, 1], [True, False]):
        with pytest.raises(ValueError, match="first must name each of 2 assets once, by its number from 0"):
            seize(VALUE, 1.0, first=first)
    with pytest.raises(ValueError, match="collateral must be a list, got an array of shape"):
        seize(100.0, 1.0)
    with pytest.raises(ValueError, match="seized must be at least 0, got -1"):
        seize(VALUE, -1.0)
    with pytest.raises(ValueError, match=r"asset_weight must be in \[0, 1\], got 1.5"):
        choice_helps(0.9, 1.5, 0.1)
