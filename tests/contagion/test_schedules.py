import numpy as np
import pytest

from cascadelab.contagion import Book, Solver, bounds, is_order_free
from cascadelab.impact import Linear
from tests.contagion.books import random_book, random_impact

MIRROR = Book([-1.0, -1.0], [[1.0, -1.0], [-1.0, 1.0]])


def test_mirror_accounts_rescue_each_other_one_by_one_and_not_in_a_round():
    prepared, impact = Solver(MIRROR, [10.0, 10.0]), Linear([1.0, 1.0])
    ends = {
        schedule: prepared.run([10.0, 10.0], impact, schedule=schedule).liquidated.tolist()
        for schedule in ("any", "rounds", "sequential", "worst first")
    }
    assert ends == {
        "any": [True, True], "rounds": [True, True], "sequential": [True, False], "worst first": [True, False],
    }  # fmt: skip
    everything = bounds(MIRROR, [10.0, 10.0], impact)
    assert (everything.fewest, everything.most, everything.order_matters) == (1, 2, True)
    assert everything.prices == ((9.0, 11.0), (11.0, 9.0), (10.0, 10.0))


def test_hedged_order_decides_who_dies():
    """Section 1.2 of the theory: X long A and short B, already below zero; Y long B, with a trigger at 95.5."""
    book = Book([3.0, -95.5], [[1.0, -1.0], [0.0, 1.0]])
    ends = bounds(book, [90.0, 95.0], Linear([1.0, 1.0])).ends
    assert ends == ((0,), (0, 1))


def test_order_does_not_matter_where_every_long_has_a_short_that_is_safe_at_the_shocked_prices():
    """Chapter 9, "Does the order matter?": no account on both sides; the shorts are left out and nothing changes."""
    lost = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        assets = int(rng.integers(1, 4))
        longs, price = random_book(rng, int(rng.integers(2, 5)), assets, signs=1.0)
        impact, shocked = random_impact(rng, longs, price, np.ones(assets)), price * (1 - 0.3 * rng.random(assets))
        short = -rng.dirichlet(np.ones(2), assets).T * longs.weights.sum(axis=0)
        spare = rng.exponential(1.0, 2) * rng.choice([1e-9, 1.0])
        quantity = np.vstack([longs.weights, short])
        both = Book(np.append(longs.cash, spare - 1.25 * short @ shocked), quantity, liability_weight=1.25)
        alone = Book(longs.cash, longs.weights)
        np.testing.assert_array_equal(both.surplus(price)[:-2], alone.surplus(price))
        everything = bounds(both, shocked, impact)
        assert everything.ends == bounds(alone, shocked, impact).ends
        assert not everything.order_matters
        assert is_order_free(alone, impact)
        lost += everything.most
    assert lost > 60


def test_order_matters_again_where_one_of_the_shorts_is_not_safe_at_the_shocked_price():
    """Long at its threshold of 96, short below zero at 95.5: whoever is closed first saves the other."""
    book = Book([-96.0, 94.9], [[1.0], [-1.0]])
    assert bounds(book, [95.5], Linear(1.0)).ends == ((0,), (1,), (0, 1))
    assert bounds(Book([-96.0, 95.5], [[1.0], [-1.0]]), [95.5], Linear(1.0)).ends == ((0,),)


def test_worst_first_takes_the_lowest_surplus_in_proportion_and_the_first_of_equals():
    book = Book([-20.0, -12.0, -12.0, -1.0], [[1.0], [1.0], [1.0], [0.0]])
    end = Solver(book, [30.0]).run([10.0], Linear(0.0), schedule="worst first")
    assert end.died.tolist() == [2, 3, 4, 1]


def test_worst_first_sells_equal_accounts_in_the_order_of_the_book():
    rng = np.random.default_rng(4)
    for assets in range(2, 9):
        weight, price = rng.random(assets) * 10, rng.random(assets) * 100
        number = int(rng.integers(10, 40))
        book = Book(np.full(number, -2 * weight @ price), np.tile(weight, (number, 1)))
        end = Solver(book, price).run(price, Linear(0.0), schedule="worst first")
        assert end.died.tolist() == list(range(1, number + 1))


def test_passes_of_one_at_a_time_are_counted():
    book = Book([-20.0, -12.0, 5.0], [[1.0], [1.0], [1.0]])
    for schedule, passes in (("sequential", 3.0), ("worst first", 3.0 + 2 / 3 + 1 / 3)):
        assert Solver(book, [30.0]).run([10.0], Linear(0.0), schedule=schedule).passes == pytest.approx(passes)


def test_sequential_takes_the_first_row():
    book = Book([-12.0, -20.0, 5.0], [[1.0], [1.0], [1.0]])
    end = Solver(book, [30.0]).run([10.0], Linear(0.0), schedule="sequential")
    assert end.died.tolist() == [1, 2, 0]


def test_nobody_below_zero_is_one_end():
    everything = bounds(MIRROR, [10.0, 12.0 - 1.0], Linear(0.0))
    assert everything.ends == ((0,),)
    assert bounds(Book([1.0], [[1.0]]), [1.0], Linear(0.0)).ends == ((),)


def test_what_is_no_book_or_no_impact_is_refused():
    with pytest.raises(ValueError, match=r"book must be a contagion\.Book"):
        bounds([[1.0]], [1.0], Linear(0.0))
    with pytest.raises(ValueError, match="impact must be a curve of chapter 5 or answer its calls, got 5"):
        bounds(MIRROR, [1.0, 1.0], 5)


def test_large_books_are_refused():
    with pytest.raises(ValueError, match="at most 12 accounts"):
        bounds(Book(np.zeros(13), np.ones((13, 1))), [1.0], Linear(0.0))
