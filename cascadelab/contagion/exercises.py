"""Self-checks of chapter 9: right answers, and the known ways of getting them wrong."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import sympy as sp

from cascadelab.contagion import theory
from cascadelab.contagion.cross import break_even_efficiency
from cascadelab.contagion.feedback import feedback_matrix, response, spectral_radius
from cascadelab.kit.check import Exercise, Misconception

QUANTITY, NORMAL, DENSITY, SLOPES = (4.0, 10.0), (3.2, 9.0), 0.01, (2.0, 0.5)
FEEDBACK = feedback_matrix(QUANTITY, NORMAL, DENSITY, SLOPES)
KAPPA, MARGINS = (0.8, 0.5), (1.0, 3.0)
collateral, debt, h, h_bar = theory.q["C"], theory.debt, theory.h, theory.h_bar
account_density, slope_of_collateral, slope_of_debt = theory.account_density, theory.slope["C"], theory.slope["D"]


def fall_of_one_round() -> float:
    """The first round only: the entry of K."""
    return float(FEEDBACK[1, 0])


def fall_transposed() -> float:
    """A shock to B, and the fall of A."""
    return float(response(FEEDBACK)[0, 1])


def fall_of_hit() -> float:
    """The fall of A itself."""
    return float(response(FEEDBACK)[0, 0])


def fall_with_prices_alone() -> float:
    """K from quantities without weights."""
    return float(response(feedback_matrix(QUANTITY, QUANTITY, DENSITY, SLOPES))[1, 0])


def efficiency_unweighted() -> float:
    """A plain mean of the ratios, whatever the margins."""
    return 1 - float(np.mean(KAPPA)) / max(KAPPA)


def efficiency_against_mean() -> float:
    """How far the worst leg is above the mean, as a fraction of the mean."""
    mean = float(np.average(KAPPA, weights=MARGINS))
    return max(KAPPA) / mean - 1


def efficiency_left() -> float:
    """The part that must stay, in place of the part that may go."""
    return 1 - break_even_efficiency(KAPPA, MARGINS)


def efficiency_to_critical() -> float:
    """What takes the account to criticality, not to the worst leg."""
    return 1 - float(np.average(KAPPA, weights=MARGINS))


def squeeze_subtracted() -> sp.Expr:
    """The buying back counted against the selling."""
    return account_density * (slope_of_collateral * h * collateral**2 - slope_of_debt * h_bar * debt**2)


def squeeze_without_weights() -> sp.Expr:
    """Every unit counted at one."""
    return account_density * (slope_of_collateral * collateral**2 + slope_of_debt * debt**2)


def squeeze_weight_of_the_other() -> sp.Expr:
    """The asset weight on the debt."""
    return account_density * (slope_of_collateral * h * collateral**2 + slope_of_debt * h * debt**2)


def squeeze_once() -> sp.Expr:
    """The units once: what is sold, without how far a fall reaches."""
    return account_density * (slope_of_collateral * h * collateral + slope_of_debt * h_bar * debt)


def squeeze_mixed() -> sp.Expr:
    """The off-diagonal product only."""
    return account_density * (slope_of_collateral + slope_of_debt) * h * h_bar * collateral * debt


def accounts_lost(
    cash: list[float], quantity: list[list[float]], weight: float, price: list[float], slope: list[float]
) -> int:
    """Accounts lost in a book of longs, from shocked prices, in rounds."""
    return _rounds(cash, quantity, weight, price, slope)


def _rounds(
    cash: list[float], quantity: list[list[float]], weight: float, price: list[float], slope: list[float], *,
    most: float = np.inf, ties: bool = False, again: bool = False, forget: bool = False, floor: float = 0.0,
) -> int:  # fmt: skip
    """The same, or a slip: at most so many rounds of sales, ties lost too, all sales off the last price or only the
    last sales off the shocked one, another floor.
    """
    held, start, impact = np.array(quantity), np.array(price), np.array(slope)
    lost, now, rounds = np.zeros(len(cash), dtype=bool), start, 0
    while True:
        surplus = np.array(cash) + weight * held @ now
        new = ((surplus <= 0) if ties else (surplus < 0)) & ~lost
        lost |= new
        if not new.any() or rounds == most:
            return int(lost.sum())
        rounds += 1
        now = np.maximum((now if again else start) - impact * held[new if forget else lost].sum(axis=0), floor)


def lost_with(**slip: Any) -> Callable[..., int]:
    """`accounts_lost` with a slip."""
    return partial(_rounds, **slip)


def lost_without_weight(
    cash: list[float], quantity: list[list[float]], weight: float, price: list[float], slope: list[float]
) -> int:
    """Equity in place of surplus."""
    return accounts_lost(cash, quantity, 1.0, price, slope)


def lost_in_each_asset_alone(
    cash: list[float], quantity: list[list[float]], weight: float, price: list[float], slope: list[float]
) -> int:
    """Sales of the first asset only: the other assets of a lost account kept."""
    return accounts_lost(cash, quantity, weight, price, [slope[0], *[0.0] * (len(slope) - 1)])


BOOKS = (
    ([-1620.0, -1269.0, -650.0], [[10.0, 20.0], [0.0, 30.0], [5.0, 10.0]], 0.9, [75.0, 50.0], [0.5, 0.2]),
    ([-150.0, -90.0, -142.0, -60.0], [[1.0, 1.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0]], 1.0, [49.5, 100.0], [3.0, 4.0]),
    ([-142.5, -93.0], [[1.0, 1.0], [0.0, 1.0]], 0.95, [50.0, 99.0], [1.0, 3.0]),
    ([-100.0, -95.0], [[1.0, 0.0], [0.0, 1.0]], 1.0, [100.0, 95.0], [2.0, 2.0]),  # two ties
    ([-96.0, -94.0, -91.0], [[1.0], [1.0], [1.0]], 1.0, [95.5], [2.0]),
    ([-27.0, -40.0, -56.0], [[3.0], [3.0], [3.0]], 1.0, [18.0], [3.0]),  # a third round, with all sales so far
    ([-96.0, -380.0, -92.0, -91.0], [[1.0], [4.0], [1.0], [1.0]], 1.0, [95.5], [1.0]),
    ([-52.0, -48.0], [[0.0, 3.0], [3.0, 1.0]], 1.0, [16.0, 8.0], [4.0, 3.0]),  # B stops at zero
)

EXERCISES = {
    "1": Exercise(
        "choice",
        answer=lambda: "c",
        options=("a", "b", "c", "d"),
        see="the two conditions of the theorem on order",
        misconceptions=(
            Misconception(lambda: "a", "Coherent holdings are one condition of two: what does a sale of A do to B?"),
            Misconception(
                lambda: "b", "The entries must not be negative once the signs are put in: those of 𝒵Λ𝒵, not of Λ."
            ),
            Misconception(lambda: "d", "Shorts alone do no harm: an asset that everybody owes has one sign."),
        ),
    ),
    "2": Exercise(
        "number",
        answer=lambda: float(response(FEEDBACK)[1, 0]),
        tolerance=0.0005,
        see="equations (9.3), (9.4) and (9.8)",
        misconceptions=(
            Misconception(fall_of_one_round, "That is the first round; what it forces, forces more."),
            Misconception(fall_transposed, "That is the fall of A for a shock to B: the matrix is not symmetric."),
            Misconception(fall_of_hit, "That is the fall of A itself, the shock included."),
            Misconception(fall_with_prices_alone, "A fall reaches an account through its weights, n, not through q."),
            Misconception(lambda: spectral_radius(FEEDBACK), "That is r(K); asked is what it does to B."),
        ),
    ),
    "3": Exercise(
        "number",
        answer=lambda: break_even_efficiency(KAPPA, MARGINS),
        tolerance=0.0005,
        see="equation (9.19)",
        misconceptions=(
            Misconception(efficiency_unweighted, "Weigh the ratios of the legs with their margins."),
            Misconception(efficiency_against_mean, "That is how far the worst leg lies above the mean, over the mean."),
            Misconception(efficiency_left, "That is what must stay in the account; asked is what may be taken out."),
            Misconception(
                efficiency_to_critical, "That takes the account to criticality; asked is the level of the worst leg."
            ),
            Misconception(lambda: 0.0, "That holds for legs with equal ratios."),
        ),
    ),
    "4": Exercise(
        "expression",
        answer=theory.squeeze,
        samples=[
            dict(
                zip(
                    (collateral, debt, h, h_bar, account_density, slope_of_collateral, slope_of_debt),
                    point,
                    strict=True,
                )
            )
            for point in ((3, 2, 0.8, 1.1, 0.01, 0.5, 2), (1, 5, 0.6, 1.3, 0.02, 1.5, 0.3), (7, 1, 0.9, 1, 0.004, 1, 4))
        ],
        see="equation (9.10), with a quantity and a normal that are both negative for what is owed",
        misconceptions=(
            Misconception(
                squeeze_subtracted, "What is owed enters twice with a minus sign: bought, and hurt by a rise."
            ),
            Misconception(squeeze_without_weights, "A fall reaches the account through its weights."),
            Misconception(squeeze_weight_of_the_other, "What is owed counts with the liability weight."),
            Misconception(squeeze_once, "Units count twice: how far a fall reaches, and how much is then sold."),
            Misconception(squeeze_mixed, "A matrix of rank one has its trace as its eigenvalue, not another entry."),
        ),
    ),
    "5": Exercise(
        "function",
        answer=lambda: accounts_lost,
        tolerance=1e-9,
        samples=BOOKS,
        see="equations (9.1) and (9.2), and chapter 7 on rounds",
        misconceptions=(
            Misconception(lambda: lost_with(most=0), "Those are lost to the shock alone; their sales reach others."),
            Misconception(lambda: lost_without_weight, "Judge the surplus, with the weight, not the equity."),
            Misconception(lambda: lost_with(ties=True), "Equality is safe."),
            Misconception(lambda: lost_in_each_asset_alone, "An account that is lost sells all its assets."),
            Misconception(
                lambda: lost_with(again=True), "Take the total off the shocked prices, not again off the last."
            ),
            Misconception(lambda: lost_with(forget=True), "The sales of earlier rounds still count."),
            Misconception(lambda: lost_with(floor=-np.inf), "Prices stop at zero."),
            Misconception(lambda: lost_with(most=1), "A second round may force a third; go on until nobody is new."),
        ),
    ),
}
