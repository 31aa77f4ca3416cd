"""Chapter 10: one asset on many platforms, joined by arbitrage, marks and shared accounts."""

from cascadelab.platforms.arbitrage import critical_kappa, healing_conductance, sale_response
from cascadelab.platforms.marks import index_marks, marked_feedback, marked_impact
from cascadelab.platforms.network import arbitraged_price, impact_matrix
from cascadelab.platforms.stress import critical_fall, equivalent_fall, procyclical_kappa
from cascadelab.platforms.strict import crowded_weight, strict_prices

__all__ = [
    "impact_matrix", "arbitraged_price", "critical_kappa", "sale_response", "healing_conductance",
    "marked_impact", "marked_feedback", "index_marks", "critical_fall", "equivalent_fall", "procyclical_kappa",
    "strict_prices", "crowded_weight",
]  # fmt: skip
