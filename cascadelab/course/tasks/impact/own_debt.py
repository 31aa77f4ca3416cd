"""Task 2, implement: the largest position that an order book lets pay for its own liquidation."""

from collections.abc import Callable
from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.impact.book import OrderBook

SEE = "the section on the largest position that pays for itself, and the one on the order book"
ALL = ("2a", "2b", "2c", "2d")


def largest_position(prices, quantities, maintenance_rate) -> float:
    """Largest sale whose cash covers (1 − m) times the best bid a unit: halving an interval over the book's cash."""
    book = OrderBook(prices, quantities)
    owed = (1 - maintenance_rate) * float(book.price(0.0))
    low, high = 0.0, float(book.proceeds(book.total)) / owed  # beyond, it owes more than the book has
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if float(book.proceeds(middle)) >= owed * middle else (low, middle)
    return low


def walk(bids: list[tuple[float, float]], owed: float) -> tuple[float, float, list[float]]:
    """Largest position by hand, the units in the book, and the units above each bid that was sold out on the way."""
    cash = units = 0.0
    reached = [0.0]
    total = sum(quantity for _, quantity in bids)
    for price, quantity in bids:
        if cash + price * quantity < owed * (units + quantity):
            return (cash - price * units) / (owed - price), total, reached
        cash, units = cash + price * quantity, units + quantity
        reached.append(units)
    return cash / owed, total, reached


def sorted_bids(prices, quantities) -> list[tuple[float, float]]:
    """Bids from the best down."""
    return sorted(zip(prices, quantities, strict=True), reverse=True)


def draw(stream: Draw) -> dict[str, Any]:
    """Six bids, the best one first, and a maintenance rate."""
    prices = [stream.integer(60, 149)]
    for _ in range(5):
        prices.append(prices[-1] - stream.integer(1, 4))
    return {
        "prices": prices,
        "quantities": [stream.integer(2, 29) for _ in prices],
        "maintenance_rate": stream.decimal(25, 70, 3),
    }


def ends_within_a_bid(given: Given) -> bool:
    """It ends well inside the third to sixth bid, below at least one bid that is sold out beneath the debt's price."""
    prices, quantities = given["prices"], given["quantities"]
    owed = (1 - given["maintenance_rate"]) * prices[0]
    found, total, reached = walk(list(zip(prices, quantities, strict=True)), owed)
    place = len(reached) - 1
    if not 2 <= place <= 5 or found >= total:
        return False
    inside = (found - reached[-1]) / quantities[place]
    return 0.1 < inside < 0.9 and prices[place - 1] < owed - 0.05


def drawn_books(stream: Draw, count: int) -> list[dict[str, Any]]:
    """Books of which the same is guaranteed."""
    return asks.kept(count, lambda: draw(stream), ends_within_a_bid)


def sorted_books(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """Random books, the best bid first."""
    return [tuple(book.values()) for book in drawn_books(stream, 6)]


def mixed_books(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """The bids in any order, the best not first, and one price twice."""
    cases = []
    for prices, quantities, rate in (book.values() for book in drawn_books(stream, 6)):
        first, *rest = stream.shuffled(list(zip(prices[1:], quantities[1:], strict=True)))
        half = [(prices[0], quantities[0]), (first[0], stream.integer(1, 9))]
        bids = [first, *half, *rest]
        cases.append(([price for price, _ in bids], [quantity for _, quantity in bids], rate))
    return cases


def short_books(given: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """Books that pay more than the debt of all that they take, and one that does not."""
    cases = []
    for count in (1, 2, 3, 3):
        best = stream.integer(100, 149)
        prices = [best - k for k in range(count)]
        cases.append((prices, [stream.integer(2, 29) for _ in prices], stream.decimal(25, 70, 3)))
    return [*cases, *sorted_books(given, stream)[:1]]


def found_by(
    change: Callable[[float, float, list[float], float], float], owed_part: Callable[[float], float] = lambda m: 1 - m
) -> Callable[..., float]:
    """A slip: what is made of the position, the units in the book, and the units above each bid and at its end."""

    def wrong(prices, quantities, maintenance_rate) -> float:
        bids = sorted_bids(prices, quantities)
        owed = owed_part(maintenance_rate) * bids[0][0]
        found, total, reached = walk(bids, owed)
        dear = sum(quantity for price, quantity in bids if price >= owed)
        return float(change(found, total, reached, dear))

    return wrong


at_end_price = found_by(lambda found, total, reached, dear: dear)
in_whole_bids = found_by(lambda found, total, reached, dear: reached[-1])
within_the_book = found_by(lambda found, total, reached, dear: min(found, total))
by_adding = found_by(lambda found, total, reached, dear: found, lambda m: 1 / (1 + m))


def as_listed(prices, quantities, maintenance_rate) -> float:
    """The bids in the order in which they are written."""
    bids = list(zip(prices, quantities, strict=True))
    return walk(bids, (1 - maintenance_rate) * prices[0])[0]


TASK = Task(
    number=2,
    title="A book and its largest position",
    kind="implement",
    outcome="compute how much cash a market can give at all, "
    "and the largest position that pays for its own liquidation",
    minutes=35,
    draw=draw,
    holds=ends_within_a_bid,
    guaranteed="the position ends inside the third to sixth bid; a bid below the debt's price is sold out before",
    difficulty=digits,
    parts=(
        Part("2a", 1, "your own book", asks.function(largest_position, lambda g, _: [tuple(g.values())], SEE, 1e-6)),
        Part("2b", 2, "random books", asks.function(largest_position, sorted_books, SEE, 1e-6), hidden=True),
        Part("2c", 2, "bids in any order", asks.function(largest_position, mixed_books, SEE, 1e-6), hidden=True),
        Part("2d", 1, "books that are sold out", asks.function(largest_position, short_books, SEE, 1e-6), hidden=True),
    ),
    slips=(
        Slip(
            ALL,
            lambda _: at_end_price,
            "You stop where the *last* bid is worth its debt; on a walk the units before it were paid better.",
        ),
        Slip(ALL, lambda _: in_whole_bids, "The last bid need not be sold out: how many of its units still fit?"),
        Slip(("2c",), lambda _: as_listed, "A sale takes the best bid first, wherever it is written."),
        Slip(
            ("2d",),
            lambda _: within_the_book,
            "A position may be larger than the book and still pay: the units without a bid raise nothing.",
        ),
        Slip(
            ALL,
            lambda _: by_adding,
            "The debt is (1 − m) of the price; you divided by 1 + m.",
        ),
    ),
    words={"prices": "prices of the bids", "quantities": "units wanted at each of them"},
)
