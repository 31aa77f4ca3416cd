"""Self-checks of chapter 7: right answers, and the known ways of getting them wrong."""

from collections.abc import Sequence

import sympy as sp

from cascadelab.cascade import theory
from cascadelab.cascade.equilibrium import least_severe, worst
from cascadelab.cascade.ladder import Ladder
from cascadelab.impact.linear import Linear
from cascadelab.kit.check import Exercise, Misconception

BOOK, SLOPE, SHOCKED = Ladder([60.0, 57.0, 55.4, 50.0, 41.0], [3.0, 5.0, 4.0, 10.0, 6.0]), 0.4, 58.0
MARKET = Linear(SLOPE)
Prices = Sequence[float]


def ends() -> Prices:
    """End of the cascade, and the worst equilibrium."""
    return [BOOK.run(SHOCKED, MARKET).price, worst(BOOK, SHOCKED, MARKET).price]


def ends_of_first_round() -> Prices:
    """Price after the first round only, and the worst equilibrium."""
    return [float(least_severe(BOOK, SHOCKED, MARKET).path[1]), ends()[1]]


def ends_of_two_rounds() -> Prices:
    """Price after the second round only, and the worst equilibrium."""
    return [float(least_severe(BOOK, SHOCKED, MARKET).path[2]), ends()[1]]


def ends_counted_twice() -> Prices:
    """All units sold so far taken off again in each round."""
    price, sold = SHOCKED, 0.0
    while BOOK.supply(price) > sold:
        sold = float(BOOK.supply(price))
        price -= SLOPE * sold
    return [price, ends()[1]]


def ends_with_nobody_given_back() -> Prices:
    """Everybody sells, also the account that is safe once all have sold."""
    return [ends()[0], SHOCKED - SLOPE * float(BOOK.cumulative[-1])]


def ends_at_one_price() -> Prices:
    """The end of the cascade taken for the only fixed price."""
    return [ends()[0], ends()[0]]


def ends_swapped() -> Prices:
    """The two in the wrong order."""
    return ends()[::-1]


def ends_sold() -> Prices:
    """Units instead of prices."""
    return [float(BOOK.supply(price)) for price in ends()]


def jump() -> float:
    """Fall of the end price at the trigger of the largest block."""
    return SLOPE * float(BOOK.blocks(MARKET).quantity[1])


def jump_in_units() -> float:
    """The units of the block instead of the fall of the price."""
    return float(BOOK.blocks(MARKET).quantity[1])


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


p, q, rate = theory.shocked, theory.quantity, theory.rate


def range_of_thresholds() -> sp.Expr:
    """Price after two fills of q units, minus the price after one fill of 2q."""
    return price_after_two_fills() - price_after_one_fill()


def price_after_one_fill() -> sp.Expr:
    """Lower end of the range."""
    return p * (1 - 2 * rate * q)


def price_after_two_fills() -> sp.Expr:
    """Upper end of the range."""
    return p * (1 - rate * q) ** 2


def range_the_other_way() -> sp.Expr:
    """One fill minus two."""
    return -range_of_thresholds()


def range_as_a_fraction() -> sp.Expr:
    """The shocked price forgotten."""
    return range_of_thresholds() / p


def range_off_the_shocked_price() -> sp.Expr:
    """Both fills taken off the shocked price: the total counts, and the two ends agree."""
    return sp.Integer(0)


def range_against_one_account() -> sp.Expr:
    """One fill of q against one fill of 2q."""
    return p * rate * q


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


def cascade_counted_twice(thresholds: Prices, quantities: Prices, shocked_price: float, slope: float) -> float:
    """Rounds that take all units sold so far off the last price, stopped at zero."""
    ladder, price, sold = Ladder(thresholds, quantities), shocked_price, 0.0
    while float(ladder.supply(price)) > sold:
        sold = float(ladder.supply(price))
        price = max(price - slope * sold, 0.0)
    return price


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
        "numbers",
        answer=ends,
        tolerance=0.005,
        see="the five accounts by hand, and the two ends of the fixed point",
        misconceptions=(
            Misconception(ends_of_first_round, "Your first price is that after one round; who is liquidatable now?"),
            Misconception(ends_of_two_rounds, "Your first price is that after two rounds; who is liquidatable now?"),
            Misconception(
                ends_counted_twice, "You took the units of earlier rounds off twice: start from the shocked price."
            ),
            Misconception(
                ends_with_nobody_given_back, "At your second price somebody is safe who has sold: give the units back."
            ),
            Misconception(ends_at_one_price, "Start from below as well: if everybody has sold, who is safe?"),
            Misconception(ends_swapped, "The other way round: the end of the cascade comes first."),
            Misconception(ends_sold, "Those are the units sold; asked are the prices."),
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
            Misconception(jump_in_units, "Those are the units of the block; asked is what they do to the price."),
            Misconception(jump_trigger, "That is the trigger; asked is the jump of the end price."),
            Misconception(jump_between_thresholds, "The jump is made by the units that are sold, not by thresholds."),
        ),
    ),
    "4": Exercise(
        "expression",
        answer=range_of_thresholds,
        samples=[
            {p: price, q: units, rate: share} for price, units, share in ((90, 5, 0.03), (2, 40, 0.01), (31, 1, 0.4))
        ],
        see="the first row of the table in Break it: find the price after one fill, and after two",
        misconceptions=(
            Misconception(price_after_one_fill, "That is the lower end of the range; asked is its width."),
            Misconception(price_after_two_fills, "That is the upper end of the range; asked is its width."),
            Misconception(range_the_other_way, "A width is positive: which of the two schedules ends lower?"),
            Misconception(range_as_a_fraction, "That is the width as a fraction of the shocked price."),
            Misconception(
                range_off_the_shocked_price, "The second fill takes its fraction off the price that the first one left."
            ),
            Misconception(
                range_against_one_account, "Both accounts are lost in both schedules: compare one fill with two."
            ),
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
                lambda: cascade_counted_twice,
                "You take the units of earlier rounds off again in each round: start from the shocked price.",
            ),
            Misconception(
                lambda: cascade_from_below, "That is the worst equilibrium; start from the shocked price instead."
            ),
            Misconception(lambda: cascade_below_zero, "The price can not fall below zero: stop it there."),
        ),
    ),
}
