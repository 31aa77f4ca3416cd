"""What holds for every curve: brute force, inverses, limits, shapes and bad input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.impact import ConstantProduct, Curve, Exponential, Linear, SquareRoot

FORMS = {
    "linear": lambda k: Linear(100.0 * k),
    "exponential": lambda k: Exponential(k),
    "square root": lambda k: SquareRoot(100.0 * np.sqrt(k)),
    "pool": lambda k: ConstantProduct(2.0 / k),
}
every_form = pytest.mark.parametrize("form", FORMS)
every_fill = pytest.mark.parametrize("fill", ["end", "walk"])
strengths = st.floats(1e-4, 1.0)
prices = st.floats(1.0, 1000.0)
sizes = st.floats(0.0, 1.0)


def walked(market, price, sold, pieces=4000):
    """Cash of a walk by the midpoint rule on √u, whose steps are small where a root is steep."""
    edges = np.sign(sold) * np.linspace(0.0, np.sqrt(abs(sold)), pieces + 1) ** 2
    middles = np.sign(sold) * ((np.sqrt(np.abs(edges[1:])) + np.sqrt(np.abs(edges[:-1]))) / 2) ** 2
    return float(np.sum(market.price(price, middles) * np.diff(edges)))


@pytest.mark.unmeasured
@every_form
@given(strength=strengths, price=st.floats(20.0, 1000.0), size=st.floats(-0.4, 3.0))
def test_walk_is_the_integral_of_the_curve(form, strength, price, size):
    market = FORMS[form](strength)
    assert isinstance(market, Curve)
    sold = size / strength
    found = walked(market, price, sold)
    assert market.proceeds(price, sold, fill="walk") == pytest.approx(found, rel=1e-4, abs=1e-9)


@every_form
@given(strength=strengths, price=prices, one=sizes, other=sizes)
def test_price_falls_with_the_quantity_and_rises_with_the_shocked_price(form, strength, price, one, other):
    market = FORMS[form](strength)
    low, high = sorted((one / strength, other / strength))
    assert 0 <= market.price(price, high) <= market.price(price, low) <= price
    assert market.price(price, low) <= market.price(price * 1.1, low)


@every_form
@given(strength=strengths, price=prices, size=st.floats(-0.4, 1.0))
def test_shock_for_is_the_inverse_of_price(form, strength, price, size):
    market = FORMS[form](strength)
    shocked = market.shock_for(price, size / strength)
    if np.isnan(shocked):
        assert market.price(0.0, size / strength) > price
        return
    assert market.price(shocked, size / strength) == pytest.approx(price, rel=1e-9)
    if size >= 0:
        assert market.price(shocked * (1 - 1e-6), size / strength) < price


@every_form
@given(strength=strengths, price=prices, size=sizes)
def test_proceeds_at_the_end_price_never_exceed_the_walk(form, strength, price, size):
    market, sold = FORMS[form](strength), round(size, 6) / strength
    end, walk = (market.proceeds(price, sold, fill=fill) for fill in ("end", "walk"))
    assert end <= walk * (1 + 1e-12) <= price * sold * (1 + 1e-11)
    assert end == pytest.approx(sold * market.price(price, sold))
    assert market.slippage(price, sold) == pytest.approx(1 - market.price(price, sold) / price)
    if sold:
        assert market.average_price(price, sold, fill="walk") == pytest.approx(walk / sold, rel=1e-9)


@every_form
@every_fill
@pytest.mark.parametrize("strength", [0.003, 0.2])
def test_maximum_is_the_best_of_a_grid(form, fill, strength):
    market = FORMS[form](strength)
    most, best = market.maximum_proceeds(80.0, fill=fill), market.quantity_at_maximum(80.0, fill=fill)
    grid = np.geomspace(1e-4, 1e6 if np.isinf(best) else 1e2, 20_001) / strength
    cash = market.proceeds(80.0, grid, fill=fill)
    assert cash.max() <= most * (1 + 1e-12)
    assert cash.max() == pytest.approx(most, rel=1e-5)
    if np.isfinite(best):
        assert market.proceeds(80.0, best, fill=fill) == pytest.approx(most, rel=1e-12)


@pytest.mark.unmeasured
@every_form
@every_fill
@given(strength=strengths, price=prices, share=st.floats(0.0, 0.999))
def test_quantity_to_raise_raises_it_and_less_does_not(form, fill, strength, price, share):
    market = FORMS[form](strength)
    cash = share * market.maximum_proceeds(price, fill=fill)
    sold = market.quantity_to_raise(price, cash, fill=fill)
    assert market.proceeds(price, sold, fill=fill) == pytest.approx(cash, rel=1e-7, abs=1e-9)
    assert sold <= market.quantity_at_maximum(price, fill=fill)


@every_form
@every_fill
def test_quantity_to_raise_at_and_beyond_the_bound(form, fill):
    market = FORMS[form](0.01)
    most, best = market.maximum_proceeds(100.0, fill=fill), market.quantity_at_maximum(100.0, fill=fill)
    at_bound = market.quantity_to_raise(100.0, most, fill=fill)
    if np.isinf(best):
        assert np.isnan(at_bound)
    else:
        assert at_bound == pytest.approx(best, rel=1e-7)
    assert np.isnan(market.quantity_to_raise(100.0, most * 1.001, fill=fill))
    assert market.quantity_to_raise(100.0, 0.0, fill=fill) == 0.0


@pytest.mark.unmeasured
@every_form
@every_fill
@given(strength=strengths, price=prices, rate=st.floats(0.0005, 0.95))
def test_self_funding_position_costs_exactly_its_maintenance(form, fill, strength, price, rate):
    market = FORMS[form](strength)
    largest = market.self_funding_quantity(price, rate, fill=fill)
    assert market.slippage(price, largest, fill=fill) == pytest.approx(rate, rel=1e-6)
    assert market.slippage(price, largest * 1.01, fill=fill) > rate
    assert market.self_funding_quantity(price, 0.0, fill=fill) == pytest.approx(0.0, abs=1e-6 / strength)


@pytest.mark.parametrize("market", [Linear(0.0), Exponential(0.0), SquareRoot(0.0)])
@every_fill
def test_without_impact_everything_can_be_raised(market, fill):
    assert market.price(50.0, 1e9) == market.average_price(50.0, 1e9, fill=fill) == 50.0
    assert market.maximum_proceeds(50.0, fill=fill) == market.quantity_at_maximum(50.0, fill=fill) == np.inf
    assert market.quantity_to_raise(50.0, 1000.0, fill=fill) == 20.0
    assert market.self_funding_quantity(50.0, [0.0, 0.1, 0.9], fill=fill).tolist() == [np.inf] * 3


@every_form
def test_a_worthless_asset_raises_nothing(form):
    market = FORMS[form](0.1)
    for sold in (0.0, 3.0):
        assert market.price(0.0, sold) == market.proceeds(0.0, sold) == 0.0
        assert market.proceeds(0.0, sold, fill="walk") == 0.0
    assert market.price(50.0, 0.0) == market.average_price(50.0, 0.0, fill="walk") == 50.0


@every_form
def test_scalars_give_floats_and_arrays_broadcast(form):
    market = FORMS[form](0.1)
    for value in (
        market.price(100, 1), market.shock_for(100, 1), market.proceeds(100, 1), market.average_price(100, 1),
        market.slippage(100, 1), market.maximum_proceeds(100), market.quantity_at_maximum(100),
        market.quantity_to_raise(100, 1), market.self_funding_quantity(100, 0.1),
    ):  # fmt: skip
        assert type(value) is float
    assert type(market.stops_at_zero(100, 1)) is bool
    assert market.price([[100.0], [90.0]], [1.0, 2.0, 3.0]).shape == (2, 3)
    assert market.stops_at_zero(100.0, [1.0, 2.0]).shape == (2,)
    assert market.quantity_to_raise([[100.0], [90.0]], [1.0, 2.0, 3.0]).shape == (2, 3)
    assert market.self_funding_quantity([[100.0], [90.0]], [0.01, 0.02, 0.03]).shape == (2, 3)


@pytest.mark.parametrize("kind", [Linear, Exponential, SquareRoot, ConstantProduct])
def test_one_entry_a_market(kind):
    pair = kind([0.5, 0.2])
    for column, parameter in enumerate((0.5, 0.2)):
        alone = kind(parameter)
        for method in ("price", "shock_for", "proceeds", "average_price", "slippage"):
            assert getattr(pair, method)([75.0, 50.0], [1.0, 2.0])[column] == pytest.approx(
                getattr(alone, method)([75.0, 50.0][column], [1.0, 2.0][column])
            )
        for method in ("maximum_proceeds", "quantity_at_maximum"):
            assert getattr(pair, method)([75.0, 50.0])[column] == getattr(alone, method)([75.0, 50.0][column])
    with pytest.raises(ValueError):
        getattr(pair, pair._name)[0] = 1.0


@every_form
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: m.price(np.nan, 1), "shocked_price must be finite, got nan"),
        (lambda m: m.price(-1, 1), "shocked_price must be at least 0, got -1"),
        (lambda m: m.price(100, np.inf), "sold must be finite, got inf"),
        (lambda m: m.shock_for(-1, 1), "price must be at least 0, got -1"),
        (lambda m: m.price([1, 2], [1, 2, 3]), r"do not broadcast: shocked_price \(2,\), sold \(3,\)"),
        (lambda m: m.proceeds(100, 1, fill="mid"), "fill must be 'end' or 'walk', got 'mid'"),
        (lambda m: m.maximum_proceeds(100, fill="mid"), "fill must be 'end' or 'walk', got 'mid'"),
        (lambda m: m.maximum_proceeds(0), "shocked_price must be positive, got 0"),
        (lambda m: m.slippage(0, 1), "shocked_price must be positive, got 0"),
        (lambda m: m.quantity_to_raise(100, -1), "proceeds must be at least 0, got -1"),
        (lambda m: m.self_funding_quantity(100, 1.0), r"maintenance_rate must be in \[0, 1\), got 1"),
    ],
)
def test_bad_input_is_named(form, call, message):
    with pytest.raises(ValueError, match=message):
        call(FORMS[form](0.1))


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (Linear, -0.1, "slope must be at least 0, got -0.1"),
        (Linear, [[1.0, -0.2], [0.0, 1.0]], "slope must be at least 0, got -0.2"),
        (Linear, np.ones((2, 3)), r"a vector or a square matrix, got an array of shape \(2, 3\)"),
        (Linear, np.ones((2, 2, 2)), r"a square matrix, got an array of shape \(2, 2, 2\)"),
        (Exponential, np.nan, "rate must be finite, got nan"),
        (Exponential, -1, "rate must be at least 0, got -1"),
        (SquareRoot, -1, "scale must be at least 0, got -1"),
        (SquareRoot, np.ones((2, 2)), r"scale must be a number, a vector, got an array of shape \(2, 2\)"),
        (ConstantProduct, 0.0, "reserve must be positive, got 0"),
        (ConstantProduct, -5.0, "reserve must be positive, got -5"),
        (ConstantProduct, np.ones((2, 2)), r"reserve must be a number, a vector, got"),
    ],
)
def test_bad_parameters_are_named(kind, value, message):
    with pytest.raises(ValueError, match=message):
        kind(value)
