import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.impact import Linear, OrderBook

bids = st.lists(st.tuples(st.floats(1.0, 100.0), st.integers(0, 9)), min_size=1, max_size=8)


def unit_by_unit(levels, sold):
    """Sell whole units one after the other, each to the best bid that is left. Returns cash and units filled."""
    waiting = sorted((price for price, quantity in levels for _ in range(quantity)), reverse=True)
    return sum(waiting[:sold]), min(sold, len(waiting)), (waiting[sold:] or [0.0])[0]


@given(bids, st.integers(0, 40))
def test_walk_is_that_of_single_units(levels, sold):
    book = OrderBook(*zip(*levels, strict=True))
    cash, filled, left = unit_by_unit(levels, sold)
    assert book.proceeds(sold) == pytest.approx(cash, rel=1e-12)
    assert book.unsold(sold) == sold - filled
    assert book.price(sold) == left
    if filled:
        assert book.average_price(sold) == pytest.approx(cash / filled, rel=1e-12)


def test_an_exhausted_book_fills_what_it_can():
    book = OrderBook([99.0, 100.0, 98.0], [5.0, 2.0, 10.0])
    assert book.total == 17.0
    assert book.price([0.0, 2.0, 17.0, 18.0]).tolist() == [100.0, 99.0, 0.0, 0.0]
    assert book.proceeds([17.0, 1e6]).tolist() == [200 + 495 + 980] * 2
    assert book.unsold([1.0, 20.0]).tolist() == [0.0, 3.0]
    assert book.average_price([0.0, 20.0]).tolist() == [100.0, 1675 / 17]


def test_an_empty_book_has_no_price():
    book = OrderBook([10.0], [0.0])
    assert book.price(0.0) == book.proceeds(3.0) == book.average_price(1.0) == 0.0
    assert book.unsold(3.0) == 3.0


def test_evenly_spread_bids_are_linear_impact():
    slope, tick = 0.5, 0.001
    prices = np.arange(75.0, 60.0, -tick) - tick / 2
    book = OrderBook(prices, np.full(prices.size, tick / slope))
    market = Linear(slope)
    sold = np.array([1.0, 10.0, 25.0])
    np.testing.assert_allclose(book.price(sold), market.price(75.0, sold), atol=2 * tick)
    np.testing.assert_allclose(book.proceeds(sold), market.proceeds(75.0, sold, fill="walk"), rtol=1e-7)


def test_scalars_give_floats():
    book = OrderBook([99.0, 100.0], [5.0, 2.0])
    for value in (book.price(1), book.proceeds(1), book.average_price(1), book.unsold(1), book.total):
        assert type(value) is float


@pytest.mark.parametrize(
    ("prices", "quantities", "message"),
    [
        ([0.0], [1.0], "prices must be positive, got 0"),
        ([1.0], [-1.0], "quantities must be at least 0, got -1"),
        ([1.0], [np.nan], "quantities must be finite, got nan"),
        ([1.0, 2.0], [1.0], r"lists of one length, got shapes \(2,\) and \(1,\)"),
        ([], [], r"got shapes \(0,\) and \(0,\)"),
        (1.0, 1.0, r"got shapes \(\) and \(\)"),
    ],
)
def test_bad_books_are_named(prices, quantities, message):
    with pytest.raises(ValueError, match=message):
        OrderBook(prices, quantities)


def test_bad_sales_are_named():
    for question in ("price", "proceeds", "average_price", "unsold"):
        with pytest.raises(ValueError, match="sold must be at least 0, got -1"):
            getattr(OrderBook([1.0], [1.0]), question)(-1.0)
