import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cascadelab.cascade import Ladder
from cascadelab.criticality import fold
from cascadelab.impact import Linear

BISTABLE = st.tuples(st.floats(1.1, 8.0), st.floats(0.5, 5.0), st.floats(80.0, 200.0), st.floats(0.01, 1.0))


def book_of(kappa_max, width, centre, slope):
    return fold(4 * width * kappa_max / slope, width, centre, slope)


def test_published_numbers():
    book = fold(400.0, 3.0, 85.0, 0.05)
    assert book.crash_shock == pytest.approx(93.148434, abs=5e-7)
    assert book.recovery_shock == pytest.approx(96.851566, abs=5e-7)
    assert book.crash_price == pytest.approx(89.472989, abs=5e-7)
    assert book.kappa_max == pytest.approx(20 / 12)
    assert book.price(book.crash_shock, branch="lower") == pytest.approx(73.58, abs=0.005)
    assert book.bistable is True


@given(BISTABLE)
def test_folds_are_where_the_ratio_is_one_and_the_shock_turns(parameters):
    book = book_of(*parameters)
    for price, shock in ((book.crash_price, book.crash_shock), (book.recovery_price, book.recovery_shock)):
        assert book.kappa(price) == pytest.approx(1.0, rel=1e-6)
        assert book.shock_for(price) == pytest.approx(shock, rel=1e-9)
        step = 1e-3 * parameters[1]
        side = book.shock_for([price - step, price + step]) - shock
        assert side[0] * side[1] > 0
    assert book.crash_price > parameters[2] > book.recovery_price
    assert book.recovery_shock > book.crash_shock


NEAR_ZERO = st.tuples(st.floats(1.1, 8.0), st.floats(0.5, 5.0), st.floats(-5.0, 25.0), st.floats(0.01, 1.0))


@settings(max_examples=120)
@given(BISTABLE | NEAR_ZERO, st.floats(-1.5, 1.5))
def test_price_is_the_highest_or_lowest_rest_found_on_a_grid(parameters, place):
    book = book_of(*parameters)
    middle = (book.crash_shock + book.recovery_shock) / 2
    shocked = middle + place * (book.recovery_shock - book.crash_shock)
    assume(shocked >= 0)
    assume(min(abs(shocked - book.crash_shock), abs(shocked - book.recovery_shock)) >= 1e-3)
    span = float(book.slope) * float(book.total)
    grid = np.linspace(max(shocked - span - 1, 0.0), shocked + 1, 40_001)
    missing = book.shock_for(grid) - shocked
    crossings = grid[:-1][np.sign(missing[:-1]) != np.sign(missing[1:])]
    step = grid[1] - grid[0]
    lowest = 0.0 if missing[0] > 0 else crossings[0]  # the rest lies below zero, where the price stops
    highest = crossings[-1] if crossings.size else 0.0
    assert book.price(shocked) == pytest.approx(highest, abs=1.01 * step)
    assert book.price(shocked, branch="lower") == pytest.approx(lowest, abs=1.01 * step)


def test_a_lower_rest_at_a_negative_price_is_no_rest_at_zero():
    book = fold(400.0, 3.0, 2.0, 0.05)
    assert book.recovery_price < 0
    assert book.recovery_shock > 13.5 > book.shock_for(0.0)
    assert book.price(13.5, branch="lower") == book.price(13.5) == pytest.approx(13.0018, abs=5e-5)
    assert book.price([13.0, 13.5], branch="lower")[0] == 0.0  # here zero is a rest: more is forced than 13
    assert book.shock_for(0.0) > 13.0


def test_price_equals_a_ladder_on_both_sides_of_the_crash():
    book = fold(900.0, 2.5, 70.0, 0.02)
    place = (np.arange(50_000) + 0.5) / 50_000
    ladder = Ladder(70.0 + 2.5 * np.log(place / (1 - place)), np.full(50_000, 900.0 / 50_000))
    shocks = book.crash_shock + np.array([5.0, 0.5, 0.05, -0.05, -5.0])
    np.testing.assert_allclose(ladder.response(shocks, Linear(0.02)).price, book.price(shocks), atol=5e-3)


def test_at_the_crash_shock_the_upper_rest_is_still_there():
    book = fold(400.0, 3.0, 85.0, 0.05)
    assert book.price(book.crash_shock) == book.crash_price
    assert book.price(book.crash_shock - 1e-9) < 74
    assert book.price(book.recovery_shock, branch="lower") == book.recovery_price
    assert book.price(book.recovery_shock + 1e-9, branch="lower") > 96


def test_a_book_below_the_cusp_is_sound_and_has_no_folds():
    book = fold(400.0, 6.0, 85.0, 0.05)
    assert book.bistable is False
    assert np.isnan([book.crash_shock, book.crash_price, book.recovery_shock, book.recovery_price]).all()
    shocks = np.linspace(70, 120, 11)
    np.testing.assert_allclose(book.price(shocks), book.price(shocks, branch="lower"))
    np.testing.assert_allclose(book.shock_for(book.price(shocks)), shocks)


def test_cusp_and_a_sweep_through_it():
    cusp = fold(240.0, 3.0, 85.0, 0.05)
    assert cusp.kappa_max == 1.0
    assert cusp.bistable is False
    sweep = fold([200.0, 240.0, 240.0001, 400.0], 3.0, 85.0, 0.05)
    assert not sweep.bistable.flags.writeable
    assert sweep.bistable.tolist() == [False, False, True, True]
    assert sweep.crash_shock[2] == pytest.approx(85 + 0.05 * 240 / 2, abs=1e-3)
    assert np.isnan(sweep.crash_shock).tolist() == [True, True, False, False]
    prices = sweep.price(92.0)
    assert prices.shape == (4,)
    assert (np.diff(prices) < 0).all()


def test_a_tiny_share_keeps_its_digits():
    book = fold(1e15, 1.0, 100.0, 1.0)
    assert book.supply(book.crash_price) == pytest.approx(1.0, rel=1e-6)
    assert fold(400.0, 3.0, 85.0, 0.05).supply(200.0) * 1e15 == pytest.approx(0.4e18 * np.exp(-115 / 3), rel=1e-9)


@pytest.mark.parametrize("kappa_max", [1.7e13, 1.7e15, 1.7e17])
def test_shares_far_below_rounding_of_one_are_kept(kappa_max):
    book = book_of(kappa_max, 1.0, 1000.0, 1.0)
    assert book.kappa(book.crash_price) == pytest.approx(1.0, rel=1e-9)
    assert book.kappa(book.recovery_price) == pytest.approx(1.0, rel=1e-9)
    stop = book.price(book.crash_shock + 1.0)
    assert book.shock_for(stop) == pytest.approx(book.crash_shock + 1.0, rel=1e-12)


def test_price_stops_at_zero_and_no_impact_changes_nothing():
    assert fold(4000.0, 3.0, 85.0, 0.05).price(90.0) == 0.0
    quiet = fold(400.0, 3.0, 85.0, 0.0)
    assert quiet.price(92.0) == 92.0
    assert quiet.kappa_max == 0.0


def test_amplification_grows_with_the_root_of_the_distance():
    book = fold(400.0, 3.0, 85.0, 0.05)
    near = 1 / (1 - book.kappa(book.price(book.crash_shock + 10.0 ** -np.arange(4, 8))))
    np.testing.assert_allclose(near[1:] / near[:-1], np.sqrt(10), rtol=5e-3)


def test_bad_input_is_named():
    for name in ("total", "width"):
        with pytest.raises(ValueError, match=name):
            fold(**({"total": 1.0, "width": 1.0, "centre": 1.0, "slope": 1.0} | {name: 0.0}))
    with pytest.raises(ValueError, match="slope"):
        fold(1.0, 1.0, 1.0, -1.0)
    with pytest.raises(ValueError, match="centre"):
        fold(1.0, 1.0, np.nan, 1.0)
    with pytest.raises(ValueError, match="branch must be 'upper' or 'lower', got 'middle'"):
        fold(1.0, 1.0, 1.0, 1.0).price(1.0, branch="middle")
    with pytest.raises(ValueError, match="shocked_price"):
        fold(1.0, 1.0, 1.0, 1.0).price(-1.0)
    for method in ("supply", "kappa", "shock_for"):
        with pytest.raises(ValueError, match="price must be at least 0, got -1"):
            getattr(fold(1.0, 1.0, 1.0, 1.0), method)(-1.0)


@pytest.mark.parametrize("method", ["supply", "kappa", "shock_for", "price"])
def test_shapes_that_do_not_fit_a_sweep_are_named(method):
    sweep = fold([200.0, 400.0], 3.0, 85.0, 0.05)
    with pytest.raises(ValueError, match=r"the shapes do not broadcast: \w*price \(3,\), total \(2,\)"):
        getattr(sweep, method)([90.0, 91.0, 92.0])
