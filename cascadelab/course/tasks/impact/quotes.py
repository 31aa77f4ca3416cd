"""Task 3, explain: a power law through real quotes, and what it says of a large position."""

import bisect
import functools
from typing import Any

import numpy as np

from cascadelab.course.personal import Draw
from cascadelab.course.task import Given, Task, digits
from cascadelab.impact.fit import PowerLaw, fit_power_law
from cascadelab.kit.tables import load


def draw(stream: Draw) -> dict[str, Any]:
    """Settings of the chapter's picture, and a position that is larger than most quotes."""
    return {
        "asset": stream.choice(("WETH", "wstETH", "WBTC")),
        "smallest": stream.integer(100, 2199) * 1000,
        "size": stream.integer(1500, 9999) * 10_000,
    }


@functools.cache
def sizes(asset: str) -> list[float]:
    """Sizes of an asset's quotes, in plain Python: this runs for every draw."""
    table = load("dex_impact_quotes")
    return sorted(table["notional"][table["asset"] == asset].tolist())


@functools.cache
def law(asset: str, count: int) -> PowerLaw:
    """The power law through so many of an asset's largest quotes, as the picture fits it."""
    table = load("dex_impact_quotes")
    mine = table["asset"] == asset
    largest = np.argsort(table["notional"][mine])[-count:]
    return fit_power_law(table["notional"][mine][largest], table["slippage"][mine][largest])


def is_a_law(given: Given) -> bool:
    """Both pictures: the fit from the smallest sale on, and the one through all quotes."""
    known = sizes(given["asset"])
    count = len(known) - bisect.bisect_left(known, given["smallest"])
    if not 8 <= count <= 13:
        return False
    chosen, whole = law(given["asset"], count), law(given["asset"], len(known))
    errors = 3 * max(chosen.standard_error, whole.standard_error)
    return 0.5 < chosen.exponent < 1 and chosen.exponent - whole.exponent >= errors


TASK = Task(
    number=3,
    title="A law through quotes",
    kind="explain",
    outcome="fit a power law to real quotes, with error bars, and say what the fit does not show",
    minutes=25,
    draw=draw,
    holds=is_a_law,
    guaranteed="eight to thirteen quotes; an exponent between the square root and the line; "
    "with all quotes it is smaller, by three standard errors or more",
    difficulty=digits,
    rubric=(
        (1, "compares the exponent with 1/2 and with 1, in standard errors, and says what each guide would mean"),
        (1, "computes the cost of the position from the fitted law, as a fraction and in dollars"),
        (
            1,
            "says that with all quotes the exponent falls by several standard errors, why small quotes flatten "
            "the line, and that the window moves the exponent by more than the error bar",
        ),
        (1, "tells a quote from a metaorder, and says which of the two a liquidation engine is closer to, and why"),
    ),
    words={
        "asset": "asset that is sold for USDC",
        "smallest": "smallest sale that the fit uses, dollars",
        "size": "value of a position that has to be sold at once, dollars",
    },
)
