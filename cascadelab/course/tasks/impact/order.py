"""Task 5, find the error: an order that goes on, with the slip of exercise 3 of the chapter."""

import math
from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.statements import WORDS, letter, told, which
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.impact.root import SquareRoot

LAW = "After a part of an order, the price is below its start by the scale times the root of what the order has sold."
SCALE = "The scale is the fall of the price during the first part, over the root of the first part."
FILL = "On a walk, the second part raises what the whole order raises, less what the first part raised."
WRONG = "The second part lowers the price further, by the scale times the root of the second part."


def draw(stream: Draw) -> dict[str, Any]:
    """An order in two parts, the wrong price, and four statements in a personal order."""
    root, scale = stream.integer(4, 9), stream.decimal(11, 49, 1)
    price = stream.integer(200, 699)
    given: dict[str, Any] = {
        "shocked_price": price,
        "first": root**2,
        "price_between": round(price - scale * root, 1),
        "second": stream.integer(20, 120),
    }
    return given | {"claimed": round(claimed(given), 2)} | told(stream, [LAW, SCALE, FILL, WRONG])


def scale(given: Given) -> float:
    """Scale of the law, by hand."""
    return float((given["shocked_price"] - given["price_between"]) / math.sqrt(given["first"]))


def claimed(given: Given) -> float:
    """The wrong price: the law starts again for the second part."""
    return float(given["price_between"] - scale(given) * math.sqrt(given["second"]))


def end(given: Given) -> float:
    """Price after the whole order, by hand."""
    return float(given["shocked_price"] - scale(given) * math.sqrt(given["first"] + given["second"]))


def stays_up(given: Given) -> bool:
    """Both prices after the order, the right and the claimed one, are above a quarter of its start."""
    return min(end(given), given["claimed"]) > given["shocked_price"] / 4


def area(start: float, scale: float, sold: float) -> float:
    """Cash on a walk, by hand: equation (5.10)."""
    return start * sold - 2 / 3 * scale * sold**1.5


def price(given: Given) -> float:
    """Price after the whole order, by the book."""
    return float(SquareRoot(scale(given)).price(given["shocked_price"], given["first"] + given["second"]))


def second_cash(given: Given) -> float:
    """Cash of the second part on a walk, by the book."""
    market, start, first = SquareRoot(scale(given)), given["shocked_price"], given["first"]
    whole, before = (market.proceeds(start, units, fill="walk") for units in (first + given["second"], first))
    return float(whole) - float(before)


TASK = Task(
    number=5,
    title="An order that goes on",
    kind="find the error",
    outcome="compute the price after a sale, and what the sale raises, under four forms of impact and two fill rules",
    minutes=25,
    draw=draw,
    holds=stays_up,
    guaranteed="the price stays above a quarter of its start, also where the law is started again",
    difficulty=digits,
    optional=True,
    parts=(
        Part("5a", 1, "the wrong statement", which(WRONG, see="equation (5.7)")),
        Part("5b", 2, "price after the whole order", asks.number(price, 0.01, "equation (5.3)")),
        Part("5c", 2, "cash of the second part on a walk", asks.number(second_cash, 0.05, "equation (5.10)")),
    ),
    slips=(
        Slip(("5a",), lambda g: letter(g, LAW), "That is the law for one order, so it is right."),
        Slip(("5a",), lambda g: letter(g, SCALE), "The first part begins the order, so that one is right."),
        Slip(("5a",), lambda g: letter(g, FILL), "The areas below one curve add up, so that one is right."),
        Slip(("5b",), claimed, "That is the claimed price: the law starts again in the middle of an order."),
        Slip(
            ("5b",),
            lambda g: g["shocked_price"] - (g["shocked_price"] - g["price_between"]) * (1 + g["second"] / g["first"]),
            "You scaled with the quantity; under this law the fall grows with its root.",
        ),
        Slip(("5b",), lambda g: g["shocked_price"] - end(g), "That is the fall; asked is the price."),
        Slip(
            ("5b",),
            lambda g: g["shocked_price"] - scale(g) * math.sqrt(g["second"]),
            "You forgot the first part, which belongs to the same order.",
        ),
        Slip(
            ("5c",),
            lambda g: area(g["price_between"], scale(g), g["second"]),
            "The law starts again here, from the price between; the second part lies further along the same curve.",
        ),
        Slip(("5c",), lambda g: g["second"] * end(g), "That pays every unit the last price; on a walk each its own."),
        Slip(
            ("5c",),
            lambda g: g["second"] * (g["price_between"] + end(g)) / 2,
            "The mean of both ends is right for a straight line; the root is bent.",
        ),
        Slip(
            ("5c",),
            lambda g: area(g["shocked_price"], scale(g), g["first"] + g["second"]),
            "That is what the whole order raises; asked is the second part.",
        ),
    ),
    words={
        "shocked_price": "price before the order",
        "first": "units of the first part",
        "price_between": "price after the first part",
        "second": "units of the second part, of the same order",
        "claimed": "price after both parts in the calculation that has the error",
        **WORDS,
    },
)
