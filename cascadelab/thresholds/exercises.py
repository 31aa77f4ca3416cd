"""Self-checks of chapter 2: right answers, and the ways in which readers and public code get them wrong."""

import numpy as np

from cascadelab.kit.check import Exercise, Misconception
from cascadelab.thresholds import theory
from cascadelab.thresholds.tiered import line_prices, liquidation_prices
from cascadelab.thresholds.tiers import Tiers
from cascadelab.thresholds.weights import asset_weight

TIERS = Tiers([0.004, 0.005, 0.01], [0, 50, 1_300])
LONG = {"quantity": 5.0, "entry_price": 52_000.0, "margin": 26_000.0}
FEE = 0.0005
RATE = 0.1


def tiered_long() -> float:
    """Liquidation price of the long: the largest of its lines' prices."""
    return float(line_prices(**LONG, tiers=TIERS, fee_rate=FEE).max())


def bracket_of(notional: float, *, fee_rate: float = FEE, deduct: bool = True) -> float:
    """Price from the one line of the bracket in which `notional` lies, with or without its deduction."""
    k = TIERS.tier(notional)
    line = Tiers(TIERS.rates[[k]], TIERS.deductions[[k]] if deduct else [0.0])
    return float(line_prices(**LONG, tiers=line, fee_rate=fee_rate)[0])


def bracket_of_collateral() -> float:
    """Bracket looked up with the collateral, as a public trading bot did."""
    return bracket_of(LONG["margin"])


def bracket_at_entry() -> float:
    """Bracket looked up with the notional at entry."""
    return bracket_of(LONG["quantity"] * LONG["entry_price"])


def deduction_forgotten() -> float:
    """Right bracket, but its rate is charged on the whole notional."""
    return bracket_of(LONG["quantity"] * tiered_long(), deduct=False)


def fee_forgotten() -> float:
    """Closing fee left out."""
    return float(line_prices(**LONG, tiers=TIERS).max())


def maintenance_at_entry() -> float:
    """Requirement and fee frozen at the entry price."""
    lower, _ = liquidation_prices(**LONG, tiers=TIERS, fee_rate=FEE, basis="entry")
    return float(lower)


def ratio_as_surcharge() -> float:
    """Minimum ratio 1 + m, which means the weight 1/(1 + m)."""
    return 1 + RATE


def ratio_is_weight() -> float:
    """The asset weight itself instead of its inverse."""
    return asset_weight(RATE)


def kink_at_floor():
    """Opening notional equal to the floor: the bracket of the notional at entry."""
    return theory.floor_k


def kink_at_bankruptcy():
    """Notional that falls to the floor at the bankruptcy price, without maintenance."""
    return theory.floor_k * theory.leverage / (theory.leverage - 1)


def kink_without_deduction():
    """Floor reached under line k without its deduction."""
    return theory.kink_notional().subs(theory.deducted, 0)


def bisected(quantity, entry_price, margin, floors, rates) -> float:
    """Liquidation price: what a bisection of the slice-by-slice surplus must find."""
    lower, upper = liquidation_prices(quantity, entry_price, margin, Tiers.from_floors(floors, rates))
    return lower if quantity > 0 else upper


def bisected_frozen(quantity, entry_price, margin, floors, rates) -> float:
    """Requirement worked out once, at entry."""
    tiers = Tiers.from_floors(floors, rates)
    lower, upper = liquidation_prices(quantity, entry_price, margin, tiers, basis="entry")
    return lower if quantity > 0 else upper


def bisected_first_rate(quantity, entry_price, margin, floors, rates) -> float:
    """Rate of the first slice charged on everything."""
    return bisected(quantity, entry_price, margin, [0.0], rates[:1])


def bisected_whole(quantity, entry_price, margin, floors, rates) -> float:
    """Rate of the bracket at entry charged on the whole notional."""
    k = int(np.searchsorted(floors, abs(quantity) * entry_price, side="right")) - 1
    return bisected(quantity, entry_price, margin, [0.0], rates[k : k + 1])


EXERCISES = {
    "1": Exercise(
        "choice",
        answer=lambda: "c",
        options=("a", "b", "c", "d"),
        see="equation (2.7) and the sentence below it",
        misconceptions=(
            Misconception(lambda: "a", "The tiers are stated in notional; the collateral is smaller by the leverage."),
            Misconception(
                lambda: "b", "By the time of the liquidation, the price and with it the notional have moved."
            ),
            Misconception(
                lambda: "d", "Leverage limits are listed beside the tiers, but the requirement does not use them."
            ),
        ),
    ),
    "2": Exercise(
        "number",
        answer=tiered_long,
        tolerance=0.5,
        see="equations (2.5) and (2.7)",
        misconceptions=(
            Misconception(
                bracket_of_collateral, "You looked the bracket up with the collateral; the tiers are in notional."
            ),
            Misconception(
                bracket_at_entry,
                "That is the bracket of the notional at entry; at liquidation the notional is smaller.",
            ),
            Misconception(deduction_forgotten, "The bracket is right, but its deduction is missing."),
            Misconception(fee_forgotten, "The closing fee is missing."),
            Misconception(
                maintenance_at_entry, "Maintenance is frozen at entry here; it must be taken at the moving price."
            ),
        ),
    ),
    "3": Exercise(
        "number",
        answer=lambda: 1 / asset_weight(RATE),
        tolerance=0.0005,
        see="equations (2.14) and the conversion of a minimum ratio",
        misconceptions=(
            Misconception(
                ratio_as_surcharge,
                "1 + m is the weight of a debt; as a ratio it would mean the asset weight 1/(1 + m).",
            ),
            Misconception(ratio_is_weight, "That is the asset weight; the minimum ratio is its inverse."),
        ),
    ),
    "4": Exercise(
        "expression",
        answer=theory.kink_notional,
        samples=[
            dict(zip((theory.leverage, theory.floor_k, theory.rate, theory.deducted), point, strict=True))
            for point in ((2, 100, 0.05, 1), (5, 5_000, 0.02, 50), (20, 3e5, 0.005, 300), (50, 8e5, 0.0065, 1_500))
        ],
        see="equation (2.6): line k binds when the notional at its own price is the floor",
        misconceptions=(
            Misconception(kink_at_floor, "That position is on the floor at entry; at its liquidation it is below."),
            Misconception(
                kink_at_bankruptcy,
                "You let the price fall to bankruptcy; liquidation comes earlier, by the maintenance.",
            ),
            Misconception(kink_without_deduction, "Nearly: line k also has a deduction."),
        ),
    ),
    "5": Exercise(
        "function",
        answer=lambda: bisected,
        tolerance=1e-6,
        samples=[
            (20.0, 100.0, 200.0, [0.0, 1_000.0], [0.01, 0.02]),
            (-20.0, 100.0, 400.0, [0.0, 1_000.0, 2_200.0], [0.01, 0.05, 0.2]),
            (3.0, 40.0, 30.0, [0.0], [0.05]),
        ],
        see="the sentence on slices below equation (2.3)",
        misconceptions=(
            Misconception(
                lambda: bisected_frozen, "The requirement must move with the price; yours is that of the entry."
            ),
            Misconception(lambda: bisected_first_rate, "Only the first slice has the first rate."),
            Misconception(lambda: bisected_whole, "A rate holds for its own slice only, not for the whole notional."),
        ),
    ),
}
