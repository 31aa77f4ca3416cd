import numpy as np
import pytest

from cascadelab.impact import figures
from cascadelab.kit.explore import show


@pytest.mark.parametrize("form", figures.RECTANGLE_AND_AREA_SLIDERS["form"].options)
def test_facts_are_the_areas_that_are_drawn(form):
    picture = show(figures.rectangle_and_area, sold=60.0, depth=2.0, form=form)
    (curve, *_) = picture.canvas.figure.axes[0].lines
    units, price = curve.get_data()
    inside = units <= 60.0
    area = np.sum((price[inside][1:] + price[inside][:-1]) / 2 * np.diff(units[inside]))
    assert picture.facts["cash along the walk"] == pytest.approx(area, rel=2e-3)
    assert picture.facts["cash at the end price"] == pytest.approx(60 * picture.facts["end price"])


def test_quotes_above_ten_million_are_close_to_linear():
    for asset in ("WETH", "WBTC"):
        assert show(figures.quotes, smallest=1e6, asset=asset).facts["exponent"] == pytest.approx(0.88, abs=0.005)
        assert show(figures.quotes, smallest=1e7, asset=asset).facts["exponent"] == pytest.approx(0.99, abs=0.005)


def test_pieces_show_both_failures():
    facts = show(figures.pieces).facts
    assert facts["fraction rule, 1 fill"] == pytest.approx(76.0)
    assert facts["fraction rule, 2 fills"] == pytest.approx(76.95)
    assert facts["root rule, 1 fill"] == pytest.approx(78.0)
    assert facts["root rule, 16 fills"] == pytest.approx(95 - 17 * 4)
