"""Task 5, the capstone: two venues, one coin on both, cross-margined accounts, arbitrage, and a remedy."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from cascadelab.contagion.book import Book
from cascadelab.contagion.solver import Solver
from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.impact.linear import Linear
from cascadelab.kit.check import Exercise
from cascadelab.platforms import healing_conductance, impact_matrix

NAMES = ("P", "Q", "R", "S")
VENUE = (1, 2, 2, 2)
MARKETS = range(3)  # A on venue 1, A on venue 2, B on venue 2


def draw(stream: Draw) -> dict[str, Any]:
    """P is lost to the shock, its sale reaches Q through arbitrage, that of Q takes R, and S lives."""
    weight, coin, other = stream.decimal(92, 96, 2), stream.integer(90, 140), stream.integer(40, 70)
    depth = [stream.decimal(15, 25, 1), stream.decimal(35, 55, 1), stream.decimal(30, 50, 1)]
    given: dict[str, Any] = {
        "price": [coin, coin, other],
        "shock": round(coin * stream.decimal(15, 25, 2)),
        "depth": depth,
        "conductance": stream.decimal(15, 35, 1),
        "asset_weight": weight,
        "P": [stream.integer(12, 24), 0, 0],
        "Q": [0, stream.integer(8, 16), stream.integer(8, 16)],
        "R": [0, 0, stream.integer(14, 28)],
        "S": [0, stream.integer(3, 9), stream.integer(3, 9)],
    }
    states = [prices(given, NAMES[:k], given["conductance"]) for k in range(4)]
    worth = [[value(given, name, at) * weight for at in states] for name in NAMES]
    short = given["P"][0] * stream.integer(8, 12)
    cash = [-worth[0][0] - short, -sum(worth[1][:2]) / 2, -sum(worth[2][1:3]) / 2, -worth[3][3] + stream.integer(5, 40)]
    given["cash"] = [round(c) for c in cash]
    given["density_1"] = round(depth[0] + stream.decimal(2, 6, 1), 1)
    given["account_density"] = float(f"{stream.decimal(80, 160, 2) / (weight * given['Q'][2] ** 2):.2g}")
    return given


def entries(given: Given, conductance: float, *, united: bool = False) -> tuple[float, float, float]:
    """Falls of A on 1, of A on 2 for a unit sold on 1, and of A on 2 for a unit sold there, by hand."""
    d1, d2, _ = given["depth"]
    below = d1 * d2 + conductance * (d1 + d2)
    if united:
        return (1 / (d1 + d2),) * 3
    return (d2 + conductance) / below, conductance / below, (d1 + conductance) / below


def prices(given: Given, lost, conductance: float, *, united: bool = False) -> list[float]:
    """Prices after the shock and after the sales of the accounts that are named, by hand."""
    one, across, two = entries(given, conductance, united=united)
    sold = [sum(given[name][a] for name in lost) for a in MARKETS]
    falls = [one * sold[0] + across * sold[1], across * sold[0] + two * sold[1], sold[2] / given["depth"][2]]
    news = [given["shock"], given["shock"], 0]
    return [p - s - f for p, s, f in zip(given["price"], news, falls, strict=True)]


def value(given: Given, name: str, at) -> float:
    """What an account holds is worth."""
    return sum(q * p for q, p in zip(given[name], at, strict=True))


def surplus(given: Given, at) -> list[float]:
    """Surplus of each account, by hand."""
    return [c + given["asset_weight"] * value(given, n, at) for c, n in zip(given["cash"], NAMES, strict=True)]


def by_hand(
    venue, conductance, given: Given, *, apart: bool = False, united: bool = False, once: bool = False,
    by_surplus: bool = False,
) -> float:  # fmt: skip
    """Bad debt of a venue at the end prices in plain loops, or with a slip."""
    link, lost = 0.0 if apart else conductance, []
    while True:
        now = prices(given, lost, link, united=united)
        new = [n for n, s in zip(NAMES, surplus(given, now), strict=True) if s < 0 and n not in lost]
        if not new or (once and lost):
            break
        lost += new
    counted = given["asset_weight"] if by_surplus else 1.0
    cash = dict(zip(NAMES, given["cash"], strict=True))
    here = [n for n, place in zip(NAMES, VENUE, strict=True) if n in lost and place == venue]
    return sum(max(-cash[n] - counted * value(given, n, now), 0.0) for n in here)


def bad_debt(venue, conductance, given: Given) -> float:
    """Bad debt of a venue at the end prices, by the book's engine."""
    links = np.zeros((3, 3))
    links[0, 1] = links[1, 0] = conductance
    book = Book(given["cash"], [given[name] for name in NAMES], given["asset_weight"])
    start = np.array(given["price"], dtype=float)
    impact = Linear(impact_matrix(given["depth"], links))
    end = Solver(book, start).run(start - [given["shock"], given["shock"], 0], impact, schedule="rounds")
    return float(np.maximum(-end.left("end")[np.array(VENUE) == venue], 0.0).sum())


def cascade(given: Given, _: Draw) -> Exercise:
    """Ask for `bad_debt(venue, conductance)` on the student's own book, with arbitrage and without."""
    samples = [(venue, link) for link in (given["conductance"], 0.0) for venue in (1, 2)]
    return Exercise(
        "function", answer=lambda: partial(bad_debt, given=given), samples=samples, tolerance=1e-6,
        see="equations (9.1) and (10.3), and the running example of chapter 10",
    )  # fmt: skip


def slip(**wrong: bool) -> Callable[[Given], Callable[..., float]]:
    """A slip's answer to the cascade."""
    return lambda given: partial(by_hand, given=given, **wrong)


def is_a_story(given: Given) -> bool:
    """All are safe at first; P, Q and R are lost one after the other, P alone without arbitrage; nobody is near."""
    link = given["conductance"]
    if min(surplus(given, given["price"])) < 5:
        return False
    for lost, c, falls in [(NAMES[:k], link, k) for k in range(4)] + [((), 0.0, 0), (NAMES[:1], 0.0, 3)]:
        left = surplus(given, prices(given, lost, c))
        below = [s < 0 for s in left]
        if min(map(abs, left)) < 0.5 or below != [n in lost or (k == falls < 3) for k, n in enumerate(NAMES)]:
            return False
    owes = {n: -c for n, c in zip(NAMES, given["cash"], strict=True)}
    joined, alone = prices(given, NAMES[:3], link), prices(given, NAMES[:1], 0.0)
    first, halted = (owes["P"] - value(given, "P", at) for at in (joined, alone))
    second = sum(max(owes[n] - value(given, n, joined), 0.0) for n in ("Q", "R"))
    return first > 1 and halted > first + 1 and second > 1 and has_an_edge(given)


def own_feedback(given: Given, depth: Any) -> Any:
    """Feedback of B on itself through accounts like Q."""
    return given["account_density"] * given["asset_weight"] * given["Q"][2] ** 2 / depth


def coin_alone(given: Given) -> float:
    """Units of A sold on venue 2 for a fall of one there, B left where it is."""
    return float(given["account_density"] * given["asset_weight"] * given["Q"][1] ** 2)


def with_b(given: Given) -> float:
    """The same with the rounds of B, by hand."""
    return coin_alone(given) / (1 - float(own_feedback(given, given["depth"][2])))


def healed_above(given: Given, second: float) -> float:
    """Equation (10.11) by hand, for a density on venue 2."""
    one, two = given["depth"][0] - given["density_1"], given["depth"][1] - second
    return float(-one * two / (one + two))


def has_an_edge(given: Given) -> bool:
    """B stops by itself, and venue 2 has depth to spare, with B and without."""
    lacks = given["density_1"] - given["depth"][0]
    return float(own_feedback(given, given["depth"][2])) < 0.7 and given["depth"][1] - with_b(given) > 2 * lacks


def depth_of_b() -> Any:
    """The symbol that a student writes; sympy is loaded only where a part asks for an expression."""
    import sympy

    return sympy.Symbol("d", positive=True)


def forced_by_book(given: Given) -> Any:
    """Units of A that go with a fall of A, and of the B that follows it by equation (9.9)."""
    from cascadelab.contagion import theory

    _, coin, other = given["Q"]
    near, weight = given["account_density"], given["asset_weight"]
    follow = theory.follow().subs(
        {theory.K["BA"]: near * weight * coin * other / depth_of_b(), theory.K["BB"]: own_feedback(given, depth_of_b())}
    )
    return near * coin * weight * (coin + other * follow)


def first_at_limit(given: Given) -> float:
    """Smallest fall of A on both venues at which an account is at its limit, by the book."""
    held = [[float(q) for q in given[name]] for name in NAMES]
    book = Book(given["cash"], held, given["asset_weight"])
    slack, coins = book.surplus(given["price"]), np.asarray(book.weights)[:, :2].sum(axis=1)
    return float((slack[coins > 0] / coins[coins > 0]).min())


def slack_of_p(given: Given, *, weighted: bool = True) -> float:
    """Fall that P, which is the first, can bear, by hand; without weights down to bankruptcy."""
    weight = given["asset_weight"] if weighted else 1.0
    return float(given["price"][0] + given["cash"][0] / (weight * given["P"][0]))


TASK = Task(
    number=5,
    title="Capstone: one coin, two venues",
    kind="simulate",
    outcome="state a remedy of a venue together with its side effect",
    minutes=75,
    draw=draw,
    holds=is_a_story,
    guaranteed="all are safe at first; P, Q and R are lost in three rounds, without arbitrage P alone; "
    "both venues are left with bad debt; venue 1 is critical alone, and there is a conductance that heals it",
    difficulty=digits,
    optional=True,
    parts=(
        Part(
            "5a",
            1,
            "fall that the safe state can bear",
            asks.number(first_at_limit, 0.005, "equation (9.1), set to zero for each account"),
        ),
        Part("5b", 3, "the cascade by own code, with arbitrage and without", cascade),
        Part(
            "5c",
            2,
            "forced sales as an expression in d, by value at three depths",
            asks.expression(
                forced_by_book,
                lambda: [{depth_of_b(): value} for value in (4.0, 8.0, 20.0)],
                "equations (9.3), (9.4) and (9.9)",
                tolerance=1e-6,
            ),
        ),
        Part(
            "5d",
            2,
            "conductance above which it is not critical",
            asks.number(
                lambda g: healing_conductance(depth=g["depth"][:2], density=[g["density_1"], with_b(g)]),
                0.0005,
                "equation (10.11), with your 5c for the density on venue 2",
            ),
        ),
    ),
    slips=(
        Slip(
            ("5a",),
            lambda g: slack_of_p(g, weighted=False),
            "There its equity is zero; the venue acts when the surplus is, with the weight.",
        ),
        Slip(
            ("5a",),
            lambda g: (g["price"][0] * g["P"][0] * g["asset_weight"] + g["cash"][0]) / g["P"][0],
            "A fall reaches the surplus through the weight.",
        ),
        Slip(("5a",), lambda g: g["price"][0] - slack_of_p(g), "That is the price at the limit; asked is the fall."),
        Slip(("5b",), slip(apart=True), "Arbitrage carries a part of each sale of A to the other venue."),
        Slip(("5b",), slip(united=True), "That is one price for both venues; the conductance is finite."),
        Slip(("5b",), slip(once=True), "Go on until no surplus of the others, with the weights, is below zero."),
        Slip(("5b",), slip(by_surplus=True), "Bad debt is debt less the whole value; weights say only who is closed."),
        Slip(("5c",), lambda g: coin_alone(g) + 0 * depth_of_b(), "B falls with the sales, and takes more accounts."),
        Slip(
            ("5c",),
            lambda g: coin_alone(g) * (1 + own_feedback(g, depth_of_b())),
            "That is one round of B; what it forces, forces more.",
        ),
        Slip(
            ("5c",),
            lambda g: coin_alone(g) / g["asset_weight"] / (1 - own_feedback(g, depth_of_b()) / g["asset_weight"]),
            "A fall reaches an account through its weight, n, not through q.",
        ),
        Slip(("5d",), lambda g: healed_above(g, coin_alone(g)), "Accounts on venue 2 are closed by the fall of B too."),
        Slip(
            ("5d",),
            lambda g: g["density_1"] - g["depth"][0],
            "That is what venue 1 lacks, and enough only if venue 2 had depth without end.",
        ),
        Slip(
            ("5d",),
            lambda g: g["depth"][0] * g["depth"][1] / sum(g["depth"][:2]),
            "Forced sellers eat depth: take what they leave.",
        ),
    ),
    rubric=(
        (1, "says what the halt does to the bad debt of each venue, in numbers, and who bears each"),
        (
            1,
            "explains the side effect: venue 1 meets its own depth alone, so its loss grows; says whether both losses "
            "together grow or shrink",
        ),
        (1, "says how 5d bears on it: below that conductance, and so under a halt, the smooth market is critical"),
    ),
    words={
        "price": "prices at first of A on venue 1, A on venue 2, B on venue 2",
        "shock": "fall of A by news, on both venues (numeraire per unit)",
        "depth": "depths of A on venue 1, A on venue 2, B on venue 2",
        "conductance": "arbitrage between the two markets of A",
        "asset_weight": "asset weight of both venues and both assets",
        "cash": "cash of the accounts P, Q, R and S; P is on venue 1, the others are on venue 2",
        **{name: f"units of A on 1, A on 2 and B on 2 in account {name}" for name in NAMES},
        "density_1": "5c, 5d: units of A forced out on venue 1 by a fall of one there",
        "account_density": "5c, 5d: accounts like Q in each numeraire of surplus on venue 2",
    },
)
