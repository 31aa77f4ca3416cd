"""Task 5, find the error: a note on how much margin may be taken out, with one of the slips of exercise 3."""

from typing import Any

from cascadelab.contagion.cross import break_even_efficiency
from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.statements import LETTERS, WORDS, letter, told, which
from cascadelab.course.task import Given, Part, Slip, Task, digits

POSITIONS = "Taking margin out of an account leaves its positions as they are."
MEAN = "With all margin left in, the common accounts have the mean of the legs' ratios, weighted with their margins."
TAKEN = "If the part η of the margin is taken out, the branching ratio is divided by 1 − η."
LEVEL = "With isolated margin the market has the ratio of its worst leg, so that is the level to compare with."
WRONG = {
    MEAN: "With all margin left in, the common accounts have the mean of the legs' ratios, each leg counted once.",
    TAKEN: "If the part η of the margin is taken out, the branching ratio is multiplied by 1 + η.",
    LEVEL: "A market is critical at a ratio of one, so that is the level to compare with.",
}


def draw(stream: Draw) -> dict[str, Any]:
    """Two legs, one error, the figure that follows from it, and four statements in a personal order."""
    error = stream.choice(list(WRONG))
    given: dict[str, Any] = {
        "kappa": [stream.decimal(600, 899, 3), stream.decimal(100, 499, 3)],
        "required_margin": [stream.integer(110, 399), stream.integer(110, 399)],
    }
    listed = [POSITIONS, *(WRONG[right] if right == error else right for right in WRONG)]
    given["published"] = round(figure(given, error), 4)
    return given | told(stream, listed)


def mean(given: Given) -> float:
    """Mean of the ratios, weighted with the margins."""
    (one, two), (first, second) = given["kappa"], given["required_margin"]
    return float((one * first + two * second) / (first + second))


def figure(given: Given, error: str) -> float:
    """The part of the margin that follows from one error, by hand."""
    worst = given["kappa"][0]
    if error == MEAN:
        return float(1 - sum(given["kappa"]) / 2 / worst)
    return worst / mean(given) - 1 if error == TAKEN else 1 - mean(given)


def is_a_part(given: Given) -> bool:
    """Every figure is a part of the margin, so that none gives itself away."""
    return all(0.02 < figure(given, error) < 0.98 for error in WRONG)


def right_letter(given: Given, place: int) -> str:
    """The letters of the two right statements about ratios, one after the other."""
    return [letter(given, right) for right in WRONG if right in [given[name] for name in LETTERS]][place]


TASK = Task(
    number=5,
    title="A note on margin that may be taken out",
    kind="find the error",
    outcome="say when cross margin brings a market nearer to criticality than isolated margin, and when it does not",
    minutes=20,
    draw=draw,
    holds=is_a_part,
    guaranteed="one statement is wrong, and the figure of the note follows from it and differs from the right one",
    difficulty=digits,
    optional=True,
    parts=(
        Part("5a", 1, "the wrong statement", which(*WRONG.values(), see="equations (9.14) to (9.16)")),
        Part(
            "5b",
            2,
            "the right part of the margin",
            asks.number(lambda g: break_even_efficiency(g["kappa"], g["required_margin"]), 0.0005, "equation (9.19)"),
        ),
    ),
    slips=(
        Slip(("5a",), lambda g: letter(g, POSITIONS), "Margin is money; the positions stay, so that one is right."),
        Slip(
            ("5a",),
            lambda g: right_letter(g, 0),  # MEAN; or TAKEN, if MEAN is the error
            "Ratio times margin is conserved, see (9.14), and that one follows from it: it is right.",
        ),
        Slip(
            ("5a",),
            lambda g: right_letter(g, 1),  # LEVEL; or TAKEN, if LEVEL is the error
            "Look at one leg alone, at its margin and at what its own sales do to it: that one is right.",
        ),
        Slip(("5b",), lambda g: figure(g, MEAN), "Weigh the ratios of the legs with their margins."),
        Slip(("5b",), lambda g: figure(g, TAKEN), "The ratio is divided by what stays, 1 − η."),
        Slip(("5b",), lambda g: figure(g, LEVEL), "Asked is when it passes the worst leg, not when it is critical."),
        Slip(
            ("5b",),
            lambda g: mean(g) / g["kappa"][0],
            "That is what must stay in the account; asked is what may be taken out.",
        ),
    ),
    words={
        "kappa": "branching ratios of the isolated legs A and B",
        "required_margin": "margins of the legs A and B (numeraire)",
        "published": "part of the margin that the note allows to be taken out",
        **WORDS,
    },
)
