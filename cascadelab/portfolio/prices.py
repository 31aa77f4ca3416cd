"""Prices by asset, checked at the door."""

from collections.abc import Mapping

from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, positive, single

Prices = Mapping[str, ArrayLike]


def single_price(prices: Prices, asset: str) -> float:
    """Price of one asset as a float, or raise a ValueError that names the asset."""
    price_of(prices, asset)
    return single(f"prices[{asset!r}]", prices[asset], positive)


def price_of(prices: Prices, asset: str) -> Floats:
    """Price of one asset, or raise a ValueError that names the asset."""
    if asset not in by_asset(prices):
        raise ValueError(f"prices must contain {asset!r}, got only {list(prices)}")
    return positive(f"prices[{asset!r}]", prices[asset])


def by_asset(prices: Prices) -> Prices:
    """Return `prices`, or raise a ValueError if they are no mapping."""
    if not isinstance(prices, Mapping):
        raise ValueError(f"prices must map each asset to its price, got {prices!r}")
    return prices
