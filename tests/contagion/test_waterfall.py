import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.contagion import Book, Solver
from cascadelab.contagion.waterfall import pay
from cascadelab.impact import Linear

AMOUNT = st.one_of(st.just(0.0), st.floats(1e-6, 1e9))


@given(AMOUNT, AMOUNT, AMOUNT, AMOUNT)
def test_layers_pay_in_turn_and_add_up(bad_debt, fund, fees, venue_capital):
    done = pay(bad_debt, fund=fund, fees=fees, venue_capital=venue_capital)
    assert done.fund_paid + done.venue_paid + done.unpaid == pytest.approx(bad_debt, rel=1e-12, abs=0.0)
    assert 0 <= done.fund_paid <= fund + fees
    assert 0 <= done.venue_paid <= venue_capital
    assert done.unpaid >= 0
    assert done.fund_end == pytest.approx(fund + fees - done.fund_paid, abs=1e-12 * (fund + fees))
    if done.venue_paid > 0:
        assert done.fund_end == 0
    if done.unpaid > 0:
        assert done.venue_paid == venue_capital


def test_each_layer_in_numbers():
    assert [pay(100.0, fund=f, fees=10.0, venue_capital=v).unpaid for f, v in ((90.0, 0.0), (50.0, 25.0), (0, 0))] == [
        0.0, 15.0, 90.0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cash", "quantity", "filled", "fee", "change"),
    [
        (-5100.0, 0.1, 5610.0, 0.005, 28.05),
        (-5100.0, 0.1, 5610.0, 0.025, 140.25),
        (-5100.0, 0.1, 5100.0, 0.005, 0.0),
        (-5100.0, 0.1, 5049.0, 0.005, -51.0),
        (4900.0, -0.1, 4410.0, 0.025, 110.25),
    ],
)
def test_fund_of_dydx_changes_as_its_own_tests_say(cash, quantity, filled, fee, change):
    """Cases dydx-insurance of the published figures: a position of a tenth of a coin, closed at one price."""
    price = filled / abs(quantity)
    book = Book([cash], [[quantity]], asset_weight=0.05, liability_weight=1.95)
    end = Solver(book, [price]).run([price], Linear(0.0), fund_fee=fee)
    assert end.liquidated.all()
    layers = end.waterfall(1000.0)
    assert layers.fund_end - 1000.0 == pytest.approx(change, abs=1e-9)
    assert layers.unpaid == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fund": -1.0}, "fund must be at least 0, got -1"),
        ({"fund": [1.0]}, "fund must be a single number"),
        ({"fund": 0.0, "venue_capital": np.nan}, "venue_capital must be finite"),
        ({"fund": 0.0, "fill": "mid"}, "fill must be one of end, walk, step"),
    ],
)
def test_bad_layers_are_refused_by_name(options, message):
    end = Solver(Book([-1.0], [[1.0]]), [1.0]).run([0.5], Linear(0.0))
    with pytest.raises(ValueError, match=message):
        end.waterfall(**options)
