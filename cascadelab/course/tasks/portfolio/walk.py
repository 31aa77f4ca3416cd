"""Task 2, implement: where a walk through price space leaves the safe set of an account with tiers."""

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.portfolio.account import Account
from cascadelab.portfolio.holdings import Position
from cascadelab.thresholds.tiers import Tiers

SEE = "equations (3.6) and (3.11), and the sentences below (3.11)"
MOVING = ("2a", "2b", "2c")
APART = 1e-4  # how far a slip's exit lies at least from the right one
Walk = tuple[float, list[float], list[float], list[float], float, list[float]]


def first_exit(cash, quantities, prices, moves, floor, rates) -> float:
    """Smallest t > 0 at which the surplus is zero, by the book; −1 if there is none."""
    tiers = Tiers.from_floors([0, floor], rates)
    names = [str(k) for k in range(len(quantities))]
    held = [Position(name, q, 0.0, tiers) for name, q in zip(names, quantities, strict=True)]
    walk = (dict(zip(names, values, strict=True)) for values in (prices, moves))
    _, upper = Account(cash, positions=held).exit(*walk)
    return -1.0 if upper is None else float(upper)


def levels_and_slopes(quantities, prices, moves, lines) -> list[list[tuple[float, float]]]:
    """Level and slope in t of every line of every asset, by hand; `lines` are rates with their deductions."""
    return [
        [(a + (q - r * abs(q)) * p, (q - r * abs(q)) * d) for r, a in lines]
        for q, p, d in zip(quantities, prices, moves, strict=True)
    ]


def falling_root(cash: float, groups: Sequence[Sequence[tuple[float, float]]]) -> float:
    """Smallest root of the planes that fall along the walk, each line with each, by hand; −1 if none falls."""
    roots = []
    for chosen in itertools.product(*groups):
        level, slope = cash + sum(line[0] for line in chosen), sum(line[1] for line in chosen)
        if slope < 0:
            roots.append(-level / slope)
    return min(roots, default=-1.0)


def before_zero(root: float, prices: Sequence[float], moves: Sequence[float]) -> float:
    """The root, or −1 where a price has reached zero by then."""
    return root if all(p + root * d > 0 for p, d in zip(prices, moves, strict=True)) else -1.0


def lines_of(floor: float, rates: Sequence[float]) -> list[tuple[float, float]]:
    """The two lines of the table: rate and deduction."""
    return [(rates[0], 0.0), (rates[1], floor * (rates[1] - rates[0]))]


def exit_by_hand(cash, quantities, prices, moves, floor, rates) -> float:
    """The right answer, by hand."""
    groups = levels_and_slopes(quantities, prices, moves, lines_of(floor, rates))
    return before_zero(falling_root(cash, groups), prices, moves)


def exit_of_first_line(cash, quantities, prices, moves, floor, rates) -> float:
    """The first rate for any notional."""
    groups = levels_and_slopes(quantities, prices, moves, lines_of(floor, rates)[:1])
    return before_zero(falling_root(cash, groups), prices, moves)


def exit_of_starting_lines(cash, quantities, prices, moves, floor, rates) -> float:
    """The line that binds at the start, all the way."""
    groups = levels_and_slopes(quantities, prices, moves, lines_of(floor, rates))
    starts = [min(group) for group in groups]
    return before_zero(falling_root(cash, [[line] for line in starts]), prices, moves)


def exit_without_deduction(cash, quantities, prices, moves, floor, rates) -> float:
    """The second rate on the whole notional."""
    groups = levels_and_slopes(quantities, prices, moves, [(rate, 0.0) for rate in rates])
    return before_zero(falling_root(cash, groups), prices, moves)


def exit_without_size(cash, quantities, prices, moves, floor, rates) -> float:
    """Maintenance with the sign of the quantity: a short is given room for it."""
    groups = [
        [(q / abs(q) * a + q * (1 - r) * p, q * (1 - r) * d) for r, a in lines_of(floor, rates)]
        for q, p, d in zip(quantities, prices, moves, strict=True)
    ]
    return before_zero(falling_root(cash, groups), prices, moves)


def exit_when_bankrupt(cash, quantities, prices, moves, floor, rates) -> float:
    """The equity in place of the surplus."""
    groups = levels_and_slopes(quantities, prices, moves, [(0.0, 0.0)])
    return before_zero(falling_root(cash, groups), prices, moves)


def exit_beyond_zero(cash, quantities, prices, moves, floor, rates) -> float:
    """A root at negative prices is returned."""
    return falling_root(cash, levels_and_slopes(quantities, prices, moves, lines_of(floor, rates)))


def draw(stream: Draw) -> dict[str, Any]:
    """A hedge of A against B on a common rise, whose requirements outgrow what it is worth."""
    names = ("cash", "quantities", "prices", "moves", "floor", "rates")
    return dict(zip(names, rise(stream), strict=True))


def ends_near(
    target: float, quantities: list[int], prices: list[int], moves: list[int], floor: int, rates: list[float]
) -> Walk:
    """The account whose cash, a whole number, makes it leave the safe set near t = `target`."""
    groups = levels_and_slopes(quantities, prices, moves, lines_of(floor, rates))
    cash = -round(sum(min(level + slope * target for level, slope in group) for group in groups))
    return cash, quantities, prices, moves, floor, rates


def rise(stream: Draw) -> Walk:
    """A long on the second line and a short that comes to it, on a common rise."""
    prices = [stream.integer(50, 150), stream.integer(20, 60)]
    size = stream.integer(8, 40)
    quantities = [size, -(size * prices[0] * stream.integer(75, 90) // (100 * prices[1]))]
    moves = [stream.integer(2, 6), stream.integer(2, 6)]
    floor = size * prices[0] * stream.integer(93, 98) // 1000 * 10
    rates = [stream.decimal(2, 9, 2), stream.decimal(30, 60, 2)]
    return ends_near(stream.decimal(50, 120, 1), quantities, prices, moves, floor, rates)


def fall(stream: Draw) -> Walk:
    """Two longs and a small short on a fall; the first long starts on the second line and ends on the first."""
    prices = [stream.integer(100, 200), stream.integer(50, 90), stream.integer(20, 60)]
    quantities = [stream.integer(20, 40), stream.integer(10, 25), -stream.integer(5, 15)]
    moves = [-stream.integer(6, 12), -stream.integer(2, 5), -stream.integer(1, 2)]
    floor = quantities[0] * prices[0] * stream.integer(85, 95) // 100
    rates = [stream.decimal(2, 9, 2), stream.decimal(30, 60, 2)]
    return ends_near(stream.decimal(40, 90, 1), quantities, prices, moves, floor, rates)


def tells(slips: Sequence[Callable[..., float]], walk: Walk) -> bool:
    """Whether the walk starts safe by 1 % of its largest notional, and it and the slips all end in other places."""
    cash, quantities, prices, moves, floor, rates = walk
    groups = levels_and_slopes(quantities, prices, moves, lines_of(floor, rates))
    now = cash + sum(min(group)[0] for group in groups)
    if now <= 0.01 * max(abs(q) * p for q, p in zip(quantities, prices, strict=True)):
        return False
    ends = [exit_by_hand(*walk), *(slip(*walk) for slip in slips)]
    return ends[0] > 1 and all(abs(s - t) > APART for s, t in itertools.combinations(ends, 2))


LOST = (exit_of_first_line, exit_of_starting_lines, exit_without_deduction, exit_without_size, exit_when_bankrupt)


def is_told(given: Given) -> bool:
    """The account is safe at the start, and the tiers decide where it ends."""
    return tells(LOST, tuple(given.values()))  # type: ignore[arg-type]


def ends_on_first_line(walk: Walk) -> bool:
    """By the end of the fall every position is 1 % below the floor, so that the first line alone finds its exit."""
    _, quantities, prices, moves, floor, _ = walk
    right = exit_by_hand(*walk)
    return all(abs(q) * (p + right * d) < 0.99 * floor for q, p, d in zip(quantities, prices, moves, strict=True))


def rises(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """Random hedges on a rise, of which the same is guaranteed as of the student's own."""
    return list(asks.kept(6, lambda: rise(stream), lambda walk: tells(LOST, walk)))


def falls(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """Random falls from the second line to the first."""
    lost = [slip for slip in LOST if slip is not exit_of_first_line]
    return list(asks.kept(6, lambda: fall(stream), lambda walk: tells(lost, walk) and ends_on_first_line(walk)))


def endless(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """Longs with cash in hand, which survive any fall, and longs with a debt, which a rise makes safer."""
    cases: list[tuple[Any, ...]] = []
    for _fall in range(3):
        _, quantities, prices, moves, floor, rates = fall(stream)
        sizes = [abs(q) for q in quantities]
        cases.append((stream.integer(10, 500), sizes, prices, moves, floor, rates))
        owed = sum(q * p for q, p in zip(sizes, prices, strict=True)) // 4
        cases.append((-owed, sizes, prices, [-d for d in moves], floor, rates))
    return cases


TASK = Task(
    number=2,
    title="Where a walk ends",
    kind="implement",
    outcome="find both exits along any straight walk through price space, for instance a common fall of all prices",
    minutes=40,
    draw=draw,
    holds=is_told,
    guaranteed="safe at the start; the long is on the second line, the short comes to it before the exit",
    difficulty=digits,
    parts=(
        Part("2a", 1, "your own walk", asks.function(first_exit, lambda g, _: [tuple(g.values())], SEE, 1e-6)),
        Part("2b", 2, "random falls", asks.function(first_exit, falls, SEE, 1e-6), hidden=True),
        Part("2c", 2, "random rises", asks.function(first_exit, rises, SEE, 1e-6), hidden=True),
        Part("2d", 1, "walks that never leave", asks.function(first_exit, endless, SEE, 1e-6), hidden=True),
    ),
    slips=(
        Slip(
            ("2a", "2c"),
            lambda _: exit_of_first_line,
            "A notional that grows comes above the floor: the second rate is missing.",
        ),
        Slip(
            MOVING,
            lambda _: exit_of_starting_lines,
            "You look up the lines at the start; on the way the notionals cross the floor.",
        ),
        Slip(
            MOVING,
            lambda _: exit_without_deduction,
            "The second rate holds for what lies above the floor only: where is its deduction?",
        ),
        Slip(MOVING, lambda _: exit_without_size, "A short has a notional too: take the size of the quantity."),
        Slip(MOVING, lambda _: exit_when_bankrupt, "There the equity is zero; the surplus is zero before."),
        Slip(("2d",), lambda _: exit_beyond_zero, "By then a price has fallen below zero: that is no exit."),
    ),
    words={
        "cash": "cash, less what the positions cost",
        "quantities": "units of each asset; negative is short",
        "prices": "price of each asset at the start",
        "moves": "change of each price for one unit of t",
        "floor": "notional at which the second rate begins",
        "rates": "maintenance rates: below the floor, and on what lies above it",
    },
)
