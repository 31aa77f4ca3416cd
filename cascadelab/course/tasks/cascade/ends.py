"""Task 1, compute: the least severe and the worst equilibrium of five accounts under exponential impact."""

from itertools import accumulate
from math import exp
from typing import Any

from cascadelab.cascade.equilibrium import least_severe, worst
from cascadelab.cascade.ladder import Ladder
from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.impact.exponential import Exponential


def draw(stream: Draw) -> dict[str, Any]:
    """Five accounts: three are lost one by one, the fourth only if it sells unforced, the fifth never."""
    given: dict[str, Any] = {
        "quantities": [stream.integer(4, 9) for _ in range(5)],
        "impact_rate": stream.decimal(5, 12, 3),
        "shocked_price": stream.integer(80, 149),
    }
    p = prices(given)
    between = [(p[0], 1.06 * p[0]), (p[1], p[0]), (p[2], p[1]), (p[4], p[3]), (0.85 * p[5], p[5])]
    levels = [round(low + stream.decimal(25, 75, 2) * (high - low), 1) for low, high in between]
    return {"thresholds": levels} | given


def prices(given: Given) -> list[float]:
    """Price before any sale, after the first account, after the first two, …, by hand."""
    sold = accumulate(given["quantities"], initial=0)
    return [given["shocked_price"] * exp(-given["impact_rate"] * units) for units in sold]


def is_clear(given: Given) -> bool:
    """Each threshold lies where it should, at least 0.2 from the prices above and below it."""
    p, levels = prices(given), given["thresholds"]
    lows, highs = [p[0], p[1], p[2], p[4], 0.0], [2 * p[0], p[0], p[1], p[3], p[5]]
    return all(low + 0.2 <= level <= high - 0.2 for low, level, high in zip(lows, levels, highs, strict=True))


def market(given: Given) -> tuple[Ladder, float, Exponential]:
    """Book, shocked price and impact as the book's functions take them."""
    return Ladder(given["thresholds"], given["quantities"]), given["shocked_price"], Exponential(given["impact_rate"])


def counted_twice(given: Given) -> float:
    """The total of each round taken off the price of the round before."""
    q = given["quantities"]
    price, sold = float(given["shocked_price"]), 0.0
    while (total := sum(u for u, level in zip(q, given["thresholds"], strict=True) if level > price)) > sold:
        sold, price = total, price * exp(-given["impact_rate"] * total)
    return price


def on_a_line(given: Given, count: int) -> float:
    """First term of the exponential in place of the whole."""
    return float(given["shocked_price"] * (1 - given["impact_rate"] * sum(given["quantities"][:count])))


SEE = "the five accounts by hand, and the fixed point from above and from below"
TASK = Task(
    number=1,
    title="Two ends of one market",
    kind="compute",
    outcome="tell the least severe equilibrium from the worst, and compute both",
    minutes=20,
    draw=draw,
    holds=is_clear,
    guaranteed="three rounds lose one account each; the worst equilibrium loses one account more, and not the last",
    difficulty=digits,
    parts=(
        Part(
            "1a",
            2,
            "price at the end of the cascade",
            asks.number(lambda g: least_severe(*market(g)).price, 0.005, SEE),
        ),
        Part("1b", 2, "price of the worst equilibrium", asks.number(lambda g: worst(*market(g)).price, 0.005, SEE)),
    ),
    slips=(
        Slip(("1a",), lambda g: prices(g)[1], "That is the price after one round; who is liquidatable now?"),
        Slip(("1a",), lambda g: prices(g)[2], "That is the price after two rounds; who is liquidatable now?"),
        Slip(("1a",), counted_twice, "You took the units of earlier rounds off twice: start from the shocked price."),
        Slip(("1a",), lambda g: on_a_line(g, 3), "That is a line; this impact is exponential."),
        Slip(("1a",), lambda g: prices(g)[4], "Start from the shocked price: nobody sells before they must."),
        Slip(("1b",), lambda g: prices(g)[5], "At that price somebody is safe who has sold: give the units back."),
        Slip(("1b",), lambda g: prices(g)[3], "That is where the cascade ends; if all have sold, who is safe?"),
        Slip(("1b",), lambda g: on_a_line(g, 4), "That is a line; this impact is exponential."),
    ),
    words={
        "thresholds": "liquidation prices of the accounts, from the highest",
        "quantities": "units that the accounts hold, in the same order",
        "impact_rate": "rate α of the exponential impact, per unit",
        "shocked_price": "price after the shock",
    },
)
