import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadelab.contagion import Book, Solver, bounds, is_order_free, solver
from cascadelab.contagion.marked import Marked, mark_prices, shares
from cascadelab.impact import Exponential, Linear
from tests.contagion.books import random_book, random_impact, random_shock

SEEDS = st.integers(0, 2**32 - 1)


def random_marks(rng, signs, *, coherent=True):
    """Rows of shares with zeros; coherent: the mark of an asset looks only at assets that are held with its sign."""
    size = signs.size
    seen = rng.exponential(1.0, (size, size)) * (rng.random((size, size)) < 0.7)
    if coherent:
        seen = seen * (np.outer(signs, signs) > 0)
    seen = seen + np.eye(size) * (0.1 + rng.random())
    return seen / seen.sum(axis=1, keepdims=True)


def brute_force(book, shocked, impact, marks):
    """Rounds in plain loops that keep both prices: the liquidated, the traded prices and the marks."""
    cash, weights, quantity = (np.asarray(a).tolist() for a in (book.cash, book.weights, book.quantity))
    lost, traded = set(), list(shocked)
    while True:
        seen = []
        for row in marks.tolist():
            mark = 0.0
            for share, p in zip(row, traded, strict=True):
                mark += share * p
            seen.append(mark)
        new = set()
        for i, c in enumerate(cash):
            surplus = c
            for w, p in zip(weights[i], seen, strict=True):
                surplus += w * p
            if surplus < 0 and i not in lost:
                new.add(i)
        if not new:
            return lost, traded, seen
        lost |= new
        sold = [sum(quantity[i][k] for i in sorted(lost)) for k in range(len(traded))]
        traded = np.asarray(impact.price(shocked, np.array(sold))).tolist()


@pytest.mark.unmeasured
@pytest.mark.parametrize("short_way", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_engine_with_marks_is_the_loop_that_keeps_both_prices(seed, short_way, monkeypatch):
    monkeypatch.setattr(solver, "SMALL", 1 if short_way else 10**9)
    rng = np.random.default_rng([2, seed])
    free = 0
    for _ in range(60):
        assets = int(rng.integers(1, 5))
        signs, coherent = rng.choice([-1.0, 1.0], assets), rng.random() < 0.7
        book, price = random_book(rng, int(rng.integers(1, 60)), assets, signs=signs if coherent else None)
        impact, shocked = random_impact(rng, book, price, signs), random_shock(rng, price, signs)
        marks = random_marks(rng, signs, coherent=rng.random() < 0.7)
        end = Solver(book, price).run(shocked, impact, marks=marks, fund_fee=0.01)
        lost, traded, seen = brute_force(book, shocked, impact, marks)
        assert set(np.flatnonzero(end.liquidated).tolist()) == lost
        assert end.price == pytest.approx(traded, rel=1e-9, abs=1e-9)
        assert end.mark_price == pytest.approx(seen, rel=1e-9, abs=1e-9)
        assert (book.surplus(end.mark_price)[~end.liquidated] >= 0).all()
        free += end.order_free
    assert 10 < free < 60


@pytest.mark.parametrize("seed", range(6))
def test_short_way_with_marks_is_rounds_to_the_last_bit(seed, monkeypatch):
    """Books large enough for bins and brackets, and a market near critical."""
    monkeypatch.setattr(solver, "SMALL", 1)
    rng = np.random.default_rng([3, seed])
    signs = np.array([1.0, 1.0, -1.0])
    book, price = random_book(rng, 40_000, 3, signs=signs)
    total = np.abs(np.asarray(book.quantity)).sum(axis=0)
    impact = Linear([0.05, 0.2, 0.5][seed % 3] * price / total)
    prepared, marks = Solver(book, price), random_marks(rng, signs)
    for _ in range(3):
        shocked = random_shock(rng, price, signs)
        short, plain = (prepared.run(shocked, impact, marks=marks, schedule=s) for s in ("any", "rounds"))
        assert short.order_free
        for name in ("liquidated", "sold", "price", "mark_price", "stopped_at_zero"):
            assert np.array_equal(getattr(short, name), getattr(plain, name))


@settings(max_examples=100)
@given(SEEDS, st.booleans())
def test_every_schedule_ends_alike_where_marks_are_order_free(seed, coherent):
    """Entries of Λ and 𝒲 anywhere: all sequences and batches are tried, and agree whenever the check says so."""
    rng = np.random.default_rng(seed)
    signs = rng.choice([-1.0, 0.0, 1.0], 3, p=[0.4, 0.2, 0.4])
    book, price = random_book(rng, 6, 3, signs=signs)
    impact, shocked = random_impact(rng, book, price, np.ones(3)), random_shock(rng, price, signs)
    marks = random_marks(rng, signs, coherent=coherent)
    everything = bounds(book, shocked, impact, marks=marks)
    if not is_order_free(book, impact, marks=marks):
        return
    assert not everything.order_matters
    for schedule in ("any", "rounds", "sequential", "worst first"):
        end = Solver(book, price).run(shocked, impact, schedule=schedule, marks=marks)
        assert tuple(np.flatnonzero(end.liquidated).tolist()) == everything.ends[0]
        assert tuple(end.price.tolist()) == everything.prices[0]


def test_a_mark_that_sees_a_price_which_rises_lets_the_first_survive_the_other():
    """Holdings are coherent and no price moves another; but both marks are the mean, and X sells A where Y buys B."""
    book, impact = Book([-103.5, 102.5], [[1.0, 0.0], [0.0, -1.0]]), Linear([4.0, 4.0])
    shocked, mean = np.array([88.0, 118.0]), np.full((2, 2), 0.5)  # marks 103
    assert is_order_free(book, impact)
    assert not is_order_free(book, impact, marks=mean)
    ends = bounds(book, shocked, impact, marks=mean)
    assert ends.ends == ((0,), (1,), (0, 1))
    assert ends.prices == ((84.0, 118.0), (88.0, 122.0), (84.0, 122.0))
    first = Solver(book, [100.0, 100.0]).run(shocked, impact, schedule="sequential", marks=mean)
    assert first.liquidated.tolist() == [True, False]
    assert not first.order_free


@settings(max_examples=100)
@given(SEEDS)
def test_unit_marks_change_no_bit(seed):
    rng = np.random.default_rng(seed)
    book, price = random_book(rng, 30, 3)
    impact, shocked = random_impact(rng, book, price, np.ones(3)), random_shock(rng, price, np.ones(3))
    plain, same = (Solver(book, price).run(shocked, impact, marks=marks) for marks in (None, np.eye(3)))
    for name in ("price", "mark_price", "liquidated", "sold", "path", "died", "stopped_at_zero"):
        assert np.array_equal(getattr(plain, name), getattr(same, name))
    assert np.array_equal(plain.price, plain.mark_price)
    assert plain.bad_debt("walk") == same.bad_debt("walk")


@settings(max_examples=100)
@given(SEEDS)
def test_marks_never_fall_when_a_price_rises_not_even_by_a_bit(seed):
    rng = np.random.default_rng(seed)
    marks, price = random_marks(rng, np.ones(4)), rng.exponential(1.0, 4)
    higher = np.where(rng.random(4) < 0.5, np.nextafter(price, np.inf), price)
    assert (mark_prices(marks, higher) >= mark_prices(marks, price)).all()
    together = mark_prices(marks, np.array([price, higher]))
    assert np.array_equal(together, [mark_prices(marks, price), mark_prices(marks, higher)])


@settings(max_examples=60)
@given(SEEDS)
def test_permuting_assets_permutes_marks_too(seed):
    """Dyadic numbers, so that no sum is rounded."""
    rng = np.random.default_rng(seed)
    quantity = rng.integers(-3, 4, (15, 2)) / 4.0
    price, shocked = np.array([40.0, 64.0]), np.array([36.0, 60.0])
    cash, marks = rng.integers(0, 8, 15) - quantity @ price, np.array([[0.75, 0.25], [0.5, 0.5]])
    plain = Solver(Book(cash, quantity), price).run(shocked, Linear([0.5, 0.25]), marks=marks)
    turned = Solver(Book(cash, quantity[:, ::-1]), price[::-1]).run(
        shocked[::-1], Linear([0.25, 0.5]), marks=marks[::-1, ::-1]
    )
    assert np.array_equal(plain.liquidated, turned.liquidated)
    assert np.array_equal(plain.mark_price, turned.mark_price[::-1])


def test_sales_are_paid_the_traded_price_and_judged_at_the_mark():
    """One account at a mark of 95 that is sold at 90 − 5."""
    book, marks = Book([-96.0, 0.0], [[1.0, 0.0], [0.0, 1.0]]), [[0.5, 0.5], [0.0, 1.0]]
    end = Solver(book, [100.0, 100.0]).run([90.0, 100.0], Linear([5.0, 5.0]), marks=marks)
    assert end.price.tolist() == [85.0, 100.0]
    assert end.mark_price.tolist() == [92.5, 100.0]
    assert end.path.tolist() == [[90.0, 100.0], [85.0, 100.0]]
    assert (end.bad_debt("end"), end.bad_debt("walk"), end.bad_debt("step")) == (11.0, 8.5, 11.0)


def test_sweep_takes_marks():
    rng = np.random.default_rng(4)
    book, price = random_book(rng, 50, 2, signs=np.ones(2))
    impact, marks, prepared = Exponential(0.001), random_marks(rng, np.ones(2)), Solver(book, price)
    shocks = price * (1 - 0.3 * rng.random((5, 2)))
    swept = prepared.sweep(shocks, impact, marks=marks, fund_fee=0.1, accounts=True, chunk=2)
    for scenario, shocked in enumerate(shocks):
        end = prepared.run(shocked, impact, marks=marks)
        assert np.array_equal(swept.price[scenario], end.price)
        assert np.array_equal(swept.liquidated[scenario], end.liquidated)


def test_stops_at_zero_and_average_price_are_those_of_the_traded_price():
    seen = Marked(Linear([1.0, 1.0]), np.array([3.0, 9.0]), np.array([[0.5, 0.5], [0.5, 0.5]]))
    assert seen.stops_at_zero(None, [4.0, 4.0]).tolist() == [True, False]
    assert seen.average_price(None, [2.0, 2.0], fill="walk").tolist() == [2.0, 8.0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"marks": np.eye(3)}, r"marks must be \(2, 2\), got shape \(3, 3\)"),
        ({"marks": [[0.5, 0.4], [0.0, 1.0]]}, "marks must have rows that add up to one, got 0.9"),
        ({"marks": [[1.5, -0.5], [0.0, 1.0]]}, "marks must be at least 0, got -0.5"),
        ({"marks": [[np.nan, 1.0], [0.0, 1.0]]}, "marks must be finite"),
        ({"marks": "index"}, "marks must be a number"),
        ({"fund_fee": 1.0}, r"fund_fee must be in \[0, 1\), got 1"),
        ({"fund_fee": -0.1}, r"fund_fee must be in \[0, 1\), got -0.1"),
        ({"fund_fee": [0.1, 0.1]}, "fund_fee must be a single number"),
    ],
)
def test_bad_options_are_refused_by_name_in_run_and_sweep(options, message):
    prepared = Solver(Book([1.0], [[1.0, 1.0]]), [1.0, 1.0])
    with pytest.raises(ValueError, match=message):
        prepared.run([1.0, 1.0], Linear(1.0), **options)
    with pytest.raises(ValueError, match=message):
        prepared.sweep([[1.0, 1.0]], Linear(1.0), **options)
    if "marks" in options:
        with pytest.raises(ValueError, match=message):
            bounds(prepared.book, [1.0, 1.0], Linear(1.0), **options)


def test_shares_of_columns_and_of_nothing():
    assert shares("routes", None, 2, 0).tolist() == [[1.0, 0.0], [0.0, 1.0]]
    with pytest.raises(ValueError, match="routes must have columns that add up to one, got 1"):
        shares("routes", [[1.0, 0.0], [0.5, 1.0]], 2, 0)
