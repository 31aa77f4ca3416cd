"""What the tests of this chapter share: the displayed formulas as functions of numbers."""

from functools import cache

import pytest
import sympy as sp

from cascadelab.kit.notation import TERMS
from cascadelab.liquidation import theory


@cache
def _lambdified(name):
    expression = getattr(theory, name)()
    known = {term.symbol: term.identifier for term in TERMS}
    symbols = sorted(expression.free_symbols, key=lambda s: s.name)
    return [known[s.name] for s in symbols], sp.lambdify(symbols, expression)


@pytest.fixture(scope="session")
def shown():
    """Value of a displayed formula, by its name in `theory`, at numbers given by the registered identifiers."""

    def value(name, **values):
        needed, function = _lambdified(name)
        return float(function(*(values[identifier] for identifier in needed)))

    return value
