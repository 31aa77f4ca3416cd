import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.thresholds import safe_interval

numbers = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=8))
def test_interval_is_where_the_lowest_line_is_not_negative(lines):
    a, b = np.array(lines).T
    lower, upper = safe_interval(a, b)
    prices = np.geomspace(1e-6, 1e9, 200)
    values = (a + b * prices[:, None]).min(axis=1)
    rounding = 1e-9 * (np.abs(a).max() + np.abs(b).max() * prices)
    empty = lower is not None and math.isnan(lower)
    inside = np.zeros(200, bool) if empty else (prices >= (lower or 0.0)) & (prices <= (upper or np.inf))
    clear = np.abs(values) > rounding
    assert np.array_equal(inside[clear], (values >= 0)[clear])


def test_ends_are_safe_and_exact():
    lower, upper = safe_interval([-10.0, 40.0], [1.0, -2.0])
    assert (lower, upper) == (10.0, 20.0)
    assert safe_interval([-10.0, 10.0], [1.0, -1.0]) == (10.0, 10.0)


def test_none_where_no_positive_price_liquidates():
    assert safe_interval([5.0], [1.0]) == (None, None)
    assert safe_interval([0.0], [1.0]) == (None, None)
    assert safe_interval([3.0, 1.0], [0.0, 2.0]) == (None, None)
    assert safe_interval([0.0], [0.0]) == (None, None)
    assert safe_interval([8.0], [-2.0]) == (None, 4.0)


@pytest.mark.parametrize(
    ("intercepts", "slopes"),
    [([-1.0], [0.0]), ([-1.0], [-1.0]), ([0.0], [-1.0]), ([-10.0, 5.0], [1.0, -1.0]), ([-1.0, 9.0], [0.0, 1.0])],
)
def test_nan_where_no_positive_price_is_safe(intercepts, slopes):
    assert all(map(math.isnan, safe_interval(intercepts, slopes)))


def test_roots_beyond_the_largest_float_are_no_thresholds():
    assert safe_interval([1e300], [-1e-300]) == (None, None)
    assert all(map(math.isnan, safe_interval([-1e300], [1e-300])))
    assert safe_interval([1e300], [1e-300]) == (None, None)


@pytest.mark.parametrize(
    ("intercepts", "slopes", "message"),
    [
        ([np.nan], [1.0], "intercepts must be finite, got nan"),
        ([1.0], [np.inf], "slopes must be finite, got inf"),
        ([], [], r"lists of equal, positive length, got shapes \(0,\) and \(0,\)"),
        ([1.0, 2.0], [1.0], r"got shapes \(2,\) and \(1,\)"),
        (1.0, 1.0, r"got shapes \(\) and \(\)"),
    ],
)
def test_bad_lines_are_named(intercepts, slopes, message):
    with pytest.raises(ValueError, match=message):
        safe_interval(intercepts, slopes)
