"""Task 5, explain: the cascade with arbitrage and under a halt of withdrawals, in a picture of the student's market."""

from cascadelab.course.task import Given, Task, digits
from cascadelab.course.tasks.capstone import grids, healing, market


def tells_a_story(given: Given) -> bool:
    """The halt raises the bad debt of venue 1, and lowers that of both; 4c lies below 3b, and 3b below the link."""
    news, p, q, r = market.after_news(given), given["P"], given["Q"], given["R"]
    joined, halted = market.after_sales(given, news, [p, q, r]), market.after_sales(given, news, [p], 0.0)
    first, alone = market.loss(given, "P", joined), market.loss(given, "P", halted)
    second = market.loss(given, "Q", joined) + market.loss(given, "R", joined)
    if not (second > 1 and first + 1 < alone < first + second - 1):
        return False
    enough = healing.healed_above(given, healing.with_b(given))
    return grids.best_link(given) + 0.05 < enough < given["conductance"] - 0.05


TASK = Task(
    number=5,
    title="A halt of withdrawals",
    kind="explain",
    outcome="state a remedy of a venue together with its side effect",
    minutes=35,
    draw=market.draw,
    holds=tells_a_story,
    guaranteed="with arbitrage both venues are left with bad debt; without it venue 1 is left with more, venue 2 with "
    "none, and both together with less; 4c is below 3b, and 3b is below the conductance",
    difficulty=digits,
    shares=1,
    shows=tuple(market.SHARED),
    rubric=(
        (1, "follows the three rounds: who is lost in each, and which price carried the fall to the next"),
        (1, "says what the halt does to the bad debt of each venue and of both together, in numbers, and who bears it"),
        (1, "explains the side effect: venue 1 meets its own depth alone, so its loss grows"),
        (
            1,
            "sets 3b against it: at the conductance the smooth market is not critical, under the halt it is; and so it "
            "is at 4c, which would have cost least in this crash",
        ),
    ),
    words=market.SHARED,
)
