import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadelab.contagion import Book, CloseFactor, LargestFirst, ProRata, Solver
from cascadelab.contagion.closing import NUDGE, Positions
from cascadelab.impact import Exponential, Linear
from cascadelab.start_here import example
from tests.contagion.books import random_book, random_impact, random_shock
from tests.contagion.test_marked import random_marks

SEEDS = st.integers(0, 2**32 - 1)


def random_rule(rng):
    return (
        ProRata(rng.choice([0.0, 0.05, 0.3]), rng.choice([0.01, 0.1])),
        LargestFirst(rng.choice([0.0, 0.05, 0.3]), rng.choice([0.01, 0.1])),
        CloseFactor(rng.choice([0.1, 0.5, 1.0]), all_below=rng.choice([0.0, 0.5])),
    )[rng.integers(3)]


def random_case(seed, *, coherent=None):
    """Solver, arguments of a run, signs; marks and a fee in half of the cases."""
    rng = np.random.default_rng(seed)
    assets = int(rng.integers(1, 4))
    signs = rng.choice([-1.0, 1.0], assets)
    one_sign = rng.random() < 0.6 if coherent is None else coherent
    book, price = random_book(rng, int(rng.integers(1, 25)), assets, signs=signs if one_sign else None, tie_share=0.0)
    impact, shocked = random_impact(rng, book, price, signs), random_shock(rng, price, signs)
    options = {
        "fund_fee": rng.choice([0.0, 0.01, 0.3]),
        "marks": random_marks(rng, signs) if rng.random() < 0.5 else None,
    }
    return Solver(book, price), (shocked, impact), options, random_rule(rng)


def one_leg_at_a_time(rule, positions, surplus, fee):
    """Parts of one account's legs in plain floats; a leg is its value, its counted value, and the share left."""
    gross = sum(abs(v) for v, _, _ in positions)
    if isinstance(rule, CloseFactor):
        equity = surplus + sum(v - c for v, c, _ in positions)
        deep = equity <= rule.all_below * (equity - surplus) + NUDGE * gross
        small = max(left for _, _, left in positions) * (1 - rule.close_factor) < rule.least
        return [1.0 if deep or small else rule.close_factor] * len(positions)
    need = rule.target * gross - surplus
    gain = [v - c - fee * abs(v) + rule.target * abs(v) for v, c, _ in positions]
    if isinstance(rule, ProRata):
        most = max(left for _, _, left in positions)
        if sum(gain) <= 0 or need > sum(gain) or most == 0:
            return [1.0] * len(positions)
        return [min(1.0, max(need * (1 + NUDGE) / sum(gain), rule.least * (1 + NUDGE) / most))] * len(positions)
    parts = [0.0] * len(positions)
    for k in sorted(range(len(positions)), key=lambda k: (-abs(positions[k][0]), k)):
        if gain[k] <= 0:
            continue
        if need > gain[k]:
            parts[k], need = 1.0, need - gain[k]
            continue
        parts[k] = min(1.0, max(need * (1 + NUDGE) / gain[k], rule.least * (1 + NUDGE) / positions[k][2]))
        return parts
    return [1.0] * len(positions)


def brute_force(book, shocked, impact, rule, *, fund_fee, marks):
    """Rounds in plain loops over dictionaries: account, leg, unit; the fields that are compared."""
    cash = dict(enumerate(np.asarray(book.cash).tolist()))
    first = np.asarray(book.quantity).tolist()
    weight = [
        [w / q if q else 0.0 for w, q in zip(*rows, strict=True)]
        for rows in zip(book.weights.tolist(), first, strict=True)
    ]
    held = {i: list(row) for i, row in enumerate(first)}
    assets, traded, rounds = range(len(shocked)), list(shocked), 0
    times, fees, paid, closed = dict.fromkeys(cash, 0), dict.fromkeys(cash, 0.0), 0.0, {}
    while True:
        seen = traded if marks is None else [math.fsum(w * p for w, p in zip(r, traded, strict=True)) for r in marks]
        selling = {}
        for i in cash:
            legs = [(held[i][k] * seen[k], held[i][k] * weight[i][k] * seen[k]) for k in assets]
            surplus = cash[i] + sum(c for _, c in legs)
            if surplus < 0 and i not in closed:
                left = [held[i][k] / first[i][k] if held[i][k] else 0.0 for k in assets]
                full = [(*leg, share) for leg, share in zip(legs, left, strict=True)]
                selling[i] = one_leg_at_a_time(rule, full, surplus, fund_fee)
        if not selling:
            return {
                "price": traded, "mark_price": seen, "cash": list(cash.values()), "held": list(held.values()),
                "times": list(times.values()), "paid_fees": list(fees.values()), "rounds": rounds, "paid": paid,
                "died": [closed.get(i, 0) for i in cash],
            }  # fmt: skip
        rounds += 1
        units = {i: [held[i][k] * part[k] for k in assets] for i, part in selling.items()}
        for i, sold in units.items():
            held[i] = [0.0 if selling[i][k] == 1 else held[i][k] - sold[k] for k in assets]
            times[i] += 1
        total = [math.fsum(first[i][k] - held[i][k] for i in cash) for k in assets]
        traded = np.asarray(impact.price(shocked, np.array(total))).tolist()
        for i, sold in units.items():
            raised = sum(u * p for u, p in zip(sold, traded, strict=True))
            paid += raised
            cash[i] += raised
            worth = cash[i] + sum(q * p for q, p in zip(held[i], traded, strict=True))
            fee = min(fund_fee * sum(abs(u) * p for u, p in zip(sold, traded, strict=True)), max(worth, 0.0))
            cash[i] -= fee
            fees[i] += fee
            if not any(held[i]):
                closed[i] = rounds


@pytest.mark.unmeasured
@pytest.mark.parametrize("seed", range(20))
def test_engine_is_the_loop_account_by_account_and_leg_by_leg(seed):
    again = 0
    for case in range(60):
        solver, (shocked, impact), options, rule = random_case([9, seed, case])
        end = solver.run(shocked, impact, close=rule, **options)
        loop = brute_force(solver.book, shocked, impact, rule, **options)
        scale = np.abs(np.asarray(solver.book.cash)).max() + 1.0
        for name in ("price", "mark_price", "held", "cash", "paid_fees"):
            assert getattr(end, name) == pytest.approx(np.array(loop[name]), rel=1e-6, abs=1e-7 * scale), name
        assert end.times.tolist() == loop["times"]
        assert end.died.tolist() == loop["died"]
        assert end.rounds == loop["rounds"]
        assert -end.ledger.total("buyers") == pytest.approx(loop["paid"], rel=1e-7, abs=1e-7 * scale)
        again += end.times.max() > 1
    assert again > 5


@settings(max_examples=100)
@given(SEEDS)
def test_whole_accounts_by_the_way_of_parts_are_rounds_to_the_last_bit(seed):
    solver, run, options, _ = random_case(seed)
    whole = solver.run(*run, schedule="rounds", **options)
    parts = solver.run(*run, close=CloseFactor(1.0), **options)
    for name in ("price", "mark_price", "liquidated", "closed", "sold", "rounds", "path", "died", "stopped_at_zero"):
        assert np.array_equal(getattr(parts, name), getattr(whole, name))
    scale = np.abs(np.asarray(solver.book.cash)).sum() + 1.0
    for call in ("left", "fees", "bad_debt"):
        assert getattr(parts, call)("step") == pytest.approx(getattr(whole, call)("step"), abs=1e-12 * scale)
    assert parts.ledger.cash == pytest.approx(whole.settle("step").cash, abs=1e-12 * scale)


@settings(max_examples=100)
@given(SEEDS)
def test_cash_and_units_are_conserved_and_no_leg_changes_its_sign(seed):
    solver, run, options, rule = random_case(seed)
    end, book = solver.run(*run, close=rule, **options), solver.book
    quantity, cash = np.asarray(book.quantity), np.asarray(book.cash)
    scale = np.abs(cash).sum() + 1.0
    assert end.ledger.imbalance <= 1e-12
    assert (np.abs(end.held) <= np.abs(quantity)).all()
    assert (end.held * quantity >= 0).all()
    assert end.sold == pytest.approx((quantity - end.held).sum(axis=0), rel=1e-12, abs=1e-12)
    assert end.ledger.total_units("buyers") == pytest.approx(end.sold, rel=1e-9, abs=1e-9)
    assert np.array_equal(end.held[~end.liquidated], quantity[~end.liquidated])
    assert np.array_equal(end.cash[~end.liquidated], cash[~end.liquidated])
    assert not end.held[end.closed].any()
    assert np.array_equal(end.times > 0, end.liquidated)
    assert not (end.closed & ~end.liquidated).any()
    raised = -end.ledger.total("buyers")
    assert (end.cash - cash).sum() + end.paid_fees.sum() == pytest.approx(raised, abs=1e-11 * scale)
    assert end.ledger.total("fund") == pytest.approx(end.paid_fees.sum(), abs=1e-11 * scale)
    assert end.ledger.total("trader") == pytest.approx(np.maximum(end.left("step"), 0.0).sum(), abs=1e-11 * scale)
    by_price = sum(
        float(moved @ p) for moved, p in zip(-end.ledger.units[::1, 0], end.path[end.ledger.rounds,], strict=True)
    )
    assert by_price == pytest.approx(raised, abs=1e-11 * scale)


@settings(max_examples=100)
@given(SEEDS)
def test_nobody_open_is_below_zero_at_the_end(seed):
    solver, run, options, rule = random_case(seed)
    end, book = solver.run(*run, close=rule, **options), solver.book
    weights = book.weights * np.divide(end.held, book.quantity, out=np.zeros(end.held.shape), where=end.held != 0)
    surplus = end.cash + weights @ end.mark_price
    assert (surplus[~end.closed] >= -1e-9 * (1 + np.abs(end.cash[~end.closed]))).all()
    assert not end.order_free


@settings(max_examples=200)
@given(SEEDS)
def test_in_an_order_free_book_nobody_sells_whom_whole_accounts_spare(seed):
    """To the last bit, whatever the rule, the fee and the marks; and prices end no worse."""
    solver, run, options, rule = random_case(seed, coherent=True)
    whole, parts = solver.run(*run, **options), solver.run(*run, close=rule, **options)
    assert whole.order_free
    assert not (parts.liquidated & ~whole.liquidated).any()
    signs = solver.book.signs
    assert (signs * parts.mark_price >= signs * whole.mark_price).all()
    if options["marks"] is None and not options["fund_fee"]:
        assert parts.bad_debt("step") <= whole.bad_debt("end") * (1 + 1e-9) + 1e-9


def test_in_a_hedged_book_parts_may_take_more_accounts_than_whole_ones():
    """The theorem needs its hypotheses: of random hedged books, some lose more accounts to parts."""

    def more(case):
        solver, run, _, rule = random_case([5, case], coherent=False)
        whole, parts = solver.run(*run, schedule="rounds"), solver.run(*run, close=rule)
        return parts.liquidated.sum() > whole.liquidated.sum()

    assert any(more(case) for case in range(400))


def test_unpaid_at_steps_may_be_more_in_parts():
    """Whoever is sold whole at once is paid before others sell; in parts the rest is sold after them."""

    def more(case):
        solver, run, options, rule = random_case([6, case], coherent=True)
        options["fund_fee"] = 0.0
        whole, parts = solver.run(*run, schedule="rounds", **options), solver.run(*run, close=rule, **options)
        return parts.bad_debt("step") > whole.bad_debt("step") * (1 + 1e-6) + 1e-6

    assert any(more(case) for case in range(400))


@settings(max_examples=60)
@given(SEEDS)
def test_permuting_accounts_changes_nothing(seed):
    solver, run, options, rule = random_case(seed)
    book, order = solver.book, np.random.default_rng(seed).permutation(len(solver.book))
    weights = [np.broadcast_to(w, np.shape(book.quantity))[order] for w in (book.asset_weight, book.liability_weight)]
    mixed = Solver(Book(np.asarray(book.cash)[order], np.asarray(book.quantity)[order], *weights), solver.price)
    one, other = solver.run(*run, close=rule, **options), mixed.run(*run, close=rule, **options)
    assert np.array_equal(other.price, one.price)
    assert np.array_equal(other.times, one.times[order])
    assert np.array_equal(other.cash, one.cash[order])


def test_without_weights_below_one_all_is_sold_at_once():
    """A unit sold brings no surplus: S < 0 is a debt that nothing covers, and the rules sell everything."""
    book, price = Book([-101.0, -99.0], [[1.0, 0.5], [1.0, 0.0]]), [60.0, 60.0]
    for rule in (ProRata(), ProRata(0.2), LargestFirst(), LargestFirst(0.2), CloseFactor(0.5)):
        end = Solver(book, price).run(price, Linear(0.0), close=rule)
        assert end.closed.tolist() == [True, True]
        assert end.times.tolist() == [1, 1]
        assert end.bad_debt("step") == pytest.approx(11.0 + 39.0)


def test_fee_that_eats_what_a_unit_brings_makes_all_of_it():
    book = Book([-91.0], [[1.0]], asset_weight=0.9)
    for fee, closed in ((0.0, False), (0.05, False), (0.1, True), (0.2, True)):
        end = Solver(book, [100.0]).run([100.0], Linear(0.0), close=ProRata(), fund_fee=fee)
        assert end.closed.tolist() == [closed]
        assert end.cash[0] + float(end.held[0, 0]) * 100.0 == pytest.approx(9.0 - end.paid_fees[0])


def test_thousandth_sale_takes_everything():
    class Crumbs:
        def parts(self, now):
            return np.full(now.value.shape, 1e-6)

    book = Book([-99.0], [[1.0]], asset_weight=0.9)
    end = Solver(book, [100.0]).run([100.0], Linear(0.0), close=Crumbs())
    assert end.rounds == end.times[0] == end.died[0] == 1000
    assert end.closed.all()
    assert end.cash[0] == pytest.approx(1.0)


@pytest.mark.parametrize("rule", [ProRata, LargestFirst])
@pytest.mark.parametrize("least", [0.01, 0.05, 0.1, 1 / 7, 1 / 6, 0.2, 1 / 3, 0.5, 1.0])
def test_least_sales_leave_no_dust(rule, least):
    """An account that is hardly below zero again and again, so that every sale is the least."""
    held, sales = 1.0, 0
    while held > 0:
        value = np.array([[100.0 * held]])
        now = Positions(-0.9 * value[0] - 1e-9, value, 0.9 * value, np.array([[held]]), 0.0)
        part = rule(0.0, least).parts(now)[0, 0]
        held = 0.0 if part == 1 else held - held * part
        sales += 1
    assert sales == math.ceil(1 / least - 1e-9)


def test_rule_may_answer_with_what_can_not_be_written_to():
    class Half:
        def parts(self, now):
            return np.broadcast_to(0.5, now.value.shape)

    book = Book([-91.0, -1.0], [[1.0], [0.0]], asset_weight=0.9)
    end = Solver(book, [100.0]).run([100.0], Linear(0.0), close=Half())
    assert end.times.tolist() == [1, 1]
    assert end.closed.tolist() == [False, True]
    assert end.bad_debt("step") == 1.0


def test_running_example_in_halves():
    """By hand: X sells a half at (72.5, 48), is 19.25 short, sells a quarter at (71.25, 47); Y is then at zero."""
    book = Book(example.CASH, example.QUANTITIES, asset_weight=0.9)
    end = Solver(book, example.PRICES).run([75.0, 50.0], Linear(example.IMPACT), close=CloseFactor(0.5))
    assert end.path.tolist() == [[75.0, 50.0], [72.5, 48.0], [71.25, 47.0]]
    assert end.held.tolist() == [[2.5, 5.0], [0.0, 30.0], [5.0, 10.0]]
    assert end.cash.tolist() == [-1620.0 + 842.5 + 413.125, -1269.0, -650.0]
    assert (end.rounds, end.times.tolist()) == (2, [2, 0, 0])
    assert end.waterfall(10.0).unpaid == 0.0


def test_sweep_takes_a_rule():
    rng = np.random.default_rng(4)
    book, price = random_book(rng, 50, 2, signs=np.ones(2))
    prepared, shocks = Solver(book, price), price * (1 - 0.3 * rng.random((4, 2)))
    swept = prepared.sweep(shocks, Exponential(0.001), close=ProRata(0.1), accounts=True)
    assert not swept.order_free
    for scenario, shocked in enumerate(shocks):
        end = prepared.run(shocked, Exponential(0.001), close=ProRata(0.1))
        assert np.array_equal(swept.price[scenario], end.price)
        assert np.array_equal(swept.liquidated[scenario], end.liquidated)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"close": "half"}, "close must be 'all' or a rule .* got 'half'"),
        ({"close": 0.5}, "close must be 'all' or a rule .* got 0.5"),
        ({"close": ProRata}, "close must be 'all' or a rule .* got <class .*ProRata'>"),
        ({"close": ProRata(), "schedule": "sequential"}, "schedule must be any or rounds where accounts are closed in"),
    ],
)
def test_bad_rules_are_refused_in_run_and_sweep(options, message):
    prepared = Solver(Book([1.0], [[1.0]]), [1.0])
    with pytest.raises(ValueError, match=message):
        prepared.run([1.0], Linear(1.0), **options)
    with pytest.raises(ValueError, match=message):
        prepared.sweep([[1.0]], Linear(1.0), **options)


def test_only_fill_rule_is_step_and_arrays_are_read_only():
    end = Solver(Book([-91.0], [[1.0]], asset_weight=0.9), [100.0]).run([100.0], Linear(1.0), close=ProRata())
    for call in (end.settle, end.left, end.bad_debt, end.fees):
        with pytest.raises(ValueError, match=r"fill must be 'step' where accounts are closed in parts.* got 'end'"):
            call("end")
    for name in (
        "cash",
        "held",
        "times",
        "paid_fees",
        "liquidated",
        "died",
        "price",
        "sold",
        "path",
        "stopped_at_zero",
    ):
        with pytest.raises(ValueError, match="read-only"):
            getattr(end, name)[...] = 0
