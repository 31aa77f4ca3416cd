"""Task 5, find the error: the profit of the other position without its sign, as in published code (freqtrade)."""

from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.statements import WORDS, letter, told, which
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.course.tasks.portfolio import pair
from cascadelab.course.tasks.portfolio.pair import flat, need, price_of_a, profit
from cascadelab.portfolio.holdings import Position

RULE = "At its liquidation price, A makes the surplus of the whole account zero while B stands still."
REST = "The maintenance of B is its rate, times the size of the position, times the price of B now."
OWN = "The maintenance that A requires is smaller at its liquidation price than at its entry price."
WRONG = "The unrealised profit of B is the size of the position, times its price now less its entry price."


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
    return given | {"published": round(published(given), 2)} | told(stream, [RULE, REST, OWN, WRONG])


def published(given: Given) -> float:
    """The wrong price: B is taken for a long."""
    return price_of_a(given, extra=-2 * profit(given, "b"))


def book_price(given: Given) -> float:
    """Liquidation price of A, by the book's holdings."""
    (a, b), (level, slope) = (
        Position(name.upper(), given[f"quantity_{name}"], given[f"entry_{name}"], flat(given[f"rate_{name}"])).lines()
        for name in "ab"
    )
    held = given["wallet"] + float(level[0]) + float(slope[0]) * given["price_b"]
    return -(held + float(a[0])) / float(b[0])


def is_a_threshold(given: Given) -> bool:
    """Money in the wallet, a price of B that has moved, and both prices of A between zero and its entry price."""
    below = all(1 < price < given["entry_a"] for price in (price_of_a(given), given["published"]))
    return given["wallet"] > 0 and given["price_b"] != given["entry_b"] and below


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
            which(WRONG, see="equation (3.1), for a short"),
        ),
        Part("5b", 2, "the right price", asks.number(book_price, 0.005, "equation (3.12)")),
    ),
    slips=(
        Slip(("5a",), lambda g: letter(g, RULE), "That is what a quoted price means: the others are held."),
        Slip(("5a",), lambda g: letter(g, REST), "That one is right: a requirement has no sign."),
        Slip(("5a",), lambda g: letter(g, OWN), "A long that falls has a smaller notional, so that one is right."),
        Slip(("5b",), published, "That is the published price, which takes the short for a long."),
        Slip(("5b",), lambda g: price_of_a(g, extra=-profit(g, "b")), "The profit or loss of B is missing."),
        Slip(("5b",), lambda g: price_of_a(g, extra=need(g, "b")), "The maintenance of B is missing."),
        Slip(
            ("5b",),
            lambda g: price_of_a(g, extra=need(g, "b") - need(g, "b", "entry")),
            "Maintenance of B is due at its price now, not at entry.",
        ),
        Slip(
            ("5b",),
            lambda g: price_of_a(g, extra=need(g, "b") - profit(g, "b")),
            "That is A alone with the whole wallet.",
        ),
    ),
    words={
        **pair.WORDS,
        "published": "liquidation price of A in the published way",
        **WORDS,
    },
)
