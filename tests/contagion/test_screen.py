import numpy as np
import pytest

from cascadelab.contagion import Book
from cascadelab.contagion.screen import Screen


@pytest.mark.parametrize("seed", range(10))
def test_screen_agrees_with_the_book_on_accounts_at_zero(seed):
    """Cash that makes the surplus zero to within its rounding: a matrix product alone would get some of these wrong."""
    rng = np.random.default_rng(seed)
    quantity, price = rng.normal(size=(2000, 7)) * 10.0 ** rng.integers(-3, 4, (2000, 1)), rng.random(7) * 100
    cash = -Book(np.zeros(2000), quantity).surplus(price) + rng.choice([0.0, 1e-14, -1e-14], 2000)
    book = Book(cash, quantity)
    screen = Screen(book, price)
    read = []
    assert np.array_equal(screen.below(price, read.append), book.surplus(price) < 0)
    assert read > [2000]
    assert np.array_equal(screen.below(2 * price), book.surplus(2 * price) < 0)
    error = np.abs(book.weights @ price + np.asarray(book.cash) - book.surplus(price))
    assert (error <= screen.within(screen.error, screen.growth(price))).all()


def test_no_surplus_moves_further_than_the_reach():
    rng = np.random.default_rng(4)
    book, price = Book(rng.normal(size=50), rng.normal(size=(50, 3))), np.array([10.0, 0.0, 3.0])
    screen = Screen(book, price)
    assert screen.scale.tolist() == [10.0, 1.0, 3.0]
    for _ in range(50):
        later = np.maximum(price + rng.normal(size=3), 0.0)
        moved = (np.abs(later - price) / screen.scale).max()
        assert (np.abs(book.surplus(later) - book.surplus(price)) <= moved * screen.reach() * (1 + 1e-12) + 1e-12).all()
