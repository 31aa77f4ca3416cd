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


def student_of_52_weeks() -> float:
    """A week taken for 1/52 of a year."""
    return liquidation_probability(distance(1 / 52), NU)


def student_of_trading_days() -> float:
    """A year of 252 days, as on stock exchanges."""
    return liquidation_probability(distance(7 / 252), NU)


def student_without_prices() -> float:
    """The normal used where the exposures belong."""
    covariance = covariance_matrix(VOLATILITY, CORRELATION, WEEK)
    normal, surplus = np.array(ACCOUNT["normal"]), np.dot(ACCOUNT["normal"], ACCOUNT["price"]) - ACCOUNT["offset"]
    return liquidation_probability(surplus / np.sqrt(normal @ covariance @ normal), NU)


def student_uncorrelated() -> float:
    """The middle term of the variance left out."""
    return liquidation_probability(sigma_distance(**ACCOUNT, covariance=covariance_matrix(VOLATILITY, 0.0, WEEK)), NU)


def student_shrunk() -> float:
    """z divided by the stretch instead of multiplied."""
    return liquidation_probability(distance() * (NU - 2) / NU, NU)


def gaussian_touched() -> float:
    """Gaussian returns, and the whole way."""
    return 2 * gaussian()


def student_touched() -> float:
    """Doubled, as if the question were about the whole way."""
    return 2 * student()


def leverage_at_the_end() -> float:
    """The quantile of 1 − P, which tolerates P at the end of the horizon only."""
    return max_leverage(**(TRADE | {"probability": 2 * TRADE["probability"]}))


def leverage_without_maintenance() -> float:
    """Leverage at which bankruptcy, not liquidation, has the tolerated probability."""
    return max_leverage(**(TRADE | {"maintenance_rate": 0.0}))


def leverage_of_half_the_quantile() -> float:
    """The quantile of 1 − 2P: P doubled where it should be halved."""
    return max_leverage(**(TRADE | {"probability": 4 * TRADE["probability"]}))


def log_move(days_a_year: int = 365) -> float:
    """Log distance that is touched with the tolerated probability."""
    from scipy import special

    return float(-special.ndtri(TRADE["probability"] / 2) * TRADE["volatility"] * np.sqrt(3 / days_a_year))


def leverage_of_linear_fall() -> float:
    """The barrier p₀(1 − a) instead of p₀e^{−a}."""
    return 1 / (1 - (1 - TRADE["maintenance_rate"]) * (1 - log_move()))


def leverage_of_short() -> float:
    """The leverage of a short, whose barrier lies above."""
    return 1 / ((1 + TRADE["maintenance_rate"]) * np.exp(log_move()) - 1)


def leverage_of_trading_days() -> float:
    """A year of 252 days."""
    return max_leverage(**(TRADE | {"horizon": 3 / 252}))


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


def hedge_needed():
    """The new margin over the old: the one not taken away."""
    return hedge_shortfall() + 1


def hedge_excess():
    """What is too much instead of what is missing."""
    return -hedge_shortfall()


def hedge_swapped():
    """Before and after exchanged."""
    return 1 / (hedge_shortfall() + 1) - 1


def hedge_of_new_margin():
    """What is missing, as a fraction of the margin that would be needed."""
    return 1 - 1 / (hedge_shortfall() + 1)


def correlation_of_returns(price, every) -> float:
    """Mean pairwise correlation of log returns over intervals of `every` rows."""
    return mean_pairwise_correlation(log_returns(price, every))


def correlation_of_levels(price, every) -> float:
    """Correlation of the prices themselves: large by chance for any two series that wander."""
    return mean_pairwise_correlation(price[::every])


def correlation_of_every_row(price, every) -> float:
    """Sampling interval ignored."""
    return mean_pairwise_correlation(log_returns(price, 1))


def correlation_of_simple_returns(price, every) -> float:
    """Simple returns where log returns are asked for."""
    return mean_pairwise_correlation(price[::every][1:] / price[::every][:-1] - 1)


def correlation_of_overlapping_blocks(price, every) -> float:
    """A block from every row, not from every row that is a multiple of `every`."""
    return mean_pairwise_correlation(np.log(price[every:] / price[:-every]))


def correlation_from_the_end(price, every) -> float:
    """Blocks counted back from the last row."""
    return mean_pairwise_correlation(log_returns(price[::-1], every))


def correlation_with_diagonal(price, every) -> float:
    """Mean of the whole correlation matrix, with the ones on its diagonal."""
    return float(np.corrcoef(log_returns(price, every).T).mean())


class Sample(tuple):
    """Arguments of an exercise that say in words what they are, not in 240 rows of numbers."""

    def __repr__(self) -> str:
        return f"(240 rows of 3 prices, every = {self[1]})"


def price_samples():
    """Two price histories of three assets, with the sampling intervals 1 and 5."""
    rng = np.random.default_rng(45)
    for every in (1, 5):
        shocks = rng.multivariate_normal(np.zeros(3), covariance_matrix([0.01, 0.02, 0.03], 0.6), size=240)
        yield Sample((100 * np.exp(shocks.cumsum(axis=0)), every))


EXERCISES = {
    "1": Exercise(
        "choice",
        answer=lambda: "b",
        options=("a", "b", "c"),
        see="equation (4.15)",
        misconceptions=(
            Misconception(lambda: "a", "That is the probability of ending below; on the way there is a second chance."),
            Misconception(lambda: "c", "You doubled twice."),
        ),
    ),
    "2": Exercise(
        "number",
        answer=student,
        tolerance=5e-6,
        see="equations (4.3) and (4.10)",
        misconceptions=(
            Misconception(
                student_unmatched, "Student's t has the variance ν/(ν − 2): stretch z before you look it up."
            ),
            Misconception(gaussian, "That is the Gaussian probability; the question is about Student's t."),
            Misconception(student_of_a_year, "The volatilities are per year and the horizon is a week."),
            Misconception(student_without_root, "Variance grows with time, so volatility grows with its square root."),
            Misconception(student_touched, "The question is about the end of the week, not about the way."),
            Misconception(gaussian_touched, "The question is about Student's t, and about the end of the week."),
            Misconception(student_shrunk, "The stretch goes the other way: z becomes larger before you look it up."),
            Misconception(student_uncorrelated, "The two returns are correlated: the variance has a middle term."),
            Misconception(student_of_52_weeks, "A year has 365 days here, so a week is 7/365 of it, not 1/52."),
            Misconception(student_of_trading_days, "A year has 365 days here: these markets never close."),
            Misconception(student_without_prices, "Returns move exposures: multiply the normal by the prices."),
        ),
    ),
    "3": Exercise(
        "number",
        answer=lambda: max_leverage(**TRADE),
        tolerance=0.005,
        see="equation (4.19)",
        misconceptions=(
            Misconception(
                leverage_at_the_end, "That tolerates P at the end of the horizon; on the way it is twice as likely."
            ),
            Misconception(
                leverage_without_maintenance, "At that barrier the position is bankrupt; maintenance bites earlier."
            ),
            Misconception(leverage_without_root, "Volatility grows with the square root of time."),
            Misconception(leverage_of_a_year, "The volatility is per year and the horizon is three days."),
            Misconception(leverage_of_trading_days, "A year has 365 days here: these markets never close."),
            Misconception(leverage_of_linear_fall, "The barrier lies a log distance away: e^(−a), not 1 − a."),
            Misconception(leverage_of_short, "That is a short's: its barrier lies above; here it lies below."),
            Misconception(leverage_of_half_the_quantile, "P is halved in the quantile, not doubled: 1 − P/2."),
        ),
    ),
    "4": Exercise(
        "expression",
        answer=hedge_shortfall,
        samples=[{theory.rho: x, theory.rho_after: y} for x, y in ((0.9, 0.3), (0.5, -0.2), (0.0, 0.8))],
        see="equation (4.13), with exposures of opposite sign",
        misconceptions=(
            Misconception(theory.margin_shortfall, "That is for two legs of the same sign; here one is short."),
            Misconception(hedge_without_root, "A margin in standard deviations follows the root of the variance."),
            Misconception(hedge_needed, "That is the new margin over the old one; what is missing is that less one."),
            Misconception(hedge_excess, "That is what is too much; the question is what is missing."),
            Misconception(hedge_swapped, "You went from after to before."),
            Misconception(hedge_of_new_margin, "State it as a fraction of the margin that the venue holds."),
        ),
    ),
    "5": Exercise(
        "function",
        answer=lambda: correlation_of_returns,
        tolerance=1e-9,
        samples=list(price_samples()),
        see="the wording of the exercise: log returns, blocks that do not overlap, from the first row, one number",
        misconceptions=(
            Misconception(lambda: correlation_of_levels, "Those are correlations of prices; take log returns first."),
            Misconception(lambda: correlation_of_every_row, "The sampling interval is not used."),
            Misconception(lambda: correlation_of_simple_returns, "Those are simple returns; take log returns."),
            Misconception(lambda: correlation_of_overlapping_blocks, "Your blocks overlap; keep every `every`-th row."),
            Misconception(lambda: correlation_from_the_end, "Count the blocks from the first row, not from the last."),
            Misconception(
                lambda: correlation_with_diagonal, "Leave out the diagonal: an asset is no pair with itself."
            ),
        ),
    ),
}
