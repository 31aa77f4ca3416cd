"""Chapter 4: how far an account is from liquidation, and how likely it is to get there."""

from cascadelab.distance.bridge import simulated_first_passage
from cascadelab.distance.correlation import (
    bootstrap_interval,
    bootstrap_samples,
    conditional_correlation,
    log_returns,
    mean_pairwise_correlation,
    unconditional_correlation,
)
from cascadelab.distance.covariance import covariance_matrix, equal_correlation
from cascadelab.distance.passage import (
    first_passage_probability,
    max_leverage,
    monitored_barrier,
    portfolio_first_passage,
)
from cascadelab.distance.probability import joint_probability, liquidation_probability, tail_dependence
from cascadelab.distance.sigma import (
    correlation_slope,
    liquidation_correlation,
    margin_shortfall,
    reverse_stress,
    sigma_distance,
)

__all__ = [
    "equal_correlation", "covariance_matrix", "sigma_distance", "correlation_slope", "reverse_stress",
    "liquidation_probability", "liquidation_correlation", "joint_probability", "tail_dependence", "margin_shortfall",
    "first_passage_probability", "portfolio_first_passage", "monitored_barrier", "max_leverage",
    "simulated_first_passage", "log_returns", "mean_pairwise_correlation", "bootstrap_samples", "bootstrap_interval",
    "conditional_correlation", "unconditional_correlation",
]  # fmt: skip
