"""First passage: published and design figures, bridges, quadrature, extremes."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from cascadelab.account import liquidation_price
from cascadelab.distance.passage import (
    MONITORING_SHIFT,
    first_passage_probability,
    max_leverage,
    monitored_barrier,
    portfolio_first_passage,
)
from cascadelab.distance.probability import liquidation_probability

WEEK = 7 / 365


def bridged(rng, paths, steps, barrier, volatility, horizon, drift):
    """Estimate of the first passage from p₀ = 1: a walk of log prices, with Brownian bridges between its points.

    Each path contributes its exact probability of touching given its points, so the estimate has no step error.
    """
    dt = horizon / steps
    increments = (drift - volatility**2 / 2) * dt + volatility * np.sqrt(dt) * rng.standard_normal((paths, steps))
    x = np.concatenate([np.zeros((paths, 1)), increments.cumsum(axis=1)], axis=1)
    gap = (x - np.log(barrier)) * np.sign(-np.log(barrier))
    missed = np.where(
        (gap[:, 1:] > 0) & (gap[:, :-1] > 0), -np.expm1(-2 * gap[:, 1:] * gap[:, :-1] / (volatility**2 * dt)), 0.0
    )
    touched = 1 - missed.prod(axis=1)
    return touched.mean(), touched.std() / np.sqrt(paths)


def test_design_figures():
    assert first_passage_probability(100, 85, 0.8, WEEK) == pytest.approx(0.154293, abs=5e-7)
    at_zero_log_drift = first_passage_probability(100, 85, 0.8, WEEK, drift=0.32)
    assert at_zero_log_drift == pytest.approx(0.1424, abs=5e-5)
    ending = liquidation_probability(np.log(100 / 85) / (0.8 * np.sqrt(WEEK)))
    assert ending == pytest.approx(0.0712, abs=5e-5)
    assert at_zero_log_drift == pytest.approx(2 * ending, rel=1e-12)


def test_zero_drift_is_only_almost_twice():
    ending = liquidation_probability((np.log(100 / 85) - 0.32 * WEEK) / (0.8 * np.sqrt(WEEK)))
    assert ending == pytest.approx(0.0790, abs=5e-5)
    assert first_passage_probability(100, 85, 0.8, WEEK) / ending == pytest.approx(1.95, abs=5e-3)


@pytest.mark.parametrize(
    ("barrier", "drift"), [(0.85, 0.0), (0.85, 2.0), (0.85, -2.0), (1.2, 0.0), (1.2, 2.0), (1.2, -3.0)]
)
def test_first_passage_matches_bridged_paths(barrier, drift):
    estimate, error = bridged(np.random.default_rng(6), 20_000, 8, barrier, 0.8, WEEK, drift)
    assert abs(estimate - first_passage_probability(1.0, barrier, 0.8, WEEK, drift)) < 4 * error


@settings(deadline=None)
@given(st.floats(0.01, 3), st.floats(0.01, 2), st.floats(-5, 5), st.booleans())
def test_first_passage_matches_arbitrary_precision(distance, scale, drift, below):
    sigma, horizon = scale, 0.1
    spot, barrier = 100.0, 100.0 * np.exp(-distance if below else distance)
    with mpmath.workdps(60):
        a = abs(mpmath.log(mpmath.mpf(barrier) / spot))
        v = (drift - mpmath.mpf(sigma) ** 2 / 2) * (1 if below else -1)
        root = sigma * mpmath.sqrt(mpmath.mpf(horizon))
        exact = mpmath.ncdf((-a - v * horizon) / root) + mpmath.exp(-2 * v * a / mpmath.mpf(sigma) ** 2) * mpmath.ncdf(
            (-a + v * horizon) / root
        )
        expected = float(exact)
    assert first_passage_probability(spot, barrier, sigma, horizon, drift) == pytest.approx(
        expected, rel=1e-8, abs=1e-280
    )


@given(
    st.floats(1e-6, 1e6), st.floats(1e-6, 1e6), st.floats(1e-6, 1e3), st.floats(1e-9, 1e6), st.floats(-1e6, 1e6)
)  # fmt: skip
def test_extremes_stay_probabilities(spot, barrier, volatility, horizon, drift):
    assert 0.0 <= first_passage_probability(spot, barrier, volatility, horizon, drift) <= 1.0


def test_where_the_product_of_the_textbook_formula_overflows():
    # e^{−2va/σ²} is e^{+1e6} here and its factor Φ is e^{−1e6…}: the sum is a plain 1
    assert first_passage_probability(100.0, 50.0, 0.01, 1.0, drift=-80.0) == pytest.approx(1.0)
    assert first_passage_probability(100.0, 50.0, 0.01, 1.0, drift=80.0) == 0.0
    assert first_passage_probability(100.0, 1e-300, 1e-150, 1e-10, drift=-1e150) == 1.0
    assert first_passage_probability(100.0, 1e-300, 1e-150, 1e-10, drift=1e150) == 0.0


def test_at_the_barrier_it_has_happened():
    assert first_passage_probability(100.0, 100.0, 0.5, 1.0, drift=9.0) == 1.0
    assert first_passage_probability(100.0, [99.9999, 100.0, 100.0001], 0.5, 1.0)[1] == 1.0


@given(st.floats(0.05, 1.5), st.floats(0.2, 1.5), st.floats(0.01, 1))
def test_up_and_down_mirror_each_other_in_log_price(distance, sigma, horizon):
    down = first_passage_probability(1.0, np.exp(-distance), sigma, horizon, drift=sigma**2 / 2 + 0.3)
    up = first_passage_probability(1.0, np.exp(distance), sigma, horizon, drift=sigma**2 / 2 - 0.3)
    assert down == pytest.approx(up, rel=1e-9)


def test_touching_is_at_least_as_likely_as_ending_beyond_and_grows_with_time():
    horizon = np.linspace(0.01, 2, 50)
    touched = first_passage_probability(100, 70, 0.8, horizon)
    ended = liquidation_probability((np.log(100 / 70) - 0.32 * horizon) / (0.8 * np.sqrt(horizon)))
    assert (touched > ended).all()
    assert (np.diff(touched) > 0).all()


def test_portfolio_first_passage_doubles_and_saturates():
    assert_allclose(portfolio_first_passage([2.0, 0.0, -1.0, np.inf]), [2 * liquidation_probability(2.0), 1, 1, 0])
    assert type(portfolio_first_passage(2.0)) is float


def test_portfolio_first_passage_matches_bridged_arithmetic_motion():
    # the surplus itself is a Brownian motion: touch zero from z standard deviations
    rng, z, steps, paths = np.random.default_rng(7), 1.5, 4, 50_000
    s = np.concatenate(
        [np.full((paths, 1), z), z + (rng.standard_normal((paths, steps)) / np.sqrt(steps)).cumsum(axis=1)], axis=1
    )
    missed = np.where((s[:, 1:] > 0) & (s[:, :-1] > 0), -np.expm1(-2 * s[:, 1:] * s[:, :-1] * steps), 0.0).prod(axis=1)
    error = missed.std() / np.sqrt(paths)
    assert abs(1 - missed.mean() - portfolio_first_passage(z)) < 4 * error


@pytest.mark.parametrize("function", [portfolio_first_passage, liquidation_probability])
def test_distance_must_be_a_number(function):
    with pytest.raises(ValueError, match="z must be finite, got nan"):
        function([1.0, np.nan])


def test_max_leverage_design_table():
    table = max_leverage(0.005, [0.8, 0.5, 0.8, 0.5], np.array([1, 1, 7, 30]) / 365, [0.01, 0.01, 0.05, 0.05])
    assert_allclose(table, [9.369, 14.313, 5.020, 4.021], atol=5e-4)


@given(st.floats(0, 0.2), st.floats(0.1, 2), st.floats(0.001, 1), st.floats(1e-6, 0.999))
def test_max_leverage_is_liquidated_exactly_as_often_as_tolerated(m, sigma, horizon, tolerated):
    leverage = max_leverage(m, sigma, horizon, tolerated)
    assert leverage >= 1
    barrier = 100 * (1 - 1 / leverage) / (1 - m)
    if leverage < 1000 and barrier > 1e-6:
        assert barrier == pytest.approx(liquidation_price(1.0, 100.0, 100 / leverage, m))
        touched = first_passage_probability(100.0, barrier, sigma, horizon, drift=sigma**2 / 2)
        assert touched == pytest.approx(tolerated, rel=1e-6)


def test_max_leverage_stays_below_one_over_the_maintenance_rate():
    assert max_leverage(0.005, 0.01, 1e-9, 0.9999) == pytest.approx(200, rel=1e-3)
    assert max_leverage(0.005, 50.0, 100.0, 1e-12) == pytest.approx(1.0)


def test_max_leverage_is_exceeded_at_zero_price_drift():
    """The assumption is zero log drift; the docstring says what zero price drift makes of 5 %."""
    sigma, horizon = 1.1154, 30 / 365
    barrier = 100 * (1 - 1 / max_leverage(0.004, sigma, horizon, 0.05)) / (1 - 0.004)
    assert first_passage_probability(100, barrier, sigma, horizon) == pytest.approx(0.0678, abs=5e-5)
    assert first_passage_probability(100, barrier, sigma, horizon, sigma**2 / 2) == pytest.approx(0.05)


def test_moved_barrier_needs_many_looks():
    """Eight steps away with four looks it gives 0.55 of the truth; with 100 looks it is good to a percent."""
    for distance, looks, ratio in ((8, 4, 0.55), (20, 100, 0.994)):
        x = np.linspace(-50, distance, 1501)  # the walk so far, stopped at the barrier
        kernel = stats.norm.pdf(x[:, None] - x) * (x[1] - x[0])
        kernel[:, -1] /= 2  # trapezoidal rule: the density jumps to zero at the barrier
        alive, seen = stats.norm.pdf(x), stats.norm.sf(distance)
        for _ in range(looks - 1):
            weights = np.where(np.arange(1501) == 1500, 0.5, 1.0) * alive * (x[1] - x[0])
            seen += weights @ stats.norm.sf(distance - x)
            alive = kernel @ alive
        barrier = monitored_barrier(1, np.exp(-distance), 1.0, 1.0)
        moved = first_passage_probability(1, barrier, 1.0, looks, drift=0.5)
        assert moved / seen == pytest.approx(ratio, abs=0.005)


def test_monitored_barrier_moves_away_by_the_published_constant():
    assert pytest.approx(0.5826, abs=5e-5) == MONITORING_SHIFT
    assert monitored_barrier(100, 85, 0.8, 1 / 365) == pytest.approx(
        85 * np.exp(-0.5826 * 0.8 / np.sqrt(365)), rel=1e-6
    )
    assert monitored_barrier(100, [85.0, 120.0], 0.8, 1 / 365)[1] > 120


def test_monitoring_shift_is_minus_zeta_of_one_half():
    exact = -mpmath.zeta(mpmath.mpf(1) / 2) / mpmath.sqrt(2 * mpmath.pi)
    assert pytest.approx(float(exact), abs=2e-16) == MONITORING_SHIFT


@pytest.mark.parametrize(("barrier", "steps"), [(0.85, 42), (1.2, 28), (0.9, 168)])
def test_looking_now_and_then_matches_the_moved_barrier(barrier, steps):
    rng, sigma, paths = np.random.default_rng(9), 0.8, 100_000
    walk = (sigma * np.sqrt(WEEK / steps) * rng.standard_normal((paths, steps))).cumsum(axis=1)
    seen = (walk.min(axis=1) <= np.log(barrier)) if barrier < 1 else (walk.max(axis=1) >= np.log(barrier))
    moved = monitored_barrier(1.0, barrier, sigma, WEEK / steps)
    corrected = first_passage_probability(1.0, moved, sigma, WEEK, drift=sigma**2 / 2)
    continuous = first_passage_probability(1.0, barrier, sigma, WEEK, drift=sigma**2 / 2)
    error = np.sqrt(corrected / paths)
    assert abs(seen.mean() - corrected) < 4 * error
    assert continuous - seen.mean() > 10 * error


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0.0, 85, 0.8, 1), "spot must be positive, got 0"),
        ((100, -85, 0.8, 1), "barrier must be positive, got -85"),
        ((100, 85, 0.0, 1), "volatility must be positive, got 0"),
        ((100, 85, -0.8, 1), "volatility must be positive, got -0.8"),
        ((100, 85, 0.8, 0.0), "horizon must be positive, got 0"),
        ((100, 85, 0.8, 1, np.nan), "drift must be finite, got nan"),
        ((np.inf, 85, 0.8, 1), "spot must be finite, got inf"),
        (([1, 2], [1, 2, 3], 0.8, 1), "the shapes do not broadcast"),
    ],
)
def test_first_passage_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        first_passage_probability(*arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1.0, 0.8, 1, 0.01), r"maintenance_rate must be in \[0, 1\), got 1"),
        ((-0.1, 0.8, 1, 0.01), r"maintenance_rate must be in \[0, 1\), got -0.1"),
        ((0.01, 0, 1, 0.01), "volatility must be positive, got 0"),
        ((0.01, 0.8, -1, 0.01), "horizon must be positive, got -1"),
        ((0.01, 0.8, 1, 0.0), r"probability must be in \(0, 1\), got 0"),
        ((0.01, 0.8, 1, 1.0), r"probability must be in \(0, 1\), got 1"),
        ((0.01, 0.8, 1, 5), r"probability must be in \(0, 1\), got 5"),
    ],
)
def test_max_leverage_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        max_leverage(*arguments)


def test_monitored_barrier_refuses_a_barrier_at_the_spot():
    with pytest.raises(ValueError, match="barrier must differ from the spot, got 100"):
        monitored_barrier(100, [85.0, 100.0], 0.8, 1 / 365)
    with pytest.raises(ValueError, match="interval must be positive, got 0"):
        monitored_barrier(100, 85, 0.8, 0)
