import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cascadelab.cascade import Ladder
from cascadelab.criticality import effective_margin, uniform_deficit
from cascadelab.impact import Linear

EDGE, DENSITY, STEP = 100.0, 20.0, 2e-3
LEVELS = EDGE - (np.arange(50_000) + 0.5) * STEP
BOOK = Ladder(LEVELS, np.full(LEVELS.size, DENSITY * STEP))


def simulate(shock, kappa, rate, fill):
    """Unpaid debt of single accounts on the ladder, and the cash that buyers paid."""
    slope = kappa / DENSITY
    out = BOOK.run(EDGE - shock, Linear(slope))
    sold = DENSITY * STEP
    walk = EDGE - shock - slope * sold * (np.arange(out.count) + 0.5)
    paid = {"end": np.full(out.count, out.price), "walk": walk, "reverse": walk[::-1]}[fill]
    debt = (1 - rate) * LEVELS[: out.count]
    return sold * np.maximum(debt - paid, 0).sum(), sold * paid.sum(), out


@settings(max_examples=40, deadline=None)
@given(st.floats(0.05, 0.8), st.floats(0.005, 0.1), st.floats(0.2, 15.0))
def test_both_laws_equal_a_simulation(kappa, rate, shock):
    assume(shock <= 0.95 * EDGE * (1 - kappa))
    for fill in ("end", "walk"):
        law = uniform_deficit(EDGE - shock, kappa / DENSITY, DENSITY, EDGE, rate, fill=fill)
        found, _, _ = simulate(shock, kappa, rate, fill)
        assert found == pytest.approx(law, rel=2e-2, abs=0.3)


def test_published_numbers():
    assert uniform_deficit(98.5, 0.01, 50.0, 100.0, 0.02) == pytest.approx(25.5102, abs=5e-5)
    assert uniform_deficit(97.0, 0.012, 50.0, 100.0, 0.02) == pytest.approx(771.684, abs=5e-4)
    assert uniform_deficit(97.0, 0.012, 50.0, 100.0, 0.02, fill="walk") == pytest.approx(65.8, abs=0.05)


def test_the_walk_law_needs_the_highest_threshold_first():
    """The same walk, so the same cash, in the opposite order: another deficit."""
    highest, cash, out = simulate(3.0, 0.6, 0.02, "walk")
    lowest, same_cash, _ = simulate(3.0, 0.6, 0.02, "reverse")
    assert same_cash == pytest.approx(cash, rel=1e-12)
    assert cash == pytest.approx(Linear(0.03).proceeds(97.0, out.sold, fill="walk"), rel=1e-12)
    assert highest == pytest.approx(20 / 0.76, rel=1e-3)
    assert lowest > 7 * highest


@given(st.floats(0, 0.9), st.floats(0.005, 0.05))
def test_debt_begins_at_the_effective_margin(kappa, rate):
    for fill in ("end", "walk"):
        start = EDGE * effective_margin(kappa, rate, fill=fill)
        args = (kappa / DENSITY, DENSITY, EDGE, rate)
        assert start * 1.001 < EDGE * (1 - kappa)
        assert uniform_deficit(EDGE - 0.999 * start, *args, fill=fill) == 0.0
        assert uniform_deficit(EDGE - 1.001 * start, *args, fill=fill) > 0.0


def test_a_walk_with_much_feedback_leaves_nobody_unpaid_above_zero():
    assert uniform_deficit(4.0, 0.96 / 20, 20.0, 4.0 / 0.96, 0.1, fill="walk") == 0.0
    assert simulate(3.9, 0.96, 0.05, "walk")[0] == 0.0
    assert uniform_deficit(96.1, 0.96 / 20, 20.0, 100.0, 0.05, fill="walk") == 0.0
    assert effective_margin(0.96, 0.05, fill="walk") == pytest.approx(0.04)


def test_edges():
    assert uniform_deficit(101.0, 0.01, 50.0, 100.0, 0.02) == 0.0
    assert uniform_deficit(90.0, 0.0, 50.0, 100.0, 0.02) == uniform_deficit(90.0, 0.0, 50.0, 100.0, 0.02, fill="walk")
    np.testing.assert_allclose(effective_margin([0.0, 0.5], 0.02), [0.02, 0.01])


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="shocked_price must be at least κ times the edge"):
        uniform_deficit(49.0, 0.01, 50.0, 100.0, 0.02)
    with pytest.raises(ValueError, match="slope times density must be below 1"):
        uniform_deficit(99.0, 0.02, 50.0, 100.0, 0.02)
    with pytest.raises(ValueError, match="kappa must be below 1"):
        effective_margin(1.0, 0.02)
    with pytest.raises(ValueError, match="maintenance_rate"):
        effective_margin(0.5, 1.0)
    for call in (
        lambda: effective_margin(0.5, 0.1, fill="average"),
        lambda: uniform_deficit(99.0, 0.01, 50.0, 100.0, 0.02, fill="average"),
    ):
        with pytest.raises(ValueError, match="fill must be 'end' or 'walk', got 'average'"):
            call()
