"""Submissions for the tests: the reference solution, the blank release, and one known slip at a time."""

import copy
import json
from pathlib import Path

from cascadelab.course import form
from cascadelab.course.apart import Ran
from cascadelab.course.child import run
from cascadelab.course.task import find

SOURCES = Path(__file__).resolve().parent.parent.parent / "chapters" / "assignments"
SALT = "a test"
TEN = ["alice", "bob42", "c.curie", "d_dijkstra", "e-erdos", "f@uni.example", "g+1", "00", "zz-9", "x" * 64]


def source(chapter):
    """Read a source notebook as plain JSON."""
    return json.loads((SOURCES / f"{find(chapter).stem}.ipynb").read_text(encoding="utf-8"))


def cell(notebook, name):
    """Return the cell of that id."""
    return next(entry for entry in notebook["cells"] if entry["id"] == name)


def signed(notebook, student, *, pictures=True):
    """Return a copy with the student's id typed in, with or without the cells that only draw."""
    changed = copy.deepcopy(notebook)
    cell(changed, "student")["source"] = f'student = "{student}"'
    changed["cells"] = [c for c in changed["cells"] if pictures or not c["id"].startswith("picture-")]
    return changed


def reference(chapter, student, *, pictures=True):
    """Return the source, solutions included, as a student's submission."""
    return signed(form.with_salt(source(chapter), SALT), student, pictures=pictures)


def blank(chapter, student):
    """Return the release as it was handed out, with an id."""
    return signed(form.released(source(chapter), SALT), student)


def with_slips(notebook, chapter, slips):
    """Return a copy in which known slips, given as (task number, place), take the place of the right answers."""
    changed = copy.deepcopy(notebook)
    tests = [read for read in form.cells_of(changed) if read.role == "test"]
    for number, place in slips:
        slip = find(chapter).task(number).slips[place]
        answer = f"_find({chapter!r}).task({number}).slips[{place}].answer(work.given({number}))"
        tested = next(read for read in tests if slip.parts[0] in form.tested(read))
        line = f"from cascadelab.course.task import find as _find\n{variable(tested, slip.parts[0])} = {answer}"
        cells = changed["cells"]
        names = [entry["id"] for entry in cells]
        before = max(k for k in range(names.index(tested.name)) if names[k].startswith("answer-"))
        cells[before]["source"] = "".join(cells[before]["source"]) + "\n" + line
    return changed


def variable(tested, part):
    """Name of the variable that a test cell hands to `work.test` for a part."""
    (line,) = [text for text in tested.source.split("\n") if text.startswith(f'work.test("{part}", ')]
    return line.partition(", ")[2].rstrip(")")


def run_here(cells, limits):
    """Run cells in this process, without limits but the alarm: for what we wrote ourselves."""
    reports = []
    run([{"name": c.name, "source": c.source} for c in cells], reports.append, seconds=limits.seconds)
    return Ran(reports, [])


def stored(notebook, path):
    """Write a notebook to a file and return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(form.written(notebook), encoding="utf-8")
    return path
