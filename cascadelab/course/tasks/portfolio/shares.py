"""Task 3, explain: the box and the half-space of a hedge, when one leg is lost and the account is not."""

from typing import Any

from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Task, digits


def draw(stream: Draw) -> dict[str, Any]:
    """Prices after a rise of both, and the share of the surplus that leg A was given."""
    return {
        "price_a": stream.decimal(1011, 1299, 1),
        "price_b": stream.decimal(5111, 5759, 2),
        "share": stream.decimal(31, 94, 2),
    }


def largest_share(given: Given) -> float:
    """Share of leg A up to which leg B survives: of the surplus of 180, B needs 22 for each unit of its rise."""
    return float(1 - 22 * (given["price_b"] - 50) / 180)


def loses_the_short(given: Given) -> bool:
    """Both prices have risen, and leg B is lost by a margin of 5, at the share that was drawn and not at every other.

    That some share saves leg B means that the account is safe: it has what leg B would have with all of the surplus,
    and more, as A has risen. Leg A is safe with any share.
    """
    risen = given["price_a"] > 100 and given["price_b"] > 50
    return risen and largest_share(given) > 0.05 and 180 * (given["share"] - largest_share(given)) > 5


TASK = Task(
    number=3,
    title="A hedge in two boxes",
    kind="explain",
    outcome="compare isolated with cross margin, and compute how much margin sharing saves",
    minutes=25,
    draw=draw,
    holds=loses_the_short,
    guaranteed="both prices have risen; the short leg is lost, the long leg and the cross account are safe",
    difficulty=digits,
    rubric=(
        (1, "says which of the three is lost at the marker, and that the legs' surpluses add up to the account's"),
        (1, "says why the corner of the box lies on the edge, and where another share would move it"),
        (
            1,
            "gives the shares at which both legs would have lived, and why there are some: leg B needs less than the "
            "180 that were shared out (that the account is safe is not enough)",
        ),
        (1, "says what the price at the end of the thin line means, and that it rises when B rises, and why"),
    ),
    words={
        "price_a": "price of A now; it was 100",
        "price_b": "price of B now; it was 50",
        "share": "part of the surplus of 180 that leg A was given; leg B got the rest",
    },
)
