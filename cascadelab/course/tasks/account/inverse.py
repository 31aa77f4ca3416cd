"""Task 4, derive: the liquidation price of an inverse long with a closing fee."""

from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits

LEVERAGES = (2, 5, 12)


def draw(stream: Draw) -> dict[str, Any]:
    """Entry price, maintenance and fee of an inverse long; its leverage stays a symbol."""
    return {
        "entry_price": stream.integer(2000, 6999) * 10,
        "maintenance_rate": stream.decimal(10, 60, 3),
        "fee_rate": stream.decimal(2, 10, 4),
    }


def has_room(given: Given) -> bool:
    """At the highest leverage that is tested, maintenance and fee are less than the margin of the entry."""
    return max(LEVERAGES) * (given["maintenance_rate"] + given["fee_rate"]) < 1


def leverage() -> Any:
    """The symbol L of chapter 1; sympy is loaded only where a part asks for an expression."""
    from cascadelab.account import theory

    return theory.leverage


def price(given: Given, side: int = 1) -> Any:
    """Equation (1.17) at leverage L, its theory twin with the fee: p_e L (1 + m + f) / (L + 1)."""
    from cascadelab.account import theory

    charge = side * (given["maintenance_rate"] + given["fee_rate"])
    at_leverage = theory.inverse_liquidation_price().subs(theory.coins, theory.contracts / theory.p_e / theory.leverage)
    return at_leverage.subs({theory.contracts: 1, theory.p_e: given["entry_price"], theory.m: charge})


def frozen(given: Given) -> Any:
    """Maintenance and fee taken of the coins at entry."""
    return given["entry_price"] / (1 + 1 / leverage() - given["maintenance_rate"] - given["fee_rate"])


def linear(given: Given) -> Any:
    """The linear long's price."""
    return given["entry_price"] * (1 - 1 / leverage()) / (1 - given["maintenance_rate"] - given["fee_rate"])


TASK = Task(
    number=4,
    title="An inverse long with a closing fee",
    kind="derive",
    outcome="turn a coin-margined contract into a linear one, and a stock loan under Regulation T into the same object",
    minutes=25,
    draw=draw,
    holds=has_room,
    guaranteed="at each leverage that is tested, 2, 5 and 12, there is room left",
    difficulty=digits,
    optional=True,
    parts=(
        Part(
            "4a",
            3,
            "liquidation price as an expression in L, by value at three leverages",
            asks.expression(
                price,
                lambda: [{leverage(): value} for value in LEVERAGES],
                "equations (1.15) and (1.17); the fee is charged like maintenance",
                tolerance=0.01,
            ),
        ),
    ),
    slips=(
        Slip(("4a",), linear, "That is the linear long: in coins, profit is not linear in the price."),
        Slip(("4a",), lambda g: price({**g, "fee_rate": 0.0}), "The closing fee is missing."),
        Slip(
            ("4a",),
            lambda g: price({**g, "fee_rate": -g["fee_rate"]}),
            "The fee has the wrong sign: it is asked for on top of maintenance.",
        ),
        Slip(("4a",), frozen, "You froze the requirement at its coins of the entry."),
        Slip(
            ("4a",),
            lambda g: price({**g, "fee_rate": 0.0, "maintenance_rate": 0.0}),
            "There the equity is zero; the venue acts when it meets maintenance and fee.",
        ),
        Slip(
            ("4a",),
            lambda g: price(g, -1),
            "Maintenance brings liquidation nearer: the long is sold above its bankruptcy price.",
        ),
    ),
)
