"""An order book: bids at prices, and a market sale that walks down them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, non_negative, positive, read_only, scalar_or_array


@dataclass(frozen=True, eq=False)
class OrderBook:
    """Bids of a market, and what a market sale does to them; nobody adds or cancels a bid meanwhile.

    A sale takes the best bid first and pays each bid its own price: it walks the book. A sale beyond the last bid is
    filled as far as there are bids; the rest stays unsold, and the price is then zero, for nobody is bidding.

    Parameters
    ----------
    prices : array_like          prices of the bids, > 0, in any order; equal prices are one level
    quantities : array_like      units wanted at each price, ≥ 0, one a price

    Raises
    ------
    ValueError                   a price is not positive, a quantity is negative or not finite, or the two are not
                                 lists of one length of at least one

    Notes
    -----
    Chapter 5, section on the order book. Bids spread evenly at 1/λ units for each unit of price are `Linear` impact,
    as the levels get finer.

    Examples
    --------
    >>> book = OrderBook([99.0, 100.0, 98.0], [5.0, 2.0, 10.0])
    >>> book.price(4.0), book.average_price(4.0), book.proceeds(4.0), book.unsold(20.0)
    (99.0, 99.5, 398.0, 3.0)
    """

    prices: ArrayLike
    quantities: ArrayLike

    def __post_init__(self) -> None:
        prices, quantities = positive("prices", self.prices), non_negative("quantities", self.quantities)
        if not prices.ndim == quantities.ndim == 1 or not 0 < prices.size == quantities.size:
            shapes = f"{prices.shape} and {quantities.shape}"
            raise ValueError(f"prices and quantities must be lists of one length, got shapes {shapes}")
        order = np.argsort(-prices, kind="stable")
        object.__setattr__(self, "prices", read_only(prices[order]))
        object.__setattr__(self, "quantities", read_only(quantities[order]))

    @property
    def total(self) -> float:
        """Units that the book can take."""
        return float(self._filled_up_to[-1])

    def price(self, sold: ArrayLike) -> float | Floats:
        """Best bid that is left after the sale; 0 where none is left."""
        u = non_negative("sold", sold)
        left = np.searchsorted(self._filled_up_to, u, side="right")
        return scalar_or_array(np.append(self._prices, 0.0)[left])

    def unsold(self, sold: ArrayLike) -> float | Floats:
        """Part of the sale for which there is no bid."""
        return scalar_or_array(np.maximum(non_negative("sold", sold) - self.total, 0.0))

    def proceeds(self, sold: ArrayLike) -> float | Floats:
        """Cash that the sale raises from the bids that there are."""
        u = non_negative("sold", sold)
        reached = np.append(0.0, self._filled_up_to)
        cash = np.append(0.0, np.cumsum(self._prices * np.asarray(self.quantities)))
        return scalar_or_array(np.asarray(np.interp(u, reached, cash)))

    def average_price(self, sold: ArrayLike) -> float | Floats:
        """Cash for each unit that is filled; the best bid in the limit of no sale."""
        filled = np.minimum(non_negative("sold", sold), self.total)
        best = np.full(filled.shape, self.price(0.0))
        return scalar_or_array(np.divide(np.asarray(self.proceeds(filled)), filled, out=best, where=filled > 0))

    @property
    def _prices(self) -> Floats:
        return np.asarray(self.prices, dtype=np.float64)

    @property
    def _filled_up_to(self) -> Floats:
        return np.cumsum(np.asarray(self.quantities, dtype=np.float64))
