import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.liquidation import auction_reward, bark, take

amounts = st.floats(0.1, 1e4)


@given(amounts, amounts, st.floats(0.0, 0.3), st.just(0.0) | st.floats(1e-3, 2e4), st.floats(0.0, 100.0))
def test_bark_conserves_collateral_and_debt_and_leaves_no_dust(quantity, debt, penalty, room, dust):
    lot = bark(quantity, debt, 4.0, penalty=penalty, room=room, dust=dust, buffer=1.2)
    closed = lot.tab / (1 + penalty)
    assert lot.lot + lot.quantity_left == pytest.approx(quantity, rel=1e-12)
    assert closed + lot.debt_left == pytest.approx(debt, rel=1e-12)
    assert lot.lot * debt == pytest.approx(quantity * closed, rel=1e-9, abs=1e-9)
    assert lot.debt_left == 0 or lot.debt_left >= dust or room == 0  # without room nothing is touched
    assert lot.tab == 0 or lot.debt_left == 0 or closed >= dust
    assert lot.tab <= room * (1 + 1e-12) or lot.debt_left == 0
    assert lot.top_price == pytest.approx(4.8)


def test_without_a_limit_the_whole_vault_goes():
    lot = bark(40.0, 100.0, 4.0, penalty=0.1)
    assert (lot.tab, lot.lot, lot.quantity_left, lot.debt_left) == (pytest.approx(110.0), 40.0, 0.0, 0.0)


def test_without_room_nothing_starts_even_if_the_vault_is_dust():
    lot = bark(40.0, 10.0, 4.0, room=0.0, dust=20.0)
    assert (lot.tab, lot.lot, lot.quantity_left, lot.debt_left) == (0.0, 0.0, 40.0, 10.0)


def test_too_little_room_for_more_than_dust_starts_nothing():
    lot = bark(40.0, 100.0, 4.0, room=10.0, dust=20.0)
    assert (lot.tab, lot.lot, lot.quantity_left, lot.debt_left) == (0.0, 0.0, 40.0, 100.0)


@given(amounts, amounts, st.floats(0.1, 50.0), amounts, st.floats(0.0, 200.0))
def test_take_never_pays_more_than_is_owed_or_takes_more_than_is_there(tab, lot, price, bid, dust):
    got = take(tab, lot, price, bid, dust=dust)
    assert got.paid + got.tab == pytest.approx(tab, rel=1e-12)
    assert got.units + got.returned + got.lot == pytest.approx(lot, rel=1e-12)
    assert got.paid == pytest.approx(got.units * price, rel=1e-12)
    assert 0 <= got.units <= min(bid, lot) * (1 + 1e-12)
    sold_out = got.units == lot
    assert got.tab == 0 or sold_out or got.tab >= dust * (1 - 1e-12) or got.units == 0
    assert got.returned == 0 or got.tab == 0


def test_a_purchase_that_would_leave_dust_is_cut_back_or_refused():
    cut_back = take(110.0, 40.0, 5.0, 20.0, dust=22.0)
    assert (cut_back.units, cut_back.tab, cut_back.lot) == (pytest.approx(17.6), 22.0, pytest.approx(22.4))
    refused = take(20.0, 40.0, 5.0, 1.0, dust=22.0)
    assert (refused.units, refused.paid, refused.tab, refused.lot) == (0.0, 0.0, 20.0, 40.0)


def test_a_lot_that_is_sold_out_first_leaves_bad_debt():
    got = take(110.0, 10.0, 5.0, 99.0, dust=22.0)
    assert (got.units, got.paid, got.tab, got.lot, got.returned) == (10.0, 50.0, 60.0, 0.0, 0.0)


def test_an_exact_payment_returns_the_rest():
    got = take(100.0, 40.0, 5.0, 20.0)
    assert (got.units, got.paid, got.returned, got.tab, got.lot) == (20.0, 100.0, 20.0, 0.0, 0.0)


def test_an_auction_raises_the_same_debt_in_pieces():
    """Three bids at falling prices: what was paid and what is left add up to the tab."""
    tab, lot, paid = 110.0, 40.0, 0.0
    for price, bid in ((6.0, 5.0), (5.0, 4.0), (4.0, 50.0)):
        got = take(tab, lot, price, bid)
        tab, lot, paid = got.tab, got.lot, paid + got.paid
    assert paid == pytest.approx(110.0)
    assert (tab, lot) == (0.0, 0.0)
    assert got.returned == pytest.approx(40.0 - 9.0 - 60.0 / 4.0)


def test_reward_is_a_fixed_part_and_a_share():
    np.testing.assert_allclose(auction_reward([0.0, 110.0], 100.0, 0.02), [100.0, 102.2])


@pytest.mark.parametrize(
    ("function", "arguments", "settings", "message"),
    [
        (bark, (40.0, 0.0, 4.0), {}, "debt_value must be positive, got 0"),
        (bark, (40.0, 100.0, 4.0), {"room": -1.0}, "room must be at least 0, got -1"),
        (bark, (40.0, 100.0, 4.0), {"room": [1.0, 2.0]}, "room must be a single number"),
        (bark, ([40.0], 100.0, 4.0), {}, "quantity must be a single number"),
        (take, (110.0, 40.0, 0.0, 1.0), {}, "price must be positive, got 0"),
        (take, (110.0, 40.0, 5.0, 1.0), {"dust": -1.0}, "dust must be at least 0, got -1"),
        (auction_reward, (110.0, -1.0, 0.02), {}, "tip must be at least 0, got -1"),
    ],
)
def test_bad_input_is_named(function, arguments, settings, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments, **settings)
