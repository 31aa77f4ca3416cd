"""Chapter 7: how forced sales cause forced sales, where that stops, and whether it matters who is sold first."""

from cascadelab.cascade.ladder import Ladder

__all__ = ["Ladder"]
