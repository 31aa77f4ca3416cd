"""The ladder against rounds of full rescans, on random books and on the edges."""

import numpy as np
import pytest

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


def halves(rng, low, high, size=None):
    return rng.integers(2 * low, 2 * high + 1, size) / 2


def whole_books(count, seed):
    """Books of halves: every sum and every linear price is exact, so that ties are ties; some never liquidated."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        size = rng.integers(0, 13)
        low, high = (-2, 30) if rng.random() < 0.5 else (18, 22)  # a narrow book has many ties
        threshold = np.where(rng.random(size) < 0.1, np.nan, halves(rng, low, high, size))
        yield rng, threshold, halves(rng, 0, 6, size), halves(rng, 0, 32)


@pytest.mark.unmeasured
@pytest.mark.parametrize("slope", [0.0, 0.25, 0.5, 1.0, 4.0])
def test_cascade_is_that_of_rounds_with_ties_zeros_and_floors(slope):
    at_equality = stopped = 0
    for _, threshold, quantity, shocked in whole_books(800, 3):
        outcome = Ladder(threshold, quantity).run(shocked, Linear(slope))
        price, fires = by_rounds(threshold, quantity, shocked, Linear(slope))
        assert (outcome.price, outcome.count, outcome.sold) == (price, fires.sum(), quantity[fires].sum())
        assert (outcome.liquidated == fires).all()
        assert outcome.stopped_at_zero == (shocked < slope * outcome.sold)
        at_equality, stopped = at_equality + (price in threshold), stopped + outcome.stopped_at_zero
    assert at_equality > 20
    assert (stopped > 20) == (slope > 0)


@pytest.mark.unmeasured
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


@pytest.mark.unmeasured
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


def test_a_deeper_shock_never_saves_and_the_order_of_the_accounts_is_nothing():
    for rng, threshold, quantity, _ in whole_books(200, 4):
        ladder, shocks, order = Ladder(threshold, quantity), np.arange(0, 32.5, 0.5), rng.permutation(len(threshold))
        found = ladder.response(shocks, Linear(0.5))
        assert (np.diff(found.price) >= 0).all()
        assert (np.diff(found.sold) <= 0).all()
        mixed = Ladder(threshold[order], quantity[order])
        assert (mixed.response(shocks, Linear(0.5)).price == found.price).all()
        liquidated = ladder.run(shocks[40], Linear(0.5)).liquidated
        assert (mixed.run(shocks[40], Linear(0.5)).liquidated == liquidated[order]).all()


def test_more_to_sell_or_a_higher_threshold_never_raises_the_price():
    for rng, threshold, quantity, shocked in whole_books(300, 5):
        before, more = Ladder(threshold, quantity).run(shocked, Linear(0.5)), halves(rng, 0, 5)
        extra = np.zeros(len(threshold))
        extra[: rng.integers(0, 2)] = more
        for changed in ((threshold + extra, quantity), (threshold, quantity + extra)):
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


def test_a_trigger_that_differs_in_its_last_digit_splits_no_block():
    """Thresholds with one decimal and whole units against the same book in tenths, where every sum is exact."""
    ladder = Ladder([99.2, 98.5, 97.4, 97.3, 95.6, 90.7], [1.0, 8.0, 1.0, 7.0, 7.0, 6.0])
    assert len(set(np.minimum.accumulate(ladder.triggers(Linear(0.1))))) == 6
    assert ladder.blocks(Linear(0.1)).count.tolist() == [1, 1, 2, 1, 1]
    rng, split = np.random.default_rng(13), 0
    for _ in range(700):
        tenths, units = rng.integers(800, 1000, 6).astype(float), rng.integers(0, 9, 6).astype(float)
        exact, found = Ladder(tenths, units).blocks(Linear(1.0)), Ladder(tenths / 10, units).blocks(Linear(0.1))
        assert found.count.tolist() == exact.count.tolist()
        assert found.quantity.tolist() == exact.quantity.tolist()
        lowest = np.minimum.accumulate(Ladder(tenths / 10, units).triggers(Linear(0.1)))
        split += len(set(lowest)) > len(exact.count)
    assert split > 5  # rounding would have split these


@pytest.mark.parametrize("slope", [0.0, 0.5, 2.0])
def test_blocks_hold_every_account_that_can_be_liquidated_once(slope):
    for _, threshold, quantity, _ in whole_books(200, 6):
        blocks = Ladder(threshold, quantity).blocks(Linear(slope))
        reachable = np.nan_to_num(threshold, nan=0.0) > 0
        assert blocks.count.sum() == reachable.sum()
        assert blocks.quantity.sum() == quantity[reachable].sum()
        assert (np.diff(blocks.trigger) < 0).all()


def test_a_trigger_beyond_all_numbers_is_infinite_and_warns_of_nothing():
    ladder = Ladder([90.0, 80.0, 70.0], [1000.0, 1.0, 1.0])
    assert ladder.triggers(Exponential(1.0)).tolist() == [90.0, np.inf, np.inf]
    assert ladder.blocks(Exponential(1.0)).count.tolist() == [3]
    assert [ladder.run(shocked, Exponential(1.0)).count for shocked in (90.0, 89.0)] == [0, 3]


def test_supply_counts_the_units_above_a_price():
    for _, threshold, quantity, price in whole_books(300, 8):
        assert Ladder(threshold, quantity).supply(price) == quantity[np.nan_to_num(threshold, nan=-1.0) > price].sum()


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
    answer, blocks = ladder.response([95.0, 50.0], Linear(0.5)), ladder.blocks(Linear(0.5))
    for held in (
        ladder.liquidation_price, ladder.quantity, ladder.thresholds, ladder.cumulative, *vars(answer).values(),
        *vars(blocks).values(),
    ):  # fmt: skip
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
    with pytest.raises(ValueError, match="shocked_price must be finite, got nan"):
        ladder.run(float("nan"), Linear(0.5))
    with pytest.raises(ValueError, match=r"shocked_price must be a single number, got an array of shape \(2,\)"):
        ladder.run([95.0, 94.0], Linear(0.5))
    with pytest.raises(ValueError, match="impact must be that of one market"):
        ladder.run(95.0, Linear([0.5, 0.2]))
    with pytest.raises(ValueError, match="price must be at least 0, got -1"):
        ladder.supply(-1.0)
