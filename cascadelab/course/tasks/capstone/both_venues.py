"""Task 2, implement: the cascade on both venues, and what it leaves unpaid on one."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from cascadelab.contagion.book import Book
from cascadelab.contagion.solver import Solver
from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.course.tasks.capstone import market
from cascadelab.course.tasks.capstone.safe_state import spread
from cascadelab.impact.linear import Linear

SEE = "equations (9.1) and (10.3), and the running example of chapter 10"
CHAINS = ("2a", "2b", "2c")
ALL = (*CHAINS, "2d")


def bad_debt(at, cash, quantity, venue, asset_weight, price, depth, conductance) -> float:
    """Bad debt of one venue at the end prices, by the book's engine, in rounds."""
    book = Book(cash, [[float(q) for q in row] for row in quantity], asset_weight)
    end = Solver(book, price).run(price, Linear(spread(*depth, conductance)), schedule="rounds")
    return float(np.maximum(-end.left("end")[np.array(venue) == at], 0.0).sum())


def by_hand(
    at, cash, quantity, venue, asset_weight, price, depth, conductance, *,
    by_surplus: bool = False, everywhere: bool = False, **wrong: Any,
) -> float:  # fmt: skip
    """The same in plain loops, or with a slip."""
    rounds, now, _ = market.cascade(cash, quantity, asset_weight, price, depth, conductance, **wrong)
    counted = asset_weight if by_surplus else 1.0
    here = [k for new in rounds for k in new if everywhere or venue[k] == at]
    return sum(market.unpaid(cash[k], quantity[k], now, counted) for k in here)


def slip(**wrong: Any) -> Callable[[Given], Callable[..., float]]:
    """A slip's answer: `by_hand` with it."""
    return lambda _: partial(by_hand, **wrong)


def own(given: Given, _: Draw) -> list[tuple[Any, ...]]:
    """The student's own market, both venues, with arbitrage and without."""
    return [(at, *market.case_of(given, link)) for link in (given["conductance"], 0.0) for at in (1, 2)]


def other_way(stream: Draw) -> dict[str, Any]:
    """News of B takes R, its sale takes Q, and that of Q reaches P on venue 1 through arbitrage; S lives."""
    given = market.drawn(stream)
    one, two, three = given["price"]
    shocked = [one, two, round(three * stream.decimal(80, 90, 2))]
    given["cash"] = market.chain(given, shocked, "RQPS", stream.integer(4, 8), stream.integer(5, 40))
    return given | {"price": shocked, "shock": 0}


def is_other_way(given: Given) -> bool:
    """One after the other, bad debt on both venues, and nobody is near zero."""
    rounds, now, near = market.run(given)
    left = [market.loss(given, name, now) for name in "PQR"]
    return rounds == [[2], [1], [0]] and near > market.MARGIN and min(left[0], left[1] + left[2]) > 1


def books(
    draw: Callable[[Draw], dict[str, Any]], holds: Callable[[Given], bool]
) -> Callable[[Given, Draw], list[tuple[Any, ...]]]:
    """Three random markets as test inputs, both venues of each."""
    return lambda _, stream: [
        (at, *market.case_of(given)) for given in asks.kept(3, lambda: draw(stream), holds) for at in (1, 2)
    ]


def edges(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """Without arbitrage: ties after a sale and at first, prices that stop at zero, and an account that keeps money."""
    cases: list[tuple[Any, ...]] = []
    depth = [1.0, 2.0, 4.0]
    for _again in range(2):
        a, b, price, units = (stream.integer(low, low + 9) for low in (4, 4, 40, 5))
        gap, many = stream.integer(10, 30), stream.integer(20, 30)
        tie = -units * (price - b / 4)  # the second account is at zero once the first has sold its B
        held = [[0, a, b], [0, 0, units]]
        cases.append((2, [-(a + b) * price - gap, tie], held, [2, 2], 1.0, [price] * 3, depth, 0.0))
        # A stops at zero, where the second account is safe; below zero it would not be
        cash = [-(2 * many + b) * 9 - gap, 1 - units * (9 - b / 4)]
        cases.append((2, cash, [[0, 2 * many, b], [0, a, units]], [2, 2], 1.0, [9, 9, 9], depth, 0.0))
        # both are closed at once, and what the second has left pays nothing for the first
        cash = [-units * price - gap, -0.75 * a * price]
        cases.append((2, cash, [[0, 0, units], [0, a, 0]], [2, 2], 0.5, [price] * 3, depth, 0.0))
        cases.append((1, [-many * 10 - gap], [[many, 0, 0]], [1], 1.0, [9, 9, 9], depth, 0.0))
        cases.append((1, [-a * price, gap - b * price], [[a, 0, 0], [0, b, 0]], [1, 2], 1.0, [price] * 3, depth, 0.0))
    return cases


TASK = Task(
    number=2,
    title="The cascade on both venues",
    kind="implement",
    outcome="test whether the order of liquidations matters, and run a book of your own",
    minutes=45,
    draw=market.draw,
    holds=market.is_a_story,
    guaranteed="as in task 1",
    difficulty=digits,
    shares=1,
    shows=tuple(market.SHARED),
    parts=(
        Part("2a", 1, "own market, with arbitrage and without", asks.function(bad_debt, own, SEE, 1e-6)),
        Part(
            "2b",
            2,
            "random markets, news of A",
            asks.function(bad_debt, books(market.draw, market.is_a_story), SEE, 1e-6),
            hidden=True,
        ),
        Part(
            "2c",
            2,
            "random markets, news of B",
            asks.function(bad_debt, books(other_way, is_other_way), SEE, 1e-6),
            hidden=True,
        ),
        Part(
            "2d",
            1,
            "no arbitrage, with a surplus of exactly zero, a price that stops at zero, a closed account that keeps "
            "something, and nobody lost",
            asks.function(bad_debt, edges, SEE, 1e-6),
            hidden=True,
        ),
    ),
    slips=(
        Slip(CHAINS, slip(apart=True), "Arbitrage carries a part of each sale of A to the other venue."),
        Slip(ALL, slip(united=True), "That is one price for both venues; the conductance is finite."),
        Slip(CHAINS, slip(once=True), "Go on until no surplus of the others, with the weights, is below zero."),
        Slip(CHAINS, slip(again=True), "Take the total sold off the prices after the news, not off the last ones."),
        Slip(ALL, slip(by_surplus=True), "Bad debt is debt less the whole value; weights say only who is closed."),
        Slip(CHAINS, slip(everywhere=True), "Count the accounts of the venue that is asked for, not those of both."),
        Slip(("2d",), slip(ties=True), "At a surplus of exactly zero an account is safe."),
        Slip(("2d",), slip(floor=-1e9), "A price stops at zero."),
    ),
    words=market.SHARED,
)
