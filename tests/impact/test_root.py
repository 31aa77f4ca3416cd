import numpy as np
import pytest

from cascadelab.impact import SquareRoot


def test_twin_of_the_self_funding_position():
    """V (3m/(2Yσ))² with m = .5 %, Y = 1, σ = 4 % a day and V = 1e9: 3.516e7 units, whatever the price."""
    for price in (1.0, 70.0):
        market = SquareRoot.from_law(price, 0.04, 1e9)
        assert market.self_funding_quantity(price, 0.005, fill="walk") == pytest.approx(3.516e7, abs=5e3)
        assert market.self_funding_quantity(price, 0.005) == pytest.approx(1e9 * (0.005 / 0.04) ** 2)


def test_a_day_of_volume_costs_a_day_of_volatility():
    market = SquareRoot.from_law(100.0, 0.04, 1e6, 0.8)
    assert market.price(100.0, 1e6) == pytest.approx(100 * (1 - 0.8 * 0.04))


def test_buying_mirrors_selling():
    market = SquareRoot(2.0)
    assert market.price(100.0, -25.0) == 110.0
    assert market.proceeds(100.0, -25.0, fill="walk") == pytest.approx(-25 * (100 + 2 * 10 / 3))


def test_price_stops_at_zero_and_says_so():
    market = SquareRoot(10.0)
    assert market.stops_at_zero(100.0, [99.0, 100.0, 101.0]).tolist() == [False, False, True]
    assert market.proceeds(100.0, 400.0, fill="walk") == pytest.approx(market.maximum_proceeds(100.0, fill="walk"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0.0, 0.04, 1e9), "shocked_price must be positive, got 0"),
        ((1.0, -0.04, 1e9), "daily_volatility must be at least 0, got -0.04"),
        ((1.0, 0.04, 0.0), "volume must be positive, got 0"),
        ((1.0, 0.04, 1e9, np.nan), "prefactor must be finite, got nan"),
    ],
)
def test_bad_law_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        SquareRoot.from_law(*arguments)
