import numpy as np
import pytest

from cascadelab.contagion import Book, Solver, shortcut, solver
from cascadelab.impact import ConstantProduct, Linear
from tests.contagion.books import random_book, random_impact, random_shock


@pytest.fixture
def tiny(monkeypatch):
    """Thresholds of size at which the short way works on books of a hundred accounts."""
    monkeypatch.setattr(solver, "SMALL", 1)
    for name, value in (("LITTLE", 3), ("SAMPLE", 40), ("BINS", 16)):
        monkeypatch.setattr(shortcut, name, value)


def same(one, other):
    """Whether two outcomes are the same, to the last bit."""
    assert np.array_equal(one.liquidated, other.liquidated)
    assert np.array_equal(one.price, other.price)
    assert np.array_equal(one.sold, other.sold)


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


def large_book(rng, accounts=30_000, assets=3, *, kappa=0.9):
    """Long book in which a uniform fall sells a share of the accounts that grows linearly with it."""
    quantity = rng.exponential(1.0, (accounts, assets))
    price = np.full(assets, 100.0)
    value = 0.9 * quantity @ price
    book = Book(value * (rng.uniform(0.0, 0.5, accounts) - 1), quantity, asset_weight=0.9)
    return book, price, kappa * price * 0.5 / quantity.sum(axis=0)


LARGE, PRICE, SLOPE = large_book(np.random.default_rng(9))
PREPARED = Solver(LARGE, PRICE)
UNIFORM = [1e-4, 1e-3, 0.01, 0.03, 0.05, 0.2, 0.5]


@pytest.mark.parametrize("shock", [(x, x, x) for x in UNIFORM] + [(x, 0.0, 0.0) for x in (0.01, 0.1, 0.5, 1.0)])
@pytest.mark.parametrize(
    "slope", [SLOPE, 1.2 * SLOPE, 0.3 * np.diag(SLOPE) + 0.2 * SLOPE.min()], ids=["own", "more", "matrix"]
)
def test_short_way_through_a_large_book(shock, slope):
    shocked, impact = PRICE * (1 - np.array(shock)), Linear(slope)
    fast, slow = PREPARED.run(shocked, impact), PREPARED.run(shocked, impact, schedule="rounds")
    same(fast, slow)
    assert fast.passes <= 5


def test_short_way_reads_little_of_the_book_after_a_small_shock():
    assert PREPARED.run(PRICE * (1 - 1e-4), Linear(SLOPE)).passes < 0.2


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
def test_short_way_ends_beside_a_pool_that_is_nearly_drained(spare):
    """There a billionth of the quantity moves the price by more than a bin: nothing that is estimated can hold."""
    owed = np.zeros((40_000, 1))
    owed[:12_000] = -1.0
    book = Book(np.where(owed[:, 0] < 0, 105.0, 50.0), owed)
    prepared, pool = Solver(book, [100.0]), ConstantProduct(12_000 * (1 + spare))
    end = prepared.run([110.0], pool)
    assert np.count_nonzero(end.liquidated) == 12_000
    same(end, prepared.run([110.0], pool, schedule="rounds"))
