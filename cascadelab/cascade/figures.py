"""Pictures of chapter 7. Each figure function draws once and returns an update that reports what it shows."""

import numpy as np

from cascadelab.cascade.equilibrium import least_severe, worst
from cascadelab.cascade.ladder import Ladder
from cascadelab.cascade.schedules import rounds, run, worst_first
from cascadelab.impact.depth import market_of_depth
from cascadelab.impact.exponential import Exponential
from cascadelab.impact.fills import proportional
from cascadelab.impact.linear import Linear
from cascadelab.kit import style
from cascadelab.kit.sliders import Choice, Slider, Sliders
from cascadelab.kit.tables import load

SMALL = Ladder([97.0, 94.0, 93.0, 91.0, 80.0], [2.0, 4.0, 6.0, 8.0, 10.0])

STAIRCASE_SLIDERS: Sliders = {
    "shocked_price": Slider(85.0, 100.0, 98.0, 0.1, label="Price after the shock"),
    "depth": Slider(1.5, 8.0, 2.0, 0.1, label="Market depth", unit="units per 1 of price"),
    "form": Choice(("linear", "exponential", "square root"), label="Impact"),
}


@style.layout(1, (6.4, 4.0))
def staircase(ax):
    """Price against quantity for five accounts. The thick staircase is the supply of forced sales: at each price, the
    units of all accounts with a higher liquidation price. The falling curve is what a sale does to the price. The thin
    zigzag are the rounds of the cascade; it ends at the first crossing of an upright piece, marked by a diamond. A
    cross marks the lowest such crossing, the worst equilibrium.
    """
    units = np.linspace(0.0, 33.0, 200)
    steps = np.repeat(SMALL.cumulative, 2)
    heights = np.append(np.insert(np.repeat(SMALL.thresholds, 2), 0, 101.5), 50.0)
    ax.plot(
        steps, heights, **style.line("maintenance") | {"linestyle": "-", "zorder": 0.9}, label="supply of forced sales"
    )
    (curve,) = ax.plot(units, 0 * units, **style.line("equity"), label="price after a sale")
    (zigzag,) = ax.plot([], [], color=style.INK, linewidth=1.0, label="rounds")
    (bad,) = ax.plot([0], [0], **style.point("liquidated") | {"markersize": 11, "zorder": 4}, label="worst equilibrium")
    (end,) = ax.plot([0], [0], **style.point("price") | {"zorder": 5}, label="end of the cascade")
    text = ax.text(0, 0, "", bbox=style.box(), va="center", zorder=6)
    ax.set(xlim=(-0.6, 33), ylim=(64, 104), xlabel="quantity sold (units)", ylabel="price")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 0.95), ncols=3).set_zorder(0.5)  # stands still

    def update(shocked_price, depth, form):
        market = market_of_depth(form, depth)
        curve.set_ydata(market.price(shocked_price, units))
        cascade, run_on = least_severe(SMALL, shocked_price, market), worst(SMALL, shocked_price, market)
        path = cascade.path
        sold = SMALL.supply(path)
        zigzag.set_data(np.append(0.0, np.repeat(sold, 2))[:-1], np.repeat(path, 2)[: 2 * path.size])
        end.set_data([cascade.sold], [cascade.price])
        bad.set_data([run_on.sold], [run_on.price])
        text.set(position=(cascade.sold + 1, cascade.price + 1.4), text=f"{cascade.price:.1f}")
        return {
            "end price": cascade.price,
            "accounts lost": cascade.count,
            "units sold": cascade.sold,
            "rounds": cascade.rounds,
            "accounts in the largest block": int(SMALL.blocks(market).count.max()),
            "worst equilibrium": run_on.price,
        }

    return update


@style.layout(2, (7.2, 3.7))
def triggers(axes):
    """Left: trigger of each of the five accounts (squares) and their running minimum (line); accounts on one flat piece
    are one avalanche block, shaded. Right: end price against the shocked price, in the least severe (solid) and in the
    worst equilibrium (dashed), with the price if nobody were sold (thin). Each jump of the solid line is one block.
    """
    market = Linear(0.5)
    found, blocks = SMALL.triggers(market), SMALL.blocks(market)
    lowest = np.minimum.accumulate(found)
    left, right = axes
    ends = np.cumsum(blocks.count)
    for first, last, shade in zip(ends - blocks.count, ends, (True, False, True), strict=True):
        left.axvspan(first + 0.5, last + 0.5, color=style.GREY, alpha=0.2 if shade else 0.08, linewidth=0)
    left.step(np.arange(7), np.concatenate([lowest[:1], lowest, lowest[-1:]]), where="mid", **style.line("equity"))
    left.plot(np.arange(1, 6), found, **style.point("maintenance"))
    for number, trigger in enumerate(found, start=1):
        left.annotate(f"{trigger:g}", (number, trigger), xytext=(0, 7), textcoords="offset points", ha="center")
    left.set(xlim=(0.5, 5.5), ylim=(88, 100), xticks=range(1, 6), xlabel="account, from the highest threshold",
             ylabel="trigger (shocked price)", title="triggers and running minimum")  # fmt: skip
    shocks = np.linspace(85.0, 102.0, 1701)
    best = SMALL.response(shocks, market).price
    lows = np.array([worst(SMALL, shock, market).price for shock in shocks])
    right.plot(shocks, shocks, **style.line("guide"))
    for prices, role, label in ((lows, "maintenance", "worst"), (best, "equity", "least severe")):
        broken = np.insert(prices, np.flatnonzero(np.diff(prices) > 0.5) + 1, np.nan)
        at = np.insert(shocks, np.flatnonzero(np.diff(prices) > 0.5) + 1, np.nan)
        right.plot(at, broken, **style.line(role), label=label)
    right.set(xlim=(85, 102), ylim=(68, 103), xticks=(85, 90, 95, 101), title="response")
    right.set(xlabel="price after the shock", ylabel="price at the end")
    right.legend(loc="upper left")
    largest = int(blocks.quantity.argmax())

    def update():
        return {
            "blocks": blocks.count.size,
            "accounts in the largest": int(blocks.count[largest]),
            "its trigger": float(blocks.trigger[largest]),
            "its fall of the price": float(0.5 * blocks.quantity[largest]),
        }

    return update


ORACLE = 2368.79  # dollars per WETH at the block of the table
CRVUSD_SLIDERS: Sliders = {
    "fall": Slider(0.0, 0.6, 0.24, 0.005, label="Shock", unit="fraction"),
    "share": Slider(0.01, 1.0, 0.1, 0.05, label="Share of the quoted depth", log=True),
}


def quoted_rate() -> float:
    """Rate of exponential impact, per WETH: twice slippage over size, the median of the quotes from ten million on.

    >>> print(f"{quoted_rate():.3g}")
    2.14e-06
    """
    quotes = load("dex_impact_quotes")
    large = (quotes["asset"] == "WETH") & (quotes["notional"] >= 1e7)
    return float(np.median(2 * quotes["slippage"][large] / quotes["notional"][large]) * ORACLE)


@style.layout(2, (7.2, 3.7))
def crvusd(axes):
    """Collateral of crvUSD loans against WETH on 30 January 2024, if each price band were sold out at once and for good
    (it is not). Left: WETH by band, those that are lost thick and red, with a bar below the largest block. Right:
    fall of the price at the end against the shock, with the shock alone (thin) and the present shock (diamond).
    """
    table = load("crvusd_thresholds")
    book, rate = Ladder(table["threshold"], table["quantity"]), quoted_rate()
    falls = np.linspace(0.0, 0.6, 601)
    left, right = axes
    at = 100 * (1 - table["threshold"] / ORACLE)
    bars = left.vlines(at, 0, table["quantity"], color=style.GREY)
    (limit,) = left.plot([0, 0], [0, 760], **style.line("guide") | {"color": style.INK})
    label = left.text(0, 720, "", bbox=style.box(), va="center", zorder=5)
    (bar,) = left.plot([0, 0], [0, 0], color=style.INK, linewidth=4, solid_capstyle="butt")
    left.set(xlim=(0, 100), ylim=(-15, 760), xlabel="threshold, % below the oracle price", ylabel="WETH in the band")
    right.plot(100 * falls, 100 * falls, **style.line("guide"))
    (response,) = right.plot(100 * falls, 100 * falls, **style.line("equity"))
    (point,) = right.plot([0], [0], clip_on=False, **style.point("price"))
    right.set(xlim=(0, 60), ylim=(0, 100), xlabel="shock, % below the oracle price", ylabel="fall at the end, %")

    def update(fall, share):
        market = Exponential(rate / share)
        answer = book.response(ORACLE * (1 - falls), market)
        response.set_ydata(100 * (1 - answer.price / ORACLE))
        outcome, blocks = book.run(ORACLE * (1 - fall), market), book.blocks(market)
        end = 100 * (1 - outcome.price / ORACLE)
        bars.set_color(np.where(outcome.liquidated, style.color("liquidated"), style.GREY))
        bars.set_linewidth(np.where(outcome.liquidated, 2.0, 1.0))
        limit.set_xdata([end, end])
        label.set(x=end + (1.5 if end < 55 else -1.5), ha="left" if end < 55 else "right", text="end price")
        point.set_data([100 * fall], [end])
        largest = int(blocks.quantity.argmax())
        first = int(blocks.count[:largest].sum())
        members = 100 * (1 - book.thresholds[[first, first + int(blocks.count[largest]) - 1]] / ORACLE)
        bar.set_data(members + np.array([-0.4, 0.4]), [-8, -8])
        return {
            "bands lost": outcome.count,
            "WETH sold": outcome.sold,
            "fall at the end, %": end,
            "beyond the shock, points": end - 100 * fall,
            "bands in the largest block": int(blocks.count[largest]),
            "WETH in the largest block": float(blocks.quantity[largest]),
            "shock that sets it off, %": 100 * (1 - float(blocks.trigger[largest]) / ORACLE),
        }

    return update


CROWD_RATE, CROWD_SHOCK = 0.002, 80.0


def crowd() -> tuple[np.ndarray, np.ndarray]:
    """Sixty random accounts: thresholds between 40 and 100, one to five units each.

    >>> thresholds, units = crowd()
    >>> print(len(thresholds), f"{units.sum():.0f}")
    60 185
    """
    rng = np.random.default_rng(5)
    thresholds = np.sort(rng.uniform(40, 100, 60))[::-1].round(1)
    return thresholds, rng.integers(1, 6, 60).astype(float)


@style.layout(2, (7.2, 3.7))
def schedules(axes):
    """Sixty accounts after a shock to 80. Left: price by step, one account at a time (solid) and in rounds (dashed),
    if the total counts: two paths, one end. Right: accounts lost against the number of accounts that are sold together,
    if the total counts (solid) and if each fill takes a fraction of the price that it finds (squares).
    """
    thresholds, units = crowd()
    whole = Exponential(CROWD_RATE)
    single, together = (run(thresholds, units, CROWD_SHOCK, whole.price, s) for s in (worst_first(), rounds))
    left, right = axes
    left.step(range(len(single.prices)), single.prices, where="post", **style.line("equity"), label="one by one")
    left.step(range(len(together.prices)), together.prices, where="post", **style.line("maintenance"), label="rounds")
    left.plot([len(together.prices) - 1, len(single.prices)], [together.price] * 2, **style.line("guide"))
    left.set(xlim=(0, len(single.prices)), xlabel="step", ylabel="price", title="the total counts")
    left.legend(loc="upper right")
    sizes = np.arange(1, 31)
    per_fill = [
        run(thresholds, units, CROWD_SHOCK, lambda p, u: float(proportional(p, u, CROWD_RATE)), worst_first(int(size)),
            cumulative=False)
        for size in sizes
    ]  # fmt: skip
    lost = [len(done.lost) for done in per_fill]
    cumulative = [len(run(thresholds, units, CROWD_SHOCK, whole.price, worst_first(int(s))).lost) for s in sizes]
    right.plot(sizes, lost, **style.point("maintenance") | {"markersize": 4.5}, label="a fraction at each fill")
    right.plot(sizes, cumulative, **style.line("equity"), label="the total counts")
    right.set(xlim=(0, 31), ylim=(28, 40), xlabel="accounts sold together", ylabel="accounts lost", title="batches")
    right.legend(loc="upper left")

    def update():
        return {
            "end price, one by one": single.price,
            "end price, rounds": together.price,
            "lost, total counts": cumulative[0],
            "lost, fills of 1": lost[0],
            "lost, fills of 30": lost[-1],
        }

    return update
