import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.contagion import Book, Solver
from cascadelab.contagion.cross import break_even_efficiency, cross_kappa, equal_legs_efficiency, isolated_kappa
from cascadelab.contagion.feedback import feedback_matrix, response, spectral_radius
from cascadelab.distance.covariance import equal_correlation
from cascadelab.impact import Linear

LEGS = st.lists(st.tuples(st.floats(0.01, 0.95), st.floats(0.1, 5.0)), min_size=1, max_size=6)


def books(quantity, margins, taken, holders=40_000):
    """The same holders with isolated legs, and with one account each; prices start at zero slack and at 100."""
    z = (np.arange(holders) + 0.5) / holders  # surplus in margins, evenly spread
    price = np.full(len(quantity), 100.0)
    rows = np.repeat(np.diag(quantity), holders, axis=0)
    isolated = Book(np.concatenate([z * m for m in margins]) - rows @ price, rows)
    rows = np.tile(quantity, (holders, 1))
    return isolated, Book(z * (1 - taken) * np.sum(margins) - rows @ price, rows), price


@given(legs=LEGS, eta=st.floats(0, 0.9))
def test_ratio_times_margin_is_conserved(legs, eta):
    kappa, margins = np.array(legs).T
    common = cross_kappa(kappa, margins, eta)
    assert common * (1 - eta) * margins.sum() == pytest.approx((kappa * margins).sum())
    assert cross_kappa(kappa, margins, 0.0) <= max(kappa) * (1 + 1e-12)  # margin that stays can not hurt
    edge = break_even_efficiency(kappa, margins)
    if edge < 0.99:
        assert cross_kappa(kappa, margins, edge) == pytest.approx(max(kappa))


def test_equal_legs_break_even_at_nothing_whatever_the_rounding():
    assert np.average([0.1] * 3) > 0.1
    assert break_even_efficiency([0.1] * 3, 1.0) == 0.0
    assert cross_kappa([0.1] * 3, 1.0, break_even_efficiency([0.1] * 3, 1.0)) == pytest.approx(0.1)


@given(legs=LEGS, g=st.floats(0.01, 2.0))
def test_law_equals_the_spectral_radius_of_the_two_matrices(legs, g):
    """Legs with quantities q and slopes λ, holders evenly spread in margins."""
    quantity, slope = np.array(legs).T
    margins = quantity * np.linspace(1, 2, len(quantity))
    isolated = feedback_matrix(np.diag(quantity), np.diag(quantity), g / margins, slope)
    kappa = isolated_kappa(slope, quantity, quantity, 1, g, margins)
    assert np.diag(isolated) == pytest.approx(kappa)
    assert spectral_radius(isolated) == pytest.approx(max(kappa))
    common = feedback_matrix(quantity, quantity, g / (0.7 * margins.sum()), slope)
    assert spectral_radius(common) == pytest.approx(cross_kappa(kappa, margins, 0.3))


@pytest.mark.parametrize("taken", [0.0, 1 - np.sqrt((1 + 2 * 0.3) / 3)], ids=["margin stays", "same σ-distance"])
def test_books_of_holders_obey_the_law(taken):
    quantity, margins, kappa = np.full(3, 1e-3), np.full(3, 0.01), 0.45
    isolated, common, price = books(quantity, margins, taken)
    slope = kappa * 0.01 / (40_000 * 1e-6)  # κ = λ q² N / R
    assert isolated_kappa(slope, quantity, quantity, 40_000, 1.0, margins) == pytest.approx(np.full(3, kappa))
    impact, shock = Linear(np.full(3, slope)), np.array([1.0, 0.0, 0.0])
    apart = price - Solver(isolated, price).run(price - shock, impact).price
    together = price - Solver(common, price).run(price - shock, impact).price
    ratio = cross_kappa([kappa] * 3, 1.0, taken)
    assert apart == pytest.approx([1 / (1 - kappa), 0.0, 0.0], rel=2e-3)
    spread = ratio / 3 / (1 - ratio)
    assert together == pytest.approx([1 + spread, spread, spread], rel=2e-3)
    assert together[0] < apart[0]  # the hit asset falls less, the others more


def test_design_example_of_four_legs():
    efficiency = equal_legs_efficiency(4, 0.2)
    ratio = cross_kappa([0.4] * 4, 1.0, efficiency)
    assert ratio == pytest.approx(0.632456, abs=5e-7)
    assert ratio / 0.4 == pytest.approx(1 / (1 - efficiency))
    falls = response(np.full((4, 4), ratio / 4))[:, 0]
    assert falls[1] == pytest.approx(0.4302, abs=5e-5)
    assert falls.sum() == pytest.approx(2.721, abs=5e-4)


def test_unequal_legs_can_make_cross_margin_safer():
    efficiency = equal_legs_efficiency(2, 0.5)
    assert cross_kappa([0.9, 0.0045], 1.0, efficiency) == pytest.approx(0.5222, abs=5e-5)
    assert 0.9 / (1 - efficiency) == pytest.approx(1.0392, abs=5e-5)
    assert efficiency < break_even_efficiency([0.9, 0.0045], 1.0)


@given(size=st.integers(1, 9), part=st.floats(0, 1))
def test_equal_legs_save_what_their_covariance_says(size, part):
    rho = part if size < 2 else -1 / (size - 1) * (1 - part) + part
    deviation = np.sqrt(max(np.ones(size) @ equal_correlation(size, rho) @ np.ones(size), 0.0)) if size > 1 else 1.0
    assert equal_legs_efficiency(size, rho) == pytest.approx(1 - deviation / size, abs=1e-7)


def test_the_ratio_of_equal_legs_stays_below_one_over_the_root_of_the_correlation():
    ratios = [1 / (1 - equal_legs_efficiency(m, 0.7)) for m in (2, 10, 1000)]
    assert ratios == sorted(ratios)
    assert ratios[-1] < 1 / np.sqrt(0.7) < 1.0005 * ratios[-1]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: isolated_kappa(-0.5, 3.0, 2.0, 50, 0.4, 100.0), "slope must be at least 0"),
        (
            lambda: isolated_kappa(0.5, [3.0, -3.0], 2.0, 50, 0.4, 100.0),
            "normal must have the sign .* got a product of -6",
        ),
        (lambda: isolated_kappa(0.5, 3.0, 2.0, 0, 0.4, 100.0), "holders must be positive"),
        (lambda: isolated_kappa(0.5, 3.0, 2.0, 50, -0.4, 100.0), "zero_density must be at least 0"),
        (lambda: isolated_kappa(0.5, 3.0, 2.0, 50, 0.4, 0.0), "required_margin must be positive"),
        (lambda: isolated_kappa([0.5, 0.5], [1.0, 1.0, 1.0], 2.0, 50, 0.4, 100.0), "broadcast"),
        (lambda: break_even_efficiency(0.4, 1.0), "one entry a leg"),
        (lambda: break_even_efficiency([], 1.0), "one entry a leg"),
        (lambda: break_even_efficiency([-0.1], 1.0), "at least 0"),
        (lambda: cross_kappa([0.4], [1.0, 2.0], 0.1), "required_margin"),
        (lambda: cross_kappa([0.4], 0.0, 0.1), "positive"),
        (lambda: cross_kappa([0.4], 1.0, 1.0), r"in \[0, 1\)"),
        (lambda: equal_legs_efficiency(0, 0.1), "assets must be a whole number"),
        (lambda: equal_legs_efficiency(3, -0.6), "at least -0.5"),
        (lambda: equal_legs_efficiency(3, 1.1), "in "),
        (lambda: break_even_efficiency([0.0, 0.0], 1.0), "positive entry"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
