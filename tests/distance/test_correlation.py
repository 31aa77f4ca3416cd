"""Estimating a correlation: sampling, conditioning, and how sure one may be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from cascadelab.distance.correlation import (
    bootstrap_interval,
    bootstrap_samples,
    conditional_correlation,
    log_returns,
    mean_pairwise_correlation,
    unconditional_correlation,
)
from cascadelab.distance.covariance import equal_correlation

correlations = st.floats(-0.999, 0.999)
ratios = st.floats(0.01, 100)


def test_log_returns_add_up_over_longer_intervals():
    prices = np.exp(np.random.default_rng(1).normal(size=(13, 2)).cumsum(axis=0))
    hourly = log_returns(prices)
    assert hourly.shape == (12, 2)
    assert_allclose(log_returns(prices, every=4), hourly.reshape(3, 4, 2).sum(axis=1))
    assert log_returns(prices, every=5).shape == (2, 2)  # the incomplete third interval is left out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[1.0], [0.0]],), "price must be positive, got 0"),
        (([1.0, 2.0],), r"price must have shape \(T, M\)"),
        (([[1.0], [2.0]], 2), r"price must have shape \(T, M\) with T > 2, got \(2, 1\)"),
        (([[1.0], [2.0]], 0), "every must be a whole number of at least 1, got 0"),
        (([[1.0], [2.0]], 1.5), "every must be a whole number of at least 1, got 1.5"),
        (([[1.0], [2.0]], True), "every must be a whole number of at least 1, got True"),
    ],
)
def test_log_returns_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        log_returns(*arguments)


@given(st.integers(0, 2**32 - 1), st.integers(2, 9))
def test_mean_pairwise_correlation_is_the_mean_over_pairs(seed, assets):
    r = np.random.default_rng(seed).normal(size=(50, assets)) * np.arange(1, assets + 1)
    matrix = np.corrcoef(r.T)
    assert mean_pairwise_correlation(r) == pytest.approx(matrix[np.triu_indices(assets, 1)].mean(), abs=1e-12)


def test_mean_pairwise_correlation_works_on_a_stack():
    stack = np.random.default_rng(2).normal(size=(5, 30, 3))
    assert_allclose(mean_pairwise_correlation(stack), [mean_pairwise_correlation(r) for r in stack])
    assert type(mean_pairwise_correlation(stack[0])) is float


@pytest.mark.parametrize(
    ("returns", "message"),
    [
        ([0.1, 0.2], "returns must have shape"),
        ([[0.1, 0.2]], "returns must have shape"),
        ([[0.1], [0.2]], "returns must have shape"),
        ([[0.1, 0.5], [0.2, 0.5]], "returns must vary for every asset, got a constant column"),
        ([[0.1, 0.5], [np.nan, 0.5]], "returns must be finite, got nan"),
    ],
)
def test_mean_pairwise_correlation_refuses(returns, message):
    with pytest.raises(ValueError, match=message):
        mean_pairwise_correlation(returns)


@given(correlations, ratios)
def test_unconditional_inverts_conditional(rho, theta):
    assert unconditional_correlation(conditional_correlation(rho, theta), theta) == pytest.approx(rho, abs=1e-9)


@given(st.floats(0.01, 0.99), st.floats(1.01, 100))
def test_large_moves_show_a_higher_correlation(rho, theta):
    assert rho < conditional_correlation(rho, theta) < 1


def test_conditioning_leaves_the_ends_alone():
    assert_allclose(conditional_correlation([-1, 0, 1], 9.0), [-1, 0, 1])
    assert conditional_correlation(0.6, 1.0) == pytest.approx(0.6)


@pytest.mark.parametrize("function", [conditional_correlation, unconditional_correlation])
def test_conditioning_refuses(function):
    with pytest.raises(ValueError, match=r"correlation must be in \[-1, 1\], got 1.2"):
        function(1.2, 2.0)
    with pytest.raises(ValueError, match="variance_ratio must be positive, got 0"):
        function(0.5, 0.0)


def test_simulated_selection_shows_exactly_the_forbes_rigobon_rise():
    rng, rho = np.random.default_rng(3), 0.7
    x, noise = rng.standard_normal((2, 400_000))
    y = rho * x + np.sqrt(1 - rho**2) * noise
    chosen = np.abs(x) > 1.5
    theta = x[chosen].var() / x.var()
    seen = np.corrcoef(x[chosen], y[chosen])[0, 1]
    expected = conditional_correlation(rho, theta)
    assert seen > 0.85
    # the selected x is not normal: delta method for the correlation of y = ρx + noise with kurtosis of x far below 3
    error = (1 - expected**2) / np.sqrt(chosen.sum())
    assert abs(seen - expected) < 4 * error


@pytest.mark.unmeasured
def test_bootstrap_interval_covers_the_truth_as_often_as_it_says():
    rng, rho, covered, worlds = np.random.default_rng(4), 0.7, 0, 200
    for _ in range(worlds):
        pair = rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], size=200)
        low, high = bootstrap_interval(pair, mean_pairwise_correlation, rng, block=4, repeats=300, level=0.9)
        covered += low < rho < high
    assert abs(covered / worlds - 0.9) < 4 * np.sqrt(0.9 * 0.1 / worlds)


def test_blocks_widen_the_interval_of_the_mean_of_a_persistent_series():
    rng = np.random.default_rng(5)
    x = np.zeros(600)
    for t in range(1, 600):
        x[t] = 0.9 * x[t - 1] + rng.standard_normal()

    def width(block):
        rng = np.random.default_rng(6)
        low, high = bootstrap_interval(x[:, None], lambda r: r.mean(axis=(-2, -1)), rng, block=block)
        return high - low

    assert width(40) > 2 * width(1)


def test_with_eight_blocks_the_nominal_level_is_not_reached():
    """T = 48 hours, twelve assets: what the docstring of bootstrap_interval says."""
    rng, covered, worlds = np.random.default_rng(9), 0, 200
    root = np.linalg.cholesky(equal_correlation(12, 0.7))
    for _ in range(worlds):
        returns = rng.standard_normal((48, 12)) @ root.T
        low, high = bootstrap_interval(returns, mean_pairwise_correlation, rng, block=6, repeats=300)
        covered += low < 0.7 < high
    assert 0.8 < covered / worlds < 0.92


def test_bootstrap_is_reproducible_and_the_interval_holds_its_share_of_the_samples():
    r = np.random.default_rng(7).normal(size=(60, 3))
    first = bootstrap_interval(r, mean_pairwise_correlation, np.random.default_rng(8), block=7, repeats=100)
    assert first == bootstrap_interval(r, mean_pairwise_correlation, np.random.default_rng(8), block=7, repeats=100)
    samples = bootstrap_samples(r, mean_pairwise_correlation, np.random.default_rng(8), block=7, repeats=100)
    assert ((samples > first[0]) & (samples < first[1])).mean() == pytest.approx(0.94, abs=0.011)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"returns": [0.1, 0.2]}, r"returns must have shape \(T, M\)"),
        ({"returns": [[0.1, 0.2]] * 3}, r"returns must have shape \(T, M\) with T ≥ 4"),
        ({"returns": [[0.1, np.nan], [0, 1]]}, "returns must be finite"),
        ({"block": 0}, "block must be a whole number of at least 1, got 0"),
        ({"block": 3}, "block must be at most 2, a quarter of the rows, got 3"),
        ({"repeats": 0}, "repeats must be a whole number of at least 1, got 0"),
        ({"level": 1.0}, r"level must be in \(0, 1\), got 1"),
    ],
)
def test_bootstrap_refuses(changes, message):
    settings = {"returns": np.random.default_rng(2).normal(size=(8, 2)), "block": 2} | changes
    with pytest.raises(ValueError, match=message):
        bootstrap_interval(statistic=mean_pairwise_correlation, rng=np.random.default_rng(1), **settings)


@pytest.mark.parametrize("constant", [0.1, 0.01, 0.3])
@pytest.mark.parametrize("rows", [3, 7, 48])
def test_a_constant_column_is_refused_although_its_mean_is_rounded(constant, rows):
    returns = np.column_stack([np.full(rows, constant), np.random.default_rng(1).normal(size=rows)])
    with pytest.raises(ValueError, match="returns must vary for every asset"):
        mean_pairwise_correlation(returns)


def test_log_returns_of_an_exact_trend_are_refused():
    prices = np.column_stack([np.exp(0.01 * np.arange(49)), np.exp(np.random.default_rng(1).normal(size=49))])
    with pytest.raises(ValueError, match="returns must vary for every asset"):
        mean_pairwise_correlation(log_returns(prices))


@pytest.mark.parametrize("variance_ratio", [1e-14, 1e-6, 4.0, 1e12])
@pytest.mark.parametrize("correlation", [-1.0, 1.0])
def test_conditioning_leaves_a_perfect_correlation_perfect(correlation, variance_ratio):
    assert conditional_correlation(correlation, variance_ratio) == correlation
