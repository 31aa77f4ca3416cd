"""Task 5, simulate: a loan that is eaten up, and who gets and pays what."""

import functools
from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task
from cascadelab.impact.linear import Linear
from cascadelab.liquidation.bites import Bites, bite_by_bite

State = tuple[int, float, float, float, bool]


def draw(stream: Draw) -> dict[str, Any]:
    """A loan beyond the frontier, and a fund that does not reach."""
    quantity, price = stream.integer(200, 899), stream.integer(20, 99)
    given: dict[str, Any] = {
        "quantity": quantity,
        "shocked_price": price,
        "debt_value": round(quantity * price * stream.decimal(970, 995, 3)),
        "asset_weight": stream.decimal(80, 88, 2),
        "bonus": stream.decimal(50, 90, 3),
        "close_factor": stream.decimal(30, 45, 2),
        "slope": round(price / quantity * stream.decimal(4, 12, 2), 4),
    }
    return given | {"fund": int(bitten(given)[3] * stream.decimal(20, 80, 2))}


def bitten(given: Given, *, moves: bool = True, fill: float = 0.5) -> State:
    """Bites, profit of all liquidators, cash of all sales, debt that is left, and whether all bites pay, by hand."""
    price, held, debt = given["shocked_price"], given["quantity"], given["debt_value"]
    slope, bonus = given["slope"] if moves else 0.0, given["bonus"]
    count, profit, cash, paying = 0, 0.0, 0.0, True
    while held > 0 and given["asset_weight"] * held * price < debt and count < 40:
        repaid = min(given["close_factor"] * debt, held * price / (1 + bonus))
        units = min((1 + bonus) * repaid / price, held)
        raised = units * (price - fill * slope * units)
        held, debt, price = held - units if held - units > 1e-9 else 0.0, debt - repaid, price - slope * units
        count, profit, cash = count + 1, profit + raised - repaid, cash + raised
        paying = paying and raised > 1.002 * repaid
    return count, profit, cash, debt, paying and held == 0


def is_eaten(given: Given) -> bool:
    """Eaten up after six to eight bites, each of which pays its liquidator."""
    count, _, _, debt, eaten = bitten(given)
    return eaten and 6 <= count <= 8 and debt > 20 and given["fund"] > 3


@functools.lru_cache(maxsize=8)
def simulated(*loan: float) -> Bites:
    """The bites by the book; three parts ask for one loan."""
    quantity, price, debt, weight, bonus, factor, slope, _ = loan
    return bite_by_bite(
        quantity * price, debt, asset_weight=weight, close_factor=factor, bonus=bonus,
        collateral_impact=slope * quantity / price,
    )  # fmt: skip


def rounds(given: Given) -> int:
    """Number of bites, by the book."""
    return simulated(*given.values()).rounds


def profit(given: Given) -> float:
    """All that the liquidators keep, by the book: one walk over everything, less what they repaid."""
    raised = Linear(given["slope"]).proceeds(given["shocked_price"], given["quantity"], fill="walk")
    return float(raised) - float(simulated(*given.values()).repaid.sum())


def unpaid(given: Given) -> float:
    """Debt that neither collateral nor fund pays, by the book."""
    return simulated(*given.values()).bad_debt - given["fund"]


TASK = Task(
    number=5,
    title="A loan that is eaten up",
    kind="simulate",
    outcome="follow the cash of a liquidation through trader, buyers, liquidator, venue and insurance fund, "
    "to the last cent",
    minutes=30,
    draw=draw,
    holds=is_eaten,
    guaranteed="eaten up after six to eight bites, all of which pay; the fund does not reach",
    difficulty=lambda given: float(bitten(given)[0]),
    optional=True,
    parts=(
        Part("5a", 1, "number of bites", asks.number(rounds, 0.01, "the section on bite after bite")),
        Part("5b", 2, "profit of all liquidators", asks.number(profit, 0.01, "the ledger of the chapter")),
        Part("5c", 2, "debt that nobody pays", asks.number(unpaid, 0.01, "the ledger of the chapter")),
    ),
    slips=(
        Slip(("5a",), lambda g: bitten(g)[0] - 1, "The last bite takes what is left; it counts too."),
        Slip(("5a",), lambda g: bitten(g)[0] + 1, "One too many: is what you call left more than a rounding error?"),
        Slip(
            ("5b",), lambda g: bitten(g, fill=1.0)[1], "That pays every unit of a bite the last price; here is a walk."
        ),
        Slip(
            ("5b",),
            lambda g: bitten(g, moves=False)[1],
            "That is their bonus at a constant price: their sales lower it.",
        ),
        Slip(("5b",), lambda g: bitten(g)[2], "That is what the buyers pay; the liquidators have repaid debt."),
        Slip(("5c",), lambda g: bitten(g)[3], "That is the bad debt; the fund pays a part of it."),
        Slip(
            ("5c",),
            lambda g: bitten(g, moves=False)[3] - g["fund"],
            "That is the debt at a constant price: each bite is credited at the price that the one before has left.",
        ),
    ),
)
