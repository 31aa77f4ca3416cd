"""Self-checks of chapter 10: right answers, and the known ways of getting them wrong."""

import numpy as np
import sympy as sp

from cascadelab.kit.check import Exercise, Misconception
from cascadelab.platforms import theory
from cascadelab.platforms.arbitrage import healing_conductance, sale_response
from cascadelab.platforms.network import impact_matrix

CRITICAL_DENSITY, CRITICAL_DEPTH = (2.6, 1.5), (2.0, 5.0)
DENSITY, DEPTH, CONDUCTANCE = (1.5, 2.0), (3.0, 6.0), 2.0
d, g, c = theory.d, theory.g, theory.conductance
BELOW = d[1] * d[2] + c * (d[1] + d[2])


def healing_with_depth() -> float:
    """Depth in place of spare depth."""
    one, two = CRITICAL_DEPTH
    return one * two / (one + two)


def healing_without_sum() -> float:
    """The product of what one lacks and the other spares, not divided."""
    lacks, spares = (own - forced for own, forced in zip(CRITICAL_DEPTH, CRITICAL_DENSITY, strict=True))
    return -lacks * spares


def healing_with_sizes() -> float:
    """Sizes of the spare depths added, whatever their sign."""
    one, two = (abs(own - forced) for own, forced in zip(CRITICAL_DEPTH, CRITICAL_DENSITY, strict=True))
    return one * two / (one + two)


def healing_by_surplus_of_sellers() -> float:
    """What venue 1 lacks: the limit for a second venue without end."""
    return CRITICAL_DENSITY[0] - CRITICAL_DEPTH[0]


def healing_ratio() -> float:
    """The branching ratio without friction."""
    return sum(CRITICAL_DENSITY) / sum(CRITICAL_DEPTH)


def other_without_rounds() -> float:
    """The entry of the impact matrix: before anybody is forced."""
    return float(impact_matrix(DEPTH, CONDUCTANCE)[1, 0])


def one_price_without_rounds() -> float:
    """One price for both, before anybody is forced."""
    return 1 / sum(DEPTH)


def other_after_one_round() -> float:
    """The sale and one round of forced sales."""
    spread = impact_matrix(DEPTH, CONDUCTANCE)
    return float((spread + spread @ np.diag(DENSITY) @ spread)[1, 0])


def fall_of_hit_market() -> float:
    """The fall where the unit was sold."""
    return float(sale_response(DEPTH, DENSITY, CONDUCTANCE)[0, 0])


def fall_of_one_price() -> float:
    """One price for both."""
    return 1 / (sum(DEPTH) - sum(DENSITY))


def both_sell_on_one() -> sp.Expr:
    """Sales on venue 1 too."""
    return theory.all_on_one()


def each_looks_at_itself() -> sp.Expr:
    """Own marks."""
    return theory.spectral_radius()


def both_look_at_two() -> sp.Expr:
    """The other venue's price."""
    return (g[1] * c + g[2] * (d[1] + c)) / BELOW


def sales_of_first_only() -> sp.Expr:
    """Venue 2 left out."""
    return g[1] * (d[2] + c) / BELOW


def sum_of_ratios() -> sp.Expr:
    """Every venue on its own, added."""
    return g[1] / d[1] + g[2] / d[2]


def without_arbitrage() -> sp.Expr:
    """What is left at zero conductance."""
    return g[1] / d[1]


def radius_of_one_price() -> sp.Expr:
    """The limit of one price for both."""
    return theory.radius_united()


def final_fall(
    depth: list[float], density: list[float], conductance: float, sold: list[float], rounds: int = 500
) -> float:
    """Fall on the second of two venues, forced sales put in round by round."""
    below = depth[0] * depth[1] + conductance * (depth[0] + depth[1])
    spread = np.array([[depth[1] + conductance, conductance], [conductance, depth[0] + conductance]]) / below
    fall = np.zeros(2)
    for _ in range(rounds):
        fall = spread @ (np.array(sold) + np.array(density) * fall)
    return float(fall[1])


def falls_once(depth: list[float], density: list[float], conductance: float, sold: list[float]) -> float:
    """The first sale only."""
    return final_fall(depth, density, conductance, sold, rounds=1)


def falls_apart(depth: list[float], density: list[float], conductance: float, sold: list[float]) -> float:
    """No arbitrage."""
    return final_fall(depth, density, 0.0, sold)


def falls_together(depth: list[float], density: list[float], conductance: float, sold: list[float]) -> float:
    """One price for both."""
    return sum(sold) / (sum(depth) - sum(density))


def falls_of_first(depth: list[float], density: list[float], conductance: float, sold: list[float]) -> float:
    """The other venue."""
    return final_fall(depth[::-1], density[::-1], conductance, sold[::-1])


def falls_with_arbitrage_of_shock_only(
    depth: list[float], density: list[float], conductance: float, sold: list[float]
) -> float:
    """Arbitrage for the first sale, forced sales kept at home."""
    return falls_once(depth, density, conductance, sold) / (1 - density[1] / depth[1])


SAMPLES = (
    ([3.0, 6.0], [1.5, 2.0], 2.0, [1.0, 0.0]),
    ([2.0, 5.0], [1.8, 1.5], 4.0, [0.5, 0.25]),
    ([1.0, 1.0], [0.25, 0.5], 0.5, [2.0, 1.0]),
)

EXERCISES = {
    "1": Exercise(
        "choice",
        answer=lambda: "a",
        options=("a", "b", "c", "d"),
        see="the theorem on r(K), and who gains by arbitrage",
        misconceptions=(
            Misconception(lambda: "b", "Look at the market that was not hit."),
            Misconception(lambda: "c", "That depends on which market is hit: the more fragile one, or the other."),
            Misconception(lambda: "d", "It needs a second market with enough spare depth, and enough conductance."),
        ),
    ),
    "2": Exercise(
        "number",
        answer=lambda: healing_conductance(CRITICAL_DEPTH, CRITICAL_DENSITY),
        tolerance=0.0005,
        see="equation (10.11)",
        misconceptions=(
            Misconception(healing_without_sum, "That product still has to be divided by the sum of the spare depths."),
            Misconception(healing_with_depth, "Put the spare depth d − g in place of the depth."),
            Misconception(healing_with_sizes, "The spare depth of market 1 is negative; keep its sign in the sum."),
            Misconception(healing_by_surplus_of_sellers, "That would do if market 2 had no end of spare depth."),
            Misconception(healing_ratio, "That is r(K) without friction; asked is a conductance."),
        ),
    ),
    "3": Exercise(
        "number",
        answer=lambda: float(sale_response(DEPTH, DENSITY, CONDUCTANCE)[1, 0]),
        tolerance=0.0005,
        see="equation (10.10)",
        misconceptions=(
            Misconception(other_without_rounds, "That is before anybody is forced to sell."),
            Misconception(
                one_price_without_rounds, "That is one price for both, and before anybody is forced to sell."
            ),
            Misconception(other_after_one_round, "That is after one round; the sellers of that round force others."),
            Misconception(fall_of_hit_market, "That is the market on which the unit was sold."),
            Misconception(fall_of_one_price, "That is the limit of one price; here the conductance is smaller."),
        ),
    ),
    "4": Exercise(
        "expression",
        answer=theory.looks_at_one,
        samples=[
            dict(zip((d[1], d[2], g[1], g[2], c), point, strict=True))
            for point in ((2, 4, 3, 1, 1), (1, 5, 1, 2, 0.3), (3, 2, 1, 1, 4))
        ],
        see="the section on whose price decides, with the unit matrix for the routes",
        misconceptions=(
            Misconception(both_sell_on_one, "Venue 2 looks at market 1, but sells at home."),
            Misconception(each_looks_at_itself, "That is for own marks: here nobody looks at market 2."),
            Misconception(both_look_at_two, "Both look at market 1, not at market 2."),
            Misconception(
                sales_of_first_only, "Venue 2 sells at home, and arbitrage carries a part of that to market 1."
            ),
            Misconception(without_arbitrage, "That is what is left without arbitrage; first allow any conductance."),
            Misconception(
                radius_of_one_price, "That is the limit of one price for both, or an index; here both look at market 1."
            ),
            Misconception(sum_of_ratios, "Sum the falls of market 1 that each venue's sales make."),
        ),
    ),
    "5": Exercise(
        "function",
        answer=lambda: final_fall,
        tolerance=1e-6,
        samples=SAMPLES,
        see="equations (10.3) and (10.6), and at when your rounds stop",
        misconceptions=(
            Misconception(lambda: falls_once, "That is the first sale; its fall forces others, round after round."),
            Misconception(lambda: falls_apart, "The two markets are joined."),
            Misconception(lambda: falls_together, "That is the limit of one price for both."),
            Misconception(lambda: falls_of_first, "Return the fall on the second market."),
            Misconception(
                lambda: falls_with_arbitrage_of_shock_only, "Forced sales are carried over by arbitrage as well."
            ),
        ),
    ),
}
