"""The displayed formula is the tested formula: each expression of the chapter against the numbers."""

import numpy as np
import pytest
import sympy as sp

from cascadelab import contagion, platforms
from cascadelab.kit.notation import symbol
from cascadelab.platforms import theory

CASES = [((2.0, 6.0), (1.1, 1.2), 0.8), ((3.0, 1.0), (0.4, 0.7), 5.0), ((1.0, 1.0), (0.5, 0.5), 0.0)]
every_case = pytest.mark.parametrize(("depth", "density", "c"), CASES)


def at(expression, depth, density, c, **more):
    """Value of a displayed expression for two markets."""
    known = {theory.conductance: c} | {symbol(name): value for name, value in more.items()}
    for k in (1, 2):
        known |= {
            theory.d[k]: depth[k - 1],
            theory.g[k]: density[k - 1],
            theory.spare[k]: depth[k - 1] - density[k - 1],
        }
    found = (sp.Matrix(expression.doit()) if isinstance(expression, sp.MatMul) else expression).subs(known)
    return np.array(found, dtype=float) if isinstance(found, sp.MatrixBase) else float(found)


@every_case
def test_markets_and_their_response(depth, density, c):
    spread = platforms.impact_matrix(depth, c)
    assert at(theory.impact_matrix(), depth, density, c) == pytest.approx(spread)
    assert at(theory.shocked_share(), depth, density, c) == pytest.approx(spread * depth)
    assert at(theory.united(), depth, density, c) == pytest.approx(platforms.impact_matrix(depth, 1e15)[0, 1])
    assert at(theory.feedback(), depth, density, c) == pytest.approx(spread * density)
    radius = platforms.critical_kappa(depth, density, c)
    assert at(theory.spectral_radius(), depth, density, c) == pytest.approx(radius)
    assert at(theory.radius_united(), depth, density, c) == pytest.approx(
        platforms.critical_kappa(depth, density, 1e15)
    )
    assert at(theory.sale_response(), depth, density, c) == pytest.approx(platforms.sale_response(depth, density, c))


@every_case
def test_prices_balance_with_what_is_carried(depth, density, c):
    """Both equations hold at the prices of the matrix, with unequal shocked prices."""
    shocked, sold = np.array([80.0, 95.0]), np.array([1.5, 0.5])
    price = platforms.arbitraged_price(shocked, depth, c) - platforms.impact_matrix(depth, c) @ sold
    known = {theory.p[k]: price[k - 1] for k in (1, 2)} | {theory.conductance: c}
    flow = float(theory.carried().subs(known))
    known |= {theory.flow: flow}
    for k in (1, 2):
        known |= {theory.p_s[k]: shocked[k - 1], theory.u[k]: sold[k - 1], theory.d[k]: depth[k - 1]}
    assert np.array(theory.prices().subs(known), dtype=float).ravel() == pytest.approx(price)


@every_case
def test_quotient_is_largest_at_the_ratio(depth, density, c):
    angles = np.linspace(0, np.pi, 20_001)
    quotient = sp.lambdify([*theory.p.values(), *theory.d.values(), *theory.g.values(), theory.conductance],
                           theory.quotient())  # fmt: skip
    values = quotient(np.cos(angles), np.sin(angles), *depth, *density, c) * np.ones_like(angles)
    assert values.max() == pytest.approx(platforms.critical_kappa(depth, density, c), rel=1e-6)


def test_healing_and_forced_sales():
    depth, density = (2.0, 4.0), (3.0, 0.5)
    assert at(theory.healing_conductance(), depth, density, 0.0) == pytest.approx(
        platforms.healing_conductance(depth, density)
    )
    depth, density, step = (2.0, 6.0), np.array([1.6, 1.2]), 1e-6
    sales = [(density @ platforms.sale_response(depth, density, c))[0] for c in (1 - step, 1 + step)]
    slope = at(theory.more_forced_sales(), depth, density, 1.0)
    assert slope == pytest.approx((sales[1] - sales[0]) / (2 * step), rel=1e-6)
    assert slope < 0


@every_case
def test_arbitrage_on_margin(depth, density, c):
    g_arb = 0.4 * c
    matrix = at(theory.unwound(), depth, density, c, unwinding=g_arb)
    response = platforms.sale_response(depth, density, c, unwinding=g_arb)
    assert matrix @ response == pytest.approx(np.eye(2), abs=1e-12)
    alone = platforms.critical_kappa(depth, [0.0, 0.0], c, unwinding=g_arb)
    assert at(theory.unwinding_radius(), depth, density, c, unwinding=g_arb) == pytest.approx(alone, abs=1e-15)


@every_case
def test_marks(depth, density, c):
    spread, first = platforms.impact_matrix(depth, c), np.array([[1.0, 0.0], [1.0, 0.0]])

    def radius(marks, routes=None, impact=spread):
        return contagion.spectral_radius(platforms.marked_feedback(impact, density, marks=marks, routes=routes))

    apart = platforms.impact_matrix(depth, 0.0)
    assert at(theory.all_on_one(), depth, density, c) == pytest.approx(radius(first, first.T))
    assert at(theory.all_on_one_apart(), depth, density, c) == pytest.approx(radius(first, first.T, apart))
    assert at(theory.looks_at_one(), depth, density, c) == pytest.approx(radius(first))
    assert at(theory.index_radius(), depth, density, c) == pytest.approx(radius(platforms.index_marks(depth)))
    away = radius(platforms.index_marks(depth), np.array([[0.3, 0.9], [0.7, 0.1]]))
    assert at(theory.index_radius(), depth, density, c) == pytest.approx(away)
    outside = platforms.marked_feedback(apart, [density[0], 0.0], marks=[[0.3, 0.7], [0.0, 1.0]])
    diluted = at(theory.diluted_kappa(), depth, density, c, own_share=0.3)
    assert diluted == pytest.approx(contagion.spectral_radius(outside))


def test_stress():
    known = {symbol(name): value for name, value in {
        "kappa": 0.4, "thinning": 0.07, "maintenance_rate": 0.05, "rate_after": 0.12, "price": 80.0,
        "margin_reaction": 0.001,
    }.items()}  # fmt: skip
    assert float(theory.critical_fall().subs(known)) == pytest.approx(platforms.critical_fall(0.4, 0.07))
    assert float(theory.equivalent_fall().subs(known)) == pytest.approx(platforms.equivalent_fall(0.05, 0.12))
    assert float(theory.procyclical_kappa().subs(known)) == pytest.approx(
        platforms.procyclical_kappa(0.4, 80.0, 0.05, 0.001)
    )


def test_a_form_that_does_not_follow_is_refused():
    with pytest.raises(ArithmeticError, match="is not"):
        theory._same(theory.carried(), theory.conductance)
