"""Task 4, derive: the return of a common factor that liquidates a hedge, for any size of the short."""

from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits

SHORTS = (0, 0.2, 0.4)


def draw(stream: Draw) -> dict[str, Any]:
    """Wallet, rates and betas; the size of the short stays a symbol."""
    return {
        "wallet": stream.decimal(200, 449, 3),
        "rate_a": stream.decimal(21, 79, 3),
        "rate_b": stream.decimal(21, 79, 3),
        "beta_a": stream.decimal(111, 159, 2),
        "beta_b": stream.decimal(61, 99, 2),
    }


def symbol() -> Any:
    """Notional of the short for one unit of notional of the long; sympy is loaded only where it is needed."""
    from cascadelab.kit import notation

    return notation.symbol("notional", "B")


def ends_by_a_fall(given: Given) -> bool:
    """With the largest short that is tested, the exit is a fall, and no price has reached zero by then."""
    largest = max(SHORTS)
    surplus = given["wallet"] - given["rate_a"] - given["rate_b"] * largest
    gain = given["beta_a"] * (1 - given["rate_a"]) - given["beta_b"] * (1 + given["rate_b"]) * largest
    return surplus > 0.05 and given["beta_a"] * surplus < 0.95 * gain


def exit_return(given: Given) -> Any:
    """Equation (3.11), the book's own, for the two notionals."""
    from cascadelab.kit import notation
    from cascadelab.portfolio import theory

    legs = theory.normal().subs(
        {theory.q_a: 1, theory.q_b: -symbol(), theory.m_a: given["rate_a"], theory.m_b: given["rate_b"]}
    )
    surplus = given["wallet"] - given["rate_a"] - given["rate_b"] * symbol()  # booked at cost: no profit yet
    values = {
        notation.symbol("surplus"): surplus,
        theory.n_a: legs[0],
        theory.n_b: legs[1],
        theory.p_a: 1,
        theory.p_b: 1,
        theory.beta_a: given["beta_a"],
        theory.beta_b: given["beta_b"],
    }
    return theory.factor_exit().subs(values)


def by_hand(given: Given, *, charged: float = 1.0, moving: float = 1.0, owed: float = 1.0, sold: float = -1.0) -> Any:
    """The same by hand; factors of 1 are right, except `sold`, the sign with which the short gains."""
    surplus = given["wallet"] - charged * (given["rate_a"] + given["rate_b"] * symbol())
    gain_a = given["beta_a"] * (1 - moving * given["rate_a"])
    gain_b = sold * given["beta_b"] * (1 + owed * moving * given["rate_b"])
    return -surplus / (gain_a + gain_b * symbol())


TASK = Task(
    number=4,
    title="A hedge and its common factor",
    kind="derive",
    outcome="find both exits along any straight walk through price space, for instance a common fall of all prices",
    minutes=25,
    draw=draw,
    holds=ends_by_a_fall,
    guaranteed="with each short that is tested, 0, 0.2 and 0.4, a fall of the factor liquidates, above prices of zero",
    difficulty=digits,
    optional=True,
    parts=(
        Part(
            "4a",
            3,
            "return of the factor as an expression in N_B, by value at three sizes of the short",
            asks.expression(
                exit_return,
                lambda: [{symbol(): value} for value in SHORTS],
                "equations (3.2) and (3.11)",
                tolerance=1e-6,
            ),
        ),
    ),
    slips=(
        Slip(("4a",), lambda g: -by_hand(g), "The size is right; a return that lowers the prices is negative."),
        Slip(
            ("4a",),
            lambda g: by_hand(g, charged=0, moving=0),
            "There the equity is zero; the requirements are missing.",
        ),
        Slip(("4a",), lambda g: by_hand(g, moving=0), "The requirements shrink as the prices fall; you froze them."),
        Slip(("4a",), lambda g: by_hand(g, owed=-1), "Maintenance adds to what a short owes: which sign?"),
        Slip(
            ("4a",), lambda g: by_hand(g, sold=1), "When the prices fall, the short gains: it takes away from the loss."
        ),
        Slip(
            ("4a",),
            lambda g: by_hand({**g, "beta_a": 1.0, "beta_b": 1.0}),
            "Each price moves by its own beta times the return of the factor.",
        ),
    ),
    words={
        "wallet": "money in the wallet, for one unit of notional of the long",
        "rate_a": "maintenance rate of the long in A",
        "rate_b": "maintenance rate of the short in B",
        "beta_a": "beta of A",
        "beta_b": "beta of B",
    },
)
