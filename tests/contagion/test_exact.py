from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cascadelab.contagion import exact
from cascadelab.contagion.exact import ExactSums

TABLES = arrays(np.float64, st.tuples(st.integers(1, 12), st.integers(1, 3)), elements=st.floats(-1e9, 1e9, width=32))


@given(TABLES)
def test_sums_are_the_exact_ones_rounded_once(table):
    sums = ExactSums(table)
    for k, total in enumerate(sums.total(sums.all_rows)):
        true = sum(map(Fraction, table[:, k].tolist()), Fraction(0))
        assert total == pytest.approx(float(true), rel=1e-15, abs=1e-25 * np.abs(table[:, k]).sum())


@pytest.mark.parametrize("seed", range(5))
def test_sums_do_not_depend_on_pieces_or_order(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    table = np.asfortranarray(rng.exponential(1.0, (1000, 2)) * 10.0 ** rng.integers(-12, 12, (1000, 1)))
    sums, chosen = ExactSums(table), rng.random(1000) < 0.6
    whole = sums.total(sums.of_mask(chosen))
    rows = rng.permutation(np.flatnonzero(chosen))
    pieces = sum((sums.of_rows(part) for part in np.array_split(rows, 17)), sums.none())
    rest = sums.all_rows - sums.of_mask(~chosen)
    monkeypatch.setattr(exact, "BLOCK", 7)
    assert np.array_equal(whole, sums.total(pieces))
    assert np.array_equal(whole, sums.total(rest))
    assert np.array_equal(whole, sums.total(sums.of_mask(chosen)))


@settings(max_examples=50)
@given(st.integers(0, 2**32 - 1))
def test_larger_selection_of_positive_numbers_never_has_a_smaller_sum(seed):
    rng = np.random.default_rng(seed)
    sums = ExactSums(rng.exponential(1.0, (30, 1)) ** 8)
    order = rng.permutation(30)
    totals = [sums.total(sums.of_rows(order[:n]))[0] for n in range(31)]
    assert totals[0] == 0.0
    assert (np.diff(totals) >= 0).all()


def test_plain_sums_do_depend_on_order():
    table = np.array([[1e16], [1.0], [-1e16], [1.0]])
    assert table.sum() == 1.0
    assert ExactSums(table).total(ExactSums(table).all_rows) == 2.0


def test_column_of_zeros():
    assert ExactSums(np.zeros((3, 1))).all_rows.tolist() == [[0.0], [0.0]]
