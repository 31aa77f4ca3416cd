import numpy as np
import pytest
import sympy as sp

from cascadelab.kit import check as module
from cascadelab.kit.check import Exercise, Misconception, check, find

x = sp.Symbol("x", positive=True)

BOOK = {
    "number": Exercise(
        "number", lambda: 4.0, "equation (1.1)", tolerance=0.01,
        misconceptions=(Misconception(lambda: 5.0, "You added one."),),
    ),
    "rate": Exercise("number", lambda: 0.25, "the text", tolerance=1e-4),
    "numbers": Exercise("numbers", lambda: [1.0, 2.0], "the table"),
    "choice": Exercise("choice", lambda: "b", "the text", options=("a", "b")),
    "expression": Exercise(
        "expression", lambda: x**2, "the derivation", samples=[{x: 1.5}, {x: 2.5}],
        misconceptions=(Misconception(lambda: 2 * x, "That is the derivative."),),
    ),
    "function": Exercise(
        "function", lambda: lambda a, b: a / b, "the cell above", tolerance=1e-9, samples=[(1.0, 2.0), (3.0, 0.5)],
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def book(monkeypatch):
    monkeypatch.setattr(module, "find", lambda name: BOOK[name])


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("number", 4), ("number", 4.009), ("number", np.float64(4)), ("number", sp.Integer(4)), ("number", [4.0]),
        ("numbers", (1, 2)), ("numbers", np.array([1.0, 2.0])), ("choice", " (B) "),
        ("expression", x * x), ("expression", sp.Eq(sp.Symbol("y"), x**2)), ("expression", sp.Symbol("x") ** 2),
        ("function", lambda a, b: a * (1 / b)),
    ],
)  # fmt: skip
def test_right_answers_are_right_in_every_form(name, answer):
    verdict = check(name, answer)
    assert verdict.right, verdict
    assert repr(verdict).startswith(f"{name}: right")


def test_tolerance_is_stated():
    assert repr(check("number", 4)) == "number: right (within 0.01)."


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("number", 5.0, "You added one."),
        ("number", 4.02, "very near; keep more digits, the tolerance is 0.01."),
        ("number", 4.5, "not yet. Look again at equation (1.1)."),
        ("rate", 25, "factor of 100: the book writes rates as fractions"),
        ("rate", 0.0025, "factor of 100: percent or fraction"),
        ("number", -4, "the sign is not"),
        ("number", 400, "not yet. Look again at equation (1.1)."),
        ("numbers", [1.0, 2.1], "not yet. Look again at the table."),
        ("numbers", [1.0, 2.0, 3.0], "not yet"),
        ("choice", "a", "not yet. Look again at the text."),
        ("expression", 2 * x, "That is the derivative."),
        ("expression", 7, "not yet. Look again at the derivation."),
        ("expression", 7.5, "not yet. Look again at the derivation."),
        ("expression", np.float64(7), "not yet. Look again at the derivation."),
        ("function", lambda a, b: a * b, "off for the arguments (1.0, 2.0). Look again at the cell above."),
    ],
)
def test_wrong_answers_get_the_hint_of_the_slip(name, answer, words):
    verdict = check(name, answer)
    assert not verdict.right
    assert words in verdict.message


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("number", ..., "no answer yet"),
        ("number", "4", "got the text '4'; write it without quotes."),
        ("number", None, "a number is expected"),
        ("number", True, "a number is expected, got True."),
        ("number", [1, 2], "one number is expected, got 2 of them."),
        ("number", float("nan"), "not finite"),
        ("number", 1 + 2j, "a number is expected, got (1+2j)."),
        ("number", print, "a number is expected"),
        ("number", object(), "a number is expected"),
        ("numbers", [[1], [1, 2]], "a list of numbers is expected"),
        ("choice", "z", "one of 'a', 'b' is expected, got 'z'."),
        ("choice", ["b"], "one of 'a', 'b' is expected"),
        ("expression", "x**2", "a sympy expression is expected"),
        ("expression", True, "a sympy expression is expected, got True."),
        ("expression", float("nan"), "not finite"),
        ("expression", x * sp.Symbol("k"), "the answer may only use x, but it has k."),
        ("expression", 1 / (x - x), "not finite"),
        ("function", 4.0, "a function is expected, got 4.0."),
        ("function", lambda a: a, "your function failed for the arguments (1.0, 2.0): TypeError"),
        ("function", lambda a, b: None, "your function failed"),
        ("function", lambda a, b: a / (b - 2), "ZeroDivisionError"),
        ("function", lambda a, b: float("inf"), "not finite"),
        ("number", "a" * 100, "aaa..."),
    ],
)
def test_malformed_answers_get_a_sentence_and_no_traceback(name, answer, words):
    verdict = check(name, answer)
    assert not verdict.right
    assert words in verdict.message


def test_plain_number_is_an_expression_and_gets_the_hint_of_its_slip(monkeypatch):
    one = Misconception(lambda: 1, "It is not constant.")
    monkeypatch.setitem(
        BOOK, "expression", Exercise("expression", lambda: x**2, "the text", samples=[{x: 1.5}], misconceptions=(one,))
    )
    for answer in (1, 1.0, np.int64(1), sp.Integer(1)):
        assert "It is not constant." in check("expression", answer).message


def test_function_that_changes_its_arguments_leaves_the_exercise_as_it_was(monkeypatch):
    exercise = Exercise("function", lambda: lambda prices: sum(prices), "the text", tolerance=1e-9, samples=[([1, 2],)])
    monkeypatch.setitem(BOOK, "function", exercise)
    assert not check("function", lambda prices: prices.pop()).right
    assert exercise.samples == [([1, 2],)]
    assert check("function", sum).right


def test_long_arguments_are_shortened(monkeypatch):
    exercise = Exercise("function", lambda: len, "the text", tolerance=1e-9, samples=[("a" * 300,)])
    monkeypatch.setitem(BOOK, "function", exercise)
    assert len(check("function", lambda text: 0.0).message) < 140


@pytest.mark.parametrize("answer", [..., 3.0, -4.0, "four", 5.0, [1, 2], float("inf")])
def test_the_answer_is_never_revealed(answer):
    assert "4" not in check("number", answer).message


def test_exercises_are_found_by_chapter_and_number():
    assert find("account.2").kind == "number"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("acount.2", "name must be a chapter and a number like 'account.2', got 'acount.2'"),
        ("history.1", "name must be a chapter and a number"),
        ("account.99", "name must be one of account.1, account.2"),
        ("account", "name must be one of account.1"),
        (7, "got 7"),
    ],
)
def test_unknown_exercises_are_named(name, message):
    with pytest.raises(ValueError, match=message):
        find(name)
