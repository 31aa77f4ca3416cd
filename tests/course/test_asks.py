"""Test inputs are drawn until they hold, and not for ever."""

import itertools

import pytest

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import ATTEMPTS
from cascadelab.course.tasks.criticality import stop


def test_the_first_draws_that_hold_are_kept_and_no_more_are_drawn():
    source = itertools.count()
    assert asks.kept(3, lambda: next(source), lambda number: number % 2 == 1) == [1, 3, 5]
    assert next(source) == 6


def test_draws_that_never_hold_are_an_error():
    source = itertools.count()
    with pytest.raises(ArithmeticError, match="2000 draws: 1 of 2 hold"):
        asks.kept(2, lambda: next(source), lambda number: number == 7)
    assert next(source) == 2 * ATTEMPTS


def test_test_inputs_of_which_nothing_holds_are_an_error(monkeypatch):
    monkeypatch.setattr(stop, "stops_inside", lambda given: False)
    with pytest.raises(ArithmeticError, match="6000 draws: 0 of 6 hold"):
        stop.inside({}, Draw("any"))
