"""Task 6, find the error: the margin call of a short, in the manner of a published answer (essaywritingshub, 2023)."""

from cascadelab.account.position import liquidation_price
from cascadelab.course import asks
from cascadelab.course.statements import LETTERS, WORDS, letter, which
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.course.tasks.capstone import page
from cascadelab.course.tasks.capstone.market import draw, fallen
from cascadelab.course.tasks.capstone.safe_state import spread


def call(given: Given) -> float:
    """Price of the call, by the book's function, for one unit."""
    price = given["price"][1]
    return float(liquidation_price(-1.0, price, price * given["initial_rate"], given["maintenance_rate"]))


def lifted(given: Given) -> float:
    """Rise of A on venue 1 when all units are bought back on venue 2, by the book."""
    return float(spread(*given["depth"], given["conductance"])[0, 1] * given["units_short"])


def call_by_hand(given: Given) -> float:
    """Price of the call: proceeds and initial margin are what is owed and its maintenance margin."""
    return float(given["price"][1] * (1 + given["initial_rate"]) / (1 + given["maintenance_rate"]))


def risen(given: Given) -> list[float]:
    """Rises of A on both venues when all units are bought back on venue 2, by hand."""
    return fallen([0, given["units_short"], 0], given["depth"], given["conductance"])[:2]


def is_far_off(given: Given) -> bool:
    """The call comes above the price of the sale, and the published price is more than ten times the call."""
    return given["price"][1] < call_by_hand(given) < given["published"] / 10


TASK = Task(
    number=6,
    title="A published margin call of a short",
    kind="find the error",
    outcome="compute the equity, the maintenance margin and the margin ratio of a long or a short at any price",
    minutes=20,
    draw=draw,
    holds=is_far_off,
    guaranteed="the call comes above the price of the sale, and the published price is far above it",
    difficulty=digits,
    shares=1,
    shows=(
        "price",
        "depth",
        "conductance",
        "units_short",
        "initial_rate",
        "maintenance_rate",
        "published",
        *LETTERS,
    ),
    parts=(
        Part(
            "6a",
            1,
            "the wrong statement",
            which(page.WRONG, see="equations (1.1) and (1.2)"),
        ),
        Part("6b", 1, "the right price of the call", asks.number(call, 0.005, "equation (1.22)"), by_hand=call_by_hand),
        Part(
            "6c",
            1,
            "rise of A on venue 1",
            asks.number(lifted, 0.005, "equation (10.3)"),
            by_hand=lambda g: risen(g)[0],
        ),
    ),
    slips=(
        Slip(("6a",), lambda g: letter(g, page.HOLDS), "Both lie there as cash, so that one is right."),
        Slip(("6a",), lambda g: letter(g, page.OWES), "What is owed is a number of units, so that one is right."),
        Slip(("6a",), lambda g: letter(g, page.RULE), "That is the rule itself, so it is right."),
        Slip(("6b",), page.published, "That is the published one: it takes an equity that does not move."),
        Slip(
            ("6b",),
            lambda g: page.published(g) / g["units_short"],
            "That is the published way for one unit; a short loses equity while the price rises.",
        ),
        Slip(
            ("6b",),
            lambda g: g["price"][1] * (1 - g["initial_rate"]) / (1 - g["maintenance_rate"]),
            "That is the call of a long.",
        ),
        Slip(
            ("6b",),
            lambda g: g["price"][1] * (1 + g["initial_rate"] - g["maintenance_rate"]),
            "Maintenance grows with the price; that one is frozen at the sale.",
        ),
        Slip(("6c",), lambda g: risen(g)[1], "That is the rise on venue 2, where T buys."),
        Slip(
            ("6c",),
            lambda g: g["units_short"] / sum(g["depth"][:2]),
            "That is one price for both venues; the conductance is finite.",
        ),
        Slip(
            ("6c",),
            lambda g: g["units_short"] / g["depth"][0],
            "T buys on venue 2, and arbitrage carries a part.",
        ),
    ),
    words={
        "price": "prices of A on venue 1, A on venue 2, B on venue 2",
        "depth": "depths of A on venue 1, A on venue 2, B on venue 2",
        "conductance": "arbitrage between the two markets of A",
        "units_short": "units of A that T sold short on venue 2, at its price",
        "initial_rate": "initial margin as a fraction of the proceeds",
        "maintenance_rate": "maintenance margin as a fraction of the value at the price of the day",
        "published": "price of the call in the calculation with your numbers",
        **WORDS,
    },
)
