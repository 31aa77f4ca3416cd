import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.start_here import (
    ACCOUNTS,
    ASSET_WEIGHT,
    ASSETS,
    CASH,
    IMPACT,
    PLATFORMS,
    PRICES,
    QUANTITIES,
    story,
)
from cascadelab.start_here.example import ISOLATED_CASH, ISOLATED_PLATFORMS, ISOLATED_QUANTITIES

falls = st.floats(0.0, 0.99)
impacts = st.floats(0.0, 3.0)
X, Y, Z = range(3)


def closely(value):
    return pytest.approx(value, rel=1e-12, abs=1e-9)


def test_data_are_those_of_the_text():
    assert (ASSETS, ACCOUNTS, PLATFORMS, ASSET_WEIGHT) == (("A", "B"), ("X", "Y", "Z"), (1, 2, 2), 0.9)
    assert PRICES.tolist() == [100, 50]
    assert IMPACT.tolist() == [0.5, 0.2]
    assert QUANTITIES.tolist() == [[10, 20], [0, 30], [5, 10]]
    assert CASH.tolist() == [-1620, -1269, -650]


def test_isolated_accounts_hold_what_x_held():
    assert ISOLATED_QUANTITIES[:2].sum(axis=0).tolist() == QUANTITIES[X].tolist()
    assert ISOLATED_QUANTITIES[2:].tolist() == QUANTITIES[1:].tolist()
    assert ISOLATED_CASH.tolist() == [-810, -810, -1269, -650]
    assert sum(ISOLATED_CASH[:2]) == CASH[X]
    assert ISOLATED_PLATFORMS == (1, 1, 2, 2)


def test_story_by_hand():
    told = story(0.25)
    assert told.prices == closely(np.array([[100, 50], [75, 50], [70, 46], [70, 40]]))
    assert told.surplus == closely(np.array([[180, 81, 250], [-45, 81, 137.5], [0, -27, 79], [0, -69, 25]]))
    assert told.equity == closely(np.array([[380, 231, 350], [130, 231, 225], [0, 111, 160], [0, -69, 100]]))
    assert [told.sellers(stage) for stage in range(4)] == [(), (), ("X",), ("Y",)]
    assert told.liquidated == ("X", "Y")
    assert told.sold[2, X].tolist() == [10, 20]
    assert told.sold[3, Y].tolist() == [0, 30]
    assert told.proceeds == closely(np.array([1620, 1200, 0]))
    assert told.repaid == closely(np.array([1620, 1200, 0]))
    assert told.returned.tolist() == [0, 0, 0]
    assert told.bad_debt == closely(np.array([0, 69, 0]))
    assert told.platform_loss(1) == 0
    assert told.platform_loss(2) == closely(69)
    assert not told.stopped_at_zero


def test_isolated_story_by_hand():
    told = story(0.25, isolated=True)
    assert told.prices == closely(np.array([[100, 50], [75, 50], [70, 50]]))
    assert told.liquidated == ("XA",)
    assert told.proceeds == closely(np.array([700, 0, 0, 0]))
    assert told.platform_loss(1) == closely(110)
    assert told.platform_loss(2) == 0
    assert told.surplus[-1] == closely(np.array([-110, 90, 81, 115]))


def test_nothing_happens_without_a_fall():
    told = story(0.0)
    assert told.liquidated == ()
    assert len(told.prices) == 2
    assert not told.sold.any()
    assert told.proceeds.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("threshold", "options", "first"),
    [(0.2, {}, "X"), (0.1, {"isolated": True}, "XA")],
)
def test_account_is_safe_at_its_threshold_and_sold_just_beyond(threshold, options, first):
    assert story(threshold, **options).liquidated == ()
    assert first in story(threshold + 1e-9, **options).liquidated


def test_y_survives_while_b_stops_at_47():
    assert story(0.25, impact_b=0.15).liquidated == ("X",)
    assert story(0.25, impact_b=0.1501).liquidated == ("X", "Y")


def test_owner_gets_back_what_is_left():
    told = story(0.22)
    assert told.returned == closely(np.array([30, 0, 0]))
    assert told.bad_debt[X] == 0


def test_accounts_below_zero_at_the_same_time_are_sold_together():
    told = story(0.6)
    assert told.sellers(2) == ("X", "Z")
    assert told.rounds == (("X", "Z"), ("Y",))
    assert told.liquidated == ("X", "Z", "Y")
    assert told.prices[2] == closely(np.array([40 - 0.5 * 15, 50 - 0.2 * 30]))


def losses(fall, **options):
    told = story(fall, **options)
    return [told.platform_loss(1), told.platform_loss(2)]


def owners(fall, **options):
    """What is left to the owner of X (in one account or two), to Y and to Z."""
    left = story(fall, **options).left_to_owners
    return [float(left[:-2].sum()), *left[-2:].tolist()]


def test_losses_and_equity_of_the_text():
    """The tables of 'Move it yourself' and 'Which rule is better?'."""
    assert losses(0.20) == closely([0, 0])
    assert losses(0.21) == closely([0, 69])
    assert losses(0.31) == closely([60, 69])
    assert owners(0.20) == closely([180, 231, 250])
    assert owners(0.25) == closely([0, 0, 100])
    assert losses(0.25, isolated=True) == closely([110, 0])
    assert owners(0.20, isolated=True) == closely([190, 231, 225])
    assert owners(0.25, isolated=True) == closely([190, 231, 200])


@given(st.floats(0.0, 0.5))
def test_with_isolated_margin_the_loss_grows_from_zero_and_no_b_is_sold(fall):
    """1,000 fall − 140 from a fall of 14 % on: no jump, although XA is sold from 10 % on."""
    told = story(fall, isolated=True)
    assert losses(fall, isolated=True) == closely([max(0.0, 1000 * fall - 140), 0.0])
    assert told.prices[-1, 1] == 50


@given(st.floats(0.0, 0.42))
def test_with_cross_margin_the_loss_of_platform_one_grows_from_zero(fall):
    """1,000 fall − 250 from a fall of 25 % on."""
    assert losses(fall)[0] == closely(max(0.0, 1000 * fall - 250))


def test_a_deeper_fall_can_lower_the_loss_of_a_platform():
    """Because Z is then sold in the round of X, before Y."""
    assert losses(0.55) == closely([300, 211.5])
    assert losses(0.56) == closely([375, 156.5])


def test_loss_of_platform_one_jumps_when_z_is_sold_together_with_x():
    """From 55 % to 56 %, by more than the 10 of every other percent, under both rules."""
    for isolated, jump in ((False, 75), (True, 35)):
        before, after = (losses(fall, isolated=isolated)[0] for fall in (0.55, 0.56))
        assert after - before == closely(jump)
        assert {"Z", "XA" if isolated else "X"} == set(story(0.56, isolated=isolated).sellers(2))


@given(falls, impacts, impacts, st.booleans())
def test_units_and_money_are_conserved(fall, impact_a, impact_b, isolated):
    told = story(fall, impact_a=impact_a, impact_b=impact_b, isolated=isolated)
    quantities, debt = (ISOLATED_QUANTITIES, -ISOLATED_CASH) if isolated else (QUANTITIES, -CASH)
    out = np.isin(told.accounts, told.liquidated)
    bought = told.sold.sum(axis=1)  # what the market takes, stage by stage
    paid = sum(float(units @ price) for units, price in zip(bought, told.prices, strict=True))
    assert bought.sum(axis=0) == closely(quantities[out].sum(axis=0))
    assert told.proceeds.sum() == closely(paid)
    assert told.repaid + told.returned == closely(told.proceeds)
    assert (told.repaid + told.bad_debt)[out] == closely(debt[out])
    assert not told.proceeds[~out].any()
    assert not told.bad_debt[~out].any()
    assert told.platform_loss(1) + told.platform_loss(2) == closely(told.bad_debt.sum())
    assert (told.returned * told.bad_debt == 0).all()


@given(falls, impacts, impacts, st.booleans())
def test_prices_follow_from_the_units_sold(fall, impact_a, impact_b, isolated):
    told = story(fall, impact_a=impact_a, impact_b=impact_b, isolated=isolated)
    price = np.array([100 * (1 - fall), 50.0])
    for stage in range(1, len(told.prices)):
        price = np.maximum(price - np.array([impact_a, impact_b]) * told.sold[stage].sum(axis=0), 0)
        assert told.prices[stage] == closely(price)


@given(falls, impacts, impacts, st.booleans())
def test_exactly_the_accounts_below_zero_are_sold_next_and_nobody_is_left_below(fall, impact_a, impact_b, isolated):
    told = story(fall, impact_a=impact_a, impact_b=impact_b, isolated=isolated)
    gone = np.zeros(len(told.accounts), dtype=bool)
    for stage in range(1, len(told.prices)):
        sells = told.sold[stage].any(axis=1)
        assert (sells == ((told.surplus[stage - 1] < 0) & ~gone & (stage > 1))).all()
        gone |= sells
    assert (told.surplus[-1][~gone] >= 0).all()
    assert len(told.prices) <= len(told.accounts) + 2


@given(falls, falls, impacts, impacts, st.booleans())
def test_a_deeper_fall_or_a_larger_impact_never_sells_fewer_accounts(one, other, impact_a, impact_b, isolated):
    shallow, deep = sorted((one, other))
    options = {"impact_a": impact_a, "impact_b": impact_b, "isolated": isolated}
    before, after = story(shallow, **options), story(deep, **options)
    assert set(before.liquidated) <= set(after.liquidated)
    assert (after.prices[-1] <= before.prices[-1] + 1e-9).all()
    larger = story(shallow, **options | {"impact_b": impact_b + 0.1})
    assert set(before.liquidated) <= set(larger.liquidated)


def test_price_stops_at_zero_and_says_so():
    told = story(0.25, impact_b=3.0)
    assert told.stopped_at_zero
    assert told.prices[-1, 1] == 0
    assert story(0.25, impact_b=2.5).prices[2, 1] == 0
    assert not story(0.25, impact_b=0.8).stopped_at_zero
    assert (told.prices >= 0).all()


def test_results_and_data_are_read_only():
    told = story(0.25)
    for array in (
        told.prices,
        told.equity,
        told.surplus,
        told.sold,
        told.proceeds,
        told.bad_debt,
        told.left_to_owners,
        PRICES,
        CASH,
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"fall": 1.0}, r"fall must be in \[0, 1\), got 1"),
        ({"fall": -0.1}, r"fall must be in \[0, 1\), got -0.1"),
        ({"fall": float("nan")}, "fall must be finite, got nan"),
        ({"fall": "25 %"}, "fall must be a number or an array of numbers, got '25 %'"),
        ({"fall": [0.1, 0.2]}, r"fall must be a single number, got an array of shape \(2,\)"),
        ({"fall": "0.25"}, "fall must be a number or an array of numbers, got '0.25'"),
        ({"fall": 0.2, "isolated": "cross"}, "isolated must be True or False, got 'cross'"),
        ({"fall": 0.2, "isolated": 1}, "isolated must be True or False, got 1"),
        ({"fall": 0.2, "impact_a": -0.5}, "impact_a must be at least 0, got -0.5"),
        ({"fall": 0.2, "impact_b": float("inf")}, "impact_b must be finite, got inf"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        story(**arguments)


@pytest.mark.parametrize("platform", [3, True])
def test_unknown_platform_is_named(platform):
    with pytest.raises(ValueError, match=rf"platform must be one of \[1, 2\], got {platform}"):
        story(0.25).platform_loss(platform)


@pytest.mark.parametrize("stage", [-1, 4, 1.5])
def test_unknown_stage_is_named(stage):
    with pytest.raises(ValueError, match=f"stage must be one of 0 to 3, got {stage}"):
        story(0.25).sellers(stage)
