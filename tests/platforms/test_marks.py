import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.contagion import Book, Solver, response, spectral_radius
from cascadelab.impact import Linear
from cascadelab.platforms.arbitrage import critical_kappa, sale_response
from cascadelab.platforms.even import even_book
from cascadelab.platforms.marks import index_marks, marked_feedback, marked_impact, marked_response
from cascadelab.platforms.network import arbitraged_price, impact_matrix
from tests.platforms.networks import random_network

NETWORKS = st.integers(0, 10_000).map(random_network)


def row_shares(size, seed):
    part = np.random.default_rng(seed).exponential(size=(size, size))
    return part / part.sum(axis=1, keepdims=True)


@pytest.mark.unmeasured
@given(network=NETWORKS, seed=st.integers(0, 999))
def test_no_choice_of_marks_is_worse_than_the_worst_market_if_sales_stay_at_home(network, seed):
    depth, density, links = network
    found = spectral_radius(marked_feedback(impact_matrix(depth, links), density, marks=row_shares(len(depth), seed)))
    assert found <= (density / depth).max() * (1 + 1e-10)


@given(network=NETWORKS, seed=st.integers(0, 999))
def test_an_index_weighted_with_depth_does_what_arbitrage_without_friction_does(network, seed):
    depth, density, links = network
    routes = row_shares(len(depth), seed).T
    for c in (0.0, 1.0):
        matrix = marked_feedback(impact_matrix(depth, c * links), density, marks=index_marks(depth), routes=routes)
        assert spectral_radius(matrix) == pytest.approx(density.sum() / depth.sum(), rel=1e-9)


@given(network=NETWORKS)
def test_without_marks_and_routes_it_is_the_feedback_of_the_markets(network):
    depth, density, links = network
    matrix = marked_feedback(impact_matrix(depth, links), density)
    assert spectral_radius(matrix) == pytest.approx(critical_kappa(depth, density, links), rel=1e-9)


@given(network=NETWORKS, seed=st.integers(0, 999))
def test_marks_and_traded_prices_have_the_same_ratio(network, seed):
    """𝒲 Λ 𝒳 G moves the marks, Λ 𝒳 G 𝒲 the traded prices."""
    depth, density, links = network
    marks, routes = row_shares(len(depth), seed), row_shares(len(depth), seed + 1).T
    spread = impact_matrix(depth, links)
    traded = spectral_radius(spread @ routes @ np.diag(density) @ marks)
    assert spectral_radius(marked_feedback(spread, density, marks=marks, routes=routes)) == pytest.approx(
        traded, rel=1e-7
    )


def test_everything_on_one_shallow_book():
    """Own ratios .5 and .375, and 1.25 on the shallow book: the example of the design."""
    density, depth = np.array([1.0, 1.5]), np.array([2.0, 4.0])
    first = np.array([[1.0, 0.0], [1.0, 0.0]])
    assert (density / depth).tolist() == [0.5, 0.375]
    alone = marked_feedback(impact_matrix(depth, 0.0), density, marks=first, routes=first.T)
    assert spectral_radius(alone) == pytest.approx(1.25)
    close = marked_feedback(impact_matrix(depth, 1e15), density, marks=first, routes=first.T)
    assert spectral_radius(close) == pytest.approx(2.5 / 6.0)
    looks = marked_feedback(impact_matrix(depth, 0.0), density, marks=first)
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
    end = Solver(book, np.full(size, 50.0)).run(
        marks @ shocked, Linear(marked_impact(spread, marks=marks, routes=routes))
    )
    assert (end.liquidated == lost).all()
    assert end.price == pytest.approx(marks @ price, rel=1e-12)
    assert end.order_free


def test_response_equals_a_large_book_of_venues_that_look_elsewhere():
    depth, density, many = np.array([2.0, 5.0]), np.array([1.2, 2.0]), 30_000
    marks, routes = np.array([[0.4, 0.6], [0.1, 0.9]]), np.array([[0.8, 0.3], [0.2, 0.7]])
    spread = impact_matrix(depth, 0.7)
    impact = marked_impact(spread, marks=marks, routes=routes)
    held, sold = density * 10.0 / many, np.array([1.0, 0.5])
    book = even_book([90.0, 90.0], np.diag(held), density / held**2, many)
    found = 90.0 - Solver(book, [90.0, 90.0]).run(90.0 - impact @ sold, Linear(impact)).price
    law = response(marked_feedback(spread, density, marks=marks, routes=routes)) @ impact @ sold
    assert found == pytest.approx(law, abs=5e-4)


@given(network=NETWORKS, seed=st.integers(0, 999), share=st.floats(0.05, 0.95))
def test_traded_prices_are_those_of_all_rounds(network, seed, share):
    """The sale and what the marks force, sold along the routes; unit matrices give the response of own marks."""
    depth, density, links = network
    spread, rows = impact_matrix(depth, links), row_shares(len(depth), seed)
    routes = row_shares(len(depth), seed + 1).T
    density = density * share / spectral_radius(marked_feedback(spread, density, marks=rows, routes=routes))
    found = marked_response(spread, density, marks=rows, routes=routes)
    assert found == pytest.approx(spread @ (np.eye(len(depth)) + routes @ np.diag(density) @ rows @ found), rel=1e-9)
    density = density * share / critical_kappa(depth, density, links)
    assert marked_response(spread, density) == pytest.approx(sale_response(depth, density, links), rel=1e-9)


def test_engine_starts_from_the_marks_of_arbitraged_prices():
    """Depths 2 and 6, a shock to the first: its price is 82.5 once arbitrage has worked, and both look at it."""
    depth, first = [2.0, 6.0], np.array([[1.0, 0.0], [1.0, 0.0]])
    spread, fallen = impact_matrix(depth, 1.0), arbitraged_price([75.0, 100.0], depth, 1.0)
    assert fallen == pytest.approx([82.5, 97.5])
    book = Book([-3 * 90.0, -1.0], [[3.0, 0.0], [0.0, 1.0]])
    end = Solver(book, [100.0, 100.0]).run(first @ fallen, Linear(marked_impact(spread, marks=first)))
    by_hand = np.linalg.solve([[3.0, -1.0], [-1.0, 7.0]], [2 * 75.0 - 3.0, 6 * 100.0])  # (10.1) in (10.2)
    assert by_hand == pytest.approx(fallen - spread @ [3.0, 0.0])
    assert end.liquidated.tolist() == [True, False]
    assert end.price == pytest.approx(first @ by_hand)


@pytest.mark.unmeasured
@given(network=NETWORKS, seed=st.integers(0, 999), share=st.floats(0.05, 0.7))
def test_marks_that_come_late_end_where_prompt_ones_do(network, seed, share):
    """Non-negative lag matrices: a feedback of all of them together below one, and the same end."""
    depth, density, links = network
    spread, size = impact_matrix(depth, links), len(depth)
    marks = row_shares(size, seed)
    density = density * share / spectral_radius(marked_feedback(spread, density, marks=marks))
    when = np.random.default_rng(seed).dirichlet(np.ones(4), (size, size)).transpose(2, 0, 1)
    late, sold = when * marks, np.random.default_rng(seed).uniform(0, 2, size)
    falls = [np.zeros(size)] * 4
    for _ in range(400):
        falls.append(spread @ (sold + density * sum(late[j] @ falls[-1 - j] for j in range(4))))
        assert (falls[-1] >= falls[-2] * (1 - 1e-12)).all()
    assert falls[-1] == pytest.approx(marked_response(spread, density, marks=marks) @ sold, rel=1e-6)


def test_a_mark_of_one_market_may_be_worse_than_the_index_where_arbitrage_brings_sales_to_it():
    depth, density = [1.0, 1.0, 10.0], [0.0, 0.8, 1.0]
    first = np.zeros((3, 3))
    first[:, 0] = 1.0
    at = [spectral_radius(marked_feedback(impact_matrix(depth, c), density, marks=first)) for c in (0.0, 4.0)]
    assert at[0] == 0.0
    assert at[1] > sum(density) / sum(depth)


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
        (lambda: index_marks([0.0, 0.0]), "depth must be positive on some market, got 0 on all"),
        (lambda: index_marks([[1.0]]), "depth must be a list"),
        (lambda: index_marks([1.0, -1.0]), "depth must be at least 0"),
        (lambda: index_marks([1.0, 1.0], own_share=1.5), r"own_share must be in \[0, 1\], got 1.5"),
        (lambda: index_marks([1.0, 1.0], own_share=[0.5]), "own_share must be one number or one for each of 2 venues"),
        (lambda: marked_impact([[1.0, 2.0]]), "impact_matrix must be square"),
        (lambda: marked_impact(np.zeros((0, 0))), "impact_matrix must be square"),
        (lambda: marked_impact(np.eye(2), marks=np.eye(3)), r"marks must be \(2, 2\)"),
        (
            lambda: marked_impact(np.eye(2), marks=[[0.5, 0.4], [0, 1]]),
            "marks must have rows that add up to one, got 0.9",
        ),
        (lambda: marked_impact(np.eye(2), routes=[[0.5, 1.0], [0.4, 0.0]]), "routes must have columns that add up"),
        (lambda: marked_impact(np.eye(2), marks=[[1.5, -0.5], [0, 1]]), "marks must be at least 0"),
        (lambda: marked_feedback(np.eye(2), [1.0]), "density must be one number for each of 2 venues"),
        (lambda: marked_feedback(np.eye(2), [1.0, -1.0]), "density must be at least 0"),
        (lambda: marked_response(np.eye(2), [1.0, 0.0]), "spectral radius below 1"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
