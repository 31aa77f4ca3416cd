import math

import numpy as np
import pytest

from cascadelab.kit.explore import Explorer, show
from cascadelab.kit.tables import load_tiers
from cascadelab.thresholds import VENUES, Tiers, figures, liquidation_prices


@pytest.mark.parametrize(
    ("figure", "sliders"),
    [
        (figures.venues_side_by_side, figures.VENUES_SIDE_BY_SIDE_SLIDERS),
        (figures.walk_up_the_tiers, figures.WALK_UP_THE_TIERS_SLIDERS),
    ],
)
def test_widget_draws_at_every_corner_with_finite_facts(figure, sliders):
    for settings, facts in Explorer(figure, sliders).grid():
        assert facts, settings
        assert all(math.isfinite(fact) for fact in facts.values() if not isinstance(fact, str)), settings


def test_venues_are_sorted_with_the_first_to_go_on_top():
    picture = show(figures.venues_side_by_side, leverage=2, side="long")
    order = [label.get_text() for label in picture.canvas.figure.axes[0].get_yticklabels()]
    lower = [VENUES[venue].liquidation_prices(1.0, 100.0, 50.0)[0] for venue in order]
    assert sorted(lower, reverse=True) == lower
    assert picture.facts["first"] == f"{order[0]} at {lower[0]:.2f}"
    assert picture.facts["last"] == f"{order[-1]} at {lower[-1]:.2f}"


def test_venues_that_do_not_admit_the_position_are_counted_out():
    facts = show(figures.venues_side_by_side, leverage=10, side="short").facts
    assert facts["admitted"] == sum(rule.shorts and rule.tiers.rates[0] < 0.1 for rule in VENUES.values())


def test_rules_are_put_into_words():
    picture = show(figures.venues_side_by_side, leverage=2, side="long")
    words = {text.get_text() for text in picture.canvas.figure.axes[0].texts}
    assert {"weight 0.80", "0.5 % of entry", "0.8 % + fee 0.05 %", "0.4 %, tiered", "3 %"} <= words


@pytest.mark.parametrize("side", ["long", "short"])
def test_thick_line_and_facts_are_the_liquidation_price(side):
    settings = {"opened": 2e8, "leverage": 10, "side": side, "snapshot": "2024-10"}
    picture = show(figures.walk_up_the_tiers, **settings)
    table = load_tiers("BTC/USDT", "2024-10")
    tiers, sign = Tiers(table.rates, table.deductions), 1 if side == "long" else -1
    ends = liquidation_prices(sign * 2e6, 100.0, 2e7, tiers)
    price = ends[0] if sign > 0 else ends[1]
    assert picture.facts["liquidation price"] == pytest.approx(price)
    assert picture.facts["tier that binds at liquidation"] == tiers.tier(2e6 * price) + 1
    (thick,) = [line for line in picture.canvas.figure.axes[1].lines if line.get_label() == "liquidation price"]
    assert np.interp(2e8, *thick.get_data()) == pytest.approx(price, abs=0.05)


def test_position_too_large_for_its_leverage_is_liquidated_at_once():
    facts = show(figures.walk_up_the_tiers, opened=1e9, leverage=50, side="long", snapshot="2026-09").facts
    assert facts["safe at entry"] == "no, liquidated at once"


def test_forgotten_deduction_leaves_two_thresholds_on_both_sides_of_the_edge():
    facts = show(figures.forgotten_deduction).facts
    assert facts["long: thresholds"] == f"{1550 / 19:.2f} and {1550 / 17:.2f}"
    assert facts["short: thresholds"] == f"{2450 / 22:.2f} and {2450 / 20.8:.2f}"
