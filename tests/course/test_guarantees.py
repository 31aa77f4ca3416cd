"""What a task guarantees of its numbers is refused where it does not hold, also where no draw comes that far."""

import pytest

from cascadelab.course import task as tasks
from cascadelab.course.tasks.cascade import jump
from cascadelab.course.tasks.impact import quotes
from cascadelab.course.tasks.portfolio import walk
from cascadelab.course.tasks.thresholds import size
from cascadelab.impact import figures
from cascadelab.kit.explore import show


def drawn(chapter, number):
    assignment = tasks.find(chapter)
    task = assignment.task(number)
    return task, tasks.numbers(assignment, task, "guarantees", "alice")


def test_every_task_has_a_condition_of_its_own():
    default = tasks.Task.__dataclass_fields__["holds"].default
    every = [(chapter, task) for chapter in tasks.ready() for task in tasks.find(chapter).tasks]
    assert [(chapter, task.number) for chapter, task in every if task.holds is default] == []


@pytest.mark.parametrize(
    ("chapter", "number", "name", "change"),
    [
        ("account", 2, "quantity", lambda q: -q),  # a short
        ("account", 2, "prices", lambda prices: [min(prices), *prices]),  # sold at the first step
        ("account", 2, "prices", lambda prices: prices[:3]),  # never sold
        ("account", 2, "prices", lambda prices: [*prices, prices[3] + 1]),  # a price on the threshold
        ("account", 4, "maintenance_rate", lambda _: 0.09),  # none left at 12
        ("account", 5, "initial_rate", lambda _: 0.2),  # called at the purchase
        ("account", 5, "published", lambda _: 32.11),  # the published price is the right one
        ("thresholds", 4, "asset_weight", lambda _: 0.5),  # at its limit at 0.5
        ("thresholds", 5, "printed", lambda printed: [1, *printed[1:]]),  # the first line
        ("thresholds", 5, "printed", lambda printed: [k and 2 * k for k in printed]),  # more than one line
        ("distance", 1, "normal", lambda normal: [abs(n) for n in normal]),  # two longs
        ("distance", 1, "days", lambda days: 2 * days),  # nearer by the root of two
        ("distance", 1, "days", lambda days: days / 2),
        ("distance", 5, "variance_ratio", lambda _: 1.99),
        ("impact", 1, "sold", lambda _: 1),
        ("impact", 1, "sold", lambda sold: 4 * sold),
        ("impact", 1, "drop", lambda _: 0.039),
        ("impact", 1, "drop", lambda _: 0.151),
        ("impact", 3, "smallest", lambda _: 1000),  # all 21 quotes
        ("impact", 3, "smallest", lambda _: 10_000_000),  # five quotes
        ("impact", 4, "reserve", lambda _: 999),
        ("impact", 4, "reserve", lambda _: 10_000),
        ("impact", 5, "second", lambda _: 1_000_000),
        ("impact", 5, "claimed", lambda _: 1.0),
        ("liquidation", 4, "coin_weight", lambda _: 0.4),  # the coin is better from the first unit on
        ("cascade", 4, "quantities", lambda sizes: [sizes[0], sizes[0], sizes[2]]),
        ("cascade", 4, "quantities", lambda sizes: [sizes[0], sizes[1], 112]),  # nothing left at 0.009
        ("criticality", 4, "seeds", lambda _: 1),
        ("criticality", 4, "avalanches", lambda _: 4),
        ("criticality", 4, "kappa", lambda _: 0.85),
        ("criticality", 4, "kappa_above", lambda _: 1.1),
        ("criticality", 4, "kappa_above", lambda _: 1.8),
        ("criticality", 5, "variance", lambda variance: 0.1 * variance),
        ("criticality", 5, "variance", lambda variance: 100 * variance),
        ("criticality", 5, "reported", lambda _: 0.29),
        ("contagion", 4, "own", lambda _: 0.7),  # with the largest cross feedback above one
        ("platforms", 4, "density", lambda density: [0.1 * units for units in density]),
        ("capstone", 2, "cash", lambda cash: [c + 1e6 for c in cash]),  # as in task 1
        ("capstone", 6, "initial_rate", lambda _: 0.2),  # called at the sale
        ("capstone", 6, "published", lambda published: 0.1 * published),  # near
        ("contagion", 2, "cash", lambda cash: [c + 1e6 for c in cash]),  # nobody is lost
        ("account", 3, "price", lambda _: 100.0),  # closed in time
        ("distance", 2, "barrier", lambda _: 300),  # above the spot
        ("platforms", 1, "density", lambda density: [1e-3, density[1]]),  # not critical alone
        ("platforms", 2, "mark_1", lambda _: [0.0, 0.9, 0.1]),  # without the first price
        ("platforms", 2, "sells_on", lambda _: [0, 1, 2]),  # all at home
        ("platforms", 3, "density_1", lambda _: 1.9),  # not critical alone
        ("portfolio", 1, "price_b", lambda _: 1),  # the short is winning
        ("portfolio", 1, "price_a", lambda price: 0.7 * price),  # less than 14 % to fall
        ("liquidation", 3, "hourly_fall", lambda _: 0.6),  # the market outruns the auction
        ("liquidation", 2, "debt_value", lambda debt: 0.5 * debt),  # healthy from the start
        ("capstone", 1, "cash", lambda cash: [c - 1e6 for c in cash]),  # below zero before the shock
        ("capstone", 1, "cash", lambda cash: [c + 1e6 for c in cash]),  # safe whatever happens
        ("capstone", 5, "cash", lambda cash: [c + 1e6 for c in cash]),  # nothing is left unpaid
        ("thresholds", 2, "floors", lambda floors: [0, floors[1], 1.1 * floors[2]]),  # opened in the second bracket
        ("portfolio", 3, "price_a", lambda _: 60),  # it has fallen from 100
        ("portfolio", 5, "price_b", lambda price: 2 * price),  # the right price is above the entry price
        ("portfolio", 5, "price_b", lambda _: 86),  # as at entry: both prices are the same
    ],
)
def test_numbers_without_the_guaranteed_story_are_refused(chapter, number, name, change):
    task, given = drawn(chapter, number)
    assert task.holds(given)
    assert not task.holds(given | {name: change(given[name])})


def test_a_book_in_other_blocks_is_refused_although_it_tells_every_slip():
    task, _ = drawn("cascade", 2)
    levels, units = [136.5, 131.5, 124.25, 124.0, 113.0, 107.0], [10, 2, 6, 12, 11, 13]
    assert [len(block) for block in jump.blocks_of(jump.triggers_of(levels, units, 0.5))] == [2, 2, 1, 1]
    assert not task.holds({"thresholds": levels, "quantities": units, "slope": 0.5})


def test_a_walk_that_begins_below_zero_is_refused():
    task, given = drawn("portfolio", 2)
    own = task.parts[0].exercise(given, None).samples[0]
    assert walk.tells(walk.LOST, own)
    assert not walk.tells(walk.LOST, (own[0] - 1e6, *own[1:]))


@pytest.mark.parametrize(
    ("smallest", "holds"),
    [(100_000, False), (300_000, True), (700_000, False)],  # the exponents are too near; between; above the line
)
def test_a_law_of_quotes_with_another_story_is_refused(smallest, holds):
    assert quotes.is_a_law({"asset": "sfrxETH", "smallest": smallest}) is holds


def test_the_law_that_is_kept_for_every_draw_is_the_one_of_the_picture():
    facts = show(figures.quotes, asset="WETH", smallest=500_000).facts
    law = quotes.law("WETH", facts["quotes used"])
    assert (law.exponent, law.standard_error) == (facts["exponent"], facts["standard error"])


def test_the_table_that_is_kept_for_every_draw_is_the_one_that_is_loaded():
    rates, deductions, floors, leverages = size.table()
    assert (rates, deductions, floors, leverages) == size.table.__wrapped__()
    assert floors == sorted(floors)
    assert leverages == sorted(leverages, reverse=True)
