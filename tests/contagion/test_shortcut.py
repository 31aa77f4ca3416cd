from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from cascadelab.contagion import Book, Solver, shortcut, solver
from cascadelab.contagion.shortcut import Shortcut
from cascadelab.impact import ConstantProduct, Linear
from tests.contagion.books import random_book, random_impact, random_shock


@pytest.fixture
def tiny(monkeypatch):
    """Thresholds of size at which the short way works on books of a hundred accounts."""
    monkeypatch.setattr(solver, "SMALL", 1)
    for name, value in (("LITTLE", 3), ("SAMPLE", 40), ("BINS", 16), ("SAFE", 17), ("UNSURE", 18), ("GONE", 19)):
        monkeypatch.setattr(shortcut, name, value)


def same(one, other):
    """Whether two outcomes are the same, to the last bit."""
    assert np.array_equal(one.liquidated, other.liquidated)
    assert np.array_equal(one.price, other.price)
    assert np.array_equal(one.sold, other.sold)


@pytest.mark.unmeasured
@pytest.mark.parametrize("near", [3, 32])
@pytest.mark.parametrize("brief", [0, 4])
@pytest.mark.parametrize("seed", range(5))
def test_short_way_ends_where_rounds_end_to_the_last_bit(tiny, monkeypatch, seed, brief, near):
    monkeypatch.setattr(shortcut, "BRIEF", brief)
    monkeypatch.setattr(shortcut, "NEAR", near)
    rng = np.random.default_rng([9, seed, brief, near])
    for _ in range(60):
        assets = int(rng.integers(1, 5))
        signs = rng.choice([-1.0, 1.0], assets)
        book, price = random_book(rng, int(rng.integers(1, 150)), assets, signs=signs)
        impact, shocked = random_impact(rng, book, price, signs), random_shock(rng, price, signs)
        prepared = Solver(book, price)
        fast, slow = prepared.run(shocked, impact), prepared.run(shocked, impact, schedule="rounds")
        assert fast.order_free
        same(fast, slow)


@pytest.mark.parametrize("seed", range(3))
def test_short_way_without_a_second_guess_ends_there_too(tiny, monkeypatch, seed):
    """A sample that says too little, once: after that, the prices if all are sold."""
    monkeypatch.setattr(shortcut, "SURE", (1.0,))
    monkeypatch.setattr(shortcut, "BRIEF", 0)
    monkeypatch.setattr(shortcut, "NEAR", 32)
    monkeypatch.setattr(shortcut, "SAMPLE", 4)
    rng = np.random.default_rng([10, seed])
    for _ in range(40):
        book, price = random_book(rng, 150, 2, signs=np.ones(2))
        impact, shocked = random_impact(rng, book, price, np.ones(2)), random_shock(rng, price, np.ones(2))
        prepared = Solver(book, price)
        same(prepared.run(shocked, impact), prepared.run(shocked, impact, schedule="rounds"))


def large_book(rng, accounts=100_000, assets=3, *, kappa=0.9):
    """Long book in which a uniform fall sells a share of the accounts that grows linearly with it."""
    quantity = rng.exponential(1.0, (accounts, assets))
    price = np.full(assets, 100.0)
    value = 0.9 * quantity @ price
    book = Book(value * (rng.uniform(0.0, 0.5, accounts) - 1), quantity, asset_weight=0.9)
    return book, price, kappa * price * 0.5 / quantity.sum(axis=0)


LARGE, PRICE, SLOPE = large_book(np.random.default_rng(9))
PREPARED = Solver(LARGE, PRICE)
UNIFORM = [1e-4, 1e-3, 0.01, 0.03, 0.05, 0.2, 0.5]


@pytest.fixture
def sample_for_nothing(monkeypatch):
    """Passes over the book alone: the sample is of fixed size, and a fifth of this book."""
    guess = Shortcut._guess

    def uncounted(self, sales, *rest):
        before = sales.passes
        result = guess(self, sales, *rest)
        assert sales.passes > before
        sales.passes = before
        return result

    monkeypatch.setattr(Shortcut, "_guess", uncounted)


@pytest.mark.parametrize("shock", [(x, x, x) for x in UNIFORM] + [(x, 0.0, 0.0) for x in (0.01, 0.1, 0.5, 1.0)])
@pytest.mark.parametrize(
    "slope", [SLOPE, 1.2 * SLOPE, 0.3 * np.diag(SLOPE) + 0.2 * SLOPE.min()], ids=["own", "more", "matrix"]
)
def test_short_way_through_a_large_book(shock, slope, sample_for_nothing):
    shocked, impact = PRICE * (1 - np.array(shock)), Linear(slope)
    fast, slow = PREPARED.run(shocked, impact), PREPARED.run(shocked, impact, schedule="rounds")
    same(fast, slow)
    assert fast.passes <= 5


def test_short_way_reads_little_of_the_book_after_a_small_shock():
    assert PREPARED.run(PRICE * (1 - 1e-4), Linear(SLOPE)).passes < 0.2


@pytest.mark.parametrize("fall", [0.02, 0.03, 0.4])
def test_uniform_fall_is_followed_in_the_order_of_distances(fall):
    """All prices fall alike: the ladder of distances decides nearly all accounts, and they are not read."""
    assert PREPARED.run(PRICE * (1 - fall), Linear(SLOPE)).passes < 1


def test_book_in_which_nothing_is_held():
    book = Book(np.where(np.arange(solver.SMALL) % 2, 1.0, -1.0), np.zeros((solver.SMALL, 1)))
    end = Solver(book, [1.0]).run([0.5], Linear(1.0))
    assert np.array_equal(end.liquidated, np.asarray(book.cash) < 0)


@pytest.mark.parametrize("scale", [1e-200, 1e-30, 1.0, 1e30, 1e200])
def test_units_of_a_book_are_free(tiny, scale):
    """Bounds are kept in four bytes, whose range is smaller; cash far beyond what is held too."""
    rng = np.random.default_rng(17)
    for _ in range(20):
        book, price = random_book(rng, 120, 2, signs=np.array([1.0, -1.0]))
        cash = np.asarray(book.cash) * scale
        cash[:5] = [1e50 * scale, -1e50 * scale, 0.0, 1e-50 * scale, -1e-50 * scale]
        scaled = Book(cash, np.asarray(book.quantity) * scale, book.asset_weight, book.liability_weight)
        total = scale * (1 + np.abs(np.asarray(book.quantity)).sum(axis=0))
        prepared, shocked = Solver(scaled, price), price * [0.9, 1.1]
        for strength in (0.1, 1.0):
            impact = Linear(strength * price / total)
            same(prepared.run(shocked, impact), prepared.run(shocked, impact, schedule="rounds"))


def test_prices_that_move_for_the_holders_or_that_nobody_holds_cost_nothing():
    quantity, price = np.asarray(LARGE.quantity).copy(), PRICE.copy()
    quantity[:, 2] = 0.0
    value = 0.9 * quantity @ price
    prepared = Solver(Book(-0.9 * value, quantity, asset_weight=0.9), price)
    for shocked in ([110.0, 120.0, 100.0], [100.0, 100.0, 50.0]):
        end = prepared.run(shocked, Linear(SLOPE))
        assert (end.passes, end.rounds) == (0.0, 0)


def test_passes_are_those_of_one_cascade_when_several_run_at_once():
    shocks, impact = [PRICE * (1 - x) for x in (0.001, 0.01, 0.02, 0.03)] * 2, Linear(SLOPE)
    alone = [PREPARED.run(shocked, impact).passes for shocked in shocks]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda shocked: PREPARED.run(shocked, impact).passes, shocks)) == alone


def test_sample_is_a_small_part_of_the_smallest_book():
    rng = np.random.default_rng(2)
    for accounts in (solver.SMALL, 6 * shortcut.SAMPLE - 1):
        book = Book(np.ones(accounts), rng.random((accounts, 1)))
        assert accounts // 10 < Solver(book, [1.0])._shortcut.chosen.size <= shortcut.SAMPLE


def test_small_books_take_rounds(monkeypatch):
    shocked, impact = PRICE * 0.999, Linear(SLOPE)
    assert PREPARED.run(shocked, impact).passes < PREPARED.run(shocked, impact, schedule="rounds").passes
    monkeypatch.setattr(solver, "SMALL", len(LARGE) + 1)
    assert PREPARED.run(shocked, impact).passes == PREPARED.run(shocked, impact, schedule="rounds").passes


def test_short_way_is_not_taken_where_all_could_not_be_sold():
    rng = np.random.default_rng(3)
    owed = -rng.exponential(1.0, (solver.SMALL, 1))
    book = Book(-(1.05 + rng.uniform(0.0, 10.0, solver.SMALL)) * 100.0 * owed[:, 0], owed, liability_weight=1.05)
    pool = ConstantProduct(-0.98 * owed.sum())
    end = Solver(book, [100.0]).run([110.0], pool)
    assert end.order_free
    assert 0 < np.count_nonzero(end.liquidated) < len(book)
    same(end, Solver(book, [100.0]).run([110.0], pool, schedule="rounds"))


def test_sample_that_misleads_costs_passes_and_nothing_else(monkeypatch):
    monkeypatch.setattr(shortcut, "SURE", (-0.9, -0.8))
    misled = Solver(LARGE, PRICE)
    for x in (0.02, 0.05):
        shocked = PRICE * (1 - x)
        same(misled.run(shocked, Linear(SLOPE)), PREPARED.run(shocked, Linear(SLOPE), schedule="rounds"))


@pytest.mark.parametrize("spare", [1e-10, 1e-9, 3e-9, 1e-6, 1e-5, 1e-4, 1e-3, 2e-3])
def test_short_way_ends_beside_a_pool_that_is_nearly_drained(monkeypatch, spare):
    """There a billionth of the quantity moves the price by more than a bin: nothing that is estimated can hold."""
    monkeypatch.setattr(solver, "SMALL", 1)
    owed = np.zeros((40_000, 1))
    owed[:12_000] = -1.0
    book = Book(np.where(owed[:, 0] < 0, 105.0, 50.0), owed)
    prepared, pool = Solver(book, [100.0]), ConstantProduct(12_000 * (1 + spare))
    end = prepared.run([110.0], pool)
    assert np.count_nonzero(end.liquidated) == 12_000
    same(end, prepared.run([110.0], pool, schedule="rounds"))
