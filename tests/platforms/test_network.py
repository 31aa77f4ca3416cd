from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab import start_here
from cascadelab.contagion import Book, Solver
from cascadelab.impact import Linear
from cascadelab.platforms.network import arbitraged_price, impact_matrix, laplacian
from tests.platforms.networks import random_network

NETWORKS = st.integers(0, 10_000).map(random_network)


def exact_inverse(depth, conductance):
    """(D + c L)⁻¹ in fractions: no rounding at all."""
    size = len(depth)
    links = [[Fraction(float(x)) for x in row] for row in conductance]
    rows = [[-links[v][w] for w in range(size)] + [Fraction(int(v == w)) for w in range(size)] for v in range(size)]
    for v in range(size):
        rows[v][v] = Fraction(float(depth[v])) + sum(links[v])
    for k in range(size):
        rows[k] = [x / rows[k][k] for x in rows[k]]
        for v in range(size):
            if v != k:
                rows[v] = [a - rows[v][k] * b for a, b in zip(rows[v], rows[k], strict=True)]
    return np.array([[float(x) for x in row[size:]] for row in rows])


def traded(depth, conductance, sold, rounds=6000):
    """Falls after arbitrageurs have traded a little wherever a gap is not yet worth what they carried."""
    carried, falls = np.zeros((len(depth), len(depth))), np.asarray(sold) / depth
    pace = 0.5 / (1 + laplacian(conductance).diagonal().max() / np.min(depth))
    for _ in range(rounds):
        carried += pace * (conductance * (falls[:, None] - falls[None, :]) - carried)
        falls = (sold - carried.sum(axis=1)) / depth
    return falls


@given(network=NETWORKS)
def test_matrix_solves_its_equation_and_is_symmetric_without_negative_entries(network):
    depth, _, links = network
    spread = impact_matrix(depth, links)
    assert (np.diag(depth) + laplacian(links)) @ spread == pytest.approx(np.eye(len(depth)), abs=1e-10)
    assert spread == pytest.approx(spread.T, rel=1e-13)
    assert (spread >= 0).all()
    assert spread @ depth == pytest.approx(np.ones(len(depth)), rel=1e-13)


@given(network=NETWORKS, power=st.integers(-14, 14))
def test_every_entry_is_right_to_a_few_roundings_however_large_the_conductance(network, power):
    depth, _, links = network
    links = links * 10.0**power
    assert impact_matrix(depth, links) == pytest.approx(exact_inverse(depth, links), rel=1e-13, abs=0)


@pytest.mark.parametrize("seed", range(6))
def test_matrix_equals_arbitrageurs_who_trade_by_hand(seed):
    depth, _, links = random_network(seed)
    sold = np.random.default_rng(seed).uniform(0, 2, len(depth))
    assert impact_matrix(depth, links) @ sold == pytest.approx(traded(depth, links, sold), abs=1e-8)


def test_limits_are_markets_apart_and_one_market():
    depth = np.array([2.0, 4.0, 0.5])
    assert (impact_matrix(depth, 0.0) == np.diag(1 / depth)).all()
    assert impact_matrix(depth, 1e16) == pytest.approx(np.full((3, 3), 1 / 6.5), rel=1e-13)
    assert impact_matrix([3.0], 5.0).tolist() == [[1 / 3]]


def test_a_number_joins_every_pair():
    links = 0.7 * (1 - np.eye(4))
    depth = [1.0, 2.0, 3.0, 4.0]
    assert (impact_matrix(depth, 0.7) == impact_matrix(depth, links)).all()


def test_a_market_without_depth_lives_on_its_neighbour():
    assert impact_matrix([0.0, 2.0], 4.0) == pytest.approx(np.array([[0.75, 0.5], [0.5, 0.5]]))


@given(network=NETWORKS, seed=st.integers(0, 99))
def test_arbitraged_prices_are_means_of_the_shocked_ones(network, seed):
    depth, _, links = network
    shocked = np.random.default_rng(seed).uniform(10, 100, len(depth))
    after = arbitraged_price(shocked, depth, links)
    assert (after >= shocked.min() * (1 - 1e-13)).all()
    assert (after <= shocked.max() * (1 + 1e-13)).all()
    assert depth @ after == pytest.approx(depth @ shocked)  # units bought and sold by arbitrage cancel
    assert arbitraged_price(np.full(len(depth), 7.0), depth, links) == pytest.approx(7.0)


@pytest.mark.parametrize("seed", range(20))
def test_splitting_a_platform_changes_nothing_to_its_rounding(seed):
    """Market 0 in two nodes of different make, joined by a large conductance: same matrix, same cascade."""
    depth, _, links = random_network(seed)
    rng = np.random.default_rng(seed)
    size = len(depth)
    part = rng.uniform(0.1, 0.9, size)
    cut = np.zeros((size + 1, size + 1))
    cut[1:size, 1:size] = links[1:, 1:]
    cut[0, 1:size], cut[size, 1:size] = links[0, 1:] * part[1:], links[0, 1:] * (1 - part[1:])
    cut = np.triu(cut, 1) + np.triu(cut, 1).T + np.tril(cut, -1) * (np.arange(size + 1)[:, None] == size)
    cut[:size, size] = cut[size, :size]
    cut[0, size] = cut[size, 0] = 1e16
    deep = np.append(depth, depth[0] * (1 - part[0]))
    deep[0] *= part[0]
    whole, split = impact_matrix(depth, links), impact_matrix(deep, cut)
    back = np.append(np.arange(size), 0)
    assert split == pytest.approx(whole[np.ix_(back, back)], rel=1e-12)

    held = rng.integers(0, 4, (30, size)) / 1.0
    cash = rng.uniform(-0.5, 1.5, 30) - held @ np.full(size, 20.0)
    shocked = np.full(size, 20.0) - 0.5
    one = Solver(Book(cash, held), np.full(size, 20.0)).run(shocked, Linear(whole))
    place = rng.random(30) < 0.5  # which of the two nodes an account uses
    apart = np.column_stack([held[:, 0] * place, held[:, 1:], held[:, 0] * ~place])
    two = Solver(Book(cash, apart), np.full(size + 1, 20.0)).run(shocked[back], Linear(split))
    assert (one.liquidated == two.liquidated).all()
    assert two.price == pytest.approx(one.price[back], rel=1e-11, abs=1e-11)
    assert one.order_free
    assert two.order_free


def test_chapter_0_is_the_limit_without_friction():
    """X, Y and Z with both assets on both platforms, half of the depth on each."""
    pipe = np.array([[0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0]]) * 1e15
    book = Book(start_here.CASH, [[10, 20, 0, 0], [0, 0, 0, 30], [0, 0, 5, 10]], start_here.ASSET_WEIGHT)
    spread = Linear(impact_matrix(np.tile(1 / start_here.IMPACT / 2, 2), pipe))
    end = Solver(book, [100.0, 50.0, 100.0, 50.0]).run([75.0, 50.0, 75.0, 50.0], spread)
    assert end.liquidated.tolist() == [True, True, False]
    assert end.price == pytest.approx([70.0, 40.0, 70.0, 40.0], rel=1e-12)


@pytest.mark.parametrize(
    ("depth", "conductance"), [([2.0, 3.0, 1.0], 1e308), ([1e-320, 3.0], 0.0), ([1e308, 1e308], 1e308)]
)
def test_sums_out_of_range_are_refused_and_never_returned(depth, conductance):
    with pytest.raises(ValueError, match="depth and conductance must leave sums and falls that are finite"):
        impact_matrix(depth, conductance)


@pytest.mark.parametrize(
    ("depth", "conductance", "message"),
    [
        ([2.0, -1.0], 1.0, "depth must be at least 0, got -1"),
        ([2.0, np.nan], 1.0, "depth must be finite, got nan"),
        ([[2.0, 1.0]], 1.0, "depth must be a list with one entry a market, got shape"),
        ([], 1.0, "depth must be a list with one entry a market, got shape"),
        ([2.0, 1.0], -0.5, "conductance must be at least 0, got -0.5"),
        ([2.0, 1.0], np.inf, "conductance must be finite, got inf"),
        ([2.0, 1.0], [1.0, 2.0], r"conductance must be a number or \(2, 2\), got shape"),
        ([2.0, 1.0], [[0.0, 1.0], [2.0, 0.0]], "conductance must be symmetric, got 1 from 0 to 1 and 2 back"),
        ([2.0, 1.0], [[3.0, 1.0], [1.0, 0.0]], "conductance must be zero on the diagonal, got 3"),
        ([2.0, 0.0], 0.0, "depth must be positive on some market of every joined group, got none .* market 1"),
        ([0.0, 0.0], 5.0, "depth must be positive on some market of every joined group"),
        ([0.0, 0.0, 1.0], [[0, 1, 0], [1, 0, 0], [0, 0, 0]], "depth must be positive on some market"),
    ],
)
def test_bad_markets_are_named(depth, conductance, message):
    with pytest.raises(ValueError, match=message):
        impact_matrix(depth, conductance)


def test_shocked_prices_must_fit_the_markets():
    with pytest.raises(ValueError, match="shocked_price must be one price for each of 2 markets"):
        arbitraged_price([1.0, 2.0, 3.0], [1.0, 1.0], 0.5)
    with pytest.raises(ValueError, match="shocked_price must be at least 0"):
        arbitraged_price([1.0, -2.0], [1.0, 1.0], 0.5)


def test_a_mean_of_prices_fits_wherever_the_prices_do():
    assert arbitraged_price([1e308, 1.0], [1e3, 1.0], 1.0) == pytest.approx(
        [1e308 * (2000 / 2001), 1e308 * (1000 / 2001)]
    )
