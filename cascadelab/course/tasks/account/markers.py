"""Task 3, explain: the two markers of the chapter's picture, and a closing that comes too late."""

from typing import Any

from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Task, digits


def draw(stream: Draw) -> dict[str, Any]:
    """Settings of the chapter's picture for a short, and a price at which it is closed too late."""
    leverage, rate = stream.decimal(40, 120, 1), stream.decimal(200, 800, 4)
    late = int(1000 * (1 + 1 / leverage)) + stream.integer(10, 90)
    return {"leverage": leverage, "maintenance_rate": rate, "price": late / 10}


def is_readable(given: Given) -> bool:
    """Maintenance takes between a quarter and seven tenths of the room, and the short is closed above bankruptcy."""
    bankrupt = 100 * (1 + 1 / given["leverage"])
    return 0.25 < given["leverage"] * given["maintenance_rate"] < 0.66 and given["price"] > bankrupt


TASK = Task(
    number=3,
    title="Two markers",
    kind="explain",
    outcome="tell maintenance at the mark price from maintenance that is frozen at entry",
    minutes=20,
    draw=draw,
    holds=is_readable,
    guaranteed="maintenance takes a quarter to seven tenths of the room; the closing comes too late",
    difficulty=digits,
    rubric=(
        (1, "says which marker is the liquidation and which the bankruptcy, with both prices"),
        (1, "gives the reason for their order: at the first the equity is the maintenance margin, at the second zero"),
        (1, "gives what the closing leaves unpaid for one unit, and says why it is not the account that pays"),
        (1, "frozen at entry a linear short is liquidated later, because its requirement no longer grows"),
    ),
    words={"price": "price at which the venue gets the position closed"},
)
