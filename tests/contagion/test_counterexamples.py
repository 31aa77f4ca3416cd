import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadelab.contagion import Book, Solver
from cascadelab.contagion.counterexamples import LARGEST, ends, hedged_book, wrong_cross_impact
from cascadelab.contagion.solver import is_order_free
from cascadelab.impact import Linear


def test_hedged_book_to_the_digit():
    market = hedged_book()
    assert market.order_ends() == ("X", "X Y")
    assert market.after("X") == pytest.approx([89.0, 96.0])
    assert market.after("Y X") == pytest.approx([89.0, 95.0])
    assert not is_order_free(market.book, market.impact)


def test_wrong_cross_impact_to_the_digit():
    market = wrong_cross_impact()
    assert market.order_ends() == ("X", "Y")
    assert market.order_ends(batches=True) == ("X", "Y", "X Y")
    assert market.after("X") == pytest.approx([95.4, 111.5])
    assert market.after("Y") == pytest.approx([93.5, 109.6])
    assert market.after("X Y") == pytest.approx([94.4, 110.6])
    assert list(market.book.signs) == [1.0, -1.0]  # coherent: only the second condition fails
    assert not is_order_free(market.book, market.impact)
    assert is_order_free(market.book, Linear([1.0, 1.0]))


def test_nobody_is_lost_where_nobody_is_liquidatable():
    market = hedged_book()
    assert ends(market.book, (100.0, 97.0), market.impact) == ((),)
    assert ends(Book([1.0], [[1.0]]), [5.0], Linear([1.0])) == ((),)


def coherent_book(rng):
    signs = np.array([1.0, -1.0, 1.0])
    quantity = signs * rng.integers(0, 4, (6, 3))
    prices = rng.uniform(40, 60, 3)
    cash = -quantity @ prices * rng.uniform(0.85, 1.0, 6) + rng.uniform(0, 6, 6)
    return Book(cash, quantity, 0.95, 1.05), prices


@settings(max_examples=60)
@given(seed=st.integers(0, 10_000))
def test_coherent_books_end_in_one_way_under_every_schedule_and_it_is_the_engines(seed):
    rng = np.random.default_rng(seed)
    book, prices = coherent_book(rng)
    impact = Linear(rng.uniform(0, 2, 3))
    found = ends(book, prices, impact, batches=True)
    assert len(found) == 1
    assert found[0] == tuple(np.flatnonzero(Solver(book, prices).run(prices, impact).liquidated))


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_all_orders_are_tried(seed):
    """Against every permutation: pick the first liquidatable account of the list, again and again."""
    rng = np.random.default_rng(seed)
    quantity = rng.integers(-3, 4, (4, 2)) / 1.0
    prices = np.array([50.0, 30.0])
    book, impact = Book(-quantity @ prices + rng.uniform(-2, 2, 4), quantity), Linear([1.0, 0.7])
    reached = set()
    for order in itertools.permutations(range(4)):
        lost, price = [], prices
        while waiting := [k for k in order if k not in lost and book.surplus(price)[k] < 0]:
            lost.append(waiting[0])
            price = impact.price(prices, quantity[lost].sum(axis=0))
        reached.add(tuple(sorted(lost)))
    assert reached <= set(ends(book, prices, impact))
    assert set(ends(book, prices, impact)) <= set(ends(book, prices, impact, batches=True))


def test_too_many_accounts_are_refused():
    with pytest.raises(ValueError, match=f"at most {LARGEST} accounts"):
        ends(Book(np.zeros(LARGEST + 1), np.ones((LARGEST + 1, 1))), [1.0], Linear([1.0]))
