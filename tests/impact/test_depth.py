"""Curves of one depth agree where they are said to."""

import pytest

from cascadelab.impact.depth import market_of_depth


@pytest.mark.parametrize("form", ["linear", "exponential", "pool"])
def test_first_unit_of_every_smooth_curve_moves_the_price_by_one_over_depth(form):
    market = market_of_depth(form, 4.0)
    assert (100.0 - market.price(100.0, 1e-6)) / 1e-6 == pytest.approx(0.25, rel=1e-5)


def test_root_meets_the_line_at_twenty_units():
    line, root = (market_of_depth(form, 2.0) for form in ("linear", "square root"))
    assert root.price(100.0, 20.0) == pytest.approx(line.price(100.0, 20.0))
