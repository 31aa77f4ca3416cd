import tracemalloc

import numpy as np
import pytest

from cascadelab.contagion import Book, Solver, memory_needed
from cascadelab.impact import Linear

ACCOUNTS = 150_000


@pytest.mark.unmeasured
@pytest.mark.parametrize("by_account", [False, True])
@pytest.mark.parametrize("assets", [1, 2, 8])
def test_worst_moment_is_within_four_books_and_the_estimate_within_twice_that_moment(assets, by_account):
    rng = np.random.default_rng(12)
    quantity = rng.exponential(1.0, (ACCOUNTS, assets))
    price, value = np.full(assets, 100.0), 90.0 * quantity.sum(axis=1)
    cash = value * (rng.uniform(0.0, 0.5, ACCOUNTS) - 1)
    slope = 0.9 * 50.0 * 100.0 / (100.0 * quantity.sum(axis=0))
    need, worst = memory_needed(ACCOUNTS, np.int64(assets), by_account=by_account), 0
    weights = (0.9, 1.0)
    if by_account:
        weights = (np.full(quantity.shape, 0.9), np.full(quantity.shape, 1.0))
    tracemalloc.start()
    try:
        book = Book(cash, quantity, *weights)
        assert tracemalloc.get_traced_memory()[0] == pytest.approx(need.book, rel=0.02)
        prepared = Solver(book, price)
        for fall in (1e-3, 0.02, 0.05, 0.5):
            for falls in (np.full(assets, fall), fall * (np.arange(assets) == 0)):
                tracemalloc.reset_peak()
                prepared.run(price * (1 - falls), Linear(slope))
                worst = max(worst, tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
    sample = 20_000 * 8 * 4 * (1 + 3 * assets)  # of fixed size: negligible in a book that is large
    assert need.peak / 2 <= worst <= need.peak + sample
    assert worst <= 4 * need.book


@pytest.mark.parametrize(
    ("counts", "message"), [((0, 1), "accounts must be"), ((1, 1.5), "assets must be"), ((True, 1), "got True")]
)
def test_bad_counts_are_refused(counts, message):
    with pytest.raises(ValueError, match=message):
        memory_needed(*counts)
