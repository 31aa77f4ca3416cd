"""Covariance matrices: what is built is what was asked for, and what is not a covariance stays outside."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from cascadelab.distance.covariance import checked, covariance_matrix, equal_correlation, exposures, variance


def test_equal_correlation_has_ones_on_the_diagonal_and_rho_elsewhere():
    assert_array_equal(equal_correlation(3, 0.4), [[1, 0.4, 0.4], [0.4, 1, 0.4], [0.4, 0.4, 1]])


def test_equal_correlation_stacks_one_matrix_for_each_rho():
    stack = equal_correlation(2, [[0.1, 0.2, 0.3]])
    assert stack.shape == (1, 3, 2, 2)
    assert_array_equal(stack[0, :, 0, 1], [0.1, 0.2, 0.3])


@given(st.integers(2, 6))
def test_equal_correlation_reaches_down_to_its_lower_bound(size):
    lowest = np.linalg.eigvalsh(equal_correlation(size, -1 / (size - 1)))[0]
    assert lowest == pytest.approx(0, abs=1e-14)


@pytest.mark.parametrize("size", [0, -1, 2.0, True, "2"])
def test_size_must_be_a_positive_whole_number(size):
    with pytest.raises(ValueError, match="size must be a whole number of at least 1"):
        equal_correlation(size, 0.5)


def test_correlation_of_many_assets_has_a_floor():
    with pytest.raises(ValueError, match=r"correlation of 3 assets must be at least -0\.5, got -0\.6"):
        equal_correlation(3, [0.2, -0.6])


@pytest.mark.parametrize("rho", [1.1, -1.0001])
def test_correlation_must_lie_between_minus_one_and_one(rho):
    with pytest.raises(ValueError, match=r"correlation must be in \[-1, 1\], got"):
        equal_correlation(2, rho)


def test_covariance_is_correlation_times_volatility_times_time():
    sigma = covariance_matrix([0.8, 1.0], 0.5, horizon=0.25)
    assert_allclose(sigma, [[0.16, 0.1], [0.1, 0.25]])


def test_covariance_takes_a_correlation_matrix_and_a_stack_of_horizons():
    rho = [[1, 0.2, 0.1], [0.2, 1, -0.3], [0.1, -0.3, 1]]
    sigma = covariance_matrix([0.5, 1.0, 2.0], rho, horizon=[1.0, 4.0])
    assert sigma.shape == (2, 3, 3)
    assert_allclose(sigma[1], 4 * sigma[0])
    assert sigma[0, 1, 2] == pytest.approx(-0.6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0.8, 0.5), "volatility must have one entry for each asset"),
        (([0.8, 0.0], 0.5), "volatility must be positive, got 0"),
        (([0.8, -0.1], 0.5), "volatility must be positive, got -0.1"),
        (([0.8, np.nan], 0.5), "volatility must be finite, got nan"),
        (([0.8, 1.0], 1.5), r"correlation must be in \[-1, 1\], got 1.5"),
        (([0.8, 1.0], np.nan), "correlation must be finite"),
        (([0.8, 1.0], 0.5, 0.0), "horizon must be positive, got 0"),
        (([0.8, 1.0], [[2.0, 0.5], [0.5, 1.0]]), r"correlation must be in \[-1, 1\], got 2"),
        (([0.8, 1.0], [[0.9, 0.5], [0.5, 1.0]]), "correlation must have ones on its diagonal"),
        (([0.8, 1.0], [[1.0, 0.5], [0.4, 1.0]]), "correlation must be symmetric"),
        (([0.8, 1.0], np.eye(3)), r"correlation must have shape \(…, 2, 2\), got \(3, 3\)"),
        (([0.8, 1.0], [0.5, 0.5]), r"correlation must have shape \(…, 2, 2\), got \(2,\)"),
        (([1.0, 1.0, 1.0], [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]), "with the eigenvalue -0.8"),
    ],
)
def test_what_makes_no_covariance_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        covariance_matrix(*arguments)


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[-1.0, 0.0], [0.0, 1.0]], "got the variance -1"),
        ([[1.0, 2.0], [2.0, 1.0]], r"got a correlation outside \[-1, 1\]"),
        ([[0.0, 1e-9], [1e-9, 1.0]], r"got a correlation outside \[-1, 1\]"),
        ([[1e-8, 2e-8, 0], [2e-8, 1e-8, 0], [0, 0, 1e4]], r"got a correlation outside \[-1, 1\]"),
        ([[1.0, 0.5], [0.3, 1.0]], "covariance must be symmetric"),
        ([1.0, 0.5], "covariance must have shape"),
    ],
)
def test_an_indefinite_matrix_is_refused_even_between_small_assets(matrix, message):
    with pytest.raises(ValueError, match=message):
        checked("covariance", matrix, len(matrix))


def test_an_asset_that_never_moves_is_allowed():
    assert_array_equal(checked("covariance", [[0.0, 0.0], [0.0, 4.0]], 2), [[0, 0], [0, 4]])


def test_the_rounding_error_of_a_perfect_hedge_counts_as_zero():
    sigma = covariance_matrix([0.1, 0.3], 1.0)
    assert variance(np.array([3.0, -1.0]), sigma) == 0.0
    assert variance(np.array([3.0, -1.001]), sigma) > 0.0


@pytest.mark.parametrize("value", [1.0, []])
def test_exposures_need_an_asset(value):
    with pytest.raises(ValueError, match="normal must have one entry for each asset"):
        exposures("normal", value)
