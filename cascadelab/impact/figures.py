"""Pictures of chapter 5. Each figure function draws once and returns an update that reports what it shows."""

import numpy as np

from cascadelab.impact.depth import SHOCKED, market_of_depth
from cascadelab.impact.exponential import Exponential
from cascadelab.impact.fills import fill_by_fill, proportional
from cascadelab.impact.fit import fit_power_law
from cascadelab.impact.root import SquareRoot
from cascadelab.kit import style
from cascadelab.kit.sliders import Choice, Slider, Sliders
from cascadelab.kit.tables import load

RECTANGLE_AND_AREA_SLIDERS: Sliders = {
    "sold": Slider(1.0, 120.0, 40.0, 1.0, label="Quantity sold", unit="units"),
    "depth": Slider(0.5, 8.0, 2.0, 0.1, label="Market depth", unit="units per 1 of price"),
    "form": Choice(("linear", "exponential", "square root", "pool"), label="Impact"),
}


def rectangle_and_area(ax):
    """Price after a sale from 100, against the quantity sold. The hatched rectangle below the end price is the cash
    that the sale raises if every unit is paid the last price; with the tinted area above it, up to the curve, it is the
    cash if each unit is paid its own. A dotted vertical line stands where the rectangle is largest.
    """
    units = np.linspace(0.0, 120.0, 481)
    (curve,) = ax.plot(units, 0 * units, **style.line("price"))
    area = ax.fill_between(units, 0 * units, **style.area("equity"))
    (rectangle,) = ax.fill([0, 0, 0, 0], [0, 0, 0, 0], **style.area("liquidated"))
    (best,) = ax.plot([0, 0], [0, 112], **style.line("liquidated"))
    (end,) = ax.plot([0], [0], **style.point("price"))
    paper = {"facecolor": style.PAPER, "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
    end_text = ax.text(0, 0, "", bbox=paper)
    best_text = ax.text(0, 107, "", color=style.color("liquidated"), bbox=paper, va="center")
    ax.set(xlim=(0, 120), ylim=(0, 114), xlabel="quantity sold (units)", ylabel="price")
    ax.legend([rectangle, area], ["cash at the end price", "cash that only a walk raises"], ncols=2,
              loc="lower center", bbox_to_anchor=(0.5, 0.99))  # fmt: skip

    def update(sold, depth, form):
        nonlocal area
        market = market_of_depth(form, depth)
        price = market.price(SHOCKED, units)
        p_end = market.price(SHOCKED, sold)
        curve.set_ydata(price)
        area.remove()
        within = np.append(units[units < sold], sold)
        area = ax.fill_between(within, p_end, market.price(SHOCKED, within), **style.area("equity"))
        rectangle.set_xy([(0, 0), (0, p_end), (sold, p_end), (sold, 0)])
        at_best = market.quantity_at_maximum(SHOCKED)
        shown = at_best <= 120
        best.set_data([at_best, at_best], [0, 112])
        best.set_visible(shown)
        left = at_best > 60
        best_text.set(
            x=at_best + (-1.5 if left else 1.5), ha="right" if left else "left", visible=shown,
            text="largest rectangle",
        )  # fmt: skip
        end.set_data([sold], [p_end])
        right = sold < 85
        end_text.set(
            position=(sold + (2 if right else -2), p_end + 7), text=f"{p_end:.1f}", ha="left" if right else "right"
        )
        return {
            "end price": p_end,
            "cash at the end price": market.proceeds(SHOCKED, sold),
            "cash along the walk": market.proceeds(SHOCKED, sold, fill="walk"),
            "most cash at the end price": market.maximum_proceeds(SHOCKED),
            "reached at": at_best,
        }

    return update


ASSETS = ("WETH", "wstETH", "WBTC", "sfrxETH")
QUOTES_SLIDERS: Sliders = {
    "smallest": Slider(1e4, 1e7, 1e6, 0.25, label="Smallest sale used", unit="dollars", log=True),
    "asset": Choice(ASSETS, label="Asset sold for USDC"),
}


def quotes(ax):
    """Cost of selling one asset for USDC on 20 November 2023, as quoted, against the size of the sale, both on
    logarithmic axes, with the power law through the quotes above a smallest size (solid squares) and, through the
    middle of those quotes, the slopes of a square root and of linear impact.
    """
    table = load("dex_impact_quotes")
    (unused,) = ax.plot([1], [1], **style.point("equity") | {"color": style.GREY, "fillstyle": "none", "markersize": 6})
    (used,) = ax.plot([1], [1], **style.point("equity") | {"markersize": 6})
    (line,) = ax.plot([1], [1], **style.line("equity"), label="fitted power law")
    (straight,) = ax.plot([1], [1], **style.line("maintenance"), label="linear")
    (root,) = ax.plot([1], [1], **style.line("second"), label="square root")
    ax.set(xscale="log", yscale="log", xlim=(8e2, 3e8), ylim=(5e-6, 2), xlabel="size of the sale (dollars)",
           ylabel="cost (fraction of the value)")  # fmt: skip
    ax.legend(loc="upper left")

    def update(smallest, asset):
        mine = table["asset"] == asset
        size, cost = table["notional"][mine], table["slippage"][mine]
        chosen = size >= smallest * (1 - 1e-9)
        law = fit_power_law(size[chosen], cost[chosen])
        unused.set_data(size[~chosen], cost[~chosen])
        used.set_data(size[chosen], cost[chosen])
        ends = size[chosen][[0, -1]]
        line.set_data(ends, law.cost(ends))
        middle = np.exp(np.log(size[chosen]).mean())
        for guide, exponent in ((straight, 1.0), (root, 0.5)):
            guide.set_data(ends, law.cost(middle) * (ends / middle) ** exponent)
        return {
            "quotes used": law.points,
            "exponent": law.exponent,
            "standard error": law.standard_error,
            "fitted cost of 10 million": law.cost(1e7),
        }

    return update


@style.layout(2, (7.2, 3.7))
def pieces(axes):
    """Price after 8 units are sold from 95, against the number of equal fills, if the rule starts again at each fill.
    Left: the proportional rule ends higher the finer the pieces and tends to the exponential. Right: the square root
    ends lower and lower. The dotted line at 76.5 is an account's liquidation price, which both rules cross.
    """
    numbers = np.arange(1, 17)
    root = SquareRoot((95.0 - 78.0) / np.sqrt(8.0))
    rules = (
        ("fraction for each unit", lambda p, u: proportional(p, u, 0.025), "proportional", Exponential(0.025)),
        ("root of each fill", root.price, "square root", None),
    )
    ends = []
    for ax, (title, rule, _, limit) in zip(axes, rules, strict=True):
        prices = [fill_by_fill(rule, 95.0, np.full(n, 8.0 / n))[-1] for n in numbers]
        ends.append(prices)
        ax.plot(numbers, prices, **style.line("equity") | {"linewidth": 1.0})
        ax.plot(numbers, prices, **style.point("equity") | {"markersize": 5})
        ax.axhline(76.5, **style.line("liquidated"))
        if limit is not None:
            ax.axhline(limit.price(95.0, 8.0), **style.line("guide"))
            ax.annotate("exponential", (16, limit.price(95.0, 8.0)), xytext=(0, 3), textcoords="offset points",
                        ha="right", va="bottom", color=style.GREY)  # fmt: skip
        ax.set(xlabel="number of equal fills", title=title, xlim=(0, 17))
    axes[0].set(ylabel="price after 8 units", ylim=(75.7, 78.1))
    axes[0].annotate("liquidation price 76.5", (16, 76.5), xytext=(0, -4), textcoords="offset points", ha="right",
                     va="top", color=style.color("liquidated"))  # fmt: skip

    def update():
        return {
            "fraction rule, 1 fill": ends[0][0],
            "fraction rule, 2 fills": float(ends[0][1]),
            "fraction rule, 16 fills": float(ends[0][-1]),
            "root rule, 1 fill": float(ends[1][0]),
            "root rule, 16 fills": float(ends[1][-1]),
        }

    return update
