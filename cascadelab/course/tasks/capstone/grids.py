"""Task 4, simulate: the student's own function over a grid of shocks, and over one of conductances."""

import math

from cascadelab.course import asks
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.course.tasks.capstone import market

SHOCKS, LINKS, LARGEST = 10, 100, 5.0  # points of both grids in a unit, and the largest conductance
SEE = "your function of task 2, and the running example of chapter 10"
ROOM = 0.03  # of each edge from the points of its grid, in steps


def above(edge: float) -> float:
    """The first shock of the grid beyond an edge."""
    return math.ceil(edge * SHOCKS) / SHOCKS


def is_clear(edge: float, points: int = SHOCKS) -> bool:
    """Whether no point of the grid is near."""
    return abs(edge * points - round(edge * points)) > ROOM


def lost_at(given: Given, name: str, sold_by_p: float) -> float:
    """Shock at which an account is at its limit, for a fall that the sale of P adds on its venue."""
    coins, other = sum(given[name][:2]), given[name][2]  # A costs the same on both venues before a sale
    now = given["price"][0] - given["shock"] - sold_by_p
    worth = given["asset_weight"] * (coins * now + other * given["price"][2])
    surplus = given["cash"][market.NAMES.index(name)] + worth
    return float(given["shock"] + surplus / (given["asset_weight"] * coins))


def falls_of_p(given: Given, conductance: float) -> tuple[float, float]:
    """Falls of A on both venues by the sale of P."""
    one, two, _ = market.fallen(given["P"], given["depth"], conductance)
    return one, two


def edge_of_shocks(given: Given, conductance: float) -> float:
    """Shock beyond which Q is lost, once P is."""
    return lost_at(given, "Q", falls_of_p(given, conductance)[1])


def edge_of_links(given: Given) -> float:
    """Conductance beyond which the sale of P reaches Q at the student's shock; (10.3), solved for it."""
    d1, d2, _ = given["depth"]
    gap = lost_at(given, "Q", 0.0) - given["shock"]  # fall of A on venue 2 that Q can still bear
    return float(gap * d1 * d2 / (given["P"][0] - gap * (d1 + d2)))


def best_link(given: Given) -> float:
    """The last conductance of the grid at which Q is spared."""
    return math.floor(edge_of_links(given) * LINKS) / LINKS


def united(given: Given) -> float:
    """Shock beyond which Q is lost if both venues have one price."""
    return lost_at(given, "Q", given["P"][0] / sum(given["depth"][:2]))


def loss_of_p(given: Given, conductance: float) -> float:
    """What P leaves unpaid if nobody else sells."""
    return market.loss(given, "P", [market.after_news(given)[0] - falls_of_p(given, conductance)[0], 0.0, 0.0])


def loss_of_r(given: Given) -> float:
    """What R leaves unpaid once Q and R have sold: no shock and no conductance moves B."""
    _, _, other = given["price"]
    return market.loss(given, "R", [0.0, 0.0, other - (given["Q"][2] + given["R"][2]) / given["depth"][2]])


def is_clear_cut(given: Given) -> bool:
    """No edge is near a point of its grid; with Q goes R, which leaves bad debt; and that is more than a link saves."""
    joined, alone, link = edge_of_shocks(given, given["conductance"]), edge_of_shocks(given, 0.0), edge_of_links(given)
    if not (is_clear(joined) and is_clear(alone) and is_clear(link, LINKS) and above(joined) < above(alone)):
        return False
    if lost_at(given, "P", 0.0) > joined - 1 or not 0.2 < link < given["conductance"] or loss_of_r(given) < 1:
        return False
    least = loss_of_p(given, LARGEST)  # a bound from below, on what any conductance beyond the edge leaves of P
    return 1 < least < loss_of_p(given, best_link(given)) < least + loss_of_r(given) - 1


TASK = Task(
    number=4,
    title="How far a shock reaches",
    kind="simulate",
    outcome="say when arbitrage ends a cascade, when it spreads one, and for whom each is better",
    minutes=25,
    draw=market.draw,
    holds=is_clear_cut,
    guaranteed="with Q goes R, which leaves bad debt of more than 1; no edge is within 3 % of a step from a point of "
    "its grid",
    difficulty=digits,
    shares=1,
    shows=tuple(market.SHARED),
    parts=(
        Part(
            "4a",
            1,
            "smallest shock that leaves venue 2 with bad debt, with arbitrage",
            asks.number(lambda g: above(edge_of_shocks(g, g["conductance"])), 0.001, SEE),
        ),
        Part(
            "4b",
            1,
            "the same without arbitrage",
            asks.number(lambda g: above(edge_of_shocks(g, 0.0)), 0.001, SEE),
        ),
        Part(
            "4c",
            2,
            "conductance that leaves least unpaid on both venues together",
            asks.number(best_link, 0.0002, SEE),
        ),
    ),
    slips=(
        Slip(
            ("4a",),
            lambda g: above(lost_at(g, "P", 0.0)),
            "There P is lost, on venue 1; asked is the bad debt of venue 2.",
        ),
        Slip(("4a",), lambda g: above(edge_of_shocks(g, 0.0)), "That is without arbitrage."),
        Slip(
            ("4a",),
            lambda g: above(edge_of_shocks(g, g["conductance"])) - 1 / SHOCKS,
            "At that shock nothing is unpaid yet; asked is the first at which something is.",
        ),
        Slip(("4a",), lambda g: above(united(g)), "That is one price for both venues; the conductance is finite."),
        Slip(("4b",), lambda g: above(edge_of_shocks(g, g["conductance"])), "That is with arbitrage."),
        Slip(
            ("4b",),
            lambda g: above(edge_of_shocks(g, 0.0)) - 1 / SHOCKS,
            "At that shock nothing is unpaid yet; asked is the first at which something is.",
        ),
        Slip(("4c",), lambda _: 0.0, "There venue 2 loses nothing, but venue 1 most; count both."),
        Slip(("4c",), lambda _: LARGEST, "There venue 2 loses too; count both."),
        Slip(
            ("4c",),
            lambda g: best_link(g) + 1 / LINKS,
            "At that one the sale of P reaches Q already.",
        ),
        Slip(
            ("4c",),
            lambda g: g["conductance"],
            "That is yours; try all those of the grid.",
        ),
    ),
    words=market.SHARED,
)
