import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.liquidation import bite_by_bite

collaterals, ratios = st.floats(1.0, 1e5), st.floats(0.5, 1.4)
bonuses, factors, weights = st.floats(0.0, 0.3), st.floats(0.05, 1.0), st.floats(0.3, 0.95)
PAGE = {"asset_weight": 0.88, "close_factor": 0.5, "bonus": 0.045}


@given(collaterals, st.floats(0.9, 1.2), bonuses, st.floats(0.05, 0.95), st.integers(1, 12))
def test_debt_and_collateral_follow_the_displayed_powers(shown, collateral, ratio, bonus, factor, number):
    debt = ratio * collateral
    loan = bite_by_bite(collateral, debt, asset_weight=0.0, close_factor=factor, bonus=bonus, max_rounds=number)
    whole = loan.seized < loan.collateral[:-1]
    n = int(whole.sum())  # bites that were not capped
    at = {"collateral": collateral, "debt_value": debt, "bonus": bonus, "close_factor": factor, "rounds": n}
    assert loan.debt_value[n] == pytest.approx(shown("debt_after", **at), rel=1e-9, abs=1e-12 * debt)
    left = shown("collateral_after", **at)
    assert loan.collateral[n] == pytest.approx(left, rel=1e-9, abs=1e-9 * collateral)


@given(collaterals, ratios, weights, bonuses, factors, st.floats(0.0, 0.4), st.floats(0.0, 0.4))
def test_every_bite_takes_one_plus_the_bonus_and_never_more_than_there_is(
    collateral, ratio, weight, bonus, factor, on_collateral, on_debt
):
    loan = bite_by_bite(
        collateral, ratio * collateral, asset_weight=weight, close_factor=factor, bonus=bonus,
        collateral_impact=on_collateral, debt_impact=on_debt,
    )  # fmt: skip
    np.testing.assert_allclose(loan.seized, (1 + bonus) * loan.repaid, rtol=1e-12)
    assert np.all(loan.seized <= loan.collateral[:-1] * (1 + 1e-12))
    assert np.all(loan.repaid <= factor * loan.debt_value[:-1] * (1 + 1e-12))
    assert len(loan.collateral) == len(loan.debt_value) == loan.rounds + 1
    assert not loan.collateral.flags.writeable


def test_the_design_pages_example():
    loan = bite_by_bite(100.0, 97.0, **PAGE)
    assert (loan.rounds, loan.ending) == (7, "eaten up")
    assert loan.bad_debt == pytest.approx(1.306220, abs=5e-7)
    assert loan.loan_to_value[-1] == np.inf


def test_impact_can_make_a_loan_below_the_frontier_toxic_or_worse_at_first():
    squeezed = bite_by_bite(100.0, 89.0, asset_weight=0.88, close_factor=0.02, bonus=0.045, debt_impact=0.25)
    assert squeezed.ending == "eaten up"
    assert squeezed.bad_debt > 0
    recovers = bite_by_bite(100.0, 89.0, asset_weight=0.88, close_factor=0.02, bonus=0.045, debt_impact=0.1)
    assert recovers.ending == "healthy"
    assert recovers.loan_to_value[1] > recovers.loan_to_value[0]


def test_a_price_that_falls_to_zero_ends_the_bites():
    loan = bite_by_bite(100.0, 99.0, asset_weight=0.5, close_factor=0.9, bonus=0.05, collateral_impact=1.2)
    assert loan.ending == "eaten up"
    assert loan.collateral[-1] == 0.0


def test_one_bite_that_pays_the_whole_debt():
    loan = bite_by_bite(100.0, 90.0, asset_weight=0.5, close_factor=1.0, bonus=0.05)
    assert (loan.rounds, loan.ending, loan.bad_debt) == (1, "paid", 0.0)
    assert loan.loan_to_value[-1] == 0.0


def test_a_repayment_of_the_whole_debt_pays_it_also_where_its_price_moves():
    loan = bite_by_bite(100.0, 90.0, asset_weight=0.5, close_factor=1.0, bonus=0.05, debt_impact=0.3)
    assert (loan.rounds, loan.ending, loan.debt_value[-1]) == (1, "paid", 0.0)


def test_bites_stop_at_the_number_allowed_and_a_loan_exactly_at_its_threshold_is_safe():
    assert bite_by_bite(100.0, 97.0, max_rounds=3, **PAGE).ending == "stopped"
    assert bite_by_bite(100.0, 97.0, max_rounds=np.int64(0), **PAGE).rounds == 0
    assert bite_by_bite(100.0, 88.0, **PAGE).rounds == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"close_factor": 0.0}, r"close_factor must be in \(0, 1\], got 0"),
        ({"close_factor": 1.5}, r"close_factor must be in \(0, 1\], got 1.5"),
        ({"bonus": -0.1}, "bonus must be at least 0, got -0.1"),
        ({"asset_weight": [0.5, 0.6]}, "asset_weight must be a single number"),
        ({"debt_impact": -1.0}, "debt_impact must be at least 0, got -1"),
        ({"max_rounds": 1.5}, "max_rounds must be a whole number of at least 0, got 1.5"),
        ({"max_rounds": True}, "max_rounds must be a whole number of at least 0, got True"),
        ({"max_rounds": -1}, "max_rounds must be a whole number of at least 0, got -1"),
    ],
)
def test_bad_input_is_named(change, message):
    with pytest.raises(ValueError, match=message):
        bite_by_bite(100.0, 97.0, **{**PAGE, **change})


def test_a_loan_needs_collateral_and_debt():
    with pytest.raises(ValueError, match="collateral must be positive, got 0"):
        bite_by_bite(0.0, 97.0, **PAGE)
    with pytest.raises(ValueError, match="debt_value must be positive, got 0"):
        bite_by_bite(100.0, 0.0, **PAGE)


def test_bites_that_were_stopped_do_not_know_their_bad_debt():
    loan = bite_by_bite(100.0, 97.0, asset_weight=0.88, close_factor=0.001, bonus=0.045)
    assert loan.ending == "stopped"
    assert np.isnan(loan.bad_debt)
