"""Task 2, implement: the probability that a barrier is touched, below or above, with a drift of the price."""

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.course.tasks.distance.hedge import phi
from cascadelab.distance.passage import first_passage_probability

SEE = "equations (4.14) and (4.18), and the sentences below (4.18)"
ALL, DRIFTING = ("2a", "2b", "2c", "2d"), ("2a", "2b", "2c")
APART = 1e-4
Case = tuple[int, int, float, int, float]


def touched(spot, barrier, volatility, days, drift) -> float:
    """Probability of touching, by the book."""
    return float(first_passage_probability(spot, barrier, volatility, days / 365, drift=drift))


def parts(log_distance: float, away: float, volatility: float, time: float) -> tuple[float, float]:
    """The two terms of (4.18): ending beyond, and touching and recovering; `away` is the log drift off the barrier."""
    root = volatility * math.sqrt(time)
    factor = math.exp(-2 * log_distance * away / volatility**2)
    return phi((-away * time - log_distance) / root), factor * phi((away * time - log_distance) / root)


def terms(spot, barrier, volatility, days, drift, year: int = 365, ito: float = 0.5) -> tuple[float, float]:
    """The same from a student's arguments, by hand."""
    side = -1 if barrier > spot else 1
    return parts(abs(math.log(spot / barrier)), side * (drift - ito * volatility**2), volatility, days / year)


def touched_by_hand(*case) -> float:
    """The right answer, by hand."""
    return sum(terms(*case))


def touched_at_end(*case) -> float:
    """Ending beyond the barrier."""
    return terms(*case)[0]


def touched_twice(*case) -> float:
    """Twice the ending, drift or not."""
    return 2 * terms(*case)[0]


def touched_without_ito(*case) -> float:
    """The drift of the price for that of its logarithm."""
    return sum(terms(*case, ito=0.0))


def touched_on_trading_days(*case) -> float:
    """A year of 252 days."""
    return sum(terms(*case, year=252))


def touched_linear(spot, barrier, volatility, days, drift) -> float:
    """The distance as a fraction of the price, without the logarithm."""
    side = -1 if barrier > spot else 1
    return sum(parts(abs(barrier / spot - 1), side * (drift - volatility**2 / 2), volatility, days / 365))


def touched_with_wrong_factor(spot, barrier, volatility, days, drift) -> float:
    """The mirror factor with the other sign in its exponent."""
    ending, mirrored = terms(spot, barrier, volatility, days, drift)
    side = -1 if barrier > spot else 1
    log_distance, away = abs(math.log(spot / barrier)), side * (drift - volatility**2 / 2)
    return ending + mirrored * math.exp(4 * log_distance * away / volatility**2)


def touched_as_a_long(spot, barrier, volatility, days, drift) -> float:
    """The drift counted as for a barrier below, on either side."""
    return sum(parts(abs(math.log(spot / barrier)), drift - volatility**2 / 2, volatility, days / 365))


DRIFT_SLIPS = (touched_twice, touched_with_wrong_factor)
ANY_SLIPS = (touched_at_end, touched_without_ito, touched_on_trading_days, touched_linear)


def draw(stream: Draw) -> dict[str, Any]:
    """A barrier below the spot."""
    return dict(zip(("spot", "barrier", "volatility", "days", "drift"), case(stream, 1), strict=True))


def case(stream: Draw, side: int) -> Case:
    """A barrier 6 to 18 % below (side 1) or above (side −1) the spot, and a drift."""
    spot = stream.integer(100, 900)
    barrier = spot - side * stream.integer(6 * spot // 100, 18 * spot // 100)
    drift = stream.choice((-1, 1)) * stream.decimal(51, 199, 2)
    return spot, barrier, stream.decimal(45, 99, 2), stream.integer(5, 40), drift


def tells(numbers: Sequence[Any], slips: Sequence[Callable[..., float]]) -> bool:
    """Whether touching is neither rare nor sure, and it and the slips all give other probabilities."""
    found = [touched_by_hand(*numbers), *(slip(*numbers) for slip in slips)]
    return 0.03 < found[0] < 0.9 and all(abs(a - b) > APART for a, b in itertools.combinations(found, 2))


def is_told(given: Given) -> bool:
    """The student's own barrier lies below, it tells all slips apart, and the drift of the logarithm is not zero."""
    drifts = given["drift"] != given["volatility"] ** 2 / 2
    return given["barrier"] < given["spot"] and drifts and tells(tuple(given.values()), (*ANY_SLIPS, *DRIFT_SLIPS))


def barriers(side: int) -> Callable[[Given, Draw], list[tuple[Any, ...]]]:
    """Random test inputs on one side."""
    slips = (*ANY_SLIPS, *DRIFT_SLIPS, *([touched_as_a_long] if side < 0 else []))
    return lambda _, stream: list(asks.kept(6, lambda: case(stream, side), lambda numbers: tells(numbers, slips)))


def driftless(stream: Draw, side: int) -> Case:
    """A barrier that is approached without log drift."""
    spot, barrier, volatility, days, _ = case(stream, side)
    return spot, barrier, volatility, days, volatility**2 / 2


def without_log_drift(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """Barriers on both sides at a log drift of zero, and one that the price has reached."""
    found: list[Case] = []
    for side in (1, -1, 1, -1):
        found += asks.kept(1, lambda side=side: driftless(stream, side), lambda numbers: tells(numbers, ANY_SLIPS))
    spot, _barrier, *rest = found[-1]
    return [*found, (spot, spot, *rest)]


TASK = Task(
    number=2,
    title="Touching with a drift",
    kind="implement",
    outcome="tell *ending* beyond a barrier from *touching* it, and size a position by the second",
    minutes=30,
    draw=draw,
    holds=is_told,
    guaranteed="a barrier below the spot, touched with a probability between 3 and 90 %; the log drift is not zero",
    difficulty=digits,
    parts=(
        Part("2a", 1, "your own barrier", asks.function(touched, lambda g, _: [tuple(g.values())], SEE, 1e-6)),
        Part("2b", 2, "random barriers below", asks.function(touched, barriers(1), SEE, 1e-6), hidden=True),
        Part("2c", 2, "random barriers above", asks.function(touched, barriers(-1), SEE, 1e-6), hidden=True),
        Part(
            "2d",
            1,
            "no log drift, and a barrier at the spot",
            asks.function(touched, without_log_drift, SEE, 1e-6),
            hidden=True,
        ),
    ),
    slips=(
        Slip(ALL, lambda _: touched_at_end, "That is ending beyond the barrier; a path can touch it and recover."),
        Slip(DRIFTING, lambda _: touched_twice, "Twice the ending holds without log drift only."),
        Slip(ALL, lambda _: touched_without_ito, "The drift is that of the price; its logarithm drifts by less."),
        Slip(ALL, lambda _: touched_on_trading_days, "These markets never close: a year has 365 days."),
        Slip(ALL, lambda _: touched_linear, "The distance to the barrier is that of the logarithms."),
        Slip(DRIFTING, lambda _: touched_with_wrong_factor, "Look at the sign in the exponent of the mirror factor."),
        Slip(
            ("2c",),
            lambda _: touched_as_a_long,
            "Above the spot, a rising price comes nearer to the barrier: which sign has the drift?",
        ),
    ),
    words={"days": "days to look ahead"},
)
