import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cascadelab.criticality import leverage_targeting, spiral


def cleared_price(slope, unit_margin, margin_slope, quantity, before, more_capital):
    """Price at which customers and carriers hold all there is, by bisection; 100 without more capital."""
    low, high = 100.0 - 1e-3, 100.0 + 1e-3
    capital = unit_margin * quantity - before * 100.0

    def short_of_margin(price):
        held = quantity + (price - 100.0) / slope
        return held * (unit_margin + margin_slope * (price - 100.0)) - (capital + more_capital + before * price)

    for _ in range(100):
        middle = (low + high) / 2
        low, high = (low, middle) if short_of_margin(middle) > 0 else (middle, high)
    return (low + high) / 2


@given(st.floats(0.001, 0.05), st.floats(5, 30), st.floats(-0.3, 0.3), st.floats(1, 100), st.floats(0, 100))
def test_price_change_is_that_of_a_cleared_market(slope, unit_margin, margin_slope, quantity, before):
    found = spiral(slope, unit_margin, margin_slope, quantity, before)
    assert found.kappa == pytest.approx(found.loss + found.margin)
    assume(found.kappa < 0.9)
    more = 1e-5 / found.price_change
    moved = cleared_price(slope, unit_margin, margin_slope, quantity, before, more) - 100.0
    assert moved / more == pytest.approx(found.price_change, rel=1e-3)


@given(st.floats(1, 20), st.floats(1, 500), st.floats(10, 500), st.floats(0.001, 0.01))
def test_a_fixed_fraction_is_leverage_targeting(leverage, quantity, price, slope):
    found = spiral(slope, price / leverage, 1 / leverage, quantity, quantity)
    assert found.kappa == pytest.approx(slope * leverage_targeting(leverage, quantity, price), abs=1e-12)


def test_signs_of_both_spirals_and_no_end_at_one():
    rising = spiral(0.02, 10.0, -0.2, 200.0, 200.0)
    assert rising.loss == pytest.approx(0.4)
    assert rising.margin == pytest.approx(0.08)
    assert spiral(0.02, 10.0, 0.0, 200.0, 0.0).kappa == 0.0
    assert spiral(0.05, 10.0, 0.0, 200.0, 200.0).price_change == math.inf
    assert spiral(0.05, 10.0, 0.0, 200.0, [200.0, 100.0]).price_change.tolist() == [math.inf, pytest.approx(0.01)]


@pytest.mark.parametrize("place", range(5))
def test_bad_input_of_a_spiral_is_named(place):
    names = ("slope", "unit_margin", "margin_slope", "quantity", "quantity_before")
    values = [0.02, 10.0, 0.0, 200.0, 200.0]
    values[place] = np.nan if place == 2 else -1.0
    with pytest.raises(ValueError, match=names[place]):
        spiral(*values)
