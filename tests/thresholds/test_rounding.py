import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.thresholds.rounding import ROUNDING, below, is_below

amounts = st.floats(1e-6, 1e12)


@given(amounts, st.floats(1.0, 10.0), st.floats(-1.0, 1.0))
def test_what_is_nearer_than_rounding_to_the_limit_is_at_it(limit, larger, part):
    """`part` of the tolerance beside the limit, which the largest amount sets."""
    tolerance = ROUNDING * larger * limit
    assert not below(limit + 0.99 * part * tolerance, limit, larger * limit)
    assert below(limit - 1.01 * tolerance, limit, -larger * limit)
    assert not below(limit + tolerance, limit)
    for value in (limit + part * tolerance, limit - 1.01 * tolerance, limit - 2 * part * tolerance):
        for amount in (0.0, larger * limit):
            assert is_below(value, limit, amount) is bool(below(value, limit, amount))


def test_without_amounts_the_limit_is_the_measure():
    assert below(-1e-300, 0.0)
    assert not below(0.0, 0.0)
    assert not below(100 * (1 - 1e-13), 100.0)
    assert below(-1.0, 1e-9)


def test_sums_of_tenths_are_decided_as_by_hand():
    """k · 0.1 against k/10, k times one: floats alone call more than a hundred of a thousand of them negative."""
    k = np.arange(1, 1001)
    surplus = k / 10 - np.array([sum([0.1] * n) for n in k])
    assert (surplus < 0).sum() > 100
    assert not below(surplus, 0.0, k / 10).any()
    assert below(surplus - 1e-6, 0.0, k / 10).all()


def test_it_broadcasts():
    np.testing.assert_array_equal(below([[1.0], [2.0]], [1.0, 1.5, 3.0]), [[0, 1, 1], [0, 0, 1]])
    assert below(1.0, 2.0).ndim == 0
    assert bool(below(1.0, 2.0)) is True


@pytest.mark.parametrize(
    ("value", "amount", "fires"), [(-1e-13, 1.0, False), (-1e-13, 0.01, True), (-1e-13, -1.0, False)]
)
def test_a_larger_amount_allows_more(value, amount, fires):
    assert bool(below(value, 0.0, amount)) is fires
