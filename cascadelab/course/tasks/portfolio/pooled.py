"""Task 1, compute: the surplus of a wallet with a long, a short and a loan, and the liquidation price of its long."""

import functools
from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.course.tasks.portfolio import pair
from cascadelab.course.tasks.portfolio.pair import flat, need, profit
from cascadelab.portfolio.holdings import Balance, Position

NUMBERS = (
    "wallet", "quantity_a", "entry_a", "rate_a", "price_a", "quantity_b", "entry_b", "rate_b", "price_b",
    "owed_c", "liability_weight", "price_c",
)  # fmt: skip


def draw(stream: Draw) -> dict[str, Any]:
    """A wallet that is liquidated when A, alone, has fallen by 15 to 40 %."""
    entry_a, entry_b = stream.integer(80, 300), stream.integer(40, 120)
    given: dict[str, Any] = {
        "wallet": 0,
        "quantity_a": stream.integer(4, 20),
        "entry_a": entry_a,
        "rate_a": stream.decimal(11, 59, 3),
        "price_a": entry_a + stream.choice((-1, 1)) * stream.integer(2, 9),
        "quantity_b": -stream.integer(4, 20),
        "entry_b": entry_b,
        "rate_b": stream.decimal(21, 99, 3),
        "price_b": entry_b + stream.integer(3, entry_b // 5),
        "owed_c": stream.integer(2, 9),
        "liability_weight": stream.decimal(105, 125, 2),
        "price_c": stream.integer(11, 59),
    }
    root = given["price_a"] * (1 - stream.decimal(15, 40, 2))
    missing = given["quantity_a"] * (1 - given["rate_a"]) * (price_of_a(given) - root)
    return given | {"wallet": round(missing)}


def debt(given: Given, weight: float | None = None) -> float:
    """What is owed, at its liability weight or at another, by hand."""
    return float((given["liability_weight"] if weight is None else weight) * given["owed_c"] * given["price_c"])


def surplus(given: Given) -> float:
    """Equation (3.1), by hand."""
    equity = given["wallet"] + profit(given, "a") + profit(given, "b")
    return float(equity - need(given, "a") - need(given, "b") - debt(given))


def price_of_a(given: Given, extra: float = 0.0) -> float:
    """Equation (3.12), by hand, for an account whose surplus is larger by `extra` at every price."""
    return pair.price_of_a(given, debt=debt(given), extra=extra)


def frozen_price(given: Given) -> float:
    """The same with the maintenance of A taken at its entry price."""
    return price_of_a(given, -need(given, "a", "entry")) * (1 - given["rate_a"])


def slope(given: Given, sign_b: float = 1.0, charged_a: float = 1.0) -> float:
    """Equation (3.5), by hand; the requirements times 1 (right), 0 (forgotten) or −1 (wrong sign)."""
    normal_b = given["quantity_b"] * (1 + sign_b * given["rate_b"])
    return float(-normal_b / (given["quantity_a"] * (1 - charged_a * given["rate_a"])))


def is_safe(given: Given) -> bool:
    """Money in the wallet, a surplus, a short that is losing, and 14 % or more between A and its liquidation price."""
    has_room = surplus(given) > 10 and price_of_a(given) <= 0.86 * given["price_a"]
    return given["wallet"] > 0 and has_room and given["price_b"] > given["entry_b"]


@functools.lru_cache(maxsize=1)
def plane(*numbers: float) -> tuple[float, dict[str, float]]:
    """Level and slopes of the surplus, from the book's holdings; kept for the next part of the same student."""
    given = dict(zip(NUMBERS, numbers, strict=True))
    holdings = [
        Position("A", given["quantity_a"], given["entry_a"], flat(given["rate_a"])),
        Position("B", given["quantity_b"], given["entry_b"], flat(given["rate_b"])),
        Balance("C", -given["owed_c"], 1.0, given["liability_weight"]),
    ]
    lines = {holding.asset: holding.lines() for holding in holdings}
    level = given["wallet"] + sum(float(a[0]) for a, _ in lines.values())
    return level, {asset: float(b[0]) for asset, (_, b) in lines.items()}


def book_surplus(given: Given) -> float:
    """Surplus now, by the book."""
    level, normal = plane(*given.values())
    return level + sum(normal[asset] * given[f"price_{asset.lower()}"] for asset in normal)


def book_price(given: Given) -> float:
    """Liquidation price of A, by the book."""
    level, normal = plane(*given.values())
    return -(level + normal["B"] * given["price_b"] + normal["C"] * given["price_c"]) / normal["A"]


def book_slope(given: Given) -> float:
    """How it moves with the price of B, by the book."""
    _, normal = plane(*given.values())
    return -normal["B"] / normal["A"]


TASK = Task(
    number=1,
    title="A wallet with a long, a short and a loan",
    kind="compute",
    outcome="compute the liquidation price of one asset while the others are held, and say how it moves when they move",
    minutes=25,
    draw=draw,
    holds=is_safe,
    guaranteed="safe now; the short is losing; the price of A has 14 % to fall or more",
    difficulty=digits,
    parts=(
        Part("1a", 1, "surplus now", asks.number(book_surplus, 0.005, "equation (3.1)")),
        Part("1b", 2, "liquidation price of A", asks.number(book_price, 0.005, "equations (3.4) and (3.12)")),
        Part("1c", 1, "change of that price with B", asks.number(book_slope, 0.0005, "equations (3.2) and (3.5)")),
    ),
    slips=(
        Slip(
            ("1a",),
            lambda g: surplus(g) - 2 * profit(g, "b"),
            "B is a short, and its price has risen: which sign has its profit?",
        ),
        Slip(
            ("1a",),
            lambda g: surplus(g) + debt(g) - debt(g, 1.0),
            "The loan is at its market value; what is owed counts at its liability weight.",
        ),
        Slip(
            ("1a",),
            lambda g: surplus(g) + need(g, "a") + need(g, "b") - need(g, "a", "entry") - need(g, "b", "entry"),
            "Maintenance is due at the prices now, not at entry.",
        ),
        Slip(
            ("1a",),
            lambda g: surplus(g) + need(g, "a") + need(g, "b") + debt(g) - debt(g, 1.0),
            "That is the equity: nothing is taken off for the requirements and the weight.",
        ),
        Slip(("1b",), lambda g: price_of_a(g, need(g, "b")), "The maintenance of B is missing."),
        Slip(
            ("1b",),
            lambda g: price_of_a(g, -2 * profit(g, "b")),
            "You count the loss of the short as a profit.",
        ),
        Slip(
            ("1b",),
            lambda g: price_of_a(g, need(g, "b") - profit(g, "b") + debt(g)),
            "That is A alone with the whole wallet; the wallet also carries B and the loan.",
        ),
        Slip(
            ("1b",),
            lambda g: price_of_a(g, debt(g) - debt(g, 1.0)),
            "What is owed weighs more than its market value.",
        ),
        Slip(("1b",), frozen_price, "The requirement of A moves with its price; you froze it at entry."),
        Slip(("1c",), lambda g: -slope(g), "A rise of B is a loss for the short: does it give A room, or take it?"),
        Slip(("1c",), lambda g: slope(g, 0, 0), "The requirements of both legs move with the prices, too."),
        Slip(("1c",), lambda g: slope(g, -1), "Maintenance adds to what a short owes."),
        Slip(("1c",), lambda g: 1 / slope(g), "Upside down: asked is the move of A's threshold for one unit of B."),
    ),
    words={
        **pair.WORDS,
        "price_a": "price of A now",
        "owed_c": "units of C that are owed",
        "price_c": "price of C now",
    },
)
