import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.liquidation import aave_close_factor, pool_liquidation, split_bonus, storefront_price

amounts = st.just(0.0) | st.floats(1e-6, 1e5)


def test_whole_numbers_at_aaves_limits_are_at_them():
    """A health factor that is 0.95 by hand takes everything, an amount of 2,000 the half."""
    debt = np.arange(2000.0, 9000.0, 7.0)
    for weight in (0.7, 0.75, 0.82, 0.86):
        collateral = 0.95 * debt / weight
        assert (weight * collateral / debt > 0.95).any()
        assert (aave_close_factor(weight * collateral / debt, collateral, debt) == 1).all()
    value = np.array([sum([2000 / n] * n) for n in range(1, 100)])
    assert (value < 2000).any()
    assert (aave_close_factor(0.96, value, value) == 0.5).all()


def test_aave_takes_everything_from_small_or_deeply_sunk_loans():
    factor = aave_close_factor(
        [0.96, 0.95, 0.96, 0.96, 0.96], [1e4, 1e4, 1999.0, 2000.0, 1e4], [8e3, 8e3, 8e3, 2000.0, 1]
    )
    np.testing.assert_array_equal(factor, [0.5, 1.0, 1.0, 0.5, 1.0])


@given(amounts, st.floats(0.0, 0.3), st.floats(0.0, 1.0), st.booleans())
def test_split_adds_up_to_what_is_seized(seized, bonus, part, whole):
    liquidator, venue = split_bonus(seized, bonus, part, whole_units=whole)
    assert liquidator + venue == pytest.approx(np.floor(seized) if whole else seized, rel=1e-12, abs=1e-12)
    assert venue >= 0
    if not whole:
        assert venue == pytest.approx(part * seized * bonus / (1 + bonus), rel=1e-9, abs=1e-9)


@given(st.integers(0, 10**6), st.integers(0, 3000), st.integers(0, 10_000))
def test_whole_units_are_split_as_the_contract_does(units, bonus_points, share_points):
    extra = units - units * 10_000 // (10_000 + bonus_points)
    venue = extra * share_points // 10_000
    got = split_bonus(units, bonus_points / 10_000, share_points / 10_000, whole_units=True)
    assert got == (units - venue, venue)


def test_whole_units_are_not_lost_to_rounding():
    assert split_bonus(33, 0.1, 1.0, whole_units=True) == (30, 3)
    assert split_bonus(3.15, 0.05, 0.2, whole_units=True) == (3, 0)


def test_the_caller_of_a_pool_liquidation_gets_two_units_at_most():
    assert pool_liquidation(1000.0, 900_000.0, 1100.0, 0.05, 0.005)[0] == 2.0


def test_storefront_passes_on_a_part_of_the_discount():
    np.testing.assert_allclose(storefront_price(200.0, 0.25, [0.0, 0.8, 1.0]), [200.0, 160.0, 150.0])


@given(amounts, amounts, st.floats(0.1, 1e4), st.floats(0.0, 0.2), st.floats(0.0, 0.05))
def test_pool_liquidation_shares_out_all_collateral(quantity, debt, price, penalty, gas_share):
    caller, pool, owner = pool_liquidation(quantity, debt, price, penalty, gas_share)
    assert caller + pool + owner == pytest.approx(quantity, rel=1e-12, abs=1e-12)
    assert min(caller, pool) >= 0
    assert owner >= -1e-12 * quantity
    assert pool * price <= (1 + penalty) * debt * (1 + 1e-12)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (aave_close_factor, (0.9, -1.0, 1.0), "collateral must be at least 0, got -1"),
        (split_bonus, (1.0, 0.1, 1.5), r"protocol_share must be in \[0, 1\], got 1.5"),
        (storefront_price, (200.0, 0.1, 1.5), r"passed_share must be in \[0, 1\], got 1.5"),
        (storefront_price, (200.0, 1.0), r"seizure_discount must be in \[0, 1\), got 1"),
        (pool_liquidation, (1.0, 1.0, 0.0, 0.1, 0.1), "price must be positive, got 0"),
    ],
)
def test_bad_input_is_named(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)
