"""Chapter 3: one account, many assets."""

from cascadelab.portfolio.account import Account, Face
from cascadelab.portfolio.holdings import Balance, Position
from cascadelab.portfolio.isolation import isolated, margin_efficiency, required_margin
from cascadelab.portfolio.polygon import safe_polygon

__all__ = [
    "Balance", "Position", "Account", "Face", "safe_polygon", "isolated", "required_margin", "margin_efficiency",
]  # fmt: skip
