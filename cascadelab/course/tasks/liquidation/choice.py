"""Task 4, derive: the impact of a seizure, and the size at which the best choice changes."""

from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.liquidation.frontier import toxic_threshold


def draw(stream: Draw) -> dict[str, Any]:
    """A token with a pool, and a coin in a deep market with a higher product of weight and one plus bonus."""
    return {
        "asset_weight": stream.decimal(400, 600, 3),
        "bonus": stream.decimal(80, 150, 3),
        "reserve": stream.integer(1000, 9999),
        "coin_weight": stream.decimal(800, 860, 3),
        "coin_bonus": stream.decimal(30, 60, 3),
    }


def units() -> Any:
    """The symbol q of the chapter; sympy is loaded only where a part asks for an expression."""
    from cascadelab.liquidation import theory

    return theory.q


def border(given: Given) -> Any:
    """The weight over the frontier (6.9), by the theory of both chapters: I_C is that of a pool's first unit."""
    import sympy

    from cascadelab.impact import theory as market
    from cascadelab.liquidation import theory

    slope = -sympy.diff(sympy.log(market.constant_product()), market.u).subs(market.u, 0)
    whole = (slope * theory.q).subs(market.reserve, given["reserve"])
    at = theory.threshold_with_impact().subs({theory.I_D: 0, theory.i: given["bonus"]})
    return given["asset_weight"] / at.subs(theory.I_C, whole)


def turning(given: Given) -> float:
    """Units at which both choices are alike, by the book's frontier at a constant price."""
    token, coin = toxic_threshold(given["bonus"]), toxic_threshold(given["coin_bonus"])
    ratio = given["coin_weight"] / coin / (given["asset_weight"] / token)
    return float(given["reserve"] / 2 * (ratio - 1))


def product(given: Given) -> float:
    """Weight times one plus bonus of the token, by hand."""
    return float(given["asset_weight"] * (1 + given["bonus"]))


def ratio(given: Given) -> float:
    """The coin's product over the token's, by hand."""
    return float(given["coin_weight"] * (1 + given["coin_bonus"]) / product(given))


def turns(given: Given) -> bool:
    """Of a few units the token, whose product is smaller, is the better choice; its border rises with the units."""
    return ratio(given) > 1


TASK = Task(
    number=4,
    title="A token in a thin pool",
    kind="derive",
    outcome="show that the choice of the asset that is sold can reverse the sign of a liquidation",
    minutes=30,
    draw=draw,
    holds=turns,
    guaranteed="of a few units the token is the better choice, of many the coin",
    difficulty=digits,
    optional=True,
    parts=(
        Part(
            "4a",
            3,
            "health factor above which seizing the token helps, as an expression in q",
            asks.expression(
                border,
                lambda: [{units(): value} for value in (100, 700, 3000)],
                "the steps to (6.9) and (6.19): what the sale does to the token that is left",
                tolerance=1e-6,
            ),
        ),
        Part("4b", 2, "units at which both choices are alike", asks.number(turning, 0.05, "equation (6.19)")),
    ),
    slips=(
        Slip(
            ("4a",), product, "That is (6.19) at constant prices; the sale lowers the value of the token that is left."
        ),
        Slip(
            ("4a",),
            lambda g: product(g) * (1 + units() / g["reserve"]),
            "That is how the *average* price of a sale falls; the token that is left is valued at the last price.",
        ),
        Slip(
            ("4a",),
            lambda g: product(g) / (1 + 2 * units() / g["reserve"]),
            "Impact makes seizing the token less helpful, not more.",
        ),
        Slip(
            ("4a",),
            lambda g: (1 + g["bonus"]) * (1 + 2 * units() / g["reserve"]),
            "Seized collateral counted with its weight only: where is it?",
        ),
        Slip(("4b",), lambda g: g["reserve"] * (ratio(g) - 1), "That has half of the slope of a pool's price."),
        Slip(
            ("4b",),
            lambda g: g["reserve"] / 2 * (g["coin_weight"] / g["asset_weight"] - 1),
            "The weights alone do not decide: each seizure costs its bonus.",
        ),
        Slip(
            ("4b",),
            lambda g: g["reserve"] * (ratio(g) ** 0.5 - 1),
            "For a small bite the slope of the first unit counts, not the price after all is sold.",
        ),
    ),
    words={
        "asset_weight": "asset weight of the token",
        "bonus": "liquidation bonus of the token",
        "reserve": "units of the token in its pool",
        "coin_weight": "asset weight of the coin",
        "coin_bonus": "liquidation bonus of the coin",
    },
)
