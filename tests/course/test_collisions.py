"""Ten thousand students: nobody shares an assignment, hardly anybody a task, and the numbers are alike in weight."""

import statistics

import pytest

from cascadelab.course import task as tasks

MANY = 10_000
FEW = 1_000


@pytest.mark.parametrize("chapter", tasks.ready())
def test_no_two_of_ten_thousand_students_share_an_assignment(chapter, record_property):
    assignment = tasks.find(chapter)
    seen = {task.number: [] for task in assignment.tasks}
    for k in range(MANY):
        for task in assignment.tasks:
            seen[task.number].append(repr(tasks.numbers(assignment, task, "collisions", f"s{k:05d}")))
    assert len(set(zip(*seen.values(), strict=True))) == MANY
    shared = {number: MANY - len(set(texts)) for number, texts in seen.items()}
    assert all(count <= MANY // 100 for count in shared.values()), shared
    record_property("measured", f"{chapter}: of {MANY} students, {shared} share a task's numbers (by task)")


@pytest.mark.parametrize("chapter", tasks.ready())
def test_difficulty_is_alike(chapter, record_property):
    assignment = tasks.find(chapter)
    spreads = {}
    for task in assignment.tasks:
        weights = [
            task.difficulty(tasks.numbers(assignment, task, "difficulty", f"s{k:05d}")) for k in range(FEW)
        ]  # fmt: skip
        spreads[task.number] = statistics.pstdev(weights) / statistics.fmean(weights)
    assert all(spread <= 0.15 for spread in spreads.values()), spreads
    told = ", ".join(f"{number}: {spread:.1%}" for number, spread in spreads.items())
    record_property("measured", f"{chapter}: spread of difficulty over {FEW} students (deviation over mean) {told}")
