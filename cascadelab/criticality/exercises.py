"""Self-checks of chapter 8: right answers, and the known ways of getting them wrong."""

import numpy as np
import sympy as sp

from cascadelab.criticality import theory
from cascadelab.criticality.estimate import estimate_kappa
from cascadelab.criticality.hysteresis import fold
from cascadelab.kit.check import Exercise, Misconception

BOOK = fold(total=500.0, width=2.0, centre=80.0, slope=0.025)
SIZES, SEEDS = (2, 2, 3, 2, 5, 2, 2, 14, 3, 5), 2
kappa, edge, p_s = theory.kappa, theory.edge, theory.p_s


def crash_at_half() -> float:
    """The shock at which half of the book is gone, where the ratio is largest."""
    return 80.0 + 0.025 * 500.0 / 2


def crash_without_sales() -> float:
    """The price at the turn, without what was sold on the way there."""
    return float(BOOK.crash_price)


def crash_sales_deducted() -> float:
    """What was sold taken from the price at the turn, where it must be added."""
    return 2 * float(BOOK.crash_price) - float(BOOK.crash_shock)


def crash_of_the_wrong_sign() -> float:
    """The turn put on the other side of the centre."""
    return 2 * 80.0 - float(BOOK.crash_price) + float(BOOK.crash_shock) - float(BOOK.crash_price)


def margin_without_feedback() -> sp.Expr:
    """The shock itself."""
    return (edge - p_s) / edge


def margin_shrunk() -> sp.Expr:
    """Multiplied where it should be divided."""
    return (edge - p_s) * (1 - kappa) / edge


def margin_one_round() -> sp.Expr:
    """One round of feedback."""
    return (edge - p_s) * (1 + kappa) / edge


def margin_in_price() -> sp.Expr:
    """A fall in units of price."""
    return (edge - p_s) / (1 - kappa)


def margin_of_shocked() -> sp.Expr:
    """A fraction of the shocked price."""
    return (edge - p_s) / ((1 - kappa) * p_s)


def kappa_seeds_forgotten() -> float:
    """One seed assumed."""
    return 1 - 1 / float(np.mean(SIZES))


def kappa_of_median() -> float:
    """The median in place of the mean."""
    return 1 - SEEDS / float(np.median(SIZES))


def kappa_mean_of_ratios() -> float:
    """Each avalanche estimated alone, and the estimates averaged."""
    return float(np.mean(1 - SEEDS / np.array(SIZES)))


def kappa_all_generations() -> float:
    """Everything forced for each seed, in all rounds."""
    return float(np.mean(SIZES)) / SEEDS - 1


def avalanche_size(gaps: list[float], kappa: float) -> int:
    """Accounts in the avalanche of one book with one seed."""
    size, depth = 1, 0.0
    for gap in gaps:
        depth += gap
        if depth >= kappa * size:
            break
        size += 1
    return size


def size_without_seed(gaps: list[float], kappa: float) -> int:
    """The seed forgotten in the count."""
    return avalanche_size(gaps, kappa) - 1


def size_of_first_round(gaps: list[float], kappa: float) -> int:
    """Only what the seed itself reaches."""
    return 1 + int(np.sum(np.cumsum(gaps) < kappa))


def size_that_jumps(gaps: list[float], kappa: float) -> int:
    """Accounts counted behind a gap that stopped the avalanche."""
    return 1 + int(np.sum(np.cumsum(gaps) < kappa * (1 + np.arange(len(gaps)))))


def size_with_ties(gaps: list[float], kappa: float) -> int:
    """An account sold whose threshold the price only touches."""
    out = np.append(np.cumsum(gaps) > kappa * (1 + np.arange(len(gaps))), True)
    return 1 + int(np.argmax(out))


def size_by_single_gaps(gaps: list[float], kappa: float) -> int:
    """Each gap compared with one sale, though the fall of earlier ones may be left over."""
    return 1 + int(np.argmax(np.append(np.array(gaps) >= kappa, True)))


BOOKS = (
    ([0.3, 0.4, 0.9, 0.1, 0.2, 2.0, 0.1], 0.8),
    ([0.1, 0.2, 0.3, 1.9, 0.2, 0.1], 0.5),
    ([0.9, 0.1, 0.05, 0.1, 0.1], 0.7),
    ([0.5, 0.6, 0.7, 1.0, 0.1, 0.1, 3.0, 0.1], 1.1),
    ([0.5, 0.25, 0.25, 2.0], 0.5),  # a tie
)

EXERCISES = {
    "1": Exercise(
        "choice",
        answer=lambda: "b",
        options=("a", "b", "c", "d"),
        see="the section on the fold, and who of the budget comes back",
        misconceptions=(
            Misconception(lambda: "a", "That is the recovery branch: who would buy back what was liquidated?"),
            Misconception(lambda: "c", "What was sold stays sold, but the shocked price itself still counts."),
            Misconception(lambda: "d", "Amplification needs new forced sales; on the way up nobody is forced."),
        ),
    ),
    "2": Exercise(
        "number",
        answer=lambda: float(BOOK.crash_shock),
        tolerance=0.005,
        see="equations (8.18) and (8.19): where the ratio is one, and which shock leads there",
        misconceptions=(
            Misconception(lambda: float(BOOK.recovery_shock), "That is the shock of the way back: which share is it?"),
            Misconception(crash_at_half, "There the ratio is largest; on the way down it passes through one before."),
            Misconception(crash_without_sales, "That is the price at the turn; asked is the shock that leads there."),
            Misconception(crash_sales_deducted, "The sales lowered the price: before them, was it higher or lower?"),
            Misconception(
                crash_of_the_wrong_sign, "Is a price with few thresholds above it over the centre, or below?"
            ),
        ),
    ),
    "3": Exercise(
        "expression",
        answer=lambda: (edge - p_s) / ((1 - kappa) * edge),
        samples=[{edge: top, p_s: low, kappa: k} for top, low, k in ((100, 97, 0.6), (50, 48.5, 0.2), (80, 79, 0.9))],
        see="equations (8.7) and (8.21)",
        misconceptions=(
            Misconception(margin_without_feedback, "That covers the shock alone; the price ends lower than that."),
            Misconception(
                margin_shrunk, "Feedback makes a given margin cover less; then does one need less of it, or more?"
            ),
            Misconception(margin_one_round, "That is one round of feedback; add all of them."),
            Misconception(margin_in_price, "That is a fall in units of price; a rate is a fraction of the threshold."),
            Misconception(margin_of_shocked, "The debt is a fraction of the threshold, not of the shocked price."),
        ),
    ),
    "4": Exercise(
        "number",
        answer=lambda: estimate_kappa(SIZES, seeds=SEEDS).kappa,
        tolerance=0.0005,
        see="the likelihood, with two seeds in each avalanche",
        misconceptions=(
            Misconception(kappa_seeds_forgotten, "That takes one seed for each avalanche; here there are two."),
            Misconception(kappa_of_median, "You used the median; the likelihood sees the sum, so the mean."),
            Misconception(
                kappa_mean_of_ratios, "You averaged over avalanches first; the estimate takes the mean size first."
            ),
            Misconception(
                kappa_all_generations, "That counts all later rounds for each seed; asked is what one sale forces."
            ),
        ),
    ),
    "5": Exercise(
        "function",
        answer=lambda: avalanche_size,
        tolerance=1e-9,
        samples=BOOKS,
        see="the section on avalanches: each step may uncover thresholds, the step of the seed too",
        misconceptions=(
            Misconception(lambda: size_without_seed, "The seed belongs to the avalanche."),
            Misconception(lambda: size_with_ties, "Equality is safe: a price that touches a threshold sells nobody."),
            Misconception(lambda: size_of_first_round, "Those that the seed reaches sell too, and reach further."),
            Misconception(
                lambda: size_that_jumps, "You counted accounts behind a gap at which the avalanche had stopped."
            ),
            Misconception(
                lambda: size_by_single_gaps, "Compare the depth with the whole fall so far: what is left over counts."
            ),
        ),
    ),
}
