"""The displayed formula is the tested formula: each expression of the chapter against the numbers."""

import numpy as np
import pytest
import sympy as sp

from cascadelab.cascade import Ladder, theory, worst
from cascadelab.impact import Exponential, Linear
from cascadelab.kit.notation import symbol

THRESHOLDS, UNITS = np.array([71.0, 69.5, 66.0, 52.0]), np.array([3.0, 5.5, 1.0, 7.0])
BOOK = Ladder(THRESHOLDS, UNITS)


@pytest.mark.parametrize(
    ("expression", "market", "parameter"),
    [
        (theory.trigger(), Linear(0.7), {theory.slope: 0.7}),
        (theory.trigger_exponential(), Exponential(0.013), {theory.rate: 0.013}),
    ],
    ids=["linear", "exponential"],
)
def test_triggers_equal_their_numbers_and_bracket_the_loss(expression, market, parameter):
    """Equations (7.3) and (7.4); below its trigger an account is liquidatable, above it is not."""
    for k, trigger in enumerate(BOOK.triggers(market)):
        at = {theory.cumulative: BOOK.cumulative[k], theory.next_threshold: THRESHOLDS[k], **parameter}
        assert float(expression.subs(at)) == pytest.approx(trigger, rel=1e-12)
        assert market.price(trigger - 1e-6, BOOK.cumulative[k]) < THRESHOLDS[k]
        assert market.price(trigger + 1e-6, BOOK.cumulative[k]) > THRESHOLDS[k]


def test_running_minimum_and_running_sum_are_those_of_the_ladder():
    triggers = BOOK.triggers(Linear(0.7))
    lowest, total = sp.oo, 0.0
    for k, trigger in enumerate(triggers):
        before = {symbol("running_minimum", "k-1"): lowest, symbol("trigger", "k"): trigger}
        lowest = theory.running_minimum().subs(before)
        assert float(lowest) == triggers[: k + 1].min()
        total = theory.running_sum().subs({theory.cumulative_before: total, theory.own_quantity: UNITS[k]})
        assert float(total) == BOOK.cumulative[k + 1]


def test_jump_is_what_the_response_does_at_a_block():
    market = Linear(1.1)
    blocks = BOOK.blocks(market)
    assert blocks.count.tolist() == [3, 1]
    for k, trigger in enumerate(blocks.trigger):
        before = blocks.quantity[:k].sum()
        at = {theory.before_block: before, theory.after_block: before + blocks.quantity[k], theory.slope: 1.1}
        above, below = BOOK.response([trigger + 1e-9, trigger - 1e-9], market).price
        assert float(theory.jump().subs(at)) == pytest.approx(above - below, abs=1e-7)


def test_worst_trigger_is_where_the_worst_equilibrium_changes():
    """The worst equilibrium loses the largest k with a shocked price below (7.7)."""
    market = Linear(0.7)
    ends = [
        float(theory.worst_trigger().subs({theory.cumulative: total, theory.threshold: level, theory.slope: 0.7}))
        for total, level in zip(BOOK.cumulative[1:], THRESHOLDS, strict=True)
    ]
    for shocked in np.arange(50.0, 90.0, 0.37):
        expected = max((k for k in range(1, 5) if shocked < ends[k - 1]), default=0)
        assert worst(BOOK, shocked, market).count == expected


def test_both_triggers_of_an_account_differ_by_its_own_impact():
    assert theory.width_of_both() == theory.slope * theory.own_quantity


def test_fixed_point_holds_at_the_end_of_a_cascade():
    """Equation (7.1) with F the line of chapter 5 and U(p) the supply of the ladder."""
    given, after = sp.symbols("given after")
    line = theory.fixed_point().replace(sp.Function("F"), lambda price, sold: price - given * sold)
    for shocked in (80.0, 70.0, 66.5, 40.0):
        end = BOOK.run(shocked, Linear(0.7)).price
        at_end = line.replace(sp.Function("U"), lambda price: after).subs({after: BOOK.supply(end), given: 0.7})
        assert float(at_end.subs(theory.shocked, shocked)) == pytest.approx(end, rel=1e-15)
