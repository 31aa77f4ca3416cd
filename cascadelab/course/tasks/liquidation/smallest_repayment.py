"""Task 2, implement: the smallest repayment that brings a loan with several collaterals back to a target."""

import itertools
from collections.abc import Callable
from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.liquidation.order import seize

SEE = "equations (6.4) and (6.19), and the section on which asset comes first"
SEVERAL, REACHED = ("2a", "2c"), ("2a", "2b", "2c")
ALL = ("2a", "2b", "2c", "2d")


def smallest_repayment(values, weights, bonuses, debt, target) -> float:
    """Halving the seizure, by the book's order of seizing; −1 if everything is not enough."""
    order = sorted(range(len(values)), key=lambda k: weights[k] * (1 + bonuses[k]))

    def after(amount: float) -> tuple[float, float]:
        taken = seize(values, amount, first=order).tolist()
        repaid = sum(part / (1 + bonus) for part, bonus in zip(taken, bonuses, strict=True))
        left = sum((v - part) * h for v, part, h in zip(values, taken, weights, strict=True))
        return left - target * (debt - repaid), repaid

    low, high = 0.0, float(sum(values))
    if after(low)[0] >= 0 or after(high)[0] < 0:
        return 0.0 if after(low)[0] >= 0 else -1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if after(middle)[0] >= 0 else (middle, high)
    return after(high)[1]


def draw(stream: Draw) -> dict[str, Any]:
    """Three collaterals of which the second best is needed in part; the order by weight is not the right one."""
    first = stream.integer(55, 70)
    assets = [
        (stream.integer(15, 30) * 10, (first + stream.integer(2, 3)) / 100, stream.decimal(20, 30, 3)),
        (stream.integer(32, 60) * 10, first / 100, stream.decimal(130, 150, 3)),
        (stream.integer(32, 60) * 10, stream.decimal(80, 88, 2), stream.decimal(40, 70, 3)),
    ]
    target, part = stream.decimal(102, 106, 2), stream.decimal(20, 80, 2)
    weighted = sum(value * weight for value, weight, _ in assets)
    freed = sum(
        share * value / (1 + bonus) * (target - weight * (1 + bonus))
        for share, (value, weight, bonus) in zip((1.0, part), assets, strict=False)
    )
    listed = assets
    while listed[:2] == assets[:2]:
        listed = stream.shuffled(assets)
    values, weights, bonuses = (list(column) for column in zip(*listed, strict=True))
    debt = round((weighted + freed) / target)
    return {"values": values, "weights": weights, "bonuses": bonuses, "debt_value": debt, "target_health": target}


def is_told_apart(given: Given) -> bool:
    """Its health factor is below 0.99, and each order of the assets makes its own repayment, by 0.01 at least."""
    if sum(v * h for v, h in zip(given["values"], given["weights"], strict=True)) >= 0.99 * given["debt_value"]:
        return False
    found = sorted(repaid_in(order)(*given.values()) for order in (best, as_listed, largest, lightest))
    return found[0] > 0 and all(after - before > 0.01 for before, after in itertools.pairwise(found))


def several(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """Loans with three collaterals."""
    return [tuple(draw(stream).values()) for _ in range(6)]


def single(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """Loans with one collateral, on the healing side."""
    cases = []
    for _ in range(6):
        value, weight, bonus = stream.integer(200, 900), stream.decimal(60, 85, 2), stream.decimal(30, 90, 3)
        low, high = value * weight, value / (1 + bonus)
        debt = low + (high - low) * stream.decimal(20, 80, 2)
        cases.append(([value], [weight], [bonus], round(debt, 2), stream.decimal(102, 106, 2)))
    return cases


def no_repayment(_: Given, stream: Draw) -> list[tuple[Any, ...]]:
    """Loans that no repayment heals, although their collateral exceeds the debt; and loans that need none."""
    cases = []
    for share in (0.3, 0.6):
        values, weights, bonuses, _debt, target = draw(stream).values()
        most = sum(value / (1 + bonus) for value, bonus in zip(values, bonuses, strict=True))
        cases.append((values, weights, bonuses, round(most + share * (sum(values) - most)), target))
        healthy = sum(value * weight for value, weight in zip(values, weights, strict=True)) / target
        cases.append((values, weights, bonuses, round(healthy * (1 - share / 5)), target))
    return cases


def repaid_in(order: Callable[..., list[int]], *, charged: float = 1.0, aim: float | None = None) -> Callable[..., Any]:
    """Repayment by hand, in an order of the assets; with the bonus or without, with the target or another."""

    def repaid(values, weights, bonuses, debt, target) -> float:
        target = target if aim is None else aim
        bonuses = [charged * bonus for bonus in bonuses]
        missing = target * debt - sum(v * h for v, h in zip(values, weights, strict=True))
        total = 0.0
        for k in order(values, weights, bonuses):
            if missing <= 0:
                break
            gain = target - weights[k] * (1 + bonuses[k])
            part = min(values[k] / (1 + bonuses[k]), missing / gain)
            total, missing = total + part, missing - part * gain
        return -1.0 if missing > 1e-9 else total

    return repaid


def best(values, weights, bonuses) -> list[int]:
    """The lowest product of weight and one plus bonus first."""
    return sorted(range(len(values)), key=lambda k: weights[k] * (1 + bonuses[k]))


def as_listed(values, weights, bonuses) -> list[int]:
    """No order at all."""
    return list(range(len(values)))


def largest(values, weights, bonuses) -> list[int]:
    """The largest holding first."""
    return sorted(range(len(values)), key=lambda k: -values[k])


def lightest(values, weights, bonuses) -> list[int]:
    """The lowest weight first."""
    return sorted(range(len(values)), key=lambda k: weights[k])


def seized_instead(values, weights, bonuses, debt, target) -> float:
    """What is seized in place of what is repaid."""
    left, total = repaid_in(best)(values, weights, bonuses, debt, target), 0.0
    if left <= 0:
        return float(left)
    for k in best(values, weights, bonuses):
        part = min(values[k] / (1 + bonuses[k]), left)
        total, left = total + part * (1 + bonuses[k]), left - part
    return total


def everything(values, weights, bonuses, debt, target) -> float:
    """All that the collateral repays, where that is not enough."""
    found = repaid_in(best)(values, weights, bonuses, debt, target)
    return float(found) if found >= 0 else sum(v / (1 + i) for v, i in zip(values, bonuses, strict=True))


TASK = Task(
    number=2,
    title="The smallest repayment",
    kind="implement",
    outcome="compute how much must be repaid or sold until an account is safe, and recognise when no amount is enough",
    minutes=40,
    draw=draw,
    holds=is_told_apart,
    guaranteed="all of the best asset is needed and a part of the second; each other order needs its own amount",
    difficulty=digits,
    parts=(
        Part("2a", 1, "your own loan", asks.function(smallest_repayment, lambda g, _: [tuple(g.values())], SEE, 1e-6)),
        Part("2b", 2, "one collateral", asks.function(smallest_repayment, single, SEE, 1e-6), hidden=True),
        Part("2c", 2, "three collaterals", asks.function(smallest_repayment, several, SEE, 1e-6), hidden=True),
        Part(
            "2d",
            1,
            "no amount is enough, or none needed",
            asks.function(smallest_repayment, no_repayment, SEE, 1e-6),
            hidden=True,
        ),
    ),
    slips=(
        Slip(
            SEVERAL,
            lambda _: repaid_in(as_listed),
            "You seize the assets as they are listed; another order needs less.",
        ),
        Slip(
            SEVERAL,
            lambda _: repaid_in(largest),
            "The largest holding is not the best choice: what does seizing an asset do to the health factor?",
        ),
        Slip(
            SEVERAL,
            lambda _: repaid_in(lightest),
            "The lowest weight alone does not decide: seizing costs a bonus as well.",
        ),
        Slip(ALL, lambda _: repaid_in(best, charged=0.0), "The liquidator seizes more than it repays."),
        Slip(REACHED, lambda _: repaid_in(best, aim=1.0), "That brings the health factor to 1; the target is higher."),
        Slip(REACHED, lambda _: seized_instead, "That is what is seized; asked is what is repaid."),
        Slip(("2d",), lambda _: everything, "Seizing everything is not always enough: say so."),
    ),
    words={
        "values": "market values of the collaterals",
        "weights": "asset weights of the collaterals",
        "bonuses": "liquidation bonuses of the collaterals",
    },
)
