"""Chapter 1: one position and its margin."""

from cascadelab.account.inverse import inverse_entry_price, inverse_equity, inverse_liquidation_price
from cascadelab.account.position import (
    bankruptcy_price,
    equity,
    initial_margin,
    liquidation_price,
    maintenance,
    margin_ratio,
    surplus,
)

__all__ = [
    "equity", "maintenance", "surplus", "margin_ratio", "initial_margin", "liquidation_price", "bankruptcy_price",
    "inverse_entry_price", "inverse_equity", "inverse_liquidation_price",
]  # fmt: skip
