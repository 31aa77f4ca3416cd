import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadelab.contagion import Book, CloseFactor, LargestFirst, ProRata, Solver
from cascadelab.contagion.closing import NUDGE, Positions, checked_parts, checked_rule
from cascadelab.impact import Linear
from cascadelab.liquidation import liquidate

SEEDS = st.integers(0, 2**32 - 1)
TARGETS = st.sampled_from([0.0, 0.02, 0.3])
FEES = st.sampled_from([0.0, 0.01, 0.15])


def random_positions(rng, fee, *, accounts=12, assets=3):
    """Accounts below zero with zero legs, empty rows, weights of one, and legs that are partly gone."""
    value = rng.exponential(100.0, (accounts, assets)) * rng.choice([-1.0, 0.0, 1.0], (accounts, assets))
    rate = rng.choice([0.0, 0.05, 0.2], (accounts, assets))
    counted = value - rate * np.abs(value)
    maintenance = np.abs(value - counted).sum(axis=1)
    cash = -counted.sum(axis=1) - rng.uniform(0.01, 1.5, accounts) * np.maximum(maintenance, 1.0)
    left = np.where(value != 0, rng.choice([1.0, 0.5, 0.004], (accounts, assets)), 0.0)
    return Positions(cash, value, counted, left, fee)


def surplus_after(now, i, part):
    """Surplus and notional after the sale at prices that stay, in plain floats."""
    surplus, gross = now.cash[i], 0.0
    for v, c, x in zip(now.value[i].tolist(), now.counted[i].tolist(), part, strict=True):
        surplus += (1 - x) * c + x * v - now.fund_fee * x * abs(v)
        gross += (1 - x) * abs(v)
    return surplus, gross


@settings(max_examples=100)
@given(SEEDS, TARGETS, FEES, st.sampled_from([0.001, 0.01, 0.3]))
def test_pro_rata_sells_the_smallest_share_that_reaches_the_target_or_all(seed, target, fee, least):
    """Bisection on the surplus after the sale."""
    now = random_positions(np.random.default_rng(seed), fee)
    parts = ProRata(target, least).parts(now)
    for i, part in enumerate(parts):
        assert len(set(part.tolist())) == 1

        def above(x, i=i):
            surplus, gross = surplus_after(now, i, [x] * 3)
            return surplus - target * gross

        if above(1.0) < 0:
            assert part[0] == 1.0
            continue
        low, high = 0.0, 1.0
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (low, middle) if above(middle) >= 0 else (middle, high)
        smallest = max(high, least / now.left[i].max()) if now.left[i].any() else 1.0
        assert part[0] == pytest.approx(min(smallest, 1.0), rel=1e-8)


@settings(max_examples=100)
@given(SEEDS, TARGETS, FEES, st.sampled_from([0.001, 0.01, 0.3]))
def test_largest_first_goes_leg_by_leg_until_the_target(seed, target, fee, least):
    """A loop that takes one leg after the other, the last by bisection."""
    now = random_positions(np.random.default_rng(seed), fee)
    for i, part in enumerate(LargestFirst(target, least).parts(now).tolist()):

        def above(sold, i=i):
            surplus, gross = surplus_after(now, i, sold)
            return surplus - target * gross

        sold, done = [0.0] * 3, False
        for k in sorted(range(3), key=lambda k: -abs(now.value[i, k])):
            whole = [1.0 if j == k else x for j, x in enumerate(sold)]
            if above(whole) - above(sold) <= 1e-9:
                continue
            if above(whole) < 0:
                sold = whole
                continue
            low, high = 0.0, 1.0
            for _ in range(100):
                middle = (low + high) / 2
                tried = [middle if j == k else x for j, x in enumerate(sold)]
                low, high = (low, middle) if above(tried) >= 0 else (middle, high)
            sold[k], done = min(max(high, least / now.left[i, k]), 1.0), True
            break
        assert part == pytest.approx(sold if done else [1.0] * 3, rel=1e-7)


def test_largest_first_takes_the_first_of_equal_legs_and_passes_over_what_does_not_help():
    value = np.array([[100.0, 100.0], [200.0, 100.0]])
    now = Positions(np.array([-181.0, -291.0]), value, value * [[0.9, 0.9], [1.0, 0.9]], np.ones((2, 2)), 0.0)
    assert LargestFirst().parts(now) == pytest.approx(np.array([[0.1, 0.0], [0.0, 0.1]]), rel=1e-6)


def test_no_crumb_of_the_next_leg_is_sold_where_one_leg_is_just_enough():
    value = np.array([[300.0, 100.0, 200.0]])
    now = Positions(np.array([-330.0 - 240.0 / 7]), value, value - value / 7, np.ones((1, 3)), 0.0)
    short = -float(now.surplus[0])
    exact = Positions(now.cash + short - 300.0 / 7, *now[1:])
    for push in (-1e-13, 0.0, 1e-13):
        assert LargestFirst().parts(Positions(exact.cash + push, *exact[1:])).tolist() == [[1.0, 0.0, 0.0]]


def test_rounding_of_the_surplus_still_sells_the_least():
    """The engine saw the account below zero, another order of adding up sees it at zero: no rule sells nothing."""
    value = np.array([[100.0, 50.0], [0.0, 0.0]])
    now = Positions(np.array([-135.0 + 1e-14, -1.0]), value, 0.9 * value, np.where(value > 0, 1.0, 0.0), 0.0)
    part = 0.02 * (1 + NUDGE)
    assert ProRata(least=0.02).parts(now).tolist() == [[part, part], [1.0, 1.0]]
    assert LargestFirst(least=0.02).parts(now).tolist() == [[part, 0.0], [1.0, 1.0]]
    flat = Positions(np.array([-150.0]), value[:1], value[:1], np.ones((1, 2)), 0.0)
    assert LargestFirst().parts(flat).tolist() == [[1.0, 1.0]]


@settings(max_examples=100)
@given(SEEDS, st.sampled_from([0.1, 0.5, 1.0]), st.sampled_from([0.0, 0.5, 1.0]))
def test_close_factor_is_a_fixed_share_or_all(seed, close_factor, all_below):
    now = random_positions(np.random.default_rng(seed), 0.0)
    for i, part in enumerate(CloseFactor(close_factor, all_below=all_below, least=0.01).parts(now).tolist()):
        equity = now.cash[i] + sum(now.value[i].tolist())
        maintenance = sum(abs(v - c) for v, c in zip(now.value[i].tolist(), now.counted[i].tolist(), strict=True))
        rest = max(now.left[i].tolist()) * (1 - close_factor)
        whole = rest < 0.01 or equity <= all_below * maintenance + 1e-9 * sum(map(abs, now.value[i].tolist()))
        assert part == [1.0 if whole else close_factor] * 3


@pytest.mark.parametrize(("close_factor", "fee"), [(0.2, 0.0), (0.5, 0.0), (0.25, 0.01), (0.5, 0.02)])
def test_close_factor_on_one_account_is_the_engine_of_chapter_6(close_factor, fee):
    """Long and short legs, a line of impact each, step by step until healthy; all that both report."""
    market, shocked, quantity = Linear([0.05, 0.02]), [100.0, 50.0], [10.0, -6.0]
    cash = -700.0 + 0.1 * 1300.0 - 20.0
    one = liquidate(
        market, shocked, quantity, cash, maintenance_rate=0.1, close_factor=close_factor, liquidation_fee=fee
    )
    book = Book([cash], [quantity], asset_weight=0.9, liability_weight=1.1)
    end = Solver(book, shocked).run(shocked, market, close=CloseFactor(close_factor), fund_fee=fee)
    assert one.ending == "healthy"
    assert end.rounds == one.rounds >= 1
    assert end.price == pytest.approx(one.price, rel=1e-12)
    assert end.held[0] == pytest.approx(one.left, rel=1e-12)
    assert end.cash[0] == pytest.approx(one.cash, rel=1e-12)
    for party in ("trader", "buyers", "venue", "fund"):
        assert end.ledger.total(party) == pytest.approx(one.ledger.total(party), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ProRata(1.0), r"target must be in \[0, 1\), got 1"),
        (lambda: LargestFirst(-0.1), r"target must be in \[0, 1\), got -0.1"),
        (lambda: ProRata(np.nan), "target must be finite"),
        (lambda: ProRata([0.1]), "target must be a single number"),
        (lambda: ProRata(least=0.0), r"least must be in \(0, 1\], got 0"),
        (lambda: LargestFirst(least=1.5), r"least must be in \(0, 1\], got 1.5"),
        (lambda: CloseFactor(0.0), r"close_factor must be in \(0, 1\], got 0"),
        (lambda: CloseFactor(least=0.0), r"least must be in \(0, 1\]"),
        (lambda: CloseFactor(all_below=2.0), r"all_below must be in \[0, 1\], got 2"),
        (lambda: checked_rule("half"), "close must be 'all' or a rule .* got 'half'"),
        (lambda: checked_rule(0.5), "close must be 'all' or a rule .* got 0.5"),
        (lambda: checked_rule(np.ones(2)), "close must be 'all' or a rule"),
    ],
)
def test_bad_rules_are_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (np.ones((1, 3)), r"close must give parts of shape \(2, 2\), got \(1, 3\)"),
        (np.full((2, 2), 1.5), r"close must give parts in \[0, 1\], got 1.5"),
        (np.array([[0.5, 0.5], [np.nan, 0.5]]), r"close must give parts in \[0, 1\], got nan"),
        (np.array([[0.0, 1.0], [0.5, 0.5]]), "close must sell something of every account"),
    ],
)
def test_bad_parts_are_refused(answer, message):
    class Own:
        def parts(self, now):
            return answer

    value = np.array([[10.0, 0.0], [10.0, 10.0]])
    with pytest.raises(ValueError, match=message):
        checked_parts(Own(), Positions(np.zeros(2), value, value, np.where(value > 0, 1.0, 0.0), 0.0))
