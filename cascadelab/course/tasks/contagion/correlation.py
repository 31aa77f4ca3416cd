"""Task 4, derive: the correlation of two prices as an expression in the cross feedback."""

from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits

LARGEST = 0.55  # of the own feedback
CROSSES = [round(share * (1 - LARGEST), 4) for share in (0.15, 0.4, 0.7)]  # where expressions are compared


def draw(stream: Draw) -> dict[str, Any]:
    """Own feedback and the correlation of the shocks; the cross feedback stays a symbol."""
    return {"own": stream.decimal(1001, 5499, 4), "fundamental": stream.decimal(101, 699, 3)}


def is_below(given: Given) -> bool:
    """The own feedback and the largest cross feedback that is tested add up to less than one."""
    return given["own"] + max(CROSSES) < 1


def cross() -> Any:
    """The symbol that a student writes; sympy is loaded only where a part asks for an expression."""
    import sympy

    return sympy.Symbol("k_cross", positive=True)


def points() -> list[dict[Any, float]]:
    """Values of the cross feedback that are below criticality for every student."""
    return [{cross(): value} for value in CROSSES]


def lifted(given: Given, *, factor: float = 2.0, own: float = 1.0) -> Any:
    """The law with another factor, or another weight of the own feedback, by hand."""
    import sympy

    added = factor * sympy.atanh(cross() / (1 - own * given["own"]))
    return sympy.tanh(sympy.atanh(given["fundamental"]) + added)


def by_book(given: Given) -> Any:
    """Equation (9.23), solved for the correlation."""
    import sympy

    from cascadelab.contagion import theory

    put = {"k_{\\mathrm{own}}": given["own"], "\\rho_0": given["fundamental"], "k_{\\mathrm{cross}}": cross()}
    fisher = theory.fisher_of_correlation()
    return sympy.tanh(fisher.subs({symbol: put[symbol.name] for symbol in fisher.free_symbols}))


def added_plainly(given: Given) -> Any:
    """The term added to the correlation itself."""
    import sympy

    return given["fundamental"] + 2 * sympy.atanh(cross() / (1 - given["own"]))


def ratio_of_variances(given: Given) -> Any:
    """The variance of the sum over that of the difference."""
    away, rho = 1 - given["own"], given["fundamental"]
    return (1 + rho) / (1 - rho) * ((away + cross()) / (away - cross())) ** 2


def fisher(given: Given) -> Any:
    """The law, not turned back into a correlation."""
    import sympy

    return sympy.atanh(given["fundamental"]) + 2 * sympy.atanh(cross() / (1 - given["own"]))


TASK = Task(
    number=4,
    title="The correlation that sales make",
    kind="derive",
    outcome="compute the correlation that forced sales add, and say why prices alone can not reveal it",
    minutes=30,
    draw=draw,
    holds=is_below,
    guaranteed="at each cross feedback that is tested the market is below criticality",
    difficulty=digits,
    optional=True,
    parts=(
        Part(
            "4a",
            3,
            "correlation of the prices as an expression in k_cross, by value at three points",
            asks.expression(by_book, points, "equations (9.20) to (9.23)", tolerance=1e-6),
        ),
    ),
    slips=(
        Slip(("4a",), lambda g: lifted(g, factor=1.0), "The variances hold the amplification squared."),
        Slip(("4a",), lambda g: lifted(g, own=0.0), "The own feedback amplifies too: divide by one minus it."),
        Slip(
            ("4a",),
            lambda g: lifted(g, factor=-2.0),
            "The sign: forced sales amplify the sum of the prices more than their difference.",
        ),
        Slip(("4a",), added_plainly, "Only in Fisher's variable, atanh ρ, can the two be added."),
        Slip(("4a",), fisher, "That is still Fisher's variable; turn it back into a correlation."),
        Slip(("4a",), ratio_of_variances, "That is the ratio of two variances, (1 + ρ)/(1 − ρ); solve it for ρ."),
    ),
)
