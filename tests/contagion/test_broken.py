import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadelab.contagion import Book, bounds
from cascadelab.contagion.broken import counterexamples
from cascadelab.contagion.solver import is_order_free
from cascadelab.impact import Linear


def test_hedged_book_to_the_digit():
    market, _ = counterexamples()
    assert market.one_by_one() == market.every_schedule() == ("X", "X Y")
    assert market.after("X") == pytest.approx([89.0, 96.0])
    assert market.after("Y X") == pytest.approx([89.0, 95.0])
    assert not is_order_free(market.book, market.impact)


def test_wrong_cross_impact_to_the_digit():
    _, market = counterexamples()
    assert market.one_by_one() == ("X", "Y")
    assert market.every_schedule() == ("X", "Y", "X Y")
    assert market.after("X") == pytest.approx([95.4, 111.5])
    assert market.after("Y") == pytest.approx([93.5, 109.6])
    assert market.after("X Y") == pytest.approx([94.4, 110.6])
    assert list(market.book.signs) == [1.0, -1.0]  # coherent: only the second condition fails
    assert not is_order_free(market.book, market.impact)
    assert is_order_free(market.book, Linear([1.0, 1.0]))


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), coherent=st.booleans())
def test_every_order_by_hand_ends_inside_the_bounds_and_in_one_way_if_the_theorem_holds(seed, coherent):
    rng = np.random.default_rng(seed)
    signs = np.array([1.0, -1.0]) if coherent else rng.choice([-1.0, 1.0], (4, 2))
    quantity = signs * rng.integers(0, 4, (4, 2))
    prices, impact = np.array([50.0, 30.0]), Linear([1.0, 0.7])
    book = Book(rng.uniform(-2, 2, 4) - quantity @ prices, quantity)
    reached = set()
    for order in itertools.permutations(range(4)):
        lost, price = [], prices
        while waiting := [k for k in order if k not in lost and book.surplus(price)[k] < 0]:
            lost.append(waiting[0])
            price = impact.price(prices, quantity[lost].sum(axis=0))
        reached.add(tuple(sorted(lost)))
    ends = set(bounds(book, prices, impact).ends)
    assert reached <= ends
    assert len(ends) == 1 or not is_order_free(book, impact)
