"""Task 1, compute: the feedback matrix of two kinds of accounts, its spectral radius, and who infects whom."""

from typing import Any

import numpy as np

from cascadelab.contagion.feedback import feedback_matrix, response, spectral_radius
from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits


def draw(stream: Draw) -> dict[str, Any]:
    """Accounts with A and B, accounts with B alone, and densities that leave the market below criticality."""
    given: dict[str, Any] = {
        "both": [stream.integer(3, 12), stream.integer(4, 20)],
        "single": stream.integer(11, 40),
        "asset_weight": [stream.decimal(70, 95, 2), stream.decimal(70, 95, 2)],
        "slope": [stream.decimal(4, 20, 1), stream.decimal(2, 9, 1)],
        "density_both": 1.0,
        "density_single": 1.0,
    }
    own_a, _, _, own_b = entries(given | {"density_single": 0.0})
    alone = entries(given | {"density_both": 0.0})[3]
    given["density_both"] = float(f"{stream.decimal(25, 50, 2) / (own_a + own_b):.2g}")
    given["density_single"] = float(f"{stream.decimal(15, 40, 2) / alone:.2g}")
    return given


def entries(given: Given, *, weighted: bool = True) -> tuple[float, float, float, float]:
    """Entries AA, AB, BA and BB of the feedback matrix, by hand."""
    (a, b), single = given["both"], given["single"]
    weight_a, weight_b = given["asset_weight"] if weighted else (1.0, 1.0)
    both, other = given["density_both"], given["density_single"]
    slope_a, slope_b = given["slope"]
    return (
        slope_a * both * a * a * weight_a,
        slope_a * both * a * b * weight_b,
        slope_b * both * b * a * weight_a,
        slope_b * (both * b * b + other * single * single) * weight_b,
    )


def radius(given: Given, *, weighted: bool = True) -> float:
    """Equation (9.6), by hand."""
    aa, ab, ba, bb = entries(given, weighted=weighted)
    return float((aa + bb) / 2 + ((aa - bb) ** 2 + 4 * ab * ba) ** 0.5 / 2)


def spread(given: Given, row: int, column: int) -> float:
    """An entry of (9.5), by hand."""
    aa, ab, ba, bb = entries(given)
    above = ((1 - bb, ab), (ba, 1 - aa))
    return float(above[row][column] / determinant(given))


def determinant(given: Given) -> float:
    """Equation (9.7), by hand."""
    aa, ab, ba, bb = entries(given)
    return float((1 - aa) * (1 - bb) - ab * ba)


def trace(given: Given) -> float:
    """The sum of the diagonal."""
    aa, _, _, bb = entries(given)
    return aa + bb


def is_near_but_below(given: Given) -> bool:
    """The rounds end, and not at once; each asset infects the other."""
    _, ab, ba, _ = entries(given)
    return 0.5 < radius(given) < 0.9 and min(ab, ba) > 0.05 and abs(trace(given) - 1) > 0.01


def matrix(given: Given) -> np.ndarray:
    """Feedback matrix, by the book."""
    quantity = np.array([given["both"], [0, given["single"]]], dtype=float)
    density = [given["density_both"], given["density_single"]]
    return feedback_matrix(quantity, quantity * given["asset_weight"], density, given["slope"])


TASK = Task(
    number=1,
    title="Two kinds of accounts",
    kind="compute",
    outcome="build the feedback matrix of a market, and say from its spectral radius whether a cascade stops by itself",
    minutes=30,
    draw=draw,
    holds=is_near_but_below,
    guaranteed="the spectral radius lies between 0.5 and 0.9, and each asset infects the other",
    difficulty=digits,
    parts=(
        Part("1a", 1, "one entry of the matrix", asks.number(lambda g: matrix(g)[0, 1], 0.0005, "equation (9.4)")),
        Part("1b", 1, "spectral radius", asks.number(lambda g: spectral_radius(matrix(g)), 0.0005, "equation (9.6)")),
        Part(
            "1c",
            2,
            "fall of the asset that was not hit",
            asks.number(lambda g: response(matrix(g))[1, 0], 0.0005, "equations (9.5) and (9.8)"),
        ),
    ),
    slips=(
        Slip(
            ("1a",),
            lambda g: entries(g)[2],
            "That is the fall of B for a fall in A: the row is what falls, the column what it is forced by.",
        ),
        Slip(
            ("1a",),
            lambda g: entries(g, weighted=False)[1],
            "A fall reaches an account through its weight, n, not through q.",
        ),
        Slip(
            ("1a",),
            lambda g: entries(g)[1] * g["asset_weight"][0] / g["asset_weight"][1],
            "The fall is one of B, so the weight of B says what it takes off the surplus.",
        ),
        Slip(
            ("1a",),
            lambda g: entries(g)[1] * g["slope"][1] / g["slope"][0],
            "The units that are sold are of A, so the slope of A moves the price.",
        ),
        Slip(("1b",), trace, "The sum of the diagonal is r(K) only if all accounts are alike."),
        Slip(
            ("1b",),
            lambda g: max(entries(g)[0], entries(g)[3]),
            "That is the worst asset alone; what the two force in each other is missing.",
        ),
        Slip(
            ("1b",),
            lambda g: radius(g, weighted=False),
            "A fall reaches an account through its weight, n, not through q.",
        ),
        Slip(
            ("1b",),
            determinant,
            "That is the determinant of I − K, which says on which side of one r(K) is, not how large it is.",
        ),
        Slip(("1c",), lambda g: entries(g)[2], "That is the first round only; what it forces, forces more."),
        Slip(("1c",), lambda g: spread(g, 0, 1), "That is the fall of A if B is shocked: the matrix is not symmetric."),
        Slip(("1c",), lambda g: spread(g, 0, 0), "That is the fall of A itself, the shock included."),
        Slip(
            ("1c",),
            lambda g: entries(g)[2] / (1 - entries(g)[3]),
            "That is for each unit by which A falls in the end; A was shocked by one, and falls by more.",
        ),
        Slip(
            ("1c",),
            lambda g: entries(g)[2] / (1 - trace(g)),
            "That formula is for accounts that are all alike; here there are two kinds.",
        ),
    ),
    words={
        "both": "units of A and of B that each account of the first kind holds",
        "single": "units of B that each account of the second kind holds; it has no A",
        "asset_weight": "asset weights of A and of B",
        "slope": "fall of A for each unit of A sold, and of B for each unit of B",
        "density_both": "accounts of the first kind in each numeraire of surplus",
        "density_single": "accounts of the second kind in each numeraire of surplus",
    },
)
