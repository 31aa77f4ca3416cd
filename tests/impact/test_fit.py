import numpy as np
import pytest

from cascadelab.impact import PowerLaw, bootstrap_exponent, fit_power_law

SIZES = np.geomspace(1.0, 1000.0, 40)


def test_line_through_points_on_a_power_law():
    line = fit_power_law(SIZES, 0.003 * SIZES**0.7)
    assert (line.exponent, line.prefactor, line.points) == (pytest.approx(0.7), pytest.approx(0.003), 40)
    assert line.standard_error == pytest.approx(0.0, abs=1e-12)
    assert line.cost(10.0) == pytest.approx(0.003 * 10**0.7)
    assert line.cost([1.0, 10.0]).shape == (2,)


def test_line_and_its_error_are_those_of_numpy():
    rng = np.random.default_rng(3)
    cost = 0.01 * SIZES**0.5 * np.exp(rng.normal(0, 0.3, 40))
    line = fit_power_law(SIZES, cost)
    (exponent, level), covariance = np.polyfit(np.log(SIZES), np.log(cost), 1, cov=True)
    assert line.exponent == pytest.approx(exponent)
    assert line.prefactor == pytest.approx(np.exp(level))
    assert line.standard_error == pytest.approx(np.sqrt(covariance[0, 0]))


@pytest.mark.unmeasured
def test_both_intervals_hold_the_true_exponent_about_as_often_as_they_say():
    rng = np.random.default_rng(4)
    by_error = by_draws = 0
    for _ in range(200):
        cost = 0.01 * SIZES**0.5 * np.exp(rng.normal(0, 0.3, 40))
        line = fit_power_law(SIZES, cost)
        low, high = bootstrap_exponent(SIZES, cost, rng, draws=200)
        by_error += abs(line.exponent - 0.5) <= 2.024 * line.standard_error  # t, 38 degrees of freedom
        by_draws += low <= 0.5 <= high
    assert 182 <= by_error <= 198  # 95 % of 200, three standard errors
    assert 174 <= by_draws <= 198


def test_two_points_have_no_error_bar():
    line = fit_power_law([1.0, 4.0], [0.01, 0.02])
    assert line.exponent == pytest.approx(0.5)
    assert np.isnan(line.standard_error)


def test_draws_with_a_single_size_are_drawn_again():
    low, high = bootstrap_exponent([1.0, 4.0], [0.01, 0.02], np.random.default_rng(0), draws=100)
    assert (low, high) == (pytest.approx(0.5), pytest.approx(0.5))


def test_the_same_seed_gives_the_same_interval():
    intervals = [bootstrap_exponent(SIZES, SIZES, np.random.default_rng(7), draws=20) for _ in range(2)]
    assert intervals[0] == intervals[1]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fit_power_law([1.0, 0.0], [1.0, 1.0]), "notional must be positive, got 0"),
        (lambda: fit_power_law([1.0, 2.0], [1.0, np.nan]), "relative_impact must be finite, got nan"),
        (lambda: fit_power_law([1.0, 2.0], [1.0, 1.0, 1.0]), "do not broadcast"),
        (lambda: fit_power_law([2.0, 2.0], [1.0, 1.0]), "at least two different sizes"),
        (lambda: fit_power_law(2.0, 1.0), "at least two different sizes"),
        (lambda: bootstrap_exponent([1, 2], [1, 2], np.random.default_rng(0), draws=0), "draws must be at least 1"),
        (lambda: bootstrap_exponent([1, 2], [1, 2], np.random.default_rng(0), level=1.0), r"level must be in \(0, 1\)"),
        (lambda: PowerLaw(1.0, 1.0, 0.0, 2).cost(0.0), "notional must be positive, got 0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
