"""Pictures of chapter 2. Each figure function draws once and returns an update that reports what it shows."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from cascadelab.kit import style
from cascadelab.kit.sliders import Choice, Slider, Sliders
from cascadelab.kit.tables import load_tiers
from cascadelab.thresholds.tiered import line_prices, liquidation_prices
from cascadelab.thresholds.tiers import Tiers
from cascadelab.thresholds.venues import VENUES, Rule

ENTRY = 100.0
THRESHOLD = {"color": style.INK, "marker": "s", "linestyle": "none", "markersize": 6.5}

VENUES_SIDE_BY_SIDE_SLIDERS: Sliders = {
    "leverage": Slider(1.5, 20.0, 2.0, 0.5, label="Leverage", unit="×"),
    "side": Choice(("long", "short"), label="Side"),
}


@style.layout(1, (6.4, 4.7))
def venues_side_by_side(ax):
    """Liquidation price of one unit opened at 100 under thirteen rules, one row each, the first to be liquidated on
    top. A circle is a rule under which the account is still safe exactly at that price, a cross one that liquidates
    there already. The text on the right is the rule: a maintenance rate, or the asset weight of a lender.
    """
    ax.set_position((0.19, 0.2, 0.5, 0.71))
    count = len(VENUES)
    rows = np.arange(count, 0, -1)
    ax.axvline(ENTRY, **style.line("guide"))
    ax.text(ENTRY, count + 0.85, "entry", color=style.GREY, ha="center", fontsize=9.5)
    ax.text(1.09, count + 0.85, "the rule", color=style.GREY, fontsize=9.5, transform=_right_of(ax))
    stems = ax.hlines(rows, ENTRY, ENTRY, colors=style.GREY, linewidth=0.8)
    (strict,) = ax.plot([], [], **style.point("safe"), label="still safe at this price")
    (at_equality,) = ax.plot([], [], **style.point("liquidated"), label="liquidated already at this price")
    prices = [ax.text(0, row, "", va="center", fontsize=9.5) for row in rows]
    rules = [ax.text(1.09, row, "", va="center", fontsize=9, transform=_right_of(ax)) for row in rows]
    ax.set(ylim=(0.4, count + 0.6), xlabel="liquidation price (numeraire per unit)")
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.15), ncols=2, handletextpad=0.1)

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
        ax.set_xlim(*sorted((far - 0.27 * (ENTRY - far), ENTRY + 0.05 * (ENTRY - far))))
        ax.set_yticks(rows, order)
        stems.set_segments([[(admitted.get(v, ENTRY), y), (ENTRY, y)] for v, y in zip(order, rows, strict=True)])
        for markers, fires in ((strict, False), (at_equality, True)):
            chosen = [(admitted[v], y) for v, y in zip(order, rows, strict=True)
                      if v in admitted and VENUES[v].fires_at_equality is fires]  # fmt: skip
            markers.set_data(*(np.array(chosen).T if chosen else ([], [])))
        for venue, price, rule in zip(order, prices, rules, strict=True):
            rule.set_text(_rule_in_words(VENUES[venue]))
            if venue in admitted:
                price.set(x=admitted[venue] - quantity * 0.04 * abs(ENTRY - far), text=f"{admitted[venue]:.2f}")
            else:
                price.set(
                    x=ENTRY - quantity * 0.02 * abs(ENTRY - far),
                    text="no short" if venue not in found else "liquidated at once",
                )
            price.set_ha("right" if quantity > 0 else "left")
        return {
            "first": f"{order[0]} at {admitted[order[0]]:.2f}",
            "last": f"{order[len(admitted) - 1]} at {admitted[order[len(admitted) - 1]]:.2f}",
            "rules that allow it": f"{len(admitted)} of {len(VENUES)}",
            "liquidated at equality": ", ".join(v for v in order if v in admitted and VENUES[v].fires_at_equality),
        }

    return update


def _right_of(ax):
    """Coordinates for text beside a row: x as a share of the panel's width, y in rows."""
    return ax.get_yaxis_transform()


def _rule_in_words(rule: Rule) -> str:
    rate = rule.tiers.rates[0]
    if not rule.shorts:
        return f"weight {1 - rate:.2f}"
    words = f"{100 * rate:.3g} %"
    if rule.tiers.rates.size > 1:
        words += ", tiered"
    if rule.basis == "entry":
        words += " of entry"
    if rule.fee_left_out:
        words += " + fee (left out)"
    return words + (f" + fee {100 * rule.fee_rate:.2g} %" if rule.fee_rate else "")


WALK_UP_THE_TIERS_SLIDERS: Sliders = {
    "opened": Slider(1e5, 1e9, 1e8, 0.05, label="Notional when opened", unit="USDT", log=True),
    "leverage": Slider(2.0, 50.0, 10.0, 0.5, label="Leverage", unit="×"),
    "side": Choice(("long", "short"), label="Side"),
}


@style.layout(2, (6.4, 5.0))
def walk_up_the_tiers(axes):
    """Binance's BTC tiers of September 2026 and what they do to the liquidation price, against the notional at which
    a position is opened. Above, the maintenance that is due at liquidation, as a share of the notional. Below, each
    thin curve is the price that one line of the table would give alone; the thick curve is the liquidation price,
    their largest for a long and their smallest for a short, with a dot wherever the next line takes over. In the grey
    area the venue does not offer the leverage.
    """
    above, below = axes
    above.set_position((0.11, 0.72, 0.86, 0.21))
    below.set_position((0.11, 0.115, 0.86, 0.45))
    table = load_tiers("BTC/USDT", "2026-09")
    tiers = Tiers(table.rates, table.deductions)
    grid = np.geomspace(1e5, 1e9, 300)
    (share_line,) = above.plot(grid, grid, **style.line("maintenance"))
    (share_point,) = above.plot([0], [0], **style.point("price"))
    thin = [below.plot(grid, grid, **style.line("guide"))[0] for _ in range(len(table))]
    thin[0].set_label("price of one line alone, (2.5)")
    (price_line,) = below.plot(grid, grid, **style.line("equity"), label="liquidation price")
    (kinks,) = below.plot([], [], "o", color=style.color("equity"), markersize=4.5, label="kink")
    (price_point,) = below.plot([0], [0], **style.point("price"))
    below.axhline(ENTRY, **style.line("price"))
    entry_text = below.text(1.15e5, 0, "entry price", fontsize=9.5)
    closed = [ax.axvspan(1e9, 1.1e9, color=style.GREY, alpha=0.16, linewidth=0) for ax in (above, below)]
    closed_text = above.text(0, 0.42, "", color=style.INK, fontsize=9, va="bottom", ha="right")
    share_text, price_text = above.text(0, 0, "", va="bottom"), below.text(0, 0, "")
    above.set(xscale="log", yscale="log", xlim=(1e5, 1.1e9), ylim=(0.3, 90), ylabel="% of notional")
    above.set_yticks([1, 10], ["1", "10"])
    below.set(xscale="log", xlim=(1e5, 1.1e9), xlabel="notional when opened (USDT)", ylabel="price")
    for ax, labels in ((above, [""] * 5), (below, ["0.1M", "1M", "10M", "100M", "1bn"])):
        ax.set_xticks([1e5, 1e6, 1e7, 1e8, 1e9], labels)
        ax.minorticks_off()
    below.legend(loc="lower right", bbox_to_anchor=(1.0, 0.99), ncols=3, columnspacing=1.0, handlelength=1.4)

    def update(opened, leverage, side):
        sign = 1.0 if side == "long" else -1.0
        gap = ENTRY / leverage
        turns = _kinks(tiers, leverage, sign)
        turns = turns[(turns >= 1e5) & (turns <= 1e9)]
        opened_at = np.sort(np.concatenate([grid, turns]))
        each, price = _prices(tiers, opened_at, leverage, sign)
        for k, line in enumerate(thin):
            line.set_data(opened_at, each[:, k])
        price_line.set_data(opened_at, price)
        at_liquidation = opened_at / ENTRY * price
        share_line.set_data(opened_at, 100 * tiers.requirement(at_liquidation) / at_liquidation)
        kinks.set_data(turns, _prices(tiers, turns, leverage, sign)[1])

        offered, safe_to = _limits(table, leverage)
        for area in closed:
            area.set_x(min(offered, 1.1e9))
            area.set_width(1.1e9 - min(offered, 1.1e9))
        closed_text.set(x=1.05e9, text=f"{leverage:g}× not offered" if offered < 4e8 else "")

        p_liq = float(_prices(tiers, np.array([opened]), leverage, sign)[1][0])
        notional = opened / ENTRY * p_liq
        share = tiers.requirement(notional) / notional
        beyond = sign * (p_liq - ENTRY) > 0
        off = sign * (p_liq - ENTRY) > 0.1 * gap
        below.set_ylim(*sorted((ENTRY - sign * 1.12 * gap, ENTRY + sign * 0.14 * gap)))
        entry_text.set(y=ENTRY + 0.02 * gap * sign, va="bottom" if sign > 0 else "top")
        price_point.set(marker=("^" if sign > 0 else "v") if off else "D")
        price_point.set_data([opened], [ENTRY + sign * 0.1 * gap if off else p_liq])
        share_point.set_data([opened], [100 * share])
        left = opened < 3e6
        x, side_of_point = (
            min(opened, 5e8 if off else 1e9) * (1.25 if left else 0.55 if beyond else 0.8),
            "left" if left else "right",
        )
        lifted = ENTRY - sign * 0.1 * gap if abs(p_liq - ENTRY) < 0.2 * gap or off else p_liq + sign * 0.12 * gap
        price_text.set(position=(x, lifted), ha=side_of_point, va="center")
        price_text.set_text(f"{p_liq:.2f}" + (": liquidated at once" if beyond else ""))
        above.set_title(f"maintenance at liquidation, {side} of {leverage:g}× in BTC")
        share_text.set(position=(x, 190 * share), ha=side_of_point)
        share_text.set_text(f"{100 * share:.2f} %, line {tiers.tier(notional) + 1}")
        return {
            "liquidation price": f"{p_liq:.2f} (entry price {ENTRY:.0f})",
            "line that binds": f"{tiers.tier(notional) + 1} at liquidation, {tiers.tier(opened) + 1} at entry",
            "maintenance at liquidation": f"{100 * share:.2f} % of the notional",
            "safe at entry": f"{'no' if beyond else 'yes'}, up to {_millions(safe_to)}",
            "leverage offered": f"{'no' if opened >= offered else 'yes'}, below {_millions(offered)}",
        }

    return update


def _prices(tiers, opened, leverage, sign):
    """Price of every line alone, and the one that counts, for positions of these notionals when opened."""
    each = line_prices(sign * opened / ENTRY, ENTRY, opened / leverage, tiers)
    return each, each.max(axis=-1) if sign > 0 else each.min(axis=-1)


def _kinks(tiers, leverage, sign):
    """Notionals when opened at which the liquidation price lies exactly on a floor (exercise 4; shorts likewise)."""
    floors, rates, deductions = tiers.floors[1:], tiers.rates[1:], tiers.deductions[1:]
    return (floors * (1 - sign * rates) + sign * deductions) / (1 - sign / leverage)


def _limits(table, leverage):
    """Notional from which the table does not offer this leverage, and up to which maintenance alone would allow it."""
    refused = table.floors[table.max_leverage < leverage]
    steep = table.rates > 1 / leverage
    reached = table.deductions[steep] / (table.rates[steep] - 1 / leverage)
    return min(refused, default=np.inf), min(reached, default=np.inf)


def _millions(notional):
    return f"{notional / 1e6:,.0f} million" if notional < np.inf else "any size"


@style.layout(2, (7.2, 3.8))
def forgotten_deduction(axes):
    """Surplus of two positions under brackets that charge their rate on the whole notional, without a deduction. The
    surplus jumps where the bracket changes, and the prices at which the account is safe fall into two pieces: on the
    left a long that is liquidated because the price rises, on the right a short that is liquidated because it falls.
    """
    cases = (
        (axes[0], 20.0, 85.0, (0.05, 0.15), (76, 100), "long: 5 %, above the edge 15 %"),
        (axes[1], -20.0, 115.0, (0.10, 0.04), (105, 124), "short: 10 %, above the edge 4 %"),
    )
    facts = {}
    for ax in axes:
        left, _, width, _ = ax.get_position().bounds
        ax.set_position((left, 0.15, width, 0.64))
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
        ax.plot(roots, [0, 0], **THRESHOLD)
        ax.set(xlim=span, xlabel="price (numeraire per unit)", title=title)
        facts[f"{title.split(':')[0]}: thresholds"] = f"{roots[0]:.2f} and {roots[1]:.2f}"
        facts[f"{title.split(':')[0]}: bracket edge"] = edge
        low, high = ax.get_ylim()
        ax.set_ylim(low, high + 0.16 * (high - low))
        beside = 0.02 * (span[1] - span[0])
        ax.text(edge + beside, high + 0.03 * (high - low), f"edge at {edge:.0f}", fontsize=9.5,
                bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.0})  # fmt: skip
    axes[0].set_ylabel("surplus (numeraire)")
    handles = [
        Line2D([], [], **style.line("equity"), label="surplus, rate on the whole notional"),
        Line2D([], [], **THRESHOLD, label="threshold"),
        Patch(**style.area("liquidated"), label="liquidated"),
    ]
    axes[0].figure.legend(handles=handles, loc="upper center", ncols=3)

    def update():
        return facts

    return update


def _threshold(quantity: float, margin: float, rate: float) -> float:
    lower, upper = liquidation_prices(quantity, ENTRY, margin, Tiers.flat(rate))
    return lower if quantity > 0 else upper
