import numpy as np
import pytest

from cascadelab.contagion import Book, Solver
from cascadelab.contagion.feedback import feedback_matrix, response
from cascadelab.contagion.flow import FLOWS, moves
from cascadelab.impact import Linear

TYPES, DENSITY, SLOPE = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), [0.05, 0.05, 0.25], [1.0, 1.0]


def shocks(paths, steps, fundamental=0.4, seed=5):
    root = np.linalg.cholesky([[1.0, fundamental], [fundamental, 1.0]])
    return np.random.default_rng(seed).standard_normal((paths, steps, 2)) @ root.T


def test_two_sided_flow_is_the_response():
    drawn = shocks(1, 50)[0]
    expected = drawn @ response([[0.3, 0.25], [0.25, 0.3]]).T
    assert moves(drawn, TYPES, TYPES, DENSITY, SLOPE) == pytest.approx(expected)


def test_one_sided_flow_answers_falls_like_two_sided_flow_and_rises_not_at_all():
    made = moves([[-1.0, -0.5], [1.0, 0.5]], TYPES, TYPES, DENSITY, SLOPE, flow="falls only")
    assert made[0] == pytest.approx(response([[0.3, 0.25], [0.25, 0.3]]) @ [-1.0, -0.5])
    assert made[1] == pytest.approx([1.0, 0.5])


@pytest.mark.parametrize("shock", [(-1.0, 0.3), (-0.2, 0.4), (0.5, -2.0)])
def test_falls_only_is_the_end_of_a_large_book(shock):
    price, levels = np.array([100.0, 100.0]), 30_000
    rows, spacing = np.repeat(TYPES, levels, axis=0) * 1e-3, np.repeat(1e-6 / np.array(DENSITY), levels)
    slack = (np.tile(np.arange(levels), 3) + 0.5) * spacing
    book = Book(slack - rows @ price, rows)
    end = Solver(book, price).run(price + shock, Linear(SLOPE))
    made = moves([list(shock)], TYPES, TYPES, DENSITY, SLOPE, flow="falls only")[0]
    assert end.price - price == pytest.approx(made, abs=2e-3)


def test_what_is_closed_stays_closed():
    path = [[-1.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [-1.0, 0.0]]
    made = moves(path, [1.0, 1.0], [1.0, 1.0], 0.25, SLOPE, flow="once")
    assert made == pytest.approx(np.array([[-1.5, -0.5], [1.0, 0.0], [-1.0, 0.0], [-1.5, -0.5]]))


@pytest.mark.unmeasured
def test_correlations_of_the_three_flows():
    """The law's .825 for two-sided flow, .71 in falls only, .48 on irreversible paths of 200 moves."""
    drawn = shocks(400, 200)
    found = {
        flow: np.mean([np.corrcoef(run.T)[0, 1] for run in moves(drawn, TYPES, TYPES, DENSITY, SLOPE, flow=flow)])
        for flow in FLOWS
    }
    assert found["two-sided"] == pytest.approx(0.8245, abs=0.002)
    assert found["falls only"] == pytest.approx(0.71, abs=0.01)
    assert found["once"] == pytest.approx(0.48, abs=0.01)


def test_no_flow_without_accounts():
    drawn = shocks(1, 5)[0]
    for flow in FLOWS:
        assert moves(drawn, TYPES, TYPES, 0.0, SLOPE, flow=flow) == pytest.approx(drawn)


@pytest.mark.parametrize("flow", FLOWS)
def test_flows_of_several_types_use_the_matrix_of_their_sum(flow):
    """While the shock hurts every type all are active: K is the sum of theirs, and (I − K)⁻¹ the end."""
    types, normal, near = [[2.0, 1.0], [0.0, 3.0], [0.5, 0.0]], [[1.6, 0.9], [0.0, 2.7], [0.4, 0.0]], [0.1, 0.02, 0.3]
    impact, shock = [[0.6, 0.1], [0.2, 0.5]], np.array([-1.0, -0.3])
    made = moves([shock], types, normal, near, impact, flow=flow)[0]
    assert made == pytest.approx(response(feedback_matrix(types, normal, near, impact)) @ shock)


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("unit", [1e-9, 1e-12, 1e-200, 1e12])
def test_another_unit_of_the_prices_changes_nothing(flow, unit):
    drawn = shocks(2, 20)
    made = moves(drawn, TYPES, TYPES, DENSITY, SLOPE, flow=flow)
    assert moves(unit * drawn, TYPES, TYPES, DENSITY, SLOPE, flow=flow) / unit == pytest.approx(made, rel=1e-9)


def test_a_small_move_is_as_exact_beside_a_large_one_as_alone():
    both = moves([[-1e15, 0.0], [-1.0, -0.5]], TYPES, TYPES, DENSITY, SLOPE, flow="falls only")
    assert both[1] == pytest.approx(response([[0.3, 0.25], [0.25, 0.3]]) @ [-1.0, -0.5])


def test_no_shock_moves_nothing():
    for flow in FLOWS:
        assert (moves(np.zeros((2, 2)), TYPES, TYPES, DENSITY, SLOPE, flow=flow) == 0).all()


def test_two_sided_flow_of_a_hedged_type_is_the_response_and_one_sided_flow_is_refused():
    hedge = ([1.0, -1.0], [1.0, -1.0], 0.2, [1.0, 1.0])
    after = response(feedback_matrix(*hedge))
    assert moves([[-1.0, 0.0]], *hedge)[0] == pytest.approx(after @ [-1.0, 0.0])
    for flow in ("falls only", "once"):
        with pytest.raises(ValueError, match=f"negative entry in the feedback matrix if flow is '{flow}', got -0.2"):
            moves([[-1.0, 0.0]], *hedge, flow=flow)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"flow": "both"}, "flow must be one of"),
        ({"shocks": [1.0, 2.0]}, "shocks must have shape"),
        ({"shocks": [[1.0]]}, "shocks must have shape"),
        ({"normal": [[1.0, 0.0], [0.0, 1.0], [-1.0, 1.0]], "flow": "once"}, "no type a negative entry"),
        ({"account_density": [0.5, 0.5, 0.5]}, "feedback must have a spectral radius below 1: .* got 1.5"),
        ({"impact_matrix": [1.0]}, "impact_matrix must be"),
        # the types cancel in K, to 0.5, but in a fall only one of them is active, with 2: the rounds would never end
        (
            {
                "shocks": [[-1.0]],
                "quantity": [[2.0], [1.5]],
                "normal": [[1.0], [-1.0]],
                "account_density": 1.0,
                "impact_matrix": [1.0],
                "flow": "falls only",
            },
            "no type a negative entry .* got -1.5",
        ),
    ],
)
def test_bad_input_is_named(change, message):
    given = {"shocks": [[1.0, 2.0]], "quantity": TYPES, "normal": TYPES, "account_density": DENSITY}
    given["impact_matrix"] = SLOPE
    with pytest.raises(ValueError, match=message):
        moves(**(given | change))
