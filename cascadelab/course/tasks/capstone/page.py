"""The published page of task 6 with other numbers: account T, which is short, and four statements."""

from collections.abc import Mapping
from typing import Any

from cascadelab.course.personal import Draw
from cascadelab.course.statements import told

HOLDS = "Whatever the price does, the account holds the proceeds of the sale and the initial margin."
OWES = "Its equity is what it holds, less the price of the day for every unit that it owes."
RULE = "The call comes when the equity falls to the maintenance rate times the value of what is owed that day."
WRONG = "The equity at the sale, divided by the maintenance rate, is the price at which the call comes."


def draw(stream: Draw, price: int) -> dict[str, Any]:
    """What T sold, its rates, the published kind of price, and the statements in a personal order."""
    short: dict[str, Any] = {
        "units_short": stream.integer(11, 29),
        "initial_rate": stream.decimal(50, 70, 2),
        "maintenance_rate": stream.decimal(25, 40, 2),
    }
    claimed = round(published(short | {"price": [price, price]}), 2)
    return short | {"published": claimed} | told(stream, [HOLDS, OWES, RULE, WRONG])


def equity_at_sale(given: Mapping[str, Any]) -> float:
    """The initial margin of all units, at the price of A on venue 2."""
    return float(given["units_short"] * given["price"][1] * given["initial_rate"])


def published(given: Mapping[str, Any]) -> float:
    """The page's way: an equity that does not move, divided by the maintenance rate, and called a share price."""
    return as_on_the_page(equity_at_sale(given), given["maintenance_rate"])


def as_on_the_page(equity: float, maintenance_rate: float) -> float:
    """The division of the page."""
    return equity / maintenance_rate
