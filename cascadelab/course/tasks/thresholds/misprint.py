"""Task 5, find the error: a table of tiers in which one deduction is wrong."""

from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.thresholds.tiers import Tiers

LETTERS = ("b", "c", "d")


def draw(stream: Draw) -> dict[str, Any]:
    """Four tiers a to d with whole-number deductions, one of them printed wrong."""
    floors, rates = [0], [stream.integer(4, 9)]
    for _ in LETTERS:
        floors.append(floors[-1] * stream.integer(2, 4) + stream.integer(10, 60) * 1000)
        rates.append(rates[-1] + stream.integer(3, 12))
    given: dict[str, Any] = {"floors": floors, "rates": [rate / 1000 for rate in rates]}
    printed = right(given)
    wrong = stream.integer(1, 3)
    printed[wrong] += stream.choice((-1, 1)) * (stream.integer(2, 6) * printed[wrong] // 10 + 1)
    return given | {"printed": printed}


def right(given: Given) -> list[int]:
    """The deductions in whole numbers, by hand."""
    found = [0]
    rates = [round(rate * 1000) for rate in given["rates"]]
    for k in (1, 2, 3):
        found.append(found[-1] + given["floors"][k] // 1000 * (rates[k] - rates[k - 1]))
    return found


def is_one_misprint(given: Given) -> bool:
    """One deduction is wrong, not the first, which is zero, and it is wrong by a fifth to two thirds."""
    pairs = zip(right(given), given["printed"], strict=True)
    wrong = [(true, abs(printed - true)) for true, printed in pairs if printed != true]
    return len(wrong) == 1 and all(0.2 * true <= off <= 2 / 3 * true for true, off in wrong)


def row(given: Given) -> int:
    """The line whose printed deduction is not the right one, counted from zero."""
    return next(k for k, deduction in enumerate(right(given)) if deduction != given["printed"][k])


def deduction(given: Given) -> float:
    """The right deduction of that line, by the book."""
    return float(Tiers.from_floors(given["floors"], given["rates"]).deductions[row(given)])


def rates_added(given: Given) -> float:
    """The two rates added in place of their difference."""
    k = row(given)
    return float(given["floors"][k] * (given["rates"][k] + given["rates"][k - 1]))


TASK = Task(
    number=5,
    title="A misprint",
    kind="find the error",
    outcome="detect a faulty table of tiers, and show what it would do to an account",
    minutes=20,
    draw=draw,
    holds=is_one_misprint,
    guaranteed="exactly one deduction is wrong, by a fifth to two thirds, and never that of the first line",
    difficulty=digits,
    optional=True,
    parts=(
        Part(
            "5a",
            1,
            "the faulty line",
            asks.choice(lambda g: "abcd"[row(g)], LETTERS, "equation (2.2), line by line"),
        ),
        Part("5b", 2, "its right deduction", asks.number(deduction, 0.01, "equation (2.2)")),
    ),
    slips=(
        Slip(
            ("5a",),
            lambda g: next(letter for letter in LETTERS if letter != "abcd"[row(g)]),
            "Repair each line in turn: which single repair makes all neighbours meet at their floors?",
        ),
        Slip(
            ("5a",),
            lambda g: next(letter for letter in reversed(LETTERS) if letter != "abcd"[row(g)]),
            "Repair each line in turn: which single repair makes all neighbours meet at their floors?",
        ),
        Slip(("5b",), lambda g: g["printed"][row(g)], "That is the misprint itself."),
        Slip(("5b",), rates_added, "What is saved at the floor is the *step* of the rate, the difference of the two."),
        Slip(
            ("5b",),
            lambda g: g["floors"][row(g)] * g["rates"][row(g)],
            "The rate below is charged anyway: only the step of the rate is deducted.",
        ),
    ),
    words={
        "floors": "floors of the lines a, b, c and d, in notional",
        "rates": "maintenance rates of the lines",
        "printed": "deductions as they were printed",
    },
)
