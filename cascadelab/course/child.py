"""The grader's child: runs the cells of one submission in a process of its own, under limits, and reports each step.

Reads a job from standard input (JSON) and writes lines of JSON to the descriptor that it is told. Nothing that runs
here decides a grade: what it reports of an answer is compared in the parent, which has not run the student's code.
"""

from __future__ import annotations

import ast
import importlib
import json
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

from cascadelab.course import work

Emit = Callable[[dict[str, Any]], None]
MEGABYTE = 1_000_000
AGAIN = 1.0  # seconds between alarms, for code that swallows the first
LONGEST = 200


class OutOfTimeError(BaseException):
    """A cell has used its time. Not an Exception, so that `except Exception` does not swallow it."""


def run(cells: Sequence[dict[str, Any]], emit: Emit, *, seconds: float) -> None:
    """Run cells one after the other in one scope; a cell that fails does not keep the next from running."""

    def listen(part: str, found: dict[str, Any]) -> None:
        emit({"part": part, **found})

    scope: dict[str, Any] = {"__name__": "__main__", "display": lambda *_, **__: None}
    work.RECORDERS.append(listen)
    try:
        for cell in cells:
            emit({"start": cell["name"]})
            emit({"end": cell["name"], "error": _failure(cell, scope, seconds)})
    finally:
        work.RECORDERS.remove(listen)


def without_magics(source: str) -> str:
    r"""Return a cell's code; where it is no Python, notebook magics and shell lines are taken out, and not run.

    >>> without_magics("%matplotlib inline\nx = 7 % 4")
    'pass\nx = 7 % 4'
    """
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return re.sub(r"^([^\S\n]*)[%!?].*$", r"\1pass", source, flags=re.MULTILINE)
    return source


def _failure(cell: dict[str, Any], scope: dict[str, Any], seconds: float) -> str:
    """Run one cell; return the empty text, or what went wrong in one line."""
    try:
        with _alarm(seconds):
            exec(compile(without_magics(cell["source"]), cell["name"], "exec"), scope)
    except OutOfTimeError:
        return f"stopped after {seconds:g} seconds"
    except BaseException as error:  # SystemExit and KeyboardInterrupt as well: they end a cell, not the grading
        text = " ".join(str(error).split()) if not isinstance(error, MemoryError) else "the memory limit was reached"
        return f"{type(error).__name__}: {text}"[:LONGEST]
    return ""


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(_number: int, _frame: FrameType | None) -> None:
        raise OutOfTimeError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def limit(memory: int, seconds: float) -> None:
    """Bound this process for good: memory and file size in megabytes, processor time; no core file."""
    import resource

    for name, amount in {
        "RLIMIT_AS": memory * MEGABYTE,
        "RLIMIT_FSIZE": 10 * MEGABYTE,
        "RLIMIT_CPU": int(seconds) + 5,
        "RLIMIT_CORE": 0,
    }.items():
        try:
            resource.setrlimit(getattr(resource, name), (amount, amount))
        except (ValueError, OSError):  # macOS knows RLIMIT_AS and does not set it
            print(f"{name} can not be set here", file=sys.stderr)


def main(job: dict[str, Any], channel: int) -> None:
    """Set the limits, then run the job's cells and report through the channel."""
    limit(job["memory"], job["total"])
    if any("sympy" in cell["source"] for cell in job["cells"]):
        importlib.import_module("sympy")  # seconds on a busy machine, which are nobody's fault: before any clock runs
    with os.fdopen(channel, "w", encoding="utf-8", buffering=1) as pipe:
        run(job["cells"], lambda event: print(json.dumps(event), file=pipe, flush=True), seconds=job["seconds"])


if __name__ == "__main__":
    given = json.load(sys.stdin)
    sys.stdin = open(os.devnull)  # noqa: SIM115  (for as long as the process lives)
    main(given, int(sys.argv[1]))
