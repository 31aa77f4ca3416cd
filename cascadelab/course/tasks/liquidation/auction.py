"""Task 3, explain: the race between an auction and its market in the chapter's picture."""

import math
from typing import Any

from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Task, digits


def draw(stream: Draw) -> dict[str, Any]:
    """Settings of the chapter's picture."""
    return {
        "hourly_fall": stream.decimal(100, 290, 3),
        "cut": stream.decimal(9860, 9940, 4),
        "buffer": stream.decimal(1050, 1350, 3),
    }


def is_taken_too_late(given: Given) -> bool:
    """By the closed form it is taken within 10 to 150 minutes, at a price between 0.6 and 0.87."""
    decay, fall = -math.log(given["cut"]) / 90, -math.log(1 - given["hourly_fall"]) / 3600
    if decay < 1.15 * fall:
        return False
    taken = math.log(given["buffer"]) / (decay - fall)
    return 600 < taken < 9000 and 0.6 < math.exp(-fall * taken) < 0.87


TASK = Task(
    number=3,
    title="A race",
    kind="explain",
    outcome="predict when a falling-price auction is taken, and when it never is",
    minutes=20,
    draw=draw,
    holds=is_taken_too_late,
    guaranteed="the auction is taken within three hours, below the price that the debt needs",
    difficulty=digits,
    words={"hourly_fall": "fraction that the market price loses in an hour"},
    rubric=(
        (1, "reads time and price of the diamond, and says that it is the first step at which a resale loses nothing"),
        (1, "explains the price below the start by the fall of the market during the auction, with the closed form"),
        (
            1,
            "gives what is left unpaid for one unit, and says that by the closed form a higher top price makes it "
            "more in this market",
        ),
        (1, "derives the fall in an hour that is never caught from the cut, and names what a faster auction costs"),
    ),
)
