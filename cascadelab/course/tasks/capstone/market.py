"""The market that all tasks of the capstone share: two venues, one coin on both, cross-margined accounts, arbitrage.

Everything here is by hand, in plain Python. The right answers go through the book, except for the density in 3b and
task 4: no function of the book knows the edges on its grids, so they are solved for here, and a test asks the engine.
"""

from collections.abc import Sequence
from typing import Any

from cascadelab.course.personal import Draw
from cascadelab.course.task import Given
from cascadelab.course.tasks.capstone import page

NAMES = ("P", "Q", "R", "S")
VENUE = [1, 2, 2, 2]
MARKETS = range(3)  # A on venue 1, A on venue 2, B on venue 2
MARGIN = 0.5  # of every surplus from zero, at every step
Case = tuple[list[float], list[list[int]], list[int], float, list[float], list[float], float]


def fallen(sold: Sequence[float], depth: Sequence[float], conductance: float) -> list[float]:
    """Falls of A on venue 1, of A on venue 2 and of B for the units that are sold on each, equation (10.3)."""
    d1, d2, d3 = depth
    below = d1 * d2 + conductance * (d1 + d2)
    one, two, three = sold
    return [
        ((d2 + conductance) * one + conductance * two) / below,
        (conductance * one + (d1 + conductance) * two) / below,
        three / d3,
    ]


def cascade(
    cash: Sequence[float], quantity: Sequence[Sequence[float]], asset_weight: float, price: Sequence[float],
    depth: Sequence[float], conductance: float, *, apart: bool = False, united: bool = False, once: bool = False,
    again: bool = False, ties: bool = False, floor: float = 0.0,
) -> tuple[list[list[int]], list[float], float]:  # fmt: skip
    """Who is lost in each round, the prices in the end, and the surplus that came nearest to zero; or with a slip."""
    rounds: list[list[int]] = []
    lost: set[int] = set()
    now, nearest = list(price), float("inf")
    while True:
        new = []
        for k, (one, two, three) in enumerate(quantity):
            if k not in lost:
                surplus = cash[k] + asset_weight * (one * now[0] + two * now[1] + three * now[2])
                nearest = min(nearest, abs(surplus))
                if surplus < 0 or (ties and surplus == 0):
                    new.append(k)
        if not new or (once and lost):
            return rounds, now, nearest
        rounds.append(new)
        lost.update(new)
        sold = [sum(quantity[k][a] for k in lost) for a in MARKETS]
        falls = fallen(sold, depth, 0.0 if apart else conductance)
        if united:
            falls[:2] = [(sold[0] + sold[1]) / (depth[0] + depth[1])] * 2
        now = [max(p - f, floor) for p, f in zip(now if again else price, falls, strict=True)]


def unpaid(cash: float, quantity: Sequence[float], price: Sequence[float], counted: float = 1.0) -> float:
    """What an account that sold all at these prices still owes."""
    return max(-cash - counted * sum(q * p for q, p in zip(quantity, price, strict=True)), 0.0)


def drawn(stream: Draw) -> dict[str, Any]:
    """A market without accounts, but what they hold."""
    coin, other = stream.integer(90, 140), stream.integer(40, 70)
    return {
        "price": [coin, coin, other],
        "asset_weight": stream.decimal(92, 96, 2),
        "depth": [stream.decimal(15, 25, 1), stream.decimal(35, 55, 1), stream.decimal(30, 50, 1)],
        "conductance": stream.decimal(15, 35, 1),
        "P": [stream.integer(12, 24), 0, 0],
        "Q": [0, stream.integer(8, 14), stream.integer(8, 16)],
        "R": [0, 0, stream.integer(26, 38)],
        "S": [0, stream.integer(3, 9), stream.integer(3, 9)],
    }


def after_sales(
    given: Given, shocked: Sequence[float], sold: Sequence[Sequence[float]], conductance: float | None = None
) -> list[float]:
    """Prices once these accounts have sold."""
    link = given["conductance"] if conductance is None else conductance
    falls = fallen([sum(row[a] for row in sold) for a in MARKETS], given["depth"], link)
    return [p - f for p, f in zip(shocked, falls, strict=True)]


def chain(given: Given, shocked: Sequence[float], order: str, short: int, spare: int) -> list[int]:
    """Cash with which the shock takes the first of the order, its sale the second, that the third, and S lives."""
    quantity = [given[name] for name in order]
    states = [after_sales(given, shocked, quantity[:k]) for k in range(4)]

    def worth(who: int, state: int) -> float:
        (a, b, c), (one, two, three) = quantity[who], states[state]
        return float(given["asset_weight"] * (a * one + b * two + c * three))

    cash = dict(zip(order, [
        -worth(0, 0) - short * sum(quantity[0]),
        -(worth(1, 0) + worth(1, 1)) / 2,
        -(worth(2, 1) + worth(2, 2)) / 2,
        -worth(3, 3) + spare,
    ], strict=True))  # fmt: skip
    return [round(cash[name]) for name in NAMES]


def draw(stream: Draw) -> dict[str, Any]:
    """P is lost to the news, its sale reaches Q through arbitrage, that of Q takes R, and S lives."""
    given = drawn(stream)
    given["shock"] = round(given["price"][0] * stream.decimal(15, 25, 2))
    given["cash"] = chain(given, after_news(given), "PQRS", stream.integer(8, 12), stream.integer(5, 40))
    given["density_1"] = round(given["depth"][0] + stream.decimal(6, 10, 1), 1)
    reach = given["asset_weight"] * max(given["Q"]) ** 2
    given["account_density"] = float(f"{stream.decimal(80, 160, 2) / reach:.2g}")
    return given | page.draw(stream, given["price"][1])


def after_news(given: Given) -> list[float]:
    """Prices after the news, before any sale."""
    one, two, three = given["price"]
    return [one - given["shock"], two - given["shock"], three]


def case_of(given: Given, conductance: float | None = None) -> Case:
    """The student's market as arguments of the function of task 2, from the second on."""
    link = given["conductance"] if conductance is None else conductance
    held = [given[name] for name in NAMES]
    return given["cash"], held, VENUE, given["asset_weight"], after_news(given), given["depth"], link


def run(given: Given, conductance: float | None = None, **wrong: Any) -> tuple[list[list[int]], list[float], float]:
    """The cascade on the student's market."""
    cash, held, _, *rest = case_of(given, conductance)
    return cascade(cash, held, *rest, **wrong)  # type: ignore[arg-type]


def loss(given: Given, name: str, price: Sequence[float]) -> float:
    """What one account leaves unpaid at these prices."""
    return unpaid(given["cash"][NAMES.index(name)], given[name], price)


def surplus(given: Given, price: Sequence[float]) -> list[float]:
    """Surplus of each account."""
    worth = [sum(q * p for q, p in zip(given[name], price, strict=True)) for name in NAMES]
    return [c + given["asset_weight"] * w for c, w in zip(given["cash"], worth, strict=True)]


def is_a_story(given: Given) -> bool:
    """All are safe at first; P, Q and R are lost one after the other, P alone without arbitrage; nobody is near."""
    if min(surplus(given, given["price"])) < 10 * MARGIN:
        return False
    rounds, joined, near = run(given)
    if rounds != [[0], [1], [2]] or near < MARGIN:
        return False
    alone, halted, near = run(given, 0.0)
    return alone == [[0]] and near > MARGIN and min(loss(given, "P", joined), loss(given, "P", halted)) > 1


SHARED = {
    "price": "prices at first of A on venue 1, A on venue 2, B on venue 2",
    "shock": "fall of A by news, on both venues (numeraire per unit)",
    "depth": "depths of A on venue 1, A on venue 2, B on venue 2",
    "conductance": "arbitrage between the two markets of A",
    "asset_weight": "asset weight of both venues and both assets",
    "cash": "cash of the accounts P, Q, R and S; P is on venue 1, the others are on venue 2",
    **{name: f"units of A on 1, A on 2 and B on 2 in account {name}" for name in NAMES},
}
