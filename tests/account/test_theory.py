"""The displayed formula is the tested formula: each expression of the chapter against the numbers."""

import numpy as np
import pytest
import sympy as sp

from cascadelab import account
from cascadelab.account import theory

RNG = np.random.default_rng(1)
ENTRY, SIZE, MARGIN_SHARE, RATE = RNG.uniform([10, 0.1, 0.05, 0.0], [1000, 50, 0.8, 0.04], (200, 4)).T
LEVERAGE = 1 / MARGIN_SHARE
PRICE = ENTRY * RNG.uniform(0.5, 1.5, 200)


def evaluate(expression, **values):
    """Evaluate a displayed expression at arrays given by the registered identifiers."""
    symbols = [theory.symbol(name) for name in values]
    return sp.lambdify(symbols, expression, "numpy")(*values.values())


@pytest.mark.parametrize("side", [1, -1])
def test_every_formula_of_a_linear_position_equals_its_number(side):
    q = side * SIZE
    margin = account.initial_margin(q, ENTRY, LEVERAGE)
    opened = {"quantity": q, "entry_price": ENTRY}
    posted = opened | {"margin": margin}
    full = posted | {"maintenance_rate": RATE, "price": PRICE}
    at_leverage = {"entry_price": ENTRY, "leverage": LEVERAGE, "maintenance_rate": RATE}
    numbers = (ENTRY, margin)
    for expression, values, number in (
        (theory.equity(), posted | {"price": PRICE}, account.equity(q, *numbers, PRICE)),
        (theory.maintenance(), full, account.maintenance(q, PRICE, RATE)),
        (theory.surplus(), full, account.surplus(q, *numbers, RATE, PRICE)),
        (theory.initial_margin(), opened | {"leverage": LEVERAGE}, margin),
        (theory.liquidation_price(), full, account.liquidation_price(q, *numbers, RATE)),
        (theory.liquidation_price_at_leverage(side), at_leverage, account.liquidation_price(q, *numbers, RATE)),
        (theory.bankruptcy_price(), posted, account.bankruptcy_price(q, *numbers)),
        (theory.liquidation_price_frozen(), full, account.liquidation_price(q, *numbers, RATE, basis="entry")),
        (
            theory.bankruptcy_to_liquidation(side),
            {"maintenance_rate": RATE},
            account.bankruptcy_price(q, *numbers) / account.liquidation_price(q, *numbers, RATE),
        ),
    ):
        np.testing.assert_allclose(evaluate(expression, **values), number, rtol=1e-12, atol=1e-9)


def test_margin_ratio_equals_its_number_where_there_is_equity():
    values = {"quantity": 1.0, "entry_price": 100.0, "margin": 10.0, "maintenance_rate": 0.05, "price": 95.0}
    expected = account.margin_ratio(1.0, 100.0, 10.0, 0.05, 95.0)
    assert evaluate(theory.margin_ratio(), **values) == pytest.approx(expected, rel=1e-14)


def test_move_and_sensitivity_are_those_of_a_long():
    def price(lev):
        return account.liquidation_price(1.0, ENTRY, account.initial_margin(1.0, ENTRY, lev), RATE)

    values = {"entry_price": ENTRY, "leverage": LEVERAGE, "maintenance_rate": RATE}
    move = evaluate(theory.liquidation_move(), **values)
    np.testing.assert_allclose(move, 1 - price(LEVERAGE) / ENTRY, rtol=1e-9)
    slope = (price(LEVERAGE * 1.0001) - price(LEVERAGE * 0.9999)) / (0.0002 * LEVERAGE)
    np.testing.assert_allclose(evaluate(theory.leverage_sensitivity(), **values), slope, rtol=1e-7)


def test_frozen_maintenance_liquidates_a_long_earlier():
    values = {"entry_price": ENTRY, "leverage": LEVERAGE, "maintenance_rate": RATE}
    margin = account.initial_margin(1.0, ENTRY, LEVERAGE)
    frozen = account.liquidation_price(1.0, ENTRY, margin, RATE, basis="entry")
    gap = frozen - account.liquidation_price(1.0, ENTRY, margin, RATE)
    np.testing.assert_allclose(evaluate(theory.frozen_minus_mark(), **values), gap, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("side", [1, -1])
def test_regulation_t_is_the_same_price_with_the_initial_rate(side):
    call = evaluate(
        theory.regulation_t_call_price(side), entry_price=ENTRY, initial_rate=MARGIN_SHARE, maintenance_rate=RATE
    )
    number = account.liquidation_price(side, ENTRY, MARGIN_SHARE * ENTRY, RATE)
    np.testing.assert_allclose(call, number, rtol=1e-12)


@pytest.mark.parametrize("side", [1, -1])
def test_every_formula_of_an_inverse_contract_equals_its_number(side):
    contracts = side * SIZE * ENTRY
    coins = np.abs(contracts) / ENTRY / LEVERAGE
    values = {
        "contracts": contracts, "entry_price": ENTRY, "coin_margin": coins, "maintenance_rate": RATE, "price": PRICE,
    }  # fmt: skip
    numbers = (contracts, ENTRY, coins)
    in_coins = account.inverse_equity(*numbers, PRICE)
    for expression, number in (
        (theory.inverse_equity(), in_coins),
        (theory.inverse_equity_in_cash(), in_coins * PRICE),
        (theory.inverse_liquidation_price(), account.inverse_liquidation_price(*numbers, RATE)),
        (theory.inverse_liquidation_price_frozen(), account.inverse_liquidation_price(*numbers, RATE, basis="entry")),
    ):
        np.testing.assert_allclose(evaluate(expression, **values), number, rtol=1e-9, atol=1e-9)


def test_inverse_equity_times_price_is_linear_in_the_price():
    assert sp.diff(theory.inverse_equity_in_cash(), theory.p, 2) == 0


def test_inverse_long_is_a_linear_short_of_dollars_priced_in_coins():
    contracts, coins = SIZE * ENTRY, SIZE / LEVERAGE
    short = 1 / account.liquidation_price(-contracts, 1 / ENTRY, coins, RATE)
    np.testing.assert_allclose(short, account.inverse_liquidation_price(contracts, ENTRY, coins, RATE), rtol=1e-12)
    shown = evaluate(
        theory.inverse_as_short(), contracts=contracts, entry_price=ENTRY, coin_margin=coins, maintenance_rate=RATE
    )
    np.testing.assert_allclose(shown, short, rtol=1e-12)


def test_average_entry_of_two_equal_inverse_fills_is_their_harmonic_mean():
    first, second = theory.symbol("price", "1"), theory.symbol("price", "2")
    shown = theory.inverse_entry_price().subs({first: 10_000, second: 15_000})
    assert float(shown) == pytest.approx(account.inverse_entry_price([50, 50], [10_000, 15_000]))
