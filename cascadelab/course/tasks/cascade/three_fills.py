"""Task 4, derive: for which thresholds of a fourth account the order decides, if fills do not add up."""

from math import prod
from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits

RATES = (0.002, 0.005, 0.009)


def draw(stream: Draw) -> dict[str, Any]:
    """A shocked price and three different sizes; the rate stays a symbol."""
    return {
        "shocked_price": stream.integer(60, 199),
        "quantities": [stream.integer(2, 9), stream.integer(11, 29), stream.integer(31, 59)],
    }


def leaves_a_price(given: Given) -> bool:
    """Three sizes, and the lowest price, after one fill of all units at the largest rate, is above zero."""
    return len(set(given["quantities"])) == 3 and max(RATES) * sum(given["quantities"]) < 1


def alpha() -> Any:
    """The rate; sympy is loaded only where a part asks for an expression."""
    import sympy

    return sympy.Symbol("alpha", positive=True)


def one_fill(given: Given) -> Any:
    """Price after all units in one fill, by chapter 5's fraction."""
    return fills(given, [sum(given["quantities"])])


def fills(given: Given, sizes: list[int]) -> Any:
    """Price after fills one by one, each a fraction of the price that it finds."""
    return given["shocked_price"] * prod(1 - alpha() * units for units in sizes)


def width(given: Given) -> Any:
    """Price after three fills minus the price after one; the book's range of thresholds for more than two accounts."""
    return fills(given, given["quantities"]) - one_fill(given)


TASK = Task(
    number=4,
    title="Three fills or one",
    kind="derive",
    outcome="redo on paper, for each hypothesis but the second, a market of two or three accounts in which the order "
    "decides",
    minutes=20,
    draw=draw,
    holds=leaves_a_price,
    guaranteed="three different sizes; at each rate that is tested all fills leave a price above zero",
    difficulty=digits,
    optional=True,
    parts=(
        Part(
            "4a",
            3,
            "width of the range as an expression in α, by value at three rates",
            asks.expression(
                width,
                lambda: [{alpha(): rate} for rate in RATES],
                "the first row of the table in Break it",
                tolerance=1e-6,
            ),
        ),
    ),
    slips=(
        Slip(("4a",), one_fill, "That is the lower end of the range; asked is its width."),
        Slip(("4a",), lambda g: fills(g, g["quantities"]), "That is the upper end of the range; asked is its width."),
        Slip(("4a",), lambda g: -width(g), "A width is positive: which of the two ends lower?"),
        Slip(("4a",), lambda g: width(g) / g["shocked_price"], "That is the width as a fraction of the price."),
        Slip(
            ("4a",),
            lambda g: fills(g, g["quantities"][:2]) - fills(g, [sum(g["quantities"][:2])]),
            "Those are two fills; the third account is sold too.",
        ),
        Slip(
            ("4a",),
            lambda g: fills(g, [sum(g["quantities"][:2]), g["quantities"][2]]) - one_fill(g),
            "You sold the first two accounts together; one by one there are three fills.",
        ),
    ),
    words={
        "shocked_price": "price after the shock, below the thresholds of the first three accounts",
        "quantities": "units of the first three accounts",
    },
)
