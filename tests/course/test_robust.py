"""Hostile and broken submissions: each is graded with a clear reason, in its time, and harms no other."""

import json
import re
import time

import pytest

from cascadelab.course import form
from cascadelab.course.apart import Limits, Ran, run_apart
from cascadelab.course.form import Cell
from cascadelab.course.grade import STRANGE, Grader, _why
from cascadelab.course.work import Work
from tests.course.submissions import SALT, cell, reference, run_here, source, stored

LIMITS = Limits(seconds=2.0, total=30.0, memory=1_500)
FULL = {"test-1a": 2, "test-1b": 2, "test-2a": 1, "test-2b": 2, "test-2c": 2, "test-2d": 1}  # fmt: skip
NO_SECOND = ("test-2a", "test-2b", "test-2c", "test-2d")


def short(notebook):
    """Tasks 1 and 2 alone: sympy, which task 4 loads, would double the time of each run."""
    return [read for read in form.cells_of(notebook) if not re.search(r"-[45]", read.name)]


def graded(tmp_path, notebook, student="alice", limits=LIMITS, runner=run_apart):
    grader = Grader("account", short(source("account")), SALT, limits, runner)
    notebook["cells"] = [entry for entry in notebook["cells"] if not re.search(r"-[45]", entry.get("id", ""))]
    return grader.grade(stored(notebook, tmp_path / "a.ipynb"), student)


def with_answer(name, text):
    notebook = reference("account", "alice")
    cell(notebook, name)["source"] = text
    return notebook


def without(*tests):
    return {name: 0 if name in tests else points for name, points in FULL.items()}


CASES = {
    "loops for ever": ("while True:\n    pass", "answer-2: stopped after 2 seconds"),
    "loops and swallows": (
        "while True:\n    try:\n        while True: pass\n    except Exception:\n        pass",
        "answer-2: stopped",
    ),
    "exits": ("import os\nos._exit(0)", "answer-2: the process died (exit code 0)"),
    "crashes": ("import ctypes\nctypes.string_at(0)", "answer-2: the process died (SIGSEGV)"),
    "says it is done": ("raise SystemExit", "answer-2: SystemExit"),
    "eats memory": (
        "hoard = [bytearray(300_000_000)]\nhoard.append(bytearray(10**10))",
        "answer-2: MemoryError: the memory limit was reached",
    ),
    "is no Python": ("def first_sold(:", "answer-2: SyntaxError"),
    "asks": ("input()", "answer-2: EOFError"),
    "fills the disk": (
        "with open('big', 'wb') as file:\n    while True:\n        file.write(bytes(1_000_000))",
        "answer-2: OSError",
    ),
}  # fmt: skip


@pytest.mark.unmeasured
@pytest.mark.parametrize("case", CASES)
def test_a_cell_that_fails_costs_its_own_points_only(case, tmp_path):
    text, reason = CASES[case]
    grade = graded(tmp_path, with_answer("answer-2", text))
    assert grade.status == "graded"
    assert grade.points == without(*NO_SECOND)
    assert any(said.startswith(reason) for said in grade.reasons), grade.reasons


def test_a_function_that_loops_only_when_it_is_tested_is_stopped_there(tmp_path):
    text = "def first_sold(prices, q, *rest):\n    while q < 0:\n        pass\n    return 0"
    grade = graded(tmp_path, with_answer("answer-2", text))
    assert "test-2c: stopped after 2 seconds" in grade.reasons
    assert grade.points == without(*NO_SECOND)


@pytest.mark.unmeasured
def test_code_that_can_not_be_interrupted_is_killed_and_the_rest_is_graded(tmp_path):
    text = "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\nwhile True:\n    pass"
    began = time.monotonic()
    grade = graded(tmp_path, with_answer("answer-2", text), limits=Limits(1.0, 30.0, 1_500))
    assert any("killed: a cell ran out of time" in said for said in grade.reasons), grade.reasons
    assert grade.points == without(*NO_SECOND)
    assert time.monotonic() - began < 120  # its limit is 30 seconds; this only tells a hang from a busy machine


def test_a_megabyte_of_print_is_thrown_away_and_costs_nothing(tmp_path):
    notebook = reference("account", "alice")
    cell(notebook, "answer-1a")["source"] += "\nprint('x' * 3_000_000)"
    grade = graded(tmp_path, notebook)
    assert grade.points == FULL
    assert grade.reasons == ["printed more than 65,536 bytes; the rest was thrown away"]


def test_a_deleted_test_cell_and_a_changed_one_are_put_back(tmp_path):
    notebook = with_answer("answer-1a", "given = work.given(1)\nmargin_ratio = 7")
    notebook["cells"] = [entry for entry in notebook["cells"] if entry["id"] != "test-1b"]
    cell(notebook, "test-1a")["source"] = "1 + 1"
    grade = graded(tmp_path, notebook)
    assert grade.points == without("test-1a")
    assert "test-1b: the test cell was missing and was put back" in grade.reasons


def test_a_deleted_answer_is_said_and_costs_its_points(tmp_path):
    notebook = reference("account", "alice")
    notebook["cells"] = [entry for entry in notebook["cells"] if entry["id"] != "answer-1b"]
    grade = graded(tmp_path, notebook)
    assert grade.points == without("test-1b")
    assert "answer-1b: the cell is missing" in grade.reasons


def test_another_students_notebook_earns_nothing_that_is_personal(tmp_path):
    answer = Work("account", SALT, "bob").answer("1a")
    notebook = with_answer("answer-1a", f"given = work.given(1)\nmargin_ratio = {answer!r}")
    cell(notebook, "student")["source"] = 'student = "BOB "'
    theirs = graded(tmp_path, notebook, "alice", runner=run_here)
    said = "the notebook says it is of bob, it was handed in by alice: graded with the numbers of alice"
    assert theirs.reasons[0] == said
    assert theirs.points == without("test-1a")
    own = graded(tmp_path, notebook, "bob", runner=run_here)
    assert (own.reasons, own.points) == ([], FULL)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("float('nan')", "not finite"),
        ("'0.5'", "without quotes"),
        ("[1, 2]", "one number is expected, got 2"),
        ("None", "a number is expected, got None"),
        ("10**400", "too large"),
        ("type('Equal', (), {'__eq__': lambda *_: True, '__float__': lambda _: 1.0})()", "an object of type Equal"),
        ("type('Equal', (float,), {'__eq__': lambda *_: True})(1.0)", "an object of type Equal"),
    ],
)
def test_an_answer_that_is_no_plain_number_gets_a_reason(answer, reason, tmp_path):
    grade = graded(tmp_path, with_answer("answer-1a", f"given = work.given(1)\nmargin_ratio = {answer}"))
    assert grade.points == without("test-1a")
    assert any(said.startswith("test-1a: ") and reason in said for said in grade.reasons), grade.reasons


TAMPERING = {
    "test": "type(work).test = lambda *_: None",
    "judge": "import cascadelab.course.work as w\nw.judge = lambda *_: w.Verdict(True, '')\nw.Work.judge = w.judge",
    "work": "class Mine:\n    def __getattr__(self, name): return lambda *_: None\nwork = Mine()",
    "recorders": "import cascadelab.course.work as w\nw.RECORDERS.clear()",
    "channel": (
        "import os, json\n"
        "lines = ({'part': '2b', 'given': [0] * 9}, {'part': '2c', 'given': 'right'}, {'end': 'test-2d'})\n"
        "lines += ({'end': 'setup', 'error': 'no fault of mine'},)\n"
        "for fd in range(3, 64):\n    for line in (*lines, {'end': [1]}, 7):\n"
        "        try: os.write(fd, (json.dumps(line) + chr(10) + '{' + chr(10)).encode())\n        except OSError: pass"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TAMPERING)
def test_tampering_with_the_checks_earns_nothing_and_is_marked(case, tmp_path):
    """The parent compares what arrives with its own oracle: a child that says "right" is not believed."""
    notebook = with_answer("answer-2", "def first_sold(*_):\n    return 99\n" + TAMPERING[case])
    grade = graded(tmp_path, notebook)
    assert (grade.status, [grade.points[name] for name in NO_SECOND]) == ("graded", [0, 0, 0, 0])
    assert grade.review


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "JSONDecodeError"),
        (b"{\"cells\": [", "JSONDecodeError"),
        (b"\xff\xfe\x00", "UnicodeDecodeError"),
        (b"[" * 100_000, "RecursionError"),
        (b"[]", "not a notebook of format 4"),
        (b'{"nbformat": 3, "worksheets": []}', "not a notebook of format 4"),
        (b'{"nbformat": 4, "cells": [3]}', "cell 1 is not a cell"),
        (b'{"nbformat": 4, "cells": [{"metadata": {"nbgrader": {"grade": true, "points": 1' + b"0" * 400 + b"}}}]}",
         "cell cell-1: points must be a number, got 1000"),
        (b" " * 20_000_001, "more than 20 MB"),
        (b'{"nbformat": 4, "cells": [{"id": "mine", "cell_type": "code", "source": "' + b"x" * 100_001 + b'"}]}',
         "cell mine is too long: 100,001 characters"),
    ],
)  # fmt: skip
def test_a_corrupted_notebook_is_reported(content, reason, tmp_path):
    path = tmp_path / "alice.ipynb"
    path.write_bytes(content)
    grade = Grader("account", form.cells_of(source("account")), SALT).grade(path, "alice")
    assert (grade.status, grade.automatic) == ("unreadable", 0)
    assert reason in grade.reasons[0]


def test_a_file_that_is_not_there_is_reported(tmp_path):
    grade = Grader("account", form.cells_of(source("account")), SALT).grade(tmp_path / "none.ipynb", "alice")
    assert grade.reasons == ["the notebook can not be read: FileNotFoundError: No such file or directory"]


def test_strange_cells_are_read_as_far_as_they_go(tmp_path):
    notebook = reference("account", "alice")
    notebook["cells"] += [
        {"cell_type": "code", "source": ["y = ", "1"]},
        {"cell_type": "code", "source": 7, "metadata": 3},
        {"cell_type": "raw", "source": "nothing", "metadata": {"nbgrader": []}},
    ]
    assert graded(tmp_path, notebook).points == FULL


def test_processes_that_a_submission_starts_end_with_it():
    pid = "import subprocess, sys\nprocess = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    tell = "from cascadelab.course.work import RECORDERS\nRECORDERS[0]('pid', {'given': process.pid})"
    ran = run_apart([Cell("answer-1", "answer", True, pid + tell)], LIMITS)
    (number,) = [report["given"] for report in ran.reports if report.get("part") == "pid"]
    state = "Z"
    for _ in range(100):
        try:
            with open(f"/proc/{number}/stat") as file:
                state = file.read().split()[2]
        except FileNotFoundError:
            state = "gone"
        if state in ("Z", "gone"):
            break
        time.sleep(0.1)
    assert state in ("Z", "gone")


def test_the_time_of_a_submission_ends_it_whatever_its_cells_do():
    cells = [Cell(f"own-{k}", "own", True, "import time\ntime.sleep(3)") for k in range(20)]
    ran = run_apart(cells, Limits(seconds=5.0, total=4.0, memory=1_500))
    assert any("the submission ran out of time" in json.dumps(report) for report in ran.reports)


def test_each_fatal_cell_is_left_out_as_long_as_the_time_lasts():
    ways = {"_exit(1)": "exit code 1", "kill(os.getpid(), 9)": "SIGKILL", "kill(os.getpid(), 40)": "signal 40"}
    ran = run_apart([Cell(way, "own", True, f"import os\nos.{way}") for way in ways], LIMITS)
    assert ran.reports == [{"end": way, "error": f"the process died ({died})"} for way, died in ways.items()]


def test_a_test_that_ends_the_process_costs_its_task_and_no_other(tmp_path):
    text = "import os\ndef first_sold(*_):\n    os._exit(1)"
    grade = graded(tmp_path, with_answer("answer-2", text))
    assert grade.points == without(*NO_SECOND)
    lost = [said for said in grade.reasons if said.startswith("test-2")]
    assert lost[0] == "test-2a: the process died (exit code 1)"
    assert set(lost[1:]) == {f"{name}: left out: test-2a ended the process" for name in NO_SECOND[1:]}


def test_a_test_that_is_fatal_without_being_one_of_a_task_s_several_takes_no_other_with_it():
    die = "import os\nos._exit(1)"
    cells = [Cell("test-1a", "test", True, die), Cell("test-2a", "test", True, "1"), Cell("own", "own", True, "1")]
    ran = run_apart(cells, LIMITS)
    ends = {report["end"]: report["error"] for report in ran.reports if "end" in report}
    assert ends == {"test-1a": "the process died (exit code 1)", "test-2a": "", "own": ""}


def test_a_number_that_no_float_holds_is_no_answer():
    work = Work("account", SALT, "alice")
    assert _why(work, "1a", {"part": "1a", "given": 10**400}, "") == STRANGE


@pytest.mark.parametrize(
    ("reports", "reason"),
    [
        ([{"end": "setup", "error": "ImportError: no numpy"}], "look at setup and run it again: ImportError: no numpy"),
        ([{"end": "setup"}], "look at work and run it again: it was not reached"),
        ([{"end": "the first cell", "error": "it died"}], "look at setup and run it again: it died"),
    ],
)
def test_where_our_own_first_cells_fail_the_grader_has_failed(reports, reason, tmp_path):
    def runner(*_):
        return Ran(reports, [])

    grade = graded(tmp_path, reference("account", "alice"), runner=runner)
    assert (grade.status, grade.automatic, grade.reasons) == ("grader failed", 0, [reason])


def test_a_read_only_cell_that_failed_later_on_is_said(tmp_path):
    def runner(cells, _):
        slow = "stopped after 10 seconds"
        return Ran([{"end": cell.name, "error": slow if cell.name == "given-2" else ""} for cell in cells], [])

    assert (
        graded(tmp_path, reference("account", "alice"), runner=runner).reasons[0] == "given-2: stopped after 10 seconds"
    )


def written(*reports):
    """Code by which a submission writes reports of its own."""
    lines = "".join(json.dumps(report) + "\n" for report in reports)
    return f"import os\nfor fd in range(3, 64):\n    try: os.write(fd, {lines.encode()})\n    except OSError: pass\n"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (written({"end": "x", "error": "MemoryError"}), ""),
        (written({"start": "ghost"}) + "raise MemoryError", "MemoryError: the memory limit was reached"),
        (written({"end": "x"}) + "os._exit(1)", "the process died (exit code 1)"),
    ],
)
def test_made_up_reports_of_other_cells_end_nothing(text, error):
    ran = run_apart([Cell("own", "own", True, text)], LIMITS)
    assert {"end": "own", "error": error} in ran.reports


def test_a_cell_that_blames_one_that_is_left_out_already_is_left_out_itself():
    cells = [Cell("a", "own", True, "import os\nos._exit(1)")]
    cells += [Cell("b", "own", True, written({"start": "a"}) + "os._exit(2)"), Cell("c", "own", True, "1")]
    ran = run_apart(cells, LIMITS)
    ends = {report["end"]: report["error"] for report in ran.reports if "end" in report}
    died = "the process died (exit code {})"
    assert ends == {"a": died.format(1), "b": died.format(2), "c": ""}
