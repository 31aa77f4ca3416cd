"""The instructor's commands, from the command line's words to files and exit status."""

import csv
import json
import runpy
import sys

import pytest

from cascadelab.course import __main__ as command
from cascadelab.course import form, matrix
from cascadelab.course.__main__ import main
from cascadelab.course.task import find, ready
from cascadelab.course.work import Work
from tests.course.submissions import SALT, SOURCES, cell, reference, source, stored

HERE = ["--source", str(SOURCES)]


def run(*words):
    return main([str(word) for word in words])


def test_release_writes_what_students_get(tmp_path, capsys):
    assert run("release", *HERE, "--salt", SALT, "--out", tmp_path / "out") == 0
    names = [f"{find(chapter).stem}.ipynb" for chapter in ready()]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    assert capsys.readouterr().out.count("\n") == len(names)
    notebook = json.loads((tmp_path / "out" / "01_account.ipynb").read_text("utf-8"))
    assert notebook == form.released(source("account"), SALT)


def test_course_writes_a_folder_for_nbgrader(tmp_path):
    assert run("course", *HERE, "--assignment", "account", "--salt", SALT, "--out", tmp_path) == 0
    assert (tmp_path / "nbgrader_config.json").exists()
    notebook = json.loads((tmp_path / "source" / "01_account" / "01_account.ipynb").read_text("utf-8"))
    assert f'salt = "{SALT}"' in "".join(cell(notebook, "setup")["source"])
    assert "BEGIN SOLUTION" in json.dumps(notebook)


def test_values_are_those_of_the_student_and_answers_only_on_request(capsys):
    assert run("values", "AB1234", *HERE, "--assignment", "account", "--salt", "demo") == 0
    shown = capsys.readouterr().out
    assert "520" in shown
    assert "1b = " not in shown
    assert run("values", "ab1234", *HERE, "--assignment", "account", "--salt", "demo", "--answers") == 0
    told = capsys.readouterr().out
    assert "1b = 546.1037" in told
    assert "2a = a function\n" in told
    first = Work("account", "demo", "ab1234").shown("2a").split("\n")[1]
    assert first in told
    assert "2b = a function, tested on hidden inputs\n" in told
    assert "<function" not in told
    assert "partial" not in told


def test_grade_makes_a_csv_that_says_what_to_look_at(tmp_path, capsys):
    folder = tmp_path / "in" / "01_account"
    stored(reference("account", "ann"), folder / "ann.ipynb")
    cheat = reference("account", "bob")
    cell(cheat, "answer-1b")["source"] = 'liquidation_price = work.answer("1b")'
    stored(cheat, folder / "bob.ipynb")
    (tmp_path / "roster.csv").write_text("name,id\nA,ann\nB,bob\nZ,zoe\n", "utf-8")
    out = tmp_path / "grades.csv"
    words = ["grade", folder, *HERE, "--salt", SALT, "--out", out, "--roster", tmp_path / "roster.csv"]
    assert run(*words) == 1
    rows = {row["id"]: row for row in csv.DictReader(out.read_text("utf-8").splitlines())}
    assert {name: (row["automatic"], row["optional"]) for name, row in rows.items()} == {
        "ann": ("10", "6"),
        "bob": ("10", "6"),
        "zoe": ("0", "0"),
    }
    assert rows["bob"]["review"] == "answer-1b: uses work.answer"
    assert rows["zoe"]["status"] == "no submission"
    said = capsys.readouterr()
    assert f"{out}: 3 students, 1 not graded, 1 to review" in said.out
    assert "ann  16 of 16" in said.err
    (tmp_path / "roster.csv").write_text("\n ID ,name\nann,A\n,\nbob\n", "utf-8")
    assert run(*words) == 0
    assert "16 of 16" not in capsys.readouterr().err  # taken from the journal


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty: a roster is a CSV with a column id"),
        (" ,\n", "is empty: a roster is a CSV with a column id"),
        ("ann\nbob\n", "has no column id, but 'ann'"),
        ("name,id\nann\n", "no id in the row 'ann'"),
        ("name,id\nAnn,two words\n", "student must be an id of letters, digits and . _ @ + -, got 'two words'"),
        ("name,id\nJürgen,j1\n", "is not in UTF-8: save it as CSV UTF-8"),
    ],
)
def test_a_roster_without_ids_is_an_error_that_names_the_file(text, problem, tmp_path, capsys):
    (tmp_path / "in").mkdir()
    roster = tmp_path / "roster.csv"
    roster.write_text(text, "latin-1")
    words = ["grade", tmp_path / "in", *HERE, "--assignment", "account", "--salt", SALT, "--out", tmp_path / "g.csv"]
    assert run(*words, "--roster", roster) == 2
    said = capsys.readouterr().err
    assert str(roster) in said
    assert problem in said


@pytest.mark.parametrize("stray", [None, "01_account/ab1234.ipynb"])
def test_a_folder_without_a_submission_is_an_error_and_keeps_the_csv(stray, tmp_path, capsys):
    (tmp_path / "in").mkdir()
    if stray:
        stored(reference("account", "ab1234"), tmp_path / "in" / stray)
    (tmp_path / "g.csv").write_text("last week's", "utf-8")
    words = ["grade", tmp_path / "in", *HERE, "--assignment", "account", "--salt", SALT, "--out", tmp_path / "g.csv"]
    assert run(*words) == 2
    assert "name them <id>.ipynb or <id>/01_account.ipynb" in capsys.readouterr().err
    assert (tmp_path / "g.csv").read_text("utf-8") == "last week's"


def test_a_source_with_some_notebooks_makes_those_with_the_settings_that_we_ship(tmp_path, capsys):
    stored(source("account"), tmp_path / "mine" / "01_account.ipynb")
    words = ["--source", tmp_path / "mine", "--salt", SALT, "--out"]
    assert run("release", *words, tmp_path / "out") == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["01_account.ipynb"]
    assert run("course", *words, tmp_path / "course") == 0
    assert [path.name for path in (tmp_path / "course" / "source").iterdir()] == ["01_account"]
    config = "nbgrader_config.json"
    assert (tmp_path / "course" / config).read_text("utf-8") == (SOURCES / config).read_text("utf-8")
    capsys.readouterr()
    assert run("release", "--source", tmp_path / "out" / "none", "--salt", SALT, "--out", tmp_path / "out") == 2
    assert "no source notebook like 01_account.ipynb in" in capsys.readouterr().err


def test_the_assignment_is_read_off_the_folders_or_asked_for(tmp_path, capsys):
    stored(reference("account", "ann"), tmp_path / "in" / "ann.ipynb")
    assert run("grade", tmp_path / "in", *HERE, "--salt", SALT, "--out", tmp_path / "g.csv") == 2
    assert "say which assignment" in capsys.readouterr().err
    stored({"nbformat": 3}, tmp_path / "in" / "bob" / "01_account.ipynb")
    (tmp_path / "in" / "ann.ipynb").unlink()
    assert run("grade", tmp_path / "in", *HERE, "--salt", SALT, "--out", tmp_path / "g.csv") == 1
    assert "unreadable" in (tmp_path / "g.csv").read_text("utf-8")


def test_a_folder_that_is_not_there_is_an_error(tmp_path, capsys):
    assert run("release", "--source", tmp_path / "none", "--salt", SALT, "--out", tmp_path) == 2
    assert "error: " in capsys.readouterr().err
    words = ("grade", tmp_path / "none", *HERE, "--assignment", "account", "--salt", SALT, "--out", tmp_path / "g.csv")
    assert run(*words) == 2
    assert "no folder" in capsys.readouterr().err


def test_points_changed_in_the_source_are_the_points_of_the_grader(tmp_path):
    changed = source("account")
    cell(changed, "test-1a")["metadata"]["nbgrader"]["points"] = 20
    path = tmp_path / "source" / "01_account.ipynb"
    stored(changed, path)
    stored(reference("account", "ann"), tmp_path / "in" / "ann.ipynb")
    words = ["grade", tmp_path / "in", "--source", path.parent, "--assignment", "account", "--salt", SALT]
    assert run(*words, "--out", tmp_path / "g.csv", "--disguise", "secret") == 0
    assert ",28,28,6,6,4,20," in (tmp_path / "g.csv").read_text("utf-8")


def test_normalise_restores_metadata(tmp_path):
    changed = source("account")
    for entry in changed["cells"]:
        entry["metadata"] = {}
    path = stored(changed, tmp_path / "01_account.ipynb")
    assert run("normalise", "--source", tmp_path, "--assignment", "account") == 0
    assert path.read_text("utf-8") == (SOURCES / "01_account.ipynb").read_text("utf-8")


def test_readme_holds_the_generated_tables(tmp_path, capsys):
    page = (SOURCES / "README.md").read_text("utf-8")
    assert page == matrix.inserted(page, matrix.tables([find(chapter) for chapter in ready()])), (
        "run `python -m cascadelab.course tables --write`"
    )
    assert run("tables", *HERE) == 0
    assert "| learning outcome | task |" in capsys.readouterr().out
    (tmp_path / "README.md").write_text(f"a\n{matrix.BEGIN}\nold\n{matrix.END}\nb\n", "utf-8")
    assert run("tables", "--source", tmp_path, "--write") == 0
    written = (tmp_path / "README.md").read_text("utf-8")
    assert "\nold\n" not in written
    assert written.startswith("a\n")
    with pytest.raises(ValueError, match="marks of the generated part"):
        matrix.inserted("no marks", "text")


def test_the_package_runs_as_a_command(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["cascadelab.course", "--help"])
    with pytest.raises(SystemExit, match="0"):
        runpy.run_path(command.__file__, run_name="__main__")
    shown = capsys.readouterr().out
    for name in ("release", "course", "values", "grade", "tables", "normalise"):
        assert name in shown
