import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.impact import ConstantProduct, Exponential, Linear, SquareRoot, fill_by_fill, proportional

pieces = st.lists(st.floats(0.01, 3.0), min_size=2, max_size=6)


def last(rule, fills):
    return fill_by_fill(rule, 95.0, fills)[-1]


def pool(price, sold):
    return ConstantProduct.at_price(price, 95.0 * 400.0**2).price(price, sold)


@pytest.mark.parametrize("rule", [Linear(0.5).price, Exponential(0.025).price, pool], ids=["linear", "exp", "pool"])
@given(fills=pieces)
def test_a_rule_that_composes_does_not_see_the_pieces(rule, fills):
    assert last(rule, fills) == pytest.approx(rule(95.0, sum(fills)), rel=1e-12)


@given(fills=pieces)
def test_proportional_fills_end_higher_in_pieces_and_root_fills_lower(fills):
    assert last(lambda p, u: proportional(p, u, 0.025), fills) > proportional(95.0, sum(fills), 0.025)
    root = SquareRoot(1.0)
    assert last(root.price, fills) < root.price(95.0, sum(fills))


def test_the_pieces_decide_about_an_account_with_liquidation_price_76_5():
    """One fill of 8 units ends at 76.00, two of 4 at 76.95."""
    assert fill_by_fill(lambda p, u: proportional(p, u, 0.025), 95.0, [8.0]).tolist() == pytest.approx([95.0, 76.0])
    assert last(lambda p, u: proportional(p, u, 0.025), [4.0, 4.0]) == pytest.approx(76.95)


def test_small_proportional_fills_tend_to_the_exponential():
    many = last(lambda p, u: proportional(p, u, 0.025), np.full(8000, 0.001))
    assert many == pytest.approx(Exponential(0.025).price(95.0, 8.0), rel=1e-5)


def test_proportional_stops_at_zero_and_broadcasts():
    assert proportional(95.0, [0.0, 40.0, 50.0], 0.025).tolist() == [95.0, 0.0, 0.0]
    assert fill_by_fill(Linear(1.0).price, 5.0, []).tolist() == [5.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fill_by_fill(Linear(1.0).price, -1.0, [1.0]), "shocked_price must be at least 0, got -1"),
        (lambda: fill_by_fill(Linear(1.0).price, 1.0, [np.nan]), "fills must be finite, got nan"),
        (lambda: fill_by_fill(Linear(1.0).price, 1.0, 2.0), r"got shapes \(\) and \(\)"),
        (lambda: fill_by_fill(Linear(1.0).price, [1.0], [2.0]), r"got shapes \(1,\) and \(1,\)"),
        (lambda: proportional(95.0, 1.0, 1.0), r"rate must be in \[0, 1\), got 1"),
        (lambda: proportional(-95.0, 1.0, 0.1), "shocked_price must be at least 0, got -95"),
        (lambda: proportional(95.0, np.inf, 0.1), "sold must be finite, got inf"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
