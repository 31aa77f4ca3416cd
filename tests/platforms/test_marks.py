import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.contagion import Book, Solver, response, spectral_radius
from cascadelab.impact import Linear
from cascadelab.platforms.arbitrage import critical_kappa
from cascadelab.platforms.marks import index_marks, marked_feedback, marked_impact
from cascadelab.platforms.network import impact_matrix
from tests.platforms.networks import random_network

NETWORKS = st.integers(0, 10_000).map(random_network)


def row_shares(size, seed):
    part = np.random.default_rng(seed).exponential(size=(size, size))
    return part / part.sum(axis=1, keepdims=True)


@given(network=NETWORKS, seed=st.integers(0, 999))
def test_no_choice_of_marks_is_worse_than_the_worst_market_if_sales_stay_at_home(network, seed):
    depth, density, links = network
    found = spectral_radius(marked_feedback(density, impact_matrix(depth, links), row_shares(len(depth), seed)))
    assert found <= (density / depth).max() * (1 + 1e-10)


@given(network=NETWORKS, seed=st.integers(0, 999))
def test_an_index_weighted_with_depth_does_what_arbitrage_without_friction_does(network, seed):
    depth, density, links = network
    routes = row_shares(len(depth), seed).T
    for c in (0.0, 1.0):
        matrix = marked_feedback(density, impact_matrix(depth, c * links), index_marks(depth), routes)
        assert spectral_radius(matrix) == pytest.approx(density.sum() / depth.sum(), rel=1e-9)


@given(network=NETWORKS)
def test_without_marks_and_routes_it_is_the_feedback_of_the_markets(network):
    depth, density, links = network
    matrix = marked_feedback(density, impact_matrix(depth, links))
    assert spectral_radius(matrix) == pytest.approx(critical_kappa(density, depth, links), rel=1e-9)


@given(network=NETWORKS, seed=st.integers(0, 999))
def test_marks_and_traded_prices_have_the_same_ratio(network, seed):
    """𝒲 Λ 𝒳 G moves the marks, Λ 𝒳 G 𝒲 the traded prices."""
    depth, density, links = network
    marks, routes = row_shares(len(depth), seed), row_shares(len(depth), seed + 1).T
    spread = impact_matrix(depth, links)
    traded = spectral_radius(spread @ routes @ np.diag(density) @ marks)
    assert spectral_radius(marked_feedback(density, spread, marks, routes)) == pytest.approx(traded, rel=1e-7)


def test_everything_on_one_shallow_book():
    """Own ratios .5 and .375, and 1.25 on the shallow book: the example of the design."""
    density, depth = np.array([1.0, 1.5]), np.array([2.0, 4.0])
    first = np.array([[1.0, 0.0], [1.0, 0.0]])
    assert (density / depth).tolist() == [0.5, 0.375]
    alone = marked_feedback(density, impact_matrix(depth, 0.0), first, first.T)
    assert spectral_radius(alone) == pytest.approx(1.25)
    fast = marked_feedback(density, impact_matrix(depth, 1e15), first, first.T)
    assert spectral_radius(fast) == pytest.approx(2.5 / 6.0)
    looks = marked_feedback(density, impact_matrix(depth, 0.0), first)
    assert spectral_radius(looks) == pytest.approx(0.5)  # g/d of the book that is looked at


@pytest.mark.parametrize("seed", range(8))
def test_engine_in_marks_equals_a_loop_that_keeps_both_prices(seed):
    depth, _, links = random_network(seed)
    rng = np.random.default_rng(seed)
    size = len(depth)
    marks, routes, spread = row_shares(size, seed), row_shares(size, seed + 50).T, impact_matrix(depth, links)
    held = np.eye(size)[rng.integers(0, size, 60)] * rng.uniform(0.05, 0.5, (60, 1))
    limits = rng.uniform(40.0, 50.0, 60)
    shocked = 50.0 - rng.uniform(0.0, 2.0, size)

    lost, price = np.zeros(60, dtype=bool), shocked
    while True:
        below = (held @ (marks @ price) < held.sum(axis=1) * limits) & ~lost
        if not below.any():
            break
        lost |= below
        price = shocked - spread @ routes @ held[lost].sum(axis=0)
    assert (price > 0).all()

    book = Book(-held.sum(axis=1) * limits, held)
    end = Solver(book, np.full(size, 50.0)).run(marks @ shocked, Linear(marked_impact(spread, marks, routes)))
    assert (end.liquidated == lost).all()
    assert end.price == pytest.approx(marks @ price, rel=1e-12)
    assert end.order_free


def test_response_equals_a_large_book_of_venues_that_look_elsewhere():
    depth, density, many = np.array([2.0, 5.0]), np.array([1.2, 2.0]), 30_000
    marks, routes = np.array([[0.4, 0.6], [0.1, 0.9]]), np.array([[0.8, 0.3], [0.2, 0.7]])
    impact = marked_impact(impact_matrix(depth, 0.7), marks, routes)
    levels = 90.0 - 10.0 * np.tile((np.arange(many) + 0.5) / many, 2)
    held = np.repeat(np.diag(density * 10.0 / many), many, axis=0)
    book, sold = Book(-held.sum(axis=1) * levels, held), np.array([1.0, 0.5])
    found = 90.0 - Solver(book, [90.0, 90.0]).run(90.0 - impact @ sold, Linear(impact)).price
    law = response(marked_feedback(density, impact_matrix(depth, 0.7), marks, routes)) @ impact @ sold
    assert found == pytest.approx(law, abs=5e-4)


def test_index_keeps_a_part_for_the_own_price():
    assert index_marks([1.0, 3.0]).tolist() == [[0.25, 0.75], [0.25, 0.75]]
    assert (index_marks([1.0, 3.0], own_share=1.0) == np.eye(2)).all()
    assert index_marks([1e308, 1e308]).tolist() == [[0.5, 0.5], [0.5, 0.5]]  # the sum of the depths is out of range
    assert index_marks([1.0, 3.0, 0.0], own_share=[0.0, 1.0, 0.5])[2].tolist() == [0.125, 0.375, 0.5]


def test_cash_of_the_engine_counts_sales_at_marks_and_not_at_traded_prices():
    """Who is lost and how much is sold are right; what the units bring is not, unless the engine is given the marks."""
    spread, marks = impact_matrix([2.0, 6.0], 0.2), index_marks([2.0, 6.0])
    book = Book([-99.5, -99.5], np.eye(2))
    end = Solver(book, [100.0, 100.0]).run(marks @ (100.0 - spread @ [8.0, 0.0]), Linear(marks @ spread))
    traded = 100.0 - spread @ (np.array([8.0, 0.0]) + end.sold)
    assert end.liquidated.all()
    assert end.price == pytest.approx(marks @ traded, rel=1e-12)
    unpaid = np.maximum(99.5 - traded, 0.0).sum()
    assert unpaid > end.bad_debt("end") + 1.0
    both = Solver(book, [100.0, 100.0]).run(100.0 - spread @ [8.0, 0.0], Linear(spread), marks=marks)
    assert both.liquidated.all()
    assert both.price == pytest.approx(traded, rel=1e-12)
    assert both.mark_price == pytest.approx(marks @ traded, rel=1e-12)
    assert both.bad_debt("end") == pytest.approx(unpaid, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: index_marks([0.0, 0.0]), "depth must be a list with one entry a market, one of them positive"),
        (lambda: index_marks([[1.0]]), "depth must be a list"),
        (lambda: index_marks([1.0, -1.0]), "depth must be at least 0"),
        (lambda: index_marks([1.0, 1.0], own_share=1.5), r"own_share must be in \[0, 1\]"),
        (lambda: index_marks([1.0, 1.0], own_share=[0.5]), r"own_share must be in \[0, 1\], a number or one for each"),
        (lambda: marked_impact([[1.0, 2.0]]), "impact_matrix must be square"),
        (lambda: marked_impact(np.zeros((0, 0))), "impact_matrix must be square"),
        (lambda: marked_impact(np.eye(2), np.eye(3)), r"marks must be \(2, 2\)"),
        (lambda: marked_impact(np.eye(2), [[0.5, 0.4], [0, 1]]), "marks must have rows that add up to one, got 0.9"),
        (lambda: marked_impact(np.eye(2), None, [[0.5, 1.0], [0.4, 0.0]]), "routes must have columns that add up"),
        (lambda: marked_impact(np.eye(2), [[1.5, -0.5], [0, 1]]), "marks must be at least 0"),
        (lambda: marked_feedback([1.0], np.eye(2)), "density must be one number for each of 2 venues"),
        (lambda: marked_feedback([1.0, -1.0], np.eye(2)), "density must be at least 0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
