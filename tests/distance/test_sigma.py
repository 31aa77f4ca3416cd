"""The σ-distance and its relatives: against the design table, brute force, simulation, and each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import optimize

from cascadelab.distance.covariance import covariance_matrix, equal_correlation
from cascadelab.distance.probability import liquidation_probability
from cascadelab.distance.sigma import (
    correlation_slope,
    liquidation_correlation,
    margin_shortfall,
    reverse_stress,
    sigma_distance,
)

# An account of the design: q = (3, 20), weights (0.8, 0.75), prices (100, 20), debt 430, daily volatilities 4 and 6 %.
NORMAL, OFFSET, PRICE, DAILY = [2.4, 15.0], 430.0, [100.0, 20.0], [0.04, 0.06]
TABLE = {-0.5: 7.0513, 0.0: 5.3922, 0.3: 4.8246, 0.6: 4.4052, 0.9: 4.0791, 1.0: 3.9855}


@st.composite
def accounts(draw, assets=3):
    """Random admissible accounts: any signs, a covariance of full rank."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    price = rng.uniform(1, 100, assets)
    exposure = rng.normal(size=assets) * 100
    factor = rng.normal(size=(assets, assets)) * 0.05
    sigma = factor @ factor.T + 1e-4 * np.eye(assets)
    surplus = rng.uniform(-50, 200)
    normal = exposure / price
    return normal, normal @ price - surplus, price, sigma


@pytest.mark.parametrize(("rho", "z"), TABLE.items())
def test_table_of_distances_by_correlation(rho, z):
    assert sigma_distance(NORMAL, OFFSET, PRICE, covariance_matrix(DAILY, rho)) == pytest.approx(z, abs=5e-5)


def test_the_table_comes_out_of_one_call():
    stack = equal_correlation(2, list(TABLE)) * np.outer(DAILY, DAILY)
    assert_allclose(sigma_distance(NORMAL, OFFSET, PRICE, stack), list(TABLE.values()), atol=5e-5)


def test_scalar_in_python_float_out():
    assert type(sigma_distance([1.0], 50.0, [100.0], [[0.01]])) is float


def test_one_long_asset_is_the_move_to_its_liquidation_price_over_its_volatility():
    # 1 unit at 100, hyperplane at 80, volatility 5 % of 100: 20/5 = 4
    assert sigma_distance([1.0], 80.0, [100.0], [[0.0025]]) == pytest.approx(4.0)


def test_distance_is_negative_below_the_hyperplane_and_zero_on_it():
    assert sigma_distance([1.0], 110.0, [100.0], [[0.01]]) == pytest.approx(-1.0)
    assert sigma_distance([1.0], 100.0, [100.0], [[0.01]]) == 0.0


def test_an_account_that_does_not_vary_is_infinitely_far_on_its_side():
    hedge, sigma = [3.0, -1.0], covariance_matrix([0.1, 0.3], 1.0)
    z = sigma_distance(hedge, [199.0, 200.0, 201.0], [100.0, 100.0], sigma)
    assert z.tolist() == [np.inf, np.inf, -np.inf]  # at equality the account is safe
    assert np.isnan(reverse_stress(hedge, 199.0, [100.0, 100.0], sigma)).all()
    assert np.isnan(correlation_slope(hedge, 199.0, [100.0, 100.0], sigma)[0, 1])


@given(accounts())
def test_distance_does_not_depend_on_the_unit_of_account(account):
    normal, offset, price, sigma = account
    assert sigma_distance(normal, 7 * offset, 7 * price, sigma) == pytest.approx(
        sigma_distance(normal, offset, price, sigma), rel=1e-9, abs=1e-9
    )


@given(accounts())
def test_reverse_stress_lands_on_the_hyperplane_at_the_length_of_z(account):
    normal, offset, price, sigma = account
    scenario = reverse_stress(*account)
    assert normal @ (price * (1 + scenario)) == pytest.approx(offset, abs=1e-8)
    length = np.sqrt(scenario @ np.linalg.solve(sigma, scenario))
    assert length == pytest.approx(abs(sigma_distance(*account)), rel=1e-6, abs=1e-9)


@given(accounts(), st.integers(0, 2**32 - 1))
def test_no_other_point_of_the_hyperplane_is_nearer(account, seed):
    normal, _, price, sigma = account
    exposure, scenario = normal * price, reverse_stress(*account)
    along = np.random.default_rng(seed).normal(size=3) * 0.1
    along -= exposure * (along @ exposure) / (exposure @ exposure)
    other = scenario + along
    assert other @ np.linalg.solve(sigma, other) >= scenario @ np.linalg.solve(sigma, scenario) * (1 - 1e-9)


def test_reverse_stress_agrees_with_a_numerical_minimiser():
    sigma = covariance_matrix(DAILY, 0.6)
    exposure = np.multiply(NORMAL, PRICE)
    found = optimize.minimize(
        lambda r: r @ np.linalg.solve(sigma, r),
        [-0.1, -0.1],
        constraints={"type": "eq", "fun": lambda r: 110 + exposure @ r},
        options={"ftol": 1e-14},
    )
    assert_allclose(reverse_stress(NORMAL, OFFSET, PRICE, sigma), found.x, atol=1e-5)


def test_reverse_stress_is_the_mean_of_what_liquidates_projected_on_the_surplus():
    # Given the surplus, returns have mean Cov(r, S)/Var(S) · (S − mean): at S = 0 exactly r*.
    rng = np.random.default_rng(4)
    sigma = covariance_matrix([0.3, 0.2], 0.5)
    r = rng.multivariate_normal([0, 0], sigma, size=400_000)
    near = np.abs(0.4 + r @ [1.0, 1.0]) < 0.01
    scenario = reverse_stress([1.0, 1.0], 1.6, [1.0, 1.0], sigma)
    error = r[near].std(axis=0) / np.sqrt(near.sum())
    assert (np.abs(r[near].mean(axis=0) - scenario) < 4 * error).all()


@given(accounts())
def test_slope_is_the_difference_quotient_in_the_correlation(account):
    normal, offset, price, sigma = account
    deviation = np.sqrt(np.diag(sigma))
    step = 1e-6 * np.outer(deviation, deviation)
    bump = np.zeros((3, 3))
    bump[0, 2] = bump[2, 0] = 1.0
    quotient = (
        sigma_distance(normal, offset, price, sigma + bump * step)
        - sigma_distance(normal, offset, price, sigma - bump * step)
    ) / 2e-6
    assert correlation_slope(*account)[0, 2] == pytest.approx(quotient, rel=1e-4, abs=1e-6)


def test_slope_broadcasts_and_is_symmetric_with_an_empty_diagonal():
    slope = correlation_slope([NORMAL, NORMAL], [430.0, 400.0], PRICE, covariance_matrix(DAILY, 0.6))
    assert slope.shape == (2, 2, 2)
    assert (np.diagonal(slope, axis1=-2, axis2=-1) == 0).all()
    assert_allclose(slope, np.swapaxes(slope, -1, -2))
    assert (slope[:, 0, 1] < 0).all()  # two longs: correlation brings liquidation nearer


def test_a_hedge_moves_away_when_correlation_rises():
    assert correlation_slope([1.0, -1.0], -10.0, [100.0, 100.0], covariance_matrix(DAILY, 0.5))[0, 1] > 0


def test_shortfall_of_two_equal_legs():
    before, after = equal_correlation(2, 0.3), equal_correlation(2, 0.95)
    assert margin_shortfall([1, 1], before, after) == pytest.approx(np.sqrt(1.95 / 1.3) - 1)
    assert f"{margin_shortfall([1, 1], before, after):.3%}" == "22.474%"


def test_shortfall_is_what_a_margin_of_k_sigma_lacks():
    before, after = covariance_matrix(DAILY, 0.2), covariance_matrix([0.08, 0.09], 0.9)
    margin = 3 * np.sqrt([240, 300] @ before @ [240, 300])
    shortfall = margin_shortfall([240, 300], before, after)
    z = sigma_distance(NORMAL, 540 - margin * (1 + shortfall), PRICE, after)
    assert z == pytest.approx(3.0)


def test_a_hedge_is_worse_off_when_correlation_breaks_down():
    assert margin_shortfall([1, -1], equal_correlation(2, 0.95), equal_correlation(2, 0.3)) > 2.7
    assert margin_shortfall([1, 1], equal_correlation(2, 0.95), equal_correlation(2, 0.3)) < 0


def test_shortfall_needs_a_variance_to_begin_with():
    with pytest.raises(ValueError, match="exposure must have a positive variance under `covariance`, got 0"):
        margin_shortfall([1, -1], equal_correlation(2, 1.0), equal_correlation(2, 0.3))


def test_liquidation_correlation_matches_a_simulation():
    rng = np.random.default_rng(11)
    sigma = covariance_matrix([0.2, 0.3, 0.1], 0.4)
    exposure = np.array([[1.0, 2.0, -1.0], [0.5, 0.0, 3.0], [0.0, 0.0, 1.0]])
    surpluses = rng.multivariate_normal(np.zeros(3), sigma, size=200_000) @ exposure.T
    rho = liquidation_correlation(exposure, sigma)
    error = (1 - rho**2) / np.sqrt(len(surpluses))
    assert (np.abs(np.corrcoef(surpluses.T) - rho) <= 4 * error + 1e-12).all()


def test_liquidation_correlation_of_an_account_with_itself_is_one():
    sigma = covariance_matrix(DAILY, 0.6)
    rho = liquidation_correlation([[240, 300], [480, 600], [-240, -300]], sigma)
    assert_allclose(rho, [[1, 1, -1], [1, 1, -1], [-1, -1, 1]], rtol=1e-14)


def test_liquidation_correlation_stacks_markets():
    sigma = equal_correlation(2, [0.1, 0.9]) * np.outer(DAILY, DAILY)
    rho = liquidation_correlation(np.eye(2), sigma)
    assert_allclose(rho[:, 0, 1], [0.1, 0.9])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 1], np.eye(2)), r"exposure must have shape \(…, N, M\), one row an account, got \(2,\)"),
        (([[1, -1], [1, 1]], np.ones((2, 2))), "exposure must give every account a positive variance, got 0"),
        (([[1, 1]], np.eye(3)), "covariance must have shape"),
    ],
)
def test_liquidation_correlation_needs_accounts_that_move(arguments, message):
    with pytest.raises(ValueError, match=message):
        liquidation_correlation(*arguments)


def test_simulated_gaussian_liquidations_match_the_probability():
    rng = np.random.default_rng(2)
    sigma = covariance_matrix([0.25, 0.3], 0.6)
    z = sigma_distance(NORMAL, OFFSET, PRICE, sigma)
    r = rng.multivariate_normal([0, 0], sigma, size=400_000)
    hits = (np.multiply(PRICE, 1 + r) @ NORMAL < OFFSET).mean()
    expected = liquidation_probability(z)
    assert abs(hits - expected) < 4 * np.sqrt(expected / len(r))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([np.nan, 1], 1.0, [1, 1], np.eye(2)), "normal must be finite, got nan"),
        (([1, 1], np.inf, [1, 1], np.eye(2)), "offset must be finite, got inf"),
        (([1, 1], 1.0, [0, 1], np.eye(2)), "price must be positive, got 0"),
        (([1, 1], 1.0, [1, -5], np.eye(2)), "price must be positive, got -5"),
        (([1, 1], 1.0, [1, 1, 1], np.eye(2)), r"normal and price must have one entry for each asset, got \(2,\) and"),
        (([1, 1], 1.0, [1, 1], np.eye(3)), r"covariance must have shape \(…, 2, 2\), got \(3, 3\)"),
        (([1, 1], 1.0, [1, 1], 0.04), r"covariance must have shape \(…, 2, 2\), got \(\)"),
        (([1, 1], 1.0, [1, 1], [[1, 0.5], [0.4, 1]]), "covariance must be symmetric"),
        (([1, 1], 1.0, [1, 1], [[1, 3], [3, 1]]), "covariance must be positive semidefinite"),
        (([1, 1], 1.0, [1, 1], [[np.nan, 0], [0, 1]]), "covariance must be finite"),
        ((1.0, 1.0, [1.0], [[1.0]]), "normal must have one entry for each asset, got shape"),
        ((np.ones((2, 2)), np.ones(3), [1, 1], np.eye(2)), "the shapes do not broadcast: normal"),
    ],
)
@pytest.mark.parametrize("function", [sigma_distance, reverse_stress, correlation_slope])
def test_bad_accounts_stay_outside(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)
