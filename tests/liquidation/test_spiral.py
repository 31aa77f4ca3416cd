import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cascadelab.impact import Linear
from cascadelab.liquidation import bite_by_bite, liquidate, residual_bad_debt, rounds_to_exhaustion, rounds_to_health

collaterals, ratios = st.floats(1.0, 1e5), st.floats(0.5, 1.4)
bonuses, factors, weights = st.floats(0.0, 0.3), st.floats(0.05, 1.0), st.floats(0.3, 0.95)
PAGE = {"asset_weight": 0.88, "close_factor": 0.5, "bonus": 0.045}


def near_whole(quotient):
    return abs(quotient - round(quotient)) < 1e-7


@given(collaterals, ratios, weights, bonuses, factors)
def test_closed_forms_count_the_bites_and_what_they_leave(shown, collateral, ratio, weight, bonus, factor):
    debt = ratio * collateral
    assume(abs(collateral - (1 + bonus) * debt) > 1e-4 * debt)
    assume(abs(weight * collateral - debt) > 1e-6 * debt)
    loan = bite_by_bite(collateral, debt, asset_weight=weight, close_factor=factor, bonus=bonus)
    at = {"collateral": collateral, "debt_value": debt, "bonus": bonus, "close_factor": factor}
    if loan.ending == "eaten up":
        assert collateral < (1 + bonus) * debt
        left = shown("residual_bad_debt", **at)
        assert loan.bad_debt == pytest.approx(left, rel=1e-9, abs=1e-9 * debt)
        assert residual_bad_debt(collateral, debt, bonus) == pytest.approx(left, rel=1e-12, abs=1e-12 * debt)
        assert np.isnan(rounds_to_health(collateral, debt, weight, bonus, factor))
        counted = rounds_to_exhaustion(collateral, debt, bonus, factor)
        if factor < 1 and not near_whole(quotient := shown("rounds_to_exhaustion", **at)):
            assert counted == math.ceil(quotient) == loan.rounds
    else:
        assert loan.ending == "healthy" or (loan.ending == "paid" and factor == 1)
        assert loan.bad_debt == 0
        assert weight * collateral >= debt or collateral > (1 + bonus) * debt
        counted = rounds_to_health(collateral, debt, weight, bonus, factor)
        if loan.rounds == 0:
            assert counted == 0
        elif factor < 1 and not near_whole(quotient := shown("rounds_to_health", asset_weight=weight, **at)):
            assert counted == math.ceil(quotient) == loan.rounds
            assert np.isnan(rounds_to_exhaustion(collateral, debt, bonus, factor))


def test_a_whole_number_of_bites_is_not_rounded_up():
    """Three halves: the debt falls to an eighth, exactly when the collateral is gone."""
    assert rounds_to_exhaustion(87.5, 100.0, 0.0, 0.5) == 3
    assert bite_by_bite(87.5, 100.0, asset_weight=0.5, close_factor=0.5, bonus=0.0).rounds == 3


def test_counts_broadcast():
    np.testing.assert_array_equal(rounds_to_exhaustion(100.0, [97.0, 90.0], 0.045, [0.5, 1.0]), [7, np.nan])
    np.testing.assert_array_equal(
        rounds_to_health(100.0, [80.0, 94.0, 97.0], 0.88, 0.045, [0.2, 1.0, 0.2]), [0, 1, np.nan]
    )


def test_exactly_at_the_frontier_the_ratio_stays():
    loan = bite_by_bite(125.0, 100.0, asset_weight=0.5, close_factor=0.5, bonus=0.25, max_rounds=10)
    np.testing.assert_allclose(loan.loan_to_value, 0.8, rtol=1e-12)
    assert np.isnan(rounds_to_exhaustion(125.0, 100.0, 0.25, 0.5))
    assert np.isnan(rounds_to_health(125.0, 100.0, 0.5, 0.25, 0.5))


def test_whole_numbers_at_the_frontier_are_at_it():
    """110 against 100 at a bonus of 10 %: floats have 1.1 · 100 above 110."""
    for percent in range(1, 51):
        loan = 100.0 + percent, 100.0
        assert np.isnan(rounds_to_exhaustion(*loan, percent / 100, 0.5))
        assert np.isnan(rounds_to_health(*loan, 0.5, percent / 100, 0.5))
        assert residual_bad_debt(*loan, percent / 100) == 0
        bites = bite_by_bite(*loan, asset_weight=0.5, close_factor=0.5, bonus=percent / 100)
        assert (bites.rounds, bites.ending) == (500, "stopped")
        np.testing.assert_allclose(bites.loan_to_value, 100 / (100 + percent), rtol=1e-11)
        whole = bite_by_bite(*loan, asset_weight=0.5, close_factor=1.0, bonus=percent / 100)
        assert (whole.rounds, whole.ending, whole.collateral[-1], whole.bad_debt) == (1, "paid", 0.0, 0.0)


@pytest.mark.parametrize("factor", [0.5, 0.7, 0.78, 0.8, 0.9])
def test_a_loan_at_the_frontier_is_not_healed_by_running_out_of_digits(factor):
    """Its ratio stays, at a health factor of 0.945, while the amounts shrink to where floats have no digits left."""
    loan = bite_by_bite(105.0, 100.0, asset_weight=0.9, close_factor=factor, bonus=0.05)
    venue = liquidate(Linear(0.0), 1.05, 100.0, -100.0, maintenance_rate=0.1, bonus=0.05, close_factor=factor)
    assert (loan.ending, venue.ending) == ("stopped", "stopped")


def test_whole_numbers_at_the_limit_need_no_bite():
    for percent in range(1, 91):
        weight, debt = percent / 100, percent * 3.0
        assert rounds_to_health(300.0, debt, weight, 0.05, 0.5) == 0
        assert bite_by_bite(300.0, debt, asset_weight=weight, close_factor=0.5, bonus=0.05).rounds == 0


def test_close_factor_changes_the_number_of_bites_and_not_the_bad_debt():
    ends = [bite_by_bite(100.0, 97.0, **{**PAGE, "close_factor": f}) for f in (0.1, 0.5, 1.0)]
    np.testing.assert_allclose([end.bad_debt for end in ends], 97 - 100 / 1.045, rtol=1e-12)
    assert [end.rounds for end in ends] == [41, 7, 1]


def test_the_design_pages_example():
    assert rounds_to_exhaustion(100.0, 97.0, 0.045, 0.5) == 7
    assert residual_bad_debt(100.0, 97.0, 0.045) == pytest.approx(1.306220, abs=5e-7)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (residual_bad_debt, (-1.0, 97.0, 0.045), "collateral must be at least 0, got -1"),
        (rounds_to_exhaustion, (100.0, 0.0, 0.045, 0.5), "debt_value must be positive, got 0"),
        (rounds_to_health, (100.0, 97.0, 1.1, 0.045, 0.5), r"asset_weight must be in \[0, 1\], got 1.1"),
        (rounds_to_health, (100.0, 97.0, 0.9, 0.045, 0.0), r"close_factor must be in \(0, 1\], got 0"),
    ],
)
def test_bad_input_is_named(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)
