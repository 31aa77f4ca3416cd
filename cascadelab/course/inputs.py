"""What an instructor brings, read at the door: source notebooks and a roster. What is wrong is said with its file."""

from __future__ import annotations

import contextlib
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cascadelab.course import form
from cascadelab.course.personal import identify
from cascadelab.course.task import Assignment


@contextlib.contextmanager
def told_where(path: Path) -> Iterator[None]:
    """Put the path before what a ValueError says."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def read_source(path: Path, assignment: Assignment) -> dict[str, Any]:
    """Read a source notebook as plain JSON; raises ValueError where it is missing, and for what is wrong with it."""
    if not path.exists():
        raise ValueError(f"no source notebook {path}: run this in the book's folder, or give --source")
    with told_where(path):
        notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        form.refuse_faults(notebook, assignment)
    return notebook


def read_roster(path: Path) -> list[str]:
    """Ids of a roster: the column "id" of a CSV, in large or small letters; raises ValueError for what is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not in UTF-8: save it as CSV UTF-8") from None
    rows = [row for row in csv.reader(text.splitlines()) if any(map(str.strip, row))]
    if not rows:
        raise ValueError(f"{path} is empty: a roster is a CSV with a column id")
    header = [name.strip().lower() for name in rows[0]]
    if "id" not in header:
        raise ValueError(f"{path} has no column id, but {', '.join(rows[0])!r:.80}")
    column = header.index("id")
    if short := [row for row in rows if len(row) <= column]:
        raise ValueError(f"{path}: no id in the row {', '.join(short[0])!r:.80}")
    with told_where(path):
        return [identify(row[column]) for row in rows[1:]]
