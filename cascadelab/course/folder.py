"""A folder of submissions: find them, grade them in parallel, survive a kill, and write one CSV.

Every finished submission is written to a journal beside the CSV at once. A second run with the same settings takes
from there what is done, so that a run that was cut off resumes, and a late submission costs only itself.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path

from cascadelab.course.grade import FAILED, Grade, Grader
from cascadelab.course.merge import NO_ID, OTHER_ID, unreadable
from cascadelab.course.personal import identify

TOTALS = ("automatic", "automatic_maximum", "optional", "optional_maximum", "manual_maximum")  # columns of the CSV
MANY, OTHER_NAME = "more than one file", "the name of the file is not that of the assignment"
Progress = Callable[[int, int, Grade], None]


def submissions(folder: Path, stem: str) -> dict[str, list[Path]]:
    """Files of each student: FOLDER/<id>.ipynb, FOLDER/<id>/<stem>.ipynb or FOLDER/<id>/<stem>/<stem>.ipynb.

    Names that are no ids come back as they are, for the report, and so does a file like "<stem> (1).ipynb"; a student
    whose files all have other names comes back without a file.
    """
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.suffix.lower() != ".ipynb" or ".ipynb_checkpoints" in parts:
            continue
        name = path.stem if len(parts) == 1 else parts[0]
        with contextlib.suppress(ValueError):
            name = identify(name)
        files = found.setdefault(name, [])
        if len(parts) == 1 or path.name.lower().startswith(stem):
            files.append(path)
    return found


def grade_folder(
    grader: Grader,
    files: dict[str, list[Path]],
    journal: Path,
    *,
    roster: Iterable[str] | None = None,
    workers: int | None = None,
    progress: Progress = lambda *_: None,
) -> list[Grade]:
    """Grade every student of the files and of the roster; one `Grade` each, in the order of their ids."""
    known = None if roster is None else {identify(name) for name in roster}
    grades, waiting = _sorted_out(grader, files, known, _read_journal(journal))
    total = len(grades) + len(waiting)
    with ThreadPoolExecutor(workers or os.cpu_count()) as pool, journal.open("a", encoding="utf-8") as book:
        running = {pool.submit(grader.grade, path, student): (key, student) for key, student, path in waiting}
        try:
            for future in as_completed(running):
                key, student = running[future]
                try:
                    grade = future.result()
                except Exception as error:  # a fault of ours: said, not journalled, and the others go on
                    why = f"the grader failed, run it again: {type(error).__name__}: {error}"[:300]
                    grade = grader.nothing(student, FAILED, why)
                if grade.status != FAILED:
                    book.write(json.dumps({"key": key, **asdict(grade)}) + "\n")
                    book.flush()
                    os.fsync(book.fileno())
                grades[student] = grade
                progress(len(grades), total, grade)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    return [grades[student] for student in sorted(grades)]


def _sorted_out(
    grader: Grader, files: dict[str, list[Path]], known: set[str] | None, done: dict[str, Grade]
) -> tuple[dict[str, Grade], list[tuple[str, str, Path]]]:
    """Grades that need no run, and the key, student and file of each that does."""
    settings, stem = _settings(grader), grader.assignment.stem
    grades: dict[str, Grade] = {}
    waiting: list[tuple[str, str, Path]] = []
    for student in (known or set()) | set(files):
        paths = files.get(student, [])
        if not paths:
            why = f"no file of this student with a name like {stem}.ipynb"
            grades[student] = grader.nothing(student, "no submission", why)
            continue
        problem = _not_gradable(student, paths, known, stem)
        if problem:
            grades[student] = grader.nothing(student, "not graded", problem)
            continue
        try:
            key = _digest(settings, student, paths[0].read_bytes())
        except OSError as error:
            grades[student] = grader.nothing(student, "unreadable", unreadable(error))
            continue
        if key in done:
            grades[student] = done[key]
        else:
            waiting.append((key, student, paths[0]))
    return grades, waiting


def write_csv(path: Path, grades: Sequence[Grade], grader: Grader, *, disguise: str | None = None) -> None:
    """Write the grades, whole or not at all, in the order of the first column.

    With `disguise`, ids are replaced by digests that need that secret.
    """
    rows = []
    for grade in grades:
        name = grade.student if disguise is None else _digest(disguise, grade.student)[:16]
        reasons = grade.reasons if disguise is None else [_nameless(reason) for reason in grade.reasons]
        said = [" | ".join(texts) for texts in (grade.review, reasons)]
        numbers = [getattr(grade, total) for total in TOTALS] + [grade.points[test] for test in grader.tests]
        rows.append([harmless(name), grade.status, *(f"{n:g}" for n in numbers), *map(harmless, said)])
    draft = path.with_name(path.name + ".part")
    with draft.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["id", "status", *TOTALS, *grader.tests, "review", "reasons"])
        lines.writerows(sorted(rows))
    draft.replace(path)


def harmless(text: str) -> str:
    """Return a text that a spreadsheet does not run as a formula, on one line.

    >>> harmless("=cmd()")
    "'=cmd()"
    """
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return f"'{line}" if line[:1] in ("=", "+", "-", "@") else line


def _nameless(reason: str) -> str:
    """Return a reason without the ids that we wrote into it; what a student wrote stays."""
    if reason.startswith(OTHER_ID):
        return f"{OTHER_ID} somebody else"
    return next((said for said in (NO_ID, MANY, OTHER_NAME) if reason.startswith(said)), reason)


def _not_gradable(student: str, paths: Sequence[Path], known: set[str] | None, stem: str) -> str:
    try:
        identify(student)
    except ValueError:
        return "the name of the file or folder is not an id"
    if len(paths) > 1:
        return f"{MANY}: " + ", ".join(sorted(path.name for path in paths))
    if paths[0].stem != stem and paths[0].stem.strip().lower() != student:
        return f"{OTHER_NAME}: {paths[0].name}"
    if known is not None and student not in known:
        return "this id is not in the roster"
    return ""


def _settings(grader: Grader) -> str:
    """All that a grade depends on, apart from the file: the source, the salt, the limits and the grader's own code."""
    package = Path(__file__).resolve().parent.parent
    code = _digest(*(path.read_bytes() for path in sorted(package.rglob("*.py"))))
    return json.dumps([grader.chapter, grader.salt, asdict(grader.limits), [asdict(c) for c in grader.source], code])


def _digest(*parts: str | bytes) -> str:
    """SHA-256 of a list of texts or bytes; two lists never run together."""
    total = hashlib.sha256()
    for part in parts:
        piece = part.encode() if isinstance(part, str) else part
        total.update(len(piece).to_bytes(8, "big") + piece)
    return total.hexdigest()


def _read_journal(journal: Path) -> dict[str, Grade]:
    """Grades of an earlier run by their key; a last line that was cut off is left out."""
    done: dict[str, Grade] = {}
    if journal.exists():
        whole = journal.read_text(encoding="utf-8")
        for line in whole.split("\n"):
            try:
                entry = json.loads(line)
                key = entry.pop("key")
                done[key] = Grade(**entry)
            except (ValueError, TypeError, KeyError, AttributeError):
                continue
        if whole and not whole.endswith("\n"):
            journal.write_text(whole[: whole.rfind("\n") + 1], encoding="utf-8")
    return done
