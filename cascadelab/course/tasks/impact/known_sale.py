"""Task 1, compute: two markets that are known by one sale, and what another sale raises there."""

import math
from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.impact.exponential import Exponential
from cascadelab.impact.pool import ConstantProduct


def draw(stream: Draw) -> dict[str, Any]:
    """A known sale and what it took off the price, and a larger sale from another price."""
    known = stream.integer(20, 90)
    return {
        "known_sale": known,
        "drop": stream.decimal(40, 150, 3),
        "shocked_price": stream.integer(40, 199),
        "sold": known * stream.integer(160, 400) // 100,
    }


def is_larger(given: Given) -> bool:
    """The sale is 1.5 to 4 times the known one, and that took 4 to 15 %."""
    return 1.5 <= given["sold"] / given["known_sale"] <= 4 and 0.04 <= given["drop"] <= 0.15


def walked(given: Given) -> float:
    """Cash of the sale on a walk under exponential impact, by the book."""
    market = Exponential.from_drop(given["drop"], given["known_sale"])
    return float(market.proceeds(given["shocked_price"], given["sold"], fill="walk"))


def pool_reserve(given: Given) -> float:
    """Reserve of the pool, by the book: the known sale is a multiple of it that lowers the price by the drop."""
    return float(given["known_sale"] / ConstantProduct(1.0).self_funding_quantity(1.0, given["drop"]))


def pool_cash(given: Given) -> float:
    """Cash of the sale to the pool at the end price, by the book."""
    return float(ConstantProduct(pool_reserve(given)).proceeds(given["shocked_price"], given["sold"]))


def by_rate(given: Given, rate: float) -> tuple[float, float]:
    """Cash on a walk and end price under exponential impact, by hand."""
    price, sold = given["shocked_price"], given["sold"]
    return price * (1 - math.exp(-rate * sold)) / rate, price * math.exp(-rate * sold)


def rate(given: Given) -> float:
    """Rate of the exponential through the known sale."""
    return -math.log(1 - given["drop"]) / given["known_sale"]


def fallen(given: Given, power: float) -> float:
    """Price of the pool after the sale if the power is 2, its average price if it is 1, by hand."""
    root = math.sqrt(1 - given["drop"])
    reserve = given["known_sale"] * root / (1 - root)
    return float(given["shocked_price"] / (1 + given["sold"] / reserve) ** power)


def on_a_line(given: Given, part: float) -> float:
    """Cash if the price falls on a straight line through the known sale; part 1/2: on a walk, 1: at the end price."""
    fall = given["drop"] * given["sold"] / given["known_sale"]
    return float(given["shocked_price"] * given["sold"] * (1 - part * fall))


TASK = Task(
    number=1,
    title="Two markets known by one sale",
    kind="compute",
    outcome="compute the price after a sale, and what the sale raises, under four forms of impact and two fill rules",
    minutes=25,
    draw=draw,
    holds=is_larger,
    guaranteed="a sale of 1.5 to 4 times the known one, which took 4 to 15 % off the price",
    difficulty=digits,
    parts=(
        Part("1a", 2, "cash on a walk, exponential", asks.number(walked, 0.05, "equations (5.2) and (5.9)")),
        Part("1b", 1, "reserve of the pool", asks.number(pool_reserve, 0.01, "equation (5.4)")),
        Part(
            "1c",
            2,
            "cash at the end price, pool",
            asks.number(pool_cash, 0.05, "equation (5.4) and the section on what a sale raises"),
        ),
    ),
    slips=(
        Slip(
            ("1a",),
            lambda g: by_rate(g, rate(g))[1] * g["sold"],
            "That pays every unit the last price; on a walk each is paid its own.",
        ),
        Slip(
            ("1a",),
            lambda g: (g["shocked_price"] + by_rate(g, rate(g))[1]) / 2 * g["sold"],
            "The mean of both ends is right for a straight line; this one is bent.",
        ),
        Slip(
            ("1a",),
            lambda g: by_rate(g, g["drop"] / g["known_sale"])[0],
            "The known sale took its fraction bit by bit: which rate gives it after all units of it?",
        ),
        Slip(
            ("1a",),
            lambda g: on_a_line(g, 0.5),
            "You drew a straight line through the known sale; here each unit takes the same *fraction*.",
        ),
        Slip(
            ("1a",),
            lambda g: g["shocked_price"] * g["sold"],
            "That pays every unit the first price: where is the impact?",
        ),
        Slip(
            ("1b",),
            lambda g: g["known_sale"] * (1 - g["drop"]) / g["drop"],
            "The price falls with the *square* of the reserve's growth; it is the average price that does not.",
        ),
        Slip(
            ("1b",),
            lambda g: 2 * g["known_sale"] / g["drop"],
            "That is the slope at the first unit; solve for the whole curve.",
        ),
        Slip(
            ("1b",),
            lambda g: g["known_sale"] / (1 - math.sqrt(1 - g["drop"])),
            "That is what the pool holds after the known sale; asked is what it held before.",
        ),
        Slip(
            ("1c",),
            lambda g: fallen(g, 1) * g["sold"],
            "That is the walk; at the end price every unit is paid the last price.",
        ),
        Slip(
            ("1c",),
            lambda g: fallen(g, 2),
            "That is the price afterwards; asked is the cash.",
        ),
        Slip(
            ("1c",),
            lambda g: by_rate(g, rate(g))[1] * g["sold"],
            "That is the exponential market; a pool's price falls ever more slowly.",
        ),
        Slip(
            ("1c",),
            lambda g: on_a_line(g, 1.0),
            "You drew a straight line through the known sale; a pool's price is bent.",
        ),
    ),
    words={
        "known_sale": "units of the sale from which the markets are known",
        "drop": "fraction of the price that the known sale took",
        "shocked_price": "price before your sale",
        "sold": "units of your sale",
    },
)
