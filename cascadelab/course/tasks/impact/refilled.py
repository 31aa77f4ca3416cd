"""Task 4, derive: a pool whose reserve is put back after each fill, and its limit."""

from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits

UNITS = (50, 400, 1500)


def draw(stream: Draw) -> dict[str, Any]:
    """Price and reserve of a pool; the quantity and the number of fills stay symbols."""
    return {"shocked_price": stream.integer(100, 999), "reserve": stream.integer(1000, 9999)}


def is_a_pool(given: Given) -> bool:
    """The size of the pool."""
    return 1000 <= given["reserve"] <= 9999


def symbols() -> tuple[Any, Any]:
    """The symbols u of the chapter and n; sympy is loaded only where a part asks for an expression."""
    import sympy

    from cascadelab.impact import theory

    return theory.u, sympy.Symbol("n", positive=True)


def filled(given: Given) -> Any:
    """Price after n fills, by the theory: equation (5.4) for one fill from a price of one, to the power n."""
    from cascadelab.impact import theory

    u, n = symbols()
    one = theory.constant_product().subs({theory.p: 1, theory.reserve: given["reserve"]}).subs(u, u / n)
    return given["shocked_price"] * one**n


def limit(given: Given) -> Any:
    """Its limit, by the theory: equation (5.2) with the rate of the pool's first unit."""
    import sympy

    from cascadelab.impact import theory

    rate = -sympy.diff(sympy.log(theory.constant_product()), theory.u).subs(theory.u, 0)
    return theory.exponential().subs(theory.rate, rate).subs(
        {theory.reserve: given["reserve"], theory.p: given["shocked_price"]}
    )  # fmt: skip


def ratio(given: Given, fills: Any = 1) -> Any:
    """Growth of the reserve in one of so many fills, by hand."""
    return 1 + symbols()[0] / (fills * given["reserve"])


def falling(given: Given, power: int) -> Any:
    """An exponential, by hand."""
    import sympy

    return given["shocked_price"] * sympy.exp(-power * symbols()[0] / given["reserve"])


TASK = Task(
    number=4,
    title="A pool that is put back",
    kind="derive",
    outcome="tell which rules see the pieces of a sale, and prove it",
    minutes=30,
    draw=draw,
    holds=is_a_pool,
    guaranteed="a pool of 1,000 to 9,999 units; the expressions are compared at sales of 50, 400 and 1,500 units",
    difficulty=digits,
    optional=True,
    parts=(
        Part(
            "4a",
            2,
            "price after n fills as an expression in u and n, by value at three points",
            asks.expression(
                filled,
                lambda: [dict(zip(symbols(), point, strict=True)) for point in zip(UNITS, (3, 8, 2), strict=True)],
                "equation (5.4) for one fill, and where the next fill begins",
                tolerance=1e-6,
            ),
        ),
        Part(
            "4b",
            2,
            "its limit as an expression in u, by value at three points",
            asks.expression(
                limit,
                lambda: [{symbols()[0]: units} for units in UNITS],
                "the limit of (1 + x/n)ⁿ, and the table of rules fill by fill",
                tolerance=1e-6,
            ),
        ),
    ),
    slips=(
        Slip(
            ("4a",),
            lambda g: g["shocked_price"] / ratio(g) ** 2,
            "That is the pool that is carried along; here the reserve is put back after each fill.",
        ),
        Slip(
            ("4a",),
            lambda g: g["shocked_price"] / ratio(g, symbols()[1]) ** symbols()[1],
            "The price of a pool falls with the *square* of the reserve's growth.",
        ),
        Slip(
            ("4a",),
            lambda g: g["shocked_price"] / ratio(g) ** (2 * symbols()[1]),
            "That sells everything in each of the fills; one fill is a part of it.",
        ),
        Slip(
            ("4a",),
            lambda g: g["shocked_price"] * (1 - 2 * (ratio(g, symbols()[1]) - 1)) ** symbols()[1],
            "That is the proportional rule with the slope of the first unit; a fill moves along the whole curve.",
        ),
        Slip(
            ("4b",),
            lambda g: g["shocked_price"] / ratio(g) ** 2,
            "That is one fill; the price does depend on the number of fills, and has another limit.",
        ),
        Slip(("4b",), lambda g: falling(g, 1), "Nearly: what becomes of the square?"),
        Slip(
            ("4b",),
            lambda g: g["shocked_price"] * (1 - 2 * (ratio(g) - 1)),
            "That is the first order of the answer: many small fractions are taken, each of what is left.",
        ),
    ),
    words={
        "shocked_price": "price before the sale",
        "reserve": "units in the pool at the start of each fill",
    },
)
