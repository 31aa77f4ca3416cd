"""The displayed formula is the tested formula: every expression of theory.py against its number."""

import numpy as np
import pytest
import sympy as sp
from scipy import integrate, special, stats

from cascadelab.distance import theory
from cascadelab.distance.correlation import conditional_correlation, unconditional_correlation
from cascadelab.distance.covariance import covariance_matrix, equal_correlation
from cascadelab.distance.passage import (
    MONITORING_SHIFT,
    first_passage_probability,
    max_leverage,
    monitored_barrier,
    portfolio_first_passage,
)
from cascadelab.distance.probability import joint_probability, liquidation_probability, tail_dependence
from cascadelab.distance.sigma import (
    correlation_slope,
    liquidation_correlation,
    margin_shortfall,
    reverse_stress,
    sigma_distance,
)

SYMBOLS = (theory.surplus, theory.w_a, theory.w_b, theory.s_a, theory.s_b, theory.rho)


@pytest.fixture
def accounts():
    """Fifty random two-asset accounts: S, w, σ (over the horizon), ρ, and the arguments of the number functions."""
    rng = np.random.default_rng(20)
    surplus, w, sigma = rng.uniform(-20, 80, 50), rng.normal(size=(50, 2)) * 100, rng.uniform(0.01, 0.2, (50, 2))
    rho = rng.uniform(-0.95, 0.95, 50)
    covariance = covariance_matrix(sigma, equal_correlation(2, rho))
    values = (surplus, w[:, 0], w[:, 1], sigma[:, 0], sigma[:, 1], rho)
    return values, (w, w.sum(axis=1) - surplus, np.ones(2), covariance)


def numbers(expression, *symbols):
    """Turn a displayed expression, with its named distribution functions, into a numerical function."""
    erf_form = {
        sp.Function("Phi"): lambda x: sp.erfc(-x / sp.sqrt(2)) / 2,
        sp.Function(r"\Phi^{-1}"): lambda u: sp.sqrt(2) * sp.erfinv(2 * u - 1),
        sp.Function(r"t_{\nu}"): lambda x: sp.Function("stdtr")(theory.nu, x),
        sp.Function(r"t_{\nu+1}"): lambda x: sp.Function("stdtr")(theory.nu + 1, x),
    }
    for function, replacement in erf_form.items():
        expression = expression.replace(function, replacement)
    return sp.lambdify(symbols, expression, modules=[{"stdtr": special.stdtr}, "scipy", "numpy"])


def test_sigma_distance(accounts):
    values, arguments = accounts
    np.testing.assert_allclose(
        numbers(theory.sigma_distance(), *SYMBOLS)(*values), sigma_distance(*arguments), rtol=1e-10
    )


def test_surplus_after_returns_is_zero_at_the_reverse_stress(accounts):
    values, arguments = accounts
    scenario = np.squeeze(numbers(theory.reverse_stress(), *SYMBOLS)(*values)).T
    np.testing.assert_allclose(scenario, reverse_stress(*arguments), rtol=1e-9)
    after = numbers(theory.surplus_after_returns(), theory.surplus, theory.w_a, theory.w_b, theory.r_a, theory.r_b)
    np.testing.assert_allclose(after(*values[:3], *scenario.T), 0, atol=1e-9)


def test_stationary_point_satisfies_the_lagrangian():
    r = theory.reverse_stress()
    expected = -theory.surplus * theory.covariance() * sp.Matrix([theory.w_a, theory.w_b]) / theory.surplus_variance()
    assert sp.simplify(r - expected) == sp.zeros(2, 1)
    slopes = [sp.diff(theory.lagrangian(), x) for x in (theory.r_a, theory.r_b)]
    multiplier = sp.solve(slopes[0], theory.y)[0]
    at_point = slopes[1].subs(theory.y, multiplier).subs({theory.r_a: r[0], theory.r_b: r[1]})
    assert sp.simplify(at_point) == 0


def test_length_of_the_reverse_stress_is_the_squared_distance():
    assert sp.simplify(theory.reverse_stress_length() - theory.sigma_distance() ** 2) == 0


def test_variance_is_the_quadratic_form(accounts):
    values, (w, _, _, covariance) = accounts
    expected = np.einsum("ia,iab,ib->i", w, covariance, w)
    np.testing.assert_allclose(numbers(theory.surplus_variance(), *SYMBOLS)(*values), expected, rtol=1e-10)


def test_correlation_slope(accounts):
    values, arguments = accounts
    slope = numbers(theory.correlation_slope(), *SYMBOLS, theory.z)
    np.testing.assert_allclose(
        slope(*values, sigma_distance(*arguments)), correlation_slope(*arguments)[:, 0, 1], rtol=1e-9
    )


def test_probabilities():
    z, nu = np.linspace(-2, 6, 9), np.linspace(2.5, 30, 9)
    np.testing.assert_allclose(
        numbers(theory.gaussian_probability(), theory.z)(z), liquidation_probability(z), rtol=1e-12
    )
    student = numbers(theory.student_probability(), theory.z, theory.nu)
    np.testing.assert_allclose(student(z, nu), liquidation_probability(z, nu), rtol=1e-12)


def test_student_variance():
    assert theory.student_variance() == theory.nu / (theory.nu - 2)
    assert stats.t.var(5) == pytest.approx(float(theory.student_variance().subs(theory.nu, 5)))


def test_liquidation_correlation_with_an_account_in_the_second_asset_only(accounts):
    values, (w, _, _, covariance) = accounts
    pairs = np.stack([w, np.broadcast_to([0.0, 3.0], w.shape)], axis=1)
    expected = liquidation_correlation(pairs, covariance)[:, 0, 1]
    np.testing.assert_allclose(numbers(theory.liquidation_correlation(), *SYMBOLS)(*values), expected, rtol=1e-10)


def test_joint_probability_grows_by_the_density():
    rho_12, z_1, z_2 = theory.rho_12, theory.z_1, theory.z_2
    density = numbers(theory.joint_probability_slope(), z_1, z_2, rho_12)
    total = integrate.quad(lambda s: density(1.1, 0.4, s), -0.3, 0.8, epsabs=1e-13)[0]
    assert total == pytest.approx(joint_probability([1.1, 0.4], 0.8) - joint_probability([1.1, 0.4], -0.3), abs=1e-12)
    assert density(1.1, 0.4, 0.8) == pytest.approx(stats.multivariate_normal(cov=[[1, 0.8], [0.8, 1]]).pdf([1.1, 0.4]))


def test_tail_dependence():
    rho, nu = np.linspace(-0.9, 0.95, 7), np.linspace(2.5, 12, 7)
    expression = numbers(theory.tail_dependence(), theory.rho_12, theory.nu)
    np.testing.assert_allclose(expression(rho, nu), tail_dependence(rho, nu), rtol=1e-12)


def test_margin_shortfall():
    before, after = np.array([0.3, 0.6, 0.95]), np.array([0.95, 0.95, 0.2])
    expected = margin_shortfall([1.0, 1.0], equal_correlation(2, before), equal_correlation(2, after))
    expression = numbers(theory.margin_shortfall(), theory.rho, theory.rho_after)
    np.testing.assert_allclose(expression(before, after), expected, rtol=1e-12)


@pytest.mark.parametrize(("side", "barrier"), [(1, [60.0, 85.0, 99.0]), (-1, [101.0, 115.0, 180.0])])
@pytest.mark.parametrize("drift", [-0.5, 0.0, 1.0])
def test_first_passage_below_and_above_where_the_log_drift_changes_its_sign(drift, side, barrier):
    expression = theory.first_passage_probability().subs(theory.v, side * theory.log_drift())
    function = numbers(expression, theory.a, theory.sigma, theory.horizon, theory.mu)
    barrier = np.array(barrier)
    np.testing.assert_allclose(
        function(np.abs(np.log(100 / barrier)), 0.8, 0.1, drift),
        first_passage_probability(100, barrier, 0.8, 0.1, drift),
        rtol=1e-10,
    )


@pytest.mark.unmeasured
def test_first_passage_solves_the_backward_equation():
    p = theory.first_passage_probability().replace(sp.Function("Phi"), lambda x: sp.erfc(-x / sp.sqrt(2)) / 2)
    a, v, sigma, horizon = theory.a, theory.v, theory.sigma, theory.horizon
    flow = sp.diff(p, horizon) - v * sp.diff(p, a) - sigma**2 / 2 * sp.diff(p, a, 2)
    assert sp.simplify(flow) == 0
    assert sp.simplify(p.subs(a, 0)) == 1


def test_mirror_factor_and_reflection_agree_without_drift():
    assert theory.mirror_factor() == sp.exp(-2 * theory.a * theory.v / theory.sigma**2)
    assert sp.simplify(theory.first_passage_probability().subs(theory.v, 0) - theory.reflection()) == 0
    no_drift = theory.first_passage_probability().subs(theory.v, 0)
    assert no_drift == 2 * theory.Phi(-theory.a / (theory.sigma * sp.sqrt(theory.horizon)))


def test_portfolio_first_passage():
    z = np.linspace(0.1, 5, 9)
    np.testing.assert_allclose(
        numbers(theory.portfolio_first_passage(), theory.z)(z), portfolio_first_passage(z), rtol=1e-12
    )


def test_touched_density_integrates_to_the_second_term():
    at = {theory.a: 0.2, theory.v: -0.3, theory.sigma: 0.8, theory.horizon: 0.1}
    density = numbers(theory.touched_density().subs(at), theory.log_return)
    total = integrate.quad(density, -0.2, 5)[0]
    second = theory.first_passage_probability().args[1].subs(at)
    first = theory.first_passage_probability().args[0].subs(at)
    expected = {float(numbers(term)()) for term in (first, second)}
    assert any(total == pytest.approx(value, rel=1e-8) for value in expected)


def test_max_leverage():
    expression = numbers(theory.max_leverage(), theory.m, theory.sigma, theory.horizon, theory.probability)
    arguments = (np.array([0.005, 0.01]), np.array([0.8, 0.5]), np.array([1, 30]) / 365, np.array([0.01, 0.05]))
    np.testing.assert_allclose(expression(*arguments), max_leverage(*arguments), rtol=1e-10)


def test_monitored_barrier():
    expression = numbers(theory.monitored_barrier(), theory.barrier, theory.sigma, theory.interval)
    barrier, step = np.array([60.0, 85.0]), np.array([1, 7]) / 365
    np.testing.assert_allclose(expression(barrier, 0.8, step), monitored_barrier(100, barrier, 0.8, step), rtol=1e-12)


def test_monitoring_shift_is_the_limit_of_the_mean_maximum_gap():
    """Spitzer: mean maximum of Brownian motion less that of its n steps, in standard deviations of one step."""
    for n in (100, 400, 10_000):
        gap = np.sqrt(2 * n / np.pi) - (1 / np.sqrt(2 * np.pi * np.arange(1, n + 1))).sum()
        # Euler–Maclaurin: what is left after n steps, up to terms of order n^{-7/2}
        rest = 1 / np.sqrt(8 * np.pi * n) - 1 / (24 * np.sqrt(2 * np.pi) * n**1.5)
        assert gap == pytest.approx(MONITORING_SHIFT - rest, abs=1e-8)


def test_forbes_rigobon_both_ways():
    rho, ratio = np.array([-0.5, 0.3, 0.9]), np.array([4.0, 0.5, 10.0])
    there = numbers(theory.conditional_correlation(), theory.rho, theory.theta)(rho, ratio)
    np.testing.assert_allclose(there, conditional_correlation(rho, ratio), rtol=1e-12)
    back = numbers(theory.unconditional_correlation(), theory.rho_theta, theory.theta)
    np.testing.assert_allclose(back(there, ratio), rho, rtol=1e-10)
    np.testing.assert_allclose(unconditional_correlation(there, ratio), rho, rtol=1e-10)


def test_squared_correlation_is_the_explained_share():
    rng = np.random.default_rng(21)
    x, noise = rng.normal(size=(2, 200_000))
    values = {r"\beta": 0.7, "V_A": 1.0, r"V_{\varepsilon}": 0.25}
    formula = theory.squared_correlation()
    share = float(formula.subs({s: values[s.name] for s in formula.free_symbols}))
    seen = np.corrcoef(x, 0.7 * x + 0.5 * noise)[0, 1] ** 2
    assert abs(seen - share) < 4 * 2 * np.sqrt(share) * (1 - share) / np.sqrt(len(x))


def test_where_the_noise_grew_too_only_the_ratio_of_the_growths_counts():
    growth = sp.Symbol("g", positive=True)
    grown = {theory.variance_a: theory.theta * theory.variance_a, theory.variance_noise: growth * theory.variance_noise}
    seen = theory.squared_correlation().subs(grown, simultaneous=True)
    formula = theory.conditional_correlation().subs(theory.theta, theory.theta / growth) ** 2
    assert sp.simplify(seen - formula.subs(theory.rho, sp.sqrt(theory.squared_correlation()))) == 0
