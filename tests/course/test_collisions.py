"""Ten thousand students: nobody shares an assignment, hardly anybody a task, and the numbers are alike in weight."""

import statistics
from collections import Counter

import pytest

from cascadelab.course import asks
from cascadelab.course import task as tasks
from cascadelab.course.personal import Draw

MANY = 10_000
FEW = 500
RARE = 2  # of FEW that share a task's numbers; pairs grow with the square, so this is 800 of MANY


def numbers(assignment, task, k):
    return tasks.numbers(assignment, task, "collisions", f"s{k:05d}")


@pytest.mark.unmeasured
@pytest.mark.parametrize("chapter", tasks.ready())
def test_no_two_of_ten_thousand_students_share_an_assignment(chapter):
    """Two assignments differ as soon as one task does: the tasks are drawn only for students not yet told apart."""
    assignment = tasks.find(chapter)
    alike = dict.fromkeys(range(MANY), "")
    for task in sorted(assignment.tasks, key=lambda task: len(task.parts)):  # those without parts are the fastest
        alike = {k: before + repr(numbers(assignment, task, k)) for k, before in alike.items()}
        times = Counter(alike.values())
        alike = {k: text for k, text in alike.items() if times[text] > 1}
        if not alike:
            break
    assert alike == {}


@pytest.mark.unmeasured
@pytest.mark.parametrize("chapter", tasks.ready())
def test_tasks_are_rarely_shared_and_alike_in_difficulty(chapter, record_property):
    assignment = tasks.find(chapter)
    told = []
    for task in (task for task in assignment.tasks if task.shares is None):  # the others have the same numbers
        drawn = [numbers(assignment, task, k) for k in range(FEW)]
        shared = FEW - len(set(map(repr, drawn)))
        weights = [task.difficulty(given) for given in drawn]
        spread = statistics.pstdev(weights) / statistics.fmean(weights)
        assert shared <= RARE, f"task {task.number}"
        assert spread <= 0.15, f"task {task.number}"
        told.append(f"{task.number}: {shared}, {spread:.1%}")
    record_property(
        "measured", f"{chapter}: of {FEW}, share a task's numbers, and spread of difficulty: {'; '.join(told)}"
    )


@pytest.mark.parametrize("chapter", tasks.ready())
def test_another_salt_and_another_task_give_other_numbers(chapter):
    assignment = tasks.find(chapter)
    for task in (task for task in assignment.tasks if task.shares is None):
        assert len({repr(tasks.numbers(assignment, task, salt, "alice")) for salt in ("2026", "2027", "", "ü")}) == 4


def test_a_task_whose_guarantee_never_holds_is_an_error():
    assignment = tasks.find("account")
    task = tasks.Task(
        9, "none", "compute", "", 1, draw=lambda stream: {"price": stream.word()}, difficulty=tasks.digits,
        guaranteed="nothing", holds=lambda _: False,
    )  # fmt: skip
    with pytest.raises(ArithmeticError, match=r"1000 draws for account\.9 and student 'alice'"):
        tasks.numbers(assignment, task, "salt", "alice")


def test_draws_are_pinned_on_every_platform_and_version():
    """Whoever changes one of these changes the assignment of every student of every running course."""
    stream = Draw("demo", "ab1234", "account", 1)
    assert [stream.word() for _ in range(5)] == [
        17524024081825016165,
        2047565482333252466,
        9430871051659802670,
        6412142050080898156,
        17269577195844788092,
    ]
    assert [Draw("demo", "ab1234", k).integer(1, 6) for k in range(12)] == [1, 2, 1, 5, 6, 6, 5, 4, 6, 5, 5, 2]
    assert Draw("ü", "x").shuffled("abcdefgh") == ["d", "c", "b", "a", "h", "f", "e", "g"]
    assert Draw("demo").decimal(1, 999, 3) == 0.623
    assert {
        chapter: [tasks.numbers(tasks.find(chapter), task, "demo", "ab1234") for task in tasks.find(chapter).tasks[:3]]
        for chapter in ("account", "thresholds")
    } == {
        "account": [
            {"quantity": -5, "entry_price": 520, "leverage": 9, "maintenance_rate": 0.058, "price": 534},
            {
                "prices": [157, 174, 161, 155, 165, 151, 133, 131, 154],
                "quantity": 23,
                "entry_price": 174,
                "margin": 862.5,
                "maintenance_rate": 0.125,
            },
            {"leverage": 6.1, "maintenance_rate": 0.057, "price": 121.6},
        ],
        "thresholds": [
            {
                "quantity": 414,
                "entry_price": 306,
                "leverage": 5,
                "fee_rate": 0.0009,
                "floors": [0, 40000, 120000],
                "rates": [0.006, 0.016, 0.04],
            },
            {
                "quantity": 82,
                "entry_price": 57,
                "margin": 935,
                "floors": [0, 2131, 4262],
                "rates": [0.019, 0.04, 0.077],
            },
            {"opened": 108234000, "leverage": 8.72},
        ],
    }


def test_draws_are_uniform():
    """Each face of a die within five standard deviations of its share, and no bias from the remainder."""
    stream = Draw("uniform")
    counts = Counter(stream.below(6) for _ in range(60_000))
    assert set(counts) == set(range(6))
    assert all(abs(count - 10_000) < 5 * (60_000 * 5 / 36) ** 0.5 for count in counts.values())


def test_a_word_that_would_favour_small_numbers_is_thrown_away(monkeypatch):
    words = iter([2**64 - 1, 7])
    stream = Draw("any")
    monkeypatch.setattr(stream, "word", lambda: next(words))
    assert stream.below(3) == 1  # 2**64 − 1 is the one word left over when 2**64 is shared by three


@pytest.mark.parametrize(("gap", "kept"), [(0.05, False), (0.5, True)])
def test_a_draw_is_kept_only_if_its_slips_are_told_apart(gap, kept):
    """Lists of numbers as well: they differ if one entry does, by ten tolerances."""
    task = tasks.Task(
        1, "lists", "compute", "", 1, draw=lambda _: {"price": 5.0}, difficulty=tasks.digits, guaranteed="nothing",
        parts=(tasks.Part("1a", 1, "two numbers", asks.numbers(lambda g: [1.0, g["price"]], 0.01, "nowhere")),),
        slips=(tasks.Slip(("1a",), lambda g: (1.0, g["price"] + gap), "off"),),
    )  # fmt: skip
    assert tasks._slips_are_told_apart(task, task.draw(Draw())) is kept
