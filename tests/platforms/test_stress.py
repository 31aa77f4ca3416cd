import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.contagion import Book
from cascadelab.platforms.stress import critical_fall, equivalent_fall, procyclical_kappa

RATES = st.floats(0.0, 0.9)


@given(kappa=st.floats(0.01, 0.99), thinning=st.floats(0.01, 2.0))
def test_depth_is_the_density_at_the_critical_fall(kappa, thinning):
    fall = critical_fall(kappa, thinning)
    assert kappa * np.exp(thinning * fall) == pytest.approx(1.0)


def test_a_market_that_is_critical_needs_no_fall():
    assert critical_fall([1.0, 1.5], 0.3).tolist() == [0.0, 0.0]


@given(m=RATES, after=RATES, level=st.floats(10.0, 90.0))
def test_a_higher_rate_loses_the_same_longs_as_the_equivalent_fall(m, after, level):
    """Four hundred accounts of one unit each; those within rounding of their limit are left out."""
    debts, held = np.linspace(1.0, 100.0, 400), np.ones((400, 1))
    raised = Book(-debts, held, 1 - after).surplus([level])
    fallen = Book(-debts, held, 1 - m).surplus([level * (1 - equivalent_fall(m, after))])
    clear = abs(raised) > 1e-9
    assert ((raised < 0) == (fallen < 0))[clear].all()
    assert clear.sum() >= 399


@given(kappa=st.floats(0.0, 2.0), price=st.floats(10.0, 200.0), m=st.floats(0.0, 0.5), reaction=st.floats(0.0, 0.002))
def test_ratio_counts_the_accounts_that_a_small_fall_crosses(kappa, price, m, reaction):
    """Limits p (1 − m) = debt: debts evenly spread, one unit a debt, with the rate as a line in the price."""
    step = 1e-6 * price
    covered = [p * (1 - m + reaction * (p - price)) for p in (price, price - step)]
    fixed = [p * (1 - m) for p in (price, price - step)]
    crossed = (covered[0] - covered[1]) / (fixed[0] - fixed[1])
    assert procyclical_kappa(kappa, price, m, reaction) == pytest.approx(kappa * crossed, rel=1e-4, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: critical_fall(0.0, 0.1), "kappa must be positive"),
        (lambda: critical_fall(0.5, 0.0), "thinning must be positive"),
        (lambda: equivalent_fall(1.0, 0.5), r"maintenance_rate must be in \[0, 1\)"),
        (lambda: equivalent_fall(0.1, 1.2), r"rate_after must be in \[0, 1\)"),
        (lambda: procyclical_kappa(-0.1, 1.0, 0.1, 0.1), "kappa must be at least 0"),
        (lambda: procyclical_kappa(0.1, 0.0, 0.1, 0.1), "price must be positive"),
        (lambda: procyclical_kappa(0.1, 1.0, 1.0, 0.1), "maintenance_rate must be in"),
        (lambda: procyclical_kappa(0.1, 1.0, 0.1, -0.1), "margin_reaction must be at least 0"),
        (lambda: procyclical_kappa([0.1, 0.2], [1.0, 2.0, 3.0], 0.1, 0.1), "the shapes do not broadcast"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
