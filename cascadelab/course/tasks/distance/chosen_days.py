"""Task 5, find the error: a rise in correlation on selected days, as re-examined by Forbes and Rigobon (2002)."""

import math
from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.statements import WORDS, letter, told, which
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.distance.correlation import unconditional_correlation

EXPLAINED = "The square of a correlation is the part of the variance of B that A explains."
MORE = "On the selected days, A explains a larger part of the variance of B than on all days."
SAME = "With one and the same beta and noise, the correlation depends on the days that are selected."
WRONG = "The higher correlation shows that on the selected days beta is higher, or the noise smaller, than on all days."


def draw(stream: Draw) -> dict[str, Any]:
    """What was measured on the selected days, and four statements in a personal order."""
    given: dict[str, Any] = {
        "conditional_correlation": stream.decimal(751, 959, 3),
        "variance_ratio": stream.decimal(201, 899, 2),
    }
    return given | told(stream, [EXPLAINED, MORE, SAME, WRONG])


def is_chosen(given: Given) -> bool:
    """The variance is at least twice the usual one."""
    return given["variance_ratio"] >= 2


def undone(given: Given, power: float = 1.0) -> float:
    """Equation (4.23) by hand, at a power of the variance ratio."""
    seen, ratio = given["conditional_correlation"], given["variance_ratio"] ** power
    return float(seen / math.sqrt(ratio - (ratio - 1) * seen**2))


def book_correlation(given: Given) -> float:
    """The same by the book."""
    return float(unconditional_correlation(given["conditional_correlation"], given["variance_ratio"]))


TASK = Task(
    number=5,
    title="A correlation on selected days",
    kind="find the error",
    outcome="estimate a correlation with an interval, and say what the choice of days and of the interval does to it",
    minutes=15,
    draw=draw,
    holds=is_chosen,
    guaranteed="on the selected days the variance of A is at least twice its usual one",
    difficulty=digits,
    optional=True,
    parts=(
        Part(
            "5a",
            1,
            "the wrong statement",
            which(WRONG, see="equations (4.21) and (4.22)"),
        ),
        Part("5b", 2, "the correlation over all days", asks.number(book_correlation, 0.0005, "equation (4.23)")),
    ),
    slips=(
        Slip(("5a",), lambda g: letter(g, EXPLAINED), "That is equation (4.21), so it is right."),
        Slip(("5a",), lambda g: letter(g, MORE), "Only the variance of A has grown, so that one is right."),
        Slip(("5a",), lambda g: letter(g, SAME), "That is equation (4.22) in words, so it is right."),
        Slip(
            ("5b",),
            lambda g: undone(g, -1.0),
            "You went the wrong way: the correlation over all days is lower than the one that was measured.",
        ),
        Slip(("5b",), lambda g: undone(g, 0.5), "The ratio is already one of variances: take no root of it."),
        Slip(("5b",), lambda g: undone(g, 2.0), "The ratio is already one of variances: do not square it."),
        Slip(("5b",), lambda g: undone(g) ** 2, "That is the explained part of the variance; asked is its root."),
        Slip(
            ("5b",),
            lambda g: g["conditional_correlation"] / math.sqrt(g["variance_ratio"]),
            "The variance of B has grown as well, by a part of what that of A has.",
        ),
        Slip(("5b",), lambda g: g["conditional_correlation"], "That is what was measured on the selected days."),
    ),
    words={
        "conditional_correlation": "correlation on the selected days",
        "variance_ratio": "variance of A on the selected days over its variance on all days",
        **WORDS,
    },
)
