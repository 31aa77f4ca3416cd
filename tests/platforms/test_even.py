import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.contagion import Solver, feedback_matrix, feedback_of, response, sales_matrix, spectral_radius
from cascadelab.impact import Linear
from cascadelab.platforms.even import ends_of_all, even_book
from cascadelab.platforms.network import impact_matrix
from tests.platforms.networks import random_network


def test_surpluses_lie_evenly_and_a_type_without_density_has_no_account():
    book = even_book([10.0, 20.0], [[1.0, 0.0], [0.0, 2.0], [1.0, -1.0]], [2.0, 0.0, 0.5], [3, 7, 2])
    assert book.surplus([10.0, 20.0]).tolist() == [0.25, 0.75, 1.25, 1.0, 3.0]
    assert np.asarray(book.quantity)[-1].tolist() == [1.0, -1.0]


@given(seed=st.integers(0, 9999))
def test_a_small_fall_sells_what_the_sales_matrix_says(seed):
    rng = np.random.default_rng(seed)
    held, density = rng.uniform(0.1, 2.0, (3, 2)), rng.uniform(500.0, 3000.0, 3)
    fall = rng.uniform(0.05, 0.2, 2)
    book = even_book([50.0, 40.0], held, density, 4000)
    lost = book.surplus([50.0, 40.0] - fall) < 0
    sold = np.asarray(book.quantity)[lost].sum(axis=0)
    assert sold == pytest.approx(sales_matrix(held, held, density) @ fall, abs=held.sum(axis=0).max())


def test_estimate_of_the_feedback_matrix_from_its_accounts():
    held, density = np.array([[0.2, 0.3], [0.1, 0.0]]), np.array([40.0, 90.0])
    book = even_book([50.0, 40.0], held, density, 20_000)
    law = feedback_matrix(held, held, density, [0.1, 0.05])
    assert feedback_of(book, [50.0, 40.0], [0.1, 0.05], 0.5) == pytest.approx(law, rel=0.01)


@pytest.mark.parametrize("c", [0.0, 1.0, 50.0])
def test_shared_accounts_end_where_their_feedback_matrix_says(c):
    """One type on both platforms beside one on each: J has entries off its diagonal."""
    many = 20_000
    held, density = np.array([[1.0, 0.0], [0.0, 1.2], [0.6, 0.8]]) / many, np.array([0.7, 0.5, 0.6]) * many**2
    spread, sold = impact_matrix([2.0, 6.0], c), np.array([0.2, 0.0])
    book = even_book([50.0, 50.0], held, density, many)
    end = Solver(book, [50.0, 50.0]).run(50 - spread @ sold, Linear(spread))
    law = response(feedback_matrix(held, held, density, spread)) @ spread @ sold
    assert 50 - end.price == pytest.approx(law, abs=1e-4)


@given(seed=st.integers(0, 9999))
def test_pooling_the_margin_that_one_had_never_raises_the_ratio(seed):
    """Types with legs on all markets, apart with a margin each or pooled with the sum: Cauchy in the quotient."""
    depth, _, links = random_network(seed)
    rng = np.random.default_rng(seed)
    legs, margins = rng.uniform(0, 2, (4, len(depth))), rng.uniform(0.2, 3.0, (4, len(depth)))
    spread = impact_matrix(depth, links)
    apart = spectral_radius(spread * (legs**2 / margins).sum(axis=0))
    pooled = spectral_radius(feedback_matrix(legs, legs, 1 / margins.sum(axis=1), spread))
    assert pooled <= apart * (1 + 1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_many_matrices_at_once_end_where_the_engine_does(seed):
    depth, density, links = random_network(seed)
    rng, size, lot, start = np.random.default_rng(seed), len(depth), 0.25, np.full(len(depth), 5000.0)
    counts = rng.integers(5, 60, size)
    book = even_book(start, lot * np.eye(size), (density + 0.1) / lot**2, counts.tolist())
    held = np.asarray(book.quantity)
    limits = [5000.0 + np.asarray(book.cash)[one > 0] / lot for one in held.T]
    assert [len(one) for one in limits] == counts.tolist()
    spreads, sold = np.array([impact_matrix(depth, c * links) for c in (0.0, 0.3, 5.0)]), rng.uniform(0, 3, size)
    for spread, falls in zip(spreads, ends_of_all(spreads, limits, lot, sold), strict=True):
        end = Solver(book, start).run(start - spread @ sold, Linear(spread))
        assert end.liquidated.any()
        assert start - falls == pytest.approx(end.price, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: even_book([1.0], [[1.0]], 1.0, 0), "accounts must be a whole number"),
        (lambda: even_book([1.0], [[1.0]], 1.0, 2.5), "accounts must be a whole number"),
        (lambda: even_book([1.0], [[1.0]], 1.0, True), "accounts must be a whole number"),
        (
            lambda: even_book([1.0], [[1.0]], 1.0, [1, 2]),
            "accounts must be one number or one for each of 1 types, got 2",
        ),
        (lambda: even_book([1.0, 2.0], [[1.0]], 1.0, 3), "price must be one for each of 1 markets"),
        (lambda: even_book([-1.0], [[1.0]], 1.0, 3), "price must be at least 0, got -1"),
        (lambda: even_book([1.0], [[1.0]], 0.0, 3), "account_density must be positive for some type"),
        (lambda: even_book([1.0], [[1.0]], -1.0, 3), "account_density must be at least 0, got -1"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
