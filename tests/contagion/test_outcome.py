import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadelab.contagion import Book, Solver
from cascadelab.impact import Linear
from cascadelab.start_here import example
from tests.contagion.books import random_book, random_impact, random_shock


@settings(max_examples=100)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["end", "walk", "step"]))
def test_cash_and_units_are_conserved_and_owners_and_bad_debt_split_what_is_left(seed, fill):
    rng = np.random.default_rng(seed)
    signs = rng.choice([-1.0, 1.0], 3)
    book, price = random_book(rng, 25, 3, signs=signs)
    end = Solver(book, price).run(random_shock(rng, price, signs), random_impact(rng, book, price, signs))
    ledger = end.settle(fill)
    assert ledger.imbalance <= 1e-12
    assert ledger.total_units("buyers") == pytest.approx(end.sold, rel=1e-12, abs=1e-12)
    left = end.left(fill)
    assert (left[~end.liquidated] == 0).all()
    assert ledger.total("trader") == pytest.approx(np.maximum(left, 0.0).sum(), rel=1e-12, abs=1e-9)
    debt = -np.asarray(book.cash)[end.liquidated].sum()
    scale = np.abs(np.asarray(book.cash)).sum() + 1.0
    assert ledger.total("venue") == pytest.approx(debt - end.bad_debt(fill), abs=1e-12 * scale * 10)


def test_walk_pays_the_integral_of_the_impact_curve():
    """Buyers pay ∫ p · dq along the walk in which all assets are sold in step: a sum over 20,000 pieces."""
    rng = np.random.default_rng(5)
    book, price = random_book(rng, 30, 2, signs=np.ones(2))
    total = np.asarray(book.quantity).sum(axis=0)
    impact = Linear(np.array([[0.3, 0.1], [0.2, 0.4]]) * price[:, np.newaxis] / total)
    end = Solver(book, price).run(0.8 * price, impact)
    assert end.liquidated.any()
    middle = (np.arange(20_000) + 0.5) / 20_000
    paid = (impact.price(0.8 * price, middle[:, np.newaxis] * end.sold) @ end.sold).mean()
    assert -end.settle("walk").total("buyers") == pytest.approx(paid, rel=1e-7)


def test_ledger_is_the_one_at_the_end_price():
    book = Book(example.CASH, example.QUANTITIES, asset_weight=0.9)
    end = Solver(book, example.PRICES).run([75.0, 50.0], Linear(example.IMPACT))
    assert end.ledger.total("buyers") == -float(end.sold @ end.price)
    assert end.bad_debt("end") == pytest.approx(1620 - 700 - 800 + 1269 - 1200)
    with pytest.raises(ValueError, match="fill must be one of end, walk, step, got 'mid'"):
        end.settle("mid")


def test_bad_fill_is_refused_where_nothing_was_sold():
    calm = Solver(Book([1.0], [[1.0]]), [1.0]).run([1.0], Linear(0.0))
    assert calm.rounds == 0
    for call in (calm.settle, calm.left, calm.bad_debt):
        with pytest.raises(ValueError, match="fill must be one of end, walk, step, got 'mid'"):
            call("mid")
