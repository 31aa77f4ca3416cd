import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cascadelab.kit.notation import symbol
from cascadelab.liquidation import choice_helps, seize, theory
from cascadelab.thresholds import health_factor

VALUE, WEIGHT, BONUS = np.array([100.0, 60.0]), np.array([0.85, 0.5]), np.array([0.05, 0.1])


@given(
    st.floats(60.0, 200.0), st.floats(0.1, 0.95), st.floats(0.1, 0.95), st.floats(0.0, 0.3), st.integers(0, 1),
)  # fmt: skip
def test_a_small_seizure_helps_exactly_if_the_inequality_says_so(debt, first, second, bonus, k):
    weight = np.array([first, second])
    before = health_factor(VALUE, weight, debt)
    expression = theory.health_after_choice().subs(
        {symbol("health_factor"): before, symbol("asset_weight", "k"): weight[k], symbol("bonus", "k"): bonus}
    )
    assume(abs(float(expression)) > 1e-4)
    after = VALUE.copy()
    after[k] -= 1e-3 * (1 + bonus)
    rises = health_factor(after, weight, debt - 1e-3) > before
    assert rises == choice_helps(before, weight[k], bonus) == (float(expression) > 0)


def test_the_choice_reverses_the_sign():
    np.testing.assert_array_equal(choice_helps(0.88, WEIGHT, BONUS), [False, True])


def test_at_equality_it_does_not_help():
    assert choice_helps(0.75, 0.5, 0.5) is False


@given(
    st.lists(st.floats(0.0, 100.0), min_size=1, max_size=6), st.floats(0.0, 700.0),
    st.sampled_from(["largest first", "pro rata", "most relief first"]),
)  # fmt: skip
def test_what_is_seized_adds_up_and_never_exceeds_what_is_there(value, amount, rule):
    taken = seize(value, amount, rule, asset_weight=np.linspace(0.9, 0.3, len(value)), bonus=0.05)
    assert np.all(taken >= 0)
    assert np.all(taken <= np.array(value) * (1 + 1e-12))
    assert taken.sum() == pytest.approx(min(amount, sum(value)), rel=1e-12, abs=1e-12)


def test_rules_differ_in_what_goes_first():
    np.testing.assert_allclose(seize(VALUE, 30.0, "largest first"), [30.0, 0.0])
    np.testing.assert_allclose(seize(VALUE, 70.0, "most relief first", asset_weight=WEIGHT, bonus=BONUS), [10.0, 60.0])
    np.testing.assert_allclose(seize(VALUE, 80.0, "pro rata"), VALUE / 2)
    np.testing.assert_array_equal(seize([5.0, 5.0], 5.0, "largest first"), [5.0, 0.0])
    np.testing.assert_array_equal(seize([0.0, 0.0], 5.0, "pro rata"), [0.0, 0.0])


def test_most_relief_first_heals_most_of_the_three():
    """Each repayment costs the weighted collateral h (1 + i): the lowest product first."""
    after = {}
    for rule in ("largest first", "pro rata", "most relief first"):
        taken = seize(VALUE, 44.0, rule, asset_weight=WEIGHT, bonus=BONUS)
        repaid = (taken / (1 + BONUS)).sum()
        after[rule] = health_factor(VALUE - taken, WEIGHT, 120.0 - repaid)
    assert max(after, key=after.get) == "most relief first"


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="rule must be one of largest first, pro rata, most relief first, got 'all'"):
        seize(VALUE, 1.0, "all")
    with pytest.raises(ValueError, match="collateral must be a list and seized one number"):
        seize(100.0, 1.0, "pro rata")
    with pytest.raises(ValueError, match="seized must be at least 0, got -1"):
        seize(VALUE, -1.0, "pro rata")
    with pytest.raises(ValueError, match=r"asset_weight must be in \[0, 1\], got 1.5"):
        choice_helps(0.9, 1.5, 0.1)
