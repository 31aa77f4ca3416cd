import numpy as np
import pytest

from cascadelab.portfolio import Balance, Position
from cascadelab.thresholds import Tiers

TEN = Tiers.flat(0.1)
TWO = Tiers.from_floors([0, 1_000], [0.01, 0.05])


def lowest(holding, price):
    intercepts, slopes = holding.lines()
    return (intercepts + slopes * np.asarray(price)[:, np.newaxis]).min(axis=1)


@pytest.mark.parametrize(
    "holding",
    [
        Balance("A", 3.0, 0.8, 1.1),
        Balance("A", -3.0, 0.8, 1.1),
        Position("A", 7.0, 90.0, TWO, 0.001),
        Position("A", -7.0, 90.0, TWO, 0.001),
        Position("A", -7.0, 90.0, TWO, 0.001, "entry"),
        Position("A", 7.0, 90.0, TWO, 0.001, "frozen", 200.0),
    ],
)
def test_lines_are_equity_minus_maintenance(holding):
    price = np.linspace(1, 400, 100)
    np.testing.assert_allclose(lowest(holding, price), holding.equity(price) - holding.maintenance(price), atol=1e-9)


def test_weight_is_that_of_what_is_owned_or_owed():
    assert Balance("A", 2.0, 0.8, 1.1).weight == 0.8
    assert Balance("A", -2.0, 0.8, 1.1).weight == 1.1


def test_gross_is_the_largest_amount_and_not_what_is_left_of_it():
    """A profit of 0.3 on 30 units is the difference of 1,500.3 and 1,500, and rounded like them."""
    assert Position("A", 30.0, 50.0, Tiers.flat(0.1)).gross(50.01) == pytest.approx(1500.3)
    assert Position("A", -30.0, 50.0, Tiers.flat(0.1)).gross(40.0) == 1500.0
    assert Position("A", 1.0, 50.0, Tiers([0.1], [-100.0])).gross([10.0, 60.0]).tolist() == [101.0, 106.0]
    assert Balance("A", -2.0, liability_weight=4.0).gross(50.0) == 300.0
    assert Balance("A", 2.0, asset_weight=0.9).gross([50.0, 60.0]).tolist() == [100.0, 120.0]


def test_maintenance_and_fee_are_charged_at_the_basis():
    for basis, price in (("mark", 300.0), ("entry", 100.0), ("frozen", 150.0)):
        position = Position("A", -10.0, 100.0, TWO, 0.002, basis, 150.0)
        notional = 10 * price
        assert position.maintenance(300.0) == pytest.approx(TWO.requirement(notional) + 0.002 * notional)


def test_long_with_maintenance_m_is_a_balance_with_weight_one_minus_m():
    long, short = Position("A", 5.0, 0.0, TEN), Position("A", -5.0, 0.0, TEN)
    owned, owed = Balance("A", 5.0, asset_weight=0.9), Balance("A", -5.0, liability_weight=1.1)
    for position, balance in ((long, owned), (short, owed)):
        assert position.equity(70.0) == pytest.approx(balance.equity(70.0))
        assert position.maintenance(70.0) == pytest.approx(balance.maintenance(70.0))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"asset": ""}, "asset must be a name, got ''"),
        ({"asset": 1}, "asset must be a name, got 1"),
        ({"quantity": np.nan}, "quantity must be finite, got nan"),
        ({"quantity": [1.0, 2.0]}, r"quantity must be a single number, got an array of shape \(2,\)"),
        ({"asset_weight": 1.2}, r"asset_weight must be in \[0, 1\], got 1.2"),
        ({"asset_weight": -0.1}, "asset_weight must be at least 0, got -0.1"),
        ({"liability_weight": 0.9}, "liability_weight must be at least 1, got 0.9"),
        ({"liability_weight": np.inf}, "liability_weight must be finite, got inf"),
    ],
)
def test_bad_balance_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        Balance(**({"asset": "A", "quantity": 1.0} | arguments))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"basis": "entry", "entry_price": 0.0}, "entry_price must be positive where basis is 'entry', got 0"),
        ({"asset": None}, "asset must be a name, got None"),
        ({"quantity": np.inf}, "quantity must be finite, got inf"),
        ({"entry_price": -1.0}, "entry_price must be at least 0, got -1"),
        ({"entry_price": [1.0]}, r"entry_price must be a single number, got an array of shape \(1,\)"),
        ({"tiers": 0.1}, "tiers must be a thresholds.Tiers, got 0.1"),
        ({"fee_rate": 1.0}, r"fee_rate must be in \[0, 1\), got 1"),
        ({"basis": "index"}, "basis must be 'mark', 'entry' or 'frozen', got 'index'"),
        ({"basis": "frozen"}, "mark_price must be given where basis is 'frozen', got None"),
        ({"mark_price": 0.0}, "mark_price must be positive, got 0"),
    ],
)
def test_bad_position_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        Position(**({"asset": "A", "quantity": 1.0, "entry_price": 10.0, "tiers": TEN} | arguments))


@pytest.mark.parametrize("price", [0.0, -1.0, np.nan, np.inf])
def test_market_price_must_be_positive(price):
    for holding in (Balance("A", 1.0), Position("A", 1.0, 10.0, TEN, basis="entry")):
        for ask in (holding.equity, holding.maintenance):
            with pytest.raises(ValueError, match="price must be"):
                ask(price)
