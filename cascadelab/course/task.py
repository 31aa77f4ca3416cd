"""What an assignment is made of: tasks, their personal numbers, their graded parts, and the known slips.

A chapter's assignment is the `ASSIGNMENT` of `cascadelab/course/tasks/<word>/`, with one module a task.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from cascadelab.course.personal import Draw
from cascadelab.kit.check import Exercise, Misconception
from cascadelab.kit.notation import CHAPTERS

Given = Mapping[str, Any]
KINDS = ("compute", "implement", "explain", "derive", "simulate", "find the error")
CAPSTONE = "capstone"
ATTEMPTS = 1000
APART = 10.0  # a slip's number lies at least this many tolerances from the right one, and from that of another hint


@dataclass(frozen=True)
class Part:
    """One graded test of a task, e.g. "2b".

    exercise : from the personal numbers, and a stream for random test inputs, the `Exercise` of the kit (kind, answer,
               tolerance, samples, see); its misconceptions are filled in from the task's slips.
    tests : what is tested, for the reader. hidden : whether only the grader runs it.
    by_hand : the right number or numbers in plain Python, where the book's own function is too slow for every draw.
    """

    name: str
    points: int
    tests: str
    exercise: Callable[[Given, Draw], Exercise]
    hidden: bool = False
    by_hand: Callable[[Given], Any] | None = None


@dataclass(frozen=True)
class Slip:
    """A known wrong way: `answer(given)` follows it, `parts` are the parts that it loses; all others it passes."""

    parts: tuple[str, ...]
    answer: Callable[[Given], Any]
    hint: str


@dataclass(frozen=True)
class Task:
    """A task: what is asked, of whom, and how it is graded.

    outcome : the learning outcome, word for word a line of the chapter's *You will be able to*, without its last mark.
    draw : personal numbers from a stream. holds : what is guaranteed of them; a draw without it is thrown away.
    difficulty : a measure of the work that the numbers make; its spread over students must stay small.
    words : meanings of the numbers that `kit.notation` does not know.
    shares : number of the task whose draw this one has too; `shows` : names of the numbers that a student sees of it,
             all if empty. A shared draw is kept only if it holds, and tells slips apart, for every task that has it.
    rubric : (points, what earns them), for a task that a person marks.
    """

    number: int
    title: str
    kind: str
    outcome: str
    minutes: int
    draw: Callable[[Draw], dict[str, Any]]
    difficulty: Callable[[Given], float]
    guaranteed: str
    holds: Callable[[Given], bool] = lambda given: True
    parts: tuple[Part, ...] = ()
    slips: tuple[Slip, ...] = ()
    rubric: tuple[tuple[int, str], ...] = ()
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)
    optional: bool = False
    shares: int | None = None
    shows: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        """All points of the task, automatic and manual."""
        return sum(part.points for part in self.parts) + sum(points for points, _ in self.rubric)


@dataclass(frozen=True)
class Assignment:
    """The assignment of one chapter, or the capstone. `allowed` are names of the book that need no review."""

    chapter: str
    title: str
    tasks: tuple[Task, ...]
    allowed: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """Name of its notebook, e.g. "01_account", or "capstone"."""
        number = f"{CHAPTERS.index(self.chapter):02d}_" if self.chapter in CHAPTERS else ""
        return f"{number}{self.chapter}"

    @property
    def parts(self) -> dict[str, tuple[Task, Part]]:
        """Every graded part by its name, with its task."""
        return {part.name: (task, part) for task in self.tasks for part in task.parts}

    def part(self, name: str) -> tuple[Task, Part]:
        """Return a part by its name, with its task, or raise a ValueError that lists the names."""
        if name not in self.parts:
            raise ValueError(f"part must be one of {', '.join(self.parts)}, got {name!r:.40}")
        return self.parts[name]

    def task(self, number: str | int) -> Task:
        """Return a task by its number, or raise a ValueError that lists the numbers."""
        for task in self.tasks:
            if str(task.number) == str(number):
                return task
        raise ValueError(f"number must be one of {', '.join(str(t.number) for t in self.tasks)}, got {number!r:.40}")


def ready() -> list[str]:
    """Chapters that have an assignment, in the order of the book, and the capstone."""
    folder = resources.files("cascadelab.course.tasks")
    return [chapter for chapter in (*CHAPTERS, CAPSTONE) if folder.joinpath(chapter, "__init__.py").is_file()]


def find(chapter: str) -> Assignment:
    """Return the assignment of a chapter, or raise a ValueError that lists what there is."""
    if chapter not in ready():
        raise ValueError(f"chapter must be one of {', '.join(ready())}, got {chapter!r:.40}")
    found: Assignment = importlib.import_module(f"cascadelab.course.tasks.{chapter}").ASSIGNMENT
    return found


def numbers(assignment: Assignment, task: Task, salt: str, student: str) -> dict[str, Any]:
    """Return a student's numbers for one task: the first draw for which everything guaranteed of them holds."""
    first = task if task.shares is None else assignment.task(task.shares)
    together = [first, *(other for other in assignment.tasks if other.shares == first.number)]
    for attempt in range(ATTEMPTS):
        given = first.draw(Draw(salt, student, assignment.chapter, first.number, attempt))
        if all(one.holds(given) for one in together) and all(_slips_are_told_apart(one, given) for one in together):
            return given
    raise ArithmeticError(
        f"{ATTEMPTS} draws for {assignment.chapter}.{task.number} and student {student!r}: none holds"
    )


def exercise(assignment: Assignment, part: str, given: Given, salt: str, student: str) -> Exercise:
    """Return one part's exercise with its random test inputs and the slips that lose it; answers are computed once."""
    task, entry = assignment.part(part)
    bare = entry.exercise(given, Draw(salt, student, assignment.chapter, part, "hidden" if entry.hidden else "shown"))
    once = functools.cache(bare.answer)
    return dataclasses.replace(bare, answer=once, misconceptions=_misconceptions(task, part, given))


def digits(given: Given) -> float:
    """Count the significant digits of all numbers in a task: how much there is to type and to carry along.

    >>> digits({"asset": "ETH", "quantity": -40, "maintenance_rate": 0.025, "prices": [90, 85.5]})
    7.0
    """
    count = 0
    for value in given.values():
        for entry in value if isinstance(value, list | tuple) else [value]:
            if not isinstance(entry, str):
                count += len(f"{abs(entry):.10g}".replace(".", "").strip("0")) or 1
    return float(count)


def _misconceptions(task: Task, part: str, given: Given) -> tuple[Misconception, ...]:
    return tuple(
        Misconception(functools.cache(functools.partial(slip.answer, given)), slip.hint)
        for slip in task.slips
        if part in slip.parts
    )


def _slips_are_told_apart(task: Task, given: Given) -> bool:
    """Whether, in each part that asks for numbers, every slip's answer differs from the right one and from others."""
    for part in task.parts:
        if part.hidden:  # functions on random inputs: the tests tell their slips apart
            continue
        bare = part.exercise(given, Draw())
        if bare.kind not in ("number", "numbers"):
            continue
        room = APART * bare.tolerance
        values: list[tuple[str, list[float]]] = []
        wrong = ((slip.hint, slip.answer) for slip in task.slips if part.name in slip.parts)
        right = part.by_hand or (lambda _, bare=bare: bare.answer())
        for hint, answer in (*wrong, ("", right)):  # the oracle last: it is slow
            value = _listed(answer(given))
            for other, there in values:
                if other != hint and all(abs(a - b) < room for a, b in zip(value, there, strict=True)):
                    return False
            values.append((hint, value))
    return True


def _listed(answer: Any) -> list[float]:
    """Numbers of an answer in plain Python: this runs for every draw, and small arrays are slow."""
    if isinstance(answer, list | tuple | np.ndarray):
        return [float(entry) for entry in answer]
    return [float(answer)]
