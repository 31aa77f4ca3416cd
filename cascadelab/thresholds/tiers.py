"""Maintenance tiers: a table of rates and deductions is the maximum of its lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cascadelab.kit.validate import Floats, finite, non_negative, read_only, scalar_or_array, share
from cascadelab.thresholds.rounding import ROUNDING


@dataclass(frozen=True, eq=False)
class Tiers:
    """Maintenance requirement of a position as a function of its notional N: the maximum of its lines.

        M(N) = max_k (r_k N − a_k)

    Where the rates rise and the lines meet at the published floors, the largest line is the one of the
    bracket that N lies in, so nobody has to look a bracket up. Nothing is clipped: a single line with a
    deduction is legal, and is negative where the notional is small.

    Two published forms fit once they are rewritten. Where the last rows of a table repeat a rate, they differ in the
    leverage only: leave out the repetition. A table of collateral weights h_k is the one of the rates 1 − h_k; a weight
    of 0 is the rate 1, at which more notional is worth nothing more.

    Parameters
    ----------
    rates : array_like           r_k, fractions of notional, in [0, 1], strictly increasing
    deductions : array_like      a_k, numeraire, one a rate (the venues' "maintenance amount")

    Raises
    ------
    ValueError                   a rate is outside [0, 1], the rates do not increase, a deduction is not finite,
                                 a line never binds (the implied floors do not increase; the row is named,
                                 counted from 1), the shapes differ, or the table is empty

    Notes
    -----
    Derived in chapter 2, equations (2.1) and (2.2); `theory.requirement` is the symbolic twin.

    Examples
    --------
    >>> tiers = Tiers([0.004, 0.005, 0.01], [0, 50, 1300])
    >>> print(f"{tiers.requirement(264_000):.2f}", tiers.tier(264_000))
    1340.00 2
    >>> [f"{floor:.0f}" for floor in tiers.floors]
    ['0', '50000', '250000']
    """

    rates: Floats
    deductions: Floats

    def __post_init__(self) -> None:
        rates, deductions = share("rates", self.rates), finite("deductions", self.deductions)
        _same_list("deductions", deductions, rates)
        _increasing("rates", rates)
        floors = _crossings(rates, deductions)
        stuck = np.flatnonzero(np.diff(floors) <= 0)
        if stuck.size:
            row = int(stuck[0]) + 1
            raise ValueError(
                f"deductions must let every line bind: row {row + 1} would take over at {floors[row]:.12g}, "
                f"row {row} only at {floors[row - 1]:.12g}"
            )
        object.__setattr__(self, "rates", read_only(rates))
        object.__setattr__(self, "deductions", read_only(deductions))

    @classmethod
    def from_floors(cls, floors: ArrayLike, rates: ArrayLike) -> Tiers:
        """Build the table whose lines meet at the given floors.

            a_0 = 0,   a_k = a_{k−1} + N_k (r_k − r_{k−1})

        Parameters
        ----------
        floors : array_like          N_k, notional at which line k takes over; the first is 0, strictly increasing
        rates : array_like           r_k, fractions of notional, in [0, 1], strictly increasing

        Returns
        -------
        Tiers                        the continuous table

        Raises
        ------
        ValueError                   the floors do not start at 0 or do not increase, or as for the class

        Notes
        -----
        Derived in chapter 2, equation (2.2); `theory.deduction` is the symbolic twin.

        Examples
        --------
        >>> tiers = Tiers.from_floors([0, 50_000, 250_000], [0.004, 0.005, 0.01])
        >>> [f"{deduction:.2f}" for deduction in tiers.deductions]
        ['0.00', '50.00', '1300.00']
        """
        rate, floor = share("rates", rates), non_negative("floors", floors)
        _same_list("floors", floor, rate)
        _increasing("rates", rate)
        _increasing("floors", floor)
        if floor[0] != 0:
            raise ValueError(f"floors must start at 0, got {floor[0]:.12g}")
        return cls(rate, np.concatenate([[0.0], np.cumsum(floor[1:] * np.diff(rate))]))

    @classmethod
    def flat(cls, rate: float) -> Tiers:
        """Build the table of one line without deduction: M(N) = m N.

        >>> print(f"{Tiers.flat(0.1).requirement(1_000):.2f}")
        100.00
        """
        return cls(np.asarray([rate]), np.zeros(1))

    @property
    def floors(self) -> Floats:
        """Notional at which line k takes over from line k − 1; 0 for the first."""
        return _crossings(self.rates, self.deductions)

    def requirement(self, notional: ArrayLike) -> float | Floats:
        """Maintenance requirement at a notional ≥ 0, in numeraire: max_k (r_k N − a_k)."""
        size = non_negative("notional", notional)[..., np.newaxis]
        return scalar_or_array(np.asarray((self.rates * size - self.deductions).max(axis=-1)))

    def marginal_rate(self, notional: ArrayLike) -> float | Floats:
        """Rate r_k of the line that binds at a notional ≥ 0: what one more unit of notional costs."""
        return scalar_or_array(np.asarray(self.rates[self.tier(notional)]))

    def tier(self, notional: ArrayLike) -> int | NDArray[np.intp]:
        """Index, counted from 0, of the line that binds at a notional ≥ 0; at a floor (within 1e-12) the upper one."""
        reached = self.floors * (1 - ROUNDING)
        index = np.asarray(np.searchsorted(reached, non_negative("notional", notional), side="right") - 1)
        return int(index) if index.ndim == 0 else index


def _crossings(rates: Floats, deductions: Floats) -> Floats:
    """Notional at which each line overtakes the one before it; 0 for the first."""
    return np.concatenate([[0.0], np.diff(deductions) / np.diff(rates)])


def _same_list(name: str, values: Floats, rates: Floats) -> None:
    if rates.ndim != 1 or rates.size == 0 or values.shape != rates.shape:
        raise ValueError(
            f"rates and {name} must be lists of equal, positive length, got shapes {rates.shape} and {values.shape}"
        )


def _increasing(name: str, values: Floats) -> None:
    stuck = np.flatnonzero(np.diff(values) <= 0)
    if stuck.size:
        row = int(stuck[0]) + 1
        raise ValueError(
            f"{name} must increase strictly, got {values[row]:.12g} in row {row + 1} after {values[row - 1]:.12g}"
        )
