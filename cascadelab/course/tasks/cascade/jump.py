"""Task 2, implement: the shocked price at which the end price jumps most."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from cascadelab.cascade.ladder import Ladder
from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.impact.linear import Linear

SEE = "equations (7.3), (7.5) and (7.6)"
ALL = ("2a", "2b", "2c", "2d")


def largest_jump(thresholds, quantities, slope) -> float:
    """Trigger of the block with the most units, by the book's ladder."""
    blocks = Ladder(thresholds, quantities).blocks(Linear(slope))
    return float(blocks.trigger[blocks.quantity.argmax()])


def draw(stream: Draw, tie: bool = False) -> dict[str, Any]:
    """Six accounts in three blocks: three small ones, two of which the sum is largest, and the largest single one.

    Every number is a multiple of 1/4, so that sums and comparisons are exact.
    """
    slope, big = stream.choice((0.5, 0.75, 1.0, 1.25)), [stream.integer(8, 11), stream.integer(8, 11)]
    groups = stream.shuffled([[stream.integer(3, 5) for _ in range(3)], big, [max(big) + stream.integer(1, 4)]])
    lowest, sold = stream.integer(100, 199) + 0.0, 0
    thresholds, quantities = [], []
    for units in groups:
        lowest -= stream.integer(1, 20) / 4
        trigger = lowest
        for place, own in enumerate(units):
            thresholds.append(trigger - slope * sold)
            quantities.append(own)
            sold += own
            rise = 0.0 if tie and len(units) == 2 else stream.integer(1, int(4 * slope * own) - 1) / 4
            trigger = (lowest if place else trigger) + rise
    return {"thresholds": thresholds, "quantities": quantities, "slope": slope}


def is_telling(given: Given) -> bool:
    """The thresholds fall from account to account, in three blocks, and every slip gives an answer of its own.

    So the block of two accounts has the most units: in that of one, the first account is the last, and that of three
    has the most accounts. Nor is the largest account one of the two: they are the first and the last of their block.
    """
    arguments = tuple(given.values())
    levels = given["thresholds"]
    found = [by_hand(*arguments), *(slip(*arguments) for slip in ALWAYS_WRONG)]
    sizes = sorted(len(block) for block in blocks_of(triggers_of(*arguments)))
    return all(a > b for a, b in pairwise(levels)) and sizes == [1, 2, 3] and len(set(found)) == len(found)


def telling(stream: Draw, tie: bool = False) -> dict[str, Any]:
    """A book whose thresholds fall; unless triggers are tied, one that tells every slip from the others."""
    while True:
        given = draw(stream, tie)
        levels = given["thresholds"]
        falls = all(a > b for a, b in pairwise(levels))
        if falls if tie else is_telling(given):
            return given


def sorted_books(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """Test inputs from the highest threshold down."""
    return [tuple(telling(stream).values()) for _ in range(5)]


def shuffled_books(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """Test inputs in any order, with the lowest threshold first."""
    cases = []
    for thresholds, quantities, slope in sorted_books(_, stream):
        order = [5, *stream.shuffled(range(5))]
        cases.append(([thresholds[k] for k in order], [quantities[k] for k in order], slope))
    return cases


def tied_books(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """Test inputs with two equal triggers in the largest block, and one without."""
    return [tuple(telling(stream, tie=True).values()) for _ in range(4)] + [tuple(telling(stream).values())]


def blocks_of(triggers: list[float], is_next: Callable[[float, float], bool] = float.__lt__) -> list[list[int]]:
    """Places of the accounts, block by block; a new block begins where the trigger is below the smallest so far."""
    found: list[list[int]] = []
    lowest = float("inf")
    for place, trigger in enumerate(triggers):
        if is_next(trigger, lowest):
            found.append([])
            lowest = trigger
        found[-1].append(place)
    return found


def triggers_of(thresholds, quantities, slope, own: int = 0) -> list[float]:
    """Triggers in the order of the list, with the units of the account itself or without."""
    return [float(level + slope * sum(quantities[: k + own])) for k, level in enumerate(thresholds)]


def most_units(blocks: list[list[int]], quantities) -> list[int]:
    """The block with the most units."""
    return max(blocks, key=lambda places: sum(quantities[k] for k in places))


def by_hand(thresholds, quantities, slope) -> float:
    """The right way, if the list is sorted; also the slip of not sorting it."""
    triggers = triggers_of(thresholds, quantities, slope)
    return triggers[most_units(blocks_of(triggers), quantities)[0]]


def jump_at_equality(thresholds, quantities, slope) -> float:
    """A trigger that equals the smallest so far begins a block of its own."""
    triggers = triggers_of(*in_order(thresholds, quantities, slope))
    _, units, _ = in_order(thresholds, quantities, slope)
    return triggers[most_units(blocks_of(triggers, float.__le__), units)[0]]


def in_order(thresholds, quantities, slope) -> tuple[Any, Any, Any]:
    """The same book from the highest threshold down."""
    order = sorted(range(len(thresholds)), key=lambda k: -thresholds[k])
    return [thresholds[k] for k in order], [quantities[k] for k in order], slope


def jump_of_largest_account(thresholds, quantities, slope) -> float:
    """Trigger of the largest account."""
    levels, units, _ = in_order(thresholds, quantities, slope)
    return triggers_of(levels, units, slope)[units.index(max(units))]


def jump_of_most_accounts(thresholds, quantities, slope) -> float:
    """Trigger of the block with the most accounts."""
    triggers = triggers_of(*in_order(thresholds, quantities, slope))
    return triggers[max(blocks_of(triggers), key=len)[0]]


def jump_with_own_units(thresholds, quantities, slope) -> float:
    """The account's own units counted among those before it."""
    _, units, _ = book = in_order(thresholds, quantities, slope)
    triggers = triggers_of(*book, own=1)
    return triggers[most_units(blocks_of(triggers), units)[0]]


def jump_at_the_last(thresholds, quantities, slope) -> float:
    """Trigger of the last account of the block."""
    _, units, _ = book = in_order(thresholds, quantities, slope)
    triggers = triggers_of(*book)
    return triggers[most_units(blocks_of(triggers), units)[-1]]


def jump_at_threshold(thresholds, quantities, slope) -> float:
    """Threshold of the block's first account."""
    levels, units, _ = book = in_order(thresholds, quantities, slope)
    return float(levels[most_units(blocks_of(triggers_of(*book)), units)[0]])


ALWAYS_WRONG = (
    jump_of_largest_account, jump_of_most_accounts, jump_with_own_units, jump_at_the_last, jump_at_threshold,
)  # fmt: skip

TASK = Task(
    number=2,
    title="The shock at which the end price jumps most",
    kind="implement",
    outcome="compute the answer to every shock at once, and find the shock at which the end price jumps",
    minutes=30,
    draw=draw,
    holds=is_telling,
    guaranteed="three blocks, of one, two and three accounts, in any order; no two triggers of two blocks are equal, "
    "and the block with the most units holds neither the largest account nor the most accounts",
    difficulty=digits,
    parts=(
        Part("2a", 1, "your own book", asks.function(largest_jump, lambda g, _: [tuple(g.values())], SEE)),
        Part("2b", 2, "sorted books", asks.function(largest_jump, sorted_books, SEE), hidden=True),
        Part("2c", 2, "books in any order", asks.function(largest_jump, shuffled_books, SEE), hidden=True),
        Part("2d", 1, "books with equal triggers", asks.function(largest_jump, tied_books, SEE), hidden=True),
    ),
    slips=(
        Slip(("2c",), lambda _: by_hand, "The accounts come in any order: sort them from the highest threshold."),
        Slip(("2d",), lambda _: jump_at_equality, "Accounts with one and the same trigger are lost together."),
        Slip(ALL, lambda _: jump_of_largest_account, "That is the largest account; a block may hold more units."),
        Slip(ALL, lambda _: jump_of_most_accounts, "You take the most accounts; the units of a block make its jump."),
        Slip(ALL, lambda _: jump_with_own_units, "A trigger counts the units before the account, not its own."),
        Slip(ALL, lambda _: jump_at_the_last, "That account needs no more than the block's first: take the smallest."),
        Slip(ALL, lambda _: jump_at_threshold, "That is a threshold; the sales before it move the trigger up."),
    ),
    words={
        "thresholds": "liquidation prices of the accounts",
        "quantities": "units that the accounts hold, in the same order",
        "slope": "fall of the price for each unit sold",
    },
)
