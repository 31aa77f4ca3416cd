"""Self-checks: `check("account.2", answer)` says right, or names the slip; it never says the answer.

Each chapter's `exercises.py` holds `EXERCISES`, a dictionary from "1", "2", … to an `Exercise`.
"""

from __future__ import annotations

import copy
import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cascadelab.kit.notation import CHAPTERS, written


@dataclass(frozen=True)
class Misconception:
    """A known wrong way: `answer()` follows it, `hint` says what it overlooks."""

    answer: Callable[[], Any]
    hint: str


@dataclass(frozen=True)
class Exercise:
    """What `check` needs to know of one exercise.

    kind : "number" or "numbers" (compared within `tolerance`, absolute), "choice" (one of `options`),
           "expression" (sympy; equal at every point of `samples`, a list of {symbol: value}),
           "function" (called with every tuple of `samples`; results compared within `tolerance`).
    answer : returns the right answer; for "function" it returns the right function.
    see : where to look again, e.g. "equation (1.4)".
    """

    kind: str
    answer: Callable[[], Any]
    see: str
    tolerance: float = 0.0
    misconceptions: tuple[Misconception, ...] = ()
    options: tuple[str, ...] = ()
    samples: Sequence[Any] = ()


@dataclass(frozen=True)
class Verdict:
    """What `check` found: `right`, and a sentence for the reader."""

    right: bool
    message: str

    def __repr__(self) -> str:
        return self.message


def check(name: str, answer: Any) -> Verdict:
    """Compare `answer` with the exercise `name`, e.g. "account.2".

    A malformed answer gets a sentence, never a traceback. Raises ValueError if there is no such exercise.
    """
    exercise = find(name)
    try:
        given = read(exercise, answer)
    except UnreadableError as problem:
        return Verdict(False, f"{name}: {problem}")
    return judge(name, exercise, given)


def judge(name: str, exercise: Exercise, given: Any) -> Verdict:
    """Compare what `read` made of an answer with the right answer, then with the known slips."""
    if _same(exercise, given, read(exercise, exercise.answer())):
        within = f" (within {exercise.tolerance:g})" if exercise.tolerance else ""
        return Verdict(True, f"{name}: right{within}.")
    for slip in exercise.misconceptions + _common_slips(exercise):
        if _same(exercise, given, read(exercise, slip.answer())):
            return Verdict(False, f"{name}: not yet. {slip.hint}")
    if _near(exercise, given):
        return Verdict(False, f"{name}: very near; keep more digits, the tolerance is {exercise.tolerance:g}.")
    if exercise.kind == "function":
        return Verdict(False, f"{name}: not yet. {_first_failure(exercise, given)} Look again at {exercise.see}.")
    return Verdict(False, f"{name}: not yet. Look again at {exercise.see}.")


def find(name: str) -> Exercise:
    """Return the exercise called `name`, or raise a ValueError that lists what there is."""
    chapter, _, number = str(name).partition(".")
    if chapter not in CHAPTERS or not written(chapter):
        raise ValueError(f"name must be a chapter and a number like 'account.2', got {name!r}")
    exercises: dict[str, Exercise] = importlib.import_module(f"cascadelab.{chapter}.exercises").EXERCISES
    if number not in exercises:
        raise ValueError(f"name must be one of {', '.join(f'{chapter}.{n}' for n in exercises)}, got {name!r}")
    return exercises[number]


class UnreadableError(Exception):
    """An answer that can not be compared; the message is for the reader."""


def read(exercise: Exercise, answer: Any) -> Any:
    """Bring an answer into the form in which two answers are compared: a text, or an array of float64.

    Raises UnreadableError, with a sentence for the reader, where the answer can not be compared.
    """
    if answer is ...:
        raise UnreadableError("no answer yet; put yours in place of the three dots.")
    if exercise.kind == "choice":
        return _read_choice(exercise, answer)
    if exercise.kind == "expression":
        return _read_expression(exercise, answer)
    if exercise.kind == "function":
        return _read_function(exercise, answer)
    return _read_numbers(exercise.kind, answer)


def _read_numbers(kind: str, answer: Any) -> np.ndarray:
    wanted = "a number" if kind == "number" else "a list of numbers"
    if isinstance(answer, str):
        raise UnreadableError(f"{wanted} is expected, got the text {_short(answer)}; write it without quotes.")
    if isinstance(answer, (bytes, bool, dict, set)) or answer is None or callable(answer):
        raise UnreadableError(f"{wanted} is expected, got {_short(answer)}.")
    try:
        values = np.asarray(answer, dtype=np.float64)
    except (TypeError, ValueError):
        raise UnreadableError(f"{wanted} is expected, got {_short(answer)}.") from None
    if kind == "number":
        if values.size != 1:
            raise UnreadableError(f"one number is expected, got {values.size} of them.")
        values = values.reshape(())
    if not np.isfinite(values).all():
        raise UnreadableError("the answer is not finite; a price, a margin or a probability always is.")
    return values


def _read_choice(exercise: Exercise, answer: Any) -> str:
    choice = answer.strip(" ().:").lower() if isinstance(answer, str) else answer
    if choice not in exercise.options:
        raise UnreadableError(f"one of {', '.join(map(repr, exercise.options))} is expected, got {_short(answer)}.")
    return str(choice)


def _read_expression(exercise: Exercise, answer: Any) -> np.ndarray:
    import sympy

    if isinstance(answer, sympy.Equality):
        answer = answer.rhs
    if isinstance(answer, (int, float, np.number)) and not isinstance(answer, bool):
        answer = sympy.sympify(answer)
    if not isinstance(answer, sympy.Expr):
        raise UnreadableError(f"a sympy expression is expected, got {_short(answer)}.")
    known = {symbol.name: symbol for symbol in exercise.samples[0]}
    strangers = sorted(symbol.name for symbol in answer.free_symbols if symbol.name not in known)
    if strangers:
        allowed = ", ".join(sorted(known))
        raise UnreadableError(f"the answer may only use {allowed}, but it has {', '.join(strangers)}.")
    named = answer.subs({symbol: known[symbol.name] for symbol in answer.free_symbols})
    return _read_numbers("numbers", [complex(named.subs(point)).real for point in exercise.samples])


def _read_function(exercise: Exercise, answer: Any) -> np.ndarray:
    if not callable(answer):
        raise UnreadableError(f"a function is expected, got {_short(answer)}.")
    results = []
    for arguments in exercise.samples:
        try:
            results.append(float(answer(*copy.deepcopy(arguments))))  # a function may change what it is given
        except Exception as error:
            raise UnreadableError(
                f"your function failed for the arguments {arguments}: {type(error).__name__}: {error}."
            ) from None
    return _read_numbers("numbers", results)


def _same(exercise: Exercise, given: Any, wanted: Any) -> bool:
    if isinstance(wanted, str):
        return bool(given == wanted)
    tolerance = exercise.tolerance or 1e-9 * float(np.max(np.abs(wanted), initial=1.0))
    return bool(given.shape == wanted.shape and np.all(np.abs(given - wanted) <= tolerance))


def _near(exercise: Exercise, given: Any) -> bool:
    """Whether a single number misses by no more than twenty tolerances: rounding, most likely."""
    if exercise.kind != "number":
        return False
    right = float(read(exercise, exercise.answer()))
    return bool(abs(float(given) - right) <= 20 * exercise.tolerance)


def _first_failure(exercise: Exercise, given: Any) -> str:
    wanted = read(exercise, exercise.answer())
    first = int(np.argmax(np.abs(given - wanted) > exercise.tolerance))
    return f"Your function is off for the arguments ({', '.join(map(_short, exercise.samples[first]))})."


def _common_slips(exercise: Exercise) -> tuple[Misconception, ...]:
    """Return the slips that any numerical exercise can meet: the opposite sign, and percent where a rate is asked."""
    if exercise.kind not in ("number", "numbers"):
        return ()
    right = np.asarray(exercise.answer(), dtype=np.float64)
    sign = Misconception(lambda: -right, "The size is right, the sign is not.")
    if np.max(np.abs(right), initial=0.0) >= 1:
        return (sign,)
    return (
        Misconception(lambda: 100 * right, "You are off by a factor of 100: the book writes rates as fractions."),
        Misconception(lambda: right / 100, "You are off by a factor of 100: percent or fraction?"),
        sign,
    )


def _short(answer: Any) -> str:
    text = repr(answer)
    return text if len(text) <= 40 else text[:37] + "..."
