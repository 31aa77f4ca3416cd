import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cascadelab.account import bankruptcy_price
from cascadelab.liquidation import fillable_price, fund_change, leg_bankruptcy_price

LEGS = st.lists(
    st.tuples(st.floats(-5.0, 5.0).filter(lambda q: abs(q) > 1e-3), st.floats(1.0, 1e4), st.floats(0.01, 0.3)),
    min_size=1, max_size=5,
)  # fmt: skip


@given(LEGS, st.floats(-1e4, 1e4))
def test_closing_every_leg_at_its_price_leaves_nothing(legs, cash):
    quantity, price, rate = (np.array(column) for column in zip(*legs, strict=True))
    prices = leg_bankruptcy_price(quantity, price, rate, cash)
    scale = np.abs(quantity * price).sum() + abs(cash)
    assert cash + quantity @ prices == pytest.approx(0.0, abs=1e-11 * scale)


@given(st.floats(-5.0, 5.0), st.floats(1.0, 1e4), st.floats(0.01, 0.3), st.floats(-1e4, 1e4))
def test_of_one_leg_it_is_the_bankruptcy_price_of_chapter_1(quantity, price, rate, cash):
    assume(abs(quantity) > 1e-2)
    alone = leg_bankruptcy_price(quantity, price, rate, cash)
    root = -cash / quantity
    assert alone == pytest.approx(root, rel=1e-9, abs=1e-7 * price)
    if root > 0:
        assert bankruptcy_price(quantity, 0.0, cash) == pytest.approx(root)


def test_a_long_leg_hands_over_the_displayed_share(shown):
    quantity, price, rate, cash = np.array([2.0, -1.0]), np.array([50.0, 30.0]), np.array([0.1, 0.2]), -40.0
    equity, maintenance = cash + quantity @ price, rate @ (np.abs(quantity) * price)
    at = {"equity": equity, "maintenance": maintenance, "maintenance_rate": 0.1, "price": 50.0}
    prices = leg_bankruptcy_price(quantity, price, rate, cash)
    assert prices[0] == pytest.approx(shown("leg_bankruptcy_price", **at), rel=1e-12)
    assert prices[1] > 30.0  # a short leg is bankrupt above its price


@pytest.mark.parametrize("quantity", [0.1, -0.1])
def test_fillable_price_moves_from_the_price_to_its_widest_discount(quantity):
    def offered(equity):
        return fillable_price(quantity, 100.0, 0.1, equity - quantity * 100.0, spread_factor=0.5)

    sign = np.sign(quantity)
    assert offered(2.0) == pytest.approx(100.0)  # not liquidatable
    assert offered(0.5) == pytest.approx(100.0 - sign * 2.5)
    assert offered(-7.0) == pytest.approx(100.0 - sign * 5.0)


@given(st.floats(0.0, 1e3), st.floats(0.0, 1e3), st.floats(-10.0, 10.0))
def test_fund_gains_the_displayed_difference(shown, fill, bankruptcy, quantity):
    at = {"fill_price": fill, "bankruptcy_price": bankruptcy, "quantity": quantity}
    assert fund_change(**at) == pytest.approx(shown("fund_change", **at), rel=1e-12, abs=1e-12)


def test_a_fee_caps_what_the_fund_gains_and_not_what_it_pays():
    np.testing.assert_allclose(fund_change([110.0, 90.0], 100.0, 2.0, liquidation_fee=0.01), [2.2, -20.0])
    assert fund_change(90.0, 100.0, -2.0, liquidation_fee=0.5) == pytest.approx(20.0)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (leg_bankruptcy_price, ([1.0, 0.0], 100.0, 0.1, 0.0), "quantity must not be 0: there is nothing to close"),
        (leg_bankruptcy_price, (1.0, 100.0, 0.0, 0.0), "maintenance_rate must be positive, got 0"),
        (fillable_price, (1.0, -1.0, 0.1, 0.0), "price must be positive, got -1"),
        (leg_bankruptcy_price, ([1.0, 1.0], 100.0, 0.1, [-50.0, -60.0]), "cash must be a single number"),
        (fund_change, (-1.0, 100.0, 1.0), "fill_price must be at least 0, got -1"),
    ],
)
def test_bad_input_is_named(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)
