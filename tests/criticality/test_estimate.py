import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from cascadelab.criticality import borel_tanner_pmf, branching_sizes, estimate_kappa, extinction_probability

SIZES = st.lists(st.integers(3, 60), min_size=1, max_size=30)


def log_likelihood(kappa, sizes, seeds):
    return float(np.log(borel_tanner_pmf(sizes, kappa, seeds)).sum())


@given(SIZES, st.integers(1, 3))
def test_estimate_is_the_most_likely_ratio_and_the_ends_are_equally_unlikely(sizes, seeds):
    found = estimate_kappa(sizes, seeds=seeds, level=0.9)
    assert found.kappa == pytest.approx(1 - seeds / np.mean(sizes))
    assert 0 <= found.low <= found.kappa < 1
    if found.kappa > 0:
        best = log_likelihood(found.kappa, sizes, seeds)
        for other in (0.99 * found.kappa, 1.01 * found.kappa):
            assert log_likelihood(other, sizes, seeds) < best
        for end in (found.low, found.high):
            assert 2 * (best - log_likelihood(end, sizes, seeds)) == pytest.approx(chi2.ppf(0.9, 1), rel=1e-6)


def test_fields_and_a_case_by_hand():
    found = estimate_kappa([1, 1, 4, 2])
    assert (found.kappa, found.mean_size, found.avalanches, found.level) == (0.5, 2.0, 4, 0.95)
    assert found.standard_error == pytest.approx(0.25)
    assert found.low < 0.5 < found.high


@pytest.mark.parametrize("level", [1e-14, 1e-10, 1e-6, 1e-4, 1e-3])
@pytest.mark.parametrize("sizes", [[1, 2], [3] * 4000, [10**15, 10**15]])
def test_a_narrow_interval_keeps_its_ends(level, sizes):
    """Near its peak the likelihood is a parabola with a slant: ends at 1 ± r + r²/3 times κ̂, r = z/√f."""
    found = estimate_kappa(sizes, level=level)
    r = np.sqrt(chi2.ppf(level, 1) / (np.sum(sizes) - len(sizes)))
    assert found.low < found.kappa < found.high or r < 1e-14
    assert (found.high - found.low) / found.kappa == pytest.approx(2 * r, rel=1e-5, abs=1e-15)
    assert found.low / found.kappa == pytest.approx(1 - r + r**2 / 3, rel=1e-9)


def test_a_level_next_to_one_has_a_finite_interval():
    found = estimate_kappa([1, 2], level=np.nextafter(1.0, 0.0))
    assert 0 < found.low < found.kappa < found.high < np.inf
    best = log_likelihood_up_to_a_constant(found.kappa)
    for end in (found.low, found.high):
        drop = best - log_likelihood_up_to_a_constant(end)
        assert chi2.sf(2 * drop, 1) == pytest.approx(2.0**-53, rel=1e-6)


def log_likelihood_up_to_a_constant(kappa):
    return np.log(kappa) - 3 * kappa  # sizes 1 and 2: one of three was forced


def test_the_standard_error_of_huge_avalanches_keeps_its_digits():
    assert estimate_kappa([10**17]).standard_error == pytest.approx(np.sqrt(1e-17), rel=1e-12)


@pytest.mark.parametrize(("kappa", "seeds"), [(0.2, 1), (0.6, 5), (0.9, 10), (1.0, 3)])
def test_the_mean_estimate_is_too_low_by_a_known_factor(kappa, seeds):
    """r avalanches of one seed are one of r seeds: E[1 − r/N] is a sum over Borel and Tanner's law."""
    sizes = np.arange(seeds, 200_000)
    law = borel_tanner_pmf(sizes, kappa, seeds)
    mean = 1 - float(np.sum(law * seeds / sizes))  # sizes beyond take away less than 1e-6
    assert mean == pytest.approx(kappa * seeds / (seeds + 1), abs=1e-6)


def test_avalanches_of_seeds_only():
    found = estimate_kappa([1, 1, 1, 1, 1])
    assert found.kappa == found.low == found.standard_error == 0.0
    assert 2 * 5 * found.high == pytest.approx(chi2.ppf(0.95, 1))
    assert estimate_kappa([3], seeds=3).kappa == 0.0


@pytest.mark.parametrize(("kappa", "observed", "level"), [(0.3, 40, 0.95), (0.6, 40, 0.95), (0.8, 100, 0.9)])
def test_interval_covers_as_often_as_it_says(kappa, observed, level):
    """3000 repetitions; the band is four standard errors and the discreteness of small samples."""
    drawn = branching_sizes(kappa, 3000 * observed, np.random.default_rng(7)).reshape(3000, observed)
    found = [estimate_kappa(sizes, level=level) for sizes in drawn]
    covered = np.mean([e.low <= kappa <= e.high for e in found])
    assert covered == pytest.approx(level, abs=4 * np.sqrt(level * (1 - level) / 3000) + 0.005)
    spread = np.std([e.kappa for e in found])
    assert spread == pytest.approx(np.sqrt(kappa * (1 - kappa) / observed), rel=0.12)


def test_ended_avalanches_above_one_show_the_dual():
    drawn = branching_sizes(1.4, 40_000, np.random.default_rng(8), largest=20_000)
    found = estimate_kappa(drawn[drawn <= 20_000])
    dual = 1.4 * extinction_probability(1.4)
    assert dual == pytest.approx(0.684585, abs=1e-6)
    assert found.kappa == pytest.approx(dual, abs=4 * found.standard_error)


def test_bins_of_a_clock_measure_the_bin():
    """Independent counts, nothing forces anything: the estimate follows the mean count."""
    counts = np.random.default_rng(9).poisson(40.0, 1000)
    assert estimate_kappa(counts).kappa == pytest.approx(1 - 1 / 40, abs=1e-3)


@pytest.mark.parametrize(
    ("sizes", "options", "message"),
    [
        ([], {}, "sizes"),
        ([[1, 2]], {}, "sizes must be a list"),
        (3, {}, "sizes must be a list"),
        ([1, 2.5], {}, "whole and at least 1, got 2.5"),
        ([0, 1], {}, "sizes must be positive"),
        ([2, 1], {"seeds": 2}, "whole and at least 2, got 1"),
        ([1, np.nan], {}, "sizes"),
        ([1], {"seeds": 0}, "seeds must be positive, got 0"),
        ([1], {"seeds": 1.5}, r"seeds must be whole, got 1\.5"),
        ([1], {"seeds": np.nan}, "seeds must be finite"),
        ([1], {"seeds": "a"}, "seeds must be a number"),
        ([1], {"seeds": [1, 1]}, "seeds must be a single number"),
        ([1], {"level": 1.0}, "level"),
        ([1], {"level": [0.9, 0.95]}, "level must be a single number"),
    ],
)
def test_bad_input_is_named(sizes, options, message):
    with pytest.raises(ValueError, match=message):
        estimate_kappa(sizes, **options)
