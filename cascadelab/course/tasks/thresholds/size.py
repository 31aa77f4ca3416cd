"""Task 3, explain: size and the tiers in the chapter's picture."""

import functools
from typing import Any

from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Task, digits
from cascadelab.kit.tables import load_tiers
from cascadelab.thresholds.tiers import Tiers

WIDEST = 1e9  # where the curves of the picture end


@functools.cache
def table() -> tuple[list[float], list[float], list[float], list[float]]:
    """Rates, deductions, floors and leverages of the picture, in plain Python: this runs for every draw."""
    found = load_tiers("BTC/USDT", "2026-09")
    tiers = Tiers(found.rates, found.deductions)
    return tiers.rates.tolist(), tiers.deductions.tolist(), tiers.floors.tolist(), found.max_leverage.tolist()


def draw(stream: Draw) -> dict[str, Any]:
    """Notional and leverage of a large long."""
    return {"opened": stream.integer(70_000, 112_999) * 1_000, "leverage": stream.decimal(790, 990, 2)}


def price_and_lines(given: Given) -> tuple[float, int, int]:
    """Liquidation price for an entry price of 100, the line that binds there, and the line at entry."""
    rates, deductions, floors, _ = table()
    opened, margin = given["opened"], given["opened"] / given["leverage"]
    prices = [100 * (opened - margin - a) / (opened * (1 - r)) for r, a in zip(rates, deductions, strict=True)]
    return max(prices), prices.index(max(prices)), sum(floor <= opened for floor in floors) - 1


def changes_its_line(given: Given) -> bool:
    """It binds on an earlier line than it is opened on, well below the entry price, and away from every floor."""
    price, binding, entered = price_and_lines(given)
    notional = given["opened"] * price / 100
    near = min(abs(size / floor - 1) for floor in table()[2][1:] for size in (given["opened"], notional))
    return price < 98 and binding < entered and near > 0.005


def ends_in_the_picture(given: Given) -> bool:
    """The leverage is offered, and the price meets the entry price above this size, but before the picture's end."""
    rates, deductions, floors, offered = table()
    share = 1 / given["leverage"]
    refused = min(floor for floor, highest in zip(floors, offered, strict=True) if highest < given["leverage"])
    met = min(a / (r - share) for r, a in zip(rates, deductions, strict=True) if r > share)
    return bool(given["opened"] < refused < met < 0.99 * WIDEST)


TASK = Task(
    number=3,
    title="Size and its price",
    kind="explain",
    outcome="build a table of maintenance tiers from its floors and rates, "
    "and say why the largest line is always the right bracket",
    minutes=20,
    draw=draw,
    holds=lambda given: changes_its_line(given) and ends_in_the_picture(given),
    guaranteed="the leverage is offered, and the long is safe at entry; "
    "an earlier line binds at liquidation than at entry; "
    "larger sizes reach the grey area, then the entry price, within the picture",
    difficulty=digits,
    rubric=(
        (
            1,
            "names the lines at entry and at liquidation, and says why the second is the earlier one",
        ),
        (1, "says why the thick curve is the largest of the thin ones, not the smallest, for a long"),
        (1, "says why a dot lies to the right of its floor: the notional has shrunk by the time of the liquidation"),
        (1, "tells the edge of the grey area (leverage offered) from the entry price (no room left)"),
    ),
    words={"opened": "notional of the long when it is opened (USDT)"},
)
