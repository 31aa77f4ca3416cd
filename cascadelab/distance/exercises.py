"""Self-checks of chapter 4: right answers, and the ways in which readers and published pages get them wrong."""

import numpy as np

from cascadelab.distance import theory
from cascadelab.distance.correlation import log_returns, mean_pairwise_correlation
from cascadelab.distance.covariance import covariance_matrix
from cascadelab.distance.passage import max_leverage
from cascadelab.distance.probability import liquidation_probability
from cascadelab.distance.sigma import sigma_distance
from cascadelab.kit.check import Exercise, Misconception

WEEK = 7 / 365
ACCOUNT = {"normal": [1.8, 8.0], "offset": 1300.0, "price": [500.0, 100.0]}
VOLATILITY, CORRELATION, NU = [0.9, 0.7], 0.8, 4
TRADE = {"maintenance_rate": 0.01, "volatility": 0.6, "horizon": 3 / 365, "probability": 0.02}


def distance(horizon: float = WEEK) -> float:
    """σ-distance of the account of exercise 2."""
    return sigma_distance(**ACCOUNT, covariance=covariance_matrix(VOLATILITY, CORRELATION, horizon))


def student() -> float:
    """Student-t probability of the account of exercise 2."""
    return liquidation_probability(distance(), NU)


def student_unmatched() -> float:
    """Student's t taken as it stands in the tables, with a variance of ν/(ν − 2) instead of one."""
    from scipy import special

    return float(special.stdtr(NU, -distance()))


def gaussian() -> float:
    """Gaussian returns instead of Student's t."""
    return liquidation_probability(distance())


def student_of_a_year() -> float:
    """The volatility of a year used for a week."""
    return liquidation_probability(distance(1.0), NU)


def student_without_root() -> float:
    """Volatility multiplied by T instead of √T."""
    return liquidation_probability(distance(WEEK**2), NU)


def student_touched() -> float:
    """Doubled, as if the question were about the whole way."""
    return 2 * student()


def leverage_at_the_end() -> float:
    """The quantile of 1 − P, which tolerates P at the end of the horizon only."""
    return max_leverage(**(TRADE | {"probability": 2 * TRADE["probability"]}))


def leverage_without_maintenance() -> float:
    """Leverage at which bankruptcy, not liquidation, has the tolerated probability."""
    return max_leverage(**(TRADE | {"maintenance_rate": 0.0}))


def leverage_without_root() -> float:
    """Volatility multiplied by T instead of √T."""
    return max_leverage(**(TRADE | {"horizon": TRADE["horizon"] ** 2}))


def leverage_of_a_year() -> float:
    """The volatility of a year used for three days."""
    return max_leverage(**(TRADE | {"horizon": 1.0}))


def hedge_shortfall():
    """√((1 − ρ')/(1 − ρ)) − 1: the legs have opposite signs."""
    return theory.margin_shortfall().subs({theory.rho: -theory.rho, theory.rho_after: -theory.rho_after})


def hedge_without_root():
    """The ratio of variances instead of deviations."""
    return (1 - theory.rho_after) / (1 - theory.rho) - 1


def correlation_of_returns(price, every) -> float:
    """Mean pairwise correlation of log returns over intervals of `every` rows."""
    return mean_pairwise_correlation(log_returns(price, every))


def correlation_of_levels(price, every) -> float:
    """Correlation of the prices themselves: two drifting series always look alike, or opposite."""
    return mean_pairwise_correlation(price[::every])


def correlation_of_every_row(price, every) -> float:
    """Sampling interval ignored."""
    return mean_pairwise_correlation(log_returns(price, 1))


def price_samples():
    """Two price histories of three assets, with the sampling intervals 1 and 5."""
    rng = np.random.default_rng(45)
    for every in (1, 5):
        shocks = rng.multivariate_normal(np.zeros(3), covariance_matrix([0.01, 0.02, 0.03], 0.6), size=240)
        yield 100 * np.exp(shocks.cumsum(axis=0)), every


EXERCISES = {
    "1": Exercise(
        "choice",
        answer=lambda: "b",
        options=("a", "b", "c"),
        see="equation (4.17)",
        misconceptions=(
            Misconception(lambda: "a", "That is the probability of ending below; on the way there is a second chance."),
            Misconception(lambda: "c", "Twice is right, but twice the probability of which event?"),
        ),
    ),
    "2": Exercise(
        "number",
        answer=student,
        tolerance=5e-5,
        see="equations (4.3) and (4.10)",
        misconceptions=(
            Misconception(
                student_unmatched, "Student's t has the variance ν/(ν − 2): stretch z before you look it up."
            ),
            Misconception(gaussian, "That is the Gaussian probability; the question is about Student's t."),
            Misconception(student_of_a_year, "The volatilities are per year and the horizon is a week."),
            Misconception(student_without_root, "Variance grows with time, so volatility grows with its square root."),
            Misconception(student_touched, "The question is about the end of the week, not about the way."),
        ),
    ),
    "3": Exercise(
        "number",
        answer=lambda: max_leverage(**TRADE),
        tolerance=0.005,
        see="equation (4.22)",
        misconceptions=(
            Misconception(
                leverage_at_the_end, "That tolerates P at the end of the horizon; on the way it is twice as likely."
            ),
            Misconception(
                leverage_without_maintenance, "At that barrier the position is bankrupt; maintenance bites earlier."
            ),
            Misconception(leverage_without_root, "Volatility grows with the square root of time."),
            Misconception(leverage_of_a_year, "The volatility is per year and the horizon is three days."),
        ),
    ),
    "4": Exercise(
        "expression",
        answer=hedge_shortfall,
        samples=[{theory.rho: x, theory.rho_after: y} for x, y in ((0.9, 0.3), (0.5, -0.2), (0.0, 0.8))],
        see="equation (4.15), with exposures of opposite sign",
        misconceptions=(
            Misconception(theory.margin_shortfall, "That is for two legs of the same sign; here one is short."),
            Misconception(hedge_without_root, "A margin of k standard deviations follows the root of the variance."),
        ),
    ),
    "5": Exercise(
        "function",
        answer=lambda: correlation_of_returns,
        tolerance=1e-9,
        samples=list(price_samples()),
        see="the section on the sampling interval",
        misconceptions=(
            Misconception(lambda: correlation_of_levels, "Those are correlations of prices; take log returns first."),
            Misconception(lambda: correlation_of_every_row, "The sampling interval is not used."),
        ),
    ),
}
