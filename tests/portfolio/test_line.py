import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.portfolio.line import exit_parameters, lowest_lines

groups = st.lists(
    st.tuples(
        st.lists(st.floats(-3, 3).map(lambda b: round(b, 2)), min_size=1, max_size=4, unique=True).map(sorted),
        st.floats(-2, 2),
    ),
    max_size=3,
).map(lambda found: [concave_lines(slopes, kink) for slopes, kink in found])


def concave_lines(rising_slopes, first_kink):
    """Lines of falling slope whose neighbours meet at first_kink, first_kink + 1, …"""
    slopes = np.array(rising_slopes[::-1])
    kinks = first_kink + np.arange(len(slopes) - 1)
    return np.concatenate([[0.0], -np.cumsum(kinks * np.diff(slopes))]), slopes


def value(constant, lines, t):
    points = np.asarray(t)
    return constant + sum((np.min(a + b * points[:, np.newaxis], axis=1) for a, b in lines), np.zeros(points.shape))


@given(st.floats(-5, 5), groups)
def test_sum_of_minima_is_one_minimum(constant, lines):
    t = np.linspace(-6, 6, 101)
    a, b = lowest_lines(constant, lines, -np.inf, np.inf)
    np.testing.assert_allclose(np.min(a + b * t[:, np.newaxis], axis=1), value(constant, lines, t), atol=1e-9)


@given(st.floats(-5, 5), groups, st.sampled_from([(0.0, np.inf), (-np.inf, 0.0), (-3.0, 4.0)]))
def test_ends_are_zeros_of_the_sum_and_what_is_between_them_is_safe(constant, lines, walk):
    low, high = walk
    lower, upper = exit_parameters(constant, lines, low, high)
    t = np.linspace(max(low, -50), min(high, 50), 400)[1:-1]
    safe = value(constant, lines, t) >= -1e-9
    if lower is not None and np.isnan(lower):
        assert np.all(value(constant, lines, t) < 1e-9)
        return
    inside = (t >= (low if lower is None else lower)) & (t <= (high if upper is None else upper))
    assert np.all(safe[inside])
    assert np.all(value(constant, lines, t[~inside]) < 1e-9)
    for end in (lower, upper):
        if end is not None:
            assert low < end < high
            assert value(constant, lines, [end])[0] == pytest.approx(0.0, abs=1e-9 * max(1.0, abs(end)))


def test_walk_to_the_left_mirrors_the_walk_to_the_right():
    rising, falling = (np.array([1.0]), np.array([1.0])), (np.array([1.0]), np.array([-1.0]))
    assert exit_parameters(0.0, [rising], -np.inf, 5.0) == (-1.0, None)
    assert exit_parameters(0.0, [falling], -5.0, np.inf) == (None, 1.0)
    assert exit_parameters(0.0, [falling], -np.inf, 0.5) == (None, None)


def test_safe_only_beyond_the_end_of_the_walk_is_not_safe():
    late = (np.array([-10.0]), np.array([1.0]))
    assert np.isnan(exit_parameters(0.0, [late], 0.0, 5.0)[0])
    early = (np.array([-10.0]), np.array([-1.0]))
    assert np.isnan(exit_parameters(0.0, [early], -5.0, 5.0)[0])


@pytest.mark.parametrize("tiny", [1e-300, 1e-17, 1e-14, 1e-12, 1e-10, 0.0])
def test_an_asset_that_hardly_moves_costs_no_digits(tiny):
    """The end of such a walk, low = −p/d, is astronomically far away."""
    fast, slow = (np.array([10.0]), np.array([-50.0])), (np.array([100.0]), np.array([tiny]))
    lower, upper = exit_parameters(-100.0, [fast, slow], -100.0 / tiny if tiny else -np.inf, np.inf)
    assert lower is None
    assert upper == pytest.approx(10 / 50, rel=1e-9)


def test_walk_without_an_end_and_without_a_slope_is_safe_or_not():
    flat = [(np.array([1.0]), np.array([0.0]))]
    assert exit_parameters(-0.5, flat, -np.inf, np.inf) == (None, None)
    assert np.isnan(exit_parameters(-1.5, flat, -np.inf, np.inf)[0])


def test_root_at_the_end_of_the_walk_is_no_exit_even_after_rounding():
    for slope, low in zip(np.linspace(0.1, 9.7, 97), np.linspace(-3.1, -0.1, 97), strict=True):
        a = -slope * low * (1 - 2e-16)
        assert exit_parameters(0.0, [(np.array([a]), np.array([slope]))], low, np.inf) == (None, None)
