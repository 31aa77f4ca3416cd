import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.liquidation import drift_borrow_fund_fee, drift_fund_fee, quantity_to_cover
from cascadelab.portfolio import Account, Balance

RATE, NO_CAP = st.floats(0.02, 0.5), 0.999


@given(st.floats(0.01, 1.0), st.floats(1.0, 1e4), st.floats(0.1, 50.0), RATE, st.floats(0.0, 0.9))
def test_a_twentieth_more_and_closing_everything_would_cover_just_what_is_missing(part, price, quantity, rate, paid):
    fee = paid * rate
    missing = 0.99 * part * (rate - fee) * quantity * price
    taken = drift_fund_fee(missing, quantity * price, rate, fee, fee_cap=NO_CAP)
    whole = quantity_to_cover(missing, price, rate, liquidation_fee=fee, fund_fee=taken / 0.95)
    assert whole == pytest.approx(quantity, rel=1e-9)
    assert quantity_to_cover(missing, price, rate, liquidation_fee=fee, fund_fee=taken) <= quantity * (1 + 1e-12)


@given(st.floats(0.0, 0.99), st.floats(1.0, 1e4), st.floats(0.1, 0.95), st.floats(1.05, 1.5), st.floats(0.0, 0.1))
def test_a_borrow_that_is_repaid_as_a_whole_ends_at_a_surplus_of_zero(part, owed, weight, liability_weight, bonus):
    missing = part * owed * (liability_weight - weight * (1 + bonus))
    held = (liability_weight * owed - missing) / weight
    fee = drift_borrow_fund_fee(missing, owed, weight, liability_weight, bonus, fee_cap=NO_CAP)
    seized, debt_left = (1 + bonus) * owed, fee * owed
    left = [
        Balance("C", held - seized, asset_weight=weight),
        Balance("D", -debt_left, liability_weight=liability_weight),
    ]
    surplus = Account(0.0, left).surplus({"C": 1.0, "D": 1.0})
    assert surplus == pytest.approx(0.0, abs=1e-9 * liability_weight * owed)


def test_nothing_is_taken_where_too_much_is_missing_and_never_more_than_the_cap():
    assert drift_fund_fee([40.0, 41.0, 0.0], 1_000.0, 0.05, 0.01, fee_cap=0.03).tolist() == [0.0, 0.0, 0.03]
    assert drift_fund_fee(0.0, 1_000.0, 0.01, 0.02, fee_cap=0.03) == 0.0
    assert drift_borrow_fund_fee([10.0, 0.0], 100.0, 1.0, 1.1, 0.01, fee_cap=0.05).tolist() == [0.0, 0.05]


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: drift_fund_fee(-1.0, 1.0, 0.1, 0.0, fee_cap=0.1), "shortage"),
        (lambda: drift_fund_fee(1.0, 0.0, 0.1, 0.0, fee_cap=0.1), "notional"),
        (lambda: drift_fund_fee(1.0, 1.0, 1.0, 0.0, fee_cap=0.1), "maintenance_rate"),
        (lambda: drift_fund_fee(1.0, 1.0, 0.1, -0.1, fee_cap=0.1), "liquidation_fee"),
        (lambda: drift_fund_fee(1.0, 1.0, 0.1, 0.0, fee_cap=1.0), "fee_cap"),
        (lambda: drift_borrow_fund_fee(np.nan, 1.0, 1.0, 1.1, 0.0, fee_cap=0.1), "shortage"),
        (lambda: drift_borrow_fund_fee(1.0, 0.0, 1.0, 1.1, 0.0, fee_cap=0.1), "debt_value"),
        (lambda: drift_borrow_fund_fee(1.0, 1.0, 0.0, 1.1, 0.0, fee_cap=0.1), "asset_weight"),
        (lambda: drift_borrow_fund_fee(1.0, 1.0, 1.0, 0.0, 0.0, fee_cap=0.1), "liability_weight"),
        (lambda: drift_borrow_fund_fee(1.0, 1.0, 1.0, 1.1, -0.1, fee_cap=0.1), "bonus"),
    ],
)
def test_bad_input_is_refused_by_name(call, named):
    with pytest.raises(ValueError, match=named):
        call()
