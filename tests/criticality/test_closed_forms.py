import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cascadelab.cascade import Ladder
from cascadelab.criticality import uniform_exponential, uniform_linear, uniform_square_root
from cascadelab.impact import Exponential, Linear, SquareRoot


@settings(max_examples=40, deadline=None)
@given(st.floats(0.02, 0.9), st.floats(0.5, 60), st.floats(0.1, 8), st.floats(60, 200))
def test_price_is_that_of_a_fine_ladder(kappa, density, shock, edge):
    step = 2e-3
    count = int(min(shock / (1 - kappa) * 1.1 + 1, edge) / step)
    ladder = Ladder(edge - (np.arange(count) + 0.5) * step, np.full(count, density * step))
    found = ladder.run(edge - shock, Linear(kappa / density))
    expected = uniform_linear(edge - shock, kappa / density, density, edge)
    assume(expected > edge - count * step)
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


@given(st.floats(0.001, 0.98), st.floats(0.1, 100.0), st.floats(10, 1000), st.floats(0.01, 0.999))
def test_lambert_price_is_a_fixed_point_on_the_upper_branch(ratio, density, edge, share):
    rate, shocked = ratio / (density * edge), share * edge
    price = uniform_exponential(shocked, rate, density, edge)
    assert price == pytest.approx(shocked * np.exp(-rate * density * (edge - price)), rel=1e-9)
    assert 0 < price <= shocked
    assert rate * density * price < 1


def test_published_prices_and_a_fine_ladder():
    found = uniform_exponential([99.0, 95.0, 90.0], 0.0003, 20.0, 100.0)
    np.testing.assert_allclose(found, [97.562889, 88.855202, 79.660319], atol=5e-7)
    levels = 100.0 - (np.arange(100_000) + 0.5) * 1e-3
    ladder = Ladder(levels, np.full(levels.size, 0.02))
    np.testing.assert_allclose(ladder.response([99.0, 95.0, 90.0], Exponential(0.0003)).price, found, atol=0.01)


@pytest.mark.parametrize(("ratio", "shocked"), [(1.0, 97.0), (1.2, 98.0), (2.0, 99.0), (4.0, 99.9)])
def test_exponential_stops_though_the_ratio_at_the_edge_is_one_or_more(ratio, shocked):
    levels = 100.0 - (np.arange(100_000) + 0.5) * 1e-3
    rate = ratio / (20.0 * 100.0)
    stop = Ladder(levels, np.full(levels.size, 0.02)).run(shocked, Exponential(rate)).price
    found = uniform_exponential(shocked, rate, 20.0, 100.0)
    assert stop == pytest.approx(found, abs=0.01)
    assert rate * 20.0 * found < 1


def test_exponential_edges():
    assert uniform_exponential(100.0, 0.0003, 20.0, 100.0) == 100.0
    assert uniform_exponential(105.0, 0.0003, 20.0, 100.0) == 105.0
    assert uniform_exponential(95.0, 0.0, 20.0, 100.0) == 95.0
    assert uniform_exponential(0.0, 0.0003, 20.0, 100.0) == 0.0
    with pytest.raises(ValueError, match="edge"):
        uniform_exponential(95.0, 0.0005, 20.0, 0.0)


@settings(deadline=None, max_examples=30)
@given(st.floats(0.1, 2.0), st.floats(0.2, 5.0), st.floats(0.1, 10.0))
def test_root_fall_is_that_of_a_fine_ladder(scale, density, seed):
    fall = uniform_square_root(scale, density, seed)
    assert fall == pytest.approx(scale * np.sqrt(seed + density * fall), rel=1e-12)
    step = fall / 20_000
    levels = 1000.0 - (np.arange(30_000) + 0.5) * step
    ladder = Ladder(np.append(1001.0, levels), np.append(seed, np.full(levels.size, density * step)))
    assert 1000.0 - ladder.run(1000.0, SquareRoot(scale)).price == pytest.approx(fall, abs=3 * step)


def test_root_edges():
    assert uniform_square_root(1.5, 2.0, 0.0) == 0.0
    assert uniform_square_root(1.5, 2.0, 1e-12) == pytest.approx(4.5, abs=1e-9)
    assert uniform_square_root(1.5, 0.0, 4.0) == pytest.approx(3.0)
    assert uniform_square_root(0.0, 2.0, 4.0) == 0.0
    np.testing.assert_allclose(uniform_square_root(1.5, 2.0, [0.5, 5.0]), [4.737469, 6.288874], atol=5e-7)
    for name, values in (("scale", (-1, 2, 1)), ("density", (1, -2, 1)), ("seed_sold", (1, 2, -1))):
        with pytest.raises(ValueError, match=name):
            uniform_square_root(*values)


@given(st.floats(0.1, 3), st.floats(0.1, 5), st.floats(0.001, 10))
def test_ratio_at_the_stop_of_the_root_is_at_most_one_half(scale, density, seed):
    assert density * scale**2 / (2 * uniform_square_root(scale, density, seed)) <= 0.5 + 1e-12
