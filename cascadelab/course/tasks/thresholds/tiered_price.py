"""Task 2, implement: the liquidation price of a long or a short under any table of tiers."""

from collections.abc import Callable
from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.thresholds.tiered import liquidation_prices
from cascadelab.thresholds.tiers import Tiers

SEE = "equations (2.2), (2.5), (2.7) and (2.8)"
ALL = ("2a", "2b", "2c", "2d")


def tiered_price(quantity, entry_price, margin, floors, rates) -> float:
    """Liquidation price by the book."""
    lower, upper = liquidation_prices(quantity, entry_price, margin, Tiers.from_floors(floors, rates))
    return lower if quantity > 0 else upper


def lines(quantity, entry_price, margin, floors, rates, *, sized: bool = True) -> list[float]:
    """Price of each line alone, by hand; or with the sign of the quantity in its maintenance."""
    deduction, found, charged = 0.0, [], abs(quantity) if sized else quantity
    for k, rate in enumerate(rates):
        deduction += floors[k] * (rate - rates[k - 1]) if k else 0.0
        found.append((quantity * entry_price - margin - deduction) / (quantity - rate * charged))
    return found


def draw(stream: Draw) -> dict[str, Any]:
    """A long, as `position` draws it."""
    return position(stream, 1)


def position(stream: Draw, side: int) -> dict[str, Any]:
    """Three tiers and a position that is opened in one bracket and liquidated in the one beside it."""
    entry, size, leverage = stream.integer(40, 199), stream.integer(20, 90), stream.integer(3, 6)
    first, step = stream.integer(10, 20), stream.integer(10, 30)
    rates = [first / 1000, (first + step) / 1000, (first + step + stream.integer(20, 40)) / 1000]
    notional, room = size * entry, size * entry / leverage
    # a long falls out of the last bracket into the second, a short rises out of the first
    edge = int(notional - side * room * stream.decimal(20, 45, 2))
    floors = [0, edge - edge // 2, edge] if side > 0 else [0, edge, edge + edge // 2]
    return {
        "quantity": side * size,
        "entry_price": entry,
        "margin": round(room),
        "floors": floors,
        "rates": rates,
    }


def holds(given: Given) -> bool:
    """Opened in the third bracket, or a short in the first; the second line binds by a margin, the other is last."""
    side, notional = (1 if given["quantity"] > 0 else -1), abs(given["quantity"]) * given["entry_price"]
    first, second, third = (side * price for price in lines(*given.values()))
    entered, other = (third, first) if side > 0 else (first, third)
    inside = notional > given["floors"][2] if side > 0 else notional < given["floors"][1]
    return inside and second > entered + 0.05 > other + 0.1


def positions(side: int) -> Callable[[Given, Draw], list[tuple[Any, ...]]]:
    """Random test inputs on one side, of which the same is guaranteed."""
    return lambda _, stream: [tuple(given.values()) for given in asks.kept(6, lambda: position(stream, side), holds)]


def flat(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """Positions under a table of one line, longs and shorts."""
    cases = []
    for side in (1, -1, 1, -1):
        q, p_e, margin, _floors, rates = position(stream, side).values()
        cases.append((q, p_e, margin, [0], rates[:1]))
    return cases


def price_at_entry_bracket(q, p_e, margin, floors, rates) -> float:
    """The line of the notional at entry."""
    k = sum(floor <= abs(q) * p_e for floor in floors) - 1
    return lines(q, p_e, margin, floors, rates)[k]


def price_other_end(q, p_e, margin, floors, rates) -> float:
    """The smallest price of a long, the largest of a short."""
    prices = lines(q, p_e, margin, floors, rates)
    return min(prices) if q > 0 else max(prices)


def price_without_deductions(q, p_e, margin, floors, rates) -> float:
    """Each rate on the whole notional: the last line always wins."""
    prices = [lines(q, p_e, margin, [0], [rate])[0] for rate in rates]
    return max(prices) if q > 0 else min(prices)


def price_without_size(q, p_e, margin, floors, rates) -> float:
    """Maintenance with the sign of the quantity: a short is divided by q (1 − r)."""
    prices = lines(q, p_e, margin, floors, rates, sized=False)
    return max(prices) if q > 0 else min(prices)


def price_of_bankruptcy(q, p_e, margin, floors, rates) -> float:
    """No maintenance at all."""
    return p_e - margin / q


TASK = Task(
    number=2,
    title="Any table, either side",
    kind="implement",
    outcome="build a table of maintenance tiers from its floors and rates, "
    "and say why the largest line is always the right bracket",
    minutes=35,
    draw=draw,
    holds=holds,
    guaranteed="a long that is opened in the third bracket and liquidated in the second",
    difficulty=digits,
    parts=(
        Part("2a", 1, "your own long", asks.function(tiered_price, lambda g, _: [tuple(g.values())], SEE, 1e-6)),
        Part("2b", 2, "random longs", asks.function(tiered_price, positions(1), SEE, 1e-6), hidden=True),
        Part("2c", 2, "random shorts", asks.function(tiered_price, positions(-1), SEE, 1e-6), hidden=True),
        Part("2d", 1, "tables of one line", asks.function(tiered_price, flat, SEE, 1e-6), hidden=True),
    ),
    slips=(
        Slip(
            ("2a", "2b", "2c"),
            lambda _: price_at_entry_bracket,
            "You look the bracket up at entry; by the liquidation the notional has moved.",
        ),
        Slip(
            ("2a", "2b", "2c"),
            lambda _: price_other_end,
            "You take the last line to bind; the surplus is the smallest line, so the first to be reached decides.",
        ),
        Slip(
            ("2a", "2b", "2c"),
            lambda _: price_without_deductions,
            "A rate holds for its own slice only, not for the whole notional.",
        ),
        Slip(("2c", "2d"), lambda _: price_without_size, "A short has a notional too: take the size of the quantity."),
        Slip(ALL, lambda _: price_of_bankruptcy, "There the equity is zero; the venue acts at its requirement."),
    ),
    words={"floors": "floors of the tiers, in notional", "rates": "maintenance rates of the tiers"},
)
