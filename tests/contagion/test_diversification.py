import numpy as np
import pytest

from cascadelab.contagion.book import Book
from cascadelab.contagion.diversification import STRENGTH, loss_shares, spread_book


@pytest.mark.parametrize("held", [1, 3, 8])
def test_every_account_holds_so_many_assets_of_equal_value(held):
    book = spread_book(50, 8, held=held, leverage=20.0, rng=np.random.default_rng(2))
    quantity = np.asarray(book.quantity)
    assert ((quantity > 0).sum(axis=1) == held).all()
    assert quantity.sum(axis=1) == pytest.approx(1.0)
    assert book.equity(np.ones(8)) == pytest.approx(1 / 20)


def test_a_tenth_of_what_is_held_takes_a_tenth_off():
    assert np.exp(-STRENGTH * 0.1) == pytest.approx(0.9)


def test_concentrated_accounts_infect_nobody_and_spread_ones_survive_a_small_fall():
    rng = np.random.default_rng(4)
    alone = spread_book(60, 20, held=1, leverage=20.0, rng=rng)
    held = np.asarray(alone.quantity).sum(axis=0)
    assert loss_shares(alone, 0.3) == pytest.approx(held / 60)
    assert loss_shares(spread_book(60, 20, held=10, leverage=20.0, rng=rng), 0.3).max() == 0.0


def test_there_is_a_window_between():
    shares = loss_shares(spread_book(60, 20, held=3, leverage=20.0, rng=np.random.default_rng(4)), 0.3)
    assert (shares > 0.5).mean() > 0.9


def test_an_asset_that_nobody_holds_hits_nobody():
    shares = loss_shares(spread_book(1, 3, held=1, leverage=10.0, rng=np.random.default_rng(1)), 0.5)
    assert sorted(shares) == [0.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: spread_book(0, 3, held=1, leverage=10.0, rng=rng), "accounts must be a whole number"),
        (lambda rng: spread_book(2, 3, held=4, leverage=10.0, rng=rng), "held must be at most"),
        (lambda rng: spread_book(2, 3, held=1, leverage=0.0, rng=rng), "leverage must be positive"),
        (lambda rng: loss_shares(spread_book(2, 3, held=1, leverage=2.0, rng=rng), 1.0), r"fall must be in \[0, 1\)"),
        (lambda rng: loss_shares(Book([-90.0], [[1.0]]), 0.3), "no negative surplus at prices of one, got -89"),
        (lambda rng: loss_shares(Book([2.0], [[-1.0]]), 0.3), "no negative quantity, got -1"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(np.random.default_rng(1))
