"""Chapter 9: how the liquidation of one account sells other assets, moves other prices, and takes others with it."""

from cascadelab.contagion.book import Book
from cascadelab.contagion.broken import Counterexample, counterexamples
from cascadelab.contagion.correlation import (
    endogenous_correlation,
    endogenous_covariance,
    fundamental_covariance,
    implied_feedback,
)
from cascadelab.contagion.cross import break_even_efficiency, cross_kappa, equal_legs_efficiency, isolated_kappa
from cascadelab.contagion.diversification import loss_shares, spread_book
from cascadelab.contagion.feedback import (
    crash_direction,
    feedback_matrix,
    feedback_of,
    response,
    sales_matrix,
    spectral_radius,
)
from cascadelab.contagion.flow import moves
from cascadelab.contagion.memory import Memory, memory_needed
from cascadelab.contagion.outcome import Outcome
from cascadelab.contagion.schedules import Bounds, bounds
from cascadelab.contagion.solver import Solver, is_order_free
from cascadelab.contagion.sweep import Sweep
from cascadelab.contagion.table import NamedBook

__all__ = [
    "Book", "Solver", "Outcome", "Sweep", "sales_matrix", "feedback_matrix", "response", "spectral_radius",
    "crash_direction", "isolated_kappa", "cross_kappa", "equal_legs_efficiency", "break_even_efficiency",
    "spread_book", "loss_shares", "endogenous_covariance", "endogenous_correlation", "implied_feedback",
    "fundamental_covariance", "moves", "is_order_free", "Bounds", "bounds", "Counterexample", "counterexamples",
    "NamedBook", "Memory", "memory_needed", "feedback_of",
]  # fmt: skip
