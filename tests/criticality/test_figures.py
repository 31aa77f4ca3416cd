import math

import pytest

from cascadelab.criticality import borel_pmf, figures, fold
from cascadelab.kit.explore import Explorer, show


@pytest.mark.parametrize(
    ("figure", "sliders"),
    [(figures.hysteresis, figures.HYSTERESIS_SLIDERS), (figures.avalanche, figures.AVALANCHE_SLIDERS)],
)
def test_widget_draws_at_every_corner_with_finite_facts(figure, sliders):
    for settings, facts in Explorer(figure, sliders).grid():
        assert facts, settings
        assert all(math.isfinite(fact) for fact in facts.values() if not isinstance(fact, str)), settings


def test_the_cross_lies_on_the_curve_that_is_drawn():
    for shocked in (80.0, 92.0, 95.0, 110.0):
        picture = show(figures.hysteresis, shocked_price=shocked, kappa_max=1.5, width=3.0)
        book = fold(4 * 3.0 * 1.5 / 0.05, 3.0, 85.0, 0.05)
        price = picture.facts["price where the cascade stops"]
        assert book.shock_for(price) == pytest.approx(shocked)
        assert picture.facts["crash at a shocked price of"] == pytest.approx(book.crash_shock)


def test_no_arrow_where_there_is_no_fold():
    picture = show(figures.hysteresis, shocked_price=92.0, kappa_max=0.8, width=3.0)
    assert picture.facts["crash at a shocked price of"] == "none: no jump"
    assert not any(text.get_visible() for text in picture.canvas.figure.axes[0].texts)


def test_bars_are_the_shares_of_the_books_and_add_up_to_one():
    picture = show(figures.avalanche, kappa=1.2)
    heights = [bar.get_height() for bar in picture.canvas.figure.axes[0].patches]
    assert len(heights) == figures.BINS
    assert sum(heights) == pytest.approx(1.0, abs=1e-3)
    assert picture.facts["alone, by the law"] == pytest.approx(borel_pmf(1, 1.2))
    assert picture.facts["alone, simulated"] == pytest.approx(borel_pmf(1, 1.2), abs=0.04)


def test_rounds_end_at_the_amplification():
    facts = show(figures.rounds).facts
    assert facts["in the end at 0.6"] == pytest.approx(2.5)
    assert facts["after 9 rounds at 0.6"] == pytest.approx((1 - 0.6**9) / 0.4)
    assert facts["after 9 rounds at 1.1"] == pytest.approx((1.1**9 - 1) / 0.1)
