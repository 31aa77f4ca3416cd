"""Task 4, derive: the fall that a loan survives after a year of interest and yield."""

from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.thresholds.lending import collateral_liquidation_price

LOANS = (0.2, 0.35, 0.5)  # to value


def draw(stream: Draw) -> dict[str, Any]:
    """Weight, interest and yield; the loan to value stays a symbol."""
    return {
        "asset_weight": stream.decimal(600, 900, 3),
        "interest": stream.decimal(20, 99, 3),
        "yield": stream.decimal(5, 50, 3),
    }


def is_safe_today(given: Given) -> bool:
    """At the largest loan to value that is tested, the collateral covers the loan with its weight."""
    return given["asset_weight"] > max(LOANS)


def symbol() -> Any:
    """The loan to value at the start, x; sympy is loaded only where a part asks for an expression."""
    import sympy

    return sympy.Symbol("x", positive=True)


def fall(given: Given) -> Any:
    """1 − x (1 + interest) / (h (1 + yield)), through the book's price of the collateral (linear in the debt)."""
    at_one = collateral_liquidation_price(1 + given["yield"], given["asset_weight"], 1 + given["interest"])
    return 1 - symbol() * float(at_one)


def by_hand(weight: float, owed: float, held: float) -> Any:
    """1 − x owed / (h held)."""
    return 1 - symbol() * owed / (weight * held)


TASK = Task(
    number=4,
    title="A loan held for a year",
    kind="derive",
    outcome="compute the health factor of a loan, and both prices that can liquidate it",
    minutes=25,
    draw=draw,
    holds=is_safe_today,
    guaranteed="at each loan to value that is tested, 0.2, 0.35 and 0.5, the loan is safe today",
    difficulty=digits,
    optional=True,
    parts=(
        Part(
            "4a",
            3,
            "fall that is survived as an expression in x, by value at three points",
            asks.expression(
                fall,
                lambda: [{symbol(): value} for value in LOANS],
                "equation (2.12), with both sides as they are after the year",
                tolerance=1e-6,
            ),
        ),
    ),
    slips=(
        Slip(("4a",), lambda g: by_hand(g["asset_weight"], 1, 1), "That is the fall today; a year has passed."),
        Slip(
            ("4a",),
            lambda g: by_hand(g["asset_weight"], 1 + g["interest"], 1),
            "The collateral has grown as well: where is the yield?",
        ),
        Slip(
            ("4a",),
            lambda g: by_hand(g["asset_weight"], (1 + g["interest"]) * (1 + g["yield"]), 1),
            "The yield is on the wrong side: more collateral makes the loan safer.",
        ),
        Slip(
            ("4a",),
            lambda g: by_hand(1, 1 + g["interest"], 1 + g["yield"]),
            "You let the price fall until debt and collateral are worth the same; where is the weight?",
        ),
        Slip(
            ("4a",),
            lambda g: g["asset_weight"] - symbol() * (1 + g["interest"]) / (1 + g["yield"]),
            "A fall is a fraction of the price: divide by the weight as well.",
        ),
        Slip(
            ("4a",),
            lambda g: g["asset_weight"] * (1 + g["yield"]) / (symbol() * (1 + g["interest"])) - 1,
            "That is the rise of the debt's price which the loan survives.",
        ),
    ),
    words={
        "asset_weight": "weight at which the collateral counts",
        "interest": "interest on the debt for the year, a fraction",
        "yield": "units that the collateral earns in the year, a fraction of its units",
    },
)
