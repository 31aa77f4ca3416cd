import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.portfolio import Account, Balance, Position, isolated, margin_efficiency, required_margin
from cascadelab.thresholds import Tiers

TEN = Tiers.flat(0.1)
X = Account(-1620.0, [Balance("A", 10, asset_weight=0.9), Balance("B", 20, asset_weight=0.9)])
NOW = {"A": 100.0, "B": 50.0}
HEDGE = Account(0.0, positions=[Position("A", 10.0, 100.0, TEN), Position("B", -20.0, 50.0, TEN)])

sizes = st.floats(-20, 20)
prices = st.floats(1, 300)
margins = st.floats(-500, 2000)
scenario_prices = st.lists(st.tuples(prices, prices), min_size=1, max_size=6)


def book(size_a, size_b, cash=0.0, fixed=0.0):
    return Account(cash, [Balance("A", size_a, 0.9, 1.1)], [Position("B", size_b, 50.0, TEN)], fixed)


@given(sizes, sizes, margins, margins, prices, prices)
def test_legs_add_up_to_the_account_and_safe_legs_make_it_safe(size_a, size_b, cash_a, cash_b, p_a, p_b):
    account = book(size_a, size_b, cash_a + cash_b)
    cash = {"A": cash_a, "B": cash_b}
    if len(account.assets) < 2:
        return
    legs = isolated(account, cash)
    here = {"A": p_a, "B": p_b}
    surplus = [leg.surplus(here) for leg in legs.values()]
    assert sum(surplus) == pytest.approx(account.surplus(here), rel=1e-9, abs=1e-8)
    if min(surplus) >= 1e-8:
        assert not account.liquidatable(here)


def test_kucoins_cross_price_isolates_each_leg_with_its_share_of_the_margin():
    """KuCoin's page: 10 contracts BTC long, 100 ETH short, 1,000 USDT, shared out by notional.

    The page prints 4,610.7 for ETH from a share rounded to 22.62 %; for BTC its own formula gives 48,245, and it
    prints 47,956. With the other leg held instead, ETH would stand at 4,746.2 and BTC would have no price.
    """
    marks, quantities = {"BTC": 62_000.0, "ETH": 3_800.0}, {"BTC": 0.01, "ETH": -1.0}
    rates, share = {"BTC": 0.005, "ETH": 0.01}, 1_000 / (620 + 3_800)
    positions = [Position(a, quantities[a], marks[a], Tiers.flat(rates[a]), fee_rate=0.0006) for a in marks]
    worth = {a: abs(quantities[a]) * marks[a] for a in marks}
    account = Account(1_000.0, positions=positions)
    legs = isolated(account, {a: share * worth[a] for a in marks})
    assert legs["ETH"].liquidation_prices("ETH", {})[1] == pytest.approx(4_610.7, abs=0.3)
    assert legs["BTC"].liquidation_prices("BTC", {})[0] == pytest.approx(62_000 * (1 - share) / 0.9944)
    assert account.liquidation_prices("ETH", marks)[1] == pytest.approx(4_746.2, abs=0.05)
    assert account.liquidation_prices("BTC", marks) == (None, None)


def test_isolated_legs_of_x_die_earlier_than_x():
    legs = isolated(X, {"A": -810.0, "B": -810.0})
    assert legs["A"].liquidation_prices("A", {}) == (90.0, None)
    assert legs["B"].liquidation_prices("B", {}) == (45.0, None)
    after = {"A": 75.0, "B": 50.0}
    assert legs["A"].liquidatable(after)
    assert not legs["B"].liquidatable(after)


def test_balance_and_position_in_one_asset_make_one_leg():
    account = Account(5.0, [Balance("A", 2.0)], [Position("A", -1.0, 10.0, TEN)])
    (leg,) = isolated(account, {"A": 5.0}).values()
    assert leg.surplus({"A": 12.0}) == pytest.approx(account.surplus({"A": 12.0}))


@pytest.mark.parametrize(
    ("account", "cash", "message"),
    [
        (X, ["A", "B"], r"margins must map each asset to its cash, got \['A', 'B'\]"),
        (X, {"A": -1620.0}, r"margins must name exactly the assets \['A', 'B'\], got \['A'\]"),
        (X, {"A": -810.0, "B": -800.0}, "margins must add up to the account's cash -1620, got -1610"),
        (X, {"A": np.nan, "B": -810.0}, r"margins\['A'\] must be finite, got nan"),
        (Account(1.0, fixed_maintenance=1.0), {}, "account must have no fixed_maintenance to be split, got 1"),
    ],
)
def test_split_that_does_not_fit_is_named(account, cash, message):
    with pytest.raises(ValueError, match=message):
        isolated(account, cash)


def test_empty_account_splits_into_nothing():
    assert isolated(Account(0.0), {}) == {}


@given(sizes, sizes, scenario_prices)
def test_required_margin_is_just_enough(size_a, size_b, scenarios):
    bare = book(size_a, size_b)
    moved = dict(zip("AB", np.array(scenarios).T, strict=True))
    need = required_margin(bare, NOW, moved)
    funded = book(size_a, size_b, cash=need - bare.equity(NOW))
    worst = min(np.min(funded.surplus(moved)), funded.surplus(NOW))
    assert worst == pytest.approx(0.0, abs=1e-8)
    assert required_margin(funded, NOW, moved) == pytest.approx(need, rel=1e-9, abs=1e-8)


@given(sizes, sizes, scenario_prices, st.sampled_from([0.0, 25.0]))
def test_cross_margin_never_needs_more_than_isolated_margin(size_a, size_b, scenarios, fixed):
    moved = dict(zip("AB", np.array(scenarios).T, strict=True))
    assert margin_efficiency(book(size_a, size_b, fixed=fixed), NOW, moved) >= -1e-9


@given(sizes, sizes)
def test_cross_margin_saves_nothing_when_every_combination_can_happen(size_a, size_b):
    p_a, p_b = np.meshgrid([70.0, 100.0, 130.0], [35.0, 50.0, 65.0])
    assert margin_efficiency(book(size_a, size_b), NOW, {"A": p_a, "B": p_b}) == pytest.approx(0.0, abs=1e-9)


def test_hedge_saves_most_of_its_margin_when_prices_move_together():
    together = {"A": [80.0, 120.0], "B": [40.0, 60.0]}
    assert required_margin(HEDGE, NOW, together) == pytest.approx(240.0)
    legs = (1000 - 800 + 80) + (1200 - 1000 + 120)
    assert margin_efficiency(HEDGE, NOW, together) == pytest.approx(1 - 240 / legs)


def test_nothing_held_needs_and_saves_nothing():
    assert required_margin(Account(7.0), {}, {}) == 0.0
    assert margin_efficiency(Account(7.0), {}, {}) == 0.0


def test_legs_that_need_nothing_save_nothing():
    free = Account(0.0, [Balance("A", 1.0)])
    assert margin_efficiency(free, NOW, {"A": [120.0]}) == 0.0


def test_scenarios_of_gains_alone_are_met_by_the_maintenance_of_today():
    """Without today's prices (3.14) would divide one gain by another, and fall below zero."""
    longs = Account(0.0, [Balance("A", 1, asset_weight=0.9), Balance("B", 1, asset_weight=0.9)])
    now = {"A": 100.0, "B": 100.0}
    assert margin_efficiency(longs, now, {"A": [150.0, 200.0], "B": [200.0, 150.0]}) == pytest.approx(0.0)


def test_legs_that_require_less_than_nothing_are_named():
    odd = Account(0.0, positions=[Position("A", 1.0, 100.0, Tiers([0.1], [1000.0]))])
    assert odd.maintenance(NOW) == pytest.approx(-990.0)
    with pytest.raises(ValueError, match="account must hold legs that require margin, got -981 in all"):
        margin_efficiency(odd, NOW, {"A": [90.0]})


def test_no_scenario_leaves_the_maintenance_of_today():
    assert required_margin(HEDGE, NOW, {"A": [], "B": []}) == pytest.approx(200.0)


def test_bad_scenarios_are_named():
    with pytest.raises(ValueError, match=r"prices\['A'\] must be positive, got 0"):
        required_margin(HEDGE, NOW, {"A": [0.0], "B": [1.0]})
    with pytest.raises(ValueError, match=r"prices\['A'\] must be a single number"):
        margin_efficiency(HEDGE, {"A": [1.0], "B": 1.0}, {"A": 1.0, "B": 1.0})
