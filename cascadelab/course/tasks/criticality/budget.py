"""Task 1, compute: the branching ratio of a market in which several sell and some buy, and what a shock does to it."""

from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.criticality.budget import Budget, leverage_targeting
from cascadelab.criticality.feedback import amplification


def draw(stream: Draw) -> dict[str, Any]:
    """Who sells and who buys if the price falls by one, and a small shock."""
    return {
        "price": stream.integer(40, 120),
        "slope": stream.decimal(11, 39, 3),
        "density": stream.decimal(52, 179, 1),
        "target_leverage": stream.integer(3, 7),
        "holdings": stream.integer(101, 399),
        "stops": stream.decimal(21, 59, 1),
        "buyers": stream.decimal(41, 79, 1),
        "shock": stream.decimal(21, 59, 2),
    }


def is_subcritical(given: Given) -> bool:
    """A ratio from 0.4 to 0.85, of which kept leverage makes a good part; with too few buyers, still below 0.95."""
    kept = given["slope"] * held(given, -1)
    return 0.4 <= ratio(given) <= 0.85 and 0.1 <= kept <= 0.4 and ratio(given, buyers=0) <= 0.95


def held(given: Given, less: int) -> float:
    """Units that the holder sells for a fall of one, if the leverage counts less a number."""
    return float((given["target_leverage"] + less) * given["holdings"] / given["price"])


def ratio(given: Given, less: int = -1, buyers: int = -1, stops: int = 1) -> float:
    """The ratio by hand, with known ways to get a term wrong."""
    sold = given["density"] + stops * given["stops"] + held(given, less) + buyers * given["buyers"]
    return float(given["slope"] * sold)


def kappa(given: Given) -> float:
    """The ratio by the book's budget."""
    kept = leverage_targeting(given["target_leverage"], given["holdings"], given["price"])
    budget = Budget(
        liquidations=given["density"], stops=given["stops"], leverage_targeting=kept, demand=given["buyers"]
    )
    return float(budget.kappa(given["slope"]))


def fall(given: Given) -> float:
    """Fall of the price, by the book's amplification."""
    return float(given["shock"] * amplification(kappa(given)))


TASK = Task(
    number=1,
    title="Who sells into the fall",
    kind="compute",
    outcome="compute the branching ratio of a market, and add up who contributes to it",
    minutes=20,
    draw=draw,
    holds=is_subcritical,
    guaranteed="a branching ratio from 0.4 to 0.85, of which kept leverage makes 0.1 to 0.4",
    difficulty=digits,
    parts=(
        Part("1a", 2, "branching ratio", asks.number(kappa, 0.0005, "equations (8.12) and (8.14)")),
        Part("1b", 2, "fall of the price", asks.number(fall, 0.002, "equation (8.5)")),
    ),
    slips=(
        Slip(
            ("1a",),
            lambda g: ratio(g, less=0),
            "You sell in proportion to the leverage; a holder with leverage 1 would sell nothing.",
        ),
        Slip(("1a",), lambda g: ratio(g, buyers=1), "Buyers absorb what is sold: which sign do they have?"),
        Slip(("1a",), lambda g: ratio(g, buyers=0), "The buyers are missing."),
        Slip(("1a",), lambda g: ratio(g, stops=0), "The stop orders are missing."),
        Slip(("1a",), lambda g: g["slope"] * g["density"], "Those are the liquidations; others sell as well."),
        Slip(("1a",), lambda g: ratio(g) / g["slope"], "Those are units; the slope says what they do to the price."),
        Slip(("1b",), lambda g: g["shock"] * (1 + ratio(g)), "That is one round of feedback; add all of them."),
        Slip(
            ("1b",),
            lambda g: g["shock"] * ratio(g) / (1 - ratio(g)),
            "That is what the forced sales add; the shock itself belongs to the fall.",
        ),
        Slip(("1b",), lambda g: g["shock"] * (1 - ratio(g)), "Feedback makes the fall larger, not smaller."),
        Slip(("1b",), lambda g: g["shock"] / (1 - ratio(g, buyers=0)), "The buyers are missing."),
    ),
    words={
        "density": "units of liquidation prices in one unit of price",
        "target_leverage": "leverage that a holder goes back to after each move",
        "holdings": "units that this holder holds",
        "stops": "units of stop orders in one unit of price",
        "buyers": "units that buyers add for a fall of one, beyond the depth",
        "slope": "fall of the price for each unit sold",
        "shock": "further fall of the shocked price",
    },
)
