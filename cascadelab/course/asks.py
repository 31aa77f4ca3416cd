"""Short ways to say what a part asks for, each returns what `Part.exercise` wants; and `kept`, for its test inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from cascadelab.course.personal import Draw
from cascadelab.course.task import ATTEMPTS, Given
from cascadelab.kit.check import Exercise

T = TypeVar("T")
Ask = Callable[[Given, Draw], Exercise]


def number(answer: Callable[[Given], Any], tolerance: float, see: str) -> Ask:
    """Ask for one number, right within `tolerance`."""
    return lambda given, _: Exercise("number", answer=lambda: answer(given), tolerance=tolerance, see=see)


def numbers(answer: Callable[[Given], Any], tolerance: float, see: str) -> Ask:
    """Ask for a list of numbers, each right within `tolerance`."""
    return lambda given, _: Exercise("numbers", answer=lambda: answer(given), tolerance=tolerance, see=see)


def choice(answer: Callable[[Given], str], options: Sequence[str], see: str) -> Ask:
    """Ask for one of the options, which are letters."""
    return lambda given, _: Exercise("choice", answer=lambda: answer(given), options=tuple(options), see=see)


def function(
    oracle: Callable[..., Any], inputs: Callable[[Given, Draw], list[tuple[Any, ...]]], see: str, tolerance: float = 0.0
) -> Ask:
    """Ask for a function that agrees with `oracle` on every tuple of `inputs(given, draw)`."""
    return lambda given, draw: Exercise(
        "function", answer=lambda: oracle, samples=inputs(given, draw), tolerance=tolerance, see=see
    )


def expression(
    answer: Callable[[Given], Any], points: Callable[[], list[dict[Any, float]]], see: str, tolerance: float = 0.0
) -> Ask:
    """Ask for a sympy expression in the symbols of `points()`; compared by value at each of the points."""
    return lambda given, _: Exercise(
        "expression", answer=lambda: answer(given), samples=points(), tolerance=tolerance, see=see
    )


def kept(count: int, draw: Callable[[], T], holds: Callable[[T], bool]) -> list[T]:
    """Draw until so many draws hold, and return these; raises ArithmeticError where too few do."""
    found: list[T] = []
    for _ in range(ATTEMPTS * count):
        drawn = draw()
        if holds(drawn):
            found.append(drawn)
            if len(found) == count:
                return found
    raise ArithmeticError(f"{ATTEMPTS * count} draws: {len(found)} of {count} hold")
