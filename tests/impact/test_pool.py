import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.impact import ConstantProduct


def swap(units, cash, sold):
    """A swap by the rule of the pool alone: the product of the reserves stays. Returns cash paid and both reserves."""
    product = units * cash
    return cash - product / (units + sold), units + sold, product / (units + sold)


@given(st.floats(1.0, 1e6), st.floats(0.1, 1e4), st.floats(-0.9, 10.0))
def test_pool_pays_what_keeps_the_product(reserve, price, share):
    pool, sold = ConstantProduct(reserve), share * reserve
    paid, units, cash = swap(reserve, price * reserve, sold)
    assert pool.proceeds(price, sold, fill="walk") == pytest.approx(paid, rel=1e-9, abs=1e-9 * price * reserve)
    assert pool.price(price, sold) == pytest.approx(cash / units, rel=1e-9)
    assert pool.after(sold).reserve == pytest.approx(units)


@given(st.lists(st.floats(0.0, 50.0), min_size=1, max_size=5))
def test_fills_compose_if_the_pool_is_carried_along(pieces):
    pool, price = ConstantProduct(100.0), 50.0
    for piece in pieces:
        pool, price = pool.after(piece), pool.price(price, piece)
    assert price == pytest.approx(ConstantProduct(100.0).price(50.0, sum(pieces)), rel=1e-12)


def test_arbitrage_carries_the_pool_along_its_product():
    pool = ConstantProduct(100.0)
    price = pool.price(50.0, 25.0)
    assert ConstantProduct.at_price(price, 50.0 * 100.0**2).reserve == pytest.approx(pool.after(25.0).reserve)


def test_end_price_peaks_at_the_reserve_and_the_walk_never_does():
    pool = ConstantProduct(80.0)
    assert pool.quantity_at_maximum(10.0) == 80.0
    assert pool.maximum_proceeds(10.0) == 10 * 80 / 4
    assert pool.maximum_proceeds(10.0, fill="walk") == 10 * 80
    assert pool.quantity_at_maximum(10.0, fill="walk") == np.inf


@pytest.mark.parametrize("sold", [-100.0, -150.0])
def test_a_pool_can_not_be_drained(sold):
    for question in (ConstantProduct(100.0).price, ConstantProduct(100.0).shock_for, ConstantProduct(100.0).proceeds):
        with pytest.raises(ValueError, match=f"or the pool is drained, got {sold:.12g} of 100"):
            question(50.0, sold)
    with pytest.raises(ValueError, match="drained, got -7 of 5"):
        ConstantProduct([100.0, 5.0]).after(-7.0)


def test_bad_pool_is_named():
    with pytest.raises(ValueError, match="invariant must be positive, got 0"):
        ConstantProduct.at_price(10.0, 0.0)
    with pytest.raises(ValueError, match="price must be positive, got -1"):
        ConstantProduct.at_price(-1.0, 10.0)
