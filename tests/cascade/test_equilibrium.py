"""Both ends against every set of accounts, and what never makes them better."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadelab.cascade import Ladder, least_severe, worst
from cascadelab.impact import ConstantProduct, Exponential, Linear, SquareRoot

CURVES = [Linear(0.5), Linear(4.0), Exponential(0.02), SquareRoot(2.5), ConstantProduct(40.0)]


@st.composite
def small_books(draw):
    """Up to seven accounts with whole numbers: sums are exact, ties are frequent, some are never liquidated."""
    level = st.sampled_from([np.nan, *range(-1, 31)])
    rows = np.array(draw(st.lists(st.tuples(level, st.integers(0, 6)), max_size=7)), dtype=float).reshape(-1, 2)
    return rows[:, 0], rows[:, 1]


def fixed_prices(thresholds, units, shocked, market):
    """Prices of all sets that are exactly those who must be sold, by trying every set."""
    sets = np.array(list(itertools.product([False, True], repeat=units.size)), dtype=bool)
    prices = market.price(shocked, sets @ units)
    fixed = ((thresholds > prices[:, np.newaxis]) == sets).all(axis=1)
    return list(zip(prices[fixed].tolist(), sets[fixed].sum(axis=1).tolist(), strict=True))


@pytest.mark.unmeasured
@settings(max_examples=250, deadline=None)
@given(small_books(), st.integers(0, 32).map(float), st.sampled_from(CURVES))
def test_ends_are_the_highest_and_the_lowest_of_all_fixed_prices_and_the_first_is_the_ladder(book, shocked, market):
    thresholds, units = book
    ladder = Ladder(thresholds, units)
    fixed, outcome = fixed_prices(thresholds, units, shocked, market), ladder.run(shocked, market)
    best, worse = least_severe(ladder, shocked, market), worst(ladder, shocked, market)
    assert (best.price, best.count) == (max(fixed)[0], min(count for _, count in fixed))
    assert (worse.price, worse.count) == (min(fixed)[0], max(count for _, count in fixed))
    assert (best.price, best.count, best.sold) == (outcome.price, outcome.count, outcome.sold)
    assert (np.diff(best.path) < 0).all()
    assert best.rounds <= len(ladder)
    assert (np.diff(worse.path) > 0).all()
    assert worse.rounds <= len(ladder) + 1


@pytest.mark.unmeasured
@settings(max_examples=200, deadline=None)
@given(small_books(), st.integers(1, 32).map(float), st.integers(0, 6), st.integers(1, 4), st.sampled_from([0.5, 1.0]))
def test_more_of_everything_is_worse_at_both_ends(book, shocked, which, more, slope):
    thresholds, units = book
    for find in (least_severe, worst):
        before = find(Ladder(thresholds, units), shocked, Linear(slope)).price
        assert find(Ladder(thresholds, units), shocked - 1, Linear(slope)).price <= before
        assert find(Ladder(thresholds, units), shocked, Linear(slope + more)).price <= before
        if units.size:
            extra = np.zeros(units.size)
            extra[which % units.size] = more
            assert find(Ladder(thresholds + extra, units), shocked, Linear(slope)).price <= before
            assert find(Ladder(thresholds, units + extra), shocked, Linear(slope)).price <= before


def test_the_five_accounts_of_the_text():
    book, market = Ladder([97.0, 94.0, 93.0, 91.0, 80.0], [2.0, 4.0, 6.0, 8.0, 10.0]), Linear(0.5)
    assert least_severe(book, 94.0, market).path.tolist() == [94.0, 93.0, 91.0, 88.0, 84.0]
    fixed = fixed_prices(book.thresholds, np.asarray(book.quantity), 96.0, market)
    assert sorted(price for price, _ in fixed) == [86, 93, 95]
    assert (least_severe(book, 96.0, market).price, worst(book, 96.0, market).price) == (95.0, 86.0)


def test_a_chain_needs_as_many_rounds_as_accounts():
    assert least_severe(Ladder(90.0 - np.arange(30), np.ones(30)), 89.5, Linear(1.0)).rounds == 30


def test_an_empty_book_stays_at_the_shock_from_both_ends():
    for find in (least_severe, worst):
        found = find(Ladder([], []), 80.0, Linear(0.5))
        assert (found.price, found.count, found.sold) == (80.0, 0, 0.0)
    assert least_severe(Ladder([], []), 80.0, Linear(0.5)).rounds == 0


@pytest.mark.parametrize("find", [least_severe, worst])
@pytest.mark.parametrize(
    ("shocked", "message"),
    [
        (-1.0, "shocked_price must be at least 0, got -1"),
        (float("nan"), "shocked_price must be finite, got nan"),
        ([90.0, 80.0], r"shocked_price must be a single number, got an array of shape \(2,\)"),
    ],
)
def test_bad_shock_is_named(find, shocked, message):
    with pytest.raises(ValueError, match=message):
        find(Ladder([95.0], [1.0]), shocked, Linear(0.5))


@pytest.mark.parametrize("find", [least_severe, worst])
@pytest.mark.parametrize("slope", [[0.5, 0.2], [[0.5]]])
def test_curve_of_several_markets_is_named(find, slope):
    with pytest.raises(ValueError, match="impact must be that of one market"):
        find(Ladder([95.0], [1.0]), 90.0, Linear(slope))
