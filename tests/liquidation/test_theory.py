"""Facts about the displayed formulas themselves; that they are the tested numbers is checked beside each number."""

import sympy as sp

from cascadelab.impact import theory as impact
from cascadelab.liquidation import theory


def test_slope_of_the_health_factor_is_its_excess_over_the_weight_and_bonus():
    health = theory.h * theory.V_C / theory.V_D
    wanted = (health - theory.h * (1 + theory.i)) / theory.V_D
    assert sp.simplify(theory.health_slope() - wanted) == 0


def test_a_bite_of_any_size_has_the_sign_of_the_first():
    """(6.1) is monotone in the repayment: its derivative has one sign for all of them."""
    slope = sp.diff(theory.health_after_bite(), theory.R) * (theory.V_D - theory.R) ** 2
    assert sp.simplify(sp.diff(slope, theory.R)) == 0


def test_target_solves_its_equation_and_pays_the_whole_debt_at_the_frontier():
    after = theory.health_after_bite().subs(theory.R, theory.repay_to_target())
    assert sp.simplify(after - theory.H) == 0
    at_frontier = theory.repay_to_target().subs(theory.V_C, (1 + theory.i) * theory.V_D)
    assert sp.simplify(at_frontier - theory.V_D) == 0


def test_bites_in_closed_form_end_where_they_should():
    loan = {theory.V_C: 90, theory.V_D: 95, theory.i: sp.Rational(1, 20), theory.f_c: sp.Rational(3, 10)}
    exhausted = theory.collateral_after().subs(theory.n, theory.rounds_to_exhaustion())
    assert sp.simplify(exhausted.subs(loan)) == 0
    left = theory.debt_after().subs(theory.n, theory.rounds_to_exhaustion()) - theory.residual_bad_debt()
    assert sp.simplify(left.subs(loan)) == 0


def test_threshold_with_impact_falls_back_to_the_plain_one():
    plain = theory.threshold_with_impact().subs({theory.I_C: 0, theory.I_D: 0})
    assert sp.simplify(plain - theory.toxic_threshold()) == 0


def test_pool_impact_of_the_whole_collateral_is_twice_its_share_of_the_reserve():
    """Chapter 6 quotes I_C = 2 q / R for a constant-product pool."""
    slope = -sp.diff(impact.constant_product(), impact.u).subs(impact.u, 0)
    assert sp.simplify(slope * theory.q / impact.p - 2 * theory.q / impact.reserve) == 0


def test_liquidator_breaks_even_at_twice_the_best_bite():
    without_gas = theory.liquidator_profit().subs(theory.gas, 0)
    assert sp.simplify(without_gas.subs(theory.u, 2 * theory.best_bite())) == 0
    assert sp.simplify(without_gas.subs(theory.u, theory.best_bite()) - theory.largest_gas()) == 0


def test_end_price_bends_down_and_the_walk_bends_up():
    down, up = theory.surplus_after_close(), theory.surplus_after_close_on_a_walk()
    assert sp.simplify(sp.diff(down, theory.u, 2) + 2 * theory.m_target * theory.slope) == 0
    assert sp.simplify(sp.diff(up, theory.u, 2) - (1 - 2 * theory.m_target) * theory.slope) == 0
    assert sp.simplify(sp.diff(up, theory.u).subs(theory.u, 0) - theory.first_unit_slope()) == 0


def test_race_ends_where_the_prices_meet():
    asked = theory.buffer * sp.exp(-theory.decay * theory.taken_after())
    assert sp.simplify(sp.log(asked).expand(force=True) - sp.log(theory.taken_at()).expand(force=True)) == 0
