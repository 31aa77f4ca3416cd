"""The capstone: one market for all tasks, answers on grids that the engine confirms, and a picture of the same."""

import dataclasses

import pytest

from cascadelab.course import task as tasks
from cascadelab.course.figures import halt
from cascadelab.course.tasks.capstone.both_venues import bad_debt
from cascadelab.course.work import Work
from cascadelab.kit.explore import show
from tests.course.submissions import SALT, TEN

THREE = TEN[:3]


def work_of(student):
    return Work("capstone", SALT, student)


def engine(market, at, shock, conductance):
    """Bad debt of one venue on a student's market, by the book's engine."""
    one, two, three = market["price"]
    held, after = [market[name] for name in "PQRS"], [one - shock, two - shock, three]
    weight, depth = market["asset_weight"], market["depth"]
    return bad_debt(at, market["cash"], held, [1, 2, 2, 2], weight, after, depth, conductance)


@pytest.mark.parametrize("student", THREE)
def test_every_task_has_the_same_market_and_shows_what_it_needs(student):
    assignment = tasks.find("capstone")
    drawn = [tasks.numbers(assignment, task, SALT, student) for task in assignment.tasks]
    assert all(numbers == drawn[0] for numbers in drawn)
    for task in assignment.tasks:
        shown = work_of(student).given(task.number)
        assert dict(shown) == {name: drawn[0][name] for name in task.shows}
        assert set(task.shows) <= set(task.words)


def test_a_shared_draw_holds_for_all_that_share_it_whichever_is_asked_first():
    first = tasks.Task(
        1, "first", "compute", "", 1, draw=lambda stream: {"price": stream.integer(1, 100)}, difficulty=tasks.digits,
        guaranteed="even", holds=lambda given: given["price"] % 2 == 0,
    )  # fmt: skip
    second = dataclasses.replace(
        first, number=2, shares=1, draw=lambda _: {}, holds=lambda given: given["price"] % 3 == 0
    )
    alone = tasks.Assignment("account", "one", (first,))
    both = tasks.Assignment("account", "two", (first, second))
    found = [tasks.numbers(both, second, "salt", f"s{k}")["price"] for k in range(50)]
    assert {price % 6 for price in found} == {0}
    assert found == [tasks.numbers(both, first, "salt", f"s{k}")["price"] for k in range(50)]
    assert {tasks.numbers(alone, first, "salt", f"s{k}")["price"] % 6 for k in range(50)} == {0, 2, 4}


@pytest.mark.parametrize("student", THREE)
def test_shocks_of_task_4_are_where_the_engine_first_leaves_bad_debt(student):
    work = work_of(student)
    market = work.given(4)
    for part, link in (("4a", market["conductance"]), ("4b", 0.0)):
        first = round(10 * work.answer(part))
        assert work.answer(part) == pytest.approx(first / 10)
        for k in {*range(0, 401, 25), *range(first - 2, first + 3)}:
            unpaid = engine(market, 2, k / 10, link)
            assert unpaid > 1 if k >= first else unpaid == 0.0


@pytest.mark.parametrize("student", THREE)
def test_conductance_of_task_4_leaves_least_unpaid_by_the_engine(student):
    work = work_of(student)
    market = work.given(4)
    best = round(100 * work.answer("4c"))
    assert work.answer("4c") == pytest.approx(best / 100)

    def total(k):
        return sum(engine(market, at, market["shock"], k / 100) for at in (1, 2))

    least = total(best)
    assert all(total(k) > least + 0.01 for k in {*range(0, 501, 25), *range(best - 2, best + 3)} - {best})


def test_the_picture_tells_the_engine_s_losses():
    market = work_of("alice").given(5)
    facts = show(halt, **market).facts
    for name, link in (("with arbitrage", market["conductance"]), ("under a halt", 0.0)):
        for venue in (1, 2):
            unpaid = facts[f"{name}: bad debt of venue {venue}"]
            assert unpaid == pytest.approx(engine(market, venue, market["shock"], link))
    assert facts["with arbitrage: lost"] == "P, Q, R"
    assert facts["under a halt: lost"] == "P"
    assert facts["under a halt: bad debt of venue 2"] == 0.0


def test_the_bounds_of_a_story_are_refused_beyond():
    """Guarantees that the way of drawing leaves to no chance."""
    assignment = tasks.find("capstone")
    given = tasks.numbers(assignment, assignment.task(1), SALT, "alice")
    other_links = {"conductance": 0.1}  # arbitrage does not reach Q
    assert not assignment.task(1).holds(given | other_links)
    assert not assignment.task(4).holds(given | other_links)
    assert not assignment.task(3).holds(given | {"account_density": 1.0})  # B does not come to rest
    assert not assignment.task(5).holds(given | other_links)
