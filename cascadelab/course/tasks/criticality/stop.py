"""Task 2, implement: where a cascade stops in a uniform book that has an upper and a lower end."""

from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.criticality.closed_forms import uniform_linear
from cascadelab.impact.linear import Linear

SEE = "equations (8.7) and (8.8), and what is said of a ratio of one and more"


def stop_price(shocked_price, slope, density, edge, lowest) -> float:
    """Price at the stop, by the book's closed form, and by its linear impact where the book is empty."""
    if shocked_price >= edge:
        return float(shocked_price)
    emptied = Linear(slope).price(shocked_price, density * (edge - lowest))
    if slope * density >= 1:
        return float(emptied)
    return float(max(uniform_linear(shocked_price, slope, density, edge), emptied))


def draw(stream: Draw) -> dict[str, Any]:
    """A book with a ratio below one, in which the cascade stops well before the lowest threshold."""
    slope, density, edge = stream.decimal(11, 29, 3), stream.integer(11, 59), stream.integer(110, 199)
    deep = stream.integer(31, 59)
    room = deep * stream.decimal(25, 75, 2)
    return {
        "shocked_price": round(edge - room * (1 - slope * density), 1),
        "slope": slope,
        "density": density,
        "edge": edge,
        "lowest": edge - deep,
    }


def stops_inside(given: Given) -> bool:
    """A ratio from 0.3 to 0.85, a shock at least 1 below the edge, and a stop between a fifth and four fifths.

    The slip that counts the shock twice does not empty the book, so that it has an answer of its own.
    """
    kappa, below = given["slope"] * given["density"], given["edge"] - given["shocked_price"]
    part = below / (1 - kappa) / (given["edge"] - given["lowest"]) if 0.3 <= kappa <= 0.85 else 0.0
    return 0.2 <= part <= min(0.8, kappa - 0.05) and below >= 1


def inside(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """Test inputs that stop inside the book."""
    return [tuple(given.values()) for given in asks.kept(6, lambda: draw(stream), stops_inside)]


def above_one(stream: Draw) -> tuple[float, int]:
    """Slope and density with a ratio from 1.2 on."""
    return stream.decimal(41, 69, 3), stream.integer(31, 49)


def emptied(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """Test inputs that empty the book: a deep shock below one, a shallow one above, and a price that falls to zero."""
    cases: list[tuple[Any, ...]] = []
    for _unused in range(3):
        density, edge, deep = stream.integer(26, 39), stream.integer(150, 199), stream.integer(21, 39)
        below = round(deep * (1 - 0.02 * density) * stream.decimal(13, 18, 1), 1)
        cases.append((edge - below, 0.02, density, edge, edge - deep))
        slope, density = above_one(stream)
        cases.append((edge - stream.decimal(2, 9, 1), slope, density, edge, edge - deep))
    slope, density = above_one(stream)
    cases.append((48 + stream.decimal(2, 9, 1), slope, density, 50, stream.integer(2, 5)))
    return cases


def untouched(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """Test inputs at and above the edge, with a ratio below one and above."""
    cases = []
    for over in (0.0, stream.decimal(11, 99, 1)):
        for slope, density in ((0.02, stream.integer(11, 39)), above_one(stream)):
            edge = stream.integer(110, 199)
            cases.append((edge + over, slope, density, edge, edge - stream.integer(31, 59)))
    return cases


def by_hand(p_s, slope, density, edge, lowest, *, is_safe, is_twice=False, has_end=True, floor=0.0) -> float:
    """The right way, or known ways to get a step wrong; `is_safe` is whether nobody is liquidatable."""
    if is_safe:
        return float(p_s)
    kappa, end = slope * density, p_s - slope * density * (edge - lowest)
    if not has_end:
        end = floor
    if kappa >= 1:
        return float(max(end, floor))
    inside = (p_s if is_twice else edge) - (edge - p_s) / (1 - kappa)
    return float(max(inside, end, floor))


def stop_after_one_round(p_s, slope, density, edge, lowest) -> float:
    """One round of sales."""
    if p_s >= edge:
        return float(p_s)
    sold = min(density * (edge - p_s), density * (edge - lowest))
    return float(max(p_s - slope * sold, 0.0))


def stop_with_shock_twice(p_s, slope, density, edge, lowest) -> float:
    """The amplified fall taken off the shocked price in place of the edge."""
    return by_hand(p_s, slope, density, edge, lowest, is_safe=p_s >= edge, is_twice=True)


def stop_at_the_end(p_s, slope, density, edge, lowest) -> float:
    """The whole book sold by any shock below the edge."""
    return float(p_s) if p_s >= edge else float(max(p_s - slope * density * (edge - lowest), 0.0))


def stop_without_end(p_s, slope, density, edge, lowest) -> float:
    """A book that reaches down to zero."""
    return by_hand(p_s, slope, density, edge, lowest, is_safe=p_s >= edge, has_end=False)


def stop_below_zero(p_s, slope, density, edge, lowest) -> float:
    """No floor at zero."""
    return by_hand(p_s, slope, density, edge, lowest, is_safe=p_s >= edge, floor=-1e9)


def stop_above_the_edge(p_s, slope, density, edge, lowest) -> float:
    """The formula used above the edge too."""
    return by_hand(p_s, slope, density, edge, lowest, is_safe=False)


def stop_at_equality(p_s, slope, density, edge, lowest) -> float:
    """Somebody liquidatable at the edge itself."""
    return by_hand(p_s, slope, density, edge, lowest, is_safe=p_s > edge)


TASK = Task(
    number=2,
    title="Where it stops",
    kind="implement",
    outcome="compute how far a price falls after a shock, and say when there is no such number",
    minutes=30,
    draw=draw,
    holds=stops_inside,
    guaranteed="a branching ratio from 0.3 to 0.85, and a stop between the edge and the lowest threshold, near neither",
    difficulty=digits,
    parts=(
        Part("2a", 1, "your own book", asks.function(stop_price, lambda g, _: [tuple(g.values())], SEE, 1e-6)),
        Part("2b", 2, "cascades that stop inside", asks.function(stop_price, inside, SEE, 1e-6), hidden=True),
        Part("2c", 2, "cascades that empty the book", asks.function(stop_price, emptied, SEE, 1e-6), hidden=True),
        Part("2d", 1, "shocks at the edge and above", asks.function(stop_price, untouched, SEE, 1e-6), hidden=True),
    ),
    slips=(
        Slip(("2a", "2b", "2c"), lambda _: stop_after_one_round, "That is one round; its sales force others."),
        Slip(
            ("2a", "2b"),
            lambda _: stop_with_shock_twice,
            "The amplified fall holds the shock already: from where does one count it?",
        ),
        Slip(("2a", "2b"), lambda _: stop_at_the_end, "You sell the whole book; below one it stops in between."),
        Slip(("2c",), lambda _: stop_without_end, "Below the lowest threshold nobody is left to sell."),
        Slip(("2c",), lambda _: stop_below_zero, "The price can not fall below zero: stop it there."),
        Slip(("2d",), lambda _: stop_above_the_edge, "At a shock above the edge nobody is forced."),
        Slip(("2d",), lambda _: stop_at_equality, "At equality the highest account is safe, whatever the ratio."),
    ),
    words={
        "shocked_price": "price after the shock",
        "slope": "fall of the price for each unit sold",
        "density": "units of thresholds in one unit of price",
        "edge": "highest threshold",
        "lowest": "lowest threshold",
    },
)
