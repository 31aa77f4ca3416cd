import numpy as np
import pytest

from cascadelab.contagion import Book
from cascadelab.contagion.distances import Distances
from cascadelab.contagion.exact import ExactSums
from cascadelab.contagion.sales import Sales
from cascadelab.contagion.screen import Screen
from cascadelab.impact import Linear


@pytest.mark.parametrize("fall", [0.0, 0.05, 0.3, 0.6])
@pytest.mark.parametrize("seed", range(5))
def test_bounds_hold_all_that_rounds_sell(seed, fall):
    rng = np.random.default_rng(seed)
    quantity, price = rng.exponential(1.0, (3_000, 2)), np.array([10.0, 20.0])
    book = Book(quantity @ price * (rng.uniform(0.0, 0.5, 3_000) - 1), quantity)
    impact, sums = Linear(0.3 * price / quantity.sum(axis=0)), ExactSums(np.asarray(book.quantity))
    shocked = price * (1 - fall)
    made, sales = Distances(Screen(book, price), sums, price), Sales(sums, shocked, impact)
    least, most, low = made.climb(sales, lambda units, worse: np.asarray(impact.price(shocked, units * (1 + worse))))
    dead, now = np.zeros(3_000, dtype=bool), shocked
    while ((below := book.surplus(now) < 0) & ~dead).any():
        dead |= below
        now = np.asarray(impact.price(shocked, quantity[dead].sum(axis=0)))
    assert (dead >= made.first(least)).all()
    assert (dead <= made.first(most)).all()
    assert (low <= now * (1 + 1e-8)).all()
    assert made.ladder[-1] == pytest.approx(quantity.sum(axis=0))
