"""Pictures of chapter 8. Each figure function draws once and returns an update that reports what it shows."""

import numpy as np

from cascadelab.criticality.avalanches import critical_ratios, random_gaps
from cascadelab.criticality.borel import borel_pmf, extinction_probability
from cascadelab.criticality.feedback import amplification
from cascadelab.criticality.hysteresis import fold
from cascadelab.kit import style
from cascadelab.kit.sliders import Slider, Sliders

CENTRE, SLOPE = 85.0, 0.05

HYSTERESIS_SLIDERS: Sliders = {
    "shocked_price": Slider(76.0, 120.0, 95.0, 0.1, label="Shocked price"),
    "kappa_max": Slider(0.4, 2.0, 1.667, 0.001, label="Largest branching ratio"),
    "width": Slider(1.5, 4.0, 3.0, 0.1, label="Width of the book", unit="price"),
}


def hysteresis(ax):
    """Price at which a market rests, against the shocked price, for a book with a hump of thresholds around 85. Solid
    line: the highest rest, where a cascade stops. Dash-dotted line: a lower rest, from which a market comes back if
    what was sold is bought again. Dotted line: a rest that no market stays at. Cross: where the cascade stops at the
    chosen shock. Where the solid and the dash-dotted line part, arrows mark crash and recovery.
    """
    prices = np.linspace(35.0, 120.0, 681)
    (upper,) = ax.plot([0], [0], **style.line("equity"), label="on the way down")
    (lower,) = ax.plot([0], [0], **style.line("second"), label="on the way back, for reversible flow")
    (between,) = ax.plot([0], [0], **style.line("liquidated"), label="unstable")
    arrows = [ax.plot([0, 0], [0, 0], color=style.INK, linewidth=1.2, marker=m, markevery=[1], markersize=7)[0]
              for m in ("v", "^")]  # fmt: skip
    (rest,) = ax.plot([0], [0], **style.point("liquidated"), label="the cascade stops here")
    texts = [ax.text(0, 0, "", bbox=style.box(), ha=ha, va=va) for ha, va in (("right", "center"), ("left", "center"))]
    ax.set(xlim=(75, 121), ylim=(38, 122), xlabel="shocked price", ylabel="price after all forced sales")
    ax.legend(loc="upper left", labelspacing=0.3).set_zorder(0.5)  # stands still

    def update(shocked_price, kappa_max, width):
        book = fold(4 * width * kappa_max / SLOPE, width, CENTRE, SLOPE)
        shocks = book.shock_for(prices)
        turns = (book.crash_price, book.recovery_price) if book.bistable else (CENTRE, CENTRE)
        price, back = book.price([shocked_price, book.recovery_shock if book.bistable else CENTRE])
        landing = book.price(book.crash_shock, branch="lower") if book.bistable else CENTRE
        stops = (prices >= turns[0]) | (prices <= landing)
        upper.set_data(shocks, np.where(stops, prices, np.nan))
        for line, part in ((lower, (prices > landing) & (prices <= turns[1])), (between, ~stops & (prices > turns[1]))):
            line.set_data(shocks[part], prices[part])
        rest.set_data([shocked_price], [price])
        if book.bistable:
            arrows[0].set_data([book.crash_shock] * 2, [book.crash_price, landing])
            arrows[1].set_data([book.recovery_shock] * 2, [book.recovery_price, back])
            texts[0].set(x=book.crash_shock - 0.8, y=(book.crash_price + landing) / 2, text="crash")
            texts[1].set(x=book.recovery_shock + 0.8, y=(book.recovery_price + back) / 2, text="recovery")
        for artist in (*arrows, *texts):
            artist.set_visible(book.bistable)
        return {
            "price where the cascade stops": float(price),
            "branching ratio there": book.kappa(price),
            "part of the book sold": book.supply(price) / book.total,
            "crash at a shocked price of": book.crash_shock if book.bistable else "none: no jump",
            "recovery at a shocked price of": book.recovery_shock if book.bistable else "none: no jump",
        }

    return update


BOOKS, ACCOUNTS, BINS = 2500, 1024, 11  # bins 1, 2–3, 4–7, …, 512–1023, and 1024 or more

AVALANCHE_SLIDERS: Sliders = {
    "kappa": Slider(0.05, 1.6, 0.7, 0.01, label="Branching ratio"),
}


def avalanche(ax):
    """Share of avalanches by size, in bins that double, on a logarithmic axis. Bars: random books with one seed each,
    the same books at every branching ratio. Diamonds: Borel's law. The last bar counts avalanches of 1,024 accounts
    or more, which for the law includes those that never end.
    """
    reached = critical_ratios(random_gaps(BOOKS, ACCOUNTS - 1, np.random.default_rng(80)))
    edges = 2 ** np.arange(BINS)
    sizes = np.arange(1, ACCOUNTS)
    which = np.floor(np.log2(sizes)).astype(int)
    places = np.arange(BINS)
    bars = ax.bar(places, np.ones(BINS), bottom=1e-5, width=0.72, **style.area("equity") | {"linewidth": 1.0})
    (law,) = ax.plot(places, np.ones(BINS), **style.point("price") | {"markersize": 6})
    names = ["1", *(f"{e}–{2 * e - 1}" for e in edges[1:6]), *(f"{e}–" for e in edges[6:])]
    ax.set_xticks(places, names, fontsize=8.5)
    ax.set(
        yscale="log",
        ylim=(2e-4, 1.5),
        xlabel="accounts in the avalanche (each bin ends where the next begins)",
        ylabel="share of avalanches",
    )
    ax.legend([bars, law], ["random books", "Borel's law"], loc="lower center", bbox_to_anchor=(0.5, 0.99),
              ncols=2).set_zorder(0.5)  # stands still  # fmt: skip

    def update(kappa):
        drawn = 1 + (reached < kappa).sum(axis=1)
        counts = np.bincount(np.floor(np.log2(drawn)).astype(int), minlength=BINS) / BOOKS
        pmf = borel_pmf(sizes, kappa)
        expected = np.append(np.bincount(which, pmf), 1 - pmf.sum())
        for bar, share in zip(bars, counts, strict=True):
            bar.set_height(max(share - 1e-5, 0.0))
        law.set_ydata(np.maximum(expected, 1e-9))
        return {
            "alone, simulated": float(counts[0]),
            "alone, by the law": float(pmf[0]),
            "mean size, simulated (cut at 1,024)": float(drawn.mean()),
            "1,024 or more, simulated": float(counts[-1]),
            "never ends, by the law": 1 - extinction_probability(kappa),
        }

    return update


@style.layout(2, (7.2, 3.5))
def rounds(axes):
    """Units sold round by round after one unit, as bars, and all so far, as a line. Round 0 is that unit itself.
    Left: a branching ratio of 0.6; the rounds shrink and the sum approaches 2.5, the dashed line. Right: 1.1; the
    rounds grow, without an end.
    """
    numbers = np.arange(9)
    for ax, kappa in zip(axes, (0.6, 1.1), strict=True):
        each = kappa**numbers
        ax.bar(numbers, each, width=0.7, **style.area("liquidated") | {"linewidth": 1.0})
        ax.plot(numbers, np.cumsum(each), **style.line("price"))
        ax.plot(numbers, np.cumsum(each), **style.point("price") | {"markersize": 4})
        ax.set(title=f"κ = {kappa}", xlabel="round (0: the unit sold first)", xlim=(-0.6, 8.6))
    end = amplification(0.6)
    axes[0].axhline(end, **style.line("maintenance"))
    axes[0].annotate(f"1/(1 − κ) = {end:g}", (8.4, end), xytext=(0, 4), textcoords="offset points", ha="right",
                     color=style.color("maintenance"))  # fmt: skip
    axes[0].set(ylabel="units sold", ylim=(0, 3))
    axes[1].annotate("all so far", (5, 7.7), xytext=(-8, 8), textcoords="offset points", ha="right")
    axes[1].annotate("this round", (7, 1.1**7), xytext=(0, 6), textcoords="offset points", ha="center",
                     color=style.color("liquidated"))  # fmt: skip
    axes[1].set_ylim(0, 15)

    def update():
        return {
            "after 8 rounds at 0.6": float((0.6**numbers).sum()),
            "in the end at 0.6": end,
            "after 8 rounds at 1.1": float((1.1**numbers).sum()),
        }

    return update
