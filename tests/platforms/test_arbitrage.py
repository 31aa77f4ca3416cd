import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.contagion import Solver
from cascadelab.impact import Linear
from cascadelab.platforms.arbitrage import critical_kappa, healing_conductance, sale_response
from cascadelab.platforms.even import even_book
from cascadelab.platforms.network import impact_matrix, laplacian
from tests.platforms.networks import random_network

NETWORKS = st.integers(0, 10_000).map(random_network)


def test_numbers_of_the_design():
    assert critical_kappa([2.0, 4.0], [3.0, 0.5], 1.3) == pytest.approx(1.017451, abs=5e-7)


@given(network=NETWORKS, share=st.floats(0.0, 2.0))
def test_ratio_is_the_largest_eigenvalue_of_the_symmetric_pencil(network, share):
    """(G + g_arb 𝓛) x = r (D + c 𝓛) x, by a Cholesky factor in place of the feedback matrix."""
    depth, density, links = network
    root = np.linalg.inv(np.linalg.cholesky(np.diag(depth) + laplacian(links)))
    values = np.linalg.eigvalsh(root @ (np.diag(density) + share * laplacian(links)) @ root.T)
    found = critical_kappa(depth, density, links, unwinding=share * links)
    assert found == pytest.approx(values[-1], rel=1e-9)


@given(network=NETWORKS, seed=st.integers(0, 99), more=st.floats(0.001, 100.0))
def test_ratio_never_rises_with_any_single_conductance(network, seed, more):
    depth, density, links = network
    before = critical_kappa(depth, density, links)
    one, other = np.random.default_rng(seed).choice(len(depth), 2, replace=False)
    links = links.copy()
    links[one, other] += more
    links[other, one] = links[one, other]
    assert critical_kappa(depth, density, links) <= before * (1 + 1e-12)


@given(network=NETWORKS)
def test_ratio_falls_from_the_worst_market_to_the_average(network):
    depth, density, links = network
    ratios = [critical_kappa(depth, density, links * c) for c in (0.0, *np.logspace(-4, 8, 13), 1e16)]
    assert (np.diff(ratios) <= 1e-12 * max(ratios)).all()
    assert ratios[0] == pytest.approx((density / depth).max())
    assert ratios[-1] == pytest.approx(density.sum() / depth.sum(), rel=1e-10)


@given(network=NETWORKS, seed=st.integers(0, 99))
def test_ratio_is_the_largest_quotient(network, seed):
    depth, density, links = network
    radius = critical_kappa(depth, density, links)
    falls = np.random.default_rng(seed).normal(size=(200, len(depth)))
    below = np.einsum("kv,vw,kw->k", falls, np.diag(depth) + laplacian(links), falls)
    assert ((falls**2 @ density) / below <= radius * (1 + 1e-12)).all()


@given(depth=st.lists(st.floats(0.1, 9.0), min_size=2, max_size=5), c=st.floats(0.0, 1e6))
def test_equal_ratios_are_not_changed_by_arbitrage(depth, c):
    assert critical_kappa(depth, 0.6 * np.array(depth), c) == pytest.approx(0.6, rel=1e-9)


@given(network=NETWORKS, share=st.floats(0.05, 0.95))
def test_response_is_the_sum_of_all_rounds_and_the_inverse_of_spare_depth(network, share):
    depth, density, links = network
    density = density * share / critical_kappa(depth, density, links)
    spread = impact_matrix(depth, links)
    total, term = np.zeros_like(spread), spread
    while np.abs(term).max() > 1e-15:
        total, term = total + term, spread @ (density[:, None] * term)
    found = sale_response(depth, density, links)
    assert found == pytest.approx(total, rel=1e-9)
    assert found @ (np.diag(depth - density) + laplacian(links)) == pytest.approx(np.eye(len(depth)), abs=1e-8)


def test_response_keeps_its_digits_at_a_large_conductance():
    assert sale_response([3.0, 4.0], [1.0, 2.0], 1e15) == pytest.approx(np.full((2, 2), 0.25), rel=1e-12)


@given(
    depth=st.tuples(st.floats(0.5, 5.0), st.floats(0.5, 5.0)),
    ratio=st.tuples(st.floats(0.05, 0.9), st.floats(0.05, 0.9)),
    c=st.floats(0.01, 50.0),
)
def test_more_arbitrage_helps_when_the_fragile_market_is_hit_and_harms_when_the_safer_one_is(depth, ratio, c):
    density = np.array(depth) * ratio
    few, many = (density @ sale_response(depth, density, value) for value in (c, 1.1 * c))
    if abs(ratio[0] - ratio[1]) > 1e-3:
        fragile = int(ratio[1] > ratio[0])
        assert many[fragile] < few[fragile]
        assert many[1 - fragile] > few[1 - fragile]
    off = [sale_response(depth, density, value)[1, 0] for value in (c, 1.1 * c)]
    assert off[1] > off[0]  # the market that was not hit


@given(
    depth=st.tuples(st.floats(0.5, 5.0), st.floats(0.5, 5.0)),
    density=st.tuples(st.floats(0.0, 6.0), st.floats(0.0, 6.0)),
)
def test_healing_conductance_is_where_the_ratio_is_one(depth, density):
    edge = healing_conductance(depth, density)
    if edge == 0.0:
        assert critical_kappa(depth, density, 0.0) <= 1 + 1e-12
    elif np.isinf(edge):
        assert critical_kappa(depth, density, 1e12) >= 1 - 1e-9
    elif 1e-6 < edge < 1e6:
        assert critical_kappa(depth, density, edge) == pytest.approx(1.0, abs=1e-9)
        assert critical_kappa(depth, density, 0.9 * edge) > 1 > critical_kappa(depth, density, 1.1 * edge)


def test_two_markets_that_lack_as_much_as_they_spare_can_not_be_healed():
    assert healing_conductance([2.0, 2.0], [3.0, 1.0]) == np.inf
    assert healing_conductance([1.1, 1.3], [1.2, 1.2]) == np.inf  # 0.1 and 0.1 by hand, not in floats
    assert healing_conductance([2.0, 2.0], [2.0, 1.0]) == 0.0  # critical at the edge itself
    assert healing_conductance([2.0, 4.0], [2.0, 4.0]) == np.inf  # neither has any to spare: critical at every one
    assert critical_kappa([2.0, 4.0], [2.0, 4.0], 1000.0) == pytest.approx(1.0, abs=1e-12)


def longs_and_pairs(price, longs, pairs, markets, many=20_000):
    """Longs on the first market, and pairs long on it and short on the second, all reached by a move of one."""
    held = np.zeros((2, markets))
    held[:, 0] = longs / many, pairs / many
    held[1, 1] = -pairs / many
    return even_book([price] * markets, held, [many**2 / longs, many**2 / pairs if pairs else 0.0], many)


def test_unwinding_holds_for_the_shock_that_widens_the_gap_only():
    """Longs on market 1, and arbitrageurs long on 1 and short on 2: a sale on 2 closes nobody."""
    depth = np.array([2.0, 3.0])
    spread = impact_matrix(depth, 4.0)
    solver = Solver(longs_and_pairs(50.0, 1.0, 2.0, 2), [50.0, 50.0])
    falls = [50 - solver.run(50 - spread @ (0.25 * unit), Linear(spread)).price for unit in np.eye(2)]
    law = 0.25 * sale_response(depth, [1.0, 0.0], 4.0, unwinding=2.0)
    alone = 0.25 * sale_response(depth, [1.0, 0.0], 4.0)
    assert falls[0] == pytest.approx(law[:, 0], abs=2e-4)
    assert falls[1] == pytest.approx(alone[:, 1], abs=2e-4)
    assert abs(falls[1] - law[:, 1]).max() > 2e-3


@pytest.mark.parametrize("g_arb", [0.0, 0.5, 1.5])
def test_response_equals_a_large_book_on_three_venues(g_arb):
    """Longs on the first venue, and hedged pairs between the first two that are closed when the gap widens."""
    depth, density = np.array([1.5, 4.0, 2.5]), np.array([0.9, 0.0, 0.0])
    links = np.array([[0, 2.0, 0.5], [2.0, 0, 1.0], [0.5, 1.0, 0]])
    closed = np.zeros((3, 3))
    closed[0, 1] = closed[1, 0] = g_arb
    spread, sold = impact_matrix(depth, links), np.array([0.3, 0.0, 0.0])
    solver = Solver(longs_and_pairs(40.0, 0.9, g_arb, 3), np.full(3, 40.0))
    found = 40 - solver.run(40 - spread @ sold, Linear(spread)).price
    assert found == pytest.approx(sale_response(depth, density, links, unwinding=closed) @ sold, abs=1e-4)


def test_an_unwinding_for_all_pairs_leaves_markets_alone_that_nothing_joins():
    links = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    found = critical_kappa([1.0] * 3, [0.0] * 3, links, unwinding=0.2)
    assert found == critical_kappa([1.0] * 3, [0.0] * 3, links, unwinding=0.2 * links)
    assert found == pytest.approx(0.2 * 2 / (1 + 2))  # (10.14)


@pytest.mark.parametrize(("c", "g_arb"), [(1e17, 2e17), (1e17, 5e16), (1e12, 2e12), (1.0, 4e9)])
def test_an_unwinding_whose_ratio_would_be_rounding_is_refused(c, g_arb):
    for function in (critical_kappa, sale_response):
        with pytest.raises(ValueError, match=r"unwinding must be below 1e\+09 times the depths, got"):
            function([2.0, 3.0], [0.0, 0.0], c, unwinding=g_arb)


@pytest.mark.parametrize("g_arb", [1e3, 1e6, 1e8])
def test_an_unwinding_that_is_let_in_keeps_its_digits(g_arb):
    law = g_arb * 5 / (6 + 2 * g_arb * 5)  # (10.14) with c = 2 g_arb
    found = critical_kappa([2.0, 3.0], [0.0, 0.0], 2 * g_arb, unwinding=g_arb)
    assert found == pytest.approx(law, abs=1e-15 * g_arb + 1e-12)


def test_healing_keeps_within_the_range_of_numbers():
    assert healing_conductance([1e200, 4e200], [2e200, 0.0]) == pytest.approx(4e200 / 3)
    assert healing_conductance([1e-200, 4e-200], [2e-200, 0.0]) == pytest.approx(4e-200 / 3)


@given(network=NETWORKS, share=st.floats(0.0, 0.9))
def test_forced_arbitrage_is_negative_conductance(network, share):
    depth, density, links = network
    density = density * 0.5 / critical_kappa(depth, density, (1 - share) * links)
    with_force = sale_response(depth, density, links, unwinding=share * links)
    assert with_force == pytest.approx(sale_response(depth, density, (1 - share) * links), rel=1e-8)
    assert critical_kappa(depth, density, links, unwinding=share * links) >= critical_kappa(depth, density, links) * (
        1 - 1e-12
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([2.0, 1.0], [1.0], 0.5), "density must be one number for each of 2 markets"),
        (([2.0, 1.0], [1.0, -1.0], 0.5), "density must be at least 0, got -1"),
        (([2.0, 0.0], [1.0, 1.0], 0.0), "depth must be positive on some market"),
        (([2.0, 1.0], [1.0, 1.0], -1.0), "conductance must be at least 0"),
    ],
)
def test_bad_input_is_named(arguments, message):
    for function in (critical_kappa, sale_response):
        with pytest.raises(ValueError, match=message):
            function(*arguments)


def test_bad_unwinding_is_named():
    for bad in (-1.0, [1.0, 2.0], [[0.0, 1.0], [2.0, 0.0]]):
        with pytest.raises(ValueError, match="unwinding must be"):
            critical_kappa([2.0, 1.0], [1.0, 1.0], 0.5, unwinding=bad)


def test_response_has_no_value_at_and_above_criticality():
    with pytest.raises(ValueError, match="spectral radius below 1"):
        sale_response([2.0, 1.0], [2.0, 0.0], 0.0)
    with pytest.raises(ValueError, match="spectral radius below 1"):
        sale_response([1.0, 1.0], [0.0, 0.0], 1.0, unwinding=1.6)


@pytest.mark.parametrize(
    ("depth", "density", "message"),
    [
        ([1.0, 1.0, 1.0], [1.0, 1.0, 1.0], "depth must have two entries"),
        ([0.0, 1.0], [1.0, 1.0], "depth must be positive, got 0"),
        ([1.0, 1.0], [1.0], "density must be one number"),
    ],
)
def test_healing_takes_two_markets_with_depth(depth, density, message):
    with pytest.raises(ValueError, match=message):
        healing_conductance(depth, density)
