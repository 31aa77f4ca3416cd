import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.criticality import Budget, amplification


@given(st.floats(0, 0.99))
def test_amplification_is_the_sum_of_all_rounds(kappa):
    rounds = kappa ** np.arange(4000)
    assert amplification(kappa) == pytest.approx(rounds.sum(), rel=1e-9)


def test_amplification_keeps_shapes_and_starts_at_one():
    assert amplification(0.0) == 1.0
    assert isinstance(amplification(0), float)
    np.testing.assert_allclose(amplification([[0.0, 0.5], [0.75, 0.9]]), [[1, 2], [4, 10]])


@given(st.floats(-5, -0.01))
def test_a_market_whose_buyers_absorb_more_than_is_forced_damps(kappa):
    """Brute force: the price that agrees with what is bought back, g units for each unit of the fall, λ = 0.1."""
    density, slope = kappa / 0.1, 0.1
    low, high = 0.0, 1.0
    for _ in range(60):
        fall = (low + high) / 2
        low, high = (fall, high) if fall < 1 + slope * density * fall else (low, fall)
    assert amplification(kappa) == pytest.approx(fall)
    assert amplification(Budget(stops=1.0, demand=1.0 - density).kappa(slope)) == pytest.approx(fall)


@pytest.mark.parametrize("kappa", [1.0, 1.5, [0.3, 1.0]])
def test_a_ratio_of_one_or_more_raises_and_says_why(kappa):
    with pytest.raises(ValueError, match=r"kappa must be below 1.*the sum of the rounds has no end.*got 1"):
        amplification(kappa)


@pytest.mark.parametrize("kappa", [float("nan"), float("inf"), -float("inf"), "a", None])
def test_other_bad_ratios_are_named(kappa):
    with pytest.raises(ValueError, match="kappa"):
        amplification(kappa)
