"""Task 1, compute: the σ-distance of a hedge, and two probabilities of its liquidation."""

import math
from typing import Any

import numpy as np

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.distance.covariance import variance
from cascadelab.distance.passage import portfolio_first_passage
from cascadelab.distance.probability import liquidation_probability

YEAR = 365


def draw(stream: Draw) -> dict[str, Any]:
    """A long in A that is hedged in part by a short in B, at a σ-distance between 2.3 and 3."""
    prices = [stream.integer(60, 400), stream.integer(20, 150)]
    long = stream.decimal(41, 199, 1)
    short = round(long * prices[0] * stream.decimal(50, 85, 2) / prices[1], 1)
    given: dict[str, Any] = {
        "normal": [long, -short],
        "offset": 0,
        "prices": prices,
        "volatility": [stream.decimal(51, 109, 2), stream.decimal(51, 109, 2)],
        "correlation": stream.decimal(51, 89, 2),
        "days": stream.integer(3, 14),
        "degrees_of_freedom": stream.integer(3, 6),
    }
    return given | {"offset": round(surplus(given) - stream.decimal(230, 300, 2) * deviation(given))}


def surplus(given: Given) -> float:
    """S = n·p − n₀, by hand."""
    return float(sum(n * p for n, p in zip(given["normal"], given["prices"], strict=True)) - given["offset"])


def deviation(given: Given, *, middle: float = 1.0, time: float | None = None, priced: bool = True) -> float:
    """Standard deviation of the surplus, by hand; `middle` times the term of the correlation."""
    sizes = [n * p if priced else n for n, p in zip(given["normal"], given["prices"], strict=True)]
    a, b = (size * sigma for size, sigma in zip(sizes, given["volatility"], strict=True))
    total = a * a + b * b + 2 * middle * given["correlation"] * a * b
    return math.sqrt(total * (given["days"] / YEAR if time is None else time))


def added(given: Given) -> float:
    """The two deviations added, sizes without sign: a correlation of −1 of a long and a short."""
    return deviation(given, middle=-1 / given["correlation"])


def z_of(given: Given, **changed: Any) -> float:
    """σ-distance by hand, right or changed."""
    return surplus(given) / deviation(given, **changed)


def phi(x: float) -> float:
    """Distribution function of the standard normal."""
    return math.erfc(-x / math.sqrt(2)) / 2


def student(given: Given, stretch: float = 0.5) -> float:
    """Student's t at z times a power of ν/(ν − 2): 1/2 is right, 0 forgets the stretch, −1/2 shrinks."""
    from scipy import special

    nu = given["degrees_of_freedom"]
    return float(special.stdtr(nu, -z_of(given) * (nu / (nu - 2)) ** stretch))


def book_z(given: Given) -> float:
    """σ-distance through the book's variance; its checks of the matrix would cost ten times as much for every draw."""
    exposure = np.array(given["normal"]) * given["prices"]
    s_a, s_b = (sigma * math.sqrt(given["days"] / YEAR) for sigma in given["volatility"])
    both = given["correlation"] * s_a * s_b
    spread = variance(exposure, np.array([[s_a**2, both], [both, s_b**2]]))
    return float((exposure.sum() - given["offset"]) / np.sqrt(spread))


def is_a_hedge(given: Given) -> bool:
    """A long against a short, at a σ-distance from 2.3 to 3, give or take what rounds the offset."""
    long, short = given["normal"]
    return long > 0 > short and 2.2 < z_of(given) < 3.1


TASK = Task(
    number=1,
    title="A hedge and its distance",
    kind="compute",
    outcome="compute an account's distance to liquidation in standard deviations, and turn it into a probability",
    minutes=25,
    draw=draw,
    holds=is_a_hedge,
    guaranteed="safe, at a σ-distance of about 2.3 to 3; one exposure is long, the other short",
    difficulty=digits,
    parts=(
        Part("1a", 2, "σ-distance", asks.number(book_z, 0.0005, "equations (4.2) and (4.3)")),
        Part(
            "1b",
            1,
            "Student-t probability at the end",
            asks.number(
                lambda g: liquidation_probability(book_z(g), g["degrees_of_freedom"]),
                1e-5,
                "equations (4.9) and (4.10)",
            ),
        ),
        Part(
            "1c",
            1,
            "Gaussian probability on the way",
            asks.number(lambda g: portfolio_first_passage(book_z(g)), 1e-5, "equations (4.8) and (4.15)"),
        ),
    ),
    slips=(
        Slip(
            ("1a",),
            lambda g: z_of(g, middle=-1.0),
            "You count both legs as longs; in a hedge correlation takes away from the variance.",
        ),
        Slip(("1a",), lambda g: z_of(g, middle=0.0), "The middle term of the variance is missing: the correlation."),
        Slip(
            ("1a",),
            lambda g: surplus(g) / added(g),
            "You add the deviations of the legs; what adds up is variances and covariances.",
        ),
        Slip(("1a",), lambda g: z_of(g, time=g["days"] / 252), "These markets never close: a year has 365 days."),
        Slip(
            ("1a",),
            lambda g: z_of(g, time=(g["days"] / YEAR) ** 2),
            "A deviation grows with the root of the time.",
        ),
        Slip(("1a",), lambda g: z_of(g, time=1.0), "That is the deviation of a whole year."),
        Slip(("1a",), lambda g: z_of(g, priced=False), "An exposure is the normal times the price."),
        Slip(
            ("1b",),
            lambda g: student(g, 0.0),
            "Student's t as it stands in the tables has a variance above one: compare at the same variance.",
        ),
        Slip(("1b",), lambda g: student(g, -0.5), "You shrink z where it must be stretched."),
        Slip(("1b",), lambda g: phi(-z_of(g)), "That is the Gaussian probability."),
        Slip(("1b",), lambda g: 2 * student(g), "Asked is the end of the horizon, not the whole way."),
        Slip(("1c",), lambda g: phi(-z_of(g)), "That is the end of the horizon; a path can touch and recover."),
        Slip(("1c",), lambda g: 2 * student(g), "Here the surplus is a Brownian motion: Gaussian, not Student's t."),
    ),
    words={"prices": "prices of A and B now", "days": "days to look ahead"},
)
