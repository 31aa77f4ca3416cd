"""Self-checks of chapter 7: right answers, and the known ways of getting them wrong."""

from collections.abc import Sequence

import sympy as sp

from cascadelab.cascade import theory
from cascadelab.cascade.equilibrium import least_severe, worst
from cascadelab.cascade.ladder import Ladder
from cascadelab.impact.linear import Linear
from cascadelab.kit.check import Exercise, Misconception

BOOK, SLOPE, SHOCKED = Ladder([60.0, 57.0, 55.4, 50.0], [3.0, 5.0, 4.0, 10.0]), 0.4, 58.0
MARKET = Linear(SLOPE)
Prices = Sequence[float]


def end() -> float:
    """End of the cascade."""
    return BOOK.run(SHOCKED, MARKET).price


def end_of_first_round() -> float:
    """Price after the first round only."""
    return float(least_severe(BOOK, SHOCKED, MARKET).path[1])


def end_counted_twice() -> float:
    """All units sold so far taken off again in each round."""
    price, sold = SHOCKED, 0.0
    while BOOK.supply(price) > sold:
        sold = float(BOOK.supply(price))
        price -= SLOPE * sold
    return price


def end_with_everybody() -> float:
    """Everybody sells: the worst equilibrium."""
    return worst(BOOK, SHOCKED, MARKET).price


def end_sold() -> float:
    """Units instead of the price."""
    return BOOK.run(SHOCKED, MARKET).sold


def jump() -> float:
    """Fall of the end price at the trigger of the largest block."""
    return SLOPE * float(BOOK.blocks(MARKET).quantity[1])


def jump_of_first() -> float:
    """The impact of the block's first account alone."""
    return SLOPE * 5.0


def jump_of_all_so_far() -> float:
    """Impact of everything sold, the account before the block too."""
    return SLOPE * float(BOOK.cumulative[3])


def jump_of_largest_account() -> float:
    """Impact of the largest account, which falls alone."""
    return SLOPE * 10.0


def jump_trigger() -> float:
    """The trigger instead of the jump."""
    return float(BOOK.blocks(MARKET).trigger[1])


def jump_between_thresholds() -> float:
    """From the block's first threshold to its last."""
    return 57.0 - 55.4


level, U, R = theory.next_threshold, theory.cumulative, theory.reserve


def pool_on_a_walk() -> sp.Expr:
    """The average price instead of the last."""
    return level * (1 + U / R)


def pool_downwards() -> sp.Expr:
    """Price after a sale from the threshold, instead of the price before it."""
    return level / (1 + U / R) ** 2


def pool_without_cascade() -> sp.Expr:
    """The threshold alone: nobody has sold before."""
    return level


def pool_linear() -> sp.Expr:
    """First-order slope of the pool taken for the whole curve."""
    return level * (1 + 2 * U / R)


def cascade(thresholds: Prices, quantities: Prices, shocked_price: float, slope: float) -> float:
    """End price, from the ladder."""
    return Ladder(thresholds, quantities).run(shocked_price, Linear(slope)).price


def cascade_of_one_round(thresholds: Prices, quantities: Prices, shocked_price: float, slope: float) -> float:
    """Whoever is liquidatable at the shocked price, and nobody after that."""
    return float(Linear(slope).price(shocked_price, Ladder(thresholds, quantities).supply(shocked_price)))


def cascade_at_equality(thresholds: Prices, quantities: Prices, shocked_price: float, slope: float) -> float:
    """Fires at equality too."""
    return cascade([threshold * (1 + 1e-12) for threshold in thresholds], quantities, shocked_price, slope)


def cascade_of_one_pass(thresholds: Prices, quantities: Prices, shocked_price: float, slope: float) -> float:
    """One loop over the list, which never looks back."""
    price = shocked_price
    for threshold, quantity in zip(thresholds, quantities, strict=True):
        price -= slope * quantity * (threshold > price)
    return price


def cascade_of_one_pass_floored(thresholds: Prices, quantities: Prices, shocked_price: float, slope: float) -> float:
    """The same, stopped at zero."""
    return max(cascade_of_one_pass(thresholds, quantities, shocked_price, slope), 0.0)


def cascade_from_below(thresholds: Prices, quantities: Prices, shocked_price: float, slope: float) -> float:
    """The worst equilibrium: everybody sells first."""
    return worst(Ladder(thresholds, quantities), shocked_price, Linear(slope)).price


def cascade_below_zero(thresholds: Prices, quantities: Prices, shocked_price: float, slope: float) -> float:
    """No floor at zero."""
    sold = Ladder(thresholds, quantities).run(shocked_price, Linear(slope)).sold
    return shocked_price - slope * sold


EXERCISES = {
    "1": Exercise(
        "choice",
        answer=lambda: "c",
        options=("a", "b", "c", "d"),
        see="the theorem, and what it does not say",
        misconceptions=(
            Misconception(lambda: "a", "Every schedule ends in the same set; that is the theorem."),
            Misconception(lambda: "b", "The end price is the curve at the total sold, and the total is the same."),
            Misconception(lambda: "d", "On a walk the total is the area under the curve, however it is shared out."),
        ),
    ),
    "2": Exercise(
        "number",
        answer=end,
        tolerance=0.005,
        see="the five accounts by hand",
        misconceptions=(
            Misconception(end_of_first_round, "That is the price after the first round; who is liquidatable now?"),
            Misconception(
                end_counted_twice, "You took the units of earlier rounds off twice: start from the shocked price."
            ),
            Misconception(end_with_everybody, "That is the worst equilibrium; start from the shocked price instead."),
            Misconception(end_sold, "Those are the units sold; asked is the price."),
        ),
    ),
    "3": Exercise(
        "number",
        answer=jump,
        tolerance=0.005,
        see="equation (7.6) and the picture of the triggers",
        misconceptions=(
            Misconception(jump_of_first, "That is the first account of the block; it takes others with it."),
            Misconception(jump_of_all_so_far, "That counts the first account too, which was lost at a milder shock."),
            Misconception(jump_of_largest_account, "That is the largest account; a block may hold more than one."),
            Misconception(jump_trigger, "That is the trigger; asked is the jump of the end price."),
            Misconception(jump_between_thresholds, "The jump is made by the units that are sold, not by thresholds."),
        ),
    ),
    "4": Exercise(
        "expression",
        answer=lambda: level * (1 + U / R) ** 2,
        samples=[
            {level: price, U: units, R: stock} for price, units, stock in ((90, 5, 100), (20, 30, 40), (1.5, 900, 700))
        ],
        see="how (7.3) and (7.4) were found: solve the price of the pool for the shocked price",
        misconceptions=(
            Misconception(pool_on_a_walk, "That is the average price along the walk; thresholds see the last one."),
            Misconception(pool_downwards, "The other way round: the shocked price is above the price after the sales."),
            Misconception(pool_without_cascade, "That is the trigger if nobody sold before; k accounts did."),
            Misconception(pool_linear, "Right for small sales only; use the whole curve of the pool."),
        ),
    ),
    "5": Exercise(
        "function",
        answer=lambda: cascade,
        tolerance=1e-6,
        samples=[
            ([91.0, 97.0, 80.0, 94.0, 93.0], [8.0, 2.0, 10.0, 4.0, 6.0], 94.0, 0.5),
            ([70.0, 64.0, 67.0], [6.0, 1.0, 4.0], 69.0, 0.5),
            ([30.0, 20.0, 10.0], [50.0, 40.0, 30.0], 25.0, 0.4),
        ],
        see="the rounds of the five accounts; mind the strict inequality and the floor at zero",
        misconceptions=(
            Misconception(lambda: cascade_of_one_round, "That stops after one round: look at all accounts again."),
            Misconception(lambda: cascade_at_equality, "An account whose threshold equals the price is safe."),
            Misconception(
                lambda: cascade_of_one_pass, "One loop over the list looks at nobody twice: that drops hypothesis (vi)."
            ),
            Misconception(
                lambda: cascade_of_one_pass_floored,
                "One loop over the list, even stopped at zero, looks at nobody twice: that drops hypothesis (vi).",
            ),
            Misconception(
                lambda: cascade_from_below, "That is the worst equilibrium; start from the shocked price instead."
            ),
            Misconception(lambda: cascade_below_zero, "The price can not fall below zero: stop it there."),
        ),
    ),
}
