"""Slider specifications: what a reader may move, said without any widget library."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Slider:
    """A number between `low` and `high` that starts at `start`.

    `step` is the distance between two positions; with `log=True` the positions are powers of ten and
    `step` is a fraction of a decade.
    """

    low: float
    high: float
    start: float
    step: float
    label: str = ""
    unit: str = ""
    log: bool = False

    def __post_init__(self) -> None:
        if not self.low <= self.start <= self.high or self.low == self.high:
            raise ValueError(f"start must lie in [{self.low!r}, {self.high!r}], got {self.start!r}")
        if not self.step > 0:
            raise ValueError(f"step must be positive, got {self.step!r}")
        if self.log and not self.low > 0:
            raise ValueError(f"low must be positive on a log slider, got {self.low!r}")
        # a browser moves a slider to its grid at once: the live picture would not be the stored one
        steps = (math.log10(self.start / self.low) if self.log else self.start - self.low) / self.step
        if abs(steps - round(steps)) > 1e-6:
            raise ValueError(f"start must be a whole number of steps above {self.low!r}, got {self.start!r}")

    @property
    def samples(self) -> tuple[float, ...]:
        """Both ends and the middle: the positions at which a figure is tested."""
        middle = math.sqrt(self.low * self.high) if self.log else (self.low + self.high) / 2
        return (self.low, middle, self.high)


@dataclass(frozen=True)
class Choice:
    """One of a few named options; starts at the first unless `start` says otherwise."""

    options: tuple[str, ...]
    start: str = ""
    label: str = ""

    def __post_init__(self) -> None:
        if len(set(self.options)) < 2:
            raise ValueError(f"options must name at least two different things, got {self.options!r}")
        if not self.start:
            object.__setattr__(self, "start", self.options[0])
        if self.start not in self.options:
            raise ValueError(f"start must be one of {self.options!r}, got {self.start!r}")

    @property
    def samples(self) -> tuple[str, ...]:
        """Every option."""
        return self.options


Sliders = dict[str, Slider | Choice]
