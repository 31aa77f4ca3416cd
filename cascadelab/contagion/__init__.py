"""Chapter 9: how the liquidation of one account sells other assets, moves other prices, and takes others with it."""

from cascadelab.contagion.book import Book
from cascadelab.contagion.outcome import Outcome
from cascadelab.contagion.solver import Solver, is_order_free

__all__ = ["Book", "Solver", "Outcome", "is_order_free"]
