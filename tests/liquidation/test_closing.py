import numpy as np
import pytest

from cascadelab.impact import Linear
from cascadelab.liquidation.closing import Closing

LOAN = (Linear(0.5), 100.0, 10.0, -950.0, 0.1)


def test_a_step_of_the_venue_a_sale_to_target_and_a_bite():
    assert Closing(*LOAN, fill="end", bonus=None, first=None).next_step(0.3, None) == (0.3, 0.0)
    part, repaid = Closing(*LOAN, fill="walk", bonus=None, first=None).next_step(1.0, 0.1)
    assert 0 < part < 1
    assert repaid == 0.0
    assert Closing(*LOAN, fill="end", bonus=0.06, first=None).next_step(0.3, None) == (
        pytest.approx(1.06 * 0.3 * 0.95), 285.0,
    )  # fmt: skip


def test_where_no_sale_reaches_the_target_the_step_is_everything():
    account = Closing(Linear(5.0), 100.0, 10.0, -950.0, 0.1, fill="end", bonus=None, first=None)
    assert account.next_step(1.0, 0.1) == (1.0, 0.0)


def test_a_sale_moves_units_cash_and_the_surplus():
    account = Closing(*LOAN, fill="end", bonus=None, first=None)
    assert (account.value, account.surplus) == (1000.0, -50.0)
    account.sell(0.4, 0.0, 1, 0.0)
    np.testing.assert_allclose([account.held[0], account.sold[0], account.price[0]], [6.0, 4.0, 98.0])
    assert account.cash == pytest.approx(-950.0 + 4.0 * 98.0)
    assert account.surplus == pytest.approx(account.cash + 0.9 * 6.0 * 98.0)


def test_only_a_liquidator_asks_whether_it_pays():
    assert Closing(*LOAN, fill="end", bonus=None, first=None).pays(0.5, 1e9)
    bitten = Closing(*LOAN, fill="end", bonus=0.05, first=None)
    assert bitten.pays(0.1, 99.5)
    assert not bitten.pays(0.1, 99.6)


def test_an_empty_account_is_settled_with_its_owner_or_with_the_fund():
    account = Closing(Linear(0.0), 100.0, 0.0, 30.0, 0.1, fill="end", bonus=None, first=None)
    assert account.settle(1, 50.0) == (30.0, 0.0, 0.0)
    account.cash = -80.0
    assert account.settle(1, 50.0) == (0.0, 80.0, 50.0)
    assert account.book.close().events == ("returned", "fund pays")


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="fill must be 'end' or 'walk', got 'last'"):
        Closing(*LOAN, fill="last", bonus=None, first=None)
    with pytest.raises(ValueError, match="first must name each of 1 assets once"):
        Closing(*LOAN, fill="end", bonus=None, first=[0, 1])
