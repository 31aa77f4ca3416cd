"""Cells, the release, the merge of a submission with its source, and the child that runs it."""

import io
import json
import os
import runpy
import signal
import sys

import pytest

from cascadelab.course import child, form
from cascadelab.course.apart import Limits, run_apart
from cascadelab.course.form import Cell, blank, cells_of, released, salted, with_salt
from cascadelab.course.grade import Grader
from cascadelab.course.merge import merge, typed_id
from tests.course.submissions import SALT, cell, reference, run_here, source, stored


def code(text):
    return Cell("answer-1", "answer", True, text)


def test_a_blank_cell_keeps_the_indentation_of_its_solution():
    text = "def f():\n    ...\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\nf"
    assert blank(code(text)) == "def f():\n    ...\n    # YOUR CODE HERE\nf"
    assert blank(code("a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc")) == "a\nc"
    assert blank(code("### BEGIN SOLUTION\n1\n### END SOLUTION\n2\n### BEGIN SOLUTION\n3\n### END SOLUTION")) == (
        "# YOUR CODE HERE\n2\n# YOUR CODE HERE"
    )
    assert blank(Cell("explain-1", "explain", False, "### BEGIN SOLUTION\nx\n### END SOLUTION")) == "YOUR ANSWER HERE"


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("### BEGIN SOLUTION\nx = 1", "BEGIN SOLUTION"),
        ("# BEGIN SOLUTION\nx = 1\n### END SOLUTION", "BEGIN SOLUTION"),
        ("x = 1\n### END SOLUTION", "END SOLUTION"),
        ("### BEGIN HIDDEN TESTS\nassert x", "HIDDEN TESTS"),
    ],
)
def test_a_release_in_which_a_solution_may_be_left_is_refused(text, mark):
    changed = source("account")
    cell(changed, "answer-1a")["source"] = text
    with pytest.raises(ValueError, match=f"cell answer-1a still has '{mark}'"):
        released(changed, SALT)


def test_links_to_files_beside_the_chapters_are_plain_text_in_the_release_and_for_nbgrader():
    changed = source("account")
    text = "see [the *book*](../01_account.ipynb#a), [another](../B.ipynb), [the web](https://example.org)"
    cell(changed, "task-1")["source"] = text
    cell(changed, "setup")["source"] = f'# {text}\nsalt = "demo"'
    for made in (released(changed, SALT), with_salt(changed, SALT)):
        assert cell(made, "task-1")["source"] == ["see the *book*, another, [the web](https://example.org)"]
        assert cell(made, "setup")["source"] == [f"# {text}\n", f'salt = "{SALT}"']


@pytest.mark.parametrize("salt", ["2027", 'with "quotes"', r"back\1slash", "ü", ""])
def test_any_salt_arrives_whole(salt):
    scope = {}
    exec(salted('salt = "demo"', salt), scope)
    assert scope["salt"] == salt


@pytest.mark.parametrize("text", ["salt = 'demo'", "", 'salt = "demo"\nsalt = "demo"', 'salt = "demo"  # ours'])
def test_a_source_whose_salt_can_not_be_set_is_refused(text):
    """Else it would hand out the numbers of "demo", and mark them with those of the course."""
    changed = source("account")
    cell(changed, "setup")["source"] = text
    for use in (lambda: with_salt(changed, SALT), lambda: merge(cells_of(changed), [], salt=SALT, student="ann")):
        with pytest.raises(ValueError, match='the cell setup must hold one line salt = "…"'):
            use()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('work.test("1a", x)\nwork.test("1b", y)', ["1a", "1b"]),
        ('work.check("1a", x)\nassert x.test("1a"), work.test()', []),
        ('other.test("1a")\nwork.test(part, x)', []),
    ],
)
def test_a_test_cell_tests_what_it_hands_to_work_test(text, parts):
    assert form.tested(Cell("test-1", "test", True, text)) == parts


@pytest.mark.parametrize(
    ("text", "student"),
    [
        ('student = "Ann"', "ann"),
        ('student = "type-your-id"\nstudent = "ann"  # mine', "ann"),
        ('student = "type-your-id"', None),
        ("student = make()", None),
        ("student = ", None),
        ("", None),
        ("a.b = 3; other = 2", None),
    ],
)
def test_the_typed_id_is_read_and_not_run(text, student):
    assert typed_id(text) == student


@pytest.mark.parametrize("error", [RecursionError, MemoryError])
def test_an_id_in_a_cell_that_is_too_deep_to_parse_is_none(error, monkeypatch):
    def fail(_):
        raise error

    monkeypatch.setattr("cascadelab.course.merge.ast.parse", fail)
    assert typed_id('student = "ann"') is None


def merged(notebook):
    return merge(cells_of(source("account")), cells_of(notebook), salt=SALT, student="alice")


def test_own_cells_stay_where_they_are_and_a_copy_of_a_cell_is_an_own_one():
    notebook = reference("account", "alice")
    own = {"id": "mine", "cell_type": "code", "metadata": {}, "source": "helper = 1"}
    twin = json.loads(json.dumps(cell(notebook, "test-1a"))) | {"id": "copy"}
    position = notebook["cells"].index(cell(notebook, "test-1a"))
    notebook["cells"][position:position] = [own]
    notebook["cells"].append(twin)
    cells, notes = merged(notebook)
    names = [entry.name for entry in cells]
    assert names.index("mine") + 1 == names.index("test-1a")
    assert (cells[-1].name, cells[-1].role) == ("test-1a", "own")
    assert notes == []


def test_another_salt_in_the_notebook_is_noted():
    notebook = reference("account", "alice")
    cell(notebook, "setup")["source"] = salted("".join(cell(notebook, "setup")["source"]), "last year's")
    cells, notes = merged(notebook)
    assert notes == ["setup: the notebook has another salt: graded with the numbers of the course"]
    assert cells == merged(reference("account", "alice"))[0]
    cell(notebook, "setup")["source"] = "salt = 3"  # put back, and not worth a word
    assert merged(notebook) == merged(reference("account", "alice"))


def test_an_empty_notebook_is_filled_from_the_source_in_its_order():
    cells, notes = merged({"nbformat": 4, "cells": []})
    names = [entry.name for entry in cells_of(source("account")) if entry.code and entry.role != "picture"]
    assert [entry.name for entry in cells] == names
    assert notes[0].startswith("no id in the notebook")
    assert sum("the cell is missing" in note for note in notes) == 7
    assert sum("was put back" in note for note in notes) == 9


def test_ids_are_enough_where_a_tool_has_dropped_the_metadata():
    notebook = reference("account", "alice")
    for entry in notebook["cells"]:
        entry["metadata"] = {}
    assert merged(notebook) == merged(reference("account", "alice"))


def test_an_instructors_own_test_counts_beside_ours(tmp_path):
    changed = source("account")
    cell(changed, "test-1a")["source"] = 'work.test("1a", margin_ratio)\nassert margin_ratio > 5, "larger!"'
    cell(changed, "test-1b")["source"] = 'assert liquidation_price > 0, "negative"'
    grader = Grader("account", cells_of(changed), SALT, runner=run_here)
    grade = grader.grade(stored(reference("account", "alice"), tmp_path / "a.ipynb"), "alice")
    assert (grade.points["test-1a"], grade.points["test-1b"]) == (0, 2)
    assert grade.reasons == ["test-1a: AssertionError: larger!"]


def test_the_child_reads_its_job_and_reports_line_by_line():
    ours, theirs = os.pipe()
    cells = [{"name": "a", "source": "1 / 0"}, {"name": "b", "source": "import sympy"}]
    job = {"memory": 0, "total": 1.0, "seconds": 1.0, "cells": cells}
    set_to = []
    resource = pytest.importorskip("resource")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resource, "setrlimit", lambda name, pair: set_to.append((name, pair)))
        child.main(job, theirs)
    with open(ours, encoding="utf-8") as pipe:
        reports = [json.loads(line) for line in pipe]
    assert reports[:2] == [{"start": "a"}, {"end": "a", "error": "ZeroDivisionError: division by zero"}]
    assert reports[2:] == [{"start": "b"}, {"end": "b", "error": ""}]
    assert {name for name, _ in set_to} == {
        resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU, resource.RLIMIT_CORE
    }  # fmt: skip


def test_sympy_is_loaded_before_the_first_cell_whose_time_is_counted():
    ran = run_apart([code("import sys\nassert 'sympy' in sys.modules")], Limits())
    assert ran.reports == [{"start": "answer-1"}, {"end": "answer-1", "error": ""}]


def test_a_limit_that_a_system_does_not_know_is_said(monkeypatch, capsys):
    resource = pytest.importorskip("resource")

    def refuse(*_):
        raise ValueError("not here")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    child.limit(100, 1.0)
    assert "RLIMIT_AS can not be set here" in capsys.readouterr().err


def test_a_child_that_dies_at_once_is_said(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    ran = run_apart([code("x" * 1_000_000)], Limits(1.0, 5.0, 1_000))
    assert ran.reports == [{"end": "the first cell", "error": "the process died (exit code 1)"}]


def test_a_child_that_closes_its_channel_and_stays_is_ended(monkeypatch):
    monkeypatch.setattr("cascadelab.course.apart.GRACE", 2.0)
    text = "import os, time\nos.closerange(3, 64)\ntime.sleep(60)"
    ran = run_apart([code(text)], Limits(8.0, 20.0, 1_500))
    assert "the process died" in ran.reports[-1]["error"]


def test_alarms_leave_no_trace():
    before = signal.getsignal(signal.SIGALRM)
    ran = run_here([code("x = 1"), code("while True: pass")], Limits(seconds=0.2))
    assert [report.get("error") for report in ran.reports if "end" in report] == ["", "stopped after 0.2 seconds"]
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_the_childs_own_command_line(monkeypatch):
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)
    ours, theirs = os.pipe()
    job = {"memory": 0, "total": 1.0, "seconds": 1.0, "cells": []}
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(job)))
    monkeypatch.setattr(sys, "argv", ["child", str(theirs)])
    scope = runpy.run_path(child.__file__, run_name="__main__")
    assert sys.stdin.name == os.devnull
    sys.stdin.close()
    assert scope["given"] == job
    with open(ours, "rb") as pipe:
        assert pipe.read() == b""
