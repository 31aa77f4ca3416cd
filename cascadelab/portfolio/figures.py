"""Pictures of chapter 3. Each figure function draws once and returns an update that reports what it shows."""

import numpy as np

from cascadelab.kit import style
from cascadelab.kit.sliders import Choice, Slider, Sliders
from cascadelab.portfolio.account import Account
from cascadelab.portfolio.holdings import Balance, Position
from cascadelab.portfolio.isolation import isolated
from cascadelab.portfolio.polygon import clip, safe_polygon
from cascadelab.thresholds import Tiers

NOW = {"A": 100.0, "B": 50.0}


def book_of(name):
    """Two longs (account X of the running example) or a hedge; both have a surplus of 180 at prices 100 and 50."""
    if name == "two longs":
        return Account(-1620.0, [Balance("A", 10.0, asset_weight=0.9), Balance("B", 20.0, asset_weight=0.9)])
    return Account(380.0, [Balance("A", 10.0, asset_weight=0.9), Balance("B", -20.0, liability_weight=1.1)])


def legs_of(account, share):
    """Isolated legs that start with `share` and 1 − `share` of the account's surplus at prices 100 and 50."""
    face = account.face(NOW)
    start = account.surplus(NOW)
    cash_a = share * start - face.normal[0] * NOW["A"]
    return isolated(account, {"A": cash_a, "B": account.cash - cash_a})


BOX_AND_HALF_SPACE_SLIDERS: Sliders = {
    "price_a": Slider(40.0, 160.0, 100.0, 1.0, label="Price of A", unit="numeraire"),
    "price_b": Slider(20.0, 80.0, 50.0, 0.5, label="Price of B", unit="numeraire"),
    "share": Slider(0.0, 1.0, 0.5, 0.05, label="Surplus given to leg A", unit="fraction"),
    "book": Choice(("two longs", "long and short"), label="Book"),
}


@style.layout(1, (6.4, 4.4))
def box_and_half_space(ax):
    """Safe prices of one account in two assets, in the plane of the two prices. As a cross-margin account it is safe
    on one side of a straight line; split into two isolated legs, both are safe only inside a box with its corner on
    that line. The marker is the present pair of prices, a circle where the cross account is safe and a cross where
    not; the thin line from it ends, at a labelled price, at the cross account's liquidation price of A.
    """
    right, top = 163.0, 81.5
    window = np.array([[0.0, 0.0], [right, 0.0], [right, top], [0.0, top]])
    (lost,) = ax.fill([0, 1, 1], [0, 0, 1], **style.area("liquidated"), label="cross: liquidated")
    (box,) = ax.fill(
        [0, 1, 1], [0, 0, 1], facecolor=style.color("safe"), alpha=0.2, linewidth=0.0, label="isolated: both safe"
    )
    (line,) = ax.plot([0, 1], [0, 1], **style.line("liquidated") | {"linestyle": "-"}, label="cross: edge")
    (edge,) = ax.plot([0, 1], [0, 1], **style.line("safe") | {"linestyle": "--"})
    ends_at = ax.text(0, 0, "", ha="center", va="center", clip_on=True, bbox=style.box())
    (reach,) = ax.plot([0, 1], [0, 0], **style.line("price") | {"linewidth": 1.0}, marker="|", markersize=9)
    (point,) = ax.plot([0], [0], **style.point("safe"), markeredgecolor=style.PAPER, zorder=5)
    status = ax.text(0.015, 0.03, "", transform=ax.transAxes, bbox=style.box(), va="bottom", linespacing=1.4)
    ax.set(xlim=(37, right), ylim=(18.5, top), xlabel="price of A (numeraire)", ylabel="price of B (numeraire)")
    ax.legend(loc="lower center", ncols=3, bbox_to_anchor=(0.48, 1.0), columnspacing=1.6)

    def update(price_a, price_b, share, book):
        account = book_of(book)
        legs = legs_of(account, share)
        here = {"A": price_a, "B": price_b}
        _, normal, offset = account.face(NOW)
        lost.set_xy(clip(window, -normal, -offset))
        ends = np.array([37.0, right])
        line.set_data(ends, (offset - normal[0] * ends) / normal[1])
        corner_a = -legs["A"].cash / normal[0]
        corner_b = -legs["B"].cash / normal[1]
        far_b = top if normal[1] > 0 else 0.0
        box.set_xy([[corner_a, corner_b], [right, corner_b], [right, far_b], [corner_a, far_b]])
        edge.set_data([right, corner_a, corner_a], [corner_b, corner_b, far_b])
        surplus = {"cross": account.surplus(here), "leg A": legs["A"].surplus(here), "leg B": legs["B"].surplus(here)}
        surplus = {name: round(value, 6) + 0.0 for name, value in surplus.items()}  # a slider's step leaves residues
        verdict = {name: "safe" if value >= 0 else "liquidated" for name, value in surplus.items()}
        exit_a = (offset - normal[1] * price_b) / normal[0]
        reach.set_data([exit_a, price_a], [price_b, price_b])
        ends_at.set(position=(exit_a, price_b + (3 if price_b < 76 else -3)), text=f"{exit_a:.0f}")
        point.set_data([price_a], [price_b])
        point.set(**{k: v for k, v in style.point(verdict["cross"]).items() if k != "linestyle"})
        status.set_text("\n".join(f"{name}: {word}" for name, word in verdict.items()))
        return {
            "surplus of the cross account": surplus["cross"],
            "surplus of isolated leg A": surplus["leg A"],
            "surplus of isolated leg B": surplus["leg B"],
            "liquidation price of A, cross": f"{exit_a:.2f}" if exit_a > 0 else "none",
            "corner of the box": f"A {corner_a:.2f}, B {corner_b:.2f}",
            "liquidated": ", ".join(name for name, word in verdict.items() if word != "safe") or "none",
        }

    return update


WALLET = 1_535_443.01
ETH_RATES = [0.005, 0.0065, 0.01, 0.02, 0.05, 0.1, 0.125, 0.15, 0.25]
ETH_DEDUCTIONS = [0, 15, 365, 5_365, 35_365, 135_365, 260_365, 510_365, 2_510_365]
BTC_RATES = [0.004, 0.005, 0.01, 0.025, 0.05, 0.1, 0.125, 0.15, 0.25]
BTC_DEDUCTIONS = [0, 50, 1_300, 16_300, 141_300, 641_300, 1_141_300, 2_016_300, 7_016_300]
ETH = Position("ETH", 3683.979, 1456.84, Tiers(ETH_RATES, ETH_DEDUCTIONS))
BTC = Position("BTC", 109.488, 32_481.98, Tiers(BTC_RATES, BTC_DEDUCTIONS))
MARKS = {"ETH": 1335.18, "BTC": 31_967.27}


@style.layout(1, (6.4, 4.4))
def published_pair(ax):
    """A published wallet with a long in BTC and a long in ETH, in the plane of the two prices. From today's marks, a
    fall of ETH alone meets the cross account's edge before it meets the line of the ETH position with the same wallet
    to itself; a fall of BTC alone meets the cross edge far earlier than the isolated line. The edge has a slight kink
    where the ETH position enters a higher tier.
    """
    cross = Account(WALLET, positions=[ETH, BTC])
    eth, btc = MARKS["ETH"], MARKS["BTC"] / 1e3
    alone = {p.asset: Account(WALLET, positions=[p]).liquidation_prices(p.asset, {})[0] for p in (ETH, BTC)}
    together = {asset: cross.liquidation_prices(asset, MARKS)[0] for asset in MARKS}
    kink = ETH.tiers.floors[6] / ETH.quantity
    heights = np.array([800.0, kink, 1750.0])
    edge = np.array([cross.liquidation_prices("BTC", {"ETH": price})[0] for price in heights]) / 1e3
    ax.fill_betweenx(heights, 0, edge, **style.area("liquidated"), label="cross: liquidated")
    ax.plot(edge, heights, **style.line("liquidated") | {"linestyle": "-"}, label="cross: edge")
    ax.plot(
        [40, *[alone["BTC"] / 1e3] * 2],
        [alone["ETH"]] * 2 + [1700],
        **style.line("second"),
        label="alone with the wallet",
    )
    arrow = {"arrowstyle": "->", "color": style.INK, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", (btc, together["ETH"]), (btc, eth), arrowprops=arrow)
    ax.annotate("", (together["BTC"] / 1e3, eth), (btc, eth), arrowprops=arrow)
    ax.plot([btc], [eth], **style.point("price"))
    ax.text(btc + 0.8, eth, "marks", va="center", bbox=style.box())
    ax.text(btc + 0.5, together["ETH"] + 14, f"ETH {together['ETH']:,.2f}", bbox=style.box())
    ax.text(alone["BTC"] / 1e3 + 0.4, alone["ETH"] - 18, f"ETH {alone['ETH']:,.2f}", va="top", bbox=style.box())
    ax.text(together["BTC"] / 1e3 + 0.6, eth + 30, f"BTC {together['BTC']:,.2f}", bbox=style.box())
    ax.text(alone["BTC"] / 1e3 + 0.4, 1640, f"BTC {alone['BTC']:,.2f}", bbox=style.box())
    ax.set(xlim=(15, 40), ylim=(800, 1700), xlabel="price of BTC (thousand USDT)", ylabel="price of ETH (USDT)")
    ax.legend(loc="lower center", ncols=3, bbox_to_anchor=(0.48, 1.0), columnspacing=1.6)

    def update():
        return {
            "ETH, cross": together["ETH"],
            "ETH, alone with the wallet": alone["ETH"],
            "BTC, cross": together["BTC"],
            "BTC, alone with the wallet": alone["BTC"],
        }

    return update


HEDGE_TIERS = Tiers.from_floors([0, 1500], [0.05, 0.4])


def hedged_book(tiers=HEDGE_TIERS):
    """14 A long and 20 B short with a wallet of 288, opened at prices 100 and 50."""
    return Account(288.0, positions=[Position("A", 14.0, 100.0, tiers), Position("B", -20.0, 50.0, tiers)])


@style.layout(1, (6.4, 4.4))
def tiers_cut_corners(ax):
    """Safe prices of a hedged book, 14 A long and 20 B short. With one maintenance rate the safe set is a half-space
    below a straight line; a second tier of each asset bends its edge, into three faces with corners where the price
    of A is 107.14 and where that of B is 75. Both prices moving together walk along the thin line, which leaves the
    safe set twice: on the way down, and on the way up.
    """
    account, flat = hedged_book(), hedged_book(Tiers.flat(0.05))
    limits = (220.0, 110.0)
    safe = safe_polygon(account, ("A", "B"), {}, limits)
    _, normal, offset = flat.face(NOW)
    ends = np.array([0.0, limits[0]])
    ax.fill(*safe.T, facecolor=style.color("safe"), alpha=0.18, linewidth=0)
    frame = np.array([[0.0, 0.0], limits])
    sides = [
        (p, q) for p, q in zip(safe, np.roll(safe, -1, axis=0), strict=True) if not np.any((p == q) & (p == frame))
    ]
    for k, side in enumerate(sides):
        ax.plot(*np.transpose(side), **style.line("safe"), label="" if k else "two tiers: edge")
    ax.plot(ends, (offset - normal[0] * ends) / normal[1], **style.line("second"), label="one rate: edge")
    kink_a, kink_b = (HEDGE_TIERS.floors[1] / abs(p.quantity) for p in account.positions)
    ax.axvline(kink_a, **style.line("guide"))
    ax.axhline(kink_b, **style.line("guide"))
    ax.text(kink_a + 2, 3, f"second tier: A {kink_a:.0f}", va="bottom", bbox=style.box())
    ax.text(3, kink_b - 1.5, f"second tier: B {kink_b:.0f}", va="top", bbox=style.box())
    ax.plot(ends, ends / 2, **style.line("price") | {"linewidth": 1.0}, label="both prices together")
    lower, upper = account.exit(NOW, NOW)
    exits = np.array([[1 + t] for t in (lower, upper)]) * [NOW["A"], NOW["B"]]
    ax.plot(*exits.T, **style.point("liquidated"), markeredgecolor=style.PAPER, zorder=5)
    ax.plot([NOW["A"]], [NOW["B"]], **style.point("price"), zorder=5)
    for t, (x, y) in zip((lower, upper), exits, strict=True):
        ax.text(
            x + 4, y - 5, f"{t:+.1%}".replace("-", "−"), color=style.color("liquidated"), va="top", bbox=style.box()
        )
    ax.text(NOW["A"] + 4, NOW["B"] - 5, "now", va="top", bbox=style.box())
    ax.set(xlim=(0, limits[0]), ylim=(0, limits[1]), xlabel="price of A (numeraire)", ylabel="price of B (numeraire)")
    ax.legend(loc="lower center", ncols=3, bbox_to_anchor=(0.48, 1.0), columnspacing=1.6)

    def update():
        plain = flat.exit(NOW, NOW)
        return {
            "faces": len(sides),
            "exit when both fall": lower,
            "exit when both rise": round(upper, 9),
            "one rate, both fall": plain[0],
            "one rate, both rise": "none" if plain[1] is None else plain[1],
            "second tier starts at": f"A {kink_a:.2f}, B {kink_b:.2f}",
        }

    return update


PUT_STRIKE, PUT_SIZE = 60.0, 8.0


def collar():
    """10 A owned and 7 A short in steep tiers: concave in the price, with two thresholds."""
    steep = Tiers.from_floors([0, 840], [0.02, 0.5])
    return Account(-150.0, [Balance("A", 10.0, asset_weight=0.9)], [Position("A", -7.0, 0.0, steep)])


def surplus_with_put(price):
    """Surplus of the same account when it also owns puts on A that are credited at their exercise value."""
    return collar().surplus({"A": price}) + PUT_SIZE * np.maximum(PUT_STRIKE - np.asarray(price), 0.0)


def three_thresholds(ax):
    """Surplus of an account against the price of A, with and without puts that are credited as collateral. Without
    them the surplus is concave and the safe prices are one interval. With them the surplus falls, rises and falls
    again: it has three zeros, and the safe prices come in two pieces with a gap between them.
    """
    price = np.linspace(30.0, 200.0, 341)
    plain, held = collar().surplus({"A": price}), surplus_with_put(price)
    lower, upper = collar().liquidation_prices("A", {})
    slope = (surplus_with_put(PUT_STRIKE) - surplus_with_put(PUT_STRIKE - 1)).item()
    extra = PUT_STRIKE - surplus_with_put(PUT_STRIKE).item() / slope
    ax.axhline(0.0, **style.line("guide"))
    ax.axvspan(extra, lower, **style.area("liquidated"))
    ax.axvspan(upper, 200.0, **style.area("liquidated"))
    ax.plot(price, held, **style.line("equity"), label="with puts")
    ax.plot(price, plain, **style.line("maintenance"), label="without puts: concave")
    for x, shift, rise in ((extra, 18, 9), (lower, 18, -16), (upper, 18, 9)):
        ax.plot([x], [0], **style.point("liquidated"), markeredgecolor=style.PAPER)
        ax.annotate(
            f"{x:.1f}", (x, 0), textcoords="offset points", xytext=(shift, rise), color=style.color("liquidated"),
            ha="center", bbox=style.box(),
        )  # fmt: skip
    ax.set(xlim=(30, 200), ylim=(-110, 240), xlabel="price of A (numeraire)", ylabel="surplus (numeraire)")
    ax.legend(loc="lower center", ncols=2, bbox_to_anchor=(0.48, 1.0))

    def update():
        return {
            "thresholds with puts": f"{extra:.4f}, {lower:.4f}, {upper:.4f}",
            "thresholds without": f"{lower:.4f}, {upper:.4f}",
            "surplus with puts at 75": round(surplus_with_put(75.0).item(), 6),
        }

    return update
