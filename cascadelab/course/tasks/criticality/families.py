"""Task 4, simulate: what an estimate from few avalanches says on average, and how many avalanches never end."""

from math import exp
from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.criticality.borel import extinction_probability

TOLERANCE = 0.006


def draw(stream: Draw) -> dict[str, Any]:
    """A ratio below one with few avalanches, and a ratio above one."""
    avalanches, seeds = stream.choice(((2, 2), (3, 2), (2, 3)))
    return {
        "kappa": stream.decimal(601, 849, 3),
        "avalanches": avalanches,
        "seeds": seeds,
        "kappa_above": stream.decimal(1201, 1699, 3),
        "seeds_above": stream.choice((2, 3)),
    }


def has_few_seeds(given: Given) -> bool:
    """The seeds of a set and of an avalanche, and both ratios, are within their bounds."""
    few = given["seeds"] in (2, 3) and given["avalanches"] * given["seeds"] in (4, 6)
    return few and given["kappa"] < 0.85 and 1.2 <= given["kappa_above"] <= 1.7


def by_seeds(given: Given, avalanches: int) -> float:
    """Mean of the estimate from so many avalanches: κ r / (r + 1) with r seeds in all, as below (8.38)."""
    seeds = given["seeds"] * avalanches
    return float(given["kappa"] * seeds / (seeds + 1))


def mean_estimate(given: Given) -> float:
    """Mean of the estimate from a set."""
    return by_seeds(given, given["avalanches"])


def dies(given: Given) -> float:
    """Chance that what one seed begins comes to an end, in plain Python: the smaller root of π = exp(κ(π − 1))."""
    chance = 0.0
    for _ in range(100):
        chance = exp(given["kappa_above"] * (chance - 1))
    return chance


def endless(given: Given) -> float:
    """Share of avalanches that never end, by the book: not every seed's family comes to an end."""
    return 1 - float(extinction_probability(given["kappa_above"])) ** int(given["seeds_above"])


TASK = Task(
    number=4,
    title="Few avalanches, and endless ones",
    kind="simulate",
    outcome="predict the sizes of avalanches in a book of single accounts, and estimate the branching ratio from sizes",
    minutes=30,
    draw=draw,
    holds=has_few_seeds,
    guaranteed="four or six seeds in all, two or three in each avalanche, with a ratio below 0.85; the other ratio is "
    "from 1.2 to 1.7",
    difficulty=digits,
    optional=True,
    parts=(
        Part(
            "4a",
            2,
            "mean of the estimate",
            asks.number(mean_estimate, TOLERANCE, "equation (8.37) with several seeds, and the warnings below (8.38)"),
        ),
        Part("4b", 2, "share that never ends", asks.number(endless, TOLERANCE, "equation (8.35)")),
    ),
    slips=(
        Slip(("4a",), lambda g: g["kappa"], "That is the true ratio; from so few avalanches the mean is another."),
        Slip(
            ("4a",),
            lambda g: 1 - (1 - by_seeds(g, g["avalanches"])) / g["seeds"],
            "That takes one seed for each avalanche; here there are more.",
        ),
        Slip(
            ("4a",),
            lambda g: by_seeds(g, 1),
            "You estimated from each avalanche alone; the estimate takes the mean size of the set first.",
        ),
        Slip(("4b",), lambda g: dies(g) ** g["seeds_above"], "That is the share that ends."),
        Slip(("4b",), lambda g: 1 - dies(g), "That is for one seed; here one endless family is enough."),
        Slip(
            ("4b",),
            lambda g: (1 - dies(g)) ** g["seeds_above"],
            "That asks every seed for an endless family; one is enough.",
        ),
    ),
    words={
        "kappa": "branching ratio of the market in 4a",
        "avalanches": "avalanches in one set",
        "seeds": "seeds of each avalanche in 4a",
        "kappa_above": "branching ratio of the market in 4b",
        "seeds_above": "seeds of each avalanche in 4b",
    },
)
