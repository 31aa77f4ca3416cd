"""The form of an assignment's notebook: what each cell is, the release without solutions, and the salt.

A cell's id says what it is; nbgrader's metadata follow from it (`normalise`):

    setup, work, task-N, given-N, picture-N   read-only: put back as they were when a submission is graded
    student, answer-NX                        the student's; what stands between BEGIN and END SOLUTION is taken out
    test-NX                                   automatic points, those of the parts that it tests
    explain-N                                 a text that a person marks with the task's rubric
"""

from __future__ import annotations

import ast
import copy
import json
import re
from dataclasses import dataclass
from typing import Any

from cascadelab.course.task import Assignment

CODE_STUB, TEXT_STUB = "# YOUR CODE HERE", "YOUR ANSWER HERE"
REGION = r"^([^\S\n]*)### BEGIN {0}\n.*?^[^\S\n]*### END {0}[^\n]*$"
LEFT_OVER = re.compile("BEGIN SOLUTION|END SOLUTION|HIDDEN TESTS")
LINK = re.compile(r"(?<!!)\[([^][]*)\]\(\.\./[^)]*\)")  # to a file beside the chapters, which students do not get
SALT = re.compile(r'^salt = ".*"$', re.MULTILINE)
FILLED_IN = ("student", "answer", "explain")


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook: `name` is its id or grade id, `role` the part before the dash ("own" for any other)."""

    name: str
    role: str
    code: bool
    source: str
    points: float = 0.0


def role_of(name: str) -> str:
    """Say what a cell of a source notebook is, by its id.

    >>> role_of("answer-2"), role_of("student")
    ('answer', 'student')
    """
    return name.partition("-")[0]


def task_of(name: str) -> str:
    """Say to which task a cell of a source notebook belongs, by its id; empty if to none.

    >>> task_of("test-4a"), task_of("explain-3"), task_of("setup")
    ('4', '3', '')
    """
    return name.partition("-")[2].rstrip("abcdefghijklmnopqrstuvwxyz")


def cells_of(notebook: dict[str, Any]) -> list[Cell]:
    """Cells of a notebook that was read as plain JSON; raises ValueError unless it is a sound one of format 4."""
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or notebook.get("nbformat") != 4:
        raise ValueError("it is not a notebook of format 4")
    found = []
    for k, cell in enumerate(cells):
        if not isinstance(cell, dict):
            raise ValueError(f"cell {k + 1} is not a cell")
        lines, metadata = cell.get("source", ""), cell.get("metadata")
        source = "".join(map(str, lines)) if isinstance(lines, list) else str(lines)
        marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        marks = marks if isinstance(marks, dict) else {}
        name = str(marks.get("grade_id") or cell.get("id") or f"cell-{k + 1}")
        try:
            points = float(marks.get("points") or 0.0) if marks.get("grade") else 0.0
        except (ValueError, TypeError, OverflowError):
            raise ValueError(f"cell {name}: points must be a number, got {marks['points']!r:.40}") from None
        found.append(Cell(name, role_of(name), cell.get("cell_type") == "code", source, points))
    return found


def refuse_faults(notebook: dict[str, Any], assignment: Assignment) -> None:
    """Raise ValueError for what release or grader would stumble over later in a source notebook."""
    cells = cells_of(notebook)
    seen: set[str] = set()
    for cell in cells:
        try:
            if cell.name in seen:
                raise ValueError("another cell has this name too")
            if cell.role in ("test", "explain"):
                assignment.task(task_of(cell.name))
            elif cell.points:
                raise ValueError("only cells named test-… or explain-… have points")
            for part in tested(cell) if cell.role == "test" else ():
                assignment.part(part)
        except (ValueError, SyntaxError) as error:
            raise ValueError(f"cell {cell.name}: {error}") from None
        seen.add(cell.name)
    salted(next((cell.source for cell in cells if cell.name == "setup"), ""), "")


def blank(cell: Cell) -> str:
    """Return a cell's text without solution and hidden tests, as nbgrader's `generate_assignment` leaves it."""
    stub = CODE_STUB if cell.code else TEXT_STUB
    text = re.sub(REGION.format("SOLUTION"), rf"\1{stub}", cell.source, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"\n?" + REGION.format("HIDDEN TESTS"), "", text, flags=re.MULTILINE | re.DOTALL)


def without_links(cell: Cell) -> str:
    """Return a cell's text, with links to files beside the chapters as plain text."""
    return cell.source if cell.code else LINK.sub(r"\1", cell.source)


def salted(source: str, salt: str) -> str:
    """Return the text of the source's setup cell with another salt; raises ValueError unless it has one, to a line."""
    text, count = SALT.subn(lambda _: _salt_line(salt), source)
    if count != 1:
        raise ValueError('the cell setup must hold one line salt = "…"')
    return text


def has_other_salt(source: str, salt: str) -> bool:
    """Whether a submission's setup cell has a line for the salt, and it says another one."""
    return any(line != _salt_line(salt) for line in SALT.findall(source))


def _salt_line(salt: str) -> str:
    return f"salt = {json.dumps(salt, ensure_ascii=False)}"


def with_salt(notebook: dict[str, Any], salt: str) -> dict[str, Any]:
    """Return a copy of a source notebook, as plain JSON, with a course's salt, without outputs or links beside it."""
    reads, changed = cells_of(notebook), copy.deepcopy(notebook)
    for cell, read in zip(changed["cells"], reads, strict=True):
        text = salted(read.source, salt) if read.name == "setup" else without_links(read)
        cell["source"] = text.splitlines(keepends=True)
        if read.code:
            cell["outputs"], cell["execution_count"] = [], None
    return changed


def released(notebook: dict[str, Any], salt: str) -> dict[str, Any]:
    """Return what students get: the salt of the course, and no solutions, hidden tests or outputs.

    No cell can be deleted, and only those that a student fills in can be edited, as nbgrader has it.
    Raises ValueError where a mark of a solution or of hidden tests is left, as a misspelled or indented one leaves it.
    """
    changed = with_salt(notebook, salt)
    for cell, read in zip(changed["cells"], cells_of(changed), strict=True):
        text = blank(read)
        if left := LEFT_OVER.search(text):
            raise ValueError(f"cell {read.name} still has {left.group()!r} in the release: begin and end must match")
        cell["source"] = text.splitlines(keepends=True)
        metadata = cell.setdefault("metadata", {})
        metadata["deletable"] = False
        if read.role not in FILLED_IN:
            metadata["editable"] = False
    return changed


def written(notebook: dict[str, Any]) -> str:
    """Return a notebook as the text of its file."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def tested(cell: Cell) -> list[str]:
    """Names of the parts that a test cell hands to `work.test`."""
    calls = (node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call))
    return [
        call.args[0].value
        for call in calls
        if ast.unparse(call.func) == "work.test" and call.args and isinstance(call.args[0], ast.Constant)
    ]


def normalise(notebook: dict[str, Any], assignment: Assignment) -> dict[str, Any]:
    """Return a copy of a source notebook with nbgrader's metadata as the ids and the tasks' points want them.

    Raises ValueError for what `refuse_faults` refuses in a notebook whose cells are named by their ids.
    """
    reads, changed = cells_of(notebook), copy.deepcopy(notebook)
    for cell, read in zip(changed["cells"], reads, strict=True):
        name = str(cell.get("id") or read.name)
        role = role_of(name)
        marks: dict[str, Any] = {"grade_id": name, "schema_version": 3, "task": False}
        marks["solution"] = role in FILLED_IN
        marks["grade"] = role in ("test", "explain")
        marks["locked"] = role not in FILLED_IN
        cell["metadata"] = {**cell.get("metadata", {}), "nbgrader": marks}
    refuse_faults(changed, assignment)
    for cell, read in zip(changed["cells"], cells_of(changed), strict=True):
        marks = cell["metadata"]["nbgrader"]
        if read.role == "test":
            marks["points"] = sum(assignment.part(part)[1].points for part in tested(read))
        if read.role == "explain":
            marks["points"] = sum(points for points, _ in assignment.task(task_of(read.name)).rubric)
    return changed
