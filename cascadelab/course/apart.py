"""Run a child process for one submission: wall-clock limits, capped output, and another try past each fatal cell."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cascadelab.course.form import Cell, task_of

CAP = 65_536  # bytes of output that are kept; the rest is read and thrown away
LINE = 1_000_000  # bytes of reports that are believed
FIRST = "the first cell"  # stands for a child that died before any
GRACE = 5.0  # seconds for a process to start, and beyond a cell's own alarm for code that can not be interrupted


@dataclass(frozen=True)
class Limits:
    """Seconds a cell, seconds a submission (both of the wall clock), and megabytes of memory."""

    seconds: float = 10.0
    total: float = 60.0
    memory: int = 2_000


@dataclass(frozen=True)
class Ran:
    """What came of a submission's cells: the reports, and notes for the reader."""

    reports: list[dict[str, Any]]
    notes: list[str]


Runner = Callable[[Sequence[Cell], Limits], Ran]


def run_apart(cells: Sequence[Cell], limits: Limits) -> Ran:
    """Run cells in a child; where a cell takes the whole process down, leave it out and run the others again.

    With a test that does so go the other tests of its task: they would call the same function.
    """
    end = time.monotonic() + limits.total
    lost: dict[str, str] = {}
    notes: list[str] = []
    while True:  # each turn but the last loses a cell
        turn = [cell for cell in cells if cell.name not in lost]
        reports, loud, reason = _once(turn, limits, end)
        if loud:
            notes.append(f"printed more than {CAP:,} bytes; the rest was thrown away")
        known = {cell.name for cell in turn}  # a submission can write reports of others
        started = [report["start"] for report in reports if report.get("start") in known]
        errors = {report["end"]: str(report.get("error")) for report in reports if report.get("end") in known}
        fatal = next((name for name, why in errors.items() if why.startswith("MemoryError")), None)
        if reason:
            fatal = next((name for name in reversed(started) if name not in errors), fatal)
        elif fatal is None:
            break
        lost[fatal or FIRST] = reason or errors[str(fatal)]
        if any(cell.name == fatal and cell.role == "test" for cell in cells):
            others = [cell.name for cell in cells if cell.role == "test" and task_of(cell.name) == task_of(str(fatal))]
            lost |= {name: f"left out: {fatal} ended the process" for name in others if name not in lost}
        if fatal is None or time.monotonic() >= end:
            break
    ends = [{"end": name, "error": why} for name, why in lost.items()]
    return Ran([*reports, *ends], list(dict.fromkeys(notes)))


def _once(cells: Sequence[Cell], limits: Limits, end: float) -> tuple[list[dict[str, Any]], bool, str]:
    """One child: its reports, whether it was too loud, and why it did not reach the end (empty if it did)."""
    folder = tempfile.mkdtemp(prefix="cascadelab-")
    ours, theirs = os.pipe()
    keep = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT")
    environment = {name: os.environ[name] for name in keep if name in os.environ}
    environment |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    environment |= {"HOME": folder, "TMPDIR": folder, "MPLBACKEND": "Agg", "MPLCONFIGDIR": folder}
    command = [sys.executable, "-I", "-X", "utf8", "-W", "ignore", "-m", "cascadelab.course.child", str(theirs)]
    job = {"cells": [{"name": cell.name, "source": cell.source} for cell in cells], **asdict(limits)}
    child = subprocess.Popen(
        command, cwd=folder, env=environment, pass_fds=[theirs], start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    os.close(theirs)
    try:
        return _watch(child, ours, json.dumps(job).encode(), limits, end)
    finally:
        _end(child)
        os.close(ours)
        for pipe in filter(None, (child.stdin, child.stdout)):
            with contextlib.suppress(BrokenPipeError):  # what it did not read of its job
                pipe.close()
        shutil.rmtree(folder, ignore_errors=True)


def _watch(
    child: subprocess.Popen[bytes], channel: int, job: bytes, limits: Limits, end: float
) -> tuple[list[dict[str, Any]], bool, str]:
    assert child.stdin is not None and child.stdout is not None  # noqa: PT018
    with contextlib.suppress(BrokenPipeError):  # it died before it could read; the channel tells the rest
        child.stdin.write(job)
        child.stdin.close()
    said, heard = 0, bytearray()
    deadline = min(end, time.monotonic() + limits.seconds + 2 * GRACE)
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        selector.register(channel, selectors.EVENT_READ)
        while channel in selector.get_map():
            wait = deadline - time.monotonic()
            if wait <= 0:
                what = "the submission" if deadline == end else "a cell"
                return _reports(heard), said > CAP, f"killed: {what} ran out of time and could not be interrupted"
            for key, _ in selector.select(wait):
                piece = os.read(key.fd, CAP)
                if not piece:
                    selector.unregister(key.fileobj)
                elif key.fd == channel:
                    heard += piece[: max(0, LINE - len(heard))]
                    deadline = min(end, time.monotonic() + limits.seconds + GRACE)
                else:
                    said += len(piece)
    reports = _reports(heard)
    asked = Counter(cell["name"] for cell in json.loads(job)["cells"])
    finished = Counter(report["end"] for report in reports if "end" in report)  # more, if it wrote some itself
    try:
        code = child.wait(GRACE)
    except subprocess.TimeoutExpired:
        code = 1
    return reports, said > CAP, "" if asked <= finished else f"the process died ({_died(code)})"


def _died(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:  # a real-time signal has no name
        return f"signal {-code}"


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it started in its own session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _reports(heard: bytes | bytearray) -> list[dict[str, Any]]:
    """Read the lines that arrived whole; a line that is no report is none."""
    found = []
    for line in bytes(heard).split(b"\n")[:-1]:
        try:
            report = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(report, dict) and all(
            type(report.get(key, "")) is str for key in ("start", "end", "part", "error")
        ):
            found.append(report)
    return found
