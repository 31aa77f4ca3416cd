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


def test_a_remnant_of_exactly_dust_stays_in_the_vault():
    """Maker's dog keeps it: 100.3 with room for 80.2 and dust of 20.1, and whole numbers of tenths around it."""
    lot = bark(40.0, 100.3, 4.0, room=80.2, dust=20.1)
    assert (lot.tab, lot.lot, lot.debt_left) == (80.2, pytest.approx(40 * 80.2 / 100.3), pytest.approx(20.1))
    jumps = 0
    for room in range(300, 900, 7):
        for dust in range(101, 300, 11):
            debt = (room + dust) / 10
            jumps += debt - room / 10 < dust / 10
            assert bark(40.0, debt, 4.0, room=room / 10, dust=dust / 10).tab == room / 10
            assert bark(40.0, debt, 4.0, room=room / 10, dust=dust / 10 + 1e-6).tab == debt
    assert jumps > 100


def test_room_for_exactly_the_debt_and_its_penalty_takes_the_whole_vault():
    for percent in range(1, 30):
        for debt in (90.0, 100.0, 107.0):
            lot = bark(40.0, debt, 4.0, penalty=percent / 100, room=(100 + percent) * debt / 100)
            assert (lot.lot, lot.debt_left) == (40.0, 0.0)


def test_a_bid_for_exactly_what_is_owed_is_served_whole():
    """Maker's test_take_at_tab, at prices whose quotients are no floats."""
    shy = 0
    for price in np.arange(1.1, 12.0, 0.1):
        shy += 60 / price * price < 60
        got = take(60.0, 100.0, price, 60 / price, dust=22.0)
        assert (got.paid, got.tab, got.lot) == (60.0, 0.0, 0.0)
        assert got.units == pytest.approx(60 / price)
        assert take(60.0, 60 / price, price, 99.0, dust=22.0).tab == 0
    assert shy > 5


def test_a_bid_that_leaves_exactly_dust_is_not_cut_back_and_a_tab_of_exactly_dust_not_split():
    for tenths in range(101, 400, 7):
        dust = tenths / 10
        got = take(60.3, 100.0, 1.0, 60.3 - dust, dust=dust)
        assert (got.units, got.tab) == (60.3 - dust, pytest.approx(dust))
        assert take(3 * dust / 3, 100.0, 1.0, 0.5 * dust, dust=dust * (1 - 1e-14)).units == 0


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
