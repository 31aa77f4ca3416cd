import pickle

import numpy as np
import pytest

from cascadelab.contagion import Book, Solver
from cascadelab.contagion.book import rows_at
from cascadelab.impact import Linear
from cascadelab.start_here import example

RUNNING = Book(example.CASH, example.QUANTITIES, asset_weight=example.ASSET_WEIGHT)


def test_running_example_has_the_surpluses_of_chapter_0():
    told = example.story(0.0)
    assert RUNNING.surplus(example.PRICES) == pytest.approx(told.surplus[0], rel=1e-12)
    assert RUNNING.equity(example.PRICES) == pytest.approx(told.equity[0], rel=1e-12)


def test_weights_of_what_is_owned_and_owed():
    book = Book([0.0, 0.0], [[2.0, -3.0], [0.0, 1.0]], asset_weight=[0.5, 0.8], liability_weight=1.2)
    assert book.weights == pytest.approx(np.array([[1.0, -3.6], [0.0, 0.8]]))
    assert np.array_equal(book.signs, [1.0, np.nan], equal_nan=True)


@pytest.mark.parametrize("weight", [0.5, [0.5, 0.25], [[0.5], [0.25]], [[0.5, 0.25], [0.125, 1.0]]])
def test_weights_broadcast(weight):
    book = Book([0.0, 0.0], [[2.0, 4.0], [8.0, 16.0]], asset_weight=weight)
    assert np.array_equal(book.weights, np.array([[2.0, 4.0], [8.0, 16.0]]) * np.asarray(weight))


def test_without_weights_no_second_table_is_kept():
    book = Book([1.0], [[1.0, -2.0]])
    assert book.weights is book.quantity
    assert np.array_equal(book.signs, [1.0, -1.0])
    assert Book([1.0], [[0.0]]).signs == [0.0]


def test_arrays_are_copies_that_nobody_can_write_to():
    cash = np.array([1.0])
    book = Book(cash, [[1.0]], asset_weight=[[0.5]])
    cash[0] = 2.0
    assert book.cash == [1.0]
    for array in (book.cash, book.quantity, book.weights, book.signs, book.asset_weight):
        with pytest.raises(ValueError):
            array[...] = 0.0


def test_travels_to_another_process_as_it_is():
    copy = pickle.loads(pickle.dumps(RUNNING))
    assert np.array_equal(copy.weights, RUNNING.weights)
    assert not copy.weights.flags.writeable


@pytest.mark.parametrize("seed", range(3))
def test_surplus_of_a_row_does_not_depend_on_its_company(seed):
    rng = np.random.default_rng(seed)
    cash, weights, price = rng.normal(size=40_000), np.asfortranarray(rng.normal(size=(40_000, 5))), rng.random(5)
    whole = rows_at(cash, weights, price)
    rows = rng.permutation(40_000)[:777]
    assert np.array_equal(whole[rows], rows_at(cash[rows], weights[rows], price))
    one = float(cash[rows[0]])
    for w, p in zip(weights[rows[0]].tolist(), price.tolist(), strict=True):
        one += w * p
    assert one == whole[rows[0]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], np.zeros((0, 2))), "at least one account and one asset"),
        (([1.0], np.zeros((1, 0))), "at least one account and one asset"),
        (([1.0], [[1.0], [2.0]]), "one row for each of 1 accounts, got 2"),
        (([1.0], [1.0]), r"quantity must have 2 dimensions, got shape \(1,\)"),
        (([[1.0]], [[1.0]]), r"cash must have 1 dimension, got shape \(1, 1\)"),
        (([1.0, np.nan], [[1.0], [1.0]]), "cash must be finite, got nan in row 1$"),
        (([1.0, 1.0], [[1.0, 1.0], [1.0, np.inf]]), "quantity must be finite, got inf in row 1, asset 1"),
        (([1.0], [["many"]]), "quantity must be an array of numbers"),
        (([1.0, 1.0], [[1.0], [1.0, 2.0]]), "quantity must be an array of numbers with rows of one length"),
        (([1.0], [[1.0]], 0.0), r"asset_weight must be in \(0, 1\], got 0"),
        (([1.0], [[1.0]], 1.1), r"asset_weight must be in \(0, 1\], got 1.1"),
        (([1.0], [[1.0]], 1.0, 0.9), "liability_weight must be at least 1, got 0.9"),
        (([1.0], [[1.0, 1.0]], [0.9, 0.9, 0.9]), "asset_weight must be a number"),
        (([1.0], [[1.0]], 1.0, [[[1.0]]]), "liability_weight must be a number"),
    ],
)
def test_bad_books_are_refused_by_name(arguments, message):
    with pytest.raises(ValueError, match=message):
        Book(*arguments)


@pytest.mark.parametrize(
    ("price", "message"), [([1.0], "one price for each of 2"), ([1.0, -1.0], "price must be at least 0")]
)
def test_bad_prices_are_refused(price, message):
    with pytest.raises(ValueError, match=message):
        RUNNING.surplus(price)


@pytest.mark.parametrize(
    ("quantity", "message"),
    [
        ([[1.0, -1.7e308], [1.0, -1.7e308]], "quantity must add up to at most 1e.300 an asset, got inf of asset 1"),
        ([[1.0, 1e301]], "quantity must add up"),
        ([[1.0, -1e300]], "quantity times weight must add up to at most 1e.300 an asset, got 1.25e.300 of asset 1"),
    ],
)
def test_totals_that_overflow_are_refused(quantity, message):
    with pytest.raises(ValueError, match=message):
        Book(np.zeros(len(quantity)), quantity, liability_weight=1.25)


def test_largest_totals_are_added_up_exactly():
    book = Book([-1.0, -1.0], [[6e299], [4e299]])
    assert Solver(book, [1.0]).run([0.0], Linear(0.0)).sold == [1e300]
