import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadelab.cascade import Ladder
from cascadelab.criticality import (
    avalanche_sizes,
    borel_moments,
    borel_tanner_pmf,
    branching_sizes,
    critical_ratios,
    random_gaps,
)
from cascadelab.impact import Linear


@settings(deadline=None)
@given(st.integers(0, 10_000), st.floats(0.05, 2.0), st.integers(1, 4))
def test_sizes_equal_those_of_a_ladder(seed, kappa, seeds):
    gaps = random_gaps(3, 40, np.random.default_rng(seed))
    sizes = avalanche_sizes(gaps, kappa, seeds=seeds)
    for book, size in zip(gaps, sizes, strict=True):
        thresholds = np.append(np.full(seeds, 101.0), 100.0 - book.cumsum() / 8)
        outcome = Ladder(thresholds, np.full(thresholds.size, 0.5)).run(100.0, Linear(kappa / 4))
        assert outcome.count == size


def test_random_books_follow_borel_and_tanner():
    """Within four standard errors, on 20,000 books."""
    gaps = random_gaps(20_000, 120, np.random.default_rng(3))
    for kappa, seeds in ((0.35, 1), (0.6, 3)):
        sizes = avalanche_sizes(gaps, kappa, seeds=seeds)
        for n in range(seeds, seeds + 6):
            p = borel_tanner_pmf(n, kappa, seeds)
            assert np.mean(sizes == n) == pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / sizes.size))


def test_branching_process_follows_borel_and_tanner():
    rng = np.random.default_rng(4)
    for kappa, seeds in ((0.45, 1), (0.7, 2)):
        sizes = branching_sizes(kappa, 20_000, rng, seeds=seeds)
        mean, variance = borel_moments(kappa, seeds)
        assert sizes.mean() == pytest.approx(mean, abs=4 * np.sqrt(variance / sizes.size))
        for n in range(seeds, seeds + 6):
            p = borel_tanner_pmf(n, kappa, seeds)
            assert np.mean(sizes == n) == pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / sizes.size))


@pytest.mark.unmeasured
def test_random_sizes_keep_the_mean():
    """E[units] = seed/(1 − κ), κ = slope · accounts per price · mean size, whatever the sizes; on a ladder."""
    rng = np.random.default_rng(6)
    kappa, sold = 0.5, []
    for _ in range(4000):
        quantity = np.append(2.0, rng.exponential(1.5, size=150))
        thresholds = np.append(101.0, 100.0 - rng.exponential(size=150).cumsum() / 5)
        sold.append(Ladder(thresholds, quantity).run(100.0, Linear(kappa / (5 * 1.5))).sold)
    error = np.std(sold) / np.sqrt(len(sold))
    assert np.mean(sold) == pytest.approx(2.0 / (1 - kappa), abs=4 * error)
    assert error < 0.1


def test_supercritical_processes_are_stopped():
    sizes = branching_sizes(3.0, 200, np.random.default_rng(5), largest=1000)
    assert (sizes > 1000).any()


def test_edges():
    assert critical_ratios([[1.0, 0.0, 5.0]]).tolist() == [[1.0, 1.0, 2.0]]
    assert avalanche_sizes([[1.0, 0.0, 5.0]], 1.0).tolist() == [1]  # a tie
    assert avalanche_sizes([[1.0, 0.0, 5.0]], 3.0, seeds=2).tolist() == [5]
    assert (branching_sizes(0.0, 5, np.random.default_rng(1)) == 1).all()
    np.testing.assert_array_equal(
        random_gaps(2, 2, np.random.default_rng(1)), random_gaps(2, 2, np.random.default_rng(1))
    )


def test_bad_input_is_named():
    rng = np.random.default_rng(1)
    for name in ("books", "accounts"):
        for wrong in (0, 1.5, "a", [1, 2]):
            with pytest.raises(ValueError, match=f"{name} must be"):
                random_gaps(**({"books": 1, "accounts": 1} | {name: wrong}), rng=rng)
    with pytest.raises(ValueError, match="gaps must be a table"):
        critical_ratios([1.0, 2.0])
    for call in (lambda k: avalanche_sizes([[1.0]], k), lambda k: branching_sizes(k, 2, rng)):
        for wrong in (-0.1, [0.5, 0.6]):
            with pytest.raises(ValueError, match="kappa must be"):
                call(wrong)
    with pytest.raises(ValueError, match="gaps"):
        critical_ratios([[-1.0]])
    for name in ("avalanches", "seeds", "largest"):
        with pytest.raises(ValueError, match=name):
            branching_sizes(**({"kappa": 0.5, "avalanches": 1, "rng": rng} | {name: 0}))


@pytest.mark.parametrize("seeds", [0, 0.5, 1.5, float("nan"), "a", [1, 2]])
def test_seeds_are_whole(seeds):
    with pytest.raises(ValueError, match="seeds"):
        critical_ratios([[0.5, 0.9]], seeds=seeds)
    with pytest.raises(ValueError, match="seeds"):
        avalanche_sizes([[0.5, 0.9]], 0.7, seeds=seeds)
    with pytest.raises(ValueError, match="seeds"):
        branching_sizes(0.5, 2, np.random.default_rng(1), seeds=seeds)
