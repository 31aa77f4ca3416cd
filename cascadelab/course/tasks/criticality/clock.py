"""Task 5, find the error: a branching ratio from the mean of counts by the minute, as in the chapter's exercise 6."""

from math import sqrt
from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.statements import WORDS, letter, told, which
from cascadelab.course.task import Given, Part, Slip, Task, digits

WRONG = "One minus the inverse of the mean count of a bin is the branching ratio."
CALM = "If no sale forced another, and sales came at random, the variance of the counts would be equal to their mean."
SHOCKS = "Shocks that hit many accounts at once, in some bins only, raise the variance without any feedback."
ENDLESS = "An avalanche that never ends is in no list of complete avalanches."


def draw(stream: Draw) -> dict[str, Any]:
    """Mean and variance of counts, what the dashboard makes of them, and four statements in a personal order."""
    mean = stream.decimal(201, 599, 1)
    listed = told(stream, [WRONG, CALM, SHOCKS, ENDLESS])
    variance = round(mean / (1 - stream.decimal(301, 749, 3)) ** 2, 1)
    return {"mean": mean, "variance": variance, "reported": round(1 - 1 / mean, 3)} | listed


def kappa(given: Given) -> float:
    """The ratio that the variance says: equation (8.39), solved for it."""
    return 1 - sqrt(given["mean"] / given["variance"])


def is_overstated(given: Given) -> bool:
    """The variance says a ratio from 0.3 to 0.75, and the dashboard more than that."""
    return 0.3 <= kappa(given) <= 0.75 and given["reported"] > kappa(given)


TASK = Task(
    number=5,
    title="A dashboard that counts by the clock",
    kind="find the error",
    outcome="say when such an estimate measures nothing",
    minutes=15,
    draw=draw,
    holds=is_overstated,
    guaranteed="the variance says a ratio from 0.3 to 0.75, the dashboard says more",
    difficulty=digits,
    optional=True,
    parts=(
        Part(
            "5a",
            1,
            "the wrong statement",
            which(WRONG, see="the last paragraphs of Can one measure it"),
        ),
        Part("5b", 2, "the ratio that the variance says", asks.number(kappa, 0.0005, "equation (8.39)")),
    ),
    slips=(
        Slip(("5a",), lambda g: letter(g, CALM), "Counts of independent events at random have this, so it is right."),
        Slip(("5a",), lambda g: letter(g, SHOCKS), "Whatever makes counts vary is taken for feedback: that is right."),
        Slip(("5a",), lambda g: letter(g, ENDLESS), "It has no size that could be listed, so that one is right."),
        Slip(("5b",), lambda g: 1 - 1 / g["mean"], "That is the dashboard's number: a busier market would raise it."),
        Slip(("5b",), lambda g: 1 - g["mean"] / g["variance"], "The ratio enters squared: a root is missing."),
        Slip(("5b",), lambda g: sqrt(g["mean"] / g["variance"]), "That is one minus the ratio."),
    ),
    words={
        "mean": "mean of the counts",
        "variance": "variance of the counts",
        "reported": "branching ratio that the dashboard reports",
        **WORDS,
    },
)
