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
    "basis": Choice(("mark price", "entry price"), label="Maintenance charged at the"),
}


def equity_and_maintenance(ax):
    """Equity and maintenance margin of one unit opened at 100, against the price. The position is liquidatable
    (hatched) where the solid equity line is below the thick dashed maintenance line, and bankrupt where equity is zero.
    """
    price = np.linspace(40.0, 160.0, 241)
    (equity_line,) = ax.plot(price, 0 * price, **style.line("equity"), label="equity")
    (maintenance_line,) = ax.plot(price, 0 * price, **style.line("maintenance"), label="maintenance")
    ax.axhline(0.0, **style.line("guide"))
    ax.plot([ENTRY, ENTRY], [-30.0, 62.0], **style.line("guide"))
    ax.annotate("entry", (ENTRY, -25.0), textcoords="offset points", xytext=(4, 0), color=style.GREY, fontsize=9.5)
    region = ax.axvspan(40.0, 60.0, **style.area("liquidated"))
    (bankruptcy,) = ax.plot([0], [0], **style.point("price"))
    (liquidation,) = ax.plot([0], [0], **style.point("liquidated"))
    liquidation_text = ax.text(0, 0, "", color=style.color("liquidated"), bbox=style.box())
    bankruptcy_text = ax.text(0, 0, "", bbox=style.box())
    ax.set(xlim=(40, 160), ylim=(-30, 62), xlabel="price", ylabel="money")
    ax.legend(loc="lower center", ncols=2, bbox_to_anchor=(0.5, 1.0))

    def update(leverage, maintenance_rate, side, basis):
        quantity = 1.0 if side == "long" else -1.0
        margin = initial_margin(quantity, ENTRY, leverage)
        charged_at = price if basis == "mark price" else np.full_like(price, ENTRY)
        equity_line.set_ydata(equity(quantity, ENTRY, margin, price))
        maintenance_line.set_ydata(maintenance(quantity, charged_at, maintenance_rate))
        p_liq = liquidation_price(quantity, ENTRY, margin, maintenance_rate, basis=basis.split()[0])
        p_bk = bankruptcy_price(quantity, ENTRY, margin)
        at_liquidation = equity(quantity, ENTRY, margin, p_liq)
        low, high = (40.0, p_liq) if quantity > 0 else (p_liq, 160.0)
        region.set_x(low)
        region.set_width(high - low)
        liquidation.set_data([p_liq], [at_liquidation])
        bankruptcy.set_data([p_bk], [0.0])
        inward, outward = ("left", "right") if quantity > 0 else ("right", "left")
        x_text = max(p_liq, 75.0) if quantity > 0 else min(p_liq, 125.0)
        liquidation_text.set(position=(x_text, at_liquidation + 7), text=f"liquidated at {p_liq:.1f}", ha=outward)
        bankruptcy_text.set(position=(p_bk, -14), text=f"bankrupt at {p_bk:.1f}", ha=inward)
        room = quantity * (ENTRY - p_liq)
        to_bankruptcy = quantity * (ENTRY - p_bk)
        return {
            "liquidation price": p_liq,
            "bankruptcy price": p_bk,
            "room from entry to liquidation": room if room > 1e-9 else "none: liquidated at once or at the first step",
            "share of the room that maintenance takes": min(1.0, 1 - room / to_bankruptcy),
        }

    return update


LEVERAGE_TO_PRICE_SLIDERS: Sliders = {
    "maintenance_rate": Slider(0.01, 0.1, 0.02, 0.005, label="Maintenance rate", unit="fraction"),
}


def leverage_to_price(ax):
    """Liquidation prices of a long and of a short opened at 100, against the leverage at which they were opened.
    The two curves close in on the entry price and meet it at leverage 1/m, where no room is left.
    """
    leverage = np.geomspace(1.0, 100.0, 400)
    (long_line,) = ax.plot(leverage, 0 * leverage, **style.line("equity"))
    (short_line,) = ax.plot(leverage, 0 * leverage, **style.line("second"))
    ax.axhline(ENTRY, **style.line("guide"))
    ax.annotate("entry", (1.05, ENTRY), textcoords="offset points", xytext=(0, 4), color=style.GREY, fontsize=9.5)
    ax.annotate("short", (1.6, 172), color=style.color("second"))
    ax.annotate("long", (1.6, 24), color=style.color("equity"))
    (meeting,) = ax.plot([0], [ENTRY], **style.point("liquidated"))
    meeting_text = ax.text(0, ENTRY + 9, "", color=style.color("liquidated"), ha="right")
    ax.set(xscale="log", xlim=(1, 105), ylim=(0, 200), xlabel="leverage (×, log scale)", ylabel="liquidation price")
    ax.set_xticks([1, 2, 5, 10, 20, 50, 100], ["1", "2", "5", "10", "20", "50", "100"])
    ax.minorticks_off()

    def update(maintenance_rate):
        for line, quantity in ((long_line, 1.0), (short_line, -1.0)):
            margin = initial_margin(quantity, ENTRY, leverage)
            price = liquidation_price(quantity, ENTRY, margin, maintenance_rate)
            line.set_ydata(np.where(leverage * maintenance_rate <= 1, price, np.nan))
        limit = 1 / maintenance_rate
        meeting.set_xdata([limit])
        meeting_text.set(x=limit, text=f"no room from {limit:.0f}×")
        margin = initial_margin(1.0, ENTRY, np.array([5.0, 10.0, 20.0]))
        prices = liquidation_price(1.0, ENTRY, margin, maintenance_rate)
        facts = {f"long at {lev}×": price for lev, price in zip((5, 10, 20), prices.tolist(), strict=True)}
        return facts | {"no room from leverage": limit}

    return update


INVERSE = {"contracts": 60_000.0, "entry_price": 50_000.0, "coin_margin": 0.4}
INVERSE_RATE = 0.05


@style.layout(2, (7.2, 3.7))
def linear_and_inverse(axes):
    """Equity of an inverse long of 60,000 dollars opened at 50,000 with 0.4 BTC, leverage 3. Left: counted in coins
    it is bent, and lies below its tangent at entry. Right: counted in dollars it is straight. Both views meet the
    maintenance of 5 % at the same price.
    """
    price = np.linspace(32_000.0, 80_000.0, 241)
    in_coins = inverse_equity(**INVERSE, price=price)
    need = INVERSE_RATE * INVERSE["contracts"] / price
    p_e, p_liq = INVERSE["entry_price"], inverse_liquidation_price(**INVERSE, maintenance_rate=INVERSE_RATE)
    at_liquidation = inverse_equity(**INVERSE, price=p_liq)
    slope = INVERSE["contracts"] / p_e**2
    coins, dollars = axes
    for ax, unit, worth, worth_liq in (
        (coins, "BTC", 1.0, 1.0),
        (dollars, "thousand dollars", price / 1e3, p_liq / 1e3),
    ):
        ax.plot(price / 1e3, worth * in_coins, **style.line("equity"), label="equity")
        ax.plot(price / 1e3, worth * need, **style.line("maintenance"), label="maintenance")
        ax.plot([p_liq / 1e3], [worth_liq * at_liquidation], **style.point("liquidated"))
        ax.axhline(0.0, **style.line("guide"))
        ax.set(xlabel="price (thousand dollars per BTC)", title=f"in {unit}", xlim=(32, 80))
    coins.plot(
        price / 1e3, INVERSE["coin_margin"] + slope * (price - p_e), **style.line("guide"), label="tangent at entry"
    )
    coins.annotate(f"liquidated at\n{p_liq:,.0f}", (p_liq / 1e3, at_liquidation), textcoords="offset points",
                   xytext=(10, -34), color=style.color("liquidated"))  # fmt: skip
    coins.legend(loc="upper left")

    def update():
        return {"liquidation price": p_liq, "equity there (BTC)": at_liquidation}

    return update
