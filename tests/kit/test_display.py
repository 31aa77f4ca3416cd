import pytest
import sympy as sp

from cascadelab.kit.display import formula, table


def test_table_reads_as_markdown_and_as_aligned_text():
    shown = table([["X", 80.0], ["Y", 47.25]], ["account", "price"], ["", ".2f"])
    assert shown._repr_markdown_() == "| account | price |\n|---|---|\n| X | 80.00 |\n| Y | 47.25 |"
    assert repr(shown) == "account  price\nX        80.00\nY        47.25"


def test_table_with_a_short_row_is_refused():
    with pytest.raises(ValueError, match=r"every row must have 2 cells and every column a format, got \['X'\]"):
        table([["X"]], ["account", "price"])


def test_formula_shows_its_name_and_number():
    x = sp.Symbol("x")
    assert formula(x / 2, "2.1", "surplus")._repr_latex_() == r"$$ S = \frac{x}{2} \tag{2.1} $$"
    assert repr(formula(x / 2, "2.1", "surplus")) == "(2.1)  surplus = x/2"
    assert formula(x / 2, name=r"dp / dL")._repr_latex_() == r"$$ dp / dL = \frac{x}{2} $$"
    assert formula(x)._repr_latex_() == "$$ x $$"
    assert repr(formula(x)) == "x"


def test_sums_start_with_a_positive_term():
    a, b = sp.symbols("a b")
    assert formula(-a + b)._repr_latex_() == "$$ b - a $$"
    assert formula(-a - b)._repr_latex_() == "$$ - a - b $$"
