"""Chapter 10: one asset on many platforms, joined by arbitrage, marks and shared accounts."""

from cascadelab.platforms.arbitrage import critical_kappa, healing_conductance, sale_response
from cascadelab.platforms.even import even_book
from cascadelab.platforms.marks import index_marks, marked_feedback, marked_impact, marked_response
from cascadelab.platforms.network import arbitraged_price, impact_matrix
from cascadelab.platforms.stress import critical_fall, equivalent_fall, procyclical_kappa
from cascadelab.platforms.strict import crowded_weight, strict_prices

__all__ = [
    "critical_kappa", "sale_response", "even_book", "impact_matrix", "critical_fall", "equivalent_fall",
    "procyclical_kappa", "arbitraged_price", "index_marks", "marked_feedback", "marked_response", "strict_prices",
    "crowded_weight", "marked_impact", "healing_conductance",
]  # fmt: skip
