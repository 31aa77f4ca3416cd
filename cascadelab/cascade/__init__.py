"""Chapter 7: how forced sales cause forced sales, where that stops, and whether it matters who is sold first."""

from cascadelab.cascade.broken import Counterexample, counterexamples, to_target
from cascadelab.cascade.equilibrium import Equilibrium, least_severe, worst
from cascadelab.cascade.ladder import Ladder
from cascadelab.cascade.schedules import Run, at_random, in_order, rounds, run, worst_first

__all__ = [
    "Ladder", "Equilibrium", "least_severe", "worst", "Run", "run", "rounds", "worst_first", "in_order", "at_random",
    "Counterexample", "counterexamples", "to_target",
]  # fmt: skip
