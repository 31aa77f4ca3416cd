"""What a student holds in the notebook: their numbers, and a check that says right or names the slip."""

from __future__ import annotations

import contextlib
import copy
import io
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from cascadelab.course.personal import identify
from cascadelab.course.task import Task, exercise, find, numbers
from cascadelab.kit.check import Exercise, UnreadableError, Verdict, judge, read
from cascadelab.kit.display import Table, table
from cascadelab.kit.notation import TERMS

RECORDERS: list[Callable[[str, Any], None]] = []  # the grader's child listens here; empty in a student's notebook


class ShownNumbers(dict):  # type: ignore[type-arg]
    """Personal numbers by name; shows itself as a table."""

    words: dict[str, str]

    def _table(self) -> Table:
        terms = {term.identifier: term for term in TERMS}
        rows = []
        for name, value in self.items():
            term = terms.get(name)
            meaning = self.words.get(name) or (term.meaning if term else "")
            rows.append([f"`{name}`", _written(value), term.unit if term and name not in self.words else "", meaning])
        return table(rows, ["name", "yours", "unit", "meaning"])

    def __repr__(self) -> str:
        return repr(self._table())

    def _repr_markdown_(self) -> str:
        return self._table()._repr_markdown_()


class Work:
    """One student's assignment: `given` and `check` are for the student, `test` is for the grader's cells."""

    def __init__(self, chapter: str, salt: str, student: str) -> None:
        self._assignment = find(chapter)
        self._salt, self._student = str(salt), identify(student)
        self._numbers: dict[int, dict[str, Any]] = {}
        self._exercises: dict[str, Exercise] = {}

    def __repr__(self) -> str:
        return f"{self._assignment.title}, numbers of {self._student}"

    def given(self, number: str | int) -> ShownNumbers:
        """Return the student's numbers for a task, as a dictionary of its own."""
        task = self._assignment.task(number)
        drawn = self._of(task)
        shown = ShownNumbers(copy.deepcopy({name: drawn[name] for name in task.shows or drawn}))
        shown.words = dict(task.words)
        return shown

    def check(self, part: str, answer: Any) -> Verdict:
        """Say right, or name the slip; never the answer. A hidden part waits for the grader."""
        _, entry = self._assignment.part(part)
        if entry.hidden:
            return Verdict(False, f"{self._name(part)}: tested when the assignment is graded.")
        with _quiet():
            try:
                return self.judge(part, self._read(part, answer))
            except UnreadableError as problem:
                return Verdict(False, f"{self._name(part)}: {problem}")

    def test(self, part: str, answer: Any) -> None:
        """Raise an AssertionError with the hint unless the answer is right; also for hidden parts."""
        with _quiet():
            try:
                given = self._read(part, answer)
            except UnreadableError as problem:
                _record(part, {"problem": str(problem)})
                raise AssertionError(f"{self._name(part)}: {problem}") from None
            _record(part, {"given": given if isinstance(given, str) else np.asarray(given).tolist()})
            verdict = self.judge(part, given)
        if not verdict.right:
            raise AssertionError(verdict.message)

    def judge(self, part: str, given: Any) -> Verdict:
        """Compare what was read of an answer: a text, a number or a list of numbers. Runs nothing of a student's."""
        read_as = given if isinstance(given, str) else np.asarray(given, dtype=np.float64)
        return judge(self._name(part), self._exercise(part), read_as)

    def answer(self, part: str) -> Any:
        """Return the right answer, for the instructor; the grader marks a notebook that asks for it."""
        return self._exercise(part).answer()

    def shown(self, part: str) -> str:
        """Return the right answer as a text; of a function, its values on the inputs that the student's check uses."""
        asked = self._exercise(part)
        if asked.kind != "function":
            return str(asked.answer())
        if self._assignment.part(part)[1].hidden:
            return "a function, tested on hidden inputs"
        values = np.asarray(read(asked, asked.answer())).tolist()
        inputs = [[x.tolist() if hasattr(x, "tolist") else x for x in sample] for sample in asked.samples]
        pairs = zip(inputs, values, strict=True)
        return "a function" + "".join(f"\n   {str(sample)[1:-1]}  →  {value!r}" for sample, value in pairs)

    def _of(self, task: Task) -> dict[str, Any]:
        if task.number not in self._numbers:
            self._numbers[task.number] = numbers(self._assignment, task, self._salt, self._student)
        return self._numbers[task.number]

    def _exercise(self, part: str) -> Exercise:
        """Return a part's exercise, made once: students ask often."""
        if part not in self._exercises:
            task, _ = self._assignment.part(part)
            given = self._of(task)
            self._exercises[part] = exercise(self._assignment, part, given, self._salt, self._student)
        return self._exercises[part]

    def _read(self, part: str, answer: Any) -> Any:
        asked = self._exercise(part)
        try:
            return read(asked, plain(asked.kind, answer))
        except OverflowError:
            raise UnreadableError("a number is too large to be compared.") from None

    def _name(self, part: str) -> str:
        return f"course.{self._assignment.chapter}.{part}"


def assignment(chapter: str, *, salt: str, student: str) -> Work:
    """Return a student's work on a chapter's assignment; raises ValueError if the chapter or the id is not usable.

    >>> work = assignment("account", salt="demo", student="ab1234")
    >>> work.check("1a", ...)
    course.account.1a: no answer yet; put yours in place of the three dots.
    """
    return Work(chapter, salt, student)


def plain(kind: str, answer: Any) -> Any:
    """Return an answer that is made of plain numbers, texts or sympy's own nodes, or raise UnreadableError.

    An object that claims to equal everything, or that computes itself when it is looked at, does not pass.
    """
    if answer is ... or answer is None:
        return answer
    if kind == "function":
        return _plain_function(answer) if callable(answer) else answer
    if kind == "expression":
        return _plain_expression(answer)
    if type(answer) in (list, tuple):
        return [plain(kind, entry) for entry in answer]
    if type(answer) is np.ndarray and answer.dtype.kind in "iuf":
        return answer
    if type(answer) in (int, float, str) or type(answer) in np.sctypeDict.values():
        return answer
    if _is_sympy(answer) and answer.is_Number:
        return float(answer)
    raise UnreadableError(f"plain numbers or a text are expected, got an object of type {type(answer).__name__:.40}.")


def _plain_function(function: Callable[..., Any]) -> Callable[..., Any]:
    def plainly(*arguments: Any) -> Any:
        result = function(*arguments)
        if result is None or result is ...:
            raise TypeError("it returned nothing")
        return plain("number", result)

    return plainly


def _plain_expression(answer: Any) -> Any:
    import sympy

    if type(answer) in (int, float):
        return answer
    parts = sympy.preorder_traversal(answer) if isinstance(answer, sympy.Basic) else [answer]
    for part in parts:
        if not _is_sympy(part):
            raise UnreadableError(f"a sympy expression is expected, got an object of type {type(part).__name__:.40}.")
    return answer


def _is_sympy(thing: Any) -> bool:
    """Whether an object's type is one that sympy itself defines, not one that says so."""
    kind = type(thing)
    home = sys.modules.get(kind.__module__) if kind.__module__.startswith("sympy.") else None
    return getattr(home, kind.__name__, None) is kind


def _record(part: str, found: dict[str, Any]) -> None:
    for listen in RECORDERS:
        listen(part, found)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep a student's function from printing and warning: nbgrader takes text on stderr for a failed test.

    It changes the whole process, so the parent of the grader, which has threads, never comes here.
    """
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stderr(io.StringIO()),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


def _written(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.10g}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        return ", ".join(map(_written, value))
    return str(value)
