"""Pictures of chapter 6. Each figure function draws once and returns an update that reports what it shows."""

import numpy as np

from cascadelab.impact import Linear
from cascadelab.kit import style
from cascadelab.kit.sliders import Choice, Slider, Sliders
from cascadelab.liquidation.auction import staircase_auction, taken_after, taken_at
from cascadelab.liquidation.bites import bite_by_bite
from cascadelab.liquidation.frontier import toxic_threshold
from cascadelab.liquidation.partial import sale_to_target, surplus_after_sale
from cascadelab.liquidation.spiral import residual_bad_debt

WEIGHT = 0.88  # liquidation threshold of the loans that are drawn
MOVE = 0.1  # how far a price goes if everything is traded, where the widget lets it move
SHOWN = 20  # bites

MOVES = {"no": (0.0, 0.0), "the collateral's": (MOVE, 0.0), "the debt's": (0.0, MOVE)}

BITES_SLIDERS: Sliders = {
    "loan_to_value": Slider(0.89, 0.999, 0.97, 0.001, label="Loan to value at the start", unit="fraction"),
    "close_factor": Slider(0.05, 1.0, 0.5, 0.05, label="Close factor", unit="fraction"),
    "bonus": Slider(0.0, 0.1, 0.045, 0.005, label="Liquidation bonus", unit="fraction"),
    "moving": Choice(tuple(MOVES), label="Price that the bites move"),
}


@style.layout(2, (7.4, 3.7))
def bites(axes):
    """A loan that is eaten bite by bite; it is liquidatable above a loan to value of 0.88. Left: collateral minus debt
    after each bite, where the collateral is 100 at the start; below zero, hatched, it is debt that nothing covers.
    Right: the loan to value after each bite, with the frontier (dotted) above which a first small bite raises it.
    """
    left, right = axes
    numbers = np.arange(SHOWN + 1)
    bars = left.bar(numbers, 0 * numbers, width=0.7, zorder=2)
    left.axhline(0.0, **style.line("guide"))
    left.set(xlim=(-0.8, SHOWN), xlabel="bites", title="collateral minus debt")
    (path,) = right.plot([0], [0], marker="o", markersize=4, **style.line("price"))
    (frontier,) = right.plot([-0.8, SHOWN], [0, 0], **style.line("liquidated"))
    right.axhline(WEIGHT, **style.line("guide"))
    weight_text = right.text(SHOWN - 0.3, WEIGHT, "liquidatable above", ha="right", color=style.GREY)
    frontier_text = right.text(SHOWN - 0.3, 0, "", ha="right", color=style.color("liquidated"), bbox=style.box())
    right.set(xlim=(-0.8, SHOWN), ylim=(0.72, 1.3), xlabel="bites", title="loan to value")

    def update(loan_to_value, close_factor, bonus, moving):
        on_collateral, on_debt = MOVES[moving]
        loan = bite_by_bite(
            100.0, 100 * loan_to_value, asset_weight=WEIGHT, close_factor=close_factor, bonus=bonus,
            collateral_impact=on_collateral, debt_impact=on_debt,
        )  # fmt: skip
        cushion = loan.collateral - loan.debt_value
        for bar, number in zip(bars, numbers, strict=True):
            height = cushion[number] if number < len(cushion) else 0.0
            bar.set(height=height, **style.area("safe" if height >= 0 else "liquidated") | {"alpha": 0.5})
        reach = next(size for size in (4.0, 8.0, 16.0, 100.0) if np.abs(cushion).max() < size)
        left.set_ylim(-reach, reach)
        ratio = loan.loan_to_value
        path.set_data(np.arange(loan.rounds + 1), np.where(ratio < 2, ratio, 2.0))
        at = toxic_threshold(bonus, collateral_impact=on_collateral, debt_impact=on_debt)
        below = at < WEIGHT
        frontier.set_ydata([at, at])
        frontier_text.set(y=at + (-0.01 if below else 0.01), va="top" if below else "bottom", text=f"frontier {at:.4f}")
        weight_text.set(y=WEIGHT + (0.01 if below else -0.01), va="bottom" if below else "top")
        return {
            "frontier": at,
            "bites": loan.rounds,
            "ending": loan.ending,
            "loan to value after one bite": float(min(ratio[:2][-1], 99.0)),
            "bad debt at the end": loan.bad_debt,
            "bad debt if halted at once": residual_bad_debt(100.0, 100 * loan_to_value, 0.0),
        }

    return update


STEP = 90.0  # seconds
RACE_SLIDERS: Sliders = {
    "hourly_fall": Slider(0.0, 0.6, 0.2, 0.01, label="Fall of the market in an hour", unit="fraction"),
    "cut": Slider(0.98, 0.998, 0.99, 0.001, label="Factor of a step of 90 seconds"),
    "buffer": Slider(1.05, 1.5, 1.2, 0.05, label="Top price over the market price"),
}


def race(ax):
    """Asking price of a staircase auction, which falls every 90 seconds, against a market price that falls too, over
    three hours, both relative to the market price at the start. The diamond marks the first step at which a bidder can
    resell at no loss. The dotted line is the price that a debt of 0.9 needs.
    """
    minutes = np.linspace(0.0, 180.0, 2401)
    (asked,) = ax.plot(minutes, 0 * minutes, **style.line("equity"), label="asking price")
    (market,) = ax.plot(minutes, 0 * minutes, **style.line("price"), label="market price")
    ax.axhline(0.9, **style.line("liquidated"), label="debt")
    (taken,) = ax.plot([0], [0], zorder=4, **style.point("price"))
    ax.set(xlim=(0, 180), ylim=(0, 1.8), xlabel="minutes since the auction began", ylabel="price (of the start)")
    ax.legend(loc="upper right", ncols=3)

    def update(hourly_fall, cut, buffer):
        fall = -np.log1p(-hourly_fall) / 3600
        asked.set_ydata(staircase_auction(buffer, 60 * minutes, cut, STEP))
        market.set_ydata(np.exp(-fall * 60 * minutes))
        steps = np.arange(0.0, 24 * 3600.0, STEP)
        cheap = np.flatnonzero(staircase_auction(buffer, steps, cut, STEP) <= np.exp(-fall * steps) * (1 + 1e-12))
        found = len(cheap) > 0
        when = steps[cheap[0]] if found else np.nan
        paid = float(staircase_auction(buffer, when, cut, STEP)) if found else 0.0
        taken.set_data([when / 60], [paid])
        closed = taken_after(buffer, -np.log(cut) / STEP, fall)
        return {
            "taken after (minutes)": float(when / 60) if found else "never in a day",
            "closed form (minutes)": closed / 60 if np.isfinite(closed) else "never",
            "price paid": paid if found else "never",
            "closed form of the price": taken_at(buffer, -np.log(cut) / STEP, fall),
            "debt left unpaid": max(0.9 - paid, 0.0),
            "hourly fall that it never catches": 1 - cut ** (3600 / STEP),
        }

    return update


def selling_back(ax):
    """Surplus over a margin of 10 % after a part of a position of 10 units is sold, against the units sold: at a
    constant price of 100, on a walk, and at the end price of a market that falls by 1 for each unit. The account owes
    905. It is safe where its line is above zero; a diamond marks the smallest sale that gets there, if there is one.
    """
    units = np.linspace(0.0, 10.0, 201)
    cases = (
        ("constant price", Linear(0.0), "end", "safe"),
        ("walk", Linear(1.0), "walk", "equity"),
        ("end price", Linear(1.0), "end", "maintenance"),
    )
    facts = {}
    for name, market, fill, role in cases:
        surplus = surplus_after_sale(market, 100.0, 10.0, -905.0, 0.1, units, fill=fill)
        ax.plot(units, surplus, label=name, **style.line(role))
        enough = sale_to_target(market, 100.0, 10.0, -905.0, 0.1, fill=fill)
        facts[f"smallest sale, {name}"] = "none" if np.isnan(enough) else enough
        if np.isfinite(enough):
            ax.plot([enough], [0.0], zorder=4, **style.point("price"))
    best = surplus_after_sale(Linear(1.0), 100.0, 10.0, -905.0, 0.1, units)
    facts["largest surplus, end price"] = float(best.max())
    ax.axhline(0.0, **style.line("guide"))
    ax.set(xlim=(0, 10), ylim=(-10, 30), xlabel="units sold", ylabel="surplus over 10 %")
    ax.legend(loc="upper center", bbox_to_anchor=(0.53, 1.0))

    return lambda: facts


def squeeze(ax):
    """Loan to value of a loan whose debt is an asset, against the part of the debt that has been bought back, in bites
    of 2 % of the debt. The loan starts at 0.89, below the frontier of 0.9569 (dotted). Three lines: buying back the
    whole debt does not move the debt's price, moves it by 10 %, or by 25 %.
    """
    facts = {}
    for move, role in ((0.0, "safe"), (0.1, "equity"), (0.25, "maintenance")):
        loan = bite_by_bite(100.0, 89.0, asset_weight=WEIGHT, close_factor=0.02, bonus=0.045, debt_impact=move)
        units = 1 - 0.98 ** np.arange(loan.rounds + 1)
        ratio = loan.loan_to_value
        shown = ratio <= 1.06
        ax.plot(units[shown], ratio[shown], label=f"{move:.0%}", **style.line(role))
        if loan.ending == "eaten up":
            ax.text(units[shown][-1], 1.063, "eaten up later", ha="center", va="bottom", color=style.color(role))
        facts[f"{move:.0%}: bites"] = loan.rounds
        facts[f"{move:.0%}: ending"] = loan.ending
        facts[f"{move:.0%}: bad debt"] = loan.bad_debt
    at = toxic_threshold(0.045)
    ax.axhline(at, **style.line("liquidated"))
    ax.axhline(WEIGHT, **style.line("guide"))
    ax.text(0.02, at + 0.004, f"frontier {at:.4f}", color=style.color("liquidated"))
    ax.text(0.98, WEIGHT - 0.004, "liquidatable above", ha="right", va="top", color=style.GREY)
    ax.set(xlim=(0, 1), ylim=(0.86, 1.06), xlabel="part of the debt bought back", ylabel="loan to value")
    ax.legend(title="rise of the debt's price", loc="upper right", bbox_to_anchor=(1.0, 0.9))

    return lambda: facts
