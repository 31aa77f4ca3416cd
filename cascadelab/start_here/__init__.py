"""Chapter 0: the running example, told before any formula."""

from cascadelab.start_here.example import (
    ACCOUNTS,
    ASSET_WEIGHT,
    ASSETS,
    CASH,
    IMPACT,
    PLATFORMS,
    PRICES,
    QUANTITIES,
    Story,
    story,
)
from cascadelab.start_here.selftest import environment

__all__ = [
    "environment", "ASSETS", "PRICES", "IMPACT", "ASSET_WEIGHT", "ACCOUNTS", "PLATFORMS", "QUANTITIES", "CASH",
    "Story", "story",
]  # fmt: skip
