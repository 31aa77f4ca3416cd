"""Task 1, compute: two venues that arbitrage joins, one of which is critical alone."""

import functools
from typing import Any

import numpy as np

from cascadelab.contagion.feedback import response, spectral_radius
from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.platforms import impact_matrix


def draw(stream: Draw) -> dict[str, Any]:
    """Venue 1 with more forced sellers than depth, a deep venue 2, and a conductance that heals."""
    first, second = stream.integer(21, 39), stream.integer(51, 89)
    return {
        "depth": [first / 10, second / 10],
        "density": [(first + stream.integer(2, 8)) / 10, stream.decimal(6, 24, 1)],
        "conductance": stream.decimal(111, 499, 2),
        "sold": stream.decimal(11, 49, 1),
    }


def parts_of(given: Given) -> tuple[float, float, float, float, float, float]:
    """Depths, densities, conductance, and the determinant of D + c𝓛."""
    (d1, d2), (g1, g2), c = given["depth"], given["density"], given["conductance"]
    return d1, d2, g1, g2, c, d1 * d2 + c * (d1 + d2)


def before(given: Given) -> tuple[float, float]:
    """Falls on both venues before anybody is forced to sell, by hand."""
    _, d2, _, _, c, below = parts_of(given)
    return given["sold"] * (d2 + c) / below, given["sold"] * c / below


def in_the_end(given: Given) -> tuple[float, float]:
    """Falls on both venues in the end, by hand."""
    d1, d2, g1, g2, c, _ = parts_of(given)
    s1, s2 = d1 - g1, d2 - g2
    below = s1 * s2 + c * (s1 + s2)
    return given["sold"] * (s2 + c) / below, given["sold"] * c / below


def own_ratios(given: Given) -> tuple[float, float]:
    """The diagonal of K, by hand."""
    d1, d2, g1, g2, c, below = parts_of(given)
    return g1 * (d2 + c) / below, g2 * (d1 + c) / below


def radius(given: Given) -> float:
    """Equation (10.7), by hand."""
    one, two = own_ratios(given)
    _, _, g1, g2, _, below = parts_of(given)
    return float((one + two + ((one + two) ** 2 - 4 * g1 * g2 / below) ** 0.5) / 2)


def is_healed(given: Given) -> bool:
    """Venue 1 is critical alone; arbitrage is enough, and not only just."""
    critical = given["density"][0] > given["depth"][0]
    return critical and radius(given) < 0.9 and 0.02 < sum(given["density"]) / sum(given["depth"]) < 0.8


@functools.lru_cache(maxsize=4)
def book_matrix(first: float, second: float, conductance: float) -> np.ndarray:
    """Impact matrix of the book, kept for the three parts that want it."""
    return impact_matrix([first, second], conductance)


def matrix(given: Given) -> np.ndarray:
    """Impact matrix by the book."""
    return book_matrix(*given["depth"], given["conductance"])


def forced(given: Given) -> float:
    """Units that are sold by force in the end, by the book."""
    spread = matrix(given)
    falls = response(spread * given["density"]) @ spread @ np.array([given["sold"], 0.0])
    return float(np.dot(given["density"], falls))


TASK = Task(
    number=1,
    title="A venue that is critical alone",
    kind="compute",
    outcome="write down the impact matrix of markets that arbitrage joins, and its two limits",
    minutes=30,
    draw=draw,
    holds=is_healed,
    guaranteed="venue 1 is critical alone, and together the two venues have a branching ratio below 0.9",
    difficulty=digits,
    parts=(
        Part(
            "1a",
            1,
            "fall of the other venue before forced sales",
            asks.number(lambda g: g["sold"] * matrix(g)[1, 0], 0.0005, "equation (10.3)"),
        ),
        Part(
            "1b",
            1,
            "branching ratio of both together",
            asks.number(lambda g: spectral_radius(matrix(g) * g["density"]), 0.0005, "equations (10.6) and (10.7)"),
        ),
        Part("1c", 2, "all forced sales", asks.number(forced, 0.005, "equation (10.10)")),
    ),
    slips=(
        Slip(("1a",), lambda g: g["sold"] / sum(g["depth"]), "That is one price for both, arbitrage without friction."),
        Slip(("1a",), lambda g: before(g)[0], "That is the fall on venue 1, where the units are sold."),
        Slip(("1a",), lambda g: g["sold"] / g["depth"][1], "The units are sold on venue 1; arbitrage carries a part."),
        Slip(("1a",), lambda g: in_the_end(g)[1], "That is the fall in the end; asked is the one before forced sales."),
        Slip(
            ("1b",),
            lambda g: max(own / deep for own, deep in zip(g["density"], g["depth"], strict=True)),
            "That is the limit without arbitrage.",
        ),
        Slip(("1b",), lambda g: sum(g["density"]) / sum(g["depth"]), "That is the limit without friction."),
        Slip(("1b",), lambda g: sum(own_ratios(g)), "The trace is r(K) only if the matrix has rank one."),
        Slip(("1b",), lambda g: own_ratios(g)[0], "That is the entry of venue 1 alone; the two also feed each other."),
        Slip(("1c",), lambda g: g["density"][0] * in_the_end(g)[0], "Accounts on venue 2 are closed too."),
        Slip(
            ("1c",),
            lambda g: sum(own * fall for own, fall in zip(g["density"], before(g), strict=True)),
            "That is the first round only; what it forces, forces more.",
        ),
        Slip(
            ("1c",),
            lambda g: sum(g["density"]) * g["sold"] / (sum(g["depth"]) - sum(g["density"])),
            "That is one price for both, arbitrage without friction.",
        ),
        Slip(
            ("1c",),
            lambda g: g["sold"] + sum(own * fall for own, fall in zip(g["density"], in_the_end(g), strict=True)),
            "The first sale was not forced: leave it out.",
        ),
    ),
    words={
        "depth": "depths of venues 1 and 2 (units per unit of price)",
        "density": "units forced out on venues 1 and 2 by a fall of one there",
        "sold": "units that are sold on venue 1 to begin with",
    },
)
