"""The instructor's commands, from the command line's words to files and exit status."""

import csv
import json
import runpy
import sys
from pathlib import Path

import pytest

from cascadelab.course import __main__ as command
from cascadelab.course import form, matrix
from cascadelab.course.__main__ import main
from cascadelab.course.apart import Ran
from cascadelab.course.grade import Grader
from cascadelab.course.task import find, ready
from cascadelab.course.work import Work
from tests.course.submissions import SALT, SOURCES, cell, reference, source, stored

HERE = ["--source", str(SOURCES)]


def run(*words):
    return main([str(word) for word in words])


@pytest.fixture
def no_process(monkeypatch):
    """Graders that run nothing: every cell ends, and of the answers 1a arrives, right for ann."""

    def runner(cells, _):
        answer = {"part": "1a", "given": Work("account", SALT, "ann").answer("1a")}
        return Ran([answer, *({"end": cell.name} for cell in cells)], [])

    monkeypatch.setattr(command, "Grader", lambda *settings: Grader(*settings, runner=runner))


def test_release_writes_what_students_get(tmp_path, capsys):
    assert run("release", *HERE, "--salt", SALT, "--out", tmp_path / "out") == 0
    names = [f"{find(chapter).stem}.ipynb" for chapter in ready()]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    assert capsys.readouterr().out.count("\n") == len(names)
    notebook = json.loads((tmp_path / "out" / "01_account.ipynb").read_text("utf-8"))
    assert notebook == form.released(source("account"), SALT)


def test_release_does_not_take_the_place_of_sources(tmp_path, capsys):
    paths = [stored(source("account"), tmp_path / name / "01_account.ipynb") for name in ("mine", "others")]
    before = [path.read_text("utf-8") for path in paths]
    for path in paths:
        assert run("release", "--source", tmp_path / "mine", "--salt", SALT, "--out", path.parent) == 2
        assert f"error: {path} holds solutions" in capsys.readouterr().err
    assert [path.read_text("utf-8") for path in paths] == before
    for _ in range(2):  # an older release gives way
        assert run("release", "--source", tmp_path / "mine", "--salt", SALT, "--out", tmp_path / "out") == 0


def test_a_folder_for_nbgrader_does_not_take_the_place_of_its_own_source(tmp_path, capsys):
    path = stored(source("account"), tmp_path / "source" / "01_account" / "01_account.ipynb")
    before = path.read_text("utf-8")
    assert run("course", "--source", path.parent, "--salt", SALT, "--out", tmp_path) == 2
    assert f"error: {path} is the source itself" in capsys.readouterr().err
    assert path.read_text("utf-8") == before


def changed(name, **entries):
    """Text of a source in which a cell has other entries."""
    notebook = source("account")
    cell(notebook, name).update(entries)
    return json.dumps(notebook)


def marked(name, points):
    return {"nbgrader": {"grade": True, "grade_id": name, "points": points}}


FAULTY = {
    '{\n"cells": }': "Expecting value: line 2 column 10",
    "[]": "it is not a notebook of format 4",
    '{"nbformat": 4}': "it is not a notebook of format 4",
    changed("test-1a", metadata=marked("test-1a", "2,5")): "cell test-1a: points must be a number, got '2,5'",
    changed("test-1b", id="test-9b", metadata={}): "cell test-9b: number must be one of 1, 2, 3, 4, 5, got '9'",
    changed("explain-3", id="explain-x", metadata={}): "cell explain-x: number must be one of 1, 2, 3, 4, 5, got ''",
    changed("test-1b", id="test-1a", metadata={}): "cell test-1a: another cell has this name too",
    changed("test-1b", source='work.test("9b", 1)'): "cell test-1b: part must be one of 1a, ",
    changed("test-1b", source="%time 1"): "cell test-1b: invalid syntax",
    changed("picture-3", metadata=marked("cell-9f0", 3)): "cell cell-9f0: only cells named test-… or explain-… have",
    changed("setup", source="salt = 'demo'"): 'the cell setup must hold one line salt = "…"',
    changed("setup", id="set up", metadata={}): 'the cell setup must hold one line salt = "…"',
}


@pytest.mark.parametrize("text", FAULTY, ids=FAULTY.values())
def test_a_faulty_source_is_refused_at_the_door_with_its_path(text, tmp_path, capsys):
    path = tmp_path / "mine" / "01_account.ipynb"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    words = ["--source", path.parent, "--assignment", "account", "--salt", SALT, "--out"]
    for use in (["release", *words, tmp_path / "out"], ["grade", tmp_path, *words, tmp_path / "g.csv"]):
        assert run(*use) == 2
        assert f"error: {path}: {FAULTY[text]}" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_source_whose_solution_would_be_handed_out_is_named(tmp_path, capsys):
    path = tmp_path / "01_account.ipynb"
    path.write_text(changed("answer-1a", source="### BEGIN SOLUTION\nx = 1"), "utf-8")
    assert run("release", "--source", tmp_path, "--salt", SALT, "--out", tmp_path / "out") == 2
    assert f"error: {path}: cell answer-1a still has 'BEGIN SOLUTION'" in capsys.readouterr().err


def test_course_writes_a_folder_for_nbgrader(tmp_path):
    assert run("course", *HERE, "--assignment", "account", "--salt", SALT, "--out", tmp_path) == 0
    assert (tmp_path / "nbgrader_config.json").exists()
    notebook = json.loads((tmp_path / "source" / "01_account" / "01_account.ipynb").read_text("utf-8"))
    assert f'salt = "{SALT}"' in "".join(cell(notebook, "setup")["source"])
    assert "BEGIN SOLUTION" in json.dumps(notebook)


def test_a_folder_for_nbgrader_is_written_again_for_another_salt_but_never_over_an_edited_notebook(tmp_path, capsys):
    words = ["course", *HERE, "--assignment", "account", "--out", tmp_path, "--salt"]
    path = tmp_path / "source" / "01_account" / "01_account.ipynb"
    for salt in ("last year's", SALT):
        assert run(*words, salt) == 0
    written = path.read_text("utf-8")
    assert written == form.written(form.with_salt(source("account"), SALT))
    edited = changed("test-1a", metadata=marked("test-1a", 20))
    for text in (edited, changed("setup", source="salt = 1"), "broken", written.replace(' "title"', ' "mine"')):
        path.write_text(text, "utf-8")
        assert run(*words, SALT) == 2
        assert f"error: {path} differs from its source by more than the salt: give {path.parent} as --source" in (
            capsys.readouterr().err
        )
        assert path.read_text("utf-8") == text


def test_settings_of_a_folder_for_nbgrader_stay_as_they_were_edited(tmp_path):
    settings = tmp_path / "nbgrader_config.json"
    settings.write_text("{}", "utf-8")
    assert run("course", *HERE, "--assignment", "account", "--salt", SALT, "--out", tmp_path) == 0
    assert settings.read_text("utf-8") == "{}"


def test_values_are_those_of_the_student_and_answers_only_on_request(capsys):
    assert run("values", "AB1234", "--assignment", "account", "--salt", "demo") == 0
    shown = capsys.readouterr().out
    assert "520" in shown
    assert "1b = " not in shown
    assert run("values", "ab1234", "--assignment", "account", "--salt", "demo", "--answers") == 0
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
    assert "ann  10 of 10, optional 6 of 6\n" in said.err
    (tmp_path / "roster.csv").write_text("\n ID ,name\nann,A\n,\nbob\n", "utf-8")
    assert run(*words) == 0
    assert capsys.readouterr().err == ""  # taken from the journal


def test_a_wrong_salt_is_asked_about(tmp_path, capsys, no_process):
    for student in ("ann", "bob"):
        stored(reference("account", student), tmp_path / "in" / f"{student}.ipynb")
    words = ["grade", tmp_path / "in", *HERE, "--assignment", "account", "--out", tmp_path / "g.csv", "--salt"]
    assert run(*words, SALT) == 0
    assert "another salt" not in capsys.readouterr().out
    for _ in range(2):  # the second time from the journal
        assert run(*words, "last year's") == 1
        assert '2 with another salt: is --salt "last year\'s" right?' in capsys.readouterr().out


def test_a_disguise_without_a_secret_is_refused(tmp_path, capsys, no_process):
    stored(reference("account", "ann"), tmp_path / "in" / "ann.ipynb")
    words = ["grade", tmp_path / "in", *HERE, "--assignment", "account", "--salt", SALT, "--out", tmp_path / "g.csv"]
    assert run(*words, "--disguise", "") == 2
    assert "--disguise needs a secret" in capsys.readouterr().err
    assert not (tmp_path / "g.csv").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("values", "ann", "--salt", SALT, "--source", "nowhere"),
        ("tables", "--assignment", "account"),
        ("normalise", "--salt", SALT),
    ],
)
def test_an_option_that_a_command_does_not_read_is_refused(words, capsys):
    with pytest.raises(SystemExit, match="2"):
        run(*words)
    assert "unrecognized arguments" in capsys.readouterr().err


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


def test_points_changed_in_the_source_are_the_points_of_the_grader(tmp_path, capsys, no_process):
    path = tmp_path / "source" / "01_account.ipynb"
    path.parent.mkdir()
    path.write_text(changed("test-1a", metadata=marked("test-1a", 20)), "utf-8")
    stored(reference("account", "ann"), tmp_path / "in" / "ann.ipynb")
    words = ["grade", tmp_path / "in", "--source", path.parent, "--assignment", "account", "--salt", SALT]
    assert run(*words, "--out", tmp_path / "g.csv", "--disguise", "secret") == 0
    assert ",20,28,0,6,4,20," in (tmp_path / "g.csv").read_text("utf-8")
    assert "ann  20 of 28, optional 0 of 6\n" in capsys.readouterr().err


def test_normalise_restores_metadata(tmp_path):
    notebook = source("account")
    for entry in notebook["cells"]:
        entry["metadata"] = {}
    path = stored(notebook, tmp_path / "01_account.ipynb")
    assert run("normalise", "--source", tmp_path, "--assignment", "account") == 0
    assert path.read_text("utf-8") == (SOURCES / "01_account.ipynb").read_text("utf-8")


def test_normalise_names_a_copy_of_a_cell_by_its_id(tmp_path):
    notebook = source("account")
    notebook["cells"].append(json.loads(json.dumps(cell(notebook, "test-1b"))) | {"id": "test-1c"})
    notebook["cells"].append(json.loads(json.dumps(cell(notebook, "test-1a"))) | {"id": "mine", "source": "1 + 1"})
    path = stored(notebook, tmp_path / "01_account.ipynb")
    assert run("normalise", "--source", tmp_path, "--assignment", "account") == 0
    names = [(read.name, read.points) for read in form.cells_of(json.loads(path.read_text("utf-8")))[-2:]]
    assert names == [("test-1c", 2), ("mine", 0)]


def test_normalise_leaves_what_it_can_not_repair_and_says_where(tmp_path, capsys):
    for text, problem in FAULTY.items():
        path = tmp_path / "01_account.ipynb"
        path.write_text(text, "utf-8")
        repaired = "only cells named" in problem
        assert run("normalise", "--source", tmp_path, "--assignment", "account") == (0 if repaired else 2)
        assert (f"error: {path}: {problem}" in capsys.readouterr().err) is not repaired
        assert (path.read_text("utf-8") == text) is not repaired


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


def test_away_from_the_books_folder_the_command_says_where_it_looked(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run("release", "--assignment", "account", "--salt", SALT, "--out", "out") == 2
    path = Path("chapters/assignments/01_account.ipynb")
    assert f"no source notebook {path}: run this in the book's folder, or give --source" in capsys.readouterr().err


def test_a_grading_that_is_interrupted_says_how_to_go_on(tmp_path, monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "grade_folder", interrupted)
    stored(reference("account", "ann"), tmp_path / "in" / "ann" / "01_account.ipynb")
    assert run("grade", tmp_path / "in", *HERE, "--salt", SALT, "--out", tmp_path / "g.csv") == 130
    assert capsys.readouterr().err == "stopped: the same command goes on from here\n"


def test_the_package_runs_as_a_command(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["cascadelab.course", "--help"])
    with pytest.raises(SystemExit, match="0"):
        runpy.run_path(command.__file__, run_name="__main__")
    shown = capsys.readouterr().out
    for name in ("release", "course", "values", "grade", "tables", "normalise"):
        assert name in shown
