import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadelab.contagion import Book, Solver
from cascadelab.impact import Linear
from cascadelab.start_here import example
from tests.contagion.books import random_book, random_impact, random_shock


@settings(max_examples=100)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["end", "walk", "step"]))
def test_cash_and_units_are_conserved_and_owners_and_bad_debt_split_what_is_left(seed, fill):
    rng = np.random.default_rng(seed)
    signs = rng.choice([-1.0, 1.0], 3)
    book, price = random_book(rng, 25, 3, signs=signs)
    end = Solver(book, price).run(random_shock(rng, price, signs), random_impact(rng, book, price, signs))
    ledger = end.settle(fill)
    assert ledger.imbalance <= 1e-12
    assert ledger.total_units("buyers") == pytest.approx(end.sold, rel=1e-12, abs=1e-12)
    left = end.left(fill)
    assert (left[~end.liquidated] == 0).all()
    assert ledger.total("trader") == pytest.approx(np.maximum(left, 0.0).sum(), rel=1e-12, abs=1e-9)
    debt = -np.asarray(book.cash)[end.liquidated].sum()
    scale = np.abs(np.asarray(book.cash)).sum() + 1.0
    assert ledger.total("venue") == pytest.approx(debt - end.bad_debt(fill), abs=1e-12 * scale * 10)


def test_walk_pays_the_integral_of_the_impact_curve():
    """Buyers pay ∫ p · dq along the walk in which all assets are sold in step: a sum over 20,000 pieces."""
    rng = np.random.default_rng(5)
    book, price = random_book(rng, 30, 2, signs=np.ones(2))
    total = np.asarray(book.quantity).sum(axis=0)
    impact = Linear(np.array([[0.3, 0.1], [0.2, 0.4]]) * price[:, np.newaxis] / total)
    end = Solver(book, price).run(0.8 * price, impact)
    assert end.liquidated.any()
    middle = (np.arange(20_000) + 0.5) / 20_000
    paid = (impact.price(0.8 * price, middle[:, np.newaxis] * end.sold) @ end.sold).mean()
    assert -end.settle("walk").total("buyers") == pytest.approx(paid, rel=1e-7)


def test_ledger_is_the_one_at_the_end_price():
    book = Book(example.CASH, example.QUANTITIES, asset_weight=0.9)
    end = Solver(book, example.PRICES).run([75.0, 50.0], Linear(example.IMPACT))
    assert end.ledger.total("buyers") == -float(end.sold @ end.price)
    assert end.bad_debt("end") == pytest.approx(1620 - 700 - 800 + 1269 - 1200)
    with pytest.raises(ValueError, match="fill must be one of end, walk, step, got 'mid'"):
        end.settle("mid")


def test_bad_fill_is_refused_where_nothing_was_sold():
    calm = Solver(Book([1.0], [[1.0]]), [1.0]).run([1.0], Linear(0.0))
    assert calm.rounds == 0
    for call in (calm.settle, calm.left, calm.bad_debt):
        with pytest.raises(ValueError, match="fill must be one of end, walk, step, got 'mid'"):
            call("mid")


@settings(max_examples=100)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["end", "walk", "step"]), st.floats(0.001, 0.5))
def test_fee_moves_money_from_owners_to_the_fund_and_nothing_else(seed, fill, fee):
    rng = np.random.default_rng(seed)
    signs = rng.choice([-1.0, 1.0], 3)
    book, price = random_book(rng, 25, 3, signs=signs)
    shocked, impact = random_shock(rng, price, signs), random_impact(rng, book, price, signs)
    prepared = Solver(book, price)
    plain, end = prepared.run(shocked, impact), prepared.run(shocked, impact, fund_fee=fee)
    for name in ("price", "liquidated", "sold", "died", "path"):
        assert np.array_equal(getattr(plain, name), getattr(end, name))
    assert plain.order_free
    assert end.order_free
    assert end.bad_debt(fill) == plain.bad_debt(fill)
    ledger, fees, before = end.settle(fill), end.fees(fill), plain.left(fill)
    assert ledger.imbalance <= 1e-12
    assert ledger.total("fund") == pytest.approx(fees.sum(), rel=1e-12)
    assert ledger.total("venue") == pytest.approx(plain.settle(fill).total("venue"), rel=1e-9, abs=1e-6)
    assert ledger.total("buyers") == pytest.approx(plain.settle(fill).total("buyers"), rel=1e-12)
    assert end.left(fill) + fees == pytest.approx(before, rel=1e-12, abs=1e-12)
    quantity = np.asarray(book.quantity).tolist()
    for i in range(len(book)):  # account by account: the share of its notional, or all that it has
        paid = end.price if fill == "end" else end.path[end.died[i]]
        if fill == "walk":
            paid = impact.average_price(shocked, end.sold, fill="walk")
        notional = sum(abs(q) * p for q, p in zip(quantity[i], np.asarray(paid).tolist(), strict=True))
        due = min(fee * notional, max(before[i], 0.0)) if end.liquidated[i] else 0.0
        assert fees[i] == pytest.approx(due, rel=1e-12)


def test_waterfall_takes_the_fees_of_the_cascade_and_the_fill_rule_of_the_ledger():
    """Running example at the steps' own prices: X has 1620 in sales, so nothing left; Y has 69 unpaid."""
    book = Book(example.CASH, example.QUANTITIES, asset_weight=0.9)
    prepared, impact = Solver(book, example.PRICES), Linear(example.IMPACT)
    end = prepared.run([75.0, 50.0], impact, schedule="rounds", fund_fee=0.01)
    assert end.fees("step").tolist() == [0.0, 0.0, 0.0]
    assert end.waterfall(30.0, venue_capital=20.0, fill="step").unpaid == pytest.approx(19.0)
    assert end.waterfall(0.0).bad_debt == end.bad_debt("end") == pytest.approx(189.0)
    milder = prepared.run([80.0, 50.0], Linear([0.1, 0.05]), fund_fee=0.01)
    assert milder.liquidated.tolist() == [False, False, False]
    hit = prepared.run([75.0, 50.0], Linear([0.1, 0.05]), fund_fee=0.01)
    assert hit.liquidated.tolist() == [True, False, False]
    assert hit.fees("end").tolist() == pytest.approx([0.01 * (740.0 + 980.0), 0.0, 0.0])
    assert hit.ledger.total("fund") == pytest.approx(17.2)
    assert hit.waterfall(5.0).fund_end == pytest.approx(22.2)


def test_ledger_without_a_fee_has_no_row_for_it():
    book = Book(example.CASH, example.QUANTITIES, asset_weight=0.9)
    prepared, impact = Solver(book, example.PRICES), Linear(example.IMPACT)
    assert prepared.run([75.0, 50.0], impact).ledger.events == ("sale", "returned") * 2
    assert prepared.run([75.0, 50.0], impact, fund_fee=0.1).ledger.events == ("sale", "fee", "returned") * 2
