import numpy as np
import pytest

from cascadelab.criticality import amplification, borel_pmf, extinction_probability, figures, fold
from cascadelab.kit.explore import show


def test_the_cross_lies_on_the_curve_that_is_drawn():
    for shocked in (80.0, 92.0, 95.0, 110.0):
        picture = show(figures.hysteresis, shocked_price=shocked, kappa_max=1.5, width=3.0)
        book = fold(4 * 3.0 * 1.5 / 0.05, 3.0, 85.0, 0.05)
        price = picture.facts["price where the cascade stops"]
        assert book.shock_for(price) == pytest.approx(shocked)
        assert picture.facts["crash at a shocked price of"] == pytest.approx(book.crash_shock)


def test_each_line_shows_the_rests_that_its_label_promises():
    picture = show(figures.hysteresis, shocked_price=95.0, kappa_max=1.667, width=3.0)
    ax = picture.canvas.figure.axes[0]
    book = fold(4 * 3.0 * 1.667 / 0.05, 3.0, 85.0, 0.05)
    down, back = (line.get_data() for line in ax.lines[:2])
    for (shocks, prices), branch, ends in ((down, "upper", (76, 120)), (back, "lower", (book.crash_shock, 96.8))):
        shown = [(s, p) for s, p in zip(shocks, prices, strict=True) if np.isfinite(p) and ends[0] < s < ends[1]]
        assert len(shown) > 20
        for shock, price in shown:
            assert book.price(shock, branch=branch) == pytest.approx(price, abs=1e-6)
    assert np.nanmin(down[1]) < 60
    crash, recovery = (line.get_data() for line in ax.lines[3:5])
    assert list(crash[0]) == [book.crash_shock] * 2
    assert list(recovery[0]) == [book.recovery_shock] * 2
    assert crash[1][1] == pytest.approx(book.price(book.crash_shock, branch="lower"))
    assert recovery[1][1] == pytest.approx(book.price(book.recovery_shock))
    at = {text.get_text(): text.get_position()[0] for text in ax.texts}
    assert at["crash"] < book.crash_shock < book.recovery_shock < at["recovery"]


def test_diamonds_are_the_law_and_add_up_to_one():
    picture = show(figures.avalanche, kappa=1.2)
    law = picture.canvas.figure.axes[0].lines[0].get_ydata()
    assert sum(law) == pytest.approx(1.0, abs=1e-6)
    assert law[0] == pytest.approx(borel_pmf(1, 1.2))
    assert law[2] == pytest.approx(borel_pmf([4, 5, 6, 7], 1.2).sum())
    assert picture.facts["never ends, by the law"] == pytest.approx(1 - extinction_probability(1.2))
    assert law[-1] >= picture.facts["never ends, by the law"]


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
    assert facts["in the end at 0.6"] == pytest.approx(amplification(0.6))
    assert facts["after 8 rounds at 0.6"] == pytest.approx((1 - 0.6**9) / 0.4)
    assert facts["after 8 rounds at 1.1"] == pytest.approx((1.1**9 - 1) / 0.1)
