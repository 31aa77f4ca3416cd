"""Task 1, compute: a deduction, and the liquidation price of a long whose bracket changes on the way down."""

from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.thresholds.tiered import line_prices
from cascadelab.thresholds.tiers import Tiers


def draw(stream: Draw) -> dict[str, Any]:
    """Three tiers, and a long that is opened in the last bracket."""
    first = stream.integer(4, 10)
    second = first + stream.integer(6, 15)
    third = second + stream.integer(10, 30)
    floor, entry = stream.integer(10, 60) * 1000, stream.integer(200, 500)
    last = floor * stream.integer(2, 5)
    leverage = stream.integer(4, 12)
    size = last // entry + stream.integer(last // entry // 50 + 2, last // entry // leverage + 2)
    return {
        "quantity": size,
        "entry_price": entry,
        "leverage": leverage,
        "fee_rate": stream.decimal(8, 20, 4),
        "floors": [0, floor, last],
        "rates": [first / 1000, second / 1000, third / 1000],
    }


def deductions(given: Given) -> list[float]:
    """Equation (2.2), by hand: each deduction is the one before plus the floor times the step of the rate."""
    found = [0.0]
    for k in (1, 2):
        found.append(found[-1] + given["floors"][k] * (given["rates"][k] - given["rates"][k - 1]))
    return found


def one_line(given: Given, row: int, *, deducted: float = 1.0, charged: float = 1.0) -> float:
    """Price of one line alone, by hand; deduction and fee times 1 (right), 0 (forgotten) or −1 (wrong sign)."""
    borrowed = given["quantity"] * given["entry_price"] * (1 - 1 / given["leverage"])
    kept = 1 - given["rates"][row] - charged * given["fee_rate"]
    return float((borrowed - deducted * deductions(given)[row]) / (given["quantity"] * kept))


def frozen(given: Given) -> float:
    """Requirement and fee of the entry price, in the bracket of the entry."""
    entry = given["entry_price"]
    charged = given["rates"][2] + given["fee_rate"]
    return float(entry * (1 - 1 / given["leverage"] + charged) - deductions(given)[2] / given["quantity"])


def binds_in_the_middle(given: Given) -> bool:
    """The second line gives the largest price by a margin, and the entry is 1 % inside the last bracket."""
    first, second, third = (one_line(given, row) for row in range(3))
    inside = given["quantity"] * given["entry_price"] > 1.01 * given["floors"][2]
    return inside and second > 1.0005 * max(first, third)


def tiers(given: Given) -> Tiers:
    """The table as the book has it."""
    return Tiers.from_floors(given["floors"], given["rates"])


def price(given: Given) -> float:
    """Liquidation price, by the book: the largest of the lines' prices."""
    size, entry = given["quantity"], given["entry_price"]
    margin = size * entry / given["leverage"]
    return float(line_prices(size, entry, margin, tiers(given), fee_rate=given["fee_rate"]).max())


TASK = Task(
    number=1,
    title="A long that changes its bracket",
    kind="compute",
    outcome="compute the liquidation price of a long or a short under tiers, "
    "with a closing fee and with maintenance at mark or at entry",
    minutes=25,
    draw=draw,
    holds=binds_in_the_middle,
    guaranteed="opened in the third bracket, liquidated in the second; no price on a floor",
    difficulty=digits,
    parts=(
        Part(
            "1a", 1, "deduction of the last line", asks.number(lambda g: tiers(g).deductions[2], 0.01, "equation (2.2)")
        ),
        Part("1b", 3, "liquidation price", asks.number(price, 0.01, "equations (2.5) and (2.7)")),
    ),
    slips=(
        Slip(
            ("1a",),
            lambda g: deductions(g)[2] - deductions(g)[1],
            "The deduction of the line before belongs to it: each is built on the last.",
        ),
        Slip(
            ("1a",),
            lambda g: g["floors"][2] * (g["rates"][2] - g["rates"][0]),
            "You took the step from the first rate; lines meet their neighbours.",
        ),
        Slip(("1a",), lambda g: g["floors"][2] * g["rates"][2], "Only the *step* of the rate is saved at the floor."),
        Slip(
            ("1b",),
            lambda g: one_line(g, 2),
            "That is the bracket of the notional at entry; at liquidation the notional is smaller.",
        ),
        Slip(("1b",), lambda g: one_line(g, 0), "That is the first line, which binds at small notionals only."),
        Slip(("1b",), lambda g: one_line(g, 1, deducted=0.0), "The deduction is missing."),
        Slip(
            ("1b",),
            lambda g: one_line(g, 1, deducted=-1.0),
            "The deduction has the wrong sign: it lowers what is asked.",
        ),
        Slip(("1b",), lambda g: one_line(g, 1, charged=0.0), "The closing fee is missing."),
        Slip(("1b",), frozen, "You froze maintenance and fee at entry; both must be taken at the moving price."),
    ),
    words={
        "floors": "floors of the three tiers, in notional",
        "rates": "maintenance rates of the three tiers",
        "fee_rate": "closing fee, a fraction of the notional at the price of the liquidation",
    },
)
