"""The ladder against rounds of full rescans, on random books and on the edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadelab.cascade import Ladder
from cascadelab.impact import ConstantProduct, Exponential, Linear, SquareRoot

CURVES = {
    "linear": lambda size: Linear(size),
    "exponential": lambda size: Exponential(size / 50),
    "root": lambda size: SquareRoot(3 * size),
    "pool": lambda size: ConstantProduct(100 / size) if size > 0 else Exponential(0.0),
}


def by_rounds(threshold, quantity, shocked, impact):
    """Brute force: look at all accounts again after every round, until nothing changes."""
    fires = np.zeros(len(threshold), dtype=bool)
    while True:
        price = impact.price(shocked, quantity[fires].sum())
        now = np.nan_to_num(threshold, nan=-1.0) > price
        if (now == fires).all():
            return price, fires
        fires = now


def halves(low, high):
    return st.integers(2 * low, 2 * high).map(lambda n: n / 2)


@st.composite
def whole_books(draw):
    """Books of halves: every sum and every linear price is exact, so that ties are ties."""
    n = draw(st.integers(0, 12))
    threshold = draw(st.lists(st.one_of(halves(-2, 30), st.just(float("nan"))), min_size=n, max_size=n))
    quantity = draw(st.lists(halves(0, 6), min_size=n, max_size=n))
    return np.array(threshold), np.array(quantity)


@settings(max_examples=2000, deadline=None)
@given(whole_books(), halves(0, 32), st.sampled_from([0.0, 0.25, 0.5, 1.0, 4.0]))
def test_cascade_is_that_of_rounds_with_ties_zeros_and_floors(book, shocked, slope):
    threshold, quantity = book
    outcome = Ladder(threshold, quantity).run(shocked, Linear(slope))
    price, fires = by_rounds(threshold, quantity, shocked, Linear(slope))
    assert (outcome.price, outcome.count, outcome.sold) == (price, fires.sum(), quantity[fires].sum())
    assert (outcome.liquidated == fires).all()
    assert outcome.stopped_at_zero == (shocked < slope * outcome.sold)


@pytest.mark.parametrize("form", CURVES)
def test_response_is_that_of_rounds_on_thousands_of_random_books(form):
    rng = np.random.default_rng(7)
    for _ in range(500):
        size = rng.integers(0, 40)
        threshold, quantity = rng.uniform(20.0, 120.0, size), rng.exponential(2.0, size) * (rng.random(size) < 0.9)
        impact = CURVES[form](rng.choice([0.0, 0.2, 0.6, 1.5]))
        shocks = rng.uniform(10.0, 130.0, 6)
        found = Ladder(threshold, quantity).response(shocks, impact)
        for k, shocked in enumerate(shocks):
            price, fires = by_rounds(threshold, quantity, shocked, impact)
            assert found.count[k] == fires.sum()
            assert found.sold[k] == pytest.approx(quantity[fires].sum(), rel=1e-12)
            assert found.price[k] == pytest.approx(price, rel=1e-11)


@pytest.mark.parametrize("form", CURVES)
def test_a_shock_at_a_trigger_to_the_last_digit_is_decided_by_the_price(form):
    """At τ_k the price after k sales equals the next threshold up to rounding, and rounds look at the price."""
    rng = np.random.default_rng(11)
    for _ in range(100):
        threshold, quantity = np.sort(rng.uniform(50.0, 100.0, 12))[::-1], rng.exponential(1.0, 12)
        impact, ladder = CURVES[form](0.4), Ladder(threshold, quantity)
        triggers = ladder.triggers(impact)
        shocks = np.concatenate([triggers, np.nextafter(triggers, 0), np.nextafter(triggers, 200)])
        for shocked, count in zip(shocks, ladder.response(shocks, impact).count, strict=True):
            sold, k = 0.0, 0
            while k < 12 and threshold[k] > impact.price(shocked, sold):
                sold, k = sold + quantity[k], k + 1
            assert count == k


def test_a_chain_that_is_linked_to_the_last_digit_goes_as_a_whole():
    ladder = Ladder(90.0 - np.arange(50), np.ones(50))
    assert ladder.response([90.0, np.nextafter(90.0, 0)], Linear(1.0)).count.tolist() == [0, 50]
    assert ladder.run(89.5, Linear(0.5)).count == 1


@settings(max_examples=200, deadline=None)
@given(whole_books(), st.lists(halves(0, 32), min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_a_deeper_shock_never_saves_and_the_order_of_the_accounts_is_nothing(book, shocks, random):
    threshold, quantity = book
    found = Ladder(threshold, quantity).response(np.sort(shocks), Linear(0.5))
    assert (np.diff(found.price) >= 0).all()
    assert (np.diff(found.sold) <= 0).all()
    order = random.sample(range(len(threshold)), len(threshold))
    mixed = Ladder(threshold[order], quantity[order])
    assert (mixed.response(np.sort(shocks), Linear(0.5)).price == found.price).all()
    assert (
        mixed.run(shocks[0], Linear(0.5)).liquidated
        == Ladder(threshold, quantity).run(shocks[0], Linear(0.5)).liquidated[order]
    ).all()


@settings(max_examples=200, deadline=None)
@given(whole_books(), halves(0, 32), st.integers(0, 11), halves(0, 5))
def test_more_to_sell_or_a_higher_threshold_never_raises_the_price(book, shocked, which, more):
    threshold, quantity = book
    if len(threshold) == 0:
        threshold, quantity = np.array([10.0]), np.array([1.0])
    which %= len(threshold)
    before = Ladder(threshold, quantity).run(shocked, Linear(0.5))
    for change in (threshold, quantity):
        changed = [change.copy() if change is part else part for part in (threshold, quantity)]
        changed[0 if change is threshold else 1][which] += more
        after = Ladder(*changed).run(shocked, Linear(0.5))
        assert after.price <= before.price
        assert (after.liquidated >= before.liquidated).all()
    assert Ladder(threshold, quantity).run(shocked, Linear(0.5 + more)).price <= before.price


def test_blocks_are_the_jumps_of_the_response():
    ladder, impact = Ladder([96.0, 88.5, 90.0, 60.0], [4.0, 4.0, 4.0, 4.0]), Linear(0.7)
    blocks = ladder.blocks(impact)
    assert blocks.trigger == pytest.approx([96.0, 92.8, 68.4])
    assert blocks.count.tolist() == [1, 2, 1]
    assert blocks.quantity.tolist() == [4.0, 8.0, 4.0]
    for k, trigger in enumerate(blocks.trigger):
        above, below = ladder.response([trigger + 1e-6, trigger - 1e-6], impact).count
        assert below - above == blocks.count[k]


@settings(max_examples=200, deadline=None)
@given(whole_books(), st.sampled_from([0.0, 0.5, 2.0]))
def test_blocks_hold_every_account_that_can_be_liquidated_once(book, slope):
    blocks = Ladder(*book).blocks(Linear(slope))
    reachable = np.nan_to_num(book[0], nan=0.0) > 0
    assert blocks.count.sum() == reachable.sum()
    assert blocks.quantity.sum() == book[1][reachable].sum()
    assert (np.diff(blocks.trigger) < 0).all()


@settings(max_examples=200, deadline=None)
@given(whole_books(), halves(0, 32))
def test_supply_counts_the_units_above_a_price(book, price):
    assert Ladder(*book).supply(price) == book[1][np.nan_to_num(book[0], nan=-1.0) > price].sum()


def test_thresholds_are_strict_and_a_zero_or_nan_threshold_never_fires():
    ladder = Ladder([float("nan"), 0.0, -3.0, 50.0], [1.0, 1.0, 1.0, 1.0])
    assert ladder.run(50.0, Linear(0.1)).count == 0
    outcome = ladder.run(0.0, Linear(0.1))
    assert outcome.liquidated.tolist() == [False, False, False, True]
    assert outcome.stopped_at_zero
    assert outcome.price == 0.0


def test_an_empty_book_and_a_book_that_is_whole_after_every_shock():
    empty = Ladder([], [])
    assert len(empty) == 0
    assert empty.run(80.0, Linear(1.0)).price == 80.0
    assert empty.blocks(Linear(1.0)).count.size == 0
    assert empty.supply(1.0) == 0.0
    assert len(Ladder([float("nan")], [2.0])) == 1


def test_scalars_and_grids_of_shocks_keep_their_shape():
    ladder = Ladder([96.0, 60.0], [4.0, 4.0])
    assert ladder.response(95.0, Linear(0.5)).count.shape == ()
    grid = ladder.response([[97.0, 95.0], [61.0, 10.0]], Linear(0.5))
    assert grid.count.tolist() == [[0, 1], [2, 2]]
    assert grid.price.tolist() == [[97.0, 93.0], [57.0, 6.0]]
    assert not grid.stopped_at_zero.any()


def test_what_a_ladder_holds_can_not_be_changed():
    threshold = np.array([96.0, 60.0])
    ladder = Ladder(threshold, [4.0, 4.0])
    threshold[0] = 1.0
    assert ladder.run(95.0, Linear(0.5)).count == 1
    for held in (ladder.liquidation_price, ladder.quantity, ladder.thresholds, ladder.cumulative):
        with pytest.raises(ValueError, match="read-only"):
            held[0] = 0.0


@pytest.mark.parametrize(
    ("threshold", "quantity", "message"),
    [
        ([1.0], [float("nan")], "quantity must be finite, got nan"),
        ([1.0], [-2.0], "quantity must be at least 0, got -2"),
        ([float("inf")], [1.0], "liquidation_price must be finite, got inf"),
        ([float("nan"), float("inf")], [1.0, 1.0], "liquidation_price must be finite, got inf"),
        (["high"], [1.0], "liquidation_price must be a number"),
        ([[1.0, 2.0], [3.0]], [1.0, 2.0], "liquidation_price must be a number"),
        ([1.0, 2.0], [1.0], r"lists of one length, got arrays of shape \(2,\) and \(1,\)"),
        (1.0, 1.0, r"lists of one length, got arrays of shape \(\) and \(\)"),
    ],
)
def test_bad_accounts_are_named(threshold, quantity, message):
    with pytest.raises(ValueError, match=message):
        Ladder(threshold, quantity)


def test_bad_shocks_and_impacts_are_named():
    ladder = Ladder([96.0, 60.0], [4.0, 4.0])
    with pytest.raises(ValueError, match="shocked_prices must be at least 0, got -1"):
        ladder.response([95.0, -1.0], Linear(0.5))
    with pytest.raises(ValueError, match="shocked_prices must be finite, got nan"):
        ladder.run(float("nan"), Linear(0.5))
    with pytest.raises(ValueError, match=r"shocked_price must be one number, got an array of shape \(2,\)"):
        ladder.run([95.0, 94.0], Linear(0.5))
    with pytest.raises(ValueError, match="impact must be that of one market"):
        ladder.run(95.0, Linear([0.5, 0.2]))
    with pytest.raises(ValueError, match="price must be at least 0, got -1"):
        ladder.supply(-1.0)
