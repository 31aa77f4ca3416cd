"""What a student meets: their numbers, the checks, and sentences in place of tracebacks."""

import numpy as np
import pytest
import sympy as sp

from cascadelab.course import assignment, work
from cascadelab.course.personal import identify
from cascadelab.course.task import find, numbers
from cascadelab.course.work import plain
from cascadelab.kit.check import UnreadableError

WORK = assignment("account", salt="demo", student="ab1234")


def test_the_same_id_in_any_writing_has_the_same_numbers():
    again = assignment("account", salt="demo", student="  AB1234\n")
    assert again.given(1) == WORK.given(1)
    assert WORK.given("1") == numbers(find("account"), find("account").task(1), "demo", "ab1234")
    assert repr(again) == "Assignment 1 · One account, numbers of ab1234"  # no points: an instructor may change them


@pytest.mark.parametrize("student", ["", " ", "é", "a b", "a/b", "../a", "-a", "a" * 65, 7, None, ..., "ａ", "a\nb"])
def test_a_strange_id_is_refused(student):
    with pytest.raises(ValueError, match="student must be an id of letters, digits"):
        identify(student)


def test_the_placeholder_asks_for_the_own_id():
    with pytest.raises(ValueError, match="type it between the quotes"):
        assignment("account", salt="demo", student="type-your-id")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: assignment("prologue", salt="", student="a"), r"chapter must be one of account, .*, got 'prologue'"),
        (lambda: WORK.given(9), "number must be one of 1, 2, 3, 4, 5, got 9"),
        (lambda: WORK.check("9z", 1), "part must be one of 1a, .*, got '9z'"),
        (lambda: WORK.test("9z", 1), "part must be one of 1a"),
    ],
)
def test_unknown_names_are_errors_at_the_door(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_given_numbers_are_a_copy_and_show_as_a_table():
    given = WORK.given(2)
    assert repr(given).splitlines()[0].split() == ["name", "yours", "unit", "meaning"]
    assert "prices, one a step" in given._repr_markdown_()
    assert str(given["prices"][0]) in repr(given)
    given["prices"].append(3)
    given["margin"] = 0
    assert WORK.given(2) != given
    assert len(WORK.given(2)["prices"]) == 9


def test_check_says_right_or_a_hint_and_nothing_of_hidden_parts():
    assert WORK.check("1a", WORK.answer("1a")).right
    assert "over maintenance" in WORK.check("1a", 1 / WORK.answer("1a")).message
    assert WORK.check("1a", ...).message == "course.account.1a: no answer yet; put yours in place of the three dots."
    hidden = WORK.check("2b", WORK.answer("2b"))
    assert not hidden.right
    assert hidden.message == "course.account.2b: tested when the assignment is graded."


def test_a_function_may_print_warn_and_return_nothing(capsys):
    def loud(*_):
        print("x")
        np.log(np.float64(-1))
        return 7

    assert "not yet" in WORK.check("2a", loud).message
    assert capsys.readouterr() == ("", "")
    assert "TypeError: it returned nothing" in WORK.check("2a", lambda *_: None).message
    assert "a function is expected" in WORK.check("2a", 3).message


def test_a_test_is_heard_by_the_recorders_only_while_they_listen():
    heard = []
    work.RECORDERS.append(lambda part, found: heard.append((part, found)))
    try:
        WORK.test("5a", WORK.answer("5a"))
        for answer in (7.0, "x"):
            with pytest.raises(AssertionError):
                WORK.test("1a", answer)
    finally:
        work.RECORDERS.clear()
    assert heard[:2] == [("5a", {"given": WORK.answer("5a")}), ("1a", {"given": 7.0})]
    assert set(heard[2][1]) == {"problem"}


class Equal:
    def __eq__(self, other):
        return True

    __hash__ = None


def test_plain_answers_pass():
    assert plain("number", 3) == 3
    assert plain("numbers", (1, 2.5, np.float64(3), sp.Rational(1, 2))) == [1, 2.5, 3.0, 0.5]
    assert plain("numbers", np.array([1, 2])).tolist() == [1, 2]
    assert plain("choice", "b") == "b"
    assert plain("expression", 3) == 3
    assert plain("expression", sp.Symbol("L") ** 2 + sp.sin(1)) == sp.Symbol("L") ** 2 + sp.sin(1)
    assert plain("number", None) is None


@pytest.mark.parametrize("kind", ["number", "numbers", "choice", "expression"])
@pytest.mark.parametrize(
    "answer",
    [
        Equal(),
        [Equal()],
        type("Float", (float,), {"__eq__": lambda *_: True, "__module__": "numpy"})(1),
        type(
            "Symbol",
            (sp.Symbol,),
            {"__eq__": lambda *_: True, "__hash__": lambda _: 1, "__module__": "sympy.core.symbol"},
        )("L"),
        np.array([Equal()]),
        True,
    ],
)
def test_objects_that_only_claim_to_be_right_do_not_pass(kind, answer):
    with pytest.raises(UnreadableError, match="got an object of type"):
        plain(kind, answer)


def test_a_function_that_returns_such_an_object_does_not_pass():
    assert "an object of type Equal" in WORK.check("2a", lambda *_: Equal()).message


def test_a_number_that_no_float_holds_gets_a_sentence():
    assert WORK.check("1a", 10**400).message == "course.account.1a: a number is too large to be compared."
