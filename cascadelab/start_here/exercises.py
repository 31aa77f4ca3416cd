"""Self-checks of chapter 0: three sums by hand, and the ways in which they go wrong."""

import math

from cascadelab.kit.check import Exercise, Misconception
from cascadelab.start_here.example import ACCOUNTS, ASSET_WEIGHT, CASH, IMPACT, PRICES, QUANTITIES, story

X, Y, Z = range(len(ACCOUNTS))
A, B = 0, 1
DEEPER_FALL = 0.40
END_A = float(story(0.25).prices[-1, A])


def price_that_empties(account: int, asset: int, *, weight: float = ASSET_WEIGHT, other: float) -> float:
    """Price of one asset at which weight · (value of the assets) + cash is zero, the other price given."""
    others = weight * QUANTITIES[account, 1 - asset] * other
    return float((-CASH[account] - others) / (weight * QUANTITIES[account, asset]))


def liquidation_price_of_x() -> float:
    """9 p_A + 18 · 50 = 1,620."""
    return price_that_empties(X, A, other=PRICES[B])


def bankruptcy_price_of_x() -> float:
    """10 p_A + 20 · 50 = 1,620: no maintenance."""
    return price_that_empties(X, A, weight=1.0, other=PRICES[B])


def liquidation_price_without_b() -> float:
    """9 p_A = 1,620: the other asset forgotten."""
    return price_that_empties(X, A, other=0.0)


def liquidation_price_weight_on_a_only() -> float:
    """9 p_A + 20 · 50 = 1,620: maintenance asked for A alone."""
    return float((-CASH[X] - QUANTITIES[X, B] * PRICES[B]) / (ASSET_WEIGHT * QUANTITIES[X, A]))


def liquidation_price_weight_on_b_only() -> float:
    """10 p_A + 18 · 50 = 1,620: maintenance asked for B alone."""
    return float((-CASH[X] - ASSET_WEIGHT * QUANTITIES[X, B] * PRICES[B]) / QUANTITIES[X, A])


def fall_to_liquidation() -> float:
    """The fall of A instead of its price, as a fraction."""
    return float(1 - liquidation_price_of_x() / PRICES[A])


def fall_to_liquidation_in_percent() -> float:
    """The fall of A instead of its price, in percent."""
    return 100 * fall_to_liquidation()


def share_left_at_liquidation() -> float:
    """The price of A as a fraction of what it was."""
    return 1 - fall_to_liquidation()


def loss_of_platform_1() -> float:
    """Debt of X minus what its sales bring in after the deeper fall."""
    return story(DEEPER_FALL).platform_loss(1)


def loss_at_prices_before_the_sale() -> float:
    """Debt minus 10 · 60 + 20 · 50: the units filled before their own impact."""
    return float(-CASH[X] - QUANTITIES[X] @ story(DEEPER_FALL).prices[1])


def loss_as_surplus() -> float:
    """The negative surplus that triggers the liquidation, taken for the loss."""
    return float(-story(DEEPER_FALL).surplus[1, X])


def loss_with_b_untouched() -> float:
    """Debt minus 10 · 55 + 20 · 50: B sold without an impact of its own."""
    end = story(DEEPER_FALL).prices[2]
    return float(-CASH[X] - QUANTITIES[X, A] * end[A] - QUANTITIES[X, B] * PRICES[B])


def loss_with_a_untouched() -> float:
    """Debt minus 10 · 60 + 20 · 46: A sold without an impact of its own."""
    told = story(DEEPER_FALL)
    return float(-CASH[X] - QUANTITIES[X, A] * told.prices[1, A] - QUANTITIES[X, B] * told.prices[2, B])


def loss_at_average_prices() -> float:
    """Debt minus 10 · 57.5 + 20 · 48: each unit filled at its own price on the way down."""
    return float(-CASH[X] - QUANTITIES[X] @ story(DEEPER_FALL).prices[1:3].mean(axis=0))


def proceeds_of_x() -> float:
    """What the sale brings in, taken for the loss."""
    return float(story(DEEPER_FALL).proceeds[X])


def impact_that_takes_z(*, price_a: float = END_A, weight: float = ASSET_WEIGHT, sellers: tuple[int, ...] = (X, Y)):
    """Impact of B at which the sales of B by `sellers` bring Z to zero surplus."""
    fall_of_b = PRICES[B] - price_that_empties(Z, B, weight=weight, other=price_a)
    return float(fall_of_b / QUANTITIES[list(sellers), B].sum())


def impact_sales_of_x_only() -> float:
    """Only the 20 units of X counted."""
    return impact_that_takes_z(sellers=(X,))


def impact_sales_of_y_only() -> float:
    """Only the 30 units of Y counted."""
    return impact_that_takes_z(sellers=(Y,))


def impact_without_maintenance() -> float:
    """Z counted at full value."""
    return impact_that_takes_z(weight=1.0)


def impact_before_sale_of_a() -> float:
    """A taken at 75, before the units of X are sold."""
    return impact_that_takes_z(price_a=END_A + float(IMPACT[A] * QUANTITIES[X, A]))


def price_of_b_that_takes_z() -> float:
    """The price of B at which the surplus of Z is zero."""
    return price_that_empties(Z, B, other=END_A)


def fall_of_b_that_takes_z() -> float:
    """The whole fall of B, not divided by the units sold."""
    return float(PRICES[B] - price_of_b_that_takes_z())


def impact_from_46() -> float:
    """The 20 units of X counted at the old impact, and only those of Y at the new one."""
    return float((story(0.25).prices[2, B] - price_of_b_that_takes_z()) / QUANTITIES[Y, B])


def impact_at_the_next_step() -> float:
    """Rounded up to the next step of the slider."""
    return math.ceil(100 * impact_that_takes_z()) / 100


A_PRICE_IS_ASKED = "A price of A is asked for, not a fall or a share of it."


EXERCISES = {
    "1": Exercise(
        "number",
        answer=liquidation_price_of_x,
        tolerance=0.005,
        see="the surplus of X in the section 'The story'",
        misconceptions=(
            Misconception(bankruptcy_price_of_x, "There X owns nothing any more; it is sold earlier, at surplus 0."),
            Misconception(liquidation_price_without_b, "X also holds 20 B, and they count too."),
            Misconception(liquidation_price_weight_on_a_only, "The platform counts 90 % of both assets."),
            Misconception(liquidation_price_weight_on_b_only, "The platform counts 90 % of both assets."),
            Misconception(fall_to_liquidation, A_PRICE_IS_ASKED),
            Misconception(fall_to_liquidation_in_percent, A_PRICE_IS_ASKED),
            Misconception(share_left_at_liquidation, A_PRICE_IS_ASKED),
        ),
    ),
    "2": Exercise(
        "number",
        answer=loss_of_platform_1,
        tolerance=0.005,
        see="the sales of X in the section 'The story'",
        misconceptions=(
            Misconception(loss_at_prices_before_the_sale, "X's units are filled at the prices after the sale."),
            Misconception(loss_at_average_prices, "Every unit is filled at the price after the last one, the lowest."),
            Misconception(loss_as_surplus, "That is the surplus; the loss is debt minus proceeds."),
            Misconception(loss_with_b_untouched, "Selling 20 B lowers the price of B as well."),
            Misconception(loss_with_a_untouched, "Selling 10 A lowers the price of A once more."),
            Misconception(proceeds_of_x, "That is what the sale brings in; the loss is the debt that it leaves."),
        ),
    ),
    "3": Exercise(
        "number",
        answer=impact_that_takes_z,
        tolerance=0.0001,
        see="the surplus of Z: 90 % of 5 A and 10 B, minus 650; then divide the fall of B by the units sold",
        misconceptions=(
            Misconception(impact_sales_of_x_only, "Y sells its B too."),
            Misconception(impact_sales_of_y_only, "X sells its B too."),
            Misconception(impact_without_maintenance, "Z is sold when its surplus is below zero, not its equity."),
            Misconception(impact_before_sale_of_a, "A does not stay at 75: X sells 10 of it."),
            Misconception(price_of_b_that_takes_z, "That is the price of B; the impact for each unit is asked for."),
            Misconception(fall_of_b_that_takes_z, "That is the whole fall of B; divide it by the units sold."),
            Misconception(impact_from_46, "The units of X are sold at the new impact too: start from B at 50."),
            Misconception(impact_at_the_next_step, "That is rounded to a step of the slider; four decimals, please."),
        ),
    ),
}
