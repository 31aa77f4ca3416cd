import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cascadelab.account import liquidation_price
from cascadelab.portfolio import Account, Balance, Position
from cascadelab.thresholds import VENUES, Tiers

TEN = Tiers.flat(0.1)
ASSETS = ("A", "B", "C")
X = Account(-1620.0, [Balance("A", 10, asset_weight=0.9), Balance("B", 20, asset_weight=0.9)])
NOW = {"A": 100.0, "B": 50.0}

sizes = st.floats(-20, 20).map(lambda q: round(q, 3))
market = st.fixed_dictionaries({asset: st.floats(5, 200) for asset in ASSETS})
rates = st.lists(st.floats(0.002, 0.2), min_size=1, max_size=4, unique_by=lambda r: round(r, 3)).map(sorted)
tiers = rates.map(lambda r: Tiers.from_floors([0, 300, 900, 2000][: len(r)], r))
fees = st.sampled_from([0.0, 0.001])
bases = st.sampled_from(["mark", "mark", "entry", "frozen"])


@st.composite
def accounts(draw):
    balances = [
        Balance(asset, draw(sizes), draw(st.floats(0.5, 1)), draw(st.floats(1, 1.3)))
        for asset in draw(st.lists(st.sampled_from(ASSETS), unique=True, max_size=2))
    ]
    positions = [
        Position(
            asset,
            draw(sizes),
            draw(st.integers(0 if basis != "entry" else 1, 150)),
            draw(tiers),
            draw(fees),
            basis,
            draw(st.floats(5, 150)),
        )
        for asset in draw(st.lists(st.sampled_from(ASSETS), unique=True, max_size=3))
        for basis in [draw(bases)]
    ]
    return Account(draw(st.integers(-2000, 2000)), balances, positions, draw(st.sampled_from([0.0, 50.0])))


def brute_force_interval(surplus, grid):
    """Ends of {t in the grid's range: surplus(t) ≥ 0}, by looking and bisecting; None where the range ends first."""
    values = np.broadcast_to(surplus(grid), grid.shape)
    best = int(np.argmax(values))
    if values[best] < 0:
        return None

    def end(outside, inside):
        if surplus(outside) >= 0:
            return None
        for _ in range(80):
            middle = (outside + inside) / 2
            outside, inside = (outside, middle) if surplus(middle) >= 0 else (middle, inside)
        return inside

    return end(grid[0], grid[best]), end(grid[-1], grid[best])


def agree(exact, brute, surplus, low, high, scale):
    """An exact (lower, upper) against brute force, within the rounding of a surplus whose terms have this scale."""
    if brute is None:  # the grid saw nothing safe: what is exactly safe lies outside, or between two of its points
        first = low if exact[0] is None else max(exact[0], low)
        last = high if exact[1] is None else min(exact[1], high)
        assert math.isnan(first + last) or first > last or surplus((first + last) / 2) >= -scale
        return
    for end, found, outer in zip(exact, brute, (low, high), strict=True):
        if found is None:
            assert end is None or (end <= low if outer == low else end >= high)
        else:
            assert end is not None
            assert abs(surplus(end)) <= scale
            assert abs(surplus(found)) <= scale


@pytest.mark.unmeasured
@given(accounts(), market, st.sampled_from(ASSETS))
def test_liquidation_prices_are_where_brute_force_finds_them(account, prices, asset):
    low, high = 1e-4, 1e5

    def surplus(p):
        return account.surplus(prices | {asset: p})

    brute = brute_force_interval(surplus, np.geomspace(low, high, 60))
    agree(account.liquidation_prices(asset, prices), brute, surplus, low, high, 1e-6)


@pytest.mark.unmeasured
@given(accounts(), market, st.fixed_dictionaries({asset: st.integers(-50, 50) for asset in ASSETS}))
def test_exit_is_where_brute_force_finds_it(account, prices, direction):
    held = [asset for asset in account.assets if direction[asset]]
    assume(held)
    limits = [-prices[a] / direction[a] for a in held]
    low = max((t for t, a in zip(limits, held, strict=True) if direction[a] > 0), default=-1e4)
    high = min((t for t, a in zip(limits, held, strict=True) if direction[a] < 0), default=1e4)
    low, high = max(low, -1e4) * (1 - 1e-9), min(high, 1e4) * (1 - 1e-9)

    def surplus(t):
        moved = {a: prices[a] + t * direction[a] for a in ASSETS}
        return account.surplus({a: np.maximum(p, 1e-12) for a, p in moved.items()})

    brute = brute_force_interval(surplus, np.linspace(low, high, 60))
    agree(account.exit(prices, direction), brute, surplus, low, high, 1e-4)


@pytest.mark.unmeasured
@given(accounts(), market, st.sampled_from(ASSETS))
def test_exit_along_one_price_is_the_liquidation_price(account, prices, asset):
    assume(asset in account.assets)
    prices = prices | {asset: 100.0}
    for threshold, t in zip(account.liquidation_prices(asset, prices), account.exit(prices, {asset: 1.0}), strict=True):
        if threshold is None or t is None or math.isnan(threshold):
            assert (threshold is None) == (t is None)
        else:
            assert 100.0 + t == pytest.approx(threshold, rel=1e-9, abs=1e-7)


@pytest.mark.unmeasured
@given(accounts(), market, market, st.floats(0, 1))
def test_surplus_is_concave_along_any_line(account, start, end, share):
    between = {asset: share * start[asset] + (1 - share) * end[asset] for asset in ASSETS}
    mixed = share * account.surplus(start) + (1 - share) * account.surplus(end)
    assert account.surplus(between) >= mixed - 1e-8


@pytest.mark.unmeasured
@given(accounts(), market, market)
def test_at_most_two_thresholds_along_any_line(account, start, end):
    share = np.linspace(0, 1, 201)
    safe = account.surplus({asset: (1 - share) * start[asset] + share * end[asset] for asset in ASSETS}) >= 0
    assert np.count_nonzero(np.diff(np.broadcast_to(safe, share.shape))) <= 2


@given(accounts(), market)
def test_face_is_the_surplus_at_its_prices_and_above_it_elsewhere(account, prices):
    assets, normal, offset = account.face(prices)
    here = np.array([prices[asset] for asset in assets])
    assert normal @ here - offset == pytest.approx(account.surplus(prices), abs=1e-8)
    elsewhere = {asset: price * 1.7 for asset, price in prices.items()}
    assert normal @ (1.7 * here) - offset >= account.surplus(elsewhere) - 1e-8


@pytest.mark.unmeasured
@given(accounts(), market)
def test_surplus_is_equity_minus_maintenance_and_arrays_are_many_scalars(account, prices):
    assert account.surplus(prices) == account.equity(prices) - account.maintenance(prices)
    column = {"A": [[prices["A"]], [2 * prices["A"]]], "B": [prices["B"], 3 * prices["B"]], "C": prices["C"]}
    grid = np.broadcast_to(account.surplus(column), (2, 2))
    for i, j in np.ndindex(2, 2):
        one = {"A": (i + 1) * prices["A"], "B": (1 + 2 * j) * prices["B"], "C": prices["C"]}
        assert grid[i, j] == pytest.approx(account.surplus(one), rel=1e-12, abs=1e-9)


def test_running_example_of_chapter_0():
    assert X.face(NOW).normal.tolist() == [9.0, 18.0]
    assert X.face(NOW).offset == 1620.0
    assert X.liquidation_prices("A", {"B": 50.0}) == (80.0, None)
    assert X.surplus({"A": 75.0, "B": 50.0}) == pytest.approx(-45.0)
    assert Account(-1269.0, [Balance("B", 30, asset_weight=0.9)]).liquidation_prices("B", {}) == (47.0, None)
    z = Account(-650.0, [Balance("A", 5, asset_weight=0.9), Balance("B", 10, asset_weight=0.9)])
    assert z.surplus({"A": 70.0, "B": 40.0}) == pytest.approx(25.0)
    assert z.equity({"A": 70.0, "B": 40.0}) == pytest.approx(100.0)


def test_zero_surplus_is_safe_and_anything_below_is_liquidatable():
    account = Account(-10.0, [Balance("A", 1.0)])
    assert account.liquidatable({"A": 10.0}) is False
    assert account.liquidatable({"A": 10.0 * (1 - 1e-11)}) is True
    assert account.liquidatable({"A": [9.0, 10.0, 11.0]}).tolist() == [True, False, False]


def test_accounts_of_whole_numbers_are_safe_exactly_at_their_limit():
    """Liquity's 11,000 for 10,000 at 110 %, Maker's 30 units at 5 for 100 at 150 %, 250 owed on 10 at 30 and 5/6."""
    for cash, quantity, weight, price in (
        (-1e4, 1.0, 1 / 1.1, 11e3),
        (-100.0, 30.0, 1 / 1.5, 5.0),
        (-250.0, 10.0, 5 / 6, 30.0),
    ):
        loan = Account(cash, [Balance("E", quantity, weight)])
        assert loan.liquidatable({"E": [price, price * (1 - 1e-9)]}).tolist() == [False, True]
        assert loan.liquidation_prices("E", {})[0] == pytest.approx(price, rel=1e-15)


def test_what_netting_realised_may_cancel_the_cash_to_exactly_zero():
    tiers = Tiers.flat(0.05)
    for cents in range(1, 200):
        legs = [Position("A", 1e3, 1e5, tiers), Position("A", -1e3, 1e5 + cents / 100, tiers)]
        assert Account(-10.0 * cents, [], legs).liquidatable({}) is False
        assert Account(-10.0 * cents - 0.01, [], legs).liquidatable({}) is True


def test_loans_and_positions_at_their_limit_are_decided_as_by_hand():
    """Whole units at whole prices, exactly at maintenance: their surplus is rounding, often below zero."""
    negative = 0
    for percent in range(1, 100):
        for quantity, price in ((3, 7), (7, 90), (30, 46), (11, 13)):
            weight, debt = percent / 100, percent * quantity * price / 100
            loan = Account(-debt, [Balance("A", quantity, weight)])
            booked = Account(-debt, [], [Position("A", quantity, 0.0, Tiers.flat(1 - weight))])
            entered = Account(quantity - debt, [], [Position("A", quantity, 1.0, Tiers.flat(1 - weight))])
            short = Account(
                quantity * price + quantity * price * percent / 100,
                [],
                [Position("A", -quantity, 0.0, Tiers.flat(weight))],
            )
            for account in (loan, booked, entered, short):
                negative += account.surplus({"A": price}) < 0
                assert account.liquidatable({"A": price}) is False
                worse = price * (1 + 1e-9 if account is short else 1 - 1e-9)
                assert account.liquidatable({"A": worse}) is True
    assert negative > 100


def test_a_rule_and_an_account_agree_at_the_limit():
    rule = VENUES["Drift"]
    for leverage in (1.1, 2.0, 3.0, 7.0):
        for entry in (50.0, 64.0, 90.3):
            margin = entry / leverage
            lower, _ = rule.liquidation_prices(1.1, entry, 1.1 * margin)
            account = Account(1.1 * margin, [], [Position("A", 1.1, entry, rule.tiers)])
            for price in (lower, lower * (1 - 1e-9), lower * (1 + 1e-9)):
                assert account.liquidatable({"A": price}) is rule.liquidatable(1.1, entry, 1.1 * margin, price)


@pytest.mark.parametrize("tiny", [1e-300, 1e-17, 1e-14, 1e-12, 1e-10])
def test_exit_keeps_its_digits_when_one_direction_is_tiny(tiny):
    account = Account(-100.0, [Balance("A", 1.0, 0.9), Balance("B", 10.0, 0.9)])
    lower, upper = account.exit(NOW, {"A": tiny, "B": -50.0})
    assert lower is None
    assert upper == pytest.approx((90 + 450 - 100) / 450, rel=1e-9)
    noise = 100 * (1.1 - 1.0 - 0.1)  # a beta of 8e-17 instead of 0
    assert X.exit(NOW, {"A": noise, "B": -50.0}) == pytest.approx((None, 0.2))


def test_exit_of_an_account_that_ignores_a_moving_asset_is_that_of_the_rest():
    y = Account(-1269.0, [Balance("B", 30, asset_weight=0.9)])
    assert y.exit(NOW, NOW) == y.exit(NOW, {"B": 50.0})
    assert y.exit(NOW, NOW)[0] == pytest.approx(47 / 50 - 1)


def test_hedge_mode_is_another_venue_rule_with_an_earlier_price():
    """Long 10 and short 4 are netted to 6; a venue that charges both sides liquidates at 500 / 5.3 instead."""
    five = Tiers.flat(0.05)
    netted = Account(100.0, positions=[Position("A", 10.0, 100.0, five), Position("A", -4.0, 100.0, five)])
    assert netted.liquidation_prices("A", {})[0] == pytest.approx(500 / 5.7)


def test_offset_of_a_face_is_fixed_less_cash_plus_entries_less_deductions():
    tiers = Tiers.from_floors([0, 500], [0.05, 0.1])
    positions = [Position("A", 10.0, 90.0, tiers), Position("B", -4.0, 60.0, tiers)]
    face = Account(300.0, positions=positions, fixed_maintenance=7.0).face(NOW)
    assert face.offset == pytest.approx(7 - 300 + 10 * 90 - 4 * 60 - tiers.deductions[1])


def test_one_position_is_the_account_of_chapter_1():
    for quantity, side in ((2.0, 0), (-2.0, 1)):
        for basis in ("mark", "entry"):
            account = Account(50.0, positions=[Position("A", quantity, 100.0, Tiers.flat(0.05), basis=basis)])
            expected = liquidation_price(quantity, 100.0, 50.0, 0.05, basis=basis)
            assert account.liquidation_prices("A", {})[side] == pytest.approx(expected, rel=1e-14)


def test_long_balance_with_a_short_position_in_tiers_has_two_thresholds():
    short = Position("A", -9.0, 0.0, Tiers.from_floors([0, 1_000], [0.01, 0.5]))
    account = Account(-50.0, [Balance("A", 10.0)], [short])
    lower, upper = account.liquidation_prices("A", {})
    assert lower == pytest.approx(50 / (10 - 9.09))
    assert upper == pytest.approx((-50 + 1_000 * 0.49) / (9 * 1.5 - 10))
    assert account.surplus({"A": (lower + upper) / 2}) > 0


def test_hedged_book_dies_when_both_prices_rise():
    hedge = Account(300.0, positions=[Position("A", 10.0, 100.0, TEN), Position("B", -20.0, 50.0, TEN)])
    lower, upper = hedge.exit(NOW, NOW)
    assert lower is None
    assert upper == pytest.approx(0.5)
    assert hedge.liquidation_prices("A", NOW)[1] is None
    assert hedge.liquidation_prices("B", NOW)[0] is None


def test_empty_account_is_cash_alone():
    empty = Account(0.0)
    assert empty.assets == ()
    assert empty.surplus({}) == empty.equity({}) == empty.maintenance({}) == 0.0
    assert empty.liquidatable({}) is False
    assert empty.liquidation_prices("A", {}) == (None, None)
    assert empty.exit({"A": 1.0}, {"A": 1.0}) == (None, None)
    assert empty.face({}).normal.size == 0
    debt = Account(-1.0)
    assert debt.liquidatable({}) is True
    for answer in (debt.liquidation_prices("A", {}), debt.exit({}, {})):
        assert all(math.isnan(end) for end in answer)


def test_account_below_maintenance_has_an_interval_without_its_price():
    assert X.liquidatable({"A": 75.0, "B": 50.0})
    assert X.liquidation_prices("A", {"A": 75.0, "B": 50.0})[0] > 75.0
    lower, upper = X.exit({"A": 75.0, "B": 50.0}, {"A": 1.0})
    assert lower == pytest.approx(5.0)
    assert upper is None


def test_no_price_of_a_held_asset_may_make_the_account_safe():
    hopeless = Account(-100.0, positions=[Position("A", -1.0, 10.0, TEN)])
    assert all(math.isnan(end) for end in hopeless.liquidation_prices("A", {}))
    assert all(math.isnan(end) for end in hopeless.exit({"A": 10.0}, {"A": 1.0}))


def test_fixed_maintenance_is_cash_that_can_not_be_used():
    with_fixed, without = Account(10.0, fixed_maintenance=4.0), Account(6.0)
    assert with_fixed.surplus({}) == without.surplus({})
    assert with_fixed.equity({}) == 10.0


def test_state_is_frozen():
    with pytest.raises(AttributeError):
        X.cash = 0.0
    with pytest.raises(ValueError, match="read-only"):
        X.face(NOW).normal[0] = 1.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Account(math.nan), "cash must be finite, got nan"),
        (lambda: Account([1.0, 2.0]), r"cash must be a single number, got an array of shape \(2,\)"),
        (lambda: Account(0.0, fixed_maintenance=-1.0), "fixed_maintenance must be at least 0, got -1"),
        (lambda: X.surplus({"A": 1.0}), r"prices must contain 'B', got only \['A'\]"),
        (lambda: X.surplus([1.0, 2.0]), r"prices must map each asset to its price, got \[1.0, 2.0\]"),
        (lambda: X.surplus({"A": 0.0, "B": 1.0}), r"prices\['A'\] must be positive, got 0"),
        (lambda: X.equity({"A": -2.0, "B": 1.0}), r"prices\['A'\] must be positive, got -2"),
        (lambda: X.maintenance({"A": 1.0, "B": math.nan}), r"prices\['B'\] must be finite, got nan"),
        (lambda: X.liquidatable({"A": 1.0, "B": math.inf}), r"prices\['B'\] must be finite, got inf"),
        (
            lambda: X.surplus({"A": [1.0, 2.0], "B": [1.0, 2.0, 3.0]}),
            r"the shapes do not broadcast: A \(2,\), B \(3,\)",
        ),
        (lambda: X.liquidation_prices("A", {}), r"prices must contain 'B', got only \[\]"),
        (lambda: X.liquidation_prices("A", {"B": [1.0]}), r"prices\['B'\] must be a single number, got an array"),
        (lambda: X.face({"A": 1.0}), "prices must contain 'B'"),
        (lambda: X.exit(NOW, [1.0]), r"direction must map assets to numbers, got \[1.0\]"),
        (lambda: X.exit(NOW, {"A": math.inf}), r"direction\['A'\] must be finite, got inf"),
        (lambda: X.exit({"A": 1.0}, {"A": 1.0}), "prices must contain 'B'"),
        (lambda: X.exit(NOW, {"a": 100.0, "b": 50.0}), "direction must name assets that have a price, got 'a'"),
        (lambda: X.exit([1.0], {"A": 1.0}), r"prices must map each asset to its price, got \[1.0\]"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
