import math

import numpy as np
import pytest

from cascadelab.cascade import Ladder, figures, least_severe
from cascadelab.impact import Exponential, Linear, fit_power_law
from cascadelab.kit.explore import show
from cascadelab.kit.sliders import Slider
from cascadelab.kit.tables import load

SLIDERS = [*figures.STAIRCASE_SLIDERS.values(), *figures.CRVUSD_SLIDERS.values()]


@pytest.mark.parametrize("slider", [slider for slider in SLIDERS if isinstance(slider, Slider)])
def test_sliders_start_and_end_on_their_grid(slider):
    """Off the grid the browser moves the slider as it loads, and the picture is no longer the stored one."""
    for value in (slider.start, slider.high):
        steps = (math.log10(value / slider.low) if slider.log else value - slider.low) / slider.step
        assert steps == pytest.approx(round(steps), abs=1e-9)


def test_the_zigzag_lies_between_staircase_and_curve_and_ends_at_the_diamond():
    picture = show(figures.staircase, shocked_price=94.0, depth=2.0, form="linear")
    _, _, zigzag, _, end = picture.canvas.figure.axes[0].lines
    sold, price = zigzag.get_data()
    assert price.tolist() == [94.0, 94.0, 93.0, 93.0, 91.0, 91.0, 88.0, 88.0, 84.0, 84.0]
    assert sold.tolist() == [0.0, 2.0, 2.0, 6.0, 6.0, 12.0, 12.0, 20.0, 20.0, 20.0]
    assert (end.get_xdata()[0], end.get_ydata()[0]) == (20.0, 84.0)
    assert picture.facts["worst equilibrium"] == 79.0


def test_triggers_tell_the_block_of_the_text():
    facts = show(figures.triggers).facts
    assert facts == {"blocks": 3, "accounts in the largest": 3, "its trigger": 95.0, "its fall of the price": 9.0}
    above, below = (least_severe(figures.SMALL, shock, Linear(0.5)).price for shock in (95.0, 95.0 - 1e-9))
    assert above - below == pytest.approx(9.0)


def test_quoted_rate_is_that_of_the_quotes():
    """Half the rate times the size is the slippage of the largest sales, within the scatter of the quotes."""
    quotes = load("dex_impact_quotes")
    large = (quotes["asset"] == "WETH") & (quotes["notional"] >= 1e7)
    size, cost = quotes["notional"][large], quotes["slippage"][large]
    law = fit_power_law(size, cost)
    middle = float(np.exp(np.log(size).mean()))
    assert figures.quoted_rate() / figures.ORACLE * middle / 2 == pytest.approx(law.cost(middle), rel=0.05)


def test_real_book_has_one_large_block_at_a_tenth_of_the_depth_and_none_at_all_of_it():
    tenth = show(figures.crvusd, fall=0.24, share=0.1).facts
    assert tenth["bands in the largest block"] == 14
    assert tenth["WETH in the largest block"] == pytest.approx(6289.4, abs=0.1)
    assert show(figures.crvusd, fall=0.235, share=0.1).facts["bands lost"] < tenth["bands lost"] - 13
    assert show(figures.crvusd, fall=0.24, share=1.0).facts["bands in the largest block"] == 1


def test_the_largest_block_ends_where_the_mean_of_its_bands_falls_below_the_gap_between_thresholds():
    """Equation (7.5) on bands 1 % apart: the block goes on while the mean so far lowers the price by 1 % or more."""
    table, rate = load("crvusd_thresholds"), figures.quoted_rate() / 0.1
    book = Ladder(table["threshold"], table["quantity"])
    blocks = book.blocks(Exponential(rate))
    largest = int(blocks.quantity.argmax())
    first = int(blocks.count[:largest].sum())
    held = np.diff(book.cumulative)[first : first + 14]
    gaps = np.log(book.thresholds[first] / book.thresholds[first + 1 : first + 15])
    cent = 0.01 / book.thresholds[first + 14]  # the table gives thresholds to the cent
    assert gaps == pytest.approx(np.arange(1, 15) * math.log(1 / 0.99), abs=cent)
    goes_on = rate * held.cumsum() >= gaps
    assert goes_on.tolist() == [True] * 13 + [False]
    assert (held < math.log(1 / 0.99) / rate).sum() == 4


def test_batches_matter_only_if_each_fill_starts_again():
    picture = show(figures.schedules)
    facts = picture.facts
    assert facts["end price, one by one"] == facts["end price, rounds"]
    assert facts["lost, fills of 1"] < facts["lost, fills of 30"]
    constant = picture.canvas.figure.axes[1].lines[1].get_ydata()
    assert set(constant) == {facts["lost, total counts"]}
