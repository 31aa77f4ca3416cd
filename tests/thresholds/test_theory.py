"""The displayed formula is the tested formula: each expression of the chapter against the numbers."""

import numpy as np
import pytest
import sympy as sp

from cascadelab import account, thresholds
from cascadelab.thresholds import Tiers, theory

RNG = np.random.default_rng(2)
COUNT = 20
ENTRY, SIZE, SHARE, WEIGHT, PRICE = RNG.uniform([10, 1, 0.05, 0.3, 5], [1000, 500, 0.8, 0.95, 800], (COUNT, 5)).T


def evaluate(expression, **values):
    """Evaluate a displayed expression at values given by the registered identifiers."""
    symbols = [theory.symbol(name) for name in values]
    return sp.lambdify(symbols, expression, "numpy")(*values.values())


def two_tiers(floor):
    """A table of two lines, and its values for the symbols of the formulas."""
    tiers = Tiers.from_floors([0, floor], [0.01, 0.03])
    below, above = tiers.deductions
    return tiers, {"rate_below": 0.01, "deduction_below": below, "tier_rate": 0.03, "deduction": above}


def test_requirement_and_deduction_are_those_of_a_table():
    for floor in (100.0, 5_000.0, 1e6):
        tiers, values = two_tiers(floor)
        notional = np.linspace(0.0, 3 * floor, 50)
        shown = evaluate(theory.requirement(), **values, notional=notional)
        np.testing.assert_allclose(shown, tiers.requirement(notional), rtol=1e-12)
        chain = {name: values[name] for name in ("rate_below", "deduction_below", "tier_rate")}
        assert evaluate(theory.deduction(), **chain, floor=floor) == pytest.approx(tiers.deductions[1])


def test_line_above_wins_exactly_above_its_floor():
    gap = evaluate(
        theory.line_gap(), rate_below=0.01, tier_rate=0.03, floor=1_000.0, notional=np.array([999.0, 1e3, 1001.0])
    )
    np.testing.assert_array_equal(np.sign(gap), [-1, 0, 1])
    assert sp.simplify(theory.line_gap().subs(theory.notional, theory.floor_k)) == 0


@pytest.mark.parametrize("side", [1, -1])
def test_every_formula_of_a_tiered_position_equals_its_number(side):
    margin, fee = SIZE * ENTRY * SHARE, 0.0006
    price, price_of, threshold = theory.line_price(), theory.line_price_of(side), theory.liquidation_price(side)
    for i in range(COUNT):
        tiers, values = two_tiers(SIZE[i] * ENTRY[i] * 0.9)
        position = (side * SIZE[i], ENTRY[i], margin[i], tiers)
        opened = {"entry_price": ENTRY[i], "margin": margin[i], "fee_rate": fee}
        line = {name: values[name] for name in ("tier_rate", "deduction")}
        each = thresholds.line_prices(*position, fee_rate=fee)
        assert evaluate(price, quantity=side * SIZE[i], **opened, **line) == pytest.approx(each[1])
        assert evaluate(price_of, quantity=side * SIZE[i], **opened, **line) == pytest.approx(each[1])
        found = evaluate(threshold, quantity=side * SIZE[i], **opened, **values)
        ends = thresholds.liquidation_prices(*position, fee_rate=fee)
        assert found == pytest.approx(ends[0] if side > 0 else ends[1])
        a, b = thresholds.surplus_lines(*position, fee_rate=fee)
        at = evaluate(theory.line_surplus(), quantity=side * SIZE[i], **opened, **line, price=PRICE[i])
        assert at == pytest.approx(a[1] + b[1] * PRICE[i])
        assert evaluate(
            theory.line_slope(side), quantity=side * SIZE[i], fee_rate=fee, tier_rate=0.03
        ) == pytest.approx(b[1])


def test_slope_is_positive_for_a_long_and_negative_for_a_short():
    for side in (1, -1):
        slope = evaluate(theory.line_slope(side), quantity=side, fee_rate=0.01, tier_rate=np.linspace(0, 0.98, 50))
        assert np.all(side * slope > 0)


def test_kink_is_where_both_lines_have_one_price_and_the_floor_is_reached():
    floor, leverage = 50_000.0, 10.0
    tiers, values = two_tiers(floor)
    line = {name: values[name] for name in ("tier_rate", "deduction")}
    opened = evaluate(theory.kink_notional(), **line, floor=floor, leverage=leverage)
    quantity = opened / 100.0
    each = thresholds.line_prices(quantity, 100.0, opened / leverage, tiers)
    assert each[0] == pytest.approx(each[1])
    assert quantity * each[0] == pytest.approx(floor)


def test_fixed_requirement_is_the_frozen_basis():
    tiers = Tiers.from_floors([0, 1_000], [0.01, 0.03])
    need = tiers.requirement(20 * 90.0)
    shown = evaluate(theory.liquidation_price_fixed(), quantity=20.0, entry_price=100.0, margin=200.0, maintenance=need)
    lower, _ = thresholds.liquidation_prices(20.0, 100.0, 200.0, tiers, basis="frozen", mark_price=90.0)
    assert shown == pytest.approx(lower)


def test_every_formula_of_a_loan_equals_its_number():
    debt, debt_price = SIZE * 0.4, ENTRY * 0.9
    loan = {"asset_weight": WEIGHT, "quantity": SIZE, "debt": debt}
    prices = loan | {"price": PRICE, "debt_price": debt_price}
    healths = [thresholds.health_factor(SIZE[i] * PRICE[i], WEIGHT[i], debt[i] * debt_price[i]) for i in range(COUNT)]
    surpluses = [
        thresholds.lending_surplus(SIZE[i] * PRICE[i], WEIGHT[i], debt[i] * debt_price[i]) for i in range(COUNT)
    ]
    fall = thresholds.collateral_liquidation_price(SIZE, WEIGHT, debt, debt_price=debt_price)
    rise = thresholds.debt_liquidation_price(SIZE, WEIGHT, PRICE, debt)
    np.testing.assert_allclose(evaluate(theory.health_factor(), **prices), healths, rtol=1e-12)
    np.testing.assert_allclose(evaluate(theory.lending_surplus(), **prices), surpluses, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(
        evaluate(theory.collateral_liquidation_price(), **loan, debt_price=debt_price), fall, rtol=1e-12
    )
    np.testing.assert_allclose(evaluate(theory.debt_liquidation_price(), **loan, price=PRICE), rise, rtol=1e-12)


def test_dual_weights_are_the_numbers():
    rates = np.linspace(0, 0.9, 10)
    np.testing.assert_allclose(evaluate(theory.dual_weight(1), maintenance_rate=rates), thresholds.asset_weight(rates))
    np.testing.assert_allclose(
        evaluate(theory.dual_weight(-1), maintenance_rate=rates), thresholds.liability_weight(rates)
    )


@pytest.mark.parametrize("side", [1, -1])
def test_dual_balance_has_the_surplus_of_the_position(side):
    held = theory.balance_surplus(side).subs(
        {theory.cash: theory.dual_cash(side), theory.h: theory.dual_weight(1), theory.h_bar: theory.dual_weight(-1)}
    )
    assert sp.expand(held - theory.position_surplus(side)) == 0
    shown = evaluate(held, entry_price=ENTRY, margin=SHARE, quantity=side * SIZE, maintenance_rate=0.05, price=PRICE)
    np.testing.assert_allclose(shown, account.surplus(side * SIZE, ENTRY, SHARE, 0.05, PRICE), rtol=1e-9)


def test_borrowed_leverage_and_its_ceiling_are_the_numbers():
    ratios = np.linspace(0.0, 0.95, 20)
    np.testing.assert_allclose(
        evaluate(theory.borrowed_leverage(), loan_to_value=ratios), thresholds.borrowed_leverage(ratios)
    )
    rates = np.linspace(0.05, 0.9, 20)
    np.testing.assert_allclose(
        evaluate(theory.largest_leverage(), maintenance_rate=rates),
        thresholds.borrowed_leverage(thresholds.asset_weight(rates)),
    )
