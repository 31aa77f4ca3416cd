"""What an account holds: balances of an asset, and leveraged positions in it; both are kinked lines in its price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, finite, fraction, non_negative, positive, single
from cascadelab.thresholds import Tiers

Lines = tuple[Floats, Floats]
"""Intercepts a_k and slopes b_k of a holding's surplus min_k (a_k + b_k p) in its own asset's price."""


@dataclass(frozen=True, eq=False)
class Balance:
    """Units of an asset, owned or owed, and the weights with which they count as collateral or debt.

        value q p,   of which h q p counts as collateral where q ≥ 0,   and h̄ q p as debt where q < 0

    Parameters
    ----------
    asset : str                  name of the asset
    quantity : float             q, units; negative = owed
    asset_weight : float         h, fraction of its value at which what is owned counts, in [0, 1]
    liability_weight : float     h̄, multiple of its value at which what is owed counts, ≥ 1

    Raises
    ------
    ValueError                   a number is not finite or not single, or a weight is out of its range

    Notes
    -----
    Chapter 3, equation (3.1). What the weights take away counts as maintenance, so that a balance with weight
    1 − m and a long position with maintenance rate m are the same thing.

    Examples
    --------
    >>> loan = Balance("B", -2.0, liability_weight=1.1)
    >>> print(f"{loan.equity(50.0):.2f} {loan.maintenance(50.0):.2f}")
    -100.00 10.00
    """

    asset: str
    quantity: float
    asset_weight: float = 1.0
    liability_weight: float = 1.0

    def __post_init__(self) -> None:
        _store(self, asset=_name(self.asset), quantity=single("quantity", self.quantity, finite))
        _store(self, asset_weight=single("asset_weight", self.asset_weight, non_negative))
        _store(self, liability_weight=single("liability_weight", self.liability_weight, positive))
        if self.asset_weight > 1:
            raise ValueError(f"asset_weight must be in [0, 1], got {self.asset_weight:.12g}")
        if self.liability_weight < 1:
            raise ValueError(f"liability_weight must be at least 1, got {self.liability_weight:.12g}")

    @property
    def weight(self) -> float:
        """Weight that applies: h of what is owned, h̄ of what is owed."""
        return self.asset_weight if self.quantity >= 0 else self.liability_weight

    def equity(self, price: ArrayLike) -> Floats:
        """Market value q p, without weights; numeraire."""
        return np.asarray(self.quantity * positive("price", price))

    def maintenance(self, price: ArrayLike) -> Floats:
        """What the weight takes away from the market value, (1 − weight) q p ≥ 0; numeraire."""
        return (1 - self.weight) * self.equity(price)

    def gross(self, price: ArrayLike) -> Floats:
        """Largest of the amounts that equity and maintenance are made of: what their rounding is measured by."""
        return np.maximum(np.abs(self.equity(price)), np.abs(self.maintenance(price)))

    def lines(self) -> Lines:
        """The one line 0 + weight · q · p."""
        return np.zeros(1), np.array([self.weight * self.quantity])


@dataclass(frozen=True, eq=False)
class Position:
    """A linear position (future, perpetual, margin trade) with tiered maintenance and a closing fee.

        value q (p − p_e),   maintenance max_k (r_k N − a_k) + f N,   N = |q| · (price of the basis)

    Parameters
    ----------
    asset : str                  name of the asset
    quantity : float             q, units; > 0 long, < 0 short
    entry_price : float          p_e, numeraire per unit, ≥ 0 (0: the position is booked at its cost, in cash;
                                 not with basis "entry", which would charge nothing)
    tiers : Tiers                maintenance as a function of notional
    fee_rate : float             f, closing fee that the venue adds to maintenance, fraction of notional in [0, 1)
    basis : {"mark", "entry", "frozen"}
                                 price at which maintenance and fee are charged: the moving price, the entry
                                 price, or the given mark_price held fixed
    mark_price : float or None   numeraire per unit, > 0; needed where basis is "frozen", unused otherwise

    Raises
    ------
    ValueError                   a number is not finite, not single or out of its range, tiers is not a Tiers,
                                 basis is unknown, or it is "frozen" and mark_price is missing, or it is "entry"
                                 and entry_price is 0

    Notes
    -----
    Chapter 3, equation (3.1). A gain counts in full, as a loss does: on a venue that gives an open gain a lower weight
    (Drift, Mango) the surplus stays concave but has one more kink, at the entry price, which is not in these lines.

    Examples
    --------
    >>> short = Position("B", -2.0, 50.0, Tiers.flat(0.1))
    >>> print(f"{short.equity(60.0):.2f} {short.maintenance(60.0):.2f}")
    -20.00 12.00
    """

    asset: str
    quantity: float
    entry_price: float
    tiers: Tiers
    fee_rate: float = 0.0
    basis: Literal["mark", "entry", "frozen"] = "mark"
    mark_price: float | None = None

    def __post_init__(self) -> None:
        _store(self, asset=_name(self.asset), quantity=single("quantity", self.quantity, finite))
        _store(self, entry_price=single("entry_price", self.entry_price, non_negative))
        _store(self, fee_rate=single("fee_rate", self.fee_rate, fraction))
        if not isinstance(self.tiers, Tiers):
            raise ValueError(f"tiers must be a thresholds.Tiers, got {self.tiers!r}")
        if self.basis not in ("mark", "entry", "frozen"):
            raise ValueError(f"basis must be 'mark', 'entry' or 'frozen', got {self.basis!r}")
        if self.basis == "entry" and self.entry_price == 0:
            raise ValueError("entry_price must be positive where basis is 'entry', got 0")
        if self.mark_price is not None:
            _store(self, mark_price=single("mark_price", self.mark_price, positive))
        elif self.basis == "frozen":
            raise ValueError("mark_price must be given where basis is 'frozen', got None")

    def equity(self, price: ArrayLike) -> Floats:
        """Unrealised profit q (p − p_e); numeraire."""
        return np.asarray(self.quantity * (positive("price", price) - self.entry_price))

    def maintenance(self, price: ArrayLike) -> Floats:
        """Requirement of the tiers plus the closing fee, at the basis; numeraire.

        Negative where the tiers' first line has a deduction that outweighs a small notional: nothing is clipped.
        """
        p = positive("price", price)
        fixed = {"mark": None, "entry": self.entry_price, "frozen": self.mark_price}[self.basis]
        notional = abs(self.quantity) * (p if fixed is None else np.full(p.shape, fixed))
        return np.asarray(self.tiers.requirement(notional) + self.fee_rate * notional)

    def gross(self, price: ArrayLike) -> Floats:
        """Largest of the amounts that equity and maintenance are made of: what their rounding is measured by."""
        value = abs(self.quantity) * np.maximum(positive("price", price), self.entry_price)
        return np.maximum(value, np.abs(self.maintenance(price)))

    def lines(self) -> Lines:
        """One line a tier where maintenance moves with the price; one line alone where it is fixed."""
        q, cost = self.quantity, self.quantity * self.entry_price
        if self.basis == "mark":
            return self.tiers.deductions - cost, q - (self.tiers.rates + self.fee_rate) * abs(q)
        return np.array([-cost - float(self.maintenance(1.0))]), np.array([q])


Holding = Balance | Position


def _name(asset: object) -> str:
    if not isinstance(asset, str) or not asset:
        raise ValueError(f"asset must be a name, got {asset!r}")
    return asset


def _store(holding: Holding, **values: object) -> None:
    for field, value in values.items():
        object.__setattr__(holding, field, value)
