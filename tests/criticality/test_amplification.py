import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadelab.cascade import Ladder
from cascadelab.criticality import Budget, amplification, branching_ratio, uniform_linear
from cascadelab.impact import Linear


@given(st.floats(0, 0.99))
def test_amplification_is_the_sum_of_all_rounds(kappa):
    rounds = kappa ** np.arange(4000)
    assert amplification(kappa) == pytest.approx(rounds.sum(), rel=1e-9)


def test_amplification_keeps_shapes_and_starts_at_one():
    assert amplification(0.0) == 1.0
    assert isinstance(amplification(0), float)
    np.testing.assert_allclose(amplification([[0.0, 0.5], [0.75, 0.9]]), [[1, 2], [4, 10]])


@given(st.floats(-5, -0.01))
def test_a_market_whose_buyers_absorb_more_than_is_forced_damps(kappa):
    """Brute force: the price that agrees with what is bought back, g units for each unit of the fall, λ = 0.1."""
    density, slope = kappa / 0.1, 0.1
    low, high = 0.0, 1.0
    for _ in range(60):
        fall = (low + high) / 2
        low, high = (fall, high) if fall < 1 + slope * density * fall else (low, fall)
    assert amplification(kappa) == pytest.approx(fall)
    assert amplification(Budget(stops=1.0, demand=1.0 - density).kappa(slope)) == pytest.approx(fall)


@pytest.mark.parametrize("kappa", [1.0, 1.5, [0.3, 1.0]])
def test_a_ratio_of_one_or_more_raises_and_says_why(kappa):
    with pytest.raises(ValueError, match=r"kappa must be below 1.*the sum of the rounds has no end.*got 1"):
        amplification(kappa)


@pytest.mark.parametrize("kappa", [float("nan"), float("inf"), -float("inf"), "a", None])
def test_other_bad_ratios_are_named(kappa):
    with pytest.raises(ValueError, match="kappa"):
        amplification(kappa)


def test_branching_ratio_broadcasts_and_refuses_negatives():
    np.testing.assert_allclose(branching_ratio([0.1, 0.2], 3.0), [0.3, 0.6])
    with pytest.raises(ValueError, match="slope"):
        branching_ratio(-1.0, 1.0)
    with pytest.raises(ValueError, match="density"):
        branching_ratio(1.0, -1.0)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.02, 0.9), st.floats(0.5, 60), st.floats(0.1, 8), st.floats(60, 200))
def test_price_is_that_of_a_fine_ladder(kappa, density, shock, edge):
    step = 2e-3
    count = int(min(shock / (1 - kappa) * 1.1 + 1, edge) / step)
    ladder = Ladder(edge - (np.arange(count) + 0.5) * step, np.full(count, density * step))
    found = ladder.run(edge - shock, Linear(kappa / density))
    expected = uniform_linear(edge - shock, kappa / density, density, edge)
    if expected > edge - count * step:
        assert found.price == pytest.approx(expected, abs=2 * step / (1 - kappa))
        assert found.sold == pytest.approx(density * (edge - expected), abs=3 * density * step / (1 - kappa))


def test_nothing_is_forced_at_or_above_the_edge_and_the_price_stops_at_zero():
    assert uniform_linear(100.0, 0.01, 50.0, 100.0) == 100.0
    assert uniform_linear(103.0, 0.01, 50.0, 100.0) == 103.0
    assert uniform_linear(40.0, 0.01, 50.0, 100.0) == 0.0
    assert uniform_linear(97.0, 0.0, 50.0, 100.0) == 97.0


@given(st.floats(0, 0.95), st.floats(0.0, 100.0), st.floats(0.0, 5.0))
def test_a_deeper_shock_never_ends_higher(kappa, shocked, less):
    high, low = uniform_linear([shocked + less, shocked], kappa / 10, 10.0, 90.0)
    assert low <= high + 1e-12


def test_a_book_that_does_not_stop_raises():
    with pytest.raises(ValueError, match="slope times density must be below 1"):
        uniform_linear(97.0, 0.02, 50.0, 100.0)


def test_nothing_is_raised_where_nothing_is_forced():
    np.testing.assert_allclose(uniform_linear([100.0, 101.0], 0.1, 10.0, 100.0), [100.0, 101.0])
