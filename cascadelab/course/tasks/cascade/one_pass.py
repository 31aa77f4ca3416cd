"""Task 5, find the error: a loop that looks at each account once, as in the chapter's *Break it*."""

from itertools import accumulate
from typing import Any

from cascadelab.cascade.ladder import Ladder
from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.statements import LETTERS, letter, told, which
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.impact.linear import Linear

CUMULATIVE = "The price depends on the shocked price and on the cumulative quantity only."
FIXED = "Thresholds and quantities do not depend on the path."
FOR_GOOD = "A liquidation is irreversible."
DROPPED = "Only liquidatable accounts are sold, and none of them waits for ever."


def draw(stream: Draw) -> dict[str, Any]:
    """Five accounts, of which three are lost one by one, in an order in which the loop misses the third."""
    slope, start = stream.choice((0.2, 0.4, 0.5, 0.8)), stream.integer(80, 149)
    units = [stream.integer(5, 12) for _ in range(5)]
    p = [start - slope * sold for sold in accumulate(units, initial=0)]
    between = [(p[0], p[0] + 4), (p[1], p[0]), (p[2], p[1]), (p[3] - 3, p[3]), (p[3] - 9, p[3] - 4)]
    levels = [round(low + stream.decimal(25, 75, 2) * (high - low), 1) for low, high in between]
    order = stream.shuffled(range(5))
    listed = told(stream, [CUMULATIVE, FIXED, FOR_GOOD, DROPPED])
    given: dict[str, Any] = {
        "thresholds": [levels[k] for k in order],
        "quantities": [units[k] for k in order],
        "slope": slope,
        "shocked_price": start,
    }
    return given | {"reported": round(reported(given), 1)} | listed


def book(given: Given) -> list[tuple[float, int]]:
    """Threshold and units of each account, in the order of the list."""
    return list(zip(given["thresholds"], given["quantities"], strict=True))


def reported(given: Given) -> float:
    """Price after one pass over the list."""
    price = float(given["shocked_price"])
    for level, units in book(given):
        price -= given["slope"] * units * (level > price)
    return price


def end(given: Given) -> float:
    """Price at the end of the cascade, by the book's ladder."""
    return Ladder(given["thresholds"], given["quantities"]).run(given["shocked_price"], Linear(given["slope"])).price


def after(given: Given, price: float) -> float:
    """Price after the sales of all accounts whose threshold is above a price."""
    return float(given["shocked_price"] - given["slope"] * sum(units for level, units in book(given) if level > price))


def is_missed(given: Given) -> bool:
    """Two of the three are lost in the pass, and no threshold is nearer than 0.1 to a price on the way."""
    start = given["shocked_price"]
    path = [start]
    while (price := after(given, path[-1])) != path[-1]:
        path.append(price)
    clear = all(abs(level - price) >= 0.1 for level in given["thresholds"] for price in path)
    return clear and len(path) == 4 and abs(given["reported"] - path[2]) < 0.01


TASK = Task(
    number=5,
    title="A loop that never looks back",
    kind="find the error",
    outcome="run a cascade by hand, and say in how many rounds it must stop",
    minutes=15,
    draw=draw,
    holds=is_missed,
    guaranteed="three rounds lose one account each, and the loop misses the third; no price is on a threshold",
    difficulty=digits,
    optional=True,
    parts=(
        Part(
            "5a",
            1,
            "the hypothesis that the loop drops",
            which(DROPPED, see="the theorem, and the table in Break it"),
        ),
        Part("5b", 2, "the right end price", asks.number(end, 0.005, "the five accounts by hand")),
    ),
    slips=(
        Slip(("5a",), lambda g: letter(g, CUMULATIVE), "On a line each sale takes off the same: the total counts."),
        Slip(("5a",), lambda g: letter(g, FIXED), "The loop changes neither thresholds nor quantities."),
        Slip(("5a",), lambda g: letter(g, FOR_GOOD), "The loop never gives an account back."),
        Slip(("5b",), lambda g: g["reported"], "That is the reported price: who is liquidatable there?"),
        Slip(("5b",), lambda g: after(g, g["shocked_price"]), "That is the price after one round; look again."),
        Slip(
            ("5b",),
            lambda g: after(g, 0.0),
            "That sells everybody at once; sell only who is liquidatable, round by round.",
        ),
    ),
    words={
        "thresholds": "liquidation prices of the accounts, in the order of the list",
        "quantities": "units that the accounts hold, in the same order",
        "slope": "fall of the price for each unit sold",
        "shocked_price": "price after the shock",
        "reported": "end price that the loop reports",
        **{name: f"hypothesis {name}" for name in LETTERS},
    },
)
