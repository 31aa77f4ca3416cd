import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadelab.contagion import Book, Solver, bounds, is_order_free
from cascadelab.impact import ConstantProduct, Exponential, Linear, OrderBook, SquareRoot
from cascadelab.start_here import example
from tests.contagion.books import brute_force, random_book, random_impact, random_shock

SEEDS = st.integers(0, 2**32 - 1)
RUNNING = Book(example.CASH, example.QUANTITIES, asset_weight=example.ASSET_WEIGHT)


@pytest.mark.parametrize("fall", [0.0, 0.1, 0.19, 0.25, 0.4, 0.9])
def test_rounds_are_those_of_chapter_0(fall):
    told = example.story(fall)
    end = Solver(RUNNING, example.PRICES).run(
        example.PRICES * [1 - fall, 1.0], Linear(example.IMPACT), schedule="rounds"
    )
    assert tuple(np.array(example.ACCOUNTS)[end.liquidated]) == tuple(sorted(told.liquidated))
    assert end.path == pytest.approx(told.prices[1:], rel=1e-12)
    assert end.bad_debt("step") == pytest.approx(told.bad_debt.sum(), rel=1e-9, abs=1e-9)
    assert end.stopped_at_zero.any() == told.stopped_at_zero


@pytest.mark.unmeasured
@pytest.mark.parametrize("seed", range(20))
def test_any_way_liquidates_whom_brute_force_liquidates(seed):
    rng = np.random.default_rng([1, seed])
    for _ in range(25):
        assets = int(rng.integers(1, 4))
        coherent = rng.random() < 0.7
        signs = rng.choice([-1.0, 1.0], assets)
        book, price = random_book(rng, int(rng.integers(1, 40)), assets, signs=signs if coherent else None)
        impact, shocked = random_impact(rng, book, price, signs), random_shock(rng, price, signs)
        dead, last = brute_force(book, shocked, impact)
        for schedule in ("any", "rounds"):
            end = Solver(book, price).run(shocked, impact, schedule=schedule)
            assert set(np.flatnonzero(end.liquidated).tolist()) == dead
            assert end.price == pytest.approx(last, rel=1e-9, abs=1e-9)


@settings(max_examples=60)
@given(SEEDS)
def test_every_schedule_ends_alike_in_an_order_free_book(seed):
    rng = np.random.default_rng(seed)
    signs = rng.choice([-1.0, 1.0], 2)
    book, price = random_book(rng, 6, 2, signs=signs)
    impact, shocked = random_impact(rng, book, price, signs), random_shock(rng, price, signs)
    assert is_order_free(book, impact)
    everything = bounds(book, shocked, impact)
    assert not everything.order_matters
    for schedule in ("any", "rounds", "sequential", "worst first"):
        end = Solver(book, price).run(shocked, impact, schedule=schedule)
        assert tuple(np.flatnonzero(end.liquidated).tolist()) == everything.ends[0]
        assert tuple(end.price.tolist()) == everything.prices[0]


@settings(max_examples=60)
@given(SEEDS)
def test_every_schedule_ends_within_the_bounds_in_a_hedged_book(seed):
    rng = np.random.default_rng(seed)
    book, price = random_book(rng, 6, 2)
    impact, shocked = random_impact(rng, book, price, np.ones(2)), random_shock(rng, price, np.ones(2))
    ends = bounds(book, shocked, impact).ends
    for schedule in ("any", "rounds", "sequential", "worst first"):
        end = Solver(book, price).run(shocked, impact, schedule=schedule)
        assert tuple(np.flatnonzero(end.liquidated).tolist()) in ends


@settings(max_examples=100)
@given(SEEDS, st.sampled_from(["rounds", "sequential", "worst first"]))
def test_who_dies_is_below_zero_then_and_who_lives_is_not_at_the_end(seed, schedule):
    rng = np.random.default_rng(seed)
    book, price = random_book(rng, 20, 3)
    signs = np.ones(3)
    end = Solver(book, price).run(
        random_shock(rng, price, signs), random_impact(rng, book, price, signs), schedule=schedule
    )
    assert (book.surplus(end.price)[~end.liquidated] >= 0).all()
    for step in range(1, end.rounds + 1):
        now = end.died == step
        assert now.any()
        assert (book.surplus(end.path[step - 1])[now] < 0).all()
    assert np.array_equal(end.liquidated, end.died > 0)
    assert end.sold == pytest.approx(np.asarray(book.quantity)[end.liquidated].sum(axis=0), rel=1e-12, abs=1e-12)


@settings(max_examples=100)
@given(SEEDS)
def test_deeper_shock_never_liquidates_fewer_in_an_order_free_book(seed):
    rng = np.random.default_rng(seed)
    signs = rng.choice([-1.0, 1.0], 3)
    book, price = random_book(rng, 40, 3, signs=signs)
    impact, first, second = random_impact(rng, book, price, signs), *(random_shock(rng, price, signs) for _ in range(2))
    deeper = np.where(signs > 0, np.minimum(first, second), np.maximum(first, second))
    prepared = Solver(book, price)
    for shocked in (first, second):
        assert not (prepared.run(shocked, impact).liquidated & ~prepared.run(deeper, impact).liquidated).any()


@settings(max_examples=100)
@given(SEEDS)
def test_permuting_accounts_or_assets_changes_nothing(seed):
    """Dyadic numbers, so that no sum is rounded and accounts exactly at zero stay there."""
    rng = np.random.default_rng(seed)
    quantity = rng.integers(-3, 4, (15, 3)) / 4.0
    price, slope = rng.integers(8, 80, 3).astype(float), rng.integers(0, 5, (3, 3)) / 4.0
    cash = rng.integers(0, 8, 15) - quantity @ price
    shocked = price - rng.integers(-4, 8, 3)
    plain = Solver(Book(cash, quantity), price).run(shocked, Linear(slope))
    rows, columns = rng.permutation(15), rng.permutation(3)
    mixed = Solver(Book(cash[rows], quantity[rows][:, columns]), price[columns]).run(
        shocked[columns], Linear(slope[np.ix_(columns, columns)])
    )
    assert np.array_equal(mixed.liquidated, plain.liquidated[rows])
    assert np.array_equal(mixed.price, plain.price[columns])
    assert np.array_equal(mixed.sold, plain.sold[columns])


def test_exactly_at_zero_is_safe():
    book = Book([-50.0, -50.0 - 1e-12], [[1.0], [1.0]])
    assert Solver(book, [60.0]).run([50.0], Linear(0.0)).liquidated.tolist() == [False, True]


def test_all_dead_none_dead_and_nothing_held():
    book = Book([-1.0, -1.0, 0.0], [[1.0], [2.0], [0.0]])
    prepared = Solver(book, [2.0])
    assert not prepared.run([2.0], Linear(1.0)).liquidated.any()
    ruin = prepared.run([0.0], Linear(1.0))
    assert ruin.liquidated.tolist() == [True, True, False]
    assert ruin.price == [0.0]
    assert ruin.stopped_at_zero.all()


def test_hypotheses_are_checked_one_by_one():
    long, mixed, short = Book([0.0], [[1.0, 1.0]]), Book([0.0, 0.0], [[1.0], [-1.0]]), Book([0.0], [[1.0, -1.0]])
    cross = Linear([[1.0, 0.5], [0.5, 1.0]])
    assert is_order_free(long, cross)
    assert is_order_free(short, Linear([1.0, 1.0]))
    assert not is_order_free(short, cross)
    assert not is_order_free(mixed, Linear(1.0))
    assert not is_order_free(long, OrderBook([1.0], [1.0]))
    assert all(is_order_free(short, curve) for curve in (Exponential(0.1), SquareRoot(1.0), ConstantProduct(9.0)))
    assert is_order_free(Book([0.0], [[1.0, 0.0]]), cross)


def test_parameter_that_does_not_fit_is_not_order_free():
    two, one = Book([0.0], [[1.0, 1.0]]), Book([0.0], [[1.0]])
    assert not is_order_free(two, Linear(np.ones((3, 3))))
    assert not is_order_free(two, Linear([1.0, 1.0, 1.0]))
    assert not is_order_free(one, Linear(np.ones((2, 2))))
    with pytest.raises(ValueError, match=r"book must be a contagion\.Book"):
        is_order_free([[1.0]], Linear(1.0))


def test_cross_impact_of_the_wrong_sign_lets_the_first_survive_the_other():
    """Section 1.2 of the theory: whoever goes first is the only one."""
    book, shocked = Book([110.0, -95.0], [[0.0, -1.0], [1.0, 0.0]]), [94.5, 110.5]
    impact = Linear([[1.0, 0.9], [0.9, 1.0]])
    assert bounds(book, shocked, impact).ends == ((0,), (1,), (0, 1))
    end = Solver(book, [96.0, 109.0]).run(shocked, impact, schedule="sequential")
    assert end.liquidated.tolist() == [True, False]
    assert not end.order_free


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Solver([[1.0]], [1.0]), "book must be a contagion.Book"),
        (lambda: Solver(RUNNING, [100.0]), "price must be one price for each of 2"),
        (lambda: Solver(RUNNING, [100.0, 50.0]).run([1.0], Linear(1.0)), "shocked_price must be one price"),
        (lambda: Solver(RUNNING, [100.0, 50.0]).run([1.0, 1.0], 5), "impact must be a curve .* got 5"),
        (lambda: Solver(RUNNING, [100.0, 50.0]).run([1.0, np.nan], Linear(1.0)), "shocked_price must be finite"),
        (
            lambda: Solver(RUNNING, [100.0, 50.0]).run([1.0, 1.0], Linear(1.0), schedule="panic"),
            "schedule must be one of",
        ),
        (lambda: Solver(RUNNING, [100.0, 50.0]).run([1.0, 1.0], Linear([1.0, 1.0, 1.0])), "do not broadcast"),
        (lambda: Solver(Book([1.0], [[1.0]]), [1.0]).run([1.0], Linear([1.0, 1.0])), "impact must give 1 prices"),
        (lambda: Solver(Book([1.0], [[-1e3]]), [1.0]).run([1.0], Exponential(1.0)), "impact must give finite prices"),
    ],
)
def test_bad_input_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
