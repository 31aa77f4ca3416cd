import numpy as np
import pytest

from cascadelab.kit.explore import show
from cascadelab.kit.tables import load_tiers
from cascadelab.thresholds import VENUES, Tiers, figures, liquidation_prices, theory


def test_venues_are_sorted_with_the_first_to_go_on_top():
    picture = show(figures.venues_side_by_side, leverage=2, side="long")
    order = [label.get_text() for label in picture.canvas.figure.axes[0].get_yticklabels()]
    lower = [VENUES[venue].liquidation_prices(1.0, 100.0, 50.0)[0] for venue in order]
    assert sorted(lower, reverse=True) == lower
    assert picture.facts["first"] == f"{order[0]} at {lower[0]:.2f}"
    assert picture.facts["last"] == f"{order[-1]} at {lower[-1]:.2f}"


def test_rules_that_do_not_allow_the_position_are_counted_out():
    facts = show(figures.venues_side_by_side, leverage=10, side="short").facts
    allowed = sum(rule.shorts and rule.tiers.rates[0] < 0.1 for rule in VENUES.values())
    assert facts["rules that allow it"] == f"{allowed} of {len(VENUES)}"


def test_rules_are_put_into_words():
    picture = show(figures.venues_side_by_side, leverage=2, side="long")
    words = {text.get_text() for text in picture.canvas.figure.axes[0].texts}
    assert {
        "weight 0.80",
        "0.5 % of entry",
        "0.8 % + fee 0.05 %",
        "0.4 %, tiered",
        "3 %",
        "0.5 % + fee (left out)",
    } <= words


def walk(side, opened, leverage=10):
    """The picture, its tiers, and where its thick curve and its dots are drawn."""
    picture = show(figures.walk_up_the_tiers, opened=opened, leverage=leverage, side=side)
    table = load_tiers("BTC/USDT", "2026-09")
    lines = {line.get_label(): line.get_data() for line in picture.canvas.figure.axes[1].lines}
    return picture, Tiers(table.rates, table.deductions), lines


@pytest.mark.parametrize("side", ["long", "short"])
def test_thick_curve_and_facts_are_the_liquidation_price(side):
    picture, tiers, lines = walk(side, 2e8)
    sign = 1 if side == "long" else -1
    ends = liquidation_prices(sign * 2e6, 100.0, 2e7, tiers)
    price = ends[0] if sign > 0 else ends[1]
    assert picture.facts["liquidation price"] == f"{price:.2f} (entry price 100)"
    assert (
        picture.facts["line that binds"]
        == f"{tiers.tier(2e6 * price) + 1} at liquidation, {tiers.tier(2e8) + 1} at entry"
    )
    assert np.interp(2e8, *lines["liquidation price"]) == pytest.approx(price, abs=0.05)


@pytest.mark.parametrize("side", ["long", "short"])
def test_each_dot_reaches_its_floor_at_its_liquidation_price(side):
    _, tiers, lines = walk(side, 2e8)
    opened, price = lines["kink"]
    np.testing.assert_allclose(opened / 100 * price, tiers.floors[1 : 1 + len(opened)], rtol=1e-12)


def test_dots_of_a_long_are_those_of_exercise_four():
    _, tiers, lines = walk("long", 2e8, leverage=20)
    symbols = (theory.leverage, theory.floor_k, theory.rate, theory.deducted)
    for k, opened in enumerate(lines["kink"][0], start=1):
        values = (20, tiers.floors[k], tiers.rates[k], tiers.deductions[k])
        assert opened == pytest.approx(float(theory.kink_notional().subs(dict(zip(symbols, values, strict=True)))))


def test_position_too_large_for_its_leverage_is_liquidated_at_once():
    facts = walk("long", 1e9, leverage=50)[0].facts
    assert facts["safe at entry"].startswith("no, up to")
    assert facts["leverage offered"] == "no, below 12 million"


def test_limits_are_where_the_requirement_is_the_margin_and_where_the_table_stops():
    facts, (_, tiers, _) = walk("long", 8e8)[0].facts, walk("long", 8e8)
    assert facts["safe at entry"] == "yes, up to 810 million"
    assert facts["leverage offered"] == "no, below 230 million"
    assert tiers.requirement(809.8e6) < 80.98e6
    assert tiers.requirement(810.0e6) > 81.0e6


def test_forgotten_deduction_leaves_two_thresholds_on_both_sides_of_the_edge():
    facts = show(figures.forgotten_deduction).facts
    assert facts["long: thresholds"] == f"{1550 / 19:.2f} and {1550 / 17:.2f}"
    assert facts["short: thresholds"] == f"{2450 / 22:.2f} and {2450 / 20.8:.2f}"
