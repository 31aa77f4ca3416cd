"""Fixed points: the end price at which nobody is left to be sold, from above and from below."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cascadelab.cascade.ladder import Impact, Ladder, one_market
from cascadelab.kit.validate import Floats, non_negative, read_only, single


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """A price at which exactly the accounts with a higher liquidation price have been sold.

    price, sold, count : the price, the units of the accounts lost there, and their number
    path : ndarray               prices of the iteration, from its start to `price`: one more than there are rounds

    >>> from cascadelab.impact import Linear
    >>> found = least_severe(Ladder([97.0, 94.0], [2.0, 4.0]), 95.0, Linear(0.5))
    >>> found.price, found.sold, found.count, found.rounds
    (94.0, 2.0, 1, 1)
    """

    price: float
    sold: float
    count: int
    path: Floats

    @property
    def rounds(self) -> int:
        """Rounds that moved the price."""
        return self.path.size - 1


def least_severe(ladder: Ladder, shocked_price: float, impact: Impact) -> Equilibrium:
    """Highest fixed price, the cascade: rounds of sales from the shocked price downwards until nobody is left.

        p⁰ = p_s,   pⁿ⁺¹ = F(p_s, U(pⁿ))

    Parameters
    ----------
    ladder : Ladder              the accounts
    shocked_price : float        p_s ≥ 0, numeraire per unit
    impact : Impact              any curve of chapter 5 with one market

    Returns
    -------
    Equilibrium                  with the price after every round

    Raises
    ------
    ValueError                   the shocked price is negative, not finite or not a single number, or the curve has
                                 several markets

    Notes
    -----
    Chapter 7, equation (7.1): brute force for `Ladder.run`. Each round that moves the price loses at least one
    account more, so that there are at most as many rounds as accounts.

    Examples
    --------
    >>> from cascadelab.impact import Linear
    >>> least_severe(Ladder([97.0, 94.0, 93.0], [2.0, 4.0, 6.0]), 94.0, Linear(0.5)).path
    array([94., 93., 91., 88.])
    """
    start = single("shocked_price", shocked_price, non_negative)
    return _iterate(ladder, start, impact, start)


def worst(ladder: Ladder, shocked_price: float, impact: Impact) -> Equilibrium:
    """Lowest fixed price: everybody is sold first, and whoever need not have been is given back.

        p⁰ = 0,   pⁿ⁺¹ = F(p_s, U(pⁿ))

    Parameters and errors are those of `least_severe`.

    Returns
    -------
    Equilibrium                  its path rises from zero; at most one round more than there are accounts

    Notes
    -----
    Chapter 7, equations (7.1) and (7.7).

    Examples
    --------
    >>> from cascadelab.impact import Linear
    >>> book = Ladder([97.0, 94.0, 93.0], [2.0, 4.0, 6.0])
    >>> worst(book, 98.0, Linear(0.5)).price, least_severe(book, 98.0, Linear(0.5)).price
    (92.0, 98.0)
    """
    return _iterate(ladder, single("shocked_price", shocked_price, non_negative), impact, 0.0)


def _iterate(ladder: Ladder, shocked: float, impact: Impact, start: float) -> Equilibrium:
    path, market = [start], one_market(impact)
    while True:
        sold = float(ladder.supply(path[-1]))
        price = float(market.price(shocked, sold))
        if price == path[-1]:
            count = int((ladder.thresholds > price).sum())
            return Equilibrium(price, sold, count, read_only(np.array(path)))
        path.append(price)
