"""Every assignment keeps what is promised of it; a new chapter's module is tested by being there."""

import json
import re

import nbformat
import pytest

from cascadelab.course import form
from cascadelab.course import task as tasks
from cascadelab.course.apart import Limits
from cascadelab.course.grade import Grader
from cascadelab.course.scan import scan
from cascadelab.course.tasks.account import call
from cascadelab.course.tasks.capstone import page, short
from cascadelab.course.work import Work
from tests.course.submissions import (
    SALT,
    SOURCES,
    TEN,
    blank,
    reference,
    run_here,
    source,
    stored,
    variable,
    with_slips,
)

CHAPTERS = tasks.ready()
TASKS = [(chapter, task.number) for chapter in CHAPTERS for task in tasks.find(chapter).tasks]
ROUNDS = [
    (chapter, place) for chapter in CHAPTERS for place in range(max(len(t.slips) for t in tasks.find(chapter).tasks))
]
NOT_BY_NUMBERS = [
    (chapter, number)
    for chapter, number in TASKS
    if tasks.find(chapter).task(number).kind in ("implement", "derive", "find the error")
]
BY_HAND = [(chapter, name) for chapter in CHAPTERS for name, (_, p) in tasks.find(chapter).parts.items() if p.by_hand]
every_chapter = pytest.mark.parametrize("chapter", CHAPTERS)
every_task = pytest.mark.parametrize(("chapter", "number"), TASKS)
every_round = pytest.mark.parametrize(("chapter", "place"), ROUNDS)


def grader(chapter):
    """A grader in this process, whose clock leaves a busy machine the time to import sympy in a cell."""
    return Grader(chapter, form.cells_of(source(chapter)), SALT, Limits(seconds=60.0), run_here)


@every_chapter
def test_three_core_tasks_and_one_or_two_optional_ones_and_the_capstone_has_one_of_each_kind(chapter):
    assignment = tasks.find(chapter)
    core = [task.kind for task in assignment.tasks if not task.optional]
    more = len(assignment.tasks) - len(core)
    if chapter == tasks.CAPSTONE:
        assert (sorted(core), more) == (sorted(tasks.KINDS), 0)
    else:
        assert (sorted(core), more in (1, 2)) == (["compute", "explain", "implement"], True)
    assert [task.number for task in assignment.tasks] == list(range(1, len(assignment.tasks) + 1))
    assert {task.kind for task in assignment.tasks} <= set(tasks.KINDS)


@every_chapter
def test_outcomes_are_lines_of_the_chapter(chapter):
    assignment = tasks.find(chapter)
    stem = "[0-9]*" if chapter == tasks.CAPSTONE else assignment.stem
    cells = [cell for path in SOURCES.parent.glob(f"{stem}.ipynb") for cell in nbformat.read(path, 4).cells]
    texts = [cell.source for cell in cells if cell.source.startswith("## You will be able to")]
    abilities = re.findall(r"^- (.*)$", "\n".join(texts), re.M)
    for task in assignment.tasks:
        assert task.outcome in [line.rstrip(";.") for line in abilities], task.title


@every_task
def test_right_answers_are_right_and_each_slip_loses_exactly_its_parts(chapter, number):
    work = Work(chapter, SALT, TEN[0])
    for part in tasks.find(chapter).task(number).parts:
        work.test(part.name, work.answer(part.name))
    assert_each_slip_loses_its_parts(work, chapter, number)


@pytest.mark.unmeasured
@pytest.mark.parametrize(("chapter", "number"), NOT_BY_NUMBERS)
def test_each_slip_loses_exactly_its_parts_for_four_more_where_no_draw_asks_for_it(chapter, number):
    """Of inputs, expressions and choices: slips of numbers are told apart in every draw."""
    for student in TEN[1:5]:
        assert_each_slip_loses_its_parts(Work(chapter, SALT, student), chapter, number)


def assert_each_slip_loses_its_parts(work, chapter, number):
    task = tasks.find(chapter).task(number)
    functions = [part.name for part in task.parts if callable(work.answer(part.name))]
    for slip in task.slips:
        wrong = slip.answer(work.given(number))
        for part in functions if slip.parts[0] in functions else slip.parts:
            if part in slip.parts:
                with pytest.raises(AssertionError, match=re.escape(slip.hint)):
                    work.test(part, wrong)
            else:
                work.test(part, wrong)


@pytest.mark.parametrize(("chapter", "part"), BY_HAND)
def test_numbers_by_hand_are_those_of_the_book(chapter, part):
    task, entry = tasks.find(chapter).parts[part]
    for student in TEN:
        work = Work(chapter, SALT, student)
        drawn = tasks.numbers(tasks.find(chapter), task, SALT, student)
        assert entry.by_hand(drawn) == pytest.approx(work.answer(part), rel=1e-9)


@every_task
def test_hints_give_no_number_away(chapter, number):
    """Everybody reads the same, and in it no number of two digits but those of equations and the days of a year."""
    for slip in tasks.find(chapter).task(number).slips:
        told = re.sub(r"\(\d+\.\d+\)", "", slip.hint).replace("365 days", "")
        assert re.findall(r"\d+[.,]?\d+", told) == []


@pytest.mark.unmeasured
@every_chapter
def test_reference_solution_earns_every_automatic_point_for_ten_ids(chapter, tmp_path):
    ours = grader(chapter)
    for student in TEN:
        submission = reference(chapter, student, pictures=student in TEN[:2])
        grade = ours.grade(stored(submission, tmp_path / "a.ipynb"), student)
        earned, most = (grade.automatic, grade.optional), (grade.automatic_maximum, grade.optional_maximum)
        assert (earned, grade.reasons, grade.review) == (most, [], [])
        assert grade.automatic > 0


@every_chapter
def test_blank_release_earns_nothing(chapter, tmp_path):
    grade = grader(chapter).grade(stored(blank(chapter, "alice"), tmp_path / "a.ipynb"), "alice")
    assert grade.automatic == grade.optional == 0
    assert set(grade.points) == {reason.partition(":")[0] for reason in grade.reasons if reason.startswith("test-")}


@pytest.mark.unmeasured
@every_round
def test_each_slip_gets_its_hint_and_loses_exactly_its_points(chapter, place, tmp_path):
    """One slip of each task a submission: what one task loses does not touch another."""
    student = TEN[place % len(TEN)]
    slips = {task.number: task.slips[place] for task in tasks.find(chapter).tasks if place < len(task.slips)}
    submission = with_slips(reference(chapter, student, pictures=False), chapter, [(number, place) for number in slips])
    grade = grader(chapter).grade(stored(submission, tmp_path / "a.ipynb"), student)
    for cell in (cell for cell in form.cells_of(source(chapter)) if cell.role == "test"):
        hit = [slip for slip in slips.values() if set(form.tested(cell)) & set(slip.parts)]
        assert grade.points[cell.name] == (0 if hit else cell.points)
        said = [reason for reason in grade.reasons if reason.startswith(f"{cell.name}: ")]
        assert len(said) == len(hit)
        assert all(slip.hint in reason for slip, reason in zip(hit, said, strict=True))


# ── the notebook ──


@every_chapter
def test_source_has_the_metadata_that_its_ids_want(chapter):
    path = SOURCES / f"{tasks.find(chapter).stem}.ipynb"
    assert path.read_text(encoding="utf-8") == form.written(form.normalise(source(chapter), tasks.find(chapter)))


@every_chapter
def test_every_part_is_tested_once_and_every_task_has_its_cells(chapter):
    assignment = tasks.find(chapter)
    cells = form.cells_of(source(chapter))
    names = [cell.name for cell in cells]
    assert names[:4] == ["title", "setup", "student", "work"]
    assert [part for cell in cells if cell.role == "test" for part in form.tested(cell)] == list(assignment.parts)
    for task in assignment.tasks:
        assert {f"task-{task.number}", f"given-{task.number}"} <= set(names)
        assert (f"explain-{task.number}" in names) == bool(task.rubric)
    for cell in cells:
        assert cell.role in {
            "title",
            "setup",
            "student",
            "work",
            "task",
            "given",
            "picture",
            "answer",
            "test",
            "explain",
        }
        for part in form.tested(cell) if cell.role == "test" else ():
            assert cell.source.endswith(f'work.test("{part}", {variable(cell, part)})\n### END HIDDEN TESTS')
            if not assignment.parts[part][1].hidden:
                assert cell.source.startswith(f'work.check("{part}", {variable(cell, part)})\n')


@every_chapter
def test_statement_tells_each_part_and_its_points(chapter):
    cells = {cell.name: cell.source for cell in form.cells_of(source(chapter))}
    for name, (task, part) in tasks.find(chapter).parts.items():
        (line,) = [line for line in cells[f"task-{task.number}"].split("\n") if line.startswith(f"- {name}: ")]
        assert re.search(rf"\b{part.points} points?\)", line), name
        assert ("when graded" in line) == part.hidden, name
    for task in tasks.find(chapter).tasks:
        statement = cells[f"task-{task.number}"]
        assert statement.startswith(f"## Task {task.number} · {task.title}" + " – optional" * task.optional + "\n")


@every_chapter
def test_release_shows_no_solution_and_no_hidden_test(chapter):
    notebook = form.released(source(chapter), "another salt")
    text = json.dumps(notebook)
    for word in (
        "BEGIN",
        "END",
        "work.test",
        "work.answer",
        ".slips",
        r"\"reference\"",
        "oracle",
        "cascadelab.course.task",
    ):
        assert word not in text
    assert all(not cell.get("outputs") for cell in notebook["cells"])
    can_edit = {cell["id"] for cell in notebook["cells"] if cell["metadata"].get("editable", True)}
    assert {form.role_of(name) for name in can_edit} == {"student", "answer", "explain"}
    assert r"salt = \"another salt\"" in text
    for cell in form.cells_of(source(chapter)):
        if cell.role == "answer":
            assert "### BEGIN SOLUTION" in cell.source


@every_chapter
def test_prose_of_an_assignment_has_one_sentence_a_line(chapter):
    for cell in form.cells_of(source(chapter)):
        for line in cell.source.split("\n"):
            if not cell.code and not line.startswith(("|", "#", "-", ">", "[")):
                assert not re.search(r"[a-z)]\. [A-Z]", line), line


@every_chapter
def test_reference_solution_needs_no_review(chapter):
    cells = form.cells_of(source(chapter))
    answers = [cell for cell in cells if cell.role == "answer"]
    assert scan(answers, [cell for cell in cells if cell.role == "setup"], tasks.find(chapter).allowed) == []


def test_the_published_margin_call_of_chapter_1_is_the_slip_of_its_task():
    cases = json.loads((SOURCES.parent.parent / "tests" / "golden.json").read_text(encoding="utf-8"))["cases"]
    case = next(case for case in cases if case["id"] == "neg-analystforum-24775")
    names = {"entry_price": "price", "initial_rate": "initial", "maintenance_rate": "maintenance"}
    given = {name: case["inputs"][key] for name, key in names.items()}
    assert f"PUBLISHED WRONG VALUE {call.published(given):.1f};" in case["notes"]
    assert round(call.call(given), 2) == case["expected"]["call_price"]


def test_the_published_margin_call_of_a_short_is_the_slip_of_the_capstone():
    """The page divides a total of 10,400, which follows from none of its inputs; our numbers follow from theirs."""
    cases = json.loads((SOURCES.parent.parent / "tests" / "golden.json").read_text(encoding="utf-8"))["cases"]
    case = next(case for case in cases if case["id"] == "neg-essayhub-short")
    given = {f"{name}_rate": case["inputs"][name] for name in ("initial", "maintenance")}
    given |= {"price": [0.0, case["inputs"]["price"]], "units_short": 350}
    assert round(short.call(given), 2) == case["expected"]["call_price"]
    assert round(page.as_on_the_page(10_400, given["maintenance_rate"]), 2) == case["published_wrong"]
    assert page.published(given) == pytest.approx(0.6 * 350 * 32 / 0.3)
    text = next(cell.source for cell in form.cells_of(source("capstone")) if cell.name == "task-6")
    assert f"{case['published_wrong']:,.2f} dollars a share" in text
