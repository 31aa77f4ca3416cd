"""Task 3, derive: forced sales of A with the rounds of B, and the conductance that heals."""

from typing import Any

from cascadelab.course import asks
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.course.tasks.capstone.market import SHARED, draw
from cascadelab.platforms import healing_conductance

SMOOTH = {
    "density_1": "units of A forced out on venue 1 by a fall of one there",
    "account_density": "accounts like Q in each numeraire of surplus on venue 2",
}


def own_feedback(given: Given, depth: Any) -> Any:
    """Feedback of B on itself through accounts like Q."""
    return given["account_density"] * given["asset_weight"] * given["Q"][2] ** 2 / depth


def coin_alone(given: Given) -> float:
    """Units of A sold on venue 2 for a fall of one there, B left where it is."""
    return float(given["account_density"] * given["asset_weight"] * given["Q"][1] ** 2)


def with_b(given: Given) -> float:
    """The same with the rounds of B, by hand."""
    return coin_alone(given) / (1 - float(own_feedback(given, given["depth"][2])))


def healed_above(given: Given, second: float) -> float:
    """Equation (10.11) by hand, for a density on venue 2."""
    one, two = given["depth"][0] - given["density_1"], given["depth"][1] - second
    return float(-one * two / (one + two))


def has_an_edge(given: Given) -> bool:
    """B stops by itself, venue 2 has depth to spare, and it matters that B falls too, and that A is counted, not B."""
    if given["Q"][1] == given["Q"][2]:
        return False
    lacks = given["density_1"] - given["depth"][0]
    if float(own_feedback(given, given["depth"][2])) > 0.7 or given["depth"][1] - with_b(given) < 1.5 * lacks:
        return False
    return healed_above(given, with_b(given)) - healed_above(given, coin_alone(given)) > 0.0025


def depth_of_b() -> Any:
    """The symbol that a student writes; sympy is loaded only where a part asks for an expression."""
    import sympy

    return sympy.Symbol("d", positive=True)


def forced_by_book(given: Given) -> Any:
    """Units of A that go with a fall of A, and of the B that follows it by equation (9.9)."""
    from cascadelab.contagion import theory

    _, coin, other = given["Q"]
    near, weight = given["account_density"], given["asset_weight"]
    follow = theory.follow().subs(
        {theory.K["BA"]: near * weight * coin * other / depth_of_b(), theory.K["BB"]: own_feedback(given, depth_of_b())}
    )
    return near * coin * weight * (coin + other * follow)


TASK = Task(
    number=3,
    title="The link that it takes",
    kind="derive",
    outcome="compute how far each asset falls if one is hit, and name who infects whom",
    minutes=30,
    draw=draw,
    holds=has_an_edge,
    guaranteed="B comes to rest by itself; venue 1 is critical alone, and there is a conductance that heals it",
    difficulty=digits,
    shares=1,
    shows=("depth", "asset_weight", "Q", *SMOOTH),
    parts=(
        Part(
            "3a",
            2,
            "forced sales as an expression in d, by value at three depths",
            asks.expression(
                forced_by_book,
                lambda: [{depth_of_b(): value} for value in (4.0, 8.0, 20.0)],
                "equations (9.3), (9.4) and (9.9)",
                tolerance=1e-6,
            ),
        ),
        Part(
            "3b",
            2,
            "conductance above which it is not critical",
            asks.number(
                lambda g: healing_conductance(depth=g["depth"][:2], density=[g["density_1"], with_b(g)]),
                0.0002,
                "equation (10.11), with your 3a for the density on venue 2",
            ),
            by_hand=lambda g: healed_above(g, with_b(g)),
        ),
    ),
    slips=(
        Slip(("3a",), lambda g: coin_alone(g) + 0 * depth_of_b(), "B falls with the sales, and takes more accounts."),
        Slip(
            ("3a",),
            lambda g: coin_alone(g) * (1 + own_feedback(g, depth_of_b())),
            "That is one round of B; what it forces, forces more.",
        ),
        Slip(
            ("3a",),
            lambda g: coin_alone(g) / g["asset_weight"] / (1 - own_feedback(g, depth_of_b()) / g["asset_weight"]),
            "A fall reaches an account through its weight, n, not through q.",
        ),
        Slip(("3b",), lambda g: healed_above(g, coin_alone(g)), "Accounts on venue 2 are closed by the fall of B too."),
        Slip(
            ("3b",),
            lambda g: g["density_1"] - g["depth"][0],
            "That is what venue 1 lacks, and enough only if venue 2 had depth without end.",
        ),
        Slip(
            ("3b",),
            lambda g: g["depth"][0] * g["depth"][1] / sum(g["depth"][:2]),
            "Forced sellers eat depth: take what they leave.",
        ),
    ),
    words={**SHARED, **SMOOTH},
)
