"""What a task guarantees of its numbers is refused where it does not hold, also where no draw comes that far."""

import pytest

from cascadelab.course import task as tasks
from cascadelab.course.tasks.portfolio import walk
from cascadelab.course.tasks.thresholds import size


def drawn(chapter, number):
    assignment = tasks.find(chapter)
    task = assignment.task(number)
    return task, tasks.numbers(assignment, task, "guarantees", "alice")


@pytest.mark.parametrize(
    ("chapter", "number", "name", "change"),
    [
        ("contagion", 2, "cash", lambda cash: [c + 1e6 for c in cash]),  # nobody is lost
        ("liquidation", 2, "debt_value", lambda debt: 0.5 * debt),  # healthy from the start
        ("capstone", 1, "cash", lambda cash: [c - 1e6 for c in cash]),  # below zero before the shock
        ("capstone", 1, "cash", lambda cash: [c + 1e6 for c in cash]),  # safe whatever happens
        ("capstone", 5, "cash", lambda cash: [c + 1e6 for c in cash]),  # nothing is left unpaid
    ],
)
def test_numbers_without_the_guaranteed_story_are_refused(chapter, number, name, change):
    task, given = drawn(chapter, number)
    assert task.holds(given)
    assert not task.holds(given | {name: change(given[name])})


def test_a_walk_that_begins_below_zero_is_refused():
    task, given = drawn("portfolio", 2)
    own = task.parts[0].exercise(given, None).samples[0]
    assert walk.tells(walk.LOST, own)
    assert not walk.tells(walk.LOST, (own[0] - 1e6, *own[1:]))


def test_the_table_that_is_kept_for_every_draw_is_the_one_that_is_loaded():
    rates, deductions, floors, leverages = size.table()
    assert (rates, deductions, floors, leverages) == size.table.__wrapped__()
    assert floors == sorted(floors)
    assert leverages == sorted(leverages, reverse=True)
