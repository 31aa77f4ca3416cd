"""Task 1, compute: the margin ratio and the liquidation price of a short that is losing."""

from typing import Any

from cascadelab.account.position import liquidation_price, margin_ratio
from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits


def draw(stream: Draw) -> dict[str, Any]:
    """A short that has lost a part of its room, not all of it."""
    entry, leverage, rate = stream.integer(200, 999), stream.integer(3, 10), stream.decimal(20, 60, 3)
    room = (1 / leverage - rate) / (1 + rate)
    return {
        "quantity": -stream.integer(3, 40),
        "entry_price": entry,
        "leverage": leverage,
        "maintenance_rate": rate,
        "price": round(entry * (1 + room * stream.decimal(30, 70, 2))),
    }


def position(given: Given) -> tuple[float, float, float, float]:
    """The short as the book's functions take it: quantity, entry price, margin, rate."""
    margin = abs(given["quantity"]) * given["entry_price"] / given["leverage"]
    return given["quantity"], given["entry_price"], margin, given["maintenance_rate"]


def is_alive_and_losing(given: Given) -> bool:
    """Above entry, and at least 0.1 % of the price away from both ends of the room."""
    return given["entry_price"] * 1.001 < given["price"] < end(given, 1 / (1 + given["maintenance_rate"])) * 0.999


def equity(given: Given) -> float:
    """Equity at the present price, by hand."""
    q, p_e, margin, _ = position(given)
    return margin + q * (given["price"] - p_e)


def need(given: Given, price: str = "price") -> float:
    """Maintenance margin at the present price or at entry, by hand."""
    return float(given["maintenance_rate"] * abs(given["quantity"]) * given[price])


def end(given: Given, factor: float = 1.0) -> float:
    """Bankruptcy price times a factor, by hand."""
    return float(given["entry_price"] * (1 + 1 / given["leverage"]) * factor)


TASK = Task(
    number=1,
    title="A short that is losing",
    kind="compute",
    outcome="compute the equity, the maintenance margin and the margin ratio of a long or a short at any price",
    minutes=20,
    draw=draw,
    holds=is_alive_and_losing,
    guaranteed="a short, above its entry price and below its liquidation price",
    difficulty=digits,
    parts=(
        Part(
            "1a",
            2,
            "margin ratio",
            asks.number(lambda g: margin_ratio(*position(g), g["price"]), 0.0005, "equations (1.1), (1.2) and (1.4)"),
        ),
        Part(
            "1b", 2, "liquidation price", asks.number(lambda g: liquidation_price(*position(g)), 0.01, "equation (1.8)")
        ),
    ),
    slips=(
        Slip(
            ("1a",),
            lambda g: equity(g) / need(g),
            "That is equity over maintenance; the ratio of the book is the other way round.",
        ),
        Slip(
            ("1a",),
            lambda g: need(g, "entry_price") / equity(g),
            "Maintenance is due on the notional at the present price, not at entry.",
        ),
        Slip(
            ("1a",),
            lambda g: need(g) / (2 * position(g)[2] - equity(g)),
            "You booked the short's loss as a gain: which sign has its quantity?",
        ),
        Slip(
            ("1a",),
            lambda g: need(g) / position(g)[2],
            "You divided by the margin that was posted; the loss has eaten a part of it.",
        ),
        Slip(
            ("1b",),
            lambda g: g["entry_price"] * (1 - 1 / g["leverage"]) / (1 - g["maintenance_rate"]),
            "That is the long's price: a short is liquidated above its entry.",
        ),
        Slip(
            ("1b",),
            lambda g: end(g, 1 / (1 - g["maintenance_rate"])),
            "For a short the requirement grows with the price: which sign?",
        ),
        Slip(
            ("1b",),
            lambda g: end(g, 1 - g["maintenance_rate"]),
            "Nearly: the requirement is due at the price that you look for. Put that price on both sides and solve.",
        ),
        Slip(("1b",), end, "There the equity is zero; the venue acts when it meets maintenance."),
        Slip(
            ("1b",),
            lambda g: end(g) - g["maintenance_rate"] * g["entry_price"],
            "Here maintenance is charged at the mark price, not frozen at entry.",
        ),
    ),
)
