"""Task 5, find the error: a margin call in the manner of a published one (AnalystForum, thread 24775)."""

from typing import Any

from cascadelab.account.position import liquidation_price
from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.statements import WORDS, letter, told, which
from cascadelab.course.task import Given, Part, Slip, Task, digits

LOAN = "One minus the initial rate, times the purchase price, is the loan for one share."
RULE = "The call comes when the equity falls below the maintenance margin."
SUM = "At the price of the call, one share is worth its loan and its maintenance margin together."
WRONG = "The maintenance margin of one share is the maintenance rate times the purchase price."


def draw(stream: Draw) -> dict[str, Any]:
    """A stock on credit, the published kind of price, and four statements in a personal order."""
    given: dict[str, Any] = {
        "entry_price": stream.decimal(2000, 9900, 2),
        "initial_rate": stream.decimal(50, 70, 2),
        "maintenance_rate": stream.decimal(25, 40, 2),
    }
    return given | {"published": round(published(given), 2)} | told(stream, [LOAN, RULE, SUM, WRONG])


def call(given: Given) -> float:
    """Price of the margin call, by the book's function."""
    price = given["entry_price"]
    return float(liquidation_price(1.0, price, price * given["initial_rate"], given["maintenance_rate"]))


def loan(given: Given) -> float:
    """The loan for one share."""
    return float(given["entry_price"] * (1 - given["initial_rate"]))


def published(given: Given) -> float:
    """The wrong price: maintenance of the purchase price."""
    return float(loan(given) + given["maintenance_rate"] * given["entry_price"])


def is_below_the_purchase(given: Given) -> bool:
    """The call, by hand, lies below the purchase price, and the published price beside it."""
    right = loan(given) / (1 - given["maintenance_rate"])
    return right < given["entry_price"] and abs(given["published"] - right) > 0.01


TASK = Task(
    number=5,
    title="A published margin call",
    kind="find the error",
    outcome="tell maintenance at the mark price from maintenance that is frozen at entry",
    minutes=15,
    draw=draw,
    holds=is_below_the_purchase,
    guaranteed="the call comes below the purchase price, and the published price differs from it",
    difficulty=digits,
    optional=True,
    parts=(
        Part(
            "5a",
            1,
            "the wrong statement",
            which(WRONG, see="equations (1.2) and (1.13)"),
        ),
        Part("5b", 2, "the right price of the call", asks.number(call, 0.005, "equation (1.21)")),
    ),
    slips=(
        Slip(("5a",), lambda g: letter(g, LOAN), "The rest of the price is lent, so that one is right."),
        Slip(("5a",), lambda g: letter(g, RULE), "That is the rule itself, so it is right."),
        Slip(("5a",), lambda g: letter(g, SUM), "Equity is value less loan, so that one is right."),
        Slip(("5b",), published, "That is the published price: it takes maintenance of the purchase price."),
        Slip(
            ("5b",),
            lambda g: loan(g) * (1 + g["maintenance_rate"]),
            "Maintenance is a fraction of the stock's value, not of the loan.",
        ),
        Slip(("5b",), loan, "There the equity is zero; the call comes when it meets maintenance."),
    ),
    words={
        "entry_price": "price at which the stock was bought",
        "initial_rate": "initial margin as a fraction of the price",
        "maintenance_rate": "maintenance margin as a fraction of the value",
        "published": "price of the call in the published calculation",
        **WORDS,
    },
)
