import numpy as np
import pytest

from cascadelab.contagion import Book, Solver, bounds
from cascadelab.impact import Linear

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
