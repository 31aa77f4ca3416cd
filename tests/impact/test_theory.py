"""The displayed formula is the tested formula: each expression of the chapter against the numbers."""

import numpy as np
import pytest
import sympy as sp

from cascadelab.impact import (
    ConstantProduct,
    Exponential,
    Linear,
    PowerLaw,
    SquareRoot,
    fill_by_fill,
    proportional,
    theory,
)
from cascadelab.kit.notation import symbol

PRICE, SOLD, RATE, RESERVE = 83.0, 7.0, 0.02, 60.0
FORMS = {
    "linear": (Linear(1.3), {"slope": 1.3}),
    "exponential": (Exponential(RATE), {"rate": RATE}),
    "square_root": (SquareRoot(2.1), {"scale": 2.1}),
    "constant_product": (ConstantProduct(RESERVE), {"reserve": RESERVE}),
}
every_form = pytest.mark.parametrize("form", FORMS)


def value(expression, **values):
    """Value of a displayed expression at numbers given by the registered identifiers."""
    return float(expression.subs({symbol(name): number for name, number in values.items()}))


@every_form
def test_price_and_walk_equal_their_numbers(form):
    market, parameter = FORMS[form]
    at = {"shocked_price": PRICE, "sold": SOLD, **parameter}
    assert value(getattr(theory, form)(), **at) == pytest.approx(market.price(PRICE, SOLD), rel=1e-12)
    walk = value(getattr(theory, f"walk_{form}")(), **at)
    assert walk == pytest.approx(market.proceeds(PRICE, SOLD, fill="walk"), rel=1e-12)


@every_form
def test_maximum_and_supremum_equal_their_numbers(form):
    market, parameter = FORMS[form]
    at = {"shocked_price": PRICE, **parameter}
    assert value(getattr(theory, f"maximum_{form}")(), **at) == pytest.approx(market.maximum_proceeds(PRICE))
    supremum = value(getattr(theory, f"supremum_{form}")(), **at)
    assert supremum == pytest.approx(market.maximum_proceeds(PRICE, fill="walk"))


def test_three_rules_compose_and_three_do_not():
    assert theory.gap_linear() == theory.gap_exponential() == theory.gap_pool() == 0
    for gap in (theory.gap_pool_refilled(), theory.gap_proportional(), theory.gap_square_root()):
        assert gap != 0


@pytest.mark.parametrize(
    ("gap", "rule", "parameter"),
    [
        (theory.gap_proportional(), lambda p, u: proportional(p, u, RATE), {"rate": RATE}),
        (theory.gap_square_root(), SquareRoot(2.1).price, {"scale": 2.1}),
        (theory.gap_pool_refilled(), ConstantProduct(RESERVE).price, {"reserve": RESERVE}),
    ],
    ids=["proportional", "square root", "refilled pool"],
)
def test_gap_is_that_of_two_fills(gap, rule, parameter):
    found = fill_by_fill(rule, PRICE, [3.0, 4.0])[-1] - rule(PRICE, 7.0)
    pieces = {symbol("sold", 1): 3.0, symbol("sold", 2): 4.0}
    assert value(gap.subs(pieces), shocked_price=PRICE, **parameter) == pytest.approx(float(found), rel=1e-9)


def test_pool_by_invariant_is_the_pool_at_that_price():
    pool = ConstantProduct.at_price(PRICE, 5000.0)
    shown = value(theory.pool_by_invariant(), shocked_price=PRICE, sold=SOLD, invariant=5000.0)
    assert shown == pytest.approx(pool.price(PRICE, SOLD))


def test_proportional_equals_its_number():
    shown = value(theory.proportional(), shocked_price=PRICE, sold=SOLD, rate=RATE)
    assert shown == pytest.approx(float(proportional(PRICE, SOLD, RATE)))


def test_marginal_proceeds_are_the_slope_of_the_proceeds():
    market = Exponential(RATE)
    slope = (market.proceeds(PRICE, SOLD + 1e-5) - market.proceeds(PRICE, SOLD - 1e-5)) / 2e-5
    shown = value(theory.marginal_proceeds(), shocked_price=PRICE, sold=SOLD, rate=RATE)
    assert shown == pytest.approx(slope, rel=1e-7)
    assert sp.solve(theory.marginal_proceeds(), theory.u) == [1 / theory.rate]


def test_quantity_to_raise_equals_its_number():
    for cash in (10.0, 500.0, 1500.0):
        shown = value(theory.quantity_to_raise(), shocked_price=PRICE, proceeds=cash, rate=RATE)
        assert shown == pytest.approx(Exponential(RATE).quantity_to_raise(PRICE, cash), rel=1e-9)


def test_self_funding_positions_equal_their_numbers():
    at = {"shocked_price": PRICE, "maintenance_rate": 0.04}
    for fill, shown in (("end", theory.self_funding_end()), ("walk", theory.self_funding_walk())):
        number = Linear(1.3).self_funding_quantity(PRICE, 0.04, fill=fill)
        assert value(shown, slope=1.3, **at) == pytest.approx(number)
    law = SquareRoot.from_law(PRICE, 0.05, 1e6, 0.9)
    shown = value(
        theory.self_funding_square_root(), maintenance_rate=0.04, prefactor=0.9, daily_volatility=0.05, volume=1e6
    )
    assert shown == pytest.approx(law.self_funding_quantity(PRICE, 0.04, fill="walk"))


def test_average_cost_of_a_power_law_has_its_exponent():
    law = PowerLaw(0.6, 0.01, 0.0, 2)
    middles = (np.arange(100_000) + 0.5) / 100_000 * 30.0
    shown = value(theory.power_law_cost(), notional=30.0, prefactor=0.01, exponent=0.6)
    assert shown == pytest.approx(float(np.mean(law.cost(middles))), rel=1e-6)
    assert value(theory.power_law(), notional=30.0, prefactor=0.01, exponent=0.6) == pytest.approx(law.cost(30.0))
