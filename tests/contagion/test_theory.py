"""The displayed formula is the tested formula: each expression of the chapter against the numbers."""

import numpy as np
import pytest
import sympy as sp

from cascadelab import contagion
from cascadelab.contagion import theory
from cascadelab.kit.notation import symbol

TWO = {"q": (3.0, 5.0), "n": (2.4, 4.5), "slope": (0.6, 0.2)}


def at(expression, **values):
    """Value of a displayed expression; `name_label=number` sets a labelled symbol."""
    known = {}
    for name, number in values.items():
        identifier, _, label = name.partition("__")
        known[symbol(identifier, label)] = number
    result = sp.Matrix(expression.doit()) if isinstance(expression, sp.MatrixBase | sp.MatMul) else expression
    found = result.subs(known)
    return np.array(found, dtype=float) if isinstance(found, sp.MatrixBase) else float(found)


def two_assets():
    given = {"account_density": 0.05}
    for name, key in (("quantity", "q"), ("normal", "n"), ("slope", "slope")):
        given |= {f"{name}__{label}": number for label, number in zip("AB", TWO[key], strict=True)}
    return given


MATRIX = contagion.feedback_matrix(TWO["q"], TWO["n"], 0.05, TWO["slope"])


def test_surplus_and_prices_equal_the_book():
    book = contagion.Book([-70.0], [[3.0, 5.0]], [0.8, 0.9])
    shown = at(theory.surplus(), cash=-70.0, normal__A=2.4, normal__B=4.5, price__A=20.0, price__B=7.0)
    assert shown == pytest.approx(book.surplus([20.0, 7.0])[0])
    prices = at(
        theory.prices_after(), **two_assets(), shocked_price__A=20.0, shocked_price__B=7.0, sold__A=3.0, sold__B=5.0
    )
    assert prices.ravel() == pytest.approx([20.0 - 1.8, 7.0 - 1.0])


def test_matrices_of_one_type_equal_their_numbers():
    assert at(theory.sales_matrix(), **two_assets()) == pytest.approx(contagion.sales_matrix(TWO["q"], TWO["n"], 0.05))
    assert at(theory.feedback_matrix(), **two_assets()) == pytest.approx(MATRIX)
    radius = contagion.spectral_radius(MATRIX)
    assert at(theory.one_type_radius(), **two_assets()) == pytest.approx(radius)
    infected = contagion.response(MATRIX)[1, 0]
    assert at(theory.one_type_contagion(), kappa=radius, **two_assets()) == pytest.approx(infected)


@pytest.mark.parametrize("entries", [(0.3, 0.2, 0.4, 0.1), (0.0, 0.9, 0.9, 0.0), (0.5, 0.0, 0.3, 0.6)])
def test_two_asset_forms_equal_their_numbers(entries):
    values = {f"feedback__{pair}": k for pair, k in zip(("AA", "AB", "BA", "BB"), entries, strict=True)}
    matrix = np.reshape(entries, (2, 2))
    inverse = contagion.response(matrix)
    assert at(theory.spectral_radius(), **values) == pytest.approx(contagion.spectral_radius(matrix))
    assert at(theory.determinant(), **values) == pytest.approx(np.linalg.det(np.eye(2) - matrix))
    assert at(theory.response(), **values) == pytest.approx(inverse)
    assert at(theory.contagion(), **values) == pytest.approx(inverse[1, 0])
    assert at(theory.follow(), **values) == pytest.approx(inverse[1, 0] / inverse[0, 0])


def test_squeeze_equals_the_spectral_radius():
    weights = {"asset_weight": 0.8, "liability_weight": 1.1}
    held = {"quantity__C": 4.0, "debt": 2.0, "slope__C": 0.5, "slope__D": 1.2}
    shown = at(theory.squeeze(), account_density=0.03, **weights, **held)
    matrix = contagion.feedback_matrix([4.0, -2.0], [3.2, -2.2], 0.03, [0.5, 1.2])
    assert shown == pytest.approx(contagion.spectral_radius(matrix))


def test_cross_margin_equals_its_numbers():
    values = {"kappa__A": 0.8, "kappa__B": 0.3, "required_margin__A": 2.0, "required_margin__B": 5.0}
    common = contagion.cross_kappa([0.8, 0.3], [2.0, 5.0], 0.25)
    assert at(theory.cross_kappa(), margin_efficiency=0.25, **values) == pytest.approx(common)
    assert at(theory.conserved(), **values) == pytest.approx(common * 0.75 * 7.0)
    assert at(theory.cross_of_equals(), kappa=0.4, margin_efficiency=0.2) == pytest.approx(0.5)
    assert at(theory.break_even(), **values) == pytest.approx(contagion.break_even_efficiency([0.8, 0.3], [2.0, 5.0]))
    limit = at(theory.spared_up_to(), assets=3, kappa=0.4)
    for factor, spared in ((0.99 * limit, True), (1.01 * limit, False)):
        common = contagion.response(np.full((3, 3), 0.4 * factor / 3))[0, 0]
        assert (common < 1 / (1 - 0.4)) == spared
    shown = at(theory.equal_legs_efficiency(), assets=4, correlation=0.2)
    assert shown == pytest.approx(contagion.equal_legs_efficiency(4, 0.2))
    assert at(theory.efficiency_limit(), correlation=0.7) == pytest.approx(
        1 / (1 - contagion.equal_legs_efficiency(10**9, 0.7))
    )
    leg = at(theory.isolated_kappa(), slope__a=0.5, quantity__a=3.0, normal__a=2.0, holders=50, zero_density=0.4,
             required_margin__a=100.0)  # fmt: skip
    assert leg == pytest.approx(contagion.isolated_kappa(0.5, 3.0, 2.0, 50, 0.4, 100.0))


def test_correlation_equals_its_numbers():
    values = {"own": 0.35, "cross": 0.2, "fundamental": -0.3}
    found = contagion.endogenous_correlation(*values.values())
    assert at(theory.symmetric(), **values) == pytest.approx(np.array([[0.35, 0.2], [0.2, 0.35]]))
    assert at(theory.fisher_of_correlation(), **values) == pytest.approx(np.arctanh(found))
    covariance = contagion.endogenous_covariance([[0.35, 0.2], [0.2, 0.35]], [[1.0, -0.3], [-0.3, 1.0]])
    assert at(theory.variance_of_sum(), **values) == pytest.approx(covariance.sum())
    assert at(theory.variance_of_difference(), **values) == pytest.approx([1, -1] @ covariance @ [1, -1])
    assert at(theory.implied_feedback(), fundamental=-0.3, endogenous=found) == pytest.approx(0.2 / 0.65)


def test_a_form_that_was_not_derived_is_refused():
    with pytest.raises(ArithmeticError, match="is not"):
        theory._same(theory.own, theory.cross)
    with pytest.raises(ArithmeticError, match="is not"):
        theory._same(theory.symmetric(), theory.feedback_matrix())
