"""The instructor's commands: `python -m cascadelab.course …`, see `chapters/assignments/README.md`."""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from cascadelab.course import form, matrix
from cascadelab.course.apart import Limits
from cascadelab.course.folder import grade_folder, submissions, write_csv
from cascadelab.course.grade import Grade, Grader
from cascadelab.course.inputs import read_roster, read_source, told_where
from cascadelab.course.merge import OTHER_SALT
from cascadelab.course.personal import identify
from cascadelab.course.task import Assignment, find, ready
from cascadelab.course.work import Work

SOURCES = Path("chapters") / "assignments"
SHIPPED = Path(__file__).resolve().parents[2] / SOURCES


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.command(options)
    except (ValueError, OSError) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped: the same command goes on from here", file=sys.stderr)
        return 130
    return status


def release(options: argparse.Namespace) -> int:
    """Write the notebooks for students: no solutions, no hidden tests, the salt of the course."""
    for assignment in _chosen(options):
        path = options.out / f"{assignment.stem}.ipynb"
        if path.exists() and form.LEFT_OVER.search(path.read_text(encoding="utf-8")):
            raise ValueError(f"{path} holds solutions, and the release would take their place: choose another --out")
        notebook = read_source(_path(options, assignment), assignment)
        with told_where(_path(options, assignment)):
            made = form.released(notebook, options.salt)
        _write(path, made)
    return 0


def course(options: argparse.Namespace) -> int:
    """Write a course folder for nbgrader: its settings, and the source of each assignment with the course's salt."""
    options.out.mkdir(parents=True, exist_ok=True)
    settings = [folder / "nbgrader_config.json" for folder in (options.out, options.source, SHIPPED)]
    found = next(path for path in settings if path.exists())
    if found != settings[0]:
        shutil.copy(found, settings[0])
    for assignment in _chosen(options):
        path = options.out / "source" / assignment.stem / f"{assignment.stem}.ipynb"
        if path.exists() and path.samefile(_path(options, assignment)):
            raise ValueError(f"{path} is the source itself: choose another --out")
        made = form.with_salt(read_source(_path(options, assignment), assignment), options.salt)
        if path.exists() and not _is_written(path, made, options.salt):
            others = f"give {path.parent} as --source, or choose another --out"
            raise ValueError(f"{path} differs from its source by more than the salt: {others}")
        _write(path, made)
    return 0


def _is_written(path: Path, made: dict[str, Any], salt: str) -> bool:
    """Whether a notebook in a course folder is what `course` writes, with any salt."""
    with contextlib.suppress(ValueError):  # broken, or without a line for the salt
        return form.with_salt(json.loads(path.read_text(encoding="utf-8")), salt) == made
    return False


def values(options: argparse.Namespace) -> int:
    """Print a student's numbers, and with --answers what is right for them."""
    for assignment in map(find, options.assignment or ready()):
        work = Work(assignment.chapter, options.salt, options.student)
        print(f"{assignment.title} · {identify(options.student)}")
        for task in assignment.tasks:
            print(f"\n{task.number}  {task.title}\n{work.given(task.number)!r}")
            if options.answers:
                print("".join(f"{part.name} = {work.shown(part.name)}\n" for part in task.parts), end="")
    return 0


def grade(options: argparse.Namespace) -> int:
    """Grade a folder of notebooks into a CSV; status 1 if anything in it needs a look."""
    if not options.folder.is_dir():
        raise ValueError(f"no folder {options.folder}")
    if options.disguise == "":
        raise ValueError("--disguise needs a secret: without one, anybody can work out whose digest it is")
    assignment = _one(options)
    source = form.cells_of(read_source(_path(options, assignment), assignment))
    limits = Limits(seconds=options.cell_seconds, total=options.seconds, memory=options.memory)
    grader = Grader(assignment.chapter, source, options.salt, limits)
    files = submissions(options.folder, assignment.stem)
    roster = read_roster(options.roster) if options.roster else None
    if not any(files.values()):
        names = f"<id>.ipynb or <id>/{assignment.stem}.ipynb"
        raise ValueError(f"no submission of {assignment.title} in {options.folder}: name them {names}")
    journal = options.out.with_name(options.out.name + ".journal")
    grades = grade_folder(grader, files, journal, roster=roster, workers=options.workers, progress=_say)
    write_csv(options.out, grades, grader, disguise=options.disguise)
    bad = [one for one in grades if one.status != "graded"]
    marked = [one for one in grades if one.review]
    strange = [one for one in grades if OTHER_SALT in one.reasons]
    print(f"{options.out}: {len(grades)} students, {len(bad)} not graded, {len(marked)} to review")
    if strange:
        print(f"{len(strange)} with another salt: is --salt {options.salt!r} right?")
    return 1 if bad or strange else 0


def tables(options: argparse.Namespace) -> int:
    """Print the generated tables of the README, or write them into it."""
    text = matrix.tables([find(chapter) for chapter in ready()])
    if options.write:
        path = options.source / "README.md"
        path.write_text(matrix.inserted(path.read_text(encoding="utf-8"), text), encoding="utf-8")
    else:
        print(text)
    return 0


def normalise(options: argparse.Namespace) -> int:
    """Give each cell of the sources the metadata that its id and the tasks' points want."""
    for assignment in _chosen(options):
        path = _path(options, assignment)
        with told_where(path):
            notebook = form.normalise(json.loads(path.read_text(encoding="utf-8")), assignment)
        path.write_text(form.written(notebook), encoding="utf-8")
    return 0


def _say(done: int, total: int, grade: Grade) -> None:
    more = f", optional {grade.optional:g} of {grade.optional_maximum:g}" if grade.optional_maximum else ""
    earned = f"{grade.automatic:g} of {grade.automatic_maximum:g}{more}"
    print(f"{done}/{total}  {grade.student}  {earned}", file=sys.stderr, flush=True)


def _path(options: argparse.Namespace, assignment: Assignment) -> Path:
    path: Path = options.source / f"{assignment.stem}.ipynb"
    return path


def _write(path: Path, notebook: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(form.written(notebook), encoding="utf-8")
    print(path)


def _chosen(options: argparse.Namespace) -> list[Assignment]:
    """Return the assignments that were named, or those whose source is there."""
    if options.assignment:
        return [find(chapter) for chapter in options.assignment]
    chosen = [one for one in map(find, ready()) if _path(options, one).exists()]
    if not chosen:
        raise ValueError(f"no source notebook like {find(ready()[0]).stem}.ipynb in {options.source}")
    return chosen


def _one(options: argparse.Namespace) -> Assignment:
    """Return the assignment that was named, or the one whose notebook lies in the students' folders."""
    stems = {path.stem for path in options.folder.glob("*/**/*.ipynb")} | {options.folder.resolve().name}
    named = options.assignment or [chapter for chapter in ready() if find(chapter).stem in stems]
    if len(named) != 1:
        raise ValueError(f"say which assignment the folder holds: --assignment {' or '.join(ready())}")
    return find(named[0])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cascadelab.course", description=__doc__)
    commands = parser.add_subparsers(required=True)
    options: dict[str, dict[str, Any]] = {
        "source": {"type": Path, "default": SOURCES, "help": "folder of the source notebooks"},
        "assignment": {"action": "append", "choices": ready(), "help": "default: those that are there"},
        "salt": {"required": True, "help": "text that tells courses apart, seen by students; a new one every year"},
    }

    def add(command: Any, *shared: str) -> argparse.ArgumentParser:
        """Add a command, with those of the shared options that it reads."""
        entry = commands.add_parser(command.__name__, help=(command.__doc__ or "").split(";")[0].rstrip("."))
        entry.set_defaults(command=command)
        for name in shared:
            entry.add_argument(f"--{name}", **options[name])
        return entry

    for command in (release, course):
        add(command, "source", "assignment", "salt").add_argument(
            "--out", type=Path, required=True, help="folder to write"
        )
    entry = add(values, "assignment", "salt")
    entry.add_argument("student")
    entry.add_argument("--answers", action="store_true", help="print the right answers too")
    entry = add(grade, "source", "assignment", "salt")
    entry.add_argument("folder", type=Path)
    entry.add_argument("--out", type=Path, required=True, help="CSV to write; its journal lies beside it")
    entry.add_argument("--roster", type=Path, help="CSV with a column id: also reports who handed in nothing")
    entry.add_argument("--workers", type=int, help="submissions at a time (default: one a core)")
    entry.add_argument("--seconds", type=float, default=Limits.total, help="wall clock of a submission")
    entry.add_argument("--cell-seconds", type=float, default=Limits.seconds, help="wall clock of a cell")
    entry.add_argument("--memory", type=int, default=Limits.memory, help="megabytes of a submission")
    entry.add_argument("--disguise", help="write digests of the ids, keyed with this secret")
    add(tables, "source").add_argument("--write", action="store_true", help="write them into the README of --source")
    add(normalise, "source", "assignment")
    return parser


if __name__ == "__main__":
    sys.exit(main())
