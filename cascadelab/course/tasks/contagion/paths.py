"""Task 3, explain: the same holders with isolated and with cross margin, in the chapter's picture."""

from typing import Any

from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Task, digits

STEP, HOLDERS = 2.0, 20  # distance of each leg from the next, and legs, in the picture


def draw(stream: Draw) -> dict[str, Any]:
    """Settings of the picture."""
    return {
        "fall": stream.decimal(601, 1399, 4),
        "kappa": stream.decimal(351, 649, 3),
        "correlation": stream.decimal(1, 30, 2),
    }


def kept(given: Given) -> float:
    """What stays of the margin at the same σ-distance, 1 − η, by (9.17)."""
    return float(((1 + given["correlation"]) / 2) ** 0.5)


def lost(given: Given, *, cross: bool) -> tuple[int, float]:
    """Legs or accounts that are lost, and how near the nearest is to the other side, in units of the price."""
    first, sale = 100 * given["fall"], STEP * given["kappa"]
    step, rate = (2 * STEP * kept(given), 2 * sale) if cross else (STEP, sale)
    gaps = [(n + 1) * step - first - n * rate for n in range(HOLDERS)]
    number = next((n for n, gap in enumerate(gaps) if gap >= 0), HOLDERS)
    return number, min(map(abs, gaps[: number + 1]))


def is_readable(given: Given) -> bool:
    """Both cascades take several, not all, and not as many units of A; no limit is grazed."""
    found = [lost(given, cross=cross) for cross in (False, True)]
    return found[0][0] != found[1][0] and all(3 <= number <= 15 and near > 0.02 for number, near in found)


TASK = Task(
    number=3,
    title="Two ways to margin the same positions",
    kind="explain",
    outcome="say when cross margin brings a market nearer to criticality than isolated margin, and when it does not",
    minutes=25,
    draw=draw,
    holds=is_readable,
    guaranteed="with either margin at least three and at most fifteen are lost, and not as many with the one as with "
    "the other; no limit is grazed",
    difficulty=digits,
    rubric=(
        (1, "reads off both branching ratios, and gets the second from the first with the part of margin taken out"),
        (1, "says why B stays at 100 in one picture and not in the other: upright and slanted limits"),
        (
            1,
            "says what the holders have gained and what it costs the market, and that with all margin left in "
            "the ratio would be that of one leg",
        ),
        (1, "compares the falls of A in both pictures, and says which two effects pull in opposite directions"),
    ),
    words={
        "fall": "fall of A that starts the cascade, as a fraction",
        "kappa": "branching ratio of an isolated leg",
        "correlation": "correlation of A and B",
    },
)
