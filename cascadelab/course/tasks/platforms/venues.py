"""Task 3, explain: what arbitrage does to two venues, in the chapter's picture."""

from typing import Any

from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Task, digits
from cascadelab.course.tasks.platforms.joined import in_the_end, radius

DEPTH, SALE, ROOM = [2.0, 6.0], 6.0, 22.0  # of the picture; the thresholds reach down to a fall of 30


def draw(stream: Draw) -> dict[str, Any]:
    """Settings of the picture."""
    return {
        "density_1": stream.decimal(211, 279, 2),
        "density_2": stream.decimal(51, 199, 2),
        "conductance": stream.decimal(81, 399, 2),
    }


def is_readable(given: Given) -> bool:
    """Venue 1 is critical alone, arbitrage heals, and neither venue is swept to the end of its accounts."""
    full = {
        "depth": DEPTH,
        "density": [given["density_1"], given["density_2"]],
        "conductance": given["conductance"],
        "sold": SALE,
    }
    return given["density_1"] > DEPTH[0] and radius(full) < 0.93 and 0 < max(in_the_end(full)) < ROOM


TASK = Task(
    number=3,
    title="The link that heals and infects",
    kind="explain",
    outcome="say when arbitrage ends a cascade, when it spreads one, and for whom each is better",
    minutes=25,
    draw=draw,
    holds=is_readable,
    guaranteed="venue 1 is critical alone, and at your conductance the rounds end before its accounts do",
    difficulty=digits,
    rubric=(
        (1, "tells the three numbers apart: both branching ratios, and the conductance below which it is critical"),
        (1, "sale on venue 1: names who gains and who pays, and why the fall of venue 2 first grows, then shrinks"),
        (
            1,
            "sale on venue 2: says that the link brings venue 1 into it, and why that does not contradict "
            "the theorem on r(K)",
        ),
        (
            1,
            "names a condition without which the healing fails (arbitrage in time; not on margin; enough spare depth "
            "on venue 2, or enough conductance), and why",
        ),
    ),
    words={
        "density_1": "units forced out on venue 1 by a fall of one there",
        "density_2": "units forced out on venue 2 by a fall of one there",
    },
)
