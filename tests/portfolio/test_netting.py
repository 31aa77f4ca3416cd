import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.portfolio import Account, Balance, Position
from cascadelab.portfolio.netting import net_balances, net_positions
from cascadelab.thresholds import Tiers

TEN = Tiers.flat(0.1)
trades = st.lists(st.tuples(st.sampled_from("AB"), st.floats(-50, 50), st.floats(0, 200)), max_size=6)
prices = st.floats(1.0, 300.0)


@given(trades, prices, prices)
def test_netting_positions_keeps_the_equity(fills, p_a, p_b):
    positions = [Position(asset, size, entry, TEN) for asset, size, entry in fills]
    price = {"A": p_a, "B": p_b}
    netted, realised = net_positions(positions)
    before = sum(float(p.equity(price[p.asset])) for p in positions)
    after = realised + sum(float(p.equity(price[p.asset])) for p in netted)
    assert after == pytest.approx(before, rel=1e-9, abs=1e-7)
    assert Account(5.0, positions=positions).equity(price) == pytest.approx(5.0 + before, rel=1e-9, abs=1e-7)
    assert len(netted) == len({p.asset for p in netted})


@given(trades, prices)
def test_netting_positions_of_one_side_keeps_the_surplus(fills, p_a):
    positions = [Position("A", abs(size), entry, TEN) for _, size, entry in fills]
    before = sum(float(p.equity(p_a) - p.maintenance(p_a)) for p in positions)
    assert Account(0.0, positions=positions).surplus({"A": p_a}) == pytest.approx(before, rel=1e-9, abs=1e-7)


def test_netting_does_not_depend_on_the_order():
    fills = [(3.0, 100.1), (-1.0, 120.3), (0.7, 90.7), (-4.1, 80.9)]
    results = set()
    for order in itertools.permutations(fills):
        (left,), realised = net_positions([Position("A", size, entry, TEN) for size, entry in order])
        results.add((left.quantity, left.entry_price, realised))
    assert len(results) == 1


def test_smaller_side_closes_against_the_larger_and_realises_cash():
    account = Account(100.0, positions=[Position("A", 2.0, 50.0, TEN), Position("A", -6.0, 80.0, TEN)])
    (short,) = account.positions
    assert (short.quantity, short.entry_price) == (-4.0, 80.0)
    assert account.cash == pytest.approx(100.0 + 2 * 30.0)


def test_closed_positions_and_empty_balances_drop_out():
    account = Account(
        0.0,
        [Balance("A", 1.0), Balance("A", -1.0)],
        [Position("B", 2.0, 10.0, TEN), Position("B", -2.0, 13.0, TEN), Position("C", 0.0, 5.0, TEN)],
    )
    assert account.assets == ()
    assert account.surplus({}) == pytest.approx(6.0)


def test_rounding_that_survives_netting_drops_out():
    balances, positions = (
        [Balance("A", q) for q in (0.1, 0.2, -0.3)],
        [Position("A", q, 100.0, TEN) for q in (0.1, 0.2, -0.3)],
    )
    for account in (Account(-10.0, balances), Account(-10.0, positions=positions)):
        assert account.assets == ()
        assert account.cash == pytest.approx(-10.0)
    assert net_balances([Balance("A", 1.0), Balance("A", -1.0 + 1e-9)])[0].quantity == pytest.approx(1e-9)


def test_balances_add_and_a_position_in_the_same_asset_stays_beside_them():
    account = Account(0.0, [Balance("A", 1.0, 0.9), Balance("A", 2.0, 0.9)], [Position("A", -3.0, 0.0, TEN)])
    assert [h.quantity for h in account.holdings] == [3.0, -3.0]
    assert account.equity({"A": 50.0}) == pytest.approx(0.0)
    assert account.maintenance({"A": 50.0}) == pytest.approx(0.1 * 150 + 0.1 * 150)


@pytest.mark.parametrize("change", [{"asset_weight": 0.8}, {"liability_weight": 1.2}])
def test_balances_with_other_weights_can_not_be_netted(change):
    with pytest.raises(ValueError, match=f"balances of 'A' must share their {next(iter(change))} to be netted, got"):
        net_balances([Balance("A", 1.0), Balance("A", 1.0, **change)])


@pytest.mark.parametrize(
    "change",
    [{"tiers": Tiers.flat(0.2)}, {"fee_rate": 0.1}, {"basis": "entry"}, {"basis": "frozen", "mark_price": 9.0}],
)
def test_positions_under_other_rules_can_not_be_netted(change):
    with pytest.raises(ValueError, match=f"positions of 'A' must share their {next(iter(change))} to be netted, got"):
        net_positions(
            [
                Position("A", 1.0, 10.0, TEN),
                Position("A", **({"quantity": 1.0, "entry_price": 10.0, "tiers": TEN} | change)),
            ]
        )


def test_frozen_mark_price_must_be_shared_and_is_ignored_elsewhere():
    frozen = [Position("A", 1.0, 10.0, TEN, basis="frozen", mark_price=mark) for mark in (9.0, 8.0)]
    with pytest.raises(ValueError, match="share their mark_price to be netted"):
        net_positions(frozen)
    (left,), _ = net_positions([Position("A", 1.0, 10.0, Tiers.flat(0.1), mark_price=mark) for mark in (9.0, 8.0)])
    assert left.quantity == 2.0


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("balances", Position("A", 1.0, 10.0, TEN)), ("balances", [Position("A", 1.0, 10.0, TEN)]), ("positions", [3.0])],
)
def test_holdings_of_the_wrong_kind_are_named(name, wrong):
    with pytest.raises(ValueError, match=f"{name} must be a sequence of"):
        Account(0.0, **{name: wrong})
