"""Chapter 7: how forced sales cause forced sales, where that ends, and whether it matters who is sold first."""

from cascadelab.cascade.broken import Counterexample, counterexamples
from cascadelab.cascade.equilibrium import Equilibrium, least_severe_equilibrium, supply, worst_equilibrium
from cascadelab.cascade.schedules import Run, at_random, in_order, rounds, run, worst_first

__all__ = [
    "supply", "Equilibrium", "least_severe_equilibrium", "worst_equilibrium", "Run", "run", "rounds", "worst_first",
    "in_order", "at_random", "Counterexample", "counterexamples",
]  # fmt: skip
