"""One chapter's assignment through nbgrader's own command line: made, handed out, handed in, graded."""

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from cascadelab.course import form
from cascadelab.course.__main__ import main
from cascadelab.course.task import find
from tests.course.submissions import SALT, SOURCES, TEN, reference, signed, source, stored, variable, with_slips

REFERENCES = TEN[:1]  # nbgrader takes seconds for each; the slips of others are on references too
SCORES = """
    SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score
    FROM grade
    JOIN base_cell ON base_cell.id = grade.cell_id
    JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
    JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
"""


@dataclass
class Course:
    """A course folder, the slips that each student of it follows, and the scores that nbgrader found."""

    chapter: str
    folder: Path
    slips: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    scores: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def stem(self):
        return find(self.chapter).stem

    @property
    def tests(self):
        return [cell for cell in form.cells_of(source(self.chapter)) if cell.role == "test"]

    def run(self, *arguments):
        """Run nbgrader; it looks for alembic on the path."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        command = [sys.executable, "-W", "ignore", "-m", "nbgrader", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=os.environ | {"PATH": path}, capture_output=True, text=True, timeout=900
        )
        assert done.returncode == 0, done.stderr[-3000:]

    def hand_in(self, student, notebook):
        stored(notebook, self.folder / "submitted" / student / self.stem / f"{self.stem}.ipynb")

    def graded(self, student):
        """Text of a student's graded notebook, with its outputs."""
        path = self.folder / "autograded" / student / self.stem / f"{self.stem}.ipynb"
        return path.read_text(encoding="utf-8")


def teach(chapter, folder):
    """Make, release, hand in and autograde: a reference, a blank, and every slip, several in one notebook."""
    course = Course(chapter, folder)
    main(["course", "--source", str(SOURCES), "--assignment", chapter, "--salt", SALT, "--out", str(folder)])
    course.run("generate_assignment", course.stem, "--create")
    for student in REFERENCES:
        course.hand_in(student, reference(chapter, student, pictures=False))
    released = folder / "release" / course.stem / f"{course.stem}.ipynb"
    course.hand_in("blank", signed(json.loads(released.read_text("utf-8")), "blank", pictures=False))
    for k, slips in enumerate(bundles(course)):
        course.slips[f"slips-{k}"] = slips
        course.hand_in(f"slips-{k}", with_slips(reference(chapter, f"slips-{k}", pictures=False), chapter, slips))
    course.run("autograde", course.stem, "--create")
    with sqlite3.connect(folder / "gradebook.db") as book:
        for student, test, score in book.execute(SCORES):
            course.scores.setdefault(student, {})[test] = score
    book.close()
    return course


def bundles(course):
    """Share all slips out among few notebooks, no two on one variable."""
    queues = {}
    for task in find(course.chapter).tasks:
        for place, slip in enumerate(task.slips):
            tested = next(cell for cell in course.tests if slip.parts[0] in form.tested(cell))
            queues.setdefault(variable(tested, slip.parts[0]), []).append((task.number, place))
    return [[queue[k] for queue in queues.values() if k < len(queue)] for k in range(max(map(len, queues.values())))]


def assert_release_is_ours(course):
    """Our `release` and nbgrader's `generate_assignment` hand out the same text."""
    theirs = course.folder / "release" / course.stem / f"{course.stem}.ipynb"
    assert form.cells_of(json.loads(theirs.read_text("utf-8"))) == form.cells_of(
        form.released(source(course.chapter), SALT)
    )


def assert_reference_earns_everything(course):
    for student in REFERENCES:
        assert {test.name: course.scores[student][test.name] for test in course.tests} == {
            test.name: test.points for test in course.tests
        }


def assert_blank_earns_nothing(course):
    assert [course.scores["blank"][test.name] for test in course.tests] == [0] * len(course.tests)


def assert_each_slip_loses_its_points_and_gets_its_hint(course):
    seen = 0
    for student, slips in course.slips.items():
        chosen = [find(course.chapter).task(number).slips[place] for number, place in slips]
        lost = {part for slip in chosen for part in slip.parts}
        for test in course.tests:
            assert course.scores[student][test.name] == (0 if lost & set(form.tested(test)) else test.points), test.name
        for slip in chosen:
            assert json.dumps(slip.hint, ensure_ascii=False)[1:-1] in course.graded(student), slip.hint
            seen += 1
    assert seen == sum(len(task.slips) for task in find(course.chapter).tasks)
