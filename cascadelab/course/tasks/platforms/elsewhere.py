"""Task 4, derive: both venues look at the deep market and sell on the shallow one."""

from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits


def draw(stream: Draw) -> dict[str, Any]:
    """Depths, and more forced sellers than both together."""
    first, second = stream.integer(111, 249), stream.integer(401, 799)
    one = (first + second) // 2 + stream.integer(-99, 99)
    return {
        "depth": [first / 100, second / 100],
        "density": [one / 100, (first + second - one + stream.integer(101, 399)) / 100],
    }


def outgrows(given: Given) -> bool:
    """More forced sellers than depth, so that there is a conductance at which it is critical."""
    return sum(given["density"]) > sum(given["depth"])


def conductance() -> Any:
    """The symbol that a student writes; sympy is loaded only where a part asks for an expression."""
    import sympy

    return sympy.Symbol("c", positive=True)


def below(given: Given) -> Any:
    """The determinant of D + c𝓛, by hand."""
    d1, d2 = given["depth"]
    return d1 * d2 + conductance() * (d1 + d2)


def by_book(given: Given) -> Any:
    """The trace of a matrix of rank one, from equation (10.3)."""
    from cascadelab.platforms import theory

    d1, d2 = given["depth"]
    entry = theory.impact_matrix()[1, 0]
    return entry.subs({theory.d[1]: d1, theory.d[2]: d2, theory.conductance: conductance()}) * sum(given["density"])


def edge(given: Given) -> float:
    """Conductance at which it is one."""
    d1, d2 = given["depth"]
    return float(d1 * d2 / (sum(given["density"]) - d1 - d2))


TASK = Task(
    number=4,
    title="Look there, sell here",
    kind="derive",
    outcome="compute what an index, another venue's price, or a shallow book does to the branching ratio",
    minutes=25,
    draw=draw,
    holds=outgrows,
    guaranteed="all forced sellers together are more than the depth of both markets",
    difficulty=digits,
    optional=True,
    parts=(
        Part(
            "4a",
            2,
            "branching ratio as an expression in c, by value at three points",
            asks.expression(
                by_book,
                lambda: [{conductance(): value} for value in (0.5, 2.0, 8.0)],
                "K = 𝒲 Λ 𝒳 G, and equations (10.3) and (10.16)",
                tolerance=1e-6,
            ),
        ),
        Part("4b", 2, "conductance at which it is critical", asks.number(edge, 0.0005, "your own 4a, set to one")),
    ),
    slips=(
        Slip(
            ("4a",),
            lambda g: (conductance() + g["depth"][1]) * sum(g["density"]) / below(g),
            "That is for venues that look at market 1 too; the marks here are from market 2.",
        ),
        Slip(
            ("4a",),
            lambda g: (conductance() + g["depth"][0]) * sum(g["density"]) / below(g),
            "That is for venues that sell on market 2 too; the sales here are on market 1.",
        ),
        Slip(
            ("4a",),
            lambda g: conductance() * g["density"][0] / below(g),
            "Both venues sell on market 1, and both count.",
        ),
        Slip(
            ("4a",),
            lambda g: sum(g["density"]) / sum(g["depth"]) + 0 * conductance(),
            "That is the limit without friction.",
        ),
        Slip(
            ("4b",),
            lambda g: g["depth"][0] * g["depth"][1] / sum(g["density"]),
            "The conductance stands in the numerator and in the denominator: bring both to one side.",
        ),
        Slip(
            ("4b",),
            lambda g: g["depth"][0] * g["depth"][1] / sum(g["depth"]),
            "Without forced sellers nothing is critical: they must be in the answer.",
        ),
        Slip(
            ("4b",),
            lambda g: g["depth"][0] * g["depth"][1] / (sum(g["density"]) + sum(g["depth"])),
            "A sign: forced sellers eat depth.",
        ),
    ),
    words={
        "depth": "depths of markets 1 and 2 (units per unit of price)",
        "density": "units forced out by venues 1 and 2 for a fall of one in their mark",
    },
)
