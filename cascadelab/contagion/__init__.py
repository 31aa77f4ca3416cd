"""Chapter 9: how the liquidation of one account sells other assets, moves other prices, and takes others with it."""

from cascadelab.contagion.book import Book
from cascadelab.contagion.memory import Memory, memory_needed
from cascadelab.contagion.outcome import Outcome
from cascadelab.contagion.schedules import Bounds, bounds
from cascadelab.contagion.solver import Solver, is_order_free
from cascadelab.contagion.sweep import Sweep
from cascadelab.contagion.table import NamedBook

__all__ = [
    "Book",
    "Solver",
    "Outcome",
    "Sweep",
    "is_order_free",
    "Bounds",
    "bounds",
    "NamedBook",
    "Memory",
    "memory_needed",
]
