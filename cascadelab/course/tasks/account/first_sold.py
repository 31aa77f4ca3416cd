"""Task 2, implement: the first price of a path at which an account is sold."""

from collections.abc import Callable, Sequence
from typing import Any

from cascadelab.account.position import surplus
from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits

SEE = "equation (1.3) and the sentence below it"
ALL = ("2a", "2b", "2c", "2d")


def first_sold(prices, quantity, entry_price, margin, maintenance_rate) -> int:
    """Place of the first price at which the surplus is negative, −1 if there is none."""
    return first(prices, lambda price: surplus(quantity, entry_price, margin, maintenance_rate, price) >= 0)


def first(prices: Sequence[float], is_safe: Callable[[float], bool]) -> int:
    """Place of the first price that is not safe, −1 if there is none."""
    return next((k for k, price in enumerate(prices) if not is_safe(price)), -1)


def draw(stream: Draw, side: int = 1, touch: bool = False) -> dict[str, Any]:
    """A position whose threshold is a whole number, and a path of prices that crosses or only touches it."""
    size, entry, rate = stream.integer(2, 60), stream.integer(100, 199), stream.choice((0.125, 0.25))
    threshold = entry - side * stream.integer(16, 40)
    safe = stream.shuffled([threshold + side * stream.integer(2, 7), threshold + side, entry])
    if touch:
        prices = [*safe, threshold, *([threshold - side] if stream.below(2) else [])]
    else:
        prices = [*safe, threshold - side, *beyond(threshold, side, rate, abs(entry - threshold), stream)]
    margin = size * (side * entry - threshold * (side - rate))
    return {
        "prices": prices,
        "quantity": side * size,
        "entry_price": entry,
        "margin": margin,
        "maintenance_rate": rate,
    }


def beyond(threshold: int, side: int, rate: float, loss: int, stream: Draw) -> list[int]:
    """Prices after the sale, one beyond the wrong threshold of each slip, so that a slip is known by its answer."""
    frozen = threshold - side * (int(rate * loss) + 3)
    bankrupt = int(threshold * (1 - side * rate)) - side * 3
    unsized = int(threshold * (1 + rate) / (1 - rate)) + 3 if side < 0 else bankrupt - 2
    return [threshold + side * stream.integer(4, 9), frozen, bankrupt, unsized, threshold - side * 2]


def crosses_once(given: Given) -> bool:
    """A long that is safe at first, below its threshold at some step, and at a surplus of zero at none."""
    prices, q, p_e, margin, rate = given.values()
    surpluses = [margin + q * (price - p_e) - rate * abs(q) * price for price in prices]
    return q > 0 and surpluses[0] > 0 > min(surpluses) and 0 not in surpluses


def crossing(side: int) -> Callable[[Given, Draw], list[tuple[Any, ...]]]:
    """Random test inputs on one side."""
    return lambda _, stream: [tuple(draw(stream, side).values()) for _ in range(6)]


def touching(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """Test inputs that reach a surplus of exactly zero; on each side, one of them is sold right after."""
    cases = []
    for side in (1, -1):
        cases += [tuple(draw(stream, side, touch=True).values()) for _ in range(3)]
        prices, *rest = cases[-1]
        cases.append(([*prices[:4], prices[3] - side], *rest))
    return cases


def sold_at_equality(prices, q, p_e, c, m) -> int:
    """Liquidatable at a surplus of zero already."""
    return first(prices, lambda p: c + q * (p - p_e) - m * abs(q) * p > 0)


def sold_frozen(prices, q, p_e, c, m) -> int:
    """Maintenance frozen at entry."""
    return first(prices, lambda p: c + q * (p - p_e) - m * abs(q) * p_e >= 0)


def sold_without_size(prices, q, p_e, c, m) -> int:
    """Maintenance with the sign of the quantity."""
    return first(prices, lambda p: c + q * (p - p_e) - m * q * p >= 0)


def sold_when_bankrupt(prices, q, p_e, c, m) -> int:
    """The equity in place of the surplus."""
    return first(prices, lambda p: c + q * (p - p_e) >= 0)


def sold_last(prices, q, p_e, c, m) -> int:
    """The last such price in place of the first."""
    sold = [k for k, p in enumerate(prices) if c + q * (p - p_e) - m * abs(q) * p < 0]
    return sold[-1] if sold else -1


def sold_counted_from_one(prices, q, p_e, c, m) -> int:
    """Places counted from one."""
    return 1 + first_sold(prices, q, p_e, c, m) or -1


TASK = Task(
    number=2,
    title="The first price at which it is sold",
    kind="implement",
    outcome="compute the equity, the maintenance margin and the margin ratio of a long or a short at any price",
    minutes=30,
    draw=draw,
    holds=crosses_once,
    guaranteed="a long; the path crosses its threshold for the first time at exactly one step, and no price is on it",
    difficulty=digits,
    parts=(
        Part("2a", 1, "your own path", asks.function(first_sold, lambda g, _: [tuple(g.values())], SEE)),
        Part("2b", 2, "random longs", asks.function(first_sold, crossing(1), SEE), hidden=True),
        Part("2c", 2, "random shorts", asks.function(first_sold, crossing(-1), SEE), hidden=True),
        Part(
            "2d",
            1,
            "a surplus of exactly zero, and paths that never sell",
            asks.function(first_sold, touching, SEE),
            hidden=True,
        ),
    ),
    slips=(
        Slip(("2d",), lambda _: sold_at_equality, "At a surplus of exactly zero the account is safe."),
        Slip(
            ALL,
            lambda _: sold_frozen,
            "You charge maintenance at the entry price; it is due at the price of the step.",
        ),
        Slip(("2c", "2d"), lambda _: sold_without_size, "A short has a notional too: take the size of the quantity."),
        Slip(
            ALL,
            lambda _: sold_when_bankrupt,
            "You wait until the equity is gone; the venue acts when it is below maintenance.",
        ),
        Slip(
            ("2a", "2b", "2c"),
            lambda _: sold_last,
            "Asked is the first such price: a position that is sold can not come back.",
        ),
        Slip(ALL, lambda _: sold_counted_from_one, "Python counts places from zero."),
    ),
    words={"prices": "prices, one a step"},
)
