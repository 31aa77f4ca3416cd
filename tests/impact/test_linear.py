import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.impact import Linear
from cascadelab.start_here.example import IMPACT, story

CROSS = np.array([[0.5, 0.1], [0.1, 0.2]])


def test_account_x_of_the_running_example_raises_its_debt():
    market = Linear([0.5, 0.2])
    assert market.price([75.0, 50.0], [10.0, 20.0]).tolist() == [70.0, 46.0]
    assert market.proceeds([75.0, 50.0], [10.0, 20.0]).sum() == pytest.approx(1620.0)
    assert market.proceeds([75.0, 50.0], [10.0, 20.0], fill="walk").sum() == pytest.approx(725.0 + 960.0)
    assert market.shock_for([70.0, 46.0], [10.0, 20.0]).tolist() == [75.0, 50.0]


def test_prices_are_those_of_the_story():
    told = story(0.25)
    market = Linear(IMPACT)
    sold = np.cumsum(told.sold.sum(axis=1), axis=0)
    for stage in range(1, len(told.prices)):
        np.testing.assert_allclose(market.price(told.prices[1], sold[stage]), told.prices[stage], rtol=1e-14)


def test_price_stops_at_zero_and_says_so():
    market = Linear(0.5)
    sold = [199.0, 200.0, 201.0, 400.0]
    assert market.price(100.0, sold).tolist() == [0.5, 0.0, 0.0, 0.0]
    assert market.stops_at_zero(100.0, sold).tolist() == [False, False, True, True]
    assert market.proceeds(100.0, 400.0, fill="walk") == market.maximum_proceeds(100.0, fill="walk") == 10_000.0
    assert market.shock_for(0.0, 400.0) == 200.0  # the highest that ends at zero
    assert market.price(200.0, 400.0) == 0.0 < market.price(201.0, 400.0)


def test_relative_slope_gives_the_self_funding_position_of_the_text():
    relative = 0.002
    market = Linear(relative * 100.0)
    assert market.self_funding_quantity(100.0, 0.05) == pytest.approx(0.05 / relative)
    assert market.self_funding_quantity(100.0, 0.05, fill="walk") == pytest.approx(2 * 0.05 / relative)


def test_cross_impact_moves_every_price():
    market = Linear(CROSS)
    assert market.price([75.0, 50.0], [10.0, 20.0]).tolist() == [68.0, 45.0]
    assert market.price([75.0, 50.0], [[10.0, 0.0], [0.0, 20.0]]).tolist() == [[70.0, 49.0], [73.0, 46.0]]
    assert market.shock_for([68.0, 45.0], [10.0, 20.0]).tolist() == [75.0, 50.0]
    lopsided = Linear([[0.5, 0.3], [0.0, 0.2]])  # a sale of B moves A, a sale of A does not move B
    assert lopsided.price([75.0, 50.0], [10.0, 20.0]).tolist() == [64.0, 46.0]


def walk_in_steps(matrix, prices, sold, path, pieces=2000):
    """Cash of a walk along `path`: [0, 1] → quantities sold so far."""
    at = np.array([path(t) for t in np.linspace(0.0, 1.0, pieces + 1)]) * sold
    middle = (at[1:] + at[:-1]) / 2
    return (np.maximum(prices - middle @ matrix.T, 0.0) * np.diff(at, axis=0)).sum(axis=0)


@pytest.mark.parametrize("sold", [(10.0, 20.0), (100.0, 200.0), (-5.0, 30.0)])
def test_walk_with_cross_impact_is_the_integral_in_step(sold):
    prices, quantity = np.array([75.0, 50.0]), np.array(sold)
    found = walk_in_steps(CROSS, prices, quantity, lambda t: np.array([t, t]))
    np.testing.assert_allclose(Linear(CROSS).proceeds(prices, quantity, fill="walk"), found, rtol=1e-5)


@pytest.mark.parametrize(("matrix", "same"), [(CROSS, True), (np.array([[0.5, 0.3], [0.0, 0.2]]), False)])
def test_total_of_a_walk_depends_on_the_order_unless_the_matrix_is_symmetric(matrix, same):
    prices, sold = np.array([75.0, 50.0]), np.array([10.0, 20.0])
    in_step = Linear(matrix).proceeds(prices, sold, fill="walk").sum()
    a_first = walk_in_steps(matrix, prices, sold, lambda t: np.clip([2 * t, 2 * t - 1], 0, 1)).sum()
    assert bool(a_first == pytest.approx(in_step, rel=1e-9)) is same


@given(st.lists(st.floats(0.0, 5.0), min_size=1, max_size=6))
def test_pieces_of_a_sale_compose(pieces):
    market, price = Linear(0.5), 100.0
    for piece in pieces:
        price = market.price(price, piece)
    assert price == pytest.approx(market.price(100.0, sum(pieces)), rel=1e-12)


def test_questions_of_one_market_refuse_a_matrix():
    for question in (
        lambda m: m.maximum_proceeds([1.0, 1.0]),
        lambda m: m.quantity_at_maximum([1.0, 1.0]),
        lambda m: m.quantity_to_raise([1.0, 1.0], 0.1),
        lambda m: m.self_funding_quantity([1.0, 1.0], 0.1),
    ):
        with pytest.raises(ValueError, match="slope must be a number or a vector here"):
            question(Linear(CROSS))


def test_a_matrix_wants_one_quantity_an_asset():
    with pytest.raises(ValueError, match=r"do not broadcast: .*sold \(3,\), a row of slope \(2,\)"):
        Linear(CROSS).price(100.0, [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"do not broadcast: .*sold \(3,\), slope \(2,\)"):
        Linear([1.0, 2.0]).price(100.0, [1.0, 2.0, 3.0])
