"""Order independence where the theorem holds, on thousands of books; and what `run` refuses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadelab.cascade import Ladder, at_random, in_order, rounds, run, worst_first
from cascadelab.impact import ConstantProduct, Exponential, Linear, SquareRoot, proportional

CURVES = {
    "linear": Linear(0.5),
    "exponential": Exponential(0.015),
    "root": SquareRoot(2.2),
    "pool": ConstantProduct(60.0),
}


@st.composite
def books(draw):
    """Accounts with whole units, so that a sum does not depend on its order; ties, zeros and nan among them."""
    level = st.sampled_from([np.nan, *range(41)])
    rows = np.array(draw(st.lists(st.tuples(level, st.integers(0, 8)), max_size=10)), dtype=float).reshape(-1, 2)
    order = np.random.default_rng(draw(st.integers(0, 2**16))).permutation(len(rows))
    return rows[:, 0], rows[:, 1], order.tolist()


@pytest.mark.unmeasured
@pytest.mark.parametrize("form", CURVES)
@settings(max_examples=200, deadline=None)
@given(books(), st.integers(0, 42).map(float), st.integers(2, 5), st.integers(0, 2**32 - 1))
def test_cascade_does_not_depend_on_order(form, book, shocked, size, seed):
    thresholds, units, order = book
    market = CURVES[form]
    expected = Ladder(thresholds, units).run(shocked, market)
    ways = (rounds, worst_first(), worst_first(size), in_order(order), at_random(np.random.default_rng(seed)))
    for way in ways:
        done = run(thresholds, units, shocked, market.price, way)
        assert done.lost == tuple(np.flatnonzero(expected.liquidated).tolist())
        assert done.price == expected.price


@pytest.mark.unmeasured
@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_decimal_books_agree_with_the_ladder_exactly_on_a_trigger(seed):
    """Where the last digit decides: `run` sums in the order of the ladder."""
    rng, market = np.random.default_rng(seed), Linear(0.3)
    thresholds, units = rng.integers(400, 1000, 8) / 10, rng.integers(1, 60, 8) / 10
    book = Ladder(thresholds, units)
    for shocked in book.triggers(market).tolist():
        expected = book.run(shocked, market)
        for way in (rounds, worst_first(), in_order(rng.permutation(8).tolist()), at_random(rng)):
            done = run(thresholds, units, shocked, market.price, way)
            assert done.lost == tuple(np.flatnonzero(expected.liquidated).tolist())
            assert done.price == expected.price


@pytest.mark.unmeasured
@settings(max_examples=200, deadline=None)
@given(
    books(),
    st.lists(st.integers(0, 42).map(float), min_size=1, max_size=6),
    st.integers(2, 5),
    st.integers(0, 2**32 - 1),
)
def test_a_price_that_goes_on_falling_ends_at_its_last_value(book, path, size, seed):
    """Hypothesis (v): the shocked price may fall while the cascade runs."""
    thresholds, units, order = book
    falling = sorted(path, reverse=True)
    expected = Ladder(thresholds, units).run(falling[-1], Linear(0.5))
    for way in (rounds, worst_first(size), in_order(order), at_random(np.random.default_rng(seed))):
        done = run(thresholds, units, falling, Linear(0.5).price, way)
        assert (done.lost, done.price) == (tuple(np.flatnonzero(expected.liquidated).tolist()), expected.price)


@pytest.mark.unmeasured
@settings(max_examples=200, deadline=None)
@given(books(), st.integers(0, 42).map(float))
def test_rules_that_compose_may_start_again_at_each_fill(book, shocked):
    """The rule of chapter 5: linear impact composes, floor included, as long as nothing is bought."""
    thresholds, units, order = book
    expected = Ladder(thresholds, units).run(shocked, Linear(0.5))
    for way in (rounds, worst_first(), in_order(order)):
        done = run(thresholds, units, shocked, Linear(0.5).price, way, cumulative=False)
        assert (len(done.lost), done.price) == (expected.count, expected.price)


def test_fills_that_start_again_depend_on_the_batch():
    """Hypothesis (i) dropped: the example of the text."""
    book = [96.0, 96.0, 76.5], [4.0, 4.0, 4.0], 95.0

    def rule(price, sold):
        return float(proportional(price, sold, 0.025))

    together, single = (run(*book, rule, way, cumulative=False) for way in (rounds, worst_first()))
    assert (together.lost, single.lost) == ((0, 1, 2), (0, 1))
    assert (together.price, single.price) == (pytest.approx(68.4), pytest.approx(76.95))


@pytest.mark.unmeasured
@settings(max_examples=200, deadline=None)
@given(books(), st.integers(0, 42).map(float))
def test_fractions_commute_so_that_one_by_one_is_free_of_order(book, shocked):
    """Chapter 5: proportional fills commute; the order of single fills does not matter, only their number does."""
    thresholds, _, order = book
    units = np.full(thresholds.size, 3.0)  # one size, so that the products are equal to the last digit

    def rule(price, sold):
        return float(proportional(price, sold, 0.02))

    one, other = (
        run(thresholds, units, shocked, rule, way, cumulative=False) for way in (worst_first(), in_order(order))
    )
    assert one.lost == other.lost


def test_steps_prices_and_units_are_told():
    done = run([97.0, 94.0, 93.0], [2.0, 4.0, 6.0], 94.0, Linear(0.5).price, worst_first())
    assert done.steps == ((0,), (1,), (2,))
    assert done.prices.tolist() == [94.0, 93.0, 91.0, 88.0]
    assert done.sold.tolist() == [0.0, 2.0, 6.0, 12.0]
    with pytest.raises(ValueError, match="read-only"):
        done.prices[0] = 1.0


def test_total_cash_of_a_walk_does_not_depend_on_the_order_and_its_division_does():
    market, book = Linear(0.5), ([97.0, 94.0, 93.0, 91.0, 80.0], [2.0, 4.0, 6.0, 8.0, 10.0])
    cash = {}
    for name, way in (("worst", worst_first()), ("best", in_order([4, 3, 2, 1, 0]))):
        done = run(*book, 91.5, market.price, way)
        steps = np.diff(market.proceeds(91.5, done.sold, fill="walk"))
        cash[name] = {step[0]: income for step, income in zip(done.steps, steps, strict=True)}
    assert sum(cash["worst"].values()) == pytest.approx(sum(cash["best"].values()), rel=1e-12)
    assert sum(cash["best"].values()) == pytest.approx(market.proceeds(91.5, 20.0, fill="walk"), rel=1e-12)
    assert cash["worst"][0] > cash["best"][0]


def test_a_waiting_price_path_is_followed_to_its_end():
    done = run([80.0], [2.0], [100.0, 90.0, 70.0], Linear(0.5).price, rounds)
    assert done.steps == ((0,),)
    assert done.prices.tolist() == [100.0, 90.0, 70.0, 69.0]
    assert done.sold.tolist() == [0.0, 0.0, 0.0, 2.0]


def nobody(waiting, thresholds):
    return waiting[:0]


def somebody_twice(waiting, thresholds):
    return waiting[[0, 0]]


def a_mask(waiting, thresholds):
    return thresholds[waiting] > 96.0


def somebody_safe(waiting, thresholds):
    return np.array([1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: run([97.0, 90.0], [1.0, 1.0], 95.0, Linear(0.1).price, nobody),
            r"schedule must choose among \[0\], each once, got \[\]",
        ),
        (
            lambda: run([97.0, 90.0], [1.0, 1.0], 95.0, Linear(0.1).price, somebody_safe),
            r"among \[0\], each once, got \[1\]",
        ),
        (lambda: run([97.0, 96.0], [1.0, 1.0], 95.0, Linear(0.1).price, a_mask), r"each once, got \[True, False\]"),
        (lambda: run([97.0], [1.0], 95.0, Linear(0.1).price, somebody_twice), r"each once, got \[0, 0\]"),
        (lambda: run([97.0], [1.0], 95.0, Linear(0.1).price, lambda waiting, _: waiting[0]), "each once, got 0"),
        (lambda: run([97.0], [1.0], 95.0, lambda p, u: float("nan"), rounds), "rule must be finite, got nan"),
        (lambda: run([97.0], [1.0], 95.0, lambda p, u: p - 100, rounds), "rule must be at least 0, got -5"),
        (lambda: run([97.0], [1.0], 95.0, Linear([0.1, 0.2]).price, rounds), "rule must return one price"),
        (
            lambda: run([97.0], [1.0], [95.0, 94.0], Linear(0.1).price, rounds, cumulative=False),
            "shocked_price must be",
        ),
        (lambda: run([97.0], [1.0], [], Linear(0.1).price, rounds), r"shocked_price must be .* got shape \(0,\)"),
        (lambda: run([97.0], [1.0], [[95.0]], Linear(0.1).price, rounds), r"got shape \(1, 1\)"),
        (lambda: run([97.0], [1.0], -1.0, Linear(0.1).price, rounds), "shocked_price must be at least 0, got -1"),
        (lambda: run([97.0], [float("nan")], 95.0, Linear(0.1).price, rounds), "quantity must be finite, got nan"),
        (lambda: worst_first(0), "size must be a whole number of at least 1, got 0"),
        (lambda: worst_first(1.5), "size must be a whole number of at least 1, got 1.5"),
        (lambda: worst_first(float("nan")), "size must be a whole number of at least 1, got nan"),
        (lambda: worst_first(True), "size must be a whole number of at least 1, got True"),
        (lambda: at_random(7), "rng must be a numpy Generator, got 7"),
        (lambda: at_random(None), "rng must be a numpy Generator, got None"),
        (lambda: in_order([0, 1, 1]), r"order must name each account once, got \[0, 1, 1\]"),
        (lambda: run([97.0], [1.0], 95.0, Linear(0.1).price, in_order([])), r"order must name every account, .*\[0\]"),
    ],
)
def test_bad_runs_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
