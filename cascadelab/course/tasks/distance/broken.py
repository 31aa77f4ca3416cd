"""Task 3, explain: the most likely way to liquidation before and after a break of the correlation."""

from typing import Any

from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Task, digits


def draw(stream: Draw) -> dict[str, Any]:
    """Settings of the chapter's picture, before and after the break."""
    return {
        "correlation": stream.decimal(101, 549, 3),
        "correlation_after": stream.decimal(701, 969, 3),
        "degrees_of_freedom": stream.integer(6, 16) / 2,
    }


def is_a_rise(given: Given) -> bool:
    """The correlation rises by more than 0.3, so that the two pictures differ to the eye."""
    return given["correlation_after"] - given["correlation"] > 0.3


TASK = Task(
    number=3,
    title="The touching ellipse",
    kind="explain",
    outcome="find the most likely way in which it is liquidated",
    minutes=25,
    draw=draw,
    holds=is_a_rise,
    guaranteed="the correlation rises by more than 0.3",
    difficulty=digits,
    rubric=(
        (
            1,
            "says in which sense the touching point is the most likely way, with its two returns in both pictures",
        ),
        (1, "gives both σ-distances, and says why the second is smaller although no price and no surplus has changed"),
        (1, "says how the touching point moves along the hyperplane, and why: A and B come to fall in step"),
        (1, "gives the factors by which both probabilities grow, and says why Student's t is larger and grows by less"),
    ),
)
