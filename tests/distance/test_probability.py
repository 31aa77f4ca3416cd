"""Probabilities of liquidation: the design table, simulation, quadrature, limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import integrate, stats

from cascadelab.distance.probability import joint_probability, liquidation_probability, tail_dependence

Z = [7.0513, 5.3922, 4.8246, 4.4052, 4.0791, 3.9855]
GAUSSIAN = [8.864e-13, 3.481e-8, 7.016e-7, 5.284e-6, 2.260e-5, 3.367e-5]
STUDENT_4 = [2.841e-4, 7.939e-4, 1.206e-3, 1.691e-3, 2.241e-3, 2.438e-3]


def test_table_of_probabilities():
    # half a unit of the last digit of z, times the hazard rate of about z, and of the printed probability
    assert_allclose(liquidation_probability(Z), GAUSSIAN, rtol=4.5e-4)
    assert_allclose(liquidation_probability(Z, 4), STUDENT_4, rtol=3e-4)


def test_scalar_in_python_float_out():
    assert type(liquidation_probability(2.0)) is float
    assert type(liquidation_probability(2.0, 5)) is float
    assert type(joint_probability([1.0, 2.0], 0.5)) is float
    assert type(tail_dependence(0.5, 4)) is float


@given(st.floats(-30, 30))
def test_probability_matches_the_distribution_functions(z):
    assert liquidation_probability(z) == pytest.approx(stats.norm.sf(z), rel=1e-12)
    assert liquidation_probability(z, 4) == pytest.approx(stats.t.sf(z * np.sqrt(2), 4), rel=1e-10)


def test_student_has_the_variance_of_the_gaussian():
    # If the loss in standard deviations is X, E[X²] = 2 ∫ x P(X > x) dx over both tails = 1
    second_moment = 4 * integrate.quad(lambda x: x * liquidation_probability(x, 5), 0, np.inf)[0]
    assert second_moment == pytest.approx(1.0, rel=1e-8)


def test_simulated_student_liquidations_match():
    rng = np.random.default_rng(3)
    draws = rng.standard_t(4, size=1_000_000) * np.sqrt(2 / 4)  # scaled to variance one
    expected = liquidation_probability(4.4052, 4)
    assert abs((draws < -4.4052).mean() - expected) < 4 * np.sqrt(expected / len(draws))


@given(st.floats(2.0, 10.0), st.floats(2.1, 200.0))
def test_fat_tails_make_far_liquidations_more_likely(z, nu):
    if z > 3.2:
        assert liquidation_probability(z, nu) > liquidation_probability(z)


def test_student_approaches_the_gaussian():
    assert liquidation_probability(3.0, 1e7) == pytest.approx(liquidation_probability(3.0), rel=1e-5)


def test_nearer_than_about_two_sigma_the_gaussian_is_the_more_pessimistic():
    assert liquidation_probability(1.0, 4) < liquidation_probability(1.0)


def test_infinite_distances_are_certain():
    assert liquidation_probability([np.inf, -np.inf, 0.0]).tolist() == [0.0, 1.0, 0.5]
    assert liquidation_probability([np.inf, -np.inf, 0.0], 4).tolist() == [0.0, 1.0, 0.5]
    assert liquidation_probability(np.inf) == 0.0


@pytest.mark.parametrize("nu", [2.0, 1.0, -3.0])
def test_degrees_of_freedom_must_leave_a_variance(nu):
    with pytest.raises(ValueError, match="degrees_of_freedom must be above 2, got"):
        liquidation_probability(1.0, nu)
    with pytest.raises(ValueError, match="degrees_of_freedom must be above 2, got"):
        tail_dependence(0.5, [5.0, nu])


@pytest.mark.parametrize("z", [np.nan, [1.0, np.nan], [np.inf, np.nan], "far", None])
def test_distance_must_be_a_number(z):
    with pytest.raises(ValueError, match="z must be"):
        liquidation_probability(z)


def test_degrees_of_freedom_must_be_finite():
    with pytest.raises(ValueError, match="degrees_of_freedom must be finite, got nan"):
        liquidation_probability(1.0, np.nan)


@pytest.mark.unmeasured
@settings(deadline=None)
@given(st.floats(-4, 4), st.floats(-4, 4), st.floats(-0.95, 0.95))
def test_joint_probability_matches_quadrature(z1, z2, rho):
    # condition on the first: ∫ φ(x) Φ((−z2 − ρx)/√(1−ρ²)) dx below −z1
    value, _ = integrate.quad(
        lambda x: stats.norm.pdf(x) * stats.norm.cdf((-z2 - rho * x) / np.sqrt(1 - rho**2)), -12, -z1, epsabs=1e-13,
        limit=200, points=[min(max(-z2 / rho, -12), -z1)] if abs(rho) > 0.1 else None,
    )  # fmt: skip
    assert joint_probability([z1, z2], rho) == pytest.approx(value, abs=1e-11)


def test_joint_probability_matches_a_simulation():
    rng = np.random.default_rng(8)
    x = rng.multivariate_normal([0, 0], [[1, 0.7], [0.7, 1]], size=400_000)
    hits = ((x[:, 0] < -1.2) & (x[:, 1] < -0.8)).mean()
    expected = joint_probability([1.2, 0.8], 0.7)
    assert abs(hits - expected) < 4 * np.sqrt(expected / len(x))


@given(st.floats(-1, 1))
def test_on_both_hyperplanes_it_is_a_quarter_plus_the_arcsine(rho):
    assert joint_probability([0.0, 0.0], rho) == pytest.approx(0.25 + np.arcsin(rho) / (2 * np.pi), abs=1e-14)


@given(st.floats(-4, 4))
def test_accounts_that_move_as_one_fall_as_one(z):
    assert joint_probability([z, z], 1.0) == pytest.approx(liquidation_probability(z), rel=1e-9)
    assert joint_probability([z, -z], -1.0) == pytest.approx(0.0, abs=1e-9)


@given(st.floats(-4, 4), st.floats(-4, 4))
def test_limits_of_perfect_correlation(z1, z2):
    first, second = liquidation_probability(z1), liquidation_probability(z2)
    assert joint_probability([z1, z2], 0.0) == pytest.approx(first * second, rel=1e-12)
    assert joint_probability([z1, z2], 1.0) == pytest.approx(min(first, second), abs=1e-15)
    assert joint_probability([z1, z2], -1.0) == pytest.approx(max(first + second - 1, 0), abs=1e-15)
    assert joint_probability([z1, z2], 1 - 1e-15) == pytest.approx(min(first, second), abs=1e-7)


@pytest.mark.parametrize("rho", [-1.0, -0.4, 0.0, 0.9, 1.0])
def test_an_account_at_infinite_distance_leaves_the_other_alone(rho):
    assert joint_probability([np.inf, 1.0], rho) == pytest.approx(0.0, abs=1e-15)
    assert joint_probability([-np.inf, 1.0], rho) == pytest.approx(stats.norm.cdf(-1))
    assert joint_probability([-np.inf, -np.inf], rho) == pytest.approx(1.0)
    assert joint_probability([-np.inf, np.inf], rho) == pytest.approx(0.0, abs=1e-15)


def test_joint_probability_rises_with_correlation_and_broadcasts():
    together = joint_probability([[[2.0, 2.5]], [[3.0, 2.5]]], np.linspace(-1, 1, 21))
    assert together.shape == (2, 21)
    assert (np.diff(together) > 0).any()
    assert (np.diff(together) >= -1e-15).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([np.nan, 1.0], 0.5), "z must be finite"),
        (([1.0, 1.0], 1.01), r"liquidation_correlation must be in \[-1, 1\], got 1.01"),
        ((1.0, 0.5), r"z must have shape \(…, 2\), got \(\)"),
        (([1.0, 2.0, 3.0], 0.5), r"z must have shape \(…, 2\), got \(3,\)"),
        ((np.ones((2, 2)), [0.1, 0.2, 0.3]), "the shapes do not broadcast"),
    ],
)
def test_bad_pairs_stay_outside(arguments, message):
    with pytest.raises(ValueError, match=message):
        joint_probability(*arguments)


def test_tail_dependence_is_the_limit_of_a_conditional_probability():
    # bivariate t = normal pair over a common √(χ²/ν); far out, P(Y < q | X < q) settles at χ
    rng = np.random.default_rng(5)
    size, nu, rho = 2_000_000, 3, 0.5
    common = np.sqrt(nu / rng.chisquare(nu, size))
    x = rng.standard_normal(size)
    y = rho * x + np.sqrt(1 - rho**2) * rng.standard_normal(size)
    x, y = x * common, y * common
    far = x < stats.t.ppf(5e-4, nu)
    estimate = (y[far] < stats.t.ppf(5e-4, nu)).mean()
    assert abs(estimate - tail_dependence(rho, nu)) < 4 * np.sqrt(0.25 / far.sum())


def test_tail_dependence_ends():
    assert_allclose(tail_dependence([-1.0, 1.0], 4), [0.0, 1.0], atol=1e-15)
    assert tail_dependence(0.7, 1e6) < 1e-100  # the Gaussian limit: none
