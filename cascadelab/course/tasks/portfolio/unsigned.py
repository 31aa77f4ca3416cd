"""Task 5, find the error: the profit of the other position without its sign, as in published code (freqtrade)."""

import functools
from typing import Any

from cascadelab.course import asks
from cascadelab.course.asks import letter
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.portfolio.holdings import Position
from cascadelab.thresholds.tiers import Tiers

RULE = "At its liquidation price, A makes the surplus of the whole account zero while B stands still."
REST = "The maintenance of B is its rate, times the size of the position, times the price of B now."
OWN = "The maintenance that A requires is smaller at its liquidation price than at its entry price."
WRONG = "The unrealised profit of B is the size of the position, times its price now less its entry price."
LETTERS = ("a", "b", "c", "d")


def draw(stream: Draw) -> dict[str, Any]:
    """A long in A and a short in B, and four statements in a personal order."""
    entry_b = stream.integer(30, 90)
    given: dict[str, Any] = {
        "wallet": 0,
        "quantity_a": stream.integer(4, 20),
        "entry_a": stream.integer(80, 300),
        "rate_a": stream.decimal(11, 59, 3),
        "quantity_b": -stream.integer(4, 20),
        "entry_b": entry_b,
        "rate_b": stream.decimal(21, 99, 3),
        "price_b": entry_b + stream.choice((-1, 1)) * stream.integer(3, entry_b // 5),
    }
    root = given["entry_a"] * (1 - stream.decimal(20, 40, 2))
    missing = given["quantity_a"] * (1 - given["rate_a"]) * (price_of_a(given) - root)
    given["wallet"] = round(missing)
    told = dict(zip(LETTERS, stream.shuffled([RULE, REST, OWN, WRONG]), strict=True))
    return given | {"published": round(published(given), 2)} | told


def profit(given: Given) -> float:
    """Profit of B, by hand."""
    return float(given["quantity_b"] * (given["price_b"] - given["entry_b"]))


def need(given: Given, price: float) -> float:
    """Maintenance of B at a price, by hand."""
    return float(given["rate_b"] * abs(given["quantity_b"]) * price)


def price_of_a(given: Given, extra: float = 0.0) -> float:
    """Equation (3.12), by hand, for an account whose surplus is larger by `extra` at every price."""
    held = given["wallet"] + profit(given) - need(given, given["price_b"]) + extra
    return float((given["quantity_a"] * given["entry_a"] - held) / (given["quantity_a"] * (1 - given["rate_a"])))


def published(given: Given) -> float:
    """The wrong price: B is taken for a long."""
    return price_of_a(given, -2 * profit(given))


flat = functools.cache(Tiers.flat)


def book_price(given: Given) -> float:
    """Liquidation price of A, by the book's holdings."""
    (a, b), (level, slope) = (
        Position(name.upper(), given[f"quantity_{name}"], given[f"entry_{name}"], flat(given[f"rate_{name}"])).lines()
        for name in "ab"
    )
    held = given["wallet"] + float(level[0]) + float(slope[0]) * given["price_b"]
    return -(held + float(a[0])) / float(b[0])


def is_a_threshold(given: Given) -> bool:
    """There is money in the wallet, and the published price lies between zero and the entry price, too."""
    return given["wallet"] > 0 and 1 < given["published"] < given["entry_a"]


TASK = Task(
    number=5,
    title="The profit of the other position",
    kind="find the error",
    outcome="write the surplus of an account with any mix of longs, shorts, loans and collateral, "
    "and read its hyperplane off it",
    minutes=15,
    draw=draw,
    holds=is_a_threshold,
    guaranteed="the price of B has moved, and both prices of A, the right and the published one, are below its entry",
    difficulty=digits,
    optional=True,
    parts=(
        Part(
            "5a",
            1,
            "the wrong statement",
            asks.choice(lambda g: letter(g, WRONG), LETTERS, "equation (3.1), for a short"),
        ),
        Part("5b", 2, "the right price", asks.number(book_price, 0.005, "equation (3.12)")),
    ),
    slips=(
        Slip(("5a",), lambda g: letter(g, RULE), "That is what a quoted price means: the others are held."),
        Slip(("5a",), lambda g: letter(g, REST), "That one is right: a requirement has no sign."),
        Slip(("5a",), lambda g: letter(g, OWN), "A long that falls has a smaller notional, so that one is right."),
        Slip(("5b",), published, "That is the published price, which takes the short for a long."),
        Slip(("5b",), lambda g: price_of_a(g, -profit(g)), "The profit or loss of B is missing."),
        Slip(("5b",), lambda g: price_of_a(g, need(g, g["price_b"])), "The maintenance of B is missing."),
        Slip(
            ("5b",),
            lambda g: price_of_a(g, need(g, g["price_b"]) - need(g, g["entry_b"])),
            "Maintenance of B is due at its price now, not at entry.",
        ),
        Slip(
            ("5b",),
            lambda g: price_of_a(g, need(g, g["price_b"]) - profit(g)),
            "That is A alone with the whole wallet.",
        ),
    ),
    words={
        "quantity_a": "units of A; positive is long",
        "entry_a": "price at which A was opened",
        "rate_a": "maintenance rate of A, at the price of the moment",
        "quantity_b": "units of B; negative is short",
        "entry_b": "price at which B was opened",
        "rate_b": "maintenance rate of B, at the price of the moment",
        "price_b": "price of B now",
        "published": "liquidation price of A in the published way",
        **{name: f"statement {name}" for name in LETTERS},
    },
)
