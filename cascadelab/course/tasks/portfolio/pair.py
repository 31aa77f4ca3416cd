"""A position in A and one in B that share a wallet, by hand: tasks 1 and 5 both rest on them."""

import functools

from cascadelab.course.task import Given
from cascadelab.thresholds.tiers import Tiers

WORDS = {
    "quantity_a": "units of A; positive is long",
    "entry_a": "price at which A was opened",
    "rate_a": "maintenance rate of A, at the price of the moment",
    "quantity_b": "units of B; negative is short",
    "entry_b": "price at which B was opened",
    "rate_b": "maintenance rate of B, at the price of the moment",
    "price_b": "price of B now",
}
flat = functools.cache(Tiers.flat)


def profit(given: Given, asset: str) -> float:
    """Unrealised profit of a position."""
    return float(given[f"quantity_{asset}"] * (given[f"price_{asset}"] - given[f"entry_{asset}"]))


def need(given: Given, asset: str, at: str = "price") -> float:
    """Maintenance of a position at its present price or at entry."""
    return float(given[f"rate_{asset}"] * abs(given[f"quantity_{asset}"]) * given[f"{at}_{asset}"])


def price_of_a(given: Given, *, debt: float = 0.0, extra: float = 0.0) -> float:
    """Equation (3.12), for an account with a debt, or whose surplus is larger by `extra` at every price."""
    held = given["wallet"] + profit(given, "b") - need(given, "b") - debt + extra
    return float((given["quantity_a"] * given["entry_a"] - held) / (given["quantity_a"] * (1 - given["rate_a"])))
