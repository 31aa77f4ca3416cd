import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.contagion.correlation import (
    endogenous_correlation,
    endogenous_covariance,
    fundamental_covariance,
    implied_feedback,
)

rho = st.floats(-0.95, 0.95)


def correlation_of(covariance):
    return covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])


@given(own=st.floats(-0.9, 0.9), part=st.floats(-0.98, 0.98), fundamental=rho)
def test_law_in_fishers_variable_equals_the_matrices(own, part, fundamental):
    cross = part * (1 - abs(own))
    found = endogenous_correlation(own, cross, fundamental)
    matrix = endogenous_covariance([[own, cross], [cross, own]], [[1.0, fundamental], [fundamental, 1.0]])
    assert found == pytest.approx(correlation_of(matrix), abs=1e-9)
    lifted = np.arctanh(fundamental) + 2 * np.arctanh(cross / (1 - own))
    assert found == pytest.approx(np.tanh(lifted), abs=1e-9)


@pytest.mark.unmeasured
def test_law_equals_the_design_example_and_simulated_moves():
    assert endogenous_correlation(0.3, 0.25, 0.4) == pytest.approx(0.824549, abs=5e-7)
    rng = np.random.default_rng(11)
    shocks = rng.multivariate_normal([0, 0], [[1, -0.2], [-0.2, 1]], 400_000)
    price = shocks.copy()
    for _ in range(200):  # rounds, one after another
        price = shocks + price @ np.array([[0.5, 0.2], [0.2, 0.5]])
    assert np.corrcoef(price.T)[0, 1] == pytest.approx(endogenous_correlation(0.5, 0.2, -0.2), abs=0.003)


def test_unequal_volatilities_need_the_matrices():
    matrix = endogenous_covariance([[0.3, 0.25], [0.25, 0.3]], [[1.0, 0.8], [0.8, 4.0]])
    assert correlation_of(matrix) == pytest.approx(0.859381, abs=5e-7)


def test_edges_of_the_law():
    assert endogenous_correlation(0.4, 0.0, 0.3) == pytest.approx(0.3)
    assert endogenous_correlation(0.3, 0.7 - 1e-9, 0.0) == pytest.approx(1.0)
    assert endogenous_correlation(0.0, -0.5, 0.5) < 0
    assert endogenous_correlation(0.0, [0.1, 0.2], 0.5).shape == (2,)


@given(fundamental=rho, endogenous=rho)
def test_implied_feedback_turns_one_correlation_into_the_other(fundamental, endogenous):
    ratio = implied_feedback(fundamental, endogenous)
    assert endogenous_correlation(0.0, ratio, fundamental) == pytest.approx(endogenous, abs=1e-9)


@given(seed=st.integers(0, 10_000))
def test_every_covariance_is_explained_by_every_feedback(seed):
    """The identification result: the fundamental covariance exists, and leads back to the observed one."""
    rng = np.random.default_rng(seed)
    size = rng.integers(2, 5)
    feedback = rng.uniform(-1, 1, (size, size)) * 0.9 / size
    root = rng.normal(size=(size, size))
    observed = root @ root.T
    shocks = fundamental_covariance(feedback, observed)
    assert np.linalg.eigvalsh(shocks)[0] > -1e-9
    assert endogenous_covariance(feedback, (shocks + shocks.T) / 2) == pytest.approx(observed, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: endogenous_correlation(0.5, 0.5, 0.1), "spectral radius below 1, got 1"),
        (lambda: endogenous_correlation(0.5, -0.6, 0.1), "spectral radius"),
        (lambda: endogenous_correlation(-1.2, 0.0, 0.1), "spectral radius"),
        (lambda: endogenous_correlation(0.1, 0.1, 1.0), r"fundamental must be in \(-1, 1\), got 1"),
        (lambda: implied_feedback(0.1, -1.0), "endogenous must be in"),
        (lambda: endogenous_covariance([[0.1]], [[1.0, 0.0], [0.0, 1.0]]), "covariance must have shape"),
        (lambda: endogenous_covariance([[0.1, 0.0], [0.0, 0.1]], [[1.0, 2.0], [2.0, 1.0]]), "semidefinite"),
        (lambda: endogenous_covariance([[1.1]], [[1.0]]), "below 1"),
        (lambda: fundamental_covariance([[1.1]], [[1.0]]), "below 1"),
        (lambda: fundamental_covariance([0.1], [[1.0]]), "feedback must be a square matrix"),
        (lambda: endogenous_correlation([0.1, 0.2], [0.1, 0.1, 0.1], 0.0), "broadcast"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
