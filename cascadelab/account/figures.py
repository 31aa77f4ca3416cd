"""Pictures of chapter 1. Each figure function draws once and returns an update that reports what it shows."""

import numpy as np

from cascadelab.account.inverse import inverse_equity, inverse_liquidation_price
from cascadelab.account.position import bankruptcy_price, equity, initial_margin, liquidation_price, maintenance
from cascadelab.kit import style
from cascadelab.kit.sliders import Choice, Slider, Sliders

ENTRY = 100.0

EQUITY_AND_MAINTENANCE_SLIDERS: Sliders = {
    "leverage": Slider(2.0, 50.0, 5.0, 0.5, label="Leverage", unit="×"),
    "maintenance_rate": Slider(0.0, 0.2, 0.05, 0.005, label="Maintenance rate", unit="fraction"),
    "side": Choice(("long", "short"), label="Side"),
    "basis": Choice(("mark", "entry"), label="Maintenance charged at"),
}


def equity_and_maintenance(ax):
    """Equity and maintenance margin of one unit opened at 100, against the price. The position is liquidated
    where the solid equity line falls below the dashed maintenance line, before the equity itself is zero.
    """
    price = np.linspace(40.0, 160.0, 241)
    (equity_line,) = ax.plot(price, 0 * price, **style.line("equity"), label="equity")
    (maintenance_line,) = ax.plot(price, 0 * price, **style.line("maintenance"), label="maintenance")
    ax.axhline(0.0, **style.line("guide"))
    ax.axvline(ENTRY, **style.line("guide"))
    ax.annotate("entry", (ENTRY, 57.0), textcoords="offset points", xytext=(4, 0), color=style.GREY, fontsize=9.5)
    region = ax.axvspan(40.0, 60.0, **style.area("liquidated"))
    (liquidation,) = ax.plot([0], [0], **style.point("liquidated"), clip_on=True)
    (bankruptcy,) = ax.plot([0], [0], **style.point("price"), clip_on=True)
    paper = {"facecolor": style.PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 1.5}
    liquidation_text = ax.text(0, 0, "", color=style.color("liquidated"), bbox=paper)
    bankruptcy_text = ax.text(0, 0, "", bbox=paper)
    ax.set(xlim=(40, 160), ylim=(-30, 62), xlabel="price (numeraire per unit)", ylabel="numeraire")
    ax.legend(loc="lower center", ncols=2, bbox_to_anchor=(0.5, 1.0))

    def update(leverage, maintenance_rate, side, basis):
        quantity = 1.0 if side == "long" else -1.0
        margin = initial_margin(quantity, ENTRY, leverage)
        charged_at = price if basis == "mark" else np.full_like(price, ENTRY)
        equity_line.set_ydata(equity(quantity, ENTRY, margin, price))
        maintenance_line.set_ydata(maintenance(quantity, charged_at, maintenance_rate))
        p_liq = liquidation_price(quantity, ENTRY, margin, maintenance_rate, basis=basis)
        p_bk = bankruptcy_price(quantity, ENTRY, margin)
        left = quantity > 0
        region.set_x(40.0 if left else p_liq)
        region.set_width(p_liq - 40.0 if left else 160.0 - p_liq)
        at_liquidation = equity(quantity, ENTRY, margin, p_liq)
        liquidation.set_data([p_liq], [at_liquidation])
        bankruptcy.set_data([p_bk], [0.0])
        inward, outward = ("left", "right") if left else ("right", "left")
        x_text = max(p_liq, 75.0) if left else min(p_liq, 125.0)
        liquidation_text.set(position=(x_text, at_liquidation + 7), text=f"liquidated at {p_liq:.1f}", ha=outward)
        bankruptcy_text.set(position=(p_bk, -14), text=f"bankrupt at {p_bk:.1f}", ha=inward)
        return {
            "liquidation price": p_liq,
            "bankruptcy price": p_bk,
            "move from entry to liquidation": abs(p_liq - ENTRY) / ENTRY,
            "equity left at liquidation": at_liquidation,
        }

    return update


LEVERAGE_TO_PRICE_SLIDERS: Sliders = {
    "maintenance_rate": Slider(0.0, 0.1, 0.005, 0.005, label="Maintenance rate", unit="fraction"),
}


def leverage_to_price(ax):
    """Liquidation prices of a long and of a short opened at 100, against the leverage at which they were opened.
    The two curves close in on the entry price; where they meet it, the position would be liquidated at once.
    """
    leverage = np.linspace(1.25, 100.0, 800)
    (long_line,) = ax.plot(leverage, 0 * leverage, **style.line("equity"), label="long")
    (short_line,) = ax.plot(leverage, 0 * leverage, **style.line("second"), label="short")
    ax.axhline(ENTRY, **style.line("price"))
    ax.annotate("entry", (1.3, ENTRY), textcoords="offset points", xytext=(0, 4), fontsize=9.5)
    ax.set(xscale="log", xlim=(1.25, 100), ylim=(0, 200), xlabel="leverage (×)", ylabel="liquidation price")
    ax.set_xticks([2, 5, 10, 20, 50, 100], ["2", "5", "10", "20", "50", "100"])
    ax.minorticks_off()
    ax.legend(loc="upper right")

    def update(maintenance_rate):
        for line, quantity in ((long_line, 1.0), (short_line, -1.0)):
            margin = initial_margin(quantity, ENTRY, leverage)
            line.set_ydata(liquidation_price(quantity, ENTRY, margin, maintenance_rate))
        margin = initial_margin(1.0, ENTRY, np.array([10.0, 20.0]))
        at_10, at_20 = liquidation_price(1.0, ENTRY, margin, maintenance_rate)
        return {
            "long at 10×": at_10,
            "long at 20×": at_20,
            "liquidated at once from leverage": f"{1 / maintenance_rate:,.4g}" if maintenance_rate else "none",
        }

    return update


@style.layout(2, (7.2, 3.6))
def linear_and_inverse(axes):
    """Equity of an inverse long, on the left in coins, on the right in dollars (coins times price). The curve in
    coins is bent; the same equity in dollars is a straight line, and both cross maintenance at the same price.
    """
    contracts, coins, rate, p_e = 60_000.0, 0.12, 0.005, 50_000.0
    price = np.linspace(40_000.0, 60_000.0, 201)
    in_coins = inverse_equity(contracts, p_e, coins, price)
    need = rate * contracts / price
    p_liq = inverse_liquidation_price(contracts, p_e, coins, rate)
    at_liquidation = inverse_equity(contracts, p_e, coins, p_liq)
    for ax, unit, factor, factor_liq in ((axes[0], "BTC", 1.0, 1.0), (axes[1], "thousand dollars", price, p_liq)):
        scale = 1.0 if unit == "BTC" else 1e-3
        ax.plot(price / 1e3, scale * factor * in_coins, **style.line("equity"), label="equity")
        ax.plot(price / 1e3, scale * factor * need, **style.line("maintenance"), label="maintenance")
        ax.plot([p_liq / 1e3], [scale * factor_liq * at_liquidation], **style.point("liquidated"))
        ax.axhline(0.0, **style.line("guide"))
        ax.set(xlabel="price (thousand dollars per BTC)", title=f"equity in {unit}", xlim=(40, 60))
    axes[0].legend(loc="lower right")

    def update():
        return {"liquidation price": p_liq, "equity there (BTC)": at_liquidation}

    return update
