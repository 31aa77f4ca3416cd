import pytest

from cascadelab.account import figures
from cascadelab.kit.explore import show


def test_equity_and_maintenance_reports_the_prices_it_marks():
    facts = show(
        figures.equity_and_maintenance, leverage=5, maintenance_rate=0.05, side="long", basis="mark price"
    ).facts
    assert facts["liquidation price"] == pytest.approx(80 / 0.95)
    assert facts["bankruptcy price"] == pytest.approx(80)
    frozen = show(
        figures.equity_and_maintenance, leverage=5, maintenance_rate=0.05, side="short", basis="entry price"
    ).facts
    assert frozen["liquidation price"] == pytest.approx(115)


def test_lines_cross_where_the_facts_say():
    picture = show(figures.equity_and_maintenance, leverage=8, maintenance_rate=0.1, side="short", basis="mark price")
    equity_line, maintenance_line = picture.canvas.figure.axes[0].lines[:2]
    gap = equity_line.get_ydata() - maintenance_line.get_ydata()
    safe = equity_line.get_xdata()[gap >= 0]
    assert safe.max() <= picture.facts["liquidation price"] < safe.max() + 0.5


def test_room_is_gone_at_leverage_one_over_m():
    assert show(figures.leverage_to_price, maintenance_rate=0.04).facts["no room from leverage"] == pytest.approx(25)
    facts = show(
        figures.equity_and_maintenance, leverage=20, maintenance_rate=0.05, side="long", basis="mark price"
    ).facts
    assert facts["room from entry to liquidation"].startswith("none")
    assert facts["share of the room that maintenance takes"] == pytest.approx(1.0)


def test_inverse_and_dollar_equity_meet_maintenance_at_one_price():
    facts = show(figures.linear_and_inverse).facts
    assert facts["liquidation price"] == pytest.approx(63_000 / 1.6)
