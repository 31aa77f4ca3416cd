"""A folder of submissions: found, graded in parallel, cut off, resumed, and written to one CSV."""

import csv
import json

import pytest

from cascadelab.course import form
from cascadelab.course.apart import Ran
from cascadelab.course.folder import grade_folder, harmless, submissions, write_csv
from cascadelab.course.grade import Grader
from tests.course.submissions import SALT, blank, source, stored


class Runner:
    """Runs nothing and reports that every cell ended; counts, and fails where it is told to."""

    def __init__(self, fails=(), *, slow=False):
        self.seen, self.fails, self.slow = [], list(fails), slow

    def __call__(self, cells, limits):
        (student,) = [cell.source for cell in cells if cell.name == "student"]
        self.seen.append(student)
        if any(name in student for name in self.fails):
            raise OSError("no process could be started")
        if self.slow:
            return Ran([], [])
        return Ran([{"end": cell.name, "error": ""} for cell in cells], [])


def grader(runner):
    return Grader("account", form.cells_of(source("account")), SALT, runner=runner)


def class_of(count, folder):
    for k in range(count):
        stored(blank("account", f"s{k:03d}"), folder / f"s{k:03d}.ipynb")
    return submissions(folder, "01_account")


def test_a_hundred_are_graded_in_parallel_and_a_run_that_is_cut_off_resumes(tmp_path):
    files, journal = class_of(100, tmp_path / "in"), tmp_path / "journal"
    first, told = Runner(), []

    def stop(done, total, _grade):
        told.append((done, total))
        if done == 37:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade_folder(grader(first), files, journal, workers=4, progress=stop)
    assert told == [(k, 100) for k in range(1, 38)]
    kept = journal.read_text("utf-8").count("\n")
    assert 37 <= kept < 100
    journal.write_text(journal.read_text("utf-8") + '{"key": "cut o', "utf-8")

    second = Runner()
    grades = grade_folder(grader(second), files, journal, workers=4)
    assert len(second.seen) == 100 - kept
    assert [grade.student for grade in grades] == [f"s{k:03d}" for k in range(100)]
    assert {json.loads(line)["student"] for line in journal.read_text("utf-8").splitlines()} == set(files)

    third = Runner()
    assert grade_folder(grader(third), files, journal) == grades
    assert third.seen == []


def test_a_new_file_or_other_settings_are_graded_again_and_only_they(tmp_path):
    files, journal = class_of(5, tmp_path / "in"), tmp_path / "journal"
    grade_folder(grader(Runner()), files, journal)
    stored(blank("account", "s001"), files["s001"][0]).write_text("{", "utf-8")
    again = Runner()
    grades = grade_folder(grader(again), files, journal)
    assert again.seen == []  # a broken file is not run
    assert grades[1].status == "unreadable"
    other = Runner()
    changed = Grader("account", form.cells_of(source("account")), "another salt", runner=other)
    grade_folder(changed, files, journal)
    assert len(other.seen) == 4


def test_a_fault_of_ours_is_said_is_not_kept_and_harms_no_other(tmp_path):
    for student in ("a1", "b2", "c3"):
        stored(blank("account", student), tmp_path / "in" / f"{student}.ipynb")
    files = submissions(tmp_path / "in", "01_account")
    grades = grade_folder(grader(Runner(fails=["b2"])), files, tmp_path / "journal")
    assert [grade.status for grade in grades] == ["graded", "grader failed", "graded"]
    assert "OSError: no process could be started" in grades[1].reasons[0]
    again = Runner()
    assert grade_folder(grader(again), files, tmp_path / "journal")[1].status == "graded"
    assert len(again.seen) == 1


def test_a_submission_whose_setup_did_not_end_is_not_kept(tmp_path):
    stored(blank("account", "ann"), tmp_path / "in" / "ann.ipynb")
    files = submissions(tmp_path / "in", "01_account")
    (grade,) = grade_folder(grader(Runner(slow=True)), files, tmp_path / "journal")
    assert grade.status == "grader failed"
    assert (tmp_path / "journal").read_text("utf-8") == ""
    (grade,) = grade_folder(grader(Runner()), files, tmp_path / "journal")
    assert grade.status == "graded"


def test_a_path_that_can_not_be_read_is_said_and_harms_no_other(tmp_path):
    stored(blank("account", "ann"), tmp_path / "in" / "ann.ipynb")
    (tmp_path / "in" / "bob.ipynb").symlink_to(tmp_path / "nowhere")
    (tmp_path / "in" / "cy.ipynb").mkdir()
    grades = grade_folder(grader(Runner()), submissions(tmp_path / "in", "01_account"), tmp_path / "journal")
    assert [grade.status for grade in grades] == ["graded", "unreadable", "unreadable"]
    assert grades[1].reasons == ["the notebook can not be read: FileNotFoundError: No such file or directory"]
    assert "IsADirectoryError" in grades[2].reasons[0]


def test_a_renamed_notebook_is_not_skipped_in_silence(tmp_path):
    for name in (
        "ann/01_account (1).ipynb",
        "bob/01_account.ipynb",
        "bob/01_account (bob).ipynb",
        "cy/01_Account.ipynb",
    ):
        stored(blank("account", "ann"), tmp_path / "in" / name)
    ours = grader(Runner())
    grades = grade_folder(ours, submissions(tmp_path / "in", "01_account"), tmp_path / "journal")
    assert {grade.student: (grade.status, grade.reasons[0]) for grade in grades} == {
        "ann": ("not graded", "the name of the file is not that of the assignment: 01_account (1).ipynb"),
        "bob": ("not graded", "more than one file: 01_account (bob).ipynb, 01_account.ipynb"),
        "cy": ("not graded", "the name of the file is not that of the assignment: 01_Account.ipynb"),
    }
    write_csv(tmp_path / "grades.csv", grades, ours, disguise="secret")
    text = (tmp_path / "grades.csv").read_text("utf-8")
    assert "ipynb" not in text
    assert "more than one file" in text


def test_files_are_found_as_a_plain_folder_and_as_nbgrader_keeps_them(tmp_path):
    for name in (
        "Ann.ipynb", "bob/01_account.ipynb", "cy/01_account/01_account.ipynb", "cy/01_account/scratch.ipynb",
        "dan/.ipynb_checkpoints/01_account.ipynb", "eve/02_thresholds.ipynb", "no id.ipynb",
        "ann/01_account.ipynb", "fay/01_account.IPYNB",
    ):  # fmt: skip
        stored({}, tmp_path / name)
    found = submissions(tmp_path, "01_account")
    assert {name: len(paths) for name, paths in found.items()} == {
        "ann": 2,
        "bob": 1,
        "cy": 1,
        "eve": 0,
        "fay": 1,
        "no id": 1,
    }


def test_the_roster_says_who_is_missing_and_who_is_a_stranger(tmp_path):
    for name in ("ann", "bob", "no id", "two"):
        stored(blank("account", "ann"), tmp_path / "in" / f"{name}.ipynb")
    stored(blank("account", "two"), tmp_path / "in" / "two" / "01_account.ipynb")
    files = submissions(tmp_path / "in", "01_account")
    grades = grade_folder(grader(Runner()), files, tmp_path / "journal", roster=["Ann", "two", "zoe"])
    assert {grade.student: (grade.status, grade.reasons[0]) for grade in grades if grade.student != "ann"} == {
        "bob": ("not graded", "this id is not in the roster"),
        "no id": ("not graded", "the name of the file or folder is not an id"),
        "two": ("not graded", "more than one file: 01_account.ipynb, two.ipynb"),
        "zoe": ("no submission", "no file of this student with a name like 01_account.ipynb"),
    }


def test_the_csv_is_whole_harmless_and_can_be_disguised(tmp_path):
    stored(blank("account", "mallory"), tmp_path / "in" / "ann.ipynb")
    ours = grader(Runner())
    grades = grade_folder(ours, submissions(tmp_path / "in", "01_account"), tmp_path / "journal")
    path = tmp_path / "grades.csv"
    write_csv(path, grades, ours)
    (row,) = csv.DictReader(path.read_text("utf-8").splitlines())
    assert (row["id"], row["status"], row["automatic"], row["automatic_maximum"]) == ("ann", "graded", "0", "10")
    assert (row["optional"], row["optional_maximum"], row["manual_maximum"]) == ("0", "6", "4")
    assert row["reasons"].startswith("the notebook says it is of mallory")
    write_csv(path, grades, ours, disguise="secret")
    text = path.read_text("utf-8")
    assert "ann" not in text
    assert "mallory" not in text
    (row,) = csv.DictReader(text.splitlines())
    assert len(row["id"]) == 16
    assert not list(tmp_path.glob("*.part"))


def test_a_disguised_csv_is_not_in_the_order_of_the_ids(tmp_path):
    """With a roster at hand, the k-th row would be that of the k-th id."""
    ours = grader(Runner())
    grades = [ours.nothing(f"s{k}", "no submission", "") for k in range(10)]
    orders = set()
    for secret in ("one", "two", None):
        write_csv(tmp_path / "g.csv", grades, ours, disguise=secret)
        ids = [row["id"] for row in csv.DictReader((tmp_path / "g.csv").read_text("utf-8").splitlines())]
        assert ids == sorted(ids)
        orders.add(tuple(ids))
    assert len(orders) == 3


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "a\nb\r\x00"])
def test_no_text_of_a_student_is_run_by_a_spreadsheet(text):
    assert harmless(text)[0] not in "=+-@"
    assert harmless(text).isprintable()
