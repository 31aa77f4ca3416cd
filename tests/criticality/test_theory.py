"""The displayed formula is the tested formula: each expression of the chapter against the numbers."""

import numpy as np
import pytest
import sympy as sp

from cascadelab import criticality
from cascadelab.criticality import theory
from cascadelab.impact import Exponential, Linear, SquareRoot
from cascadelab.kit.notation import symbol


def value(expression, **values):
    """Value of a displayed expression at numbers given by the registered identifiers."""
    return float(expression.subs({symbol(name): number for name, number in values.items()}))


@pytest.mark.parametrize(
    ("shown", "market", "parameter"),
    [
        (theory.kappa_linear, Linear(0.3), {"slope": 0.3}),
        (theory.kappa_exponential, Exponential(0.004), {"rate": 0.004}),
        (theory.kappa_square_root, SquareRoot(2.1), {"scale": 2.1}),
    ],
)
def test_branching_ratio_is_the_slope_of_the_curve_times_the_density(shown, market, parameter):
    slope = (market.price(80.0, 6.999) - market.price(80.0, 7.001)) / 0.002
    found = value(shown(), density=1.7, sold=7.0, price=market.price(80.0, 7.0), **parameter)
    assert found == pytest.approx(slope * 1.7, rel=1e-6)


def test_amplification_equals_its_number():
    assert value(theory.amplification(), kappa=0.37) == pytest.approx(criticality.amplification(0.37))
    assert value(theory.slope_of_price(), slope=0.02, density=11.0) == pytest.approx(criticality.amplification(0.22))
    assert theory.log_amplification() == theory.amplification()


def test_uniform_books_equal_their_numbers():
    at = {"shocked_price": 97.3, "edge": 99.0, "kappa": 0.42, "density": 6.0}
    price = criticality.uniform_linear(97.3, 0.07, 6.0, 99.0)
    assert value(theory.uniform_linear(), **at) == pytest.approx(price)
    assert value(theory.uniform_sold(), **at) == pytest.approx(6.0 * (99.0 - price))
    shown = value(theory.uniform_exponential(), shocked_price=90.0, rate=0.0008, density=6.0, edge=99.0)
    assert shown == pytest.approx(criticality.uniform_exponential(90.0, 0.0008, 6.0, 99.0))
    shown = value(theory.uniform_square_root(), scale=0.7, density=3.0, seed_sold=2.5)
    assert shown == pytest.approx(criticality.uniform_square_root(0.7, 3.0, 2.5))


def test_budget_equals_its_numbers():
    assert theory.elasticity() == theory.L_T - 1
    at = {"target_leverage": 4.0, "quantity_before": 50.0, "entry_price": 80.0}
    sold = 50.0 - value(theory.kept_leverage(), price=80.0 - 1e-5, **at)
    assert sold / 1e-5 == pytest.approx(criticality.leverage_targeting(4.0, 50.0, 80.0), rel=1e-5)
    shown = value(
        theory.density_of_leverage(), leverage=7.0, leverage_density=3.0, maintenance_rate=0.01, entry_price=60.0
    )
    assert shown == pytest.approx(criticality.density_of_leverage(7.0, 3.0, 0.01, 60.0))
    terms = {"liquidations": 1, "stops": 2, "leverage_targeting": 3, "short_gamma": 4, "sentiment": 5, "demand": 6}
    assert value(theory.budget(), slope=0.05, **terms) == pytest.approx(criticality.Budget(*terms.values()).kappa(0.05))


def test_fold_equals_its_numbers():
    at = {"total": 300.0, "width": 2.0, "centre": 90.0, "slope": 0.04}
    book = criticality.fold(*at.values())
    assert value(theory.logistic(), price=88.0, **at) == pytest.approx(book.supply(88.0))
    share = book.supply(88.0) / 300.0
    assert value(theory.logistic_kappa(), share=share, **at) == pytest.approx(book.kappa(88.0))
    assert value(theory.shock_of_share(), share=share, **at) == pytest.approx(book.shock_for(88.0))
    assert value(theory.kappa_max(), **at) == pytest.approx(book.kappa_max)
    for shown, price, shock in zip(
        theory.fold_shares(),
        (book.crash_price, book.recovery_price),
        (book.crash_shock, book.recovery_shock),
        strict=True,
    ):
        turn = value(shown, **at)
        assert turn == pytest.approx(book.supply(price) / 300.0)
        assert value(theory.shock_of_share(), share=turn, **at) == pytest.approx(shock)


def test_amplification_near_the_fold_equals_its_law():
    at = {"total": 300.0, "width": 2.0, "slope": 0.04}
    book = criticality.fold(300.0, 2.0, 90.0, 0.04)
    law = value(theory.near_fold(), share=value(theory.fold_shares()[0], **at), **at)
    found = criticality.amplification(book.kappa(book.price(book.crash_shock + 1e-6)))
    assert found * 1e-3 == pytest.approx(law, rel=2e-3)
    assert theory.near_fold().free_symbols == {theory.width, theory.share}


def test_deficits_equal_their_numbers():
    at = {"edge": 100.0, "density": 30.0, "maintenance_rate": 0.03, "kappa": 0.4, "shocked_price": 95.0}
    slope = 0.4 / 30.0
    price = criticality.uniform_linear(95.0, slope, 30.0, 100.0)
    end, walk = (criticality.uniform_deficit(95.0, slope, 30.0, 100.0, 0.03, fill=fill) for fill in ("end", "walk"))
    assert value(theory.deficit_end(), price=price, **at) == pytest.approx(end)
    assert value(theory.deficit_walk(), **at) == pytest.approx(walk)
    assert value(theory.first_deficit_end(), **at) == pytest.approx(100 * criticality.effective_margin(0.4, 0.03))


def test_spirals_equal_their_numbers():
    at = {"slope": 0.02, "unit_margin": 12.0, "margin_slope": -0.07, "quantity": 150.0, "quantity_before": 180.0}
    found = criticality.spiral(*at.values())
    requirement = 12.0 - 0.07 * (theory.p - 90)
    cleared = theory.carried().replace(sp.Function(theory.unit_margin.name), lambda _: requirement)
    ends = [value(cleared, price=p, fundamental_price=90.0, **at) for p in (89.999, 90.001)]
    assert 0.002 / (ends[1] - ends[0]) == pytest.approx(found.price_change)
    assert value(theory.spiral(), **at) == pytest.approx(found.price_change)
    assert value(theory.spiral_kappa(), **at) == pytest.approx(found.kappa)
    shown = value(theory.spiral_at_leverage(), slope=0.02, quantity=150.0, target_leverage=4.0, price=80.0)
    assert shown == pytest.approx(criticality.spiral(0.02, 20.0, 0.25, 150.0, 150.0).kappa)


def test_law_of_sizes_equals_its_numbers_and_its_series():
    series, borel, ballot = theory.generating_series(4), theory.borel(), theory.ballot()
    for n in range(1, 5):
        number = criticality.borel_pmf(n, 0.63)
        assert value(borel, n=n, kappa=0.63) == pytest.approx(number)
        assert value(ballot, n=n, kappa=0.63) == pytest.approx(number)
        assert value(series[n - 1], kappa=0.63) == pytest.approx(number)
    shown = value(theory.borel_tanner(), n=7, kappa=0.63, seeds=3)
    assert shown == pytest.approx(criticality.borel_tanner_pmf(7, 0.63, 3))


def test_generating_function_solves_its_equation():
    n = np.arange(1, 400)
    at_half = float((criticality.borel_pmf(n, 0.63) * 0.5**n).sum())
    shown = value(theory.generating_equation(), generating=0.5, kappa=0.63, generating_function=at_half)
    assert shown == pytest.approx(at_half)


def test_moments_tail_and_end_equal_their_numbers():
    mean, variance = criticality.borel_moments(0.63)
    assert value(theory.mean(), kappa=0.63) == pytest.approx(mean)
    assert value(theory.variance(), kappa=0.63) == pytest.approx(variance)
    assert value(theory.variance_over_mean(), kappa=0.63) == pytest.approx((variance + mean**2) / mean)
    assert value(theory.tail(), n=5000) == pytest.approx(criticality.borel_pmf(5000, 1.0), rel=1e-4)
    assert value(theory.extinction(), kappa=1.7) == pytest.approx(criticality.extinction_probability(1.7))


def test_counts_in_long_bins_spread_as_the_law_says():
    """4,000 bins with 30 seeds each on average; the band is four standard errors of a variance, roughly."""
    rng = np.random.default_rng(12)
    first = rng.poisson(30, 4000)
    sizes = criticality.branching_sizes(0.45, int(first.sum()), rng)
    counts = np.bincount(np.repeat(np.arange(4000), first), sizes, 4000)
    law = value(theory.variance_over_mean(), kappa=0.45)
    assert counts.var() / counts.mean() == pytest.approx(law, rel=4 * np.sqrt(2 / 4000))


def test_estimate_equals_its_numbers():
    sizes = [1, 1, 4, 2, 9, 1, 3]
    found = criticality.estimate_kappa(sizes)
    assert value(theory.estimate(), mean_size=3.0) == pytest.approx(found.kappa)
    assert value(theory.estimate_variance(), kappa=found.kappa, avalanches=7) == pytest.approx(found.standard_error**2)
    at = {"mean_size": 3.0, "avalanches": 7}
    shown = [value(theory.log_likelihood(), kappa=k, **at) for k in (0.3, 0.8)]
    exact = [np.log(criticality.borel_pmf(sizes, k)).sum() for k in (0.3, 0.8)]
    assert shown[1] - shown[0] == pytest.approx(exact[1] - exact[0])


def test_what_is_shown_must_equal_what_was_derived():
    with pytest.raises(ArithmeticError, match="is not"):
        theory._same(theory.kappa, theory.kappa**2)
