import numpy as np
import pytest
import sympy as sp

from cascadelab.impact import Exponential


def test_published_quantities_of_the_end_price():
    """At p = 100, α = .01: at most 3,678.79 can be raised; 1,000 takes 11.1833 units, 3,000 takes 48.9402."""
    market = Exponential(0.01)
    assert market.maximum_proceeds(100.0) == pytest.approx(3678.79, abs=0.005)
    assert market.quantity_to_raise(100.0, 1000.0) == pytest.approx(11.1833, abs=5e-5)
    assert market.quantity_to_raise(100.0, 3000.0) == pytest.approx(48.9402, abs=5e-5)
    assert np.isnan(market.quantity_to_raise(100.0, 3679.0))
    assert market.maximum_proceeds(100.0, fill="walk") == pytest.approx(10_000.0)


def test_published_calibrations():
    """Cifuentes, Ferrucci and Shin: 5 % of the market costs 5 % (1.025866); Caccioli and others: a tenth, a tenth."""
    assert Exponential.from_drop(0.05, 0.05).rate == pytest.approx(1.025866, abs=5e-7)
    assert Exponential.from_drop(0.1, 0.1).rate == pytest.approx(1.0536, abs=5e-5)
    assert Exponential.from_drop(0.1, 0.1).price(1.0, 0.1) == pytest.approx(0.9)
    with pytest.raises(ValueError, match=r"relative_impact must be in \[0, 1\), got 1"):
        Exponential.from_drop(1.0, 0.1)
    with pytest.raises(ValueError, match="sold must be positive, got 0"):
        Exponential.from_drop(0.1, 0.0)


def test_a_tiny_sale_is_filled_at_the_shocked_price():
    market = Exponential(0.01)
    assert market.average_price(100.0, 1e-12, fill="walk") == pytest.approx(100.0, rel=1e-12)
    assert market.quantity_to_raise(100.0, 1e-9) == pytest.approx(1e-11, rel=1e-9)


def test_a_matrix_moves_the_logarithms():
    market = Exponential([[0.01, 0.002], [0.0, 0.02]])
    np.testing.assert_allclose(
        market.price([100.0, 50.0], [10.0, 5.0]), [100 * np.exp(-0.11), 50 * np.exp(-0.1)], rtol=1e-14
    )
    steps = np.linspace(0, 1, 4001)
    middle = ((steps[1:] + steps[:-1]) / 2)[:, np.newaxis] * [10.0, 5.0]
    found = (market.price([100.0, 50.0], middle) * np.diff(steps)[:, np.newaxis] * [10.0, 5.0]).sum(axis=0)
    np.testing.assert_allclose(market.proceeds([100.0, 50.0], [10.0, 5.0], fill="walk"), found, rtol=1e-8)
    with pytest.raises(ValueError, match="rate must be a number or a vector here"):
        market.maximum_proceeds([100.0, 50.0])


@pytest.mark.parametrize("rate", [1e-9, 1e-5, 1e-3, 0.0099, 0.0101, 0.3])
def test_self_funding_position_is_right_to_many_digits_for_small_margins_too(rate):
    """Against sympy with 40 digits, started near the root."""
    x = sp.Symbol("x")
    exact = sp.nsolve((1 - sp.exp(-x)) / x - 1 + sp.Float(rate, 40), x, 2 * rate, prec=40)
    largest = Exponential(1.0).self_funding_quantity(100.0, rate, fill="walk")
    assert largest == pytest.approx(float(exact), rel=1e-10)


def test_beyond_all_bounds_is_infinite_and_a_worthless_asset_stays_worthless():
    market = Exponential(1.0)
    assert market.price(100.0, -1e4) == market.shock_for(100.0, 1e4) == np.inf
    assert market.price(0.0, -1e4) == market.price(100.0, 1e4) == 0.0
