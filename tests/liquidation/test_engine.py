from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from cascadelab.impact import ConstantProduct, Exponential, Linear, SquareRoot
from cascadelab.liquidation import bite_by_bite, fund_change, liquidate, surplus_after_sale
from cascadelab.start_here import example

MARKET, SHOCKED = Linear(example.IMPACT), [75.0, 50.0]
X = (MARKET, SHOCKED, example.QUANTITIES[0], float(example.CASH[0]))
CURVES = [Linear(0.3), Exponential(0.005), SquareRoot(1.2), ConstantProduct(250.0)]
RULES = [
    {}, {"close_factor": 0.3, "dust": 50.0}, {"target_rate": 0.2}, {"bonus": 0.06, "close_factor": 0.4},
    {"liquidation_fee": 0.02, "close_factor": 0.5, "dust": 1.0},
]  # fmt: skip


@settings(deadline=None)
@given(
    st.sampled_from(CURVES), st.floats(1.0, 40.0), st.floats(0.8, 1.1), st.sampled_from(RULES),
    st.sampled_from(["end", "walk"]), st.floats(0.0, 200.0),
)  # fmt: skip
def test_cash_and_units_are_conserved_and_every_claim_is_settled(curve, quantity, owed, rule, fill, fund):
    cash = -owed * 80.0 * quantity
    done = liquidate(curve, 80.0, quantity, cash, maintenance_rate=0.12, fill=fill, fund=fund, **rule)
    ledger = done.ledger
    assert ledger.imbalance < 1e-12
    np.testing.assert_allclose(done.sold + done.left, quantity, rtol=1e-12)
    np.testing.assert_allclose(ledger.total_units("buyers"), done.sold, rtol=1e-12)
    np.testing.assert_allclose(ledger.total_units("trader"), -done.sold, rtol=1e-12)
    np.testing.assert_allclose(ledger.total_units("liquidator"), 0.0, atol=1e-12 * quantity)
    scale = -cash
    # the venue's claim: what it was owed is what it received, what it is still owed, and what it will never get
    still_owed = 0.0 if done.ending == "closed" else -done.cash
    assert ledger.total("venue") + still_owed + done.unpaid == pytest.approx(-cash, rel=1e-12, abs=1e-12 * scale)
    assert done.bad_debt == pytest.approx(done.fund_paid + done.unpaid, abs=1e-12 * scale)
    assert 0 <= done.fund_paid <= fund
    assert min(done.returned, done.bad_debt) == 0
    assert ledger.total("trader") == pytest.approx(done.returned)
    assert done.price == pytest.approx(curve.price(80.0, done.sold))


@settings(deadline=None)
@given(st.sampled_from(CURVES), st.floats(1.0, 40.0), st.floats(0.89, 1.1), st.sampled_from(RULES))
def test_buyers_pay_the_area_below_the_curve_on_a_walk(curve, quantity, owed, rule):
    """An independent witness: numerical integration of the price, which shares no code with the engine."""
    done = liquidate(curve, 80.0, quantity, -owed * 80.0 * quantity, maintenance_rate=0.12, fill="walk", **rule)
    area, error = quad(
        lambda v: 2 * v * curve.price(80.0, v * v), 0.0, np.sqrt(done.sold[0]), epsabs=1e-12, epsrel=1e-13
    )
    assert -done.ledger.total("buyers") == pytest.approx(area, rel=1e-12, abs=10 * error)


@pytest.mark.parametrize("rule", RULES)
def test_an_account_of_whole_numbers_at_its_maintenance_is_left_alone(rule):
    """q p (1 − m) owed exactly: in floats the surplus is often a last digit below zero."""
    negative = 0
    for percent in range(1, 20):
        for quantity, price in ((7.0, 90.0), (10.0, 1.0), (11.0, 13.0)):
            cash, rate = (percent - 100) * quantity * price / 100, percent / 100
            negative += cash + quantity * price - rate * quantity * price < 0
            done = liquidate(Linear(0.0), price, quantity, cash, maintenance_rate=rate, **rule)
            assert (done.ending, done.rounds) == ("safe", 0)
            worse = liquidate(Linear(0.0), price, quantity, cash - 1e-6, maintenance_rate=rate, **rule)
            assert worse.ending != "safe"
    assert negative > 5


def test_a_step_that_leaves_exactly_dust_leaves_it():
    """Of 10 units at 10 nine tenths go; (1 − 0.9) · 100 is left, and by hand that is no less than a dust of 10."""
    loan = {"maintenance_rate": 0.1, "close_factor": 0.9}
    kept = liquidate(Linear(0.0), 10.0, 10.0, -91.0, dust=10.0, **loan)
    taken = liquidate(Linear(0.0), 10.0, 10.0, -91.0, dust=10.1, **loan)
    assert (kept.left.tolist(), kept.ending) == ([1.0], "healthy")
    assert (taken.left.tolist(), taken.ending) == ([0.0], "closed")


@pytest.mark.parametrize("rule", RULES)
def test_buyers_pay_the_last_price_of_each_step_at_the_end_price(rule):
    done = liquidate(Linear(0.3), 80.0, 20.0, -1500.0, maintenance_rate=0.12, **rule)
    sales = [k for k, event in enumerate(done.ledger.events) if event == "sale"]
    units, cash = done.ledger.units[sales, 1, 0], -done.ledger.cash[sales, 1]
    np.testing.assert_allclose(cash, units * (80.0 - 0.3 * np.cumsum(units)), rtol=1e-12)


def test_the_running_example_is_chapter_0():
    story = example.story(0.25)
    done = liquidate(*X, maintenance_rate=0.1)
    np.testing.assert_allclose(done.price, story.prices[2], rtol=1e-12)
    assert -done.ledger.total("buyers") == pytest.approx(story.proceeds[0]) == 1620.0
    assert done.returned == done.bad_debt == 0.0
    assert liquidate(*X, maintenance_rate=0.1, fill="walk").returned == pytest.approx(65.0)
    y = liquidate(Linear(0.2), done.price[1], 30.0, float(example.CASH[1]), maintenance_rate=0.1, fund=20.0)
    assert (y.bad_debt, y.fund_paid, y.unpaid) == pytest.approx((story.platform_loss(2), 20.0, 49.0))
    assert y.bad_debt == pytest.approx(69.0)


def test_selling_less_spares_y():
    assert liquidate(*X, maintenance_rate=0.1, close_factor=0.2).price[1] > 47.0
    assert liquidate(*X, maintenance_rate=0.1, target_rate=0.1, fill="walk").price[1] > 47.0
    assert liquidate(*X, maintenance_rate=0.1).price[1] < 47.0


def test_a_target_that_no_sale_reaches_sells_everything():
    done = liquidate(Linear(1.0), 100.0, 10.0, -905.0, maintenance_rate=0.1, target_rate=0.1)
    assert done.ending == "closed"
    walked = liquidate(Linear(1.0), 100.0, 10.0, -905.0, maintenance_rate=0.1, target_rate=0.1, fill="walk")
    assert walked.sold == pytest.approx(2.5)


@pytest.mark.parametrize("on_collateral", [0.0, 0.05, 0.1])
@pytest.mark.parametrize("factor", [0.1, 0.5])
def test_bites_of_the_engine_are_those_of_bite_by_bite(on_collateral, factor):
    """Two loops, one bite: where the liquidator comes, the ledger of the one shows the bites of the other."""
    rule = {"bonus": 0.045, "close_factor": factor}
    slope = on_collateral / 100.0  # of 100 units at a price of 1
    done = liquidate(Linear(slope), 1.0, 100.0, -97.0, maintenance_rate=0.12, fill="walk", **rule)
    loan = bite_by_bite(100.0, 97.0, asset_weight=0.88, collateral_impact=on_collateral, **rule)
    bites = [k for k, event in enumerate(done.ledger.events) if event == "bite"]
    np.testing.assert_allclose(-done.ledger.cash[bites, 2], loan.repaid, rtol=1e-9)
    assert (done.rounds, done.ending, loan.ending) == (loan.rounds, "closed", "eaten up")
    assert done.bad_debt == pytest.approx(loan.bad_debt, rel=1e-9)
    if on_collateral == 0:
        assert done.ledger.total("liquidator") == pytest.approx(0.045 * loan.repaid.sum(), rel=1e-12)


def test_the_order_decides_who_else_falls():
    """X back to 10 % on a walk: out of A alone it leaves B where it is, out of B alone it takes Y with it."""
    rule = {"maintenance_rate": 0.1, "target_rate": 0.1, "fill": "walk"}
    a_first, b_first = (liquidate(*X, first=first, **rule) for first in ([0, 1], [1, 0]))
    assert (a_first.ending, a_first.sold[1], a_first.price[1]) == ("healthy", 0.0, 50.0)
    assert (b_first.ending, b_first.sold[0]) == ("healthy", 0.0)
    assert b_first.price[1] < 47.0


def test_the_order_reverses_the_sign_of_the_first_sale():
    """(6.14) holds for each asset: the deep one heals, the thin one hurts."""
    market = Linear([0.5, 1.0])
    before = surplus_after_sale(market, SHOCKED, X[2], X[3], 0.1, [0.0, 0.0], fill="walk")
    for k, sign in ((0, 1), (1, -1)):
        sold = np.zeros(2)
        sold[k] = 1e-3
        assert np.sign(surplus_after_sale(market, SHOCKED, X[2], X[3], 0.1, sold, fill="walk") - before) == sign


@pytest.mark.unmeasured
@settings(deadline=None)
@given(
    st.lists(st.floats(0.5, 30.0), min_size=2, max_size=3), st.floats(0.85, 1.05), st.booleans(),
    st.sampled_from(
        [{}, {"close_factor": 0.3, "dust": 9.0}, {"target_rate": 0.2}, {"bonus": 0.06, "close_factor": 0.4}]
    ),
)  # fmt: skip
def test_an_order_conserves_cash_and_units_and_sells_later_assets_later(quantity, owed, walk, rule):
    number = len(quantity)
    price, slope = np.array([80.0, 40.0, 20.0][:number]), np.array([0.3, 0.1, 0.05][:number])
    cash, first = -owed * float(price @ np.array(quantity)), list(range(number))[::-1]
    fill = "walk" if walk else "end"
    done = liquidate(Linear(slope), price, quantity, cash, maintenance_rate=0.12, fill=fill, first=first, **rule)
    assert done.ledger.imbalance < 1e-12
    np.testing.assert_allclose(done.sold + done.left, quantity, rtol=1e-12)
    np.testing.assert_allclose(done.ledger.total_units("buyers"), done.sold, rtol=1e-12, atol=1e-12)
    still_owed = 0.0 if done.ending == "closed" else -done.cash
    assert done.ledger.total("venue") + still_owed + done.unpaid == pytest.approx(-cash, rel=1e-12)
    for earlier, later in pairwise(first):
        assert done.sold[later] == 0 or done.left[earlier] == pytest.approx(0.0, abs=1e-9)
    if walk:
        areas = [quad(lambda u, k=k: price[k] - slope[k] * u, 0.0, done.sold[k])[0] for k in first]
        assert -done.ledger.total("buyers") == pytest.approx(sum(areas), rel=1e-12)


def test_a_short_pays_its_fee_on_what_it_buys():
    done = liquidate(Linear(0.0), 100.0, -10.0, 1095.0, maintenance_rate=0.1, liquidation_fee=0.02)
    assert done.ledger.total("fund", "fee") == pytest.approx(20.0)


def test_a_short_that_is_closed_holds_nothing():
    assert np.signbit(liquidate(Linear(0.5), 100.0, -10.0, 1020.0, maintenance_rate=0.1).left[0]) == np.False_


def test_a_liquidator_comes_up_to_the_self_funding_bite_and_not_beyond():
    for fill in ("end", "walk"):
        market = Linear(0.4)
        largest = market.self_funding_quantity(80.0, 0.05 / 1.05, fill=fill)
        for factor, comes in ((0.999, True), (1.001, False)):
            repaid = factor * largest * 80.0 / 1.05
            done = liquidate(
                market, 80.0, 100.0, -7500.0, maintenance_rate=0.1, fill=fill, bonus=0.05, close_factor=repaid / 7500.0
            )
            assert (done.rounds > 0) == comes


def test_gas_keeps_liquidators_away():
    loan = (Linear(0.0), 80.0, 10.0, -750.0)
    rule = {"maintenance_rate": 0.1, "bonus": 0.05, "close_factor": 0.5}
    assert liquidate(*loan, **rule, gas=18.0).rounds == 1
    alone = liquidate(*loan, **rule, gas=19.0)
    assert (alone.ending, alone.rounds, alone.cash) == ("no liquidator", 0, -750.0)
    assert alone.ledger.rows() == []


def test_the_fee_goes_to_the_fund_and_never_makes_bad_debt():
    done = liquidate(Linear(0.0), 100.0, 10.0, -920.0, maintenance_rate=0.1, liquidation_fee=0.02)
    assert done.ledger.total("fund", "fee") == pytest.approx(20.0)
    assert done.returned == pytest.approx(60.0)
    poor = liquidate(Linear(0.0), 100.0, 10.0, -990.0, maintenance_rate=0.1, liquidation_fee=0.02)
    assert (poor.ledger.total("fund"), poor.returned, poor.bad_debt) == pytest.approx((10.0, 0.0, 0.0))
    capped = fund_change(100.0, 99.0, 10.0, liquidation_fee=0.02)
    assert poor.ledger.total("fund") == pytest.approx(capped)
    bankrupt = liquidate(Linear(0.0), 100.0, 10.0, -1010.0, maintenance_rate=0.1, liquidation_fee=0.02)
    assert (bankrupt.ledger.total("fund"), bankrupt.bad_debt) == pytest.approx((0.0, 10.0))


def test_a_short_buys_back_and_its_loss_is_the_venues():
    done = liquidate(Linear(0.5), 100.0, -10.0, 1020.0, maintenance_rate=0.1)
    assert done.sold == -10.0
    assert done.price == 105.0
    assert done.bad_debt == pytest.approx(30.0)
    assert done.ledger.total("venue") == pytest.approx(-1050.0)
    assert done.ledger.imbalance < 1e-12


def test_a_safe_account_is_left_alone_even_exactly_at_its_threshold():
    done = liquidate(Linear(0.5), 100.0, 10.0, -900.0, maintenance_rate=0.1)
    assert (done.ending, done.rounds, done.price, done.left) == ("safe", 0, 100.0, 10.0)
    assert done.returned == done.bad_debt == 0.0


@pytest.mark.parametrize("quantity", [0.0, []])
def test_debt_without_assets_is_bad_debt(quantity):
    done = liquidate(Linear(0.5), 100.0, quantity, -50.0, maintenance_rate=0.1, fund=30.0)
    assert (done.ending, done.rounds, done.bad_debt, done.fund_paid, done.unpaid) == ("closed", 0, 50.0, 30.0, 20.0)


def test_the_fund_pays_with_the_fees_that_it_has_just_received():
    rule = {"maintenance_rate": 0.1, "bonus": 0.05, "close_factor": 0.5, "liquidation_fee": 0.05}
    loan = liquidate(Linear(0.0), 100.0, 10.0, -920.0, **rule)
    assert loan.bad_debt > 1
    assert loan.unpaid == 0
    assert loan.ledger.total("fund") == pytest.approx(loan.ledger.total("fund", "fee") - loan.bad_debt)
    sold = liquidate(Linear(1.0), 100.0, 10.0, -948.0, maintenance_rate=0.1, close_factor=0.2, liquidation_fee=0.02)
    assert sold.fund_paid == pytest.approx(sold.ledger.total("fund", "fee"))
    assert sold.ledger.total("fund") == pytest.approx(0.0, abs=1e-9)


@settings(deadline=None)
@given(
    st.floats(0.5, 0.99), st.floats(0.0, 0.2), st.floats(0.05, 1.0), st.floats(0.0, 1000.0), st.floats(0.0, 3.0)
)  # fmt: skip
def test_a_liquidator_never_gets_more_than_the_bonus_on_what_it_repays(owed, bonus, factor, dust, slope):
    rule = {"maintenance_rate": 0.5, "bonus": bonus, "close_factor": factor, "dust": dust}
    done = liquidate(Linear(slope), 100.0, 10.0, -1000.0 * owed, **rule)
    ledger, price = done.ledger, 100.0
    for k, event in enumerate(ledger.events):
        repaid, seized = -ledger.cash[k, 2], ledger.units[k, 2, 0]
        if event == "bite":
            assert seized * price == pytest.approx((1 + bonus) * repaid, rel=1e-9)
            price = max(0.0, price - slope * seized)


def test_dust_gives_back_what_the_debt_does_not_need():
    rule = {"maintenance_rate": 0.5, "bonus": 0.05, "close_factor": 0.5, "dust": 700.0}
    done = liquidate(Linear(0.0), 100.0, 10.0, -600.0, **rule)
    assert (done.cash, done.left[0], done.ledger.total("liquidator")) == pytest.approx((0.0, 3.7, 30.0))
    assert liquidate(Linear(0.5), 100.0, 10.0, -600.0, **rule).ledger.events[0] == "bite"


def test_what_is_worth_nothing_is_closed_at_once():
    done = liquidate(Linear(20.0), 100.0, 10.0, -950.0, maintenance_rate=0.1, close_factor=0.6)
    assert (done.ending, done.rounds) == ("closed", 2)


def test_steps_without_end_are_ended():
    """A position under water that is closed by halves: the remainder is sold after a thousand steps, or as dust."""
    bare = liquidate(Linear(0.0), 100.0, 10.0, -1100.0, maintenance_rate=0.1, close_factor=0.001)
    assert (bare.ending, bare.rounds) == ("closed", 1000)
    dusted = liquidate(Linear(0.0), 100.0, 10.0, -1100.0, maintenance_rate=0.1, close_factor=0.5, dust=10.0)
    assert (dusted.ending, dusted.rounds) == ("closed", 7)
    assert bare.bad_debt == pytest.approx(100.0) == dusted.bad_debt


@pytest.mark.parametrize(("factor", "ending"), [(1e-3, "stopped"), (5e-3, "closed")])
def test_small_bites_without_end_are_stopped_and_not_made_large(factor, ending):
    rule = {"maintenance_rate": 0.1, "fill": "walk", "bonus": 0.05, "close_factor": factor}
    done = liquidate(Linear(0.2), 40.0, 100.0, -3900.0, **rule)
    assert done.ending == ending
    if ending == "stopped":
        assert (done.rounds, done.bad_debt) == (1000, 0.0)
        assert done.cash == pytest.approx(-3900.0 * 0.999**1000)


def test_an_asset_that_is_bitten_away_leaves_no_residue():
    rule = {"maintenance_rate": 0.1, "bonus": 0.02, "close_factor": 0.5, "first": [0, 1]}
    done = liquidate(Linear(0.0), [49.0, 100.0], [0.9, 5.0], -506.013, **rule)
    assert (done.ending, done.left[0]) == ("healthy", 0.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"quantity": [[1.0]]}, "quantity must be a number or a list, got an array of shape"),
        ({"shocked_price": 0.0}, "shocked_price must be positive, got 0"),
        ({"cash": [1.0, 2.0]}, "cash must be a single number"),
        ({"maintenance_rate": 1.0}, r"maintenance_rate must be in \[0, 1\), got 1"),
        ({"close_factor": 0.0}, r"close_factor must be in \(0, 1\], got 0"),
        ({"target_rate": 0.2, "bonus": 0.05}, "target_rate does not go with bonus, liquidation_fee or close_factor"),
        ({"target_rate": 0.2, "liquidation_fee": 0.05}, "target_rate does not go with bonus"),
        ({"target_rate": 0.2, "close_factor": 0.5}, "target_rate does not go with bonus"),
        ({"shocked_price": [75.0, 50.0]}, "the shapes do not broadcast: shocked_price"),
        ({"market": Linear([0.5, 0.2])}, r"market has parameters of shape \(2,\), but quantity has \(1,\)"),
        ({"market": Linear([[0.5]])}, "slope must be a number or a vector here: with a matrix each sale moves all"),
        ({"gas": 1.0}, "gas is the cost of a liquidator and needs a bonus, got 1"),
        ({"first": [1]}, "first must name each of 1 assets once"),
        ({"target_rate": 0.05}, "target_rate must be at least maintenance_rate, got 0.05"),
        ({"bonus": 0.05, "cash": 1.0}, "with a bonus the account must owe cash and hold collateral"),
        ({"bonus": 0.05, "quantity": -1.0}, "with a bonus the account must owe cash and hold collateral"),
        ({"bonus": -0.05}, "bonus must be at least 0, got -0.05"),
        ({"fund": -1.0}, "fund must be at least 0, got -1"),
        ({"fill": "middle"}, "fill must be 'end' or 'walk', got 'middle'"),
    ],
)
def test_bad_input_is_named(change, message):
    arguments = {
        "market": Linear(0.1),
        "shocked_price": 100.0,
        "quantity": 10.0,
        "cash": -950.0,
        "maintenance_rate": 0.1,
        "fill": "walk",
    }
    with pytest.raises(ValueError, match=message):
        liquidate(**{**arguments, **change})
