"""Netting: what an account holds twice in one asset becomes one holding, and the equity does not notice."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, TypeVar

from cascadelab.portfolio.holdings import Balance, Holding, Position
from cascadelab.thresholds import Tiers

H = TypeVar("H", Balance, Position)

RESIDUE = 1e-12
"""Part of the quantities added up below which their sum is rounding, and counts as nothing."""


def net_balances(balances: Iterable[Balance]) -> tuple[Balance, ...]:
    """Add up the balances of each asset; what adds to nothing (but for rounding, `RESIDUE`) drops out.

    Raises ValueError where two balances of one asset have different weights.

    >>> (left,) = net_balances([Balance("A", 3.0), Balance("A", -1.0), Balance("B", 0.0)])
    >>> print(left.asset, f"{left.quantity:.1f}")
    A 2.0
    """
    netted = []
    for asset, group in _by_asset("balances", balances, Balance).items():
        _alike("balances", asset, group, ("asset_weight", "liability_weight"))
        quantity = math.fsum(b.quantity for b in group)
        if abs(quantity) > RESIDUE * math.fsum(abs(b.quantity) for b in group):
            netted.append(Balance(asset, quantity, group[0].asset_weight, group[0].liability_weight))
    return tuple(netted)


def net_positions(positions: Iterable[Position]) -> tuple[tuple[Position, ...], float]:
    """Net the positions of each asset; returns what remains, and the profit that netting realises.

    Longs average their entry prices, shorts theirs; the smaller side then closes against the larger at the two
    averages. The order does not matter, and the equity at any price is unchanged. What nets to nothing (but for
    rounding, `RESIDUE`) drops out. Maintenance is charged on what remains, as in a venue's one-way mode.

    Raises ValueError where positions of one asset differ in tiers, fee, basis or frozen mark price.

    >>> ten = Tiers.flat(0.1)
    >>> (left,), profit = net_positions([Position("A", 3.0, 100.0, ten), Position("A", -1.0, 120.0, ten)])
    >>> print(f"{left.quantity:.1f} @ {left.entry_price:.1f}, profit {profit:.1f}")
    2.0 @ 100.0, profit 20.0
    """
    netted, realised = [], []
    for asset, group in _by_asset("positions", positions, Position).items():
        _alike("positions", asset, group, ("tiers", "fee_rate", "basis", "mark_price"))
        long, long_entry = _side(p for p in group if p.quantity > 0)
        short, short_entry = _side(p for p in group if p.quantity < 0)
        realised.append(min(long, short) * (short_entry - long_entry))
        if abs(long - short) > RESIDUE * (long + short):
            entry = long_entry if long > short else short_entry
            kept = group[0]
            netted.append(Position(asset, long - short, entry, kept.tiers, kept.fee_rate, kept.basis, kept.mark_price))
    return tuple(netted), math.fsum(realised)


def _by_asset(name: str, holdings: Iterable[H], kind: type[H]) -> dict[str, list[H]]:
    groups: dict[str, list[H]] = {}
    for holding in [holdings] if isinstance(holdings, (Balance, Position)) else holdings:
        if holding is holdings or not isinstance(holding, kind):
            raise ValueError(f"{name} must be a sequence of {kind.__name__} objects, got {holding!r}")
        groups.setdefault(holding.asset, []).append(holding)
    return groups


def _alike(what: str, asset: str, group: list[H], fields: tuple[str, ...]) -> None:
    first = group[0]
    for other in group[1:]:
        for field in fields:
            a, b = _comparable(first, field), _comparable(other, field)
            if a != b:
                raise ValueError(f"{what} of {asset!r} must share their {field} to be netted, got {a} and {b}")


def _comparable(holding: Holding, field: str) -> Any:
    value = getattr(holding, field)
    if isinstance(value, Tiers):
        return value.rates.tolist(), value.deductions.tolist()
    if field == "mark_price" and getattr(holding, "basis", None) != "frozen":
        return None
    return value


def _side(positions: Iterable[Position]) -> tuple[float, float]:
    group = list(positions)
    size = math.fsum(abs(p.quantity) for p in group)
    return size, math.fsum(abs(p.quantity) * p.entry_price for p in group) / size if size else 0.0
