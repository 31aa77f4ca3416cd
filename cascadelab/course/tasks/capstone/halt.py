"""Task 5, explain: the cascade with arbitrage and under a halt of withdrawals, in a picture of the student's market."""

from cascadelab.course.task import Given, Task, digits
from cascadelab.course.tasks.capstone import market


def tells_a_story(given: Given) -> bool:
    """Both venues have bad debt with arbitrage; the halt raises that of venue 1, and moves the sum of both."""
    _, joined, _ = market.run(given)
    _, halted, _ = market.run(given, 0.0)
    first, alone = market.loss(given, "P", joined), market.loss(given, "P", halted)
    second = market.loss(given, "Q", joined) + market.loss(given, "R", joined)
    return second > 1 and alone > first + 1 and abs(first + second - alone) > 1


TASK = Task(
    number=5,
    title="A halt of withdrawals",
    kind="explain",
    outcome="state a remedy of a venue together with its side effect",
    minutes=25,
    draw=market.draw,
    holds=tells_a_story,
    guaranteed="with arbitrage both venues are left with bad debt; without it venue 1 is left with more, venue 2 with "
    "none, and both together with clearly more or clearly less",
    difficulty=digits,
    shares=1,
    shows=tuple(market.SHARED),
    rubric=(
        (1, "follows the three rounds: who is lost in each, and which price carried the fall to the next"),
        (1, "says what the halt does to the bad debt of each venue, in numbers, and who bears each"),
        (
            1,
            "explains the side effect: venue 1 meets its own depth alone, so its loss grows; says whether both losses "
            "together grow or shrink",
        ),
        (
            1,
            "says how 3b bears on it (below that conductance, and so under a halt, the smooth market is critical), and "
            "4c (a weak link spares venue 2 and still helps venue 1)",
        ),
    ),
    words=market.SHARED,
)
