"""Task 3, explain: the chapter's staircase, its two ends, and an engine with an order of its own."""

from itertools import accumulate
from typing import Any

from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Task, digits

LEVELS, UNITS = (97.0, 94.0, 93.0, 91.0, 80.0), (2, 4, 6, 8, 10)  # the five accounts of the chapter's picture


def draw(stream: Draw) -> dict[str, Any]:
    """Settings of the chapter's picture, and an order of the accounts."""
    return {
        "shocked_price": stream.decimal(9310, 9530, 2),
        "depth": stream.decimal(150, 260, 2),
        "order": stream.shuffled([1, 2, 3, 4, 5]),
    }


def path(given: Given, start: float) -> list[float]:
    """Prices round by round, by hand."""
    found = [start]
    while True:
        sold = sum(u for u, level in zip(UNITS, LEVELS, strict=True) if level > found[-1])
        price = max(given["shocked_price"] - sold / given["depth"], 0.0)
        if price == found[-1]:
            return found
        found.append(price)


def one_by_one(given: Given) -> list[int]:
    """Accounts in the order in which the second engine sells them, by hand."""
    lost: list[int] = []
    while True:
        price = given["shocked_price"] - sum(UNITS[k - 1] for k in lost) / given["depth"]
        able = [k for k in given["order"] if k not in lost and LEVELS[k - 1] > price]
        if not able:
            return lost
        lost.append(able[0])


def is_readable(given: Given) -> bool:
    """At least two rounds, a worst equilibrium well below the end, no price near a threshold, and an order that shows.

    Where the engine sells an account before one with a higher threshold, a round sells both: the steps differ.
    """
    falling, rising = path(given, given["shocked_price"]), path(given, 0.0)
    possible = [given["shocked_price"] - sold / given["depth"] for sold in accumulate(UNITS, initial=0)]
    clear = all(abs(price - level) > 0.03 for price in possible for level in LEVELS)
    sold = one_by_one(given)
    return clear and len(falling) >= 3 and falling[-1] > rising[-1] + 1 and sold != sorted(sold)


TASK = Task(
    number=3,
    title="A staircase and its two ends",
    kind="explain",
    outcome="prove that the order of liquidations does not decide who is lost, and name the six hypotheses that the "
    "proof uses",
    minutes=25,
    draw=draw,
    holds=is_readable,
    guaranteed="at least two rounds, a worst equilibrium more than 1 below the end, and an order in which the second "
    "engine sells otherwise than from the highest threshold down",
    difficulty=digits,
    rubric=(
        (1, "tells the rounds with their prices, and who is lost in each"),
        (1, "says why the zigzag stops where it does: the price agrees with the sales that it causes, and the first "
            "such price from above is met; on a flat piece an account would be sold in part"),
        (1, "says what the cross is, with its price and who is lost there, and that the rule alone never leads to it"),
        (1, "says that the engine with its own order loses the same accounts at the same price, and what changes: "
            "steps, and what each account is paid"),
        (1, "gives the reason: whoever is sold is in every fixed set, and the engine stops only at one; and names two "
            "hypotheses with what goes wrong without them"),
    ),
    words={
        "shocked_price": "price after the shock",
        "depth": "units that lower the price by 1",
        "order": "accounts in the order in which the engine likes to sell",
    },
)  # fmt: skip
