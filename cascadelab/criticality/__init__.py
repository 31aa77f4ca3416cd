"""Chapter 8: when a cascade stops by itself, when it does not, and whether one can see it coming."""

from cascadelab.criticality.avalanches import avalanche_sizes, branching_sizes, critical_ratios, random_gaps
from cascadelab.criticality.borel import borel_moments, borel_pmf, borel_tanner_pmf, extinction_probability
from cascadelab.criticality.budget import Budget, density_of_leverage, leverage_targeting
from cascadelab.criticality.closed_forms import uniform_exponential, uniform_linear, uniform_square_root
from cascadelab.criticality.deficit import effective_margin, uniform_deficit
from cascadelab.criticality.estimate import Estimate, estimate_kappa
from cascadelab.criticality.feedback import amplification
from cascadelab.criticality.hysteresis import Fold, fold
from cascadelab.criticality.open_interest import initial_rate_at_open_interest
from cascadelab.criticality.spirals import Spiral, spiral

__all__ = [
    "amplification", "uniform_linear", "uniform_exponential", "uniform_square_root",
    "Budget", "leverage_targeting", "density_of_leverage", "Fold", "fold", "effective_margin", "uniform_deficit",
    "Spiral", "spiral", "initial_rate_at_open_interest", "borel_pmf", "borel_tanner_pmf", "borel_moments",
    "extinction_probability", "random_gaps", "critical_ratios", "avalanche_sizes", "branching_sizes", "Estimate",
    "estimate_kappa",
]  # fmt: skip
