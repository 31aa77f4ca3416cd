import numpy as np
import pytest

from cascadelab.contagion import Book, sales
from cascadelab.contagion.exact import ExactSums
from cascadelab.contagion.sales import Sales, rounds_of_all, rounds_of_some
from cascadelab.contagion.screen import Screen
from cascadelab.impact import Linear
from tests.contagion.books import brute_force, random_book, random_impact, random_shock


def start(book, shocked, impact):
    return Sales(ExactSums(np.asarray(book.quantity)), np.asarray(shocked), impact)


def test_sums_of_what_is_sold_do_not_depend_on_the_batches():
    rng = np.random.default_rng(2)
    quantity = np.asfortranarray(rng.exponential(1.0, (200, 2)))
    book, order = Book(np.zeros(200), quantity), rng.permutation(200)
    single, batches = (start(book, [1e4, 1e4], Linear(1.0)) for _ in range(2))
    for row in order[:190]:
        single.sell(np.array([row]))
    for batch in (order[:5], order[5:60], order[60:190]):
        batches.sell(batch)
    assert np.array_equal(single.sold, batches.sold)
    assert np.array_equal(single.price, batches.price)
    assert single.count == batches.count == 190
    assert batches.died[order[[0, 5, 60, 190]]].tolist() == [1, 2, 3, 0]


@pytest.mark.parametrize("seed", range(10))
def test_rounds_on_shrinking_copies_are_rounds(seed, monkeypatch):
    monkeypatch.setattr(sales, "COMPRESS", 0.05)
    rng = np.random.default_rng(seed)
    signs = np.array([1.0, -1.0])
    book, price = random_book(rng, 60, 2, signs=signs)
    impact, shocked = random_impact(rng, book, price, signs), random_shock(rng, price, signs)
    screen, one, other = Screen(book, price), start(book, shocked, impact), start(book, shocked, impact)
    rounds_of_all(one, screen)
    rounds_of_some(other, screen, np.arange(60))
    assert np.array_equal(one.dead, other.dead)
    assert np.array_equal(one.path, other.path)
    assert set(np.flatnonzero(one.dead).tolist()) == brute_force(book, shocked, impact)[0]
