"""Chapter 2: the thresholds that real venues set on one asset."""

from cascadelab.thresholds.interval import safe_interval
from cascadelab.thresholds.lending import (
    collateral_liquidation_price,
    collateral_ratio,
    debt_liquidation_price,
    health_factor,
    lending_surplus,
    liquidation_incentive,
)
from cascadelab.thresholds.tiered import line_prices, liquidation_prices, surplus_lines, tiered_surplus
from cascadelab.thresholds.tiers import Tiers
from cascadelab.thresholds.venues import VENUES, Rule
from cascadelab.thresholds.weights import asset_weight, borrowed_leverage, liability_weight, weight_of_ratio

__all__ = [
    "Tiers", "tiered_surplus", "line_prices", "surplus_lines", "safe_interval", "liquidation_prices",
    "lending_surplus", "health_factor", "collateral_ratio", "weight_of_ratio", "collateral_liquidation_price",
    "debt_liquidation_price", "asset_weight", "liability_weight", "borrowed_leverage", "liquidation_incentive",
    "Rule", "VENUES",
]  # fmt: skip
