import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.liquidation import drift_fee, staircase_auction, taken_after, taken_at


def exponential(top_price, elapsed, decay):
    return top_price * np.exp(-decay * elapsed)


def test_staircase_begins_at_the_top_and_never_rises():
    price = staircase_auction(120.0, np.linspace(0.0, 5000.0, 2001), 0.99, 90.0)
    assert price[0] == 120.0
    assert np.all(np.diff(price) <= 0)
    assert np.all(price > 0)


@given(st.floats(0.9, 0.999), st.floats(1.0, 120.0), st.integers(0, 200))
def test_staircase_meets_its_exponential_at_every_step_and_lies_above_between(cut, step, number):
    rate = -np.log(cut) / step
    at = number * step
    assert staircase_auction(5.0, at, cut, step) == pytest.approx(exponential(5.0, at, rate), rel=1e-9)
    between = at + 0.7 * step
    assert staircase_auction(5.0, between, cut, step) > exponential(5.0, between, rate)


def test_a_step_that_floating_point_splits_unevenly_is_a_step():
    assert staircase_auction(1.0, 0.3, 0.5, 0.1) == 0.125


@given(st.floats(1.01, 2.0), st.floats(1e-5, 1e-3), st.floats(-1e-4, 9e-4))
def test_race_ends_where_both_prices_are_equal(shown, buffer, decay, market_decay):
    when, ratio = taken_after(buffer, decay, market_decay), taken_at(buffer, decay, market_decay)
    if market_decay >= decay:
        assert when == np.inf
        assert ratio == 0.0
    elif decay - market_decay > 1e-6:
        assert exponential(buffer, when, decay) == pytest.approx(np.exp(-market_decay * when), rel=1e-9)
        assert ratio == pytest.approx(np.exp(-market_decay * when), rel=1e-9)
        at = {"buffer": buffer, "decay": decay, "market_decay": market_decay}
        assert when == pytest.approx(shown("taken_after", **at), rel=1e-12)
        assert ratio == pytest.approx(shown("taken_at", **at), rel=1e-9)


def test_race_agrees_with_a_simulation_in_small_steps():
    t = np.arange(0.0, 20_000.0, 0.05)
    for buffer, decay, fall in ((1.3, 1.5e-4, 4e-5), (1.1, 8e-5, 0.0), (1.25, 1e-4, -3e-5)):
        first = (exponential(buffer, t, decay) <= np.exp(-fall * t)).argmax()
        assert t[first] == pytest.approx(taken_after(buffer, decay, fall), abs=0.05)
        assert np.exp(-fall * t[first]) == pytest.approx(taken_at(buffer, decay, fall), rel=1e-5)


def test_an_auction_that_begins_below_the_market_is_taken_at_once():
    np.testing.assert_array_equal(taken_after([1.0, 0.9], 1e-4, 2e-4), [0.0, 0.0])
    np.testing.assert_array_equal(taken_at([1.0, 0.9], 1e-4, 2e-4), [1.0, 0.9])


def test_an_equally_fast_market_is_never_caught():
    assert taken_after(1.2, 1e-4, 1e-4) == np.inf
    assert taken_at(1.2, 1e-4, 1e-4) == 0.0


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (staircase_auction, (0.0, 1.0, 0.9, 1.0), "top_price must be positive, got 0"),
        (staircase_auction, (1.0, -1.0, 0.9, 1.0), "elapsed must be at least 0, got -1"),
        (staircase_auction, (1.0, 1.0, 1.1, 1.0), r"cut must be in \(0, 1\], got 1.1"),
        (staircase_auction, (1.0, 1.0, 0.9, 0.0), "step must be positive, got 0"),
        (taken_after, (0.0, 1.0, 0.5), "buffer must be positive, got 0"),
        (taken_at, (1.2, 1.0, np.inf), "market_decay must be finite, got inf"),
    ],
)
def test_bad_input_is_named(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)


def test_drift_fee_waits_then_counts_from_the_start_and_is_capped():
    np.testing.assert_allclose(drift_fee(0.02, [0.0, 1499.0, 1500.0, 1e5], fee_cap=0.05), [0.02, 0.02, 0.0215, 0.05])
    assert drift_fee(0.06, 1e5, fee_cap=0.05) == 0.06


def test_drift_fee_names_what_was_wrong():
    with pytest.raises(ValueError, match="slots must be at least 0, got -1"):
        drift_fee(0.02, -1.0, fee_cap=0.05)
