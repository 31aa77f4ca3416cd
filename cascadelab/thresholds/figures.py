"""Pictures of chapter 2. Each figure function draws once and returns an update that reports what it shows."""

import numpy as np
from matplotlib.patches import Patch

from cascadelab.kit import style
from cascadelab.kit.sliders import Choice, Slider, Sliders
from cascadelab.kit.tables import load_tiers
from cascadelab.thresholds.tiered import line_prices, liquidation_prices
from cascadelab.thresholds.tiers import Tiers
from cascadelab.thresholds.venues import VENUES, Rule

ENTRY = 100.0

VENUES_SIDE_BY_SIDE_SLIDERS: Sliders = {
    "leverage": Slider(1.5, 20.0, 2.0, 0.5, label="Leverage", unit="×"),
    "side": Choice(("long", "short"), label="Side"),
}


@style.layout(1, (6.4, 4.6))
def venues_side_by_side(ax):
    """Liquidation price of one unit opened at 100 under the rules of thirteen venues, one row each, the first to be
    liquidated on top. A circle is a venue at which the account is still safe exactly at that price, a cross one that
    liquidates there already. The text on the right is the rule: a maintenance rate, or the asset weight of a lender.
    """
    ax.set_position((0.17, 0.19, 0.55, 0.73))
    count = len(VENUES)
    rows = np.arange(count, 0, -1)
    ax.axvline(ENTRY, **style.line("guide"))
    ax.text(ENTRY, count + 0.75, "entry", color=style.GREY, ha="center", fontsize=9.5)
    ax.text(1.03, count + 0.75, "rule", color=style.GREY, fontsize=9.5, transform=ax.get_yaxis_transform())
    stems = ax.hlines(rows, ENTRY, ENTRY, colors=style.GREY, linewidth=0.8)
    (strict,) = ax.plot([], [], **style.point("safe"), label="exactly there: still safe")
    (at_equality,) = ax.plot([], [], **style.point("liquidated"), label="exactly there: liquidated")
    prices = [ax.text(0, row, "", va="center", fontsize=9.5) for row in rows]
    rules = [ax.text(1.03, row, "", va="center", fontsize=9, transform=ax.get_yaxis_transform()) for row in rows]
    ax.set(ylim=(0.4, count + 0.6), xlabel="liquidation price (entry = 100)")
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=2, handletextpad=0.1)

    def update(leverage, side):
        quantity = 1.0 if side == "long" else -1.0
        found = {}
        for venue, rule in VENUES.items():
            if quantity > 0 or rule.shorts:
                ends = rule.liquidation_prices(quantity, ENTRY, ENTRY / leverage)
                found[venue] = ends[0] if quantity > 0 else ends[1]
        admitted = {venue: price for venue, price in found.items() if quantity * (ENTRY - price) >= 0}
        order = sorted(admitted, key=lambda venue: -quantity * admitted[venue])
        order += [venue for venue in VENUES if venue not in admitted]
        far = ENTRY * (1 - quantity / leverage)
        ax.set_xlim(*sorted((far - 0.2 * (ENTRY - far), ENTRY + 0.05 * (ENTRY - far))))
        ax.set_yticks(rows, order)
        stems.set_segments([[(admitted.get(v, ENTRY), y), (ENTRY, y)] for v, y in zip(order, rows, strict=True)])
        for markers, fires in ((strict, False), (at_equality, True)):
            chosen = [(admitted[v], y) for v, y in zip(order, rows, strict=True)
                      if v in admitted and VENUES[v].fires_at_equality is fires]  # fmt: skip
            markers.set_data(*(np.array(chosen).T if chosen else ([], [])))
        for venue, price, rule in zip(order, prices, rules, strict=True):
            rule.set_text(_rule_in_words(VENUES[venue]))
            if venue in admitted:
                price.set(x=admitted[venue] - quantity * 0.025 * abs(ENTRY - far), text=f"{admitted[venue]:.2f}")
            else:
                price.set(
                    x=ENTRY - quantity * 0.02 * abs(ENTRY - far),
                    text="no short" if venue not in found else "liquidated at once",
                )
            price.set_ha("right" if quantity > 0 else "left")
        return {
            "first": f"{order[0]} at {admitted[order[0]]:.2f}",
            "last": f"{order[len(admitted) - 1]} at {admitted[order[len(admitted) - 1]]:.2f}",
            "admitted": len(admitted),
            "liquidated at equality": ", ".join(v for v in order if v in admitted and VENUES[v].fires_at_equality),
        }

    return update


def _rule_in_words(rule: Rule) -> str:
    rate = rule.tiers.rates[0]
    if not rule.shorts:
        return f"weight {1 - rate:.2f}"
    words = f"{100 * rate:.3g} %"
    if rule.tiers.rates.size > 1:
        words += ", tiered"
    if rule.basis == "entry":
        words += " of entry"
    return words + (f" + fee {100 * rule.fee_rate:.2g} %" if rule.fee_rate else "")


WALK_UP_THE_TIERS_SLIDERS: Sliders = {
    "opened": Slider(1e5, 1e9, 1e8, 0.05, label="Notional when opened", unit="USDT", log=True),
    "leverage": Slider(2.0, 50.0, 10.0, 0.5, label="Leverage", unit="×"),
    "side": Choice(("long", "short"), label="Side"),
    "snapshot": Choice(("2026-09", "2024-10"), label="Table of"),
}


@style.layout(2, (6.4, 4.8))
def walk_up_the_tiers(axes):
    """Binance's BTC tiers and what they do to the liquidation price, against the notional at which a position is
    opened. Above, the maintenance that is due at liquidation, as a share of the notional. Below, thin lines are the
    prices that each tier's line would give alone; the thick line is the liquidation price, their largest for a long
    and their smallest for a short, with a kink wherever the next line takes over.
    """
    above, below = axes
    above.set_position((0.11, 0.69, 0.86, 0.24))
    below.set_position((0.11, 0.12, 0.86, 0.46))
    opened_at = np.geomspace(1e5, 1e9, 300)
    tables = {date: load_tiers("BTC/USDT", date) for date in ("2026-09", "2024-10")}
    tables = {date: Tiers(table.rates, table.deductions) for date, table in tables.items()}
    (share_line,) = above.plot(opened_at, opened_at, **style.line("maintenance"))
    (share_point,) = above.plot([0], [0], **style.point("price"))
    thin = [below.plot(opened_at, opened_at, **style.line("guide"))[0] for _ in range(12)]
    (price_line,) = below.plot(opened_at, opened_at, **style.line("equity"), label="liquidation price")
    below.plot([], [], **style.line("guide"), label="each tier's line alone")
    (price_point,) = below.plot([0], [0], **style.point("price"))
    (kinks,) = below.plot([], [], "o", color=style.color("equity"), markersize=4.5, label="kink")
    below.axhline(ENTRY, **style.line("price"))
    entry_text = below.text(1.15e5, 0, "entry", fontsize=9.5)
    paper = {"facecolor": style.PAPER, "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
    share_text = above.text(0, 0, "", va="bottom", bbox=paper)
    price_text = below.text(0, 0, "", bbox=paper)
    above.set(xscale="log", yscale="log", xlim=(1e5, 1.1e9), ylim=(0.3, 60), ylabel="% of notional")
    above.set_yticks([1, 10], ["1", "10"])
    below.set(xscale="log", xlim=(1e5, 1.1e9), xlabel="notional when opened (USDT)", ylabel="price (entry = 100)")
    for ax, labels in ((above, [""] * 5), (below, ["0.1M", "1M", "10M", "100M", "1bn"])):
        ax.set_xticks([1e5, 1e6, 1e7, 1e8, 1e9], labels)
        ax.minorticks_off()
    below.legend(loc="lower right", bbox_to_anchor=(1.0, 0.99), ncols=3, columnspacing=1.2, handlelength=1.6)

    def update(opened, leverage, side, snapshot):
        tiers = tables[snapshot]
        sign = 1.0 if side == "long" else -1.0
        each = line_prices(sign * opened_at / ENTRY, ENTRY, opened_at / leverage, tiers)
        price = each.max(axis=-1) if sign > 0 else each.min(axis=-1)
        binding = each.argmax(axis=-1) if sign > 0 else each.argmin(axis=-1)
        for k, line in enumerate(thin):
            line.set_ydata(each[:, k])
        price_line.set_ydata(price)
        at_liquidation = opened_at / ENTRY * price
        share_line.set_ydata(100 * tiers.requirement(at_liquidation) / at_liquidation)
        turns = np.flatnonzero(np.diff(binding))
        kinks.set_data(opened_at[turns], price[turns])

        now = line_prices(sign * opened / ENTRY, ENTRY, opened / leverage, tiers)
        p_liq = float(now.max() if sign > 0 else now.min())
        notional = opened / ENTRY * p_liq
        share = tiers.requirement(notional) / notional
        gap = ENTRY / leverage
        below.set_ylim(*sorted((ENTRY - sign * 1.12 * gap, ENTRY + sign * 0.12 * gap)))
        entry_text.set(y=ENTRY + 0.02 * gap * sign, va="bottom" if sign > 0 else "top")
        at_once = sign * (p_liq - ENTRY) > 0
        shown = ENTRY + sign * 0.08 * gap if sign * (p_liq - ENTRY) > 0.08 * gap else p_liq
        price_point.set_data([opened], [shown])
        share_point.set_data([opened], [100 * share])
        left = opened < 3e7
        x, side_of_point = opened * (1.15 if left else 0.87), "left" if left else "right"
        y = ENTRY - sign * 0.04 * gap if at_once else shown + sign * 0.07 * gap
        upwards = (sign > 0) != at_once
        price_text.set(position=(x, y), ha=side_of_point, va="bottom" if upwards else "top")
        price_text.set_text(f"{p_liq:.2f}" + (": liquidated at once" if at_once else ""))
        above.set_title(f"maintenance at liquidation, {side}, BTC table of {snapshot}")
        share_text.set(position=(x, 160 * share), ha=side_of_point)
        share_text.set_text(f"{100 * share:.2f} %, tier {tiers.tier(notional) + 1}")
        return {
            "liquidation price": p_liq,
            "tier that binds at liquidation": tiers.tier(notional) + 1,
            "tier of the notional at entry": tiers.tier(opened) + 1,
            "maintenance at liquidation (share of notional)": share,
            "safe at entry": "no, liquidated at once" if at_once else "yes",
        }

    return update


@style.layout(2, (7.2, 3.8))
def forgotten_deduction(axes):
    """Surplus of two positions under brackets that charge their rate on the whole notional, without a deduction. The
    surplus jumps where the bracket changes, and the prices at which the account is safe fall into two pieces: on the
    left a long that is liquidated because the price rises, on the right a short that is liquidated because it falls.
    """
    cases = (
        (axes[0], 20.0, 85.0, (0.05, 0.15), (76, 100), "long, rates 5 %, then 15 %"),
        (axes[1], -20.0, 115.0, (0.10, 0.04), (105, 124), "short, rates 10 %, then 4 %"),
    )
    facts = {}
    for ax, quantity, edge, rates, span, title in cases:
        roots = [_threshold(quantity, 450.0, rate) for rate in rates]
        for rate, ends in zip(rates, ((span[0], edge), (edge, span[1])), strict=True):
            price = np.array(ends)
            ax.plot(price, 450 + quantity * (price - ENTRY) - rate * 20 * price, **style.line("equity"))
        ax.axhline(0.0, **style.line("guide"))
        ax.axvline(edge, **style.line("guide") | {"linestyle": ":"})
        unsafe = [(span[0], roots[0]), (edge, roots[1])] if quantity > 0 else [(roots[0], edge), (roots[1], span[1])]
        for low, high in unsafe:
            ax.axvspan(low, high, **style.area("liquidated"))
        ax.plot(roots, [0, 0], **style.point("liquidated"))
        ax.set(xlim=span, xlabel="price (numeraire per unit)", title=title)
        facts[f"{title.split(',')[0]}: thresholds"] = f"{roots[0]:.2f} and {roots[1]:.2f}"
        facts[f"{title.split(',')[0]}: bracket edge"] = edge
        ax.text(edge, ax.get_ylim()[1], " bracket edge", rotation=90, ha="left", va="top", fontsize=9)
    axes[0].set_ylabel("surplus (numeraire)")
    axes[0].legend(handles=[Patch(**style.area("liquidated"), label="liquidated")], loc="lower right")

    def update():
        return facts

    return update


def _threshold(quantity: float, margin: float, rate: float) -> float:
    lower, upper = liquidation_prices(quantity, ENTRY, margin, Tiers.flat(rate))
    return lower if quantity > 0 else upper
