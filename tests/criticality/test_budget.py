import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.account import liquidation_price
from cascadelab.criticality import Budget, density_of_leverage, leverage_targeting


def test_terms_add_and_demand_is_deducted():
    budget = Budget(1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
    assert budget.net == 9.0
    assert list(budget.terms.values()) == [1.0, 2.0, 3.0, 4.0, 5.0, -6.0]
    assert budget.kappa(0.1) == pytest.approx(0.9)
    assert Budget().net == 0.0
    assert Budget(demand=2.0).kappa(0.5) == -1.0
    assert str(Budget(liquidations=1.0).terms["demand"]) == "0.0"


def test_terms_may_be_arrays_and_are_read_only():
    budget = Budget(liquidations=[1.0, 2.0], demand=0.5)
    np.testing.assert_allclose(budget.kappa([0.1, 0.2]), [0.05, 0.3])
    with pytest.raises(ValueError, match="read-only"):
        budget.liquidations[0] = 7.0


@pytest.mark.parametrize("name", ["liquidations", "stops", "leverage_targeting", "short_gamma", "sentiment", "demand"])
def test_bad_terms_are_named(name):
    with pytest.raises(ValueError, match=name):
        Budget(**{name: -1.0})
    with pytest.raises(ValueError, match="do not broadcast"):
        Budget(**{name: [1.0, 2.0]}, **{("stops" if name != "stops" else "demand"): [1.0, 2.0, 3.0]})


@given(st.floats(1, 20), st.floats(0.1, 1000), st.floats(1, 1000))
def test_a_holder_who_keeps_a_leverage_sells_as_the_density_says(leverage, quantity, price):
    """Brute force: equity after a small fall, times the leverage, over the new price."""
    fall = 1e-6 * price
    equity = quantity * price / leverage - quantity * fall
    sold = quantity - leverage * equity / (price - fall)
    assert sold / fall == pytest.approx(leverage_targeting(leverage, quantity, price), rel=1e-4, abs=1e-6 * quantity)


def test_a_sale_to_target_is_leverage_targeting():
    """An account at its limit sells just enough to have the maintenance margin again: leverage 1/m."""
    q, price, m, fall = 10.0, 100.0, 0.1, 1e-5
    debt = q * price * (1 - m)
    p = price - fall
    sold = (debt - (1 - m) * q * p) / (m * p)  # equity q p − debt = m (q − sold) p
    assert q * p - debt == pytest.approx(m * (q - sold) * p)
    assert sold / fall == pytest.approx(leverage_targeting(1 / m, q, price), rel=1e-5)


@given(st.floats(1.5, 50), st.floats(0, 0.01), st.floats(0.5, 1000))
def test_density_counts_the_units_between_two_thresholds(leverage, rate, entry):
    step = 1e-5 * leverage
    ends = [liquidation_price(1.0, entry, entry / lev, rate) for lev in (leverage - step, leverage + step)]
    found = density_of_leverage(leverage, 7.0, rate, entry)
    assert 7.0 * 2 * step / (ends[1] - ends[0]) == pytest.approx(found, rel=1e-4)


def test_arguments_out_of_range_are_named():
    for values, name in (
        ((0.9, 1, 1), "target_leverage must be at least 1, got 0.9"), ((2, -1, 1), "quantity"), ((2, 1, 0), "price"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=name):
            leverage_targeting(*values)
    for values, name in (
        ((0, 1, 0, 1), "leverage"), ((1, -1, 0, 1), "leverage_density"), ((1, 1, 1, 1), "maintenance_rate"),
        ((1, 1, 0, 0), "entry_price"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=name):
            density_of_leverage(*values)


@pytest.mark.parametrize(
    ("leverage", "rate", "message"),
    [
        (1.0, 0.0, "leverage must be above 1, or no positive price liquidates; got 1"),
        ([3.0, 0.5], 0.0, "leverage must be above 1.*got 0.5"),
        (100.0, 0.05, "leverage times maintenance_rate must be below 1.*got 5"),
        (20.0, 0.05, "leverage times maintenance_rate must be below 1.*got 1"),
    ],
)
def test_no_density_where_there_is_no_threshold_below_the_entry(leverage, rate, message):
    with pytest.raises(ValueError, match=message):
        density_of_leverage(leverage, 7.0, rate, 100.0)
