"""The simulation itself: exact where a closed form exists, reproducible, and closed to nonsense."""

import numpy as np
import pytest

from cascadelab.distance.bridge import simulated_first_passage
from cascadelab.distance.passage import first_passage_probability, portfolio_first_passage
from cascadelab.distance.sigma import sigma_distance

ACCOUNT = ([2.4, 15.0], 430.0, [100.0, 20.0])
MONTH = 30 * np.array([[0.0016, 0.00144], [0.00144, 0.0036]])


def test_arithmetic_motion_needs_few_steps():
    estimate, error = simulated_first_passage(
        *ACCOUNT, MONTH, np.random.default_rng(1), motion="arithmetic", steps=4, paths=50_000
    )
    expected = portfolio_first_passage(sigma_distance(*ACCOUNT, MONTH))
    assert f"{expected:.3f}" == "0.421"
    assert abs(estimate - expected) < 4 * error


def test_geometric_motion_of_one_asset_matches_the_closed_form():
    estimate, error = simulated_first_passage(
        [1.0], 85.0, [100.0], [[0.0123]], np.random.default_rng(3), steps=128, paths=20_000
    )
    expected = first_passage_probability(100, 85, np.sqrt(0.0123), 1.0)
    assert abs(estimate - expected) < 4 * error


def test_a_month_of_geometric_motion_touches_less_often_than_arithmetic():
    # the same shocks, so that the difference stands out; 0.4105 ± 0.0007 from 500,000 paths of 240 and 480 steps
    geometric, error = simulated_first_passage(*ACCOUNT, MONTH, np.random.default_rng(4), steps=120, paths=20_000)
    arithmetic, _ = simulated_first_passage(
        *ACCOUNT, MONTH, np.random.default_rng(4), motion="arithmetic", steps=120, paths=20_000
    )
    assert 0.005 < arithmetic - geometric < 0.016
    assert abs(geometric - 0.4105) < 4 * error


def test_an_account_that_does_not_vary_never_touches():
    hedge = [3.0, -1.0], 100.0, [100.0, 100.0]
    sigma = np.outer([0.1, 0.3], [0.1, 0.3])
    assert simulated_first_passage(*hedge, sigma, np.random.default_rng(5), motion="arithmetic", paths=10) == (0.0, 0.0)


def test_an_account_on_the_hyperplane_has_touched_it():
    assert simulated_first_passage([1.0], 100.0, [100.0], [[0.01]], np.random.default_rng(6), paths=10) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"normal": np.ones((2, 2))}, r"normal and price must have shape \(M,\), got \(2, 2\) and \(2,\)"),
        ({"price": [1.0]}, r"normal and price must have shape \(M,\)"),
        ({"price": [1.0, 0.0]}, "price must be positive, got 0"),
        ({"motion": "sideways"}, "motion must be one of geometric, arithmetic, got 'sideways'"),
        ({"covariance": [[1, 2], [2, 1]]}, "covariance must be positive semidefinite"),
        ({"offset": np.nan}, "offset must be finite"),
        ({"steps": 0}, "steps must be a whole number of at least 1, got 0"),
        ({"paths": 2.5}, "paths must be a whole number of at least 1, got 2.5"),
    ],
)
def test_simulation_refuses(changes, message):
    settings = {"normal": [1.0, 1.0], "offset": 1.0, "price": [1.0, 1.0], "covariance": np.eye(2)} | changes
    with pytest.raises(ValueError, match=message):
        simulated_first_passage(rng=np.random.default_rng(1), **settings)
