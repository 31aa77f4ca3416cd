import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.impact import Linear
from cascadelab.liquidation import best_bite, bite_by_bite, largest_gas, toxic_threshold

bonuses = st.floats(0.001, 0.4)
impacts = st.floats(0.0, 0.8)


@given(bonuses, impacts, impacts)
def test_threshold_is_the_displayed_formula(shown, bonus, on_collateral, on_debt):
    settings = {"bonus": bonus, "collateral_impact": on_collateral, "debt_impact": on_debt}
    formula = shown("threshold_with_impact", **settings)
    moves = {"collateral_impact": on_collateral, "debt_impact": on_debt}
    assert toxic_threshold(bonus, **moves) == pytest.approx(formula, rel=1e-12)


@given(bonuses)
def test_without_impact_it_is_the_frontier_of_a_constant_price(shown, bonus):
    assert toxic_threshold(bonus) == pytest.approx(shown("toxic_threshold", bonus=bonus), rel=1e-14)


@given(bonuses, impacts, impacts, st.sampled_from([0.999, 1.001]))
def test_small_bites_lower_the_loan_to_value_below_it_and_raise_it_above(bonus, on_collateral, on_debt, side):
    moves = {"collateral_impact": on_collateral, "debt_impact": on_debt}
    start = side * toxic_threshold(bonus, **moves)
    loan = bite_by_bite(100.0, 100 * start, asset_weight=0.0, close_factor=1e-7, bonus=bonus, max_rounds=1, **moves)
    assert (loan.loan_to_value[1] < loan.loan_to_value[0]) == (side < 1)


def test_published_thresholds():
    """Warmuz, Chaudhary and Pinna, arXiv 2212.07306: bonuses of 4.5 % and 0.1 %."""
    np.testing.assert_allclose(toxic_threshold([0.045, 0.001]), [0.956938, 0.999001], atol=5e-7)


def test_no_loan_heals_where_buying_back_doubles_the_price():
    np.testing.assert_array_equal(toxic_threshold(0.05, debt_impact=[1.0, 3.0]), [0.0, 0.0])


def test_without_bonus_and_impact_every_loan_with_equity_heals():
    assert toxic_threshold(0.0) == 1.0


@pytest.mark.parametrize("name", ["bonus", "collateral_impact", "debt_impact"])
def test_threshold_names_what_was_wrong(name):
    arguments = {"bonus": 0.05, name: -0.1}
    with pytest.raises(ValueError, match=f"{name} must be at least 0, got -0.1"):
        toxic_threshold(**arguments)


@given(st.floats(1.0, 1000.0), bonuses, st.floats(0.001, 5.0))
def test_best_bite_beats_every_other_bite_and_the_largest_breaks_even(shown, price, bonus, slope):
    market = Linear(slope)
    best, largest = (
        best_bite(price, bonus, slope),
        market.self_funding_quantity(price, bonus / (1 + bonus), fill="walk"),
    )

    def profit(units):
        return market.proceeds(price, units, fill="walk") - units * price / (1 + bonus)

    most = largest_gas(price, bonus, slope)
    assert profit(best) == pytest.approx(most, rel=1e-9)
    assert np.all(profit(np.linspace(0.0, 2.5 * best, 201)) <= most * (1 + 1e-9))
    assert largest == pytest.approx(2 * best, rel=1e-9)
    assert profit(largest) == pytest.approx(0.0, abs=1e-9 * price * best)
    at = {"shocked_price": price, "bonus": bonus, "slope": slope}
    assert best == pytest.approx(shown("best_bite", **at), rel=1e-12)
    assert most == pytest.approx(shown("largest_gas", **at), rel=1e-12)


@pytest.mark.parametrize("fill", ["end", "walk"])
@pytest.mark.parametrize("bonus", [0.01, 0.08, 0.3])
def test_largest_bite_of_either_fill_rule_has_the_slippage_of_the_bonus(fill, bonus):
    market = Linear(0.4)
    largest = market.self_funding_quantity(60.0, bonus / (1 + bonus), fill=fill)
    assert market.slippage(60.0, largest, fill=fill) == pytest.approx(bonus / (1 + bonus), rel=1e-12)


def test_without_impact_a_bite_has_no_limit_and_without_bonus_there_is_none():
    assert best_bite(100.0, 0.05, 0.0) == largest_gas(100.0, 0.05, 0.0) == np.inf
    assert best_bite(100.0, 0.0, 0.1) == largest_gas(100.0, 0.0, 0.1) == 0.0


def test_best_bite_names_what_was_wrong():
    with pytest.raises(ValueError, match="shocked_price must be positive, got 0"):
        best_bite(0.0, 0.05, 0.1)
