"""A cross-margin account: one pool of collateral for everything that it holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cascadelab.kit.validate import (
    Floats,
    broadcast,
    finite,
    non_negative,
    read_only,
    scalar_or_array,
    single,
)  # fmt: skip
from cascadelab.portfolio.holdings import Balance, Holding, Lines, Position
from cascadelab.portfolio.line import exit_parameters
from cascadelab.portfolio.netting import net_balances, net_positions
from cascadelab.portfolio.prices import Prices, by_asset, price_of, single_price
from cascadelab.thresholds import safe_interval
from cascadelab.thresholds.rounding import below


class Face(NamedTuple):
    """A flat piece of the surplus: S = normal · p − offset, with p in the order of assets.

    >>> face = Account(-10.0, [Balance("A", 2.0)]).face({"A": 7.0})
    >>> print(f"{face.normal[0] * 7.0 - face.offset:.1f}")
    4.0
    """

    assets: tuple[str, ...]
    normal: Floats
    offset: float


@dataclass(frozen=True, eq=False)
class Account:
    """Cash, balances and positions that share one margin.

        S(p) = E(p) − M(p)
        E(p) = cash + Σ q_a p_a (balances) + Σ q_a (p_a − p_e,a) (positions)
        M(p) = fixed + Σ (what the weights take away) + Σ (tiers and closing fees of the positions)

    Liquidatable ⇔ S < 0. E is a plane and M is convex, so S is concave and piecewise linear in the prices.

    Balances of one asset are added up, positions of one asset are netted (see `net_positions`), and what netting
    realises is added to cash; a balance and a position in the same asset stay two things. Netting lowers maintenance:
    a venue in hedge mode charges both sides, and its account is not this one. Empty accounts are accounts: their
    surplus is cash − fixed_maintenance. (dYdX liquidates only where M > 0 too: there a debt without a position stays.)

    Parameters
    ----------
    cash : float                 the wallet W, numeraire; negative = debt. c of the chapter is W − Σ q_a p_e,a
    balances : sequence of Balance
    positions : sequence of Position
    fixed_maintenance : float    maintenance that no price moves, numeraire, ≥ 0

    Raises
    ------
    ValueError                   a number is not finite or not single, fixed_maintenance is negative, or holdings
                                 of one asset that can not be netted

    Notes
    -----
    Chapter 3, equation (3.1), with flat rates and positions booked at cost.

    Examples
    --------
    Account X of the running example: with B at 50, it is liquidated when A falls below 80.

    >>> x = Account(-1620.0, [Balance("A", 10, asset_weight=0.9), Balance("B", 20, asset_weight=0.9)])
    >>> print(f"{x.surplus({'A': 100.0, 'B': 50.0}):.2f}")
    180.00
    >>> lower, upper = x.liquidation_prices("A", {"B": 50.0})
    >>> print(f"{lower:.2f} {upper}")
    80.00 None
    """

    cash: float
    balances: Sequence[Balance] = ()
    positions: Sequence[Position] = ()
    fixed_maintenance: float = 0.0
    _booked: float = field(init=False, repr=False)  # largest amount in the sum that the cash is after netting

    def __post_init__(self) -> None:
        positions, realised = net_positions(self.positions)
        booked = [single("cash", self.cash, finite), realised, *(p.quantity * p.entry_price for p in self.positions)]
        object.__setattr__(self, "_booked", max(map(abs, booked)))
        object.__setattr__(self, "cash", self.cash + realised)
        object.__setattr__(self, "balances", net_balances(self.balances))
        object.__setattr__(self, "positions", positions)
        object.__setattr__(self, "fixed_maintenance", single("fixed_maintenance", self.fixed_maintenance, non_negative))

    @property
    def holdings(self) -> tuple[Holding, ...]:
        """Balances, then positions, after netting."""
        return (*self.balances, *self.positions)

    @property
    def assets(self) -> tuple[str, ...]:
        """Names of the assets whose price matters, in the order in which they are held."""
        return tuple(dict.fromkeys(h.asset for h in self.holdings))

    def equity(self, prices: Prices) -> float | Floats:
        """Market value of everything, without weights; numeraire. Below 0 the account is bankrupt.

        Parameters, shapes and errors are those of `surplus`.
        """
        p = self._prices(prices)
        return scalar_or_array(_filled(p, self.cash) + sum(h.equity(p[h.asset]) for h in self.holdings))

    def maintenance(self, prices: Prices) -> float | Floats:
        """Everything that equity must cover: fixed, weights, tiers and fees; numeraire.

        Negative where a position's tiers are (a first line with a deduction, at a small notional).
        Parameters, shapes and errors are those of `surplus`.
        """
        p = self._prices(prices)
        return scalar_or_array(
            _filled(p, self.fixed_maintenance) + sum(h.maintenance(p[h.asset]) for h in self.holdings)
        )

    def surplus(self, prices: Prices) -> float | Floats:
        """Equity above maintenance, S(p); numeraire.

        Parameters
        ----------
        prices : mapping of str to array_like   price of each asset held, > 0; arrays broadcast, others are ignored

        Returns
        -------
        ndarray or float                        one surplus for each combination of prices

        Raises
        ------
        ValueError                              a price is missing, not finite or not positive, or shapes do not fit
        """
        return scalar_or_array(np.asarray(self.equity(prices) - np.asarray(self.maintenance(prices))))

    def liquidatable(self, prices: Prices) -> bool | NDArray[np.bool_]:
        """Whether S < 0, strictly, and by more than rounding. Parameters, shapes and errors are those of `surplus`."""
        p = self._prices(prices)
        amounts = [h.gross(p[h.asset]) for h in self.holdings]
        fires = below(self.surplus(prices), 0.0, self._booked, self.fixed_maintenance, *amounts)
        return bool(fires) if fires.ndim == 0 else fires

    def liquidation_prices(self, asset: str, prices: Prices) -> tuple[float | None, float | None]:
        """Safe interval of one asset's price, the other prices held.

        Parameters
        ----------
        asset : str                  the asset whose price moves; one that is not held never liquidates
        prices : mapping of str to float   price of each other asset held, single numbers > 0

        Returns
        -------
        (lower, upper)               numeraire per unit; None where no positive price liquidates on that side,
                                     (nan, nan) where no price of this asset makes the account safe. An account
                                     that is liquidatable now has an interval that does not contain its price.

        Raises
        ------
        ValueError                   another asset's price is missing, not finite, not positive or not single

        Notes
        -----
        Chapter 3, equation (3.4). Exact: one line a tier of the position in this asset, no search.
        """
        intercepts, slopes = self.lines(asset)
        return safe_interval(self.held_part(prices, (asset,)) + intercepts, slopes)

    def held_part(self, prices: Prices, moving: Collection[str]) -> float:
        """Part of the surplus that stands still while the prices of `moving` move: cash and all other holdings.

        Parameters and errors are those of `liquidation_prices`; numeraire.
        """
        part = self.cash - self.fixed_maintenance
        for h in self.holdings:
            if h.asset not in moving:
                price = single_price(prices, h.asset)
                part += float(h.equity(price) - h.maintenance(price))
        return part

    def lines(self, asset: str) -> Lines:
        """Part of the surplus that one asset's price moves: intercepts a_k and slopes b_k of min_k (a_k + b_k p).

        One line a tier of the position in that asset; a balance in it tilts them all. (0, 0) if it is not held.
        """
        intercepts, slopes = np.zeros(1), np.zeros(1)
        for a, b in (h.lines() for h in self.holdings if h.asset == asset):
            intercepts, slopes = intercepts + a, slopes + b
        return intercepts, slopes

    def face(self, prices: Prices) -> Face:
        """Flat piece of the surplus that holds at these prices: S = normal · p − offset.

        Parameters
        ----------
        prices : mapping of str to float   price of each asset held, single numbers > 0

        Returns
        -------
        Face                         assets, normal (units, one per asset) and offset (numeraire); where two
                                     pieces meet, the one of the lower tier

        Raises
        ------
        ValueError                   a price is missing, not finite, not positive or not single

        Notes
        -----
        Chapter 3, equations (3.2) and (3.6); offset = fixed − cash + Σ q p_e − Σ a_k, k the tier that binds.
        `normal` and `offset` are what chapter 4's distance to liquidation needs.

        Examples
        --------
        >>> x = Account(-1620.0, [Balance("A", 10, asset_weight=0.9), Balance("B", 20, asset_weight=0.9)])
        >>> assets, normal, offset = x.face({"A": 100.0, "B": 50.0})
        >>> print(assets, [f"{n:.1f}" for n in normal], f"{offset:.1f}")
        ('A', 'B') ['9.0', '18.0'] 1620.0
        """
        offset, normal = self.fixed_maintenance - self.cash, []
        for asset in self.assets:
            a, b = self.lines(asset)
            lowest = np.argmin(a + b * single_price(prices, asset))
            normal.append(b[lowest])
            offset -= float(a[lowest])
        return Face(self.assets, read_only(np.array(normal)), offset)

    def exit(self, prices: Prices, direction: Mapping[str, float]) -> tuple[float | None, float | None]:
        """Where a straight walk through price space leaves the safe set: p(t) = prices + t · direction.

        Parameters
        ----------
        prices : mapping of str to float      start, t = 0: price of each asset held, single numbers > 0
        direction : mapping of str to float   numeraire per unit and unit of t; assets that it omits stand still,
                                              assets that are not held change nothing but need a price.
                                              {a: β_a p_a for every a} walks a common factor: t is its return

        Returns
        -------
        (lower, upper)               t of the two exits; None on a side where a price reaches zero (or the walk
                                     never ends) before the surplus does; (nan, nan) where no t is safe

        Raises
        ------
        ValueError                   a price is missing, not finite, not positive or not single, or a direction is
                                     not finite or not single

        Notes
        -----
        Chapter 3, equation (3.11) on every face that the walk crosses. Exact up to rounding, no search.

        Examples
        --------
        Both prices of account X fall together by 10 % before it is liquidated:

        >>> x = Account(-1620.0, [Balance("A", 10, asset_weight=0.9), Balance("B", 20, asset_weight=0.9)])
        >>> lower, upper = x.exit({"A": 100.0, "B": 50.0}, {"A": 100.0, "B": 50.0})
        >>> print(f"{lower:.4f} {upper}")
        -0.1000 None
        """
        if not isinstance(direction, Mapping):
            raise ValueError(f"direction must map assets to numbers, got {direction!r}")
        unknown = [asset for asset in direction if asset not in by_asset(prices)]
        if unknown:
            raise ValueError(f"direction must name assets that have a price, got {unknown[0]!r}")
        constant, groups = self.cash - self.fixed_maintenance, []
        low, high = -np.inf, np.inf
        for asset in self.assets:
            (a, b), p = self.lines(asset), single_price(prices, asset)
            d = single(f"direction[{asset!r}]", direction.get(asset, 0.0), finite)
            groups.append((a + b * p, b * d))
            if d > 0:
                low = max(low, -p / d)
            elif d < 0:
                high = min(high, -p / d)
        return exit_parameters(constant, groups, low, high)

    def _prices(self, prices: Prices) -> dict[str, Floats]:
        given = {asset: price_of(prices, asset) for asset in self.assets}
        return dict(zip(given, broadcast(**given), strict=True)) if given else {}


def _filled(prices: dict[str, Floats], value: float) -> Floats:
    """Return `value` in the shape that the prices share."""
    return np.full(next(iter(prices.values())).shape if prices else (), value)
