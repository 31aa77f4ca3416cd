"""A submission as the grader runs it: the student's cells, and every other cell as the source has it."""

from __future__ import annotations

import ast
import dataclasses
import json
from pathlib import Path
from typing import Any

from cascadelab.course.form import FILLED_IN, Cell, blank, cells_of, has_other_salt, salted, without_links
from cascadelab.course.personal import identify

NO_ID, OTHER_ID = "no id in the notebook", "the notebook says it is of"
OTHER_SALT = "setup: the notebook has another salt: graded with the numbers of the course"
LARGEST = 20_000_000  # bytes of a notebook that is read at all
LONGEST = 100_000  # characters of a code cell: the parser has no limit of its own on time and memory


class UnreadableNotebookError(Exception):
    """A submission that is no notebook; the message says why."""


def read_notebook(path: Path) -> list[Cell]:
    """Cells of a submitted notebook; raises UnreadableNotebookError, whatever is wrong with the file."""
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"it has more than {LARGEST // 1_000_000} MB: clear its outputs")
        cells = cells_of(json.loads(path.read_text(encoding="utf-8-sig")))
        for cell in cells:
            if cell.code and len(cell.source) > LONGEST:
                raise ValueError(f"cell {cell.name:.40} is too long: {len(cell.source):,} characters")
    except (OSError, ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise UnreadableNotebookError(unreadable(error)) from None
    return cells


def unreadable(error: Exception) -> str:
    """Say why a notebook can not be read, without its path, which has a name in it."""
    why = error.strerror if isinstance(error, OSError) else error
    return f"the notebook can not be read: {type(error).__name__}: {why}"[:200]


def merge(source: list[Cell], submission: list[Cell], *, salt: str, student: str) -> tuple[list[Cell], list[str]]:
    """Return the code cells to run, in the student's order, and notes on what was put back, missing or not theirs.

    Read-only cells and tests come from the source; the id is the roster's, not the one that was typed.
    """
    ours = {cell.name: cell for cell in source}
    own_text = {cell.name: cell.source for cell in reversed(submission)}
    notes = _id_notes(own_text.get("student", ""), student)
    if has_other_salt(own_text.get("setup", ""), salt):
        notes.append(OTHER_SALT)
    merged: list[Cell] = []
    seen: set[str] = set()
    for cell in submission:
        if cell.name in ours and cell.name not in seen:
            seen.add(cell.name)
            merged.append(_effective(ours[cell.name], cell.source, salt, student))
        elif cell.code:
            merged.append(dataclasses.replace(cell, role="own"))
    for k, cell in enumerate(source):
        if cell.name not in seen:
            before = {earlier.name for earlier in source[:k]}
            places = [j for j, there in enumerate(merged) if there.name in before and there.role != "own"]
            merged.insert(places[-1] + 1 if places else 0, _effective(cell, _handed_out(cell), salt, student))
            if cell.role in FILLED_IN and cell.role != "student":
                notes.append(f"{cell.name}: the cell is missing")
            elif cell.role == "test":
                notes.append(f"{cell.name}: the test cell was missing and was put back")
    for cell in source:
        if cell.role == "explain" and own_text.get(cell.name, "").strip() in ("", _handed_out(cell).strip()):
            notes.append(f"{cell.name}: no text")
    return [cell for cell in merged if cell.code and cell.role != "picture"], notes


def typed_id(text: str) -> str | None:
    """Return the id that a student typed, in its one form, or None if there is none that can be read."""
    found: Any = None
    try:
        for node in ast.parse(text).body:
            if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "student" for t in node.targets):
                found = node.value.value if isinstance(node.value, ast.Constant) else None
        return identify(found)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _handed_out(cell: Cell) -> str:
    return blank(dataclasses.replace(cell, source=without_links(cell)))


def _id_notes(text: str, student: str) -> list[str]:
    typed = typed_id(text)
    graded = f"graded with the numbers of {student}"
    if typed is None:
        return [f"{NO_ID}: {graded}"]
    return [f"{OTHER_ID} {typed}, it was handed in by {student}: {graded}"] if typed != student else []


def _effective(ours: Cell, theirs: str, salt: str, student: str) -> Cell:
    if ours.name == "setup":
        return dataclasses.replace(ours, source=salted(ours.source, salt))
    if ours.name == "student":
        return dataclasses.replace(ours, source=f'student = "{student}"')
    return dataclasses.replace(ours, source=theirs) if ours.role in FILLED_IN else ours
