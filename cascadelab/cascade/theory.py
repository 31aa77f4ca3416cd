"""Chapter 7 in symbols: the fixed point, the triggers of a ladder of accounts, and the jump of an avalanche block."""

import sympy as sp

from cascadelab.impact import theory as impact
from cascadelab.kit.notation import symbol

p, quantity = symbol("price"), symbol("quantity")
shocked, sold, slope, rate = impact.p, impact.u, impact.slope, impact.rate
threshold = symbol("threshold", "k")
next_threshold = symbol("threshold", "k+1")
cumulative, cumulative_before = symbol("cumulative", "k"), symbol("cumulative", "k-1")
before_block, after_block = symbol("cumulative", "-"), symbol("cumulative", "+")
own_quantity = symbol("quantity", "k")


def fixed_point() -> sp.Expr:
    """Right-hand side of p = Ψ(p): the impact curve at the forced sales that the price itself causes."""
    return sp.Function("F")(shocked, sp.Function("U")(p))


def running_sum() -> sp.Expr:
    """Units of the first k accounts, one account at a time."""
    return cumulative_before + own_quantity


def trigger() -> sp.Expr:
    """Shocked price from which the sale of U_k units ends at the next threshold, on a line."""
    return _trigger(impact.linear())


def trigger_exponential() -> sp.Expr:
    """The same, exponential impact."""
    return _trigger(impact.exponential())


def running_minimum() -> sp.Expr:
    """Smallest trigger so far, one account at a time."""
    return sp.Min(symbol("running_minimum", "k-1"), symbol("trigger", "k"))


def jump() -> sp.Expr:
    """Fall of the end price when a block is lost, on a line: price before it minus price after it."""
    line = impact.linear()
    return sp.factor(line.subs(sold, before_block) - line.subs(sold, after_block))


def worst_trigger() -> sp.Expr:
    """Shocked price from which the sale of U_k units ends at account k's own threshold, on a line."""
    return _trigger(impact.linear()).subs(next_threshold, threshold)


def width_of_both() -> sp.Expr:
    """Worst trigger of account k minus its own trigger: both take the first k − 1 accounts for sold, on a line."""
    cascade = trigger().subs({next_threshold: threshold, cumulative: cumulative_before})
    worst = worst_trigger().subs(cumulative, running_sum())
    return sp.expand(worst - cascade)


def _trigger(price: sp.Expr) -> sp.Expr:
    (found,) = sp.solve(price.subs(sold, cumulative) - next_threshold, shocked)
    return sp.expand(found)
