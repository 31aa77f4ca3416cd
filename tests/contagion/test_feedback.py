import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cascadelab.contagion import Book, Solver
from cascadelab.contagion.feedback import (
    crash_direction,
    feedback_matrix,
    feedback_of,
    response,
    sales_matrix,
    spectral_radius,
)
from cascadelab.criticality import amplification
from cascadelab.impact import Linear

entry = st.floats(0.0, 0.6)


def ladder_of_types(types, spacing, levels, price):
    """Accounts of each type whose surplus at `price` is spaced evenly from zero up."""
    quantity = np.repeat(types, levels, axis=0)
    slack = np.tile((np.arange(levels) + 0.5) * spacing, len(types))
    return Book(slack - quantity @ price, quantity)


def test_the_matrix_predicts_the_prices_of_a_large_book():
    price, slope = np.array([100.0, 40.0, 70.0]), np.array([0.9, 0.5, 0.7])
    types = np.array([[2.0, 0.0, 1.0], [0.0, 3.0, 0.5], [1.0, 1.0, 0.0]]) * 1e-3
    book = ladder_of_types(types, 1e-6, 40_000, price)
    matrix = feedback_matrix(types, types, 1e6, slope * 1e-1)
    assert 0.3 < spectral_radius(matrix) < 0.95
    shock = np.array([2.0, 0.5, 0.0])
    end = Solver(book, price).run(price - shock, Linear(slope * 1e-1))
    assert price - end.price == pytest.approx(response(matrix) @ shock, rel=2e-3)


def test_cross_impact_counts_through_the_whole_matrix():
    price, impact = np.array([100.0, 40.0]), np.array([[0.09, 0.02], [0.03, 0.05]])
    types = np.array([[2.0, 1.0], [0.0, 3.0]]) * 1e-3
    book = ladder_of_types(types, 1e-6, 30_000, price)
    matrix = feedback_matrix(types, types, 1e6, impact)
    end = Solver(book, price).run(price - [1.0, 0.4], Linear(impact))
    assert price - end.price == pytest.approx(response(matrix) @ [1.0, 0.4], rel=2e-3)


def test_a_market_that_owes_an_asset_is_squeezed():
    """Collateral A, debt asset B: r(K) adds what is bought back, and B rises."""
    price, types = np.array([100.0, 50.0]), np.array([[2.0, -1.0]]) * 1e-3
    slack = (np.arange(40_000) + 0.5) * 1e-6
    book = Book(slack - types[0] @ (price * [0.8, 1.1]), np.repeat(types, 40_000, axis=0), 0.8, 1.1)
    matrix = feedback_matrix(types, types * [0.8, 1.1], 1e6, [0.1, 0.2])
    assert spectral_radius(matrix) == pytest.approx(0.1 * 0.8 * 4 + 0.2 * 1.1)
    end = Solver(book, price).run([99.0, 50.0], Linear([0.1, 0.2]))
    assert price - end.price == pytest.approx(response(matrix) @ [1.0, 0.0], rel=2e-3)
    assert end.price[1] > 50.0
    assert end.order_free


def test_slopes_are_the_diagonal_of_the_impact_matrix():
    types, slope = np.array([[2.0, 1.0], [0.0, -3.0]]), [0.9, 0.5]
    assert feedback_matrix(types, 0.8 * types, [0.1, 0.2], slope) == pytest.approx(
        feedback_matrix(types, 0.8 * types, [0.1, 0.2], np.diag(slope))
    )


def test_one_asset_is_the_branching_ratio_of_chapter_8():
    matrix = feedback_matrix([5.0], [4.0], 0.03, [0.7])
    assert matrix.item() == pytest.approx(0.7 * (0.03 * 5.0 * 4.0))  # κ = λ g
    assert spectral_radius(matrix) == pytest.approx(matrix.item())
    assert response(matrix).item() == pytest.approx(amplification(matrix.item()))


def test_leverage_targeting_banks_are_the_same_matrix():
    """Greenwood, Landier and Thesmar: price moves of the second round are L M' B A M times those of the first."""
    rng = np.random.default_rng(3)
    weights, size, leverage, liquidity = (
        rng.dirichlet(np.ones(3), 4),
        rng.uniform(1, 5, 4),
        rng.uniform(5, 20, 4),
        [1e-3] * 3,
    )
    theirs = np.diag(liquidity) @ weights.T @ np.diag(leverage) @ np.diag(size) @ weights
    assert feedback_matrix(weights, weights, size * leverage, liquidity) == pytest.approx(theirs)


@given(a=entry, b=entry, c=entry, d=entry)
def test_two_assets_in_closed_form(a, b, c, d):
    matrix = np.array([[a, b], [c, d]])
    radius = (a + d + np.sqrt((a - d) ** 2 + 4 * b * c)) / 2
    assert spectral_radius(matrix) == pytest.approx(radius, abs=1e-7)
    assume(abs(radius - 1) > 1e-6)
    assert (radius < 1) == (a + d < 2 and (1 - a) * (1 - d) > b * c)
    if radius < 1:
        delta = (1 - a) * (1 - d) - b * c
        assert response(matrix) == pytest.approx(np.array([[1 - d, b], [c, 1 - a]]) / delta, rel=1e-9)
    else:
        with pytest.raises(ValueError, match="below 1"):
            response(matrix)


@given(seed=st.integers(0, 10_000), types=st.integers(1, 5))
def test_the_response_is_the_sum_of_the_rounds(seed, types):
    rng = np.random.default_rng(seed)
    matrix = feedback_matrix(
        rng.uniform(0, 1, (types, 3)), rng.uniform(0, 1, (types, 3)), rng.uniform(0, 1, types), [1.0] * 3
    )
    matrix *= 0.9 / max(spectral_radius(matrix), 1e-9)
    total, power = np.eye(3), np.eye(3)
    for _ in range(400):
        power = power @ matrix
        total += power
    assert response(matrix) == pytest.approx(total, rel=1e-9)


def test_near_criticality_prices_fall_along_one_direction_whatever_was_hit():
    matrix = np.array([[0.5, 0.3, 0.0], [0.2, 0.4, 0.3], [0.1, 0.0, 0.6]])
    matrix *= 0.9999 / spectral_radius(matrix)
    direction = crash_direction(matrix)
    for column in response(matrix).T:
        assert column / column.max() == pytest.approx(direction, abs=1e-3)
    assert direction.max() == 1.0


def test_isolated_margin_has_a_crash_direction_that_only_its_own_asset_takes():
    matrix = np.diag([0.99, 0.5])
    assert crash_direction(matrix) == pytest.approx([1.0, 0.0])
    assert response(matrix)[:, 1] == pytest.approx([0.0, 2.0])


def test_the_window_finds_the_matrix_of_a_known_book():
    price, types = np.array([100.0, 40.0]), np.array([[2.0, 1.0], [0.0, 3.0]]) * 1e-3
    book = ladder_of_types(types, 1e-5, 30_000, price)
    true = feedback_matrix(types, types, 1e5, [0.9, 0.5])
    assert feedback_of(book, price, [0.9, 0.5], 0.3) == pytest.approx(true, rel=1e-3)
    assert feedback_of(book, price, [0.9, 0.5], 0.6) == pytest.approx(true, rel=1e-3)


def test_a_window_without_accounts_and_accounts_below_zero_count_nothing():
    safe, dead = Book([0.0], [[1.0]]), Book([-200.0, -90.0], [[1.0], [1.0]])
    assert feedback_of(safe, [100.0], [5.0], 0.5) == pytest.approx(np.zeros((1, 1)))
    assert feedback_of(dead, [100.0], [5.0], 0.5).item() == pytest.approx(5.0 / 50.0)


def test_an_empty_window_still_looks_at_the_impact():
    safe = Book([0.0], [[1.0]])
    for slope, message in (
        ([np.nan], "impact_matrix must be finite"),
        ([5.0, 3.0, 1.0], "impact_matrix must be"),
        ([-5.0], "impact_matrix must be at least 0 on its diagonal, got -5"),
    ):
        with pytest.raises(ValueError, match=message):
            feedback_of(safe, [100.0], slope, 0.5)


def test_an_account_that_owes_counts_for_a_move_against_it():
    """No fall reaches it; a rise of 20 % does."""
    short = Book([120.0], [[-1.0]])
    assert feedback_of(short, [100.0], [5.0], 0.3).item() == pytest.approx(5.0 / 30.0)
    assert feedback_of(short, [100.0], [5.0], 0.2).item() == 0.0


def test_the_response_is_no_end_of_a_hedged_book():
    """A fall of A makes holders of A against B buy B back; its rise would reopen others, but closing is final."""
    price, types = np.array([100.0, 100.0]), np.array([[2.0, -2.0], [0.0, 2.0]]) * 1e-3
    book = ladder_of_types(types, 1e-6, 40_000, price)
    for slope, law, found in ((0.05, (1.364, -0.455), (1.333, -0.333)), (0.08, (2.528, -2.247), (1.889, -0.889))):
        matrix = feedback_matrix(types, types, 1e6, [slope, slope])
        end = Solver(book, price).run(price - [1.0, 0.0], Linear([slope, slope]), schedule="rounds")
        assert response(matrix) @ [1.0, 0.0] == pytest.approx(law, abs=1e-3)
        assert price - end.price == pytest.approx(found, abs=1e-3)


def test_an_account_at_zero_is_in_the_window_and_at_its_end_is_not():
    assert feedback_of(Book([-100.0], [[1.0]]), [100.0], [5.0], 0.5).item() == pytest.approx(0.1)
    assert feedback_of(Book([-50.0], [[1.0]]), [100.0], [5.0], 0.5).item() == 0.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sales_matrix([1.0, 2.0], [1.0], 1.0), "types, M"),
        (lambda: sales_matrix([1.0], [1.0], [1.0, 2.0]), "account_density"),
        (lambda: sales_matrix([[[1.0]]], [[[1.0]]], 1.0), "types, M"),
        (lambda: sales_matrix([1.0], [1.0], -1.0), "at least 0, got -1"),
        (lambda: sales_matrix([np.nan], [1.0], 1.0), "quantity must be finite"),
        (lambda: feedback_matrix([1.0, 2.0], [1.0, 2.0], 1.0, [1.0]), r"impact_matrix must be \(2,\) or \(2, 2\)"),
        (
            lambda: feedback_matrix([1.0], [1.0], 1.0, [-1.0]),
            "impact_matrix must be at least 0 on its diagonal, got -1",
        ),
        (
            lambda: feedback_matrix([1.0], [1.0], 1.0, [[-2.0]]),
            "impact_matrix must be at least 0 on its diagonal, got -2",
        ),
        (lambda: spectral_radius([1.0]), "square"),
        (lambda: spectral_radius(np.zeros((0, 0))), "square"),
        (lambda: spectral_radius([[1.0, 2.0]]), "square"),
        (lambda: response([[1.0]]), "below 1"),
        (lambda: crash_direction([[-0.1]]), "at least 0"),
        (lambda: crash_direction(np.diag([0.5, 0.5])), "one dominant direction"),
        (lambda: crash_direction(np.zeros((2, 2))), "one dominant direction"),
        (lambda: feedback_of(Book([1.0], [[1.0]]), [1.0], [1.0], 0.0), "window must be positive"),
        (lambda: feedback_of(Book([1.0], [[1.0]]), [1.0, 2.0], [1.0], 0.1), "one price"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
