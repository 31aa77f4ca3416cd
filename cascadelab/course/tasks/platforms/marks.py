"""Task 2, implement: the branching ratio of three venues with any marks and any places of sale."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from cascadelab.contagion.feedback import spectral_radius
from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.platforms import impact_matrix

SEE = "equations (10.6) and (10.15) to (10.17), and K = 𝒲 Λ 𝒳 G"
ALL = ("2a", "2b", "2c", "2d")
HOME = [0, 1, 2]
OWN = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]


def joined(conductance) -> np.ndarray:
    """Symmetric matrix of the conductances 1–2, 1–3 and 2–3."""
    one_two, one_three, two_three = conductance
    return np.array([[0.0, one_two, one_three], [one_two, 0.0, two_three], [one_three, two_three, 0.0]])


def branching_ratio(depth, density, conductance, marks, sells_on) -> float:
    """Branching ratio by the book's impact matrix and spectral radius."""
    spread = impact_matrix(depth, joined(conductance))
    return spectral_radius(np.array(marks) @ spread[:, sells_on] * np.array(density))


def by_hand(
    depth, density, conductance, marks, sells_on, *,
    own: bool = False, turned: bool = False, home: bool = False, apart: bool = False, sign: float = -1.0,
    read: Callable[[np.ndarray], float] | None = None,
) -> float:  # fmt: skip
    """The same by numpy alone, or with a slip."""
    links = joined(conductance) * (not apart)
    spread = np.linalg.inv(np.diag(depth) + np.diag(links.sum(axis=1)) + sign * links)
    looks = np.array(OWN if own else marks)
    matrix = (looks.T if turned else looks) @ spread[:, HOME if home else sells_on] * np.array(density)
    return read(matrix) if read else float(np.abs(np.linalg.eigvals(matrix)).max())


def trace(matrix: np.ndarray) -> float:
    """The sum of the diagonal."""
    return float(np.trace(matrix))


def row_sum(matrix: np.ndarray) -> float:
    """The largest row sum."""
    return float(matrix.sum(axis=1).max())


WRONG: tuple[dict[str, Any], ...] = (
    {"own": True}, {"turned": True}, {"home": True}, {"apart": True}, {"sign": 1.0}, {"read": trace}, {"read": row_sum},
)  # fmt: skip


def slip(place: int) -> Callable[[Given], Callable[..., float]]:
    """A slip's answer."""
    return lambda _: partial(by_hand, **WRONG[place])


def shares(stream: Draw) -> list[float]:
    """A mark's shares of three prices, in tenths."""
    first = stream.integer(1, 6)
    second = stream.integer(1, 9 - first)
    return [first / 10, second / 10, (10 - first - second) / 10]


def market(stream: Draw) -> tuple[list[float], list[float], list[float]]:
    """Depths, densities and conductances."""
    depth = [stream.decimal(11, 69, 1) for _ in HOME]
    density = [stream.decimal(6, 24, 1) for _ in HOME]
    return depth, density, [stream.decimal(11, 49, 1) for _ in HOME]


def elsewhere(stream: Draw) -> list[int]:
    """Places of sale: two markets in all, so that one venue does not sell at home."""
    return list(stream.choice(([0, 0, 2], [0, 1, 0], [1, 1, 2], [0, 1, 1], [2, 1, 2], [0, 2, 2])))


def draw(stream: Draw) -> dict[str, Any]:
    """Three venues, their marks, and where each sells."""
    depth, density, conductance = market(stream)
    return {
        "depth": depth, "density": density, "conductance": conductance,
        "mark_1": shares(stream), "mark_2": shares(stream), "mark_3": shares(stream), "sells_on": elsewhere(stream),
    }  # fmt: skip


def arguments(given: Given) -> tuple[Any, ...]:
    """The arguments of the function, in their order."""
    looks = [given["mark_1"], given["mark_2"], given["mark_3"]]
    return given["depth"], given["density"], given["conductance"], looks, given["sells_on"]


def marks_differ(given: Given) -> bool:
    """All prices are in each mark, one venue sells elsewhere, and rows can not be taken for columns unnoticed."""
    first, second, third = given["mark_1"], given["mark_2"], given["mark_3"]
    if min(*first, *second, *third) <= 0 or given["sells_on"] == HOME:
        return False
    return max(abs(first[1] - second[0]), abs(first[2] - third[0]), abs(second[2] - third[1])) > 0.15


def cases(*, looks: bool, routes: bool) -> Callable[[Given, Draw], list[tuple[Any, ...]]]:
    """Random test inputs, with own marks or others, sold at home or elsewhere."""

    def drawn(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
        return [
            (
                *market(stream),
                [shares(stream) for _ in HOME] if looks else OWN,
                elsewhere(stream) if routes else HOME,
            )
            for _again in range(5)
        ]

    return drawn


TASK = Task(
    number=2,
    title="Whose price, and whose book",
    kind="implement",
    outcome="compute what an index, another venue's price, or a shallow book does to the branching ratio",
    minutes=35,
    draw=draw,
    holds=marks_differ,
    guaranteed="every mark mixes all three prices, rows and columns of the marks differ, and one venue sells elsewhere",
    difficulty=digits,
    parts=(
        Part("2a", 1, "your own venues", asks.function(branching_ratio, lambda g, _: [arguments(g)], SEE, 1e-6)),
        Part(
            "2b",
            2,
            "own marks, sold at home",
            asks.function(branching_ratio, cases(looks=False, routes=False), SEE, 1e-6),
            hidden=True,
        ),
        Part(
            "2c",
            1,
            "other marks, sold at home",
            asks.function(branching_ratio, cases(looks=True, routes=False), SEE, 1e-6),
            hidden=True,
        ),
        Part(
            "2d",
            2,
            "other marks, sold elsewhere",
            asks.function(branching_ratio, cases(looks=True, routes=True), SEE, 1e-6),
            hidden=True,
        ),
    ),
    slips=(
        Slip(("2a", "2c", "2d"), slip(0), "Accounts are judged by the mark of their venue, not by its own price."),
        Slip(("2a", "2c", "2d"), slip(1), "Row a of the marks belongs to venue a; you took the columns."),
        Slip(("2a", "2d"), slip(2), "Each venue sells on the market that `sells_on` names."),
        Slip(ALL, slip(3), "Arbitrage is missing: a sale on one market lowers the others."),
        Slip(ALL, slip(4), "What joins two markets stands with a minus sign off the diagonal of the Laplacian."),
        Slip(ALL, slip(5), "The trace is r(K) only if the matrix has rank one."),
        Slip(ALL, slip(6), "A row sum bounds r(K), but it is not the eigenvalue."),
    ),
    words={
        "depth": "depths of markets 1, 2 and 3 (units per unit of price)",
        "density": "units forced out on venues 1, 2 and 3 by a fall of one in their mark",
        "conductance": "conductances between markets 1 and 2, 1 and 3, 2 and 3",
        **{f"mark_{k}": f"shares of the three prices in the mark of venue {k}" for k in (1, 2, 3)},
        "sells_on": "market on which each venue sells, counted from zero",
    },
)
