"""Task 4, derive: the highest leverage of a short, for any horizon."""

import math
import statistics
from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits

DAYS = (1, 7, 30)


def draw(stream: Draw) -> dict[str, Any]:
    """Volatility, maintenance and tolerated probability; the horizon stays a symbol."""
    return {
        "volatility": stream.decimal(401, 899, 3),
        "maintenance_rate": stream.decimal(51, 199, 4),
        "probability": stream.decimal(11, 99, 3),
    }


def symbol() -> Any:
    """The horizon T in years, the symbol of chapter 4; sympy is loaded only where a part asks for an expression."""
    from cascadelab.distance import theory

    return theory.horizon


def rise(given: Given, tail: float = 0.5) -> float:
    """Log distance that is touched within a year with the tolerated probability; `tail` 1 forgets to halve it."""
    return statistics.NormalDist().inv_cdf(1 - tail * given["probability"]) * float(given["volatility"])


def is_a_leverage(given: Given) -> bool:
    """At the longest horizon that is tested, the short may have a leverage above one."""
    return (1 + given["maintenance_rate"]) * math.exp(rise(given) * math.sqrt(max(DAYS) / 365)) < 1.9


def leverage(given: Given) -> Any:
    """The book's (4.19) mirrored: a short of leverage L is a long with −m, −σ and −L."""
    from sympy import Float

    from cascadelab.distance import theory

    quantile = Float(statistics.NormalDist().inv_cdf(1 - given["probability"] / 2))
    long = theory.max_leverage().replace(lambda node: node.func.__name__ == r"\Phi^{-1}", lambda node: quantile)
    return -long.subs({theory.m: -given["maintenance_rate"], theory.sigma: -given["volatility"]})


def by_hand(given: Given, *, charged: float = 1.0, tail: float = 0.5, power: float = 0.5) -> Any:
    """1 / ((1 + m) e^u − 1) with u growing with a power of T."""
    import sympy

    move = rise(given, tail) * symbol() ** power
    return 1 / ((1 + charged * given["maintenance_rate"]) * sympy.exp(move) - 1)


def linear(given: Given) -> Any:
    """A rise by the fraction u in place of e^u."""
    return 1 / ((1 + given["maintenance_rate"]) * (1 + rise(given) * symbol() ** 0.5) - 1)


def of_a_long(given: Given) -> Any:
    """Equation (4.19) as it stands."""
    import sympy

    return 1 / (1 - (1 - given["maintenance_rate"]) * sympy.exp(-rise(given) * symbol() ** 0.5))


TASK = Task(
    number=4,
    title="How much leverage for a short",
    kind="derive",
    outcome="tell *ending* beyond a barrier from *touching* it, and size a position by the second",
    minutes=25,
    draw=draw,
    holds=is_a_leverage,
    guaranteed="at each horizon that is tested, 1, 7 and 30 days, a leverage above one is possible",
    difficulty=digits,
    optional=True,
    parts=(
        Part(
            "4a",
            3,
            "highest leverage as an expression in T, by value at three horizons",
            asks.expression(
                leverage,
                lambda: [{symbol(): days / 365} for days in DAYS],
                "equations (1.8), (4.14) and (4.19)",
                tolerance=0.001,
            ),
        ),
    ),
    words={"probability": "highest probability of being liquidated on the way"},
    slips=(
        Slip(("4a",), of_a_long, "That is the long's; the barrier of a short lies above its entry."),
        Slip(
            ("4a",),
            lambda g: by_hand(g, tail=1.0),
            "That tolerates P at the end; on the way twice as many paths are liquidated.",
        ),
        Slip(("4a",), lambda g: by_hand(g, tail=2.0), "You doubled P where it must be halved."),
        Slip(
            ("4a",), linear, "The barrier is touched in the logarithm: the price rises by the factor of an exponential."
        ),
        Slip(("4a",), lambda g: by_hand(g, charged=0.0), "There the equity is zero; where is maintenance?"),
        Slip(
            ("4a",), lambda g: by_hand(g, charged=-1.0), "For a short the requirement grows with the price: which sign?"
        ),
        Slip(("4a",), lambda g: by_hand(g, power=1.0), "A deviation grows with the root of the time."),
    ),
)
