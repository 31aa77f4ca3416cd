"""Task 2, implement: the bad debt of a cascade in which every account closes all of its assets."""

import itertools
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from cascadelab.contagion.book import Book
from cascadelab.contagion.solver import Solver
from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.impact.linear import Linear

SEE = "equations (9.1) and (9.2), and chapter 6 on bad debt"
CHAINS = ("2a", "2b", "2c")
NAMES = ("X", "Y", "Z", "V")
Case = tuple[list[float], list[list[int]], float, float, list[int], list[float]]


def bad_debt(cash, quantity, asset_weight, liability_weight, price, slope) -> float:
    """Bad debt at the end price, by the book's engine, in rounds."""
    book = Book(cash, quantity, asset_weight, liability_weight)
    return Solver(book, price).run(price, Linear(slope), schedule="rounds").bad_debt("end")


def cascade(
    cash: Sequence[float], quantity: Sequence[Sequence[float]], counted: Sequence[Sequence[float]],
    price: Sequence[float], slope: Sequence[float], *, ties: bool = False, floor: float = 0.0, once: bool = False,
    again: bool = False, sells_debt: bool = False,
) -> tuple[list[list[int]], list[float], float]:  # fmt: skip
    """Who is lost in each round, the prices in the end, and the surplus that came nearest to zero; or with a slip."""
    rounds: list[list[int]] = []
    lost: list[int] = []
    now, nearest = list(price), float("inf")
    while True:
        surplus = [c + sum(w * p for w, p in zip(row, now, strict=True)) for c, row in zip(cash, counted, strict=True)]
        nearest = min(nearest, *map(abs, surplus))
        new = [k for k, s in enumerate(surplus) if k not in lost and (s < 0 or (ties and s == 0))]
        if not new or (once and lost):
            return rounds, now, nearest
        rounds.append(new)
        lost += new
        sold = [sum(abs(quantity[k][a]) if sells_debt else quantity[k][a] for k in lost) for a in range(len(price))]
        start = now if again else price
        now = [max(p - s * u, floor) for p, s, u in zip(start, slope, sold, strict=True)]


def weighed(quantity: Sequence[Sequence[float]], asset_weight: float, liability_weight: float) -> list[list[float]]:
    """Units, each times the weight of its side."""
    return [[q * (asset_weight if q > 0 else liability_weight) for q in row] for row in quantity]


def by_hand(
    cash: Sequence[float], quantity: Sequence[Sequence[float]], asset_weight: float, liability_weight: float,
    price: Sequence[float], slope: Sequence[float], *, by_surplus: bool = False, netted: bool = False, **wrong: Any,
) -> float:  # fmt: skip
    """The same in plain loops, or with a slip."""
    counted = weighed(quantity, asset_weight, liability_weight)
    rounds, now, _ = cascade(cash, quantity, counted, price, slope, **wrong)
    held = counted if by_surplus else quantity
    left = [cash[k] + sum(q * p for q, p in zip(held[k], now, strict=True)) for new in rounds for k in new]
    return max(-sum(left), 0.0) if netted else sum(max(-entry, 0.0) for entry in left)


def slip(**wrong: Any) -> Callable[[Given], Callable[..., float]]:
    """A slip's answer: `by_hand` with it."""
    return lambda _: partial(by_hand, **wrong)


def chain(stream: Draw, side: int = 1) -> Case:
    """X is lost to the shock, its sale takes Y, that of Y takes Z, and V lives; with side −1 all owe B."""
    held = [[stream.integer(4, 14), side * stream.integer(4, 14)] for _ in NAMES]
    owned, owed = stream.decimal(88, 95, 2), stream.decimal(105, 112, 2)
    price, slope = (
        [stream.integer(50, 99), stream.integer(30, 59)],
        [stream.decimal(11, 39, 2), stream.decimal(11, 39, 2)],
    )
    weights = weighed(held, owned, owed)
    prices = [
        [p - s * sum(row[a] for row in held[:k]) for a, (p, s) in enumerate(zip(price, slope, strict=True))]
        for k in range(4)
    ]
    worth = [[sum(w * p for w, p in zip(weights[k], at, strict=True)) for at in prices] for k in range(4)]
    cash = [
        -worth[0][0] - stream.integer(120, 240),
        -(worth[1][0] + worth[1][1]) / 2,
        -(worth[2][1] + worth[2][2]) / 2,
        -worth[3][3] + stream.integer(5, 40),
    ]
    return [round(c) for c in cash], held, owned, owed, price, slope


def is_a_chain(case: Case) -> bool:
    """X, Y and Z are lost one after the other, some leave bad debt and some do not, and no slip does the same."""
    cash, held, owned, owed, price, slope = case
    rounds, now, nearest = cascade(cash, held, weighed(held, owned, owed), price, slope)
    if rounds != [[0], [1], [2]] or nearest < 0.5 or min(now) < 5:
        return False
    wrongs = [{}, {"once": True}, {"again": True}, {"by_surplus": True}, {"netted": True}]
    wrongs += [{"sells_debt": True}] if held[0][1] < 0 else []
    found = sorted(by_hand(*case, **wrong) for wrong in wrongs)  # type: ignore[arg-type]
    return found[0] >= 0 and all(b - a > 0.5 for a, b in itertools.pairwise(found))


def draw(stream: Draw) -> dict[str, Any]:
    """A book of longs."""
    cash, held, owned, owed, price, slope = chain(stream)
    return {
        "cash": cash, **dict(zip(NAMES, held, strict=True)),
        "asset_weight": owned, "liability_weight": owed, "price": price, "slope": slope,
    }  # fmt: skip


def case_of(given: Given) -> Case:
    """The arguments of the function, in their order."""
    held = [given[name] for name in NAMES]
    weights = given["asset_weight"], given["liability_weight"]
    return given["cash"], held, *weights, given["price"], given["slope"]


def chains(side: int) -> Callable[[Given, Draw], list[tuple[Any, ...]]]:
    """Random chains as test inputs."""
    return lambda _, stream: list(asks.kept(5, lambda: chain(stream, side), is_a_chain))


def edges(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """Books that end after at most one round: a tie, a price that stops at zero, and nobody lost."""
    cases: list[tuple[Any, ...]] = []
    for _again in range(3):
        a, b, price, units = (stream.integer(low, low + 9) for low in (2, 3, 40, 5))
        held, gap = [[a, b], [0, units]], stream.integer(10, 30)
        safe_at = price - b  # the price of B after X is sold, at a slope of one
        cases.append(([-(a + b) * price - gap, -units * safe_at], held, 1.0, 1.0, [price, price], [0.5, 1.0]))
        many = stream.integer(20, 30)
        cases.append(([-many * 10 - gap], [[many, 1]], 1.0, 1.0, [9, 10], [0.5, 0.5]))
        cases.append(([gap - a * price], [[a, 0]], 1.0, 1.0, [price, price], [0.5, 0.5]))
    return cases


TASK = Task(
    number=2,
    title="What a cascade leaves unpaid",
    kind="implement",
    outcome="test whether the order of liquidations matters, and run a book of your own",
    minutes=40,
    draw=draw,
    holds=lambda given: is_a_chain(case_of(given)),
    guaranteed="three accounts are lost in three rounds, one lives; some leave bad debt, and nobody is near zero",
    difficulty=digits,
    parts=(
        Part("2a", 1, "your own book", asks.function(bad_debt, lambda g, _: [case_of(g)], SEE, 1e-6)),
        Part("2b", 2, "random books of longs", asks.function(bad_debt, chains(1), SEE, 1e-6), hidden=True),
        Part("2c", 2, "random books that owe B", asks.function(bad_debt, chains(-1), SEE, 1e-6), hidden=True),
        Part(
            "2d",
            1,
            "a surplus of exactly zero, a price that stops at zero, and nobody lost",
            asks.function(bad_debt, edges, SEE, 1e-6),
            hidden=True,
        ),
    ),
    slips=(
        Slip(("2d",), slip(ties=True), "At a surplus of exactly zero an account is safe."),
        Slip(("2d",), slip(floor=-1e9), "Prices stop at zero."),
        Slip(
            CHAINS,
            slip(once=True),
            "Those are lost to the shock alone; their sales reach others, until nobody is new.",
        ),
        Slip(CHAINS, slip(again=True), "Take the total sold off the shocked prices, not again off the last ones."),
        Slip(("2c",), slip(sells_debt=True), "What is owed is bought back, so its price rises."),
        Slip(
            CHAINS,
            slip(by_surplus=True),
            "The weights say who is closed; what is unpaid is debt less the whole value, without weights.",
        ),
        Slip(
            CHAINS,
            slip(netted=True),
            "What one account has left does not pay the debt of another: count each on its own.",
        ),
    ),
    words={
        "cash": "cash of the accounts X, Y, Z and V",
        **{name: f"units of A and of B in account {name}" for name in NAMES},
        "price": "prices of A and of B after the shock, before any sale",
        "slope": "fall of A and of B for each unit sold",
    },
)
