"""Self-checks of chapter 2: right answers, and the ways in which readers and public code get them wrong."""

import functools
import itertools

import numpy as np

from cascadelab.kit.check import Exercise, Misconception
from cascadelab.thresholds import theory
from cascadelab.thresholds.lending import collateral_liquidation_price, debt_liquidation_price
from cascadelab.thresholds.tiered import line_prices, liquidation_prices
from cascadelab.thresholds.tiers import Tiers
from cascadelab.thresholds.weights import weight_of_ratio

TIERS = Tiers([0.004, 0.005, 0.01], [0, 50, 1_300])
LONG = {"quantity": 5.0, "entry_price": 52_000.0, "margin": 26_000.0}
FEE = 0.0007
COLLATERAL, DEBT, RATIO = 30.0, 8.0, 1.25
COLLATERAL_PRICE, DEBT_PRICE = 50.0, 100.0

WRONG_ROW = {
    0: "That is the first line: it binds at small notionals only. The tiers are in notional, not in collateral.",
    2: "That is the bracket of the notional at entry; at liquidation the notional is smaller.",
}
WRONG_DEDUCTION = {0.0: "A deduction is missing.", -1.0: "The deduction has the wrong sign: it lowers what is asked."}
WRONG_FEE = {
    0.0: "The closing fee is missing.",
    -1.0: "The closing fee has the wrong sign: it is part of what is asked.",
}


def tiered_long() -> float:
    """Liquidation price of the long: the largest of its lines' prices."""
    return float(line_prices(**LONG, tiers=TIERS, fee_rate=FEE).max())


def one_line(row: int, deducted: float = 1.0, charged: float = 1.0) -> float:
    """Price of one line alone, its deduction and its fee multiplied by 1 (right), 0 (forgotten) or −1 (wrong sign)."""
    rate, deduction = float(TIERS.rates[row]), deducted * float(TIERS.deductions[row])
    line = Tiers([rate + charged * FEE], [deduction])
    return float(line_prices(**LONG, tiers=line)[0])


def maintenance_at_entry() -> float:
    """Requirement and fee frozen at the entry price."""
    lower, _ = liquidation_prices(**LONG, tiers=TIERS, fee_rate=FEE, basis="entry")
    return float(lower)


def maintenance_at_entry_without_fee() -> float:
    """Requirement frozen at the entry price, and no fee."""
    lower, _ = liquidation_prices(**LONG, tiers=TIERS, basis="entry")
    return float(lower)


def _line_slips() -> list[Misconception]:
    """Every price from one line with a wrong row, a wrong deduction, a wrong fee, or several of them, told apart."""
    slips: dict[float, Misconception] = {}
    for wrong in (1, 2, 3):
        for row, deducted, charged in itertools.product((1, 0, 2), (1.0, 0.0, -1.0), (1.0, 0.0, -1.0)):
            hints = (WRONG_ROW.get(row), WRONG_DEDUCTION.get(deducted) if row else None, WRONG_FEE.get(charged))
            named = [hint for hint in hints if hint]
            if len(named) == wrong and (row or deducted == 1.0):
                way = functools.partial(one_line, row, deducted, charged)
                slips.setdefault(way(), Misconception(way, " ".join(named)))
    return list(slips.values())


def both_prices(weight: float = 1 / RATIO) -> tuple[float, float]:
    """Price of the collateral and price of the debt asset that put the loan on its threshold."""
    fall = collateral_liquidation_price(COLLATERAL, weight, DEBT, debt_price=DEBT_PRICE)
    rise = debt_liquidation_price(COLLATERAL, weight, COLLATERAL_PRICE, DEBT)
    return float(fall), float(rise)


def loan() -> tuple[float, float, float]:
    """Both prices of the loan, and its maintenance rate."""
    return (*both_prices(), 1 - float(weight_of_ratio(RATIO)))


def loan_with_surcharge() -> tuple[float, float, float]:
    """Minimum ratio read as a haircut: h = 1 − (MCR − 1)."""
    return (*both_prices(2 - RATIO), RATIO - 1)


def loan_rate_as_surcharge() -> tuple[float, float, float]:
    """Right prices, but the maintenance rate taken as MCR − 1."""
    return (*both_prices(), RATIO - 1)


def loan_weight_for_rate() -> tuple[float, float, float]:
    """Right prices, but the weight in place of the rate."""
    return (*both_prices(), 1 / RATIO)


def loan_without_weight() -> tuple[float, float, float]:
    """Collateral at its full value: where the loan is worth as much as the collateral."""
    return (*both_prices(1.0), 1 - float(weight_of_ratio(RATIO)))


def loan_prices_swapped() -> tuple[float, float, float]:
    """The two prices in the wrong order."""
    fall, rise, rate = loan()
    return rise, fall, rate


def kink_at_floor():
    """Opening notional equal to the floor: the bracket of the notional at entry."""
    return theory.floor_k


def kink_at_bankruptcy():
    """Notional that falls to the floor at the bankruptcy price, without maintenance."""
    return theory.floor_k * theory.leverage / (theory.leverage - 1)


def kink_without_deduction():
    """Floor reached under line k without its deduction."""
    return theory.kink_notional().subs(theory.deducted, 0)


def kink_other_sign():
    """Deduction on the wrong side."""
    return theory.kink_notional().subs(theory.deducted, -theory.deducted)


def kink_of_short():
    """The kink of a short."""
    grown = theory.floor_k * (1 + theory.rate) - theory.deducted
    return grown * theory.leverage / (theory.leverage + 1)


def kink_unlevered():
    """The notional that reaches the floor without any margin: 1 − 1/L lost."""
    return theory.floor_k * (1 - theory.rate) + theory.deducted


def mixed(quantity, entry_price, margin, floors, rates, fee_rate) -> float:
    """Liquidation price where maintenance is charged at entry and the fee at the moving price."""
    need = Tiers.from_floors(floors, rates).requirement(abs(quantity) * entry_price)
    return (quantity * entry_price - margin + need) / (quantity - fee_rate * abs(quantity))


def mixed_all_moving(quantity, entry_price, margin, floors, rates, fee_rate) -> float:
    """Maintenance at the moving price too: equations (2.7) and (2.8)."""
    tiers = Tiers.from_floors(floors, rates)
    lower, upper = liquidation_prices(quantity, entry_price, margin, tiers, fee_rate=fee_rate)
    return lower if quantity > 0 else upper


def mixed_all_fixed(quantity, entry_price, margin, floors, rates, fee_rate) -> float:
    """The fee at entry too: equation (2.9)."""
    tiers = Tiers.from_floors(floors, rates)
    lower, upper = liquidation_prices(quantity, entry_price, margin, tiers, fee_rate=fee_rate, basis="entry")
    return lower if quantity > 0 else upper


def mixed_without_fee(quantity, entry_price, margin, floors, rates, fee_rate) -> float:
    """No closing fee."""
    return mixed(quantity, entry_price, margin, floors, rates, 0.0)


def mixed_whole(quantity, entry_price, margin, floors, rates, fee_rate) -> float:
    """Rate of the bracket charged on the whole notional: no slices, no deduction."""
    k = int(np.searchsorted(floors, abs(quantity) * entry_price, side="right")) - 1
    return mixed(quantity, entry_price, margin, [0.0], [rates[k]], fee_rate)


def mixed_signed(quantity, entry_price, margin, floors, rates, fee_rate) -> float:
    """Notional with the sign of the position: a short needs no maintenance, and is paid the fee."""
    need = Tiers.from_floors(floors, rates).requirement(max(quantity, 0.0) * entry_price)
    return (quantity * entry_price - margin + need) / (quantity - fee_rate * quantity)


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
            *_line_slips(),
            Misconception(
                maintenance_at_entry, "You froze maintenance at entry; it must be taken at the moving price."
            ),
            Misconception(
                maintenance_at_entry_without_fee,
                "You froze maintenance at entry, and the closing fee is missing; both must move with the price.",
            ),
        ),
    ),
    "3": Exercise(
        "numbers",
        answer=loan,
        tolerance=0.005,
        see="equations (2.12) to (2.14) and the sentence on the minimum collateral ratio below (2.13)",
        misconceptions=(
            Misconception(loan_with_surcharge, "A ratio of 1.25 is not a haircut of 0.25: the weight is its inverse."),
            Misconception(loan_rate_as_surcharge, "Both prices are right. The rate is one minus the *weight*."),
            Misconception(loan_weight_for_rate, "Both prices are right, but the last number is the weight."),
            Misconception(
                loan_without_weight, "At these prices collateral and debt are worth the same; where is the weight?"
            ),
            Misconception(loan_prices_swapped, "The two prices stand in the wrong order."),
        ),
    ),
    "4": Exercise(
        "expression",
        answer=theory.kink_notional,
        samples=[
            dict(zip((theory.leverage, theory.floor_k, theory.rate, theory.deducted), point, strict=True))
            for point in ((2, 100, 0.05, 1), (5, 5_000, 0.02, 50), (20, 3e5, 0.005, 300), (50, 8e5, 0.0065, 1_500))
        ],
        see="equations (2.5) and (2.3): line k takes over where the notional at its own price is the floor",
        misconceptions=(
            Misconception(kink_at_floor, "That position is on the floor at entry; at its liquidation it is below."),
            Misconception(
                kink_at_bankruptcy,
                "You let the price fall to bankruptcy; liquidation comes earlier, by the maintenance.",
            ),
            Misconception(kink_without_deduction, "Nearly: line k also has a deduction."),
            Misconception(kink_other_sign, "The deduction is on the wrong side: in (2.5) it acts like margin."),
            Misconception(kink_of_short, "That is the kink of a short."),
            Misconception(kink_unlevered, "Where has the margin gone? It is the notional at entry over L."),
        ),
    ),
    "5": Exercise(
        "function",
        answer=lambda: mixed,
        tolerance=1e-6,
        samples=[
            (20.0, 100.0, 200.0, [0.0, 1_000.0], [0.01, 0.02], 0.001),
            (-20.0, 100.0, 400.0, [0.0, 1_000.0, 1_500.0], [0.01, 0.05, 0.1], 0.001),
            (3.0, 40.0, 30.0, [0.0], [0.05], 0.002),
        ],
        see="the sentence on slices below equation (2.2), and equation (2.9)",
        misconceptions=(
            Misconception(lambda: mixed_all_moving, "Your requirement moves with the price; it is fixed at entry."),
            Misconception(lambda: mixed_all_fixed, "Your fee is that of the entry; here it moves with the price."),
            Misconception(lambda: mixed_without_fee, "The closing fee is missing."),
            Misconception(lambda: mixed_whole, "A rate holds for its own slice only, not for the whole notional."),
            Misconception(lambda: mixed_signed, "A short has a notional too: take the size of the quantity."),
        ),
    ),
}
