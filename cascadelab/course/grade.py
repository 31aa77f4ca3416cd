"""Grade one submission: merge it with the source, run it, judge what it answered, and say why points were lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cascadelab.course.apart import FIRST, Limits, Ran, Runner, run_apart
from cascadelab.course.form import Cell, task_of, tested
from cascadelab.course.merge import UnreadableNotebookError, merge, read_notebook
from cascadelab.course.personal import identify
from cascadelab.course.scan import scan
from cascadelab.course.task import Assignment, find
from cascadelab.course.work import Work

FAILED = "grader failed"  # no fault of the student's: not kept, and worth another run
STRANGE = "what arrived in its place can not be read"


@dataclass(frozen=True)
class Grade:
    """The grade of one student: `points` of each test cell, why some were lost, and what a person should review.

    `automatic` and `manual_maximum`, which a person still marks, are of the tasks that count, `optional` of the others.
    """

    student: str
    status: str
    points: dict[str, float]
    automatic: float
    automatic_maximum: float
    optional: float
    optional_maximum: float
    manual_maximum: float
    reasons: list[str]
    review: list[str]


@dataclass(frozen=True)
class Grader:
    """What all submissions of one assignment share."""

    chapter: str
    source: list[Cell]
    salt: str
    limits: Limits = field(default_factory=Limits)
    runner: Runner = run_apart

    @property
    def assignment(self) -> Assignment:
        """The tasks, with their oracles."""
        return find(self.chapter)

    def grade(self, path: Path, student: str) -> Grade:
        """Grade one file with the numbers of `student`; whatever is in it, the answer is a `Grade`."""
        student = identify(student)
        try:
            submission = read_notebook(path)
        except UnreadableNotebookError as problem:
            return self.nothing(student, "unreadable", str(problem))
        cells, notes = merge(self.source, submission, salt=self.salt, student=student)
        setup = [cell for cell in cells if cell.role in ("setup", "work")]
        theirs = [cell for cell in cells if cell.role in ("answer", "own")]
        ran = self.runner(cells, self.limits)
        if fault := _fault_of_ours(setup, ran):
            return self.nothing(student, FAILED, fault)
        points, reasons = self._judge(student, cells, ran)
        review = scan(theirs, setup, self.assignment.allowed)
        return self._grade(student, "graded", points, [*notes, *ran.notes, *reasons], review)

    def nothing(self, student: str, status: str, reason: str) -> Grade:
        """A grade without points, and why."""
        return self._grade(student, status, dict.fromkeys(self.tests, 0.0), [reason], [])

    @property
    def tests(self) -> dict[str, Cell]:
        """The test cells of the source, by name."""
        return {cell.name: cell for cell in self.source if cell.role == "test"}

    def _grade(
        self, student: str, status: str, points: dict[str, float], reasons: list[str], review: list[str]
    ) -> Grade:
        """Add up the points: those of the tasks that count, and those of the others."""
        sums = {}
        for name, optional in (("automatic", False), ("optional", True)):
            cells = [cell for cell in self.tests.values() if self._is_optional(cell) == optional]
            sums[name] = sum(points[cell.name] for cell in cells)
            sums[f"{name}_maximum"] = sum(cell.points for cell in cells)
        manual = sum(cell.points for cell in self.source if cell.role == "explain" and not self._is_optional(cell))
        return Grade(student, status, points, manual_maximum=manual, reasons=reasons, review=review, **sums)

    def _is_optional(self, cell: Cell) -> bool:
        """Whether the task of a cell, `test-4a` or `explain-3`, is optional."""
        return self.assignment.task(task_of(cell.name)).optional

    def _judge(self, student: str, cells: Sequence[Cell], ran: Ran) -> tuple[dict[str, float], list[str]]:
        work = Work(self.chapter, self.salt, student)
        errors = _errors(ran)
        found: dict[str, dict[str, Any]] = {}
        for report in ran.reports:  # the first report of a part counts: a cell below may not better it
            found.setdefault(str(report["part"]), report) if "part" in report else None
        reasons = [
            f"{cell.name}: {errors[cell.name]}" for cell in cells if cell.role != "test" and errors.get(cell.name)
        ]
        points = {}
        for name, cell in self.tests.items():
            error = errors.get(name, "it was not reached")
            lost = [why for part in tested(cell) if (why := _why(work, part, found.get(part), error))] or [error]
            points[name] = 0.0 if any(lost) else cell.points
            reasons += [f"{name}: {why}" for why in lost if why]
        return points, reasons


def _errors(ran: Ran) -> dict[str, str]:
    """What each cell that ended says of its error, empty if there was none; the first report of a name counts."""
    ends = [report for report in ran.reports if "end" in report]
    return {str(report["end"]): str(report.get("error", "")) for report in reversed(ends)}


def _fault_of_ours(setup: Sequence[Cell], ran: Ran) -> str:
    """Say which of our own first cells did not end without error; empty if all did."""
    errors = _errors(ran)
    wrong = {cell.name: errors.get(cell.name, errors.get(FIRST, "it was not reached")) for cell in setup}
    return next((f"look at {name} and run it again: {error}" for name, error in wrong.items() if error), "")


def _why(work: Work, part: str, report: dict[str, Any] | None, error: str) -> str:
    """Why a part earned nothing; empty if its answer is right."""
    if report is None:
        return error or "no answer arrived"
    if "given" not in report:
        return str(report.get("problem") or STRANGE)[:300]
    try:
        verdict = work.judge(part, report["given"])
    except (TypeError, ValueError, AttributeError, OverflowError):  # no answer of that shape is written by `work.test`
        return STRANGE
    return "" if verdict.right else verdict.message.partition(": ")[2]
