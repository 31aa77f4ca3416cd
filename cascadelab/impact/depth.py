"""Curves of one market depth: the forms of impact made comparable, for pictures that switch between them."""

import numpy as np

from cascadelab.impact.curve import Curve
from cascadelab.impact.exponential import Exponential
from cascadelab.impact.linear import Linear
from cascadelab.impact.pool import ConstantProduct
from cascadelab.impact.root import SquareRoot

SHOCKED = 100.0


def market_of_depth(form: str, depth: float) -> Curve:
    """Curve at price 100 on which the first unit moves the price by 1/depth; the root agrees with the line at 20 units.

    >>> print(f"{market_of_depth('pool', 2.0).price(100.0, 1e-6) - 100:.3g}")
    -5e-07
    """
    slope = 1 / depth
    forms = {
        "linear": Linear(slope),
        "exponential": Exponential(slope / SHOCKED),
        "square root": SquareRoot(slope * np.sqrt(20.0)),
        "pool": ConstantProduct(2 * SHOCKED / slope),
    }
    return forms[form]
