"""Task 1, compute: one bite that moves the price of the collateral, and the frontier."""

from typing import Any

from cascadelab.course import asks
from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Part, Slip, Task, digits
from cascadelab.impact.linear import Linear
from cascadelab.liquidation.bites import bite_by_bite
from cascadelab.liquidation.frontier import toxic_threshold


def draw(stream: Draw) -> dict[str, Any]:
    """A loan between the frontier with impact and the one without."""
    quantity, price, bonus = stream.integer(200, 899), stream.integer(20, 99), stream.decimal(40, 100, 3)
    slope = round(price / quantity * stream.decimal(12, 30, 2), 4)
    low, high = frontiers(quantity, price, slope, bonus)
    return {
        "quantity": quantity,
        "shocked_price": price,
        "debt_value": round(quantity * price * (low + (high - low) * stream.decimal(40, 85, 2))),
        "slope": slope,
        "bonus": bonus,
        "close_factor": stream.decimal(10, 25, 2),
    }


def frontiers(quantity: float, price: float, slope: float, bonus: float) -> tuple[float, float]:
    """With the impact of the whole collateral, and without, by hand."""
    return 1 / ((1 + bonus) * (1 + slope * quantity / price)), 1 / (1 + bonus)


def bite(given: Given, bonus: float | None = None) -> tuple[float, float]:
    """Debt repaid and units seized, by hand; perhaps with another bonus."""
    repaid = given["debt_value"] * given["close_factor"]
    return repaid, (1 + (given["bonus"] if bonus is None else bonus)) * repaid / given["shocked_price"]


def earned(given: Given, units: float, repaid: float, part: float = 0.5) -> float:
    """Cash of a sale on a line, less what was repaid; part 1/2: on a walk, 1: at the end price."""
    return float(units * (given["shocked_price"] - part * given["slope"] * units) - repaid)


def ratio(given: Given, debt: float, units: float, moved: float = 1.0) -> float:
    """Loan to value after some units are gone, with a part of the price's fall, by hand."""
    price = given["shocked_price"] - moved * given["slope"] * units
    return float(debt / ((given["quantity"] - units) * price))


def hurts_and_pays(given: Given) -> bool:
    """The bite raises the loan to value, and pays its liquidator on a walk."""
    repaid, units = bite(given)
    before, debt = ratio(given, given["debt_value"], 0.0), given["debt_value"] - repaid
    low, high = frontiers(given["quantity"], given["shocked_price"], given["slope"], given["bonus"])
    worse = ratio(given, debt, units) > before + 0.001 and ratio(given, debt, units, 0.0) < before - 0.0005
    return worse and low + 0.005 < before < high - 0.005 and earned(given, units, repaid) > 0.005 * repaid


def impact(given: Given) -> float:
    """I_C, the fall of the price as a fraction if all collateral were sold."""
    return float(given["slope"] * given["quantity"] / given["shocked_price"])


def profit(given: Given) -> float:
    """Profit of the liquidator on a walk, by the book."""
    repaid, units = bite(given)
    return float(Linear(given["slope"]).proceeds(given["shocked_price"], units, fill="walk")) - repaid


def ratio_after(given: Given) -> float:
    """Loan to value after the bite, by the book."""
    loan = bite_by_bite(
        given["quantity"] * given["shocked_price"], given["debt_value"], asset_weight=0.0, max_rounds=1,
        close_factor=given["close_factor"], bonus=given["bonus"], collateral_impact=impact(given),
    )  # fmt: skip
    return float(loan.loan_to_value[1])


TASK = Task(
    number=1,
    title="One bite, with its impact",
    kind="compute",
    outcome="say on which side of a frontier a liquidation heals a loan and on which it eats it, "
    "with and without impact",
    minutes=25,
    draw=draw,
    holds=hurts_and_pays,
    guaranteed="a loan between the two frontiers; the bite heals it at a constant price, hurts it here, and pays",
    difficulty=digits,
    parts=(
        Part("1a", 2, "profit of the liquidator", asks.number(profit, 0.01, "assumption 2 and equation (5.8)")),
        Part(
            "1b",
            2,
            "loan to value after the bite",
            asks.number(ratio_after, 0.0001, "the section on bites that move the price"),
        ),
        Part(
            "1c",
            1,
            "the frontier with impact",
            asks.number(lambda g: toxic_threshold(g["bonus"], collateral_impact=impact(g)), 0.0001, "equation (6.9)"),
        ),
    ),
    slips=(
        Slip(
            ("1a",),
            lambda g: earned(g, bite(g)[1], bite(g)[0], 1.0),
            "That pays every unit the last price; on a walk each is paid its own.",
        ),
        Slip(("1a",), lambda g: g["bonus"] * bite(g)[0], "That is the bonus at a constant price: the sale lowers it."),
        Slip(("1a",), lambda g: earned(g, *reversed(bite(g, 0.0))), "The liquidator seizes more than it repays."),
        Slip(("1a",), lambda g: earned(g, bite(g)[1], 0.0), "That is what the sale raises; what did the seizure cost?"),
        Slip(
            ("1b",),
            lambda g: ratio(g, g["debt_value"] - bite(g)[0], bite(g)[1], 0.0),
            "The rest of the collateral is valued at the price before the sale here; the sale has lowered it.",
        ),
        Slip(
            ("1b",),
            lambda g: ratio(g, g["debt_value"] - bite(g)[0], bite(g)[1], 0.5),
            "That is the average price of the sale; the rest is valued at the last one.",
        ),
        Slip(
            ("1b",),
            lambda g: ratio(g, g["debt_value"], bite(g)[1]),
            "The bite repays a part of the debt.",
        ),
        Slip(
            ("1b",),
            lambda g: ratio(g, g["debt_value"] - bite(g)[0], bite(g, 0.0)[1]),
            "The bite takes more collateral than it repays: where is the bonus?",
        ),
        Slip(("1c",), lambda g: 1 / (1 + g["bonus"]), "That is the frontier of a constant price."),
        Slip(
            ("1c",),
            lambda g: (1 - impact(g)) / (1 + g["bonus"]),
            "That is how buying back the *debt* pulls the frontier; here the collateral is sold.",
        ),
        Slip(("1c",), lambda g: 1 / (1 + impact(g)), "The bonus is missing."),
        Slip(
            ("1c",),
            lambda g: 1 / (1 + g["bonus"]) / (1 + g["slope"] * bite(g)[1] / g["shocked_price"]),
            "The impact in the frontier is that of all the collateral, not that of one bite.",
        ),
    ),
)
