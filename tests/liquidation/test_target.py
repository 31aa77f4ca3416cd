import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cascadelab.liquidation import repay_to_target

values = st.floats(1.0, 1e6)
weights, bonuses, targets = st.floats(0.05, 1.0), st.floats(0.0, 0.5), st.floats(0.8, 1.5)


@given(values, st.floats(0.3, 1.3), weights, bonuses, targets)
def test_repayment_is_the_formula_and_reaches_its_target_or_none_does(shown, collateral, ratio, weight, bonus, target):
    """Triangle: displayed formula, number function, and a search over all repayments that the collateral pays for."""
    debt = ratio * collateral
    missing = target * debt - weight * collateral
    assume(abs(missing) > 1e-6 * debt)
    assume(abs(collateral - (1 + bonus) * debt) > 1e-6 * debt)
    repaid = repay_to_target(collateral, debt, weight, bonus, target_health=target)
    tried = np.linspace(0.0, min(debt, collateral / (1 + bonus)), 2001)
    lacking = target * (debt - tried) - weight * (collateral - (1 + bonus) * tried)
    if missing < 0:
        assert repaid == 0.0
    elif np.isnan(repaid):
        assert collateral < (1 + bonus) * debt
        assert np.all(lacking > 0)
    else:
        at = {"collateral": collateral, "debt_value": debt, "asset_weight": weight, "bonus": bonus}
        assert repaid == pytest.approx(shown("repay_to_target", target_health=target, **at), rel=1e-9)
        assert target > weight * (1 + bonus)
        assert 0 < repaid <= debt * (1 + 1e-12)
        assert (1 + bonus) * repaid <= collateral * (1 + 1e-9)
        after = weight * (collateral - (1 + bonus) * repaid) - target * (debt - repaid)
        assert after == pytest.approx(0.0, abs=1e-9 * collateral)
        assert np.all(lacking[tried < repaid * (1 - 1e-9)] > 0)


@given(values, st.floats(0.0, 2.0), weights, st.floats(0.3, 1.3), weights, bonuses, targets)
def test_other_collaterals_carry_a_part_of_the_debt(collateral, beside, other, ratio, weight, bonus, target):
    """One collateral is seized, another stays: the docstring's way against a search over all repayments."""
    kept = other * beside * collateral
    debt = ratio * (weight * collateral + kept) / target + 0.1 * collateral
    carried = kept / target
    assume(debt > carried * (1 + 1e-6))
    assume(abs(collateral - (1 + bonus) * (debt - carried)) > 1e-6 * debt)
    repaid = repay_to_target(collateral, debt - carried, weight, bonus, target_health=target)
    tried = np.linspace(0.0, min(debt, collateral / (1 + bonus)), 2001)
    lacking = target * (debt - tried) - weight * (collateral - (1 + bonus) * tried) - kept
    if np.isnan(repaid):
        assert np.all(lacking > 0)
    else:
        assert np.all(lacking[tried < repaid * (1 - 1e-9)] > -1e-9 * debt)
        after = target * (debt - repaid) - weight * (collateral - (1 + bonus) * repaid) - kept
        assert after <= 1e-9 * debt
        assert repaid <= min(debt, collateral / (1 + bonus)) * (1 + 1e-9)


def test_exactly_at_the_frontier_everything_goes_and_just_beyond_nothing_helps():
    assert repay_to_target(105.0, 100.0, 0.9, 0.05) == pytest.approx(100.0)
    assert np.isnan(repay_to_target(104.999, 100.0, 0.9, 0.05))


def test_whole_numbers_at_the_frontier_are_at_it():
    """V_C = (1 + i) V_D for i of 1 % to 50 %: in floats a third of them are below it by a last digit."""
    bonus, debt = np.arange(1, 51)[:, np.newaxis] / 100, np.array([50.0, 100.0, 300.0, 700.0, 1234.0])
    collateral = (100 + np.arange(1, 51)[:, np.newaxis]) * debt / 100
    assert (collateral < (1 + bonus) * debt).sum() > 20
    np.testing.assert_allclose(
        repay_to_target(collateral, debt, 0.5, bonus), np.broadcast_to(debt, (50, 5)), rtol=1e-12
    )
    assert np.isnan(repay_to_target(collateral * (1 - 1e-9), debt, 0.5, bonus)).all()


def test_whole_numbers_at_the_target_need_nothing():
    percent = np.arange(1, 100)
    assert (percent / 100 * 300.0 < percent * 3.0).any()
    np.testing.assert_array_equal(repay_to_target(300.0, percent * 3.0, percent / 100, 0.0), np.zeros(99))


def test_a_loan_at_its_target_needs_nothing():
    assert repay_to_target(100.0, 80.0, 0.8, 0.1) == 0.0
    assert repay_to_target(100.0, 0.0, 0.8, 0.1) == 0.0
    assert repay_to_target(0.0, 0.0, 0.8, 0.1) == 0.0


def test_it_broadcasts():
    repaid = repay_to_target(100.0, [80.0, 90.0, 99.0], 0.85, 0.05)
    np.testing.assert_allclose(repaid, [0.0, 5.0 / 0.1075, np.nan])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1.0, 90.0, 0.8, 0.05), "collateral must be at least 0, got -1"),
        ((100.0, np.nan, 0.8, 0.05), "debt_value must be finite, got nan"),
        ((100.0, 90.0, 1.2, 0.05), r"asset_weight must be in \[0, 1\], got 1.2"),
        ((100.0, 90.0, 0.8, -0.05), "bonus must be at least 0, got -0.05"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        repay_to_target(*arguments)


def test_a_target_must_be_positive():
    with pytest.raises(ValueError, match="target_health must be positive, got 0"):
        repay_to_target(100.0, 90.0, 0.8, 0.05, target_health=0.0)
