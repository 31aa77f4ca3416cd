"""Task 3, explain: the chapter's fold, between its crash and its recovery."""

from math import log, sqrt
from typing import Any

from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Task, digits

CENTRE = 85.0  # of the thresholds in the chapter's picture


def draw(stream: Draw) -> dict[str, Any]:
    """Settings of the chapter's picture."""
    return {
        "kappa_max": stream.decimal(1301, 1799, 3),
        "width": stream.decimal(201, 359, 2),
        "shocked_price": stream.decimal(8801, 10299, 2),
    }


def turns(given: Given) -> tuple[float, float]:
    """Crash and recovery shock by (8.18) and (8.19), by hand."""
    kappa, width = given["kappa_max"], given["width"]
    share = (1 - sqrt(1 - 1 / kappa)) / 2
    shocks = [CENTRE + 4 * width * kappa * part - width * log(part / (1 - part)) for part in (share, 1 - share)]
    return shocks[0], shocks[1]


def is_between(given: Given) -> bool:
    """The shocked price lies between the two shocks, at least a tenth of their distance and 0.1 from both."""
    crash, recovery = turns(given)
    edge = max(0.1 * (recovery - crash), 0.1)
    return crash + edge < given["shocked_price"] < recovery - edge


TASK = Task(
    number=3,
    title="Between crash and recovery",
    kind="explain",
    outcome="find the shock at which a smooth fall turns into a crash, and, in a uniform book, the bad debt that a "
    "cascade leaves under two fill rules",
    minutes=20,
    draw=draw,
    holds=is_between,
    guaranteed="the shocked price lies between the recovery and the crash, near neither",
    difficulty=digits,
    rubric=(
        (1, "says where the market rests now and how much of the book is sold; that the branching ratio there is below "
            "one, and that it reaches one at the crash shock"),
        (1, "names the three rests at this shock, and why nobody stays at the middle one: its ratio is above one"),
        (1, "says what happens as the shocked price falls past the crash shock, with the shock, and that the reaction "
            "to small shocks grows like one over the root of the distance: a warning that comes late"),
        (1, "liquidated accounts do not come back: the price rises one for one with the shocked price; the recovery "
            "branch is for flow that is bought back, with an example"),
    ),
    words={
        "kappa_max": "largest branching ratio of the book",
        "width": "width w of the book, in units of price",
        "shocked_price": "price after the shock",
    },
)  # fmt: skip
