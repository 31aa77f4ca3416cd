import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadelab.criticality import amplification, borel_moments, borel_pmf, borel_tanner_pmf, extinction_probability


def test_published_probabilities():
    found = borel_pmf(np.arange(1, 8), 0.7)
    np.testing.assert_allclose(found, [0.49659, 0.17262, 0.09001, 0.05562, 0.03776, 0.02722, 0.02045], atol=5e-6)
    assert extinction_probability(1.4) == pytest.approx(0.488989, abs=5e-7)


@settings(deadline=None)
@given(st.floats(0.05, 0.85), st.integers(1, 5))
def test_probabilities_and_moments_add_up(kappa, seeds):
    n = np.arange(1, 20_000)
    p = borel_tanner_pmf(n, kappa, seeds)
    mean, variance = borel_moments(kappa, seeds)
    assert p.sum() == pytest.approx(1.0, rel=1e-9)
    assert (n * p).sum() == pytest.approx(mean, rel=1e-7)
    assert ((n - mean) ** 2 * p).sum() == pytest.approx(variance, rel=1e-5)
    assert mean == pytest.approx(seeds * amplification(kappa))


@settings(deadline=None)
@given(st.floats(1.05, 4.0))
def test_above_one_they_add_up_to_the_chance_of_an_end(kappa):
    total = borel_pmf(np.arange(1, 100_000), kappa).sum()
    end = extinction_probability(kappa)
    assert total == pytest.approx(end, rel=1e-6)
    assert end == pytest.approx(math.exp(kappa * (end - 1)), rel=1e-9)
    assert end < 1


@given(st.floats(0.1, 1.3), st.integers(2, 4))
def test_several_seeds_are_a_sum_of_avalanches(kappa, seeds):
    n = np.arange(0, 12)
    one = borel_pmf(n, kappa)
    several = one
    for _ in range(seeds - 1):
        several = np.convolve(several, one)[: n.size]
    np.testing.assert_allclose(borel_tanner_pmf(n, kappa, seeds), several, atol=1e-14)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_probability_is_that_of_all_ways_to_uncover(n):
    """Brute force: every list of Poisson counts that keeps the avalanche going until step n."""
    kappa, total = 0.8, 0.0
    for counts in product(range(n), repeat=n):
        left = 1 + np.cumsum(np.array(counts) - 1)
        if left[-1] == 0 and (left[:-1] > 0).all():
            total += math.prod(math.exp(-kappa) * kappa**c / math.factorial(c) for c in counts)
    assert borel_pmf(n, kappa) == pytest.approx(total, rel=1e-12)


def test_edges():
    assert borel_pmf(1, 0.0) == 1.0
    assert borel_pmf([0, -3, 2], 0.0).tolist() == [0.0, 0.0, 0.0]
    assert borel_tanner_pmf([2, 3], 0.0, 3).tolist() == [0.0, 1.0]
    assert extinction_probability([0.0, 0.5, 1.0]).tolist() == [1.0, 1.0, 1.0]
    assert extinction_probability(1 + 1e-9) == pytest.approx(1.0, abs=1e-6)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"n must be whole, got 1\.5"):
        borel_pmf(1.5, 0.5)
    for call in (borel_pmf, lambda n, k: borel_tanner_pmf(n, k, 1)):
        with pytest.raises(ValueError, match="kappa"):
            call(1, -0.5)
    for seeds in (0, 1.5, -1):
        with pytest.raises(ValueError, match="seeds"):
            borel_tanner_pmf(3, 0.5, seeds)
    with pytest.raises(ValueError, match="kappa must be below 1"):
        borel_moments(1.0)
    with pytest.raises(ValueError, match="kappa"):
        extinction_probability(-0.1)
    with pytest.raises(ValueError, match="do not broadcast"):
        borel_pmf([1, 2], [0.1, 0.2, 0.3])


@pytest.mark.parametrize("power", range(1, 16))
def test_chance_of_no_end_keeps_its_digits_just_above_one(power):
    kappa = 1 + 10.0**-power
    excess = kappa - 1
    lost = 1 - extinction_probability(kappa)
    low, high = excess, 3 * excess  # −ln(1 − x) = κ x, by bisection
    for _ in range(100):
        middle = (low + high) / 2
        gap = -np.log1p(-middle) - middle if middle > 1e-4 else middle**2 * (0.5 + middle / 3 + middle**2 / 4)
        low, high = (middle, high) if gap < excess * middle else (low, middle)
    assert lost == pytest.approx(low, rel=1e-7, abs=3e-16)


@pytest.mark.parametrize("n", [10**6 - 1, 10**6 + 2, 10**9, 10**14])
def test_huge_avalanches_follow_the_tail_to_the_last_digits(n):
    """At κ = 1 Stirling's series gives 1/√(2π n³) (1 − 1/(12 n)), where the plain terms would cancel."""
    assert borel_pmf(n, 1.0) * math.sqrt(2 * math.pi) * n**1.5 == pytest.approx(1 - 1 / (12 * n), rel=1e-8)


def test_huge_avalanches_join_the_plain_formula():
    n = np.arange(10**6 - 3, 10**6 + 6)
    for kappa, seeds in ((0.9999, 7), (1.0, 1), (1.0002, 3)):
        steps = np.diff(np.log(borel_tanner_pmf(n, kappa, seeds)))
        assert np.ptp(steps) < 1e-8
    assert borel_pmf([1, 2, 10**9], 0.0).tolist() == [1.0, 0.0, 0.0]
