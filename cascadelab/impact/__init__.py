"""Chapter 5: what a sale does to the price, and what the price does to the sale."""

from cascadelab.impact.book import OrderBook
from cascadelab.impact.curve import Curve
from cascadelab.impact.exponential import Exponential
from cascadelab.impact.fills import fill_by_fill, proportional
from cascadelab.impact.fit import PowerLaw, bootstrap_exponent, fit_power_law
from cascadelab.impact.linear import Linear
from cascadelab.impact.pool import ConstantProduct
from cascadelab.impact.root import SquareRoot
from cascadelab.impact.size import asset_weight_at_size, liability_weight_at_size

__all__ = [
    "Curve", "Linear", "Exponential", "SquareRoot", "ConstantProduct", "OrderBook", "fill_by_fill", "proportional",
    "PowerLaw", "fit_power_law", "bootstrap_exponent", "asset_weight_at_size", "liability_weight_at_size",
]  # fmt: skip
