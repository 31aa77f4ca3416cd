"""Self-checks of chapter 5: right answers, and the known ways of getting them wrong."""

import sympy as sp

from cascadelab.impact import theory
from cascadelab.impact.exponential import Exponential
from cascadelab.impact.pool import ConstantProduct
from cascadelab.impact.root import SquareRoot
from cascadelab.kit.check import Exercise, Misconception

POOL, POOL_PRICE, POOL_SALE = ConstantProduct(200.0), 50.0, 50.0
ORDER, FIRST, SECOND = SquareRoot(3.0), 16.0, 9.0
R, m = theory.reserve, theory.m


def pool_end() -> float:
    """Every unit at the price after the last one."""
    return POOL.proceeds(POOL_PRICE, POOL_SALE)


def pool_mean_of_both_ends() -> float:
    """Every unit at the mean of first and last price, as on a straight line."""
    return POOL_SALE * (POOL_PRICE + POOL.price(POOL_PRICE, POOL_SALE)) / 2


def pool_no_impact() -> float:
    """Every unit at the first price."""
    return POOL_SALE * POOL_PRICE


def pool_average() -> float:
    """The price for a unit instead of the cash."""
    return POOL.average_price(POOL_PRICE, POOL_SALE, fill="walk")


def order_fall() -> float:
    """Fall of the whole order."""
    return 200.0 - ORDER.price(200.0, FIRST + SECOND)


def order_started_again() -> float:
    """Sum of the falls of the two parts, each by its own root."""
    return ORDER.shock_for(0.0, FIRST) + ORDER.shock_for(0.0, SECOND)


def order_linear() -> float:
    """The first part's fall, scaled by the quantity."""
    return ORDER.shock_for(0.0, FIRST) * (FIRST + SECOND) / FIRST


def order_price() -> float:
    """The price instead of the fall."""
    return ORDER.price(200.0, FIRST + SECOND)


def order_fraction() -> float:
    """The fall as a fraction of the price."""
    return order_fall() / 200.0


def order_percent() -> float:
    """The fall in percent of the price."""
    return 100 * order_fraction()


def order_rest() -> float:
    """Only what the second part adds."""
    return order_fall() - ORDER.shock_for(0.0, FIRST)


def pool_limit_walk() -> sp.Expr:
    """The walk instead of the end price."""
    return R * m / (1 - m)


def pool_limit_to_first_order() -> sp.Expr:
    """The slope at the start taken for the whole curve."""
    return R * m / 2


def pool_limit_relative() -> sp.Expr:
    """Reserve forgotten: the growth of the reserve, not the units."""
    return 1 / sp.sqrt(1 - m) - 1


def pool_limit_holding() -> sp.Expr:
    """What the pool holds after the sale instead of what was sold."""
    return R / sp.sqrt(1 - m)


def pool_limit_loss_on_debt() -> sp.Expr:
    """Slippage m taken on top of the end price: (1 + u/R)² = 1 + m."""
    return R * (sp.sqrt(1 + m) - 1)


def needed(shocked_price: float, rate: float, proceeds: float) -> float:
    """Smallest quantity, at the end price."""
    return Exponential(rate).quantity_to_raise(shocked_price, proceeds)


def needed_on_a_walk(shocked_price: float, rate: float, proceeds: float) -> float:
    """The other fill rule."""
    return Exponential(rate).quantity_to_raise(shocked_price, proceeds, fill="walk")


def needed_without_impact(shocked_price: float, rate: float, proceeds: float) -> float:
    """Cash over price."""
    return proceeds / shocked_price


def needed_too_much(shocked_price: float, rate: float, proceeds: float) -> float:
    """The larger root, beyond the most that can be raised."""
    low, high = 1 / rate, 1000 / rate
    market = Exponential(rate)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if market.proceeds(shocked_price, middle) > proceeds else (low, middle)
    return low


EXERCISES = {
    "1": Exercise(
        "choice",
        answer=lambda: "c",
        options=("a", "b", "c", "d"),
        see="the section on rules that compose",
        misconceptions=(
            Misconception(lambda: "a", "A rule may fall in the quantity and still see the pieces; try the root."),
            Misconception(
                lambda: "b", "Proportional fills commute: every order of the same pieces ends alike. And yet …"
            ),
            Misconception(lambda: "d", "A floor at zero changes nothing here: once at zero, a sale stays at zero."),
        ),
    ),
    "2": Exercise(
        "number",
        answer=lambda: POOL.proceeds(POOL_PRICE, POOL_SALE, fill="walk"),
        tolerance=0.005,
        see="the price of a pool and its integral",
        misconceptions=(
            Misconception(
                pool_mean_of_both_ends, "The mean of both ends is right for a straight line; this one is bent."
            ),
            Misconception(pool_end, "That pays every unit the last price; a pool pays along its curve."),
            Misconception(pool_no_impact, "That pays every unit the first price: where is the impact?"),
            Misconception(pool_average, "That is the price for one unit on average; asked is the cash."),
        ),
    ),
    "3": Exercise(
        "number",
        answer=order_fall,
        tolerance=0.005,
        see="assumption 2: only the total counts",
        misconceptions=(
            Misconception(order_started_again, "You added two roots: it is the root of the sum, for one order."),
            Misconception(order_linear, "You scaled with the quantity; under this law the fall grows with its root."),
            Misconception(order_price, "That is the price afterwards; asked is the fall."),
            Misconception(order_fraction, "That is a fraction of the price; asked is the fall in units of the price."),
            Misconception(order_percent, "That is in percent; asked is the fall in units of the price."),
            Misconception(order_rest, "That is what the last 9 units add; asked is the fall of all 25."),
        ),
    ),
    "4": Exercise(
        "expression",
        answer=lambda: R * (1 / sp.sqrt(1 - m) - 1),
        samples=[{R: units, m: share} for units, share in ((100, 0.02), (7, 0.3), (50, 0.75))],
        see="the section on the largest position that pays for itself, with the price of a pool",
        misconceptions=(
            Misconception(
                pool_limit_walk, "That is the walk: there the average price, not the last, must cover the debt."
            ),
            Misconception(pool_limit_to_first_order, "Right for a small m only; solve for the whole curve."),
            Misconception(pool_limit_relative, "Units, please: how much larger than the reserve is the sale?"),
            Misconception(pool_limit_holding, "That is what the pool holds afterwards; asked is what was sold."),
            Misconception(
                pool_limit_loss_on_debt, "The price may fall to (1 − m) of where it was: divide, do not add."
            ),
        ),
    ),
    "5": Exercise(
        "function",
        answer=lambda: needed,
        tolerance=1e-3,
        samples=[(40.0, 0.002, 5000.0), (100.0, 0.01, 3000.0), (2.5, 0.05, 10.0)],
        see="the section on how much can be raised, and on which side of 1/α the smaller quantity lies",
        misconceptions=(
            Misconception(lambda: needed_on_a_walk, "That is the walk; here every unit is paid the last price."),
            Misconception(lambda: needed_without_impact, "That is cash over price: the sale itself lowers the price."),
            Misconception(lambda: needed_too_much, "That raises the cash, but a smaller sale does too."),
        ),
    ),
}
