"""Pictures of chapter 10. Each figure function draws once and returns an update that reports what it shows."""

import numpy as np

from cascadelab.contagion.feedback import spectral_radius
from cascadelab.contagion.solver import Solver
from cascadelab.impact.linear import Linear
from cascadelab.kit import style
from cascadelab.kit.sliders import Choice, Slider, Sliders
from cascadelab.kit.tables import load
from cascadelab.platforms.arbitrage import critical_kappa, healing_conductance
from cascadelab.platforms.even import ends_of_all, even_book
from cascadelab.platforms.marks import index_marks, marked_feedback, marked_response
from cascadelab.platforms.network import impact_matrix

START, BOTTOM, LOT, SALE = 100.0, 70.0, 0.5, 6.0
DEPTH = np.array([2.0, 6.0])
GRID = np.logspace(-2, 2, 121)
SPREADS = np.array([impact_matrix(DEPTH, c) for c in GRID])
SCALE = "units per price"  # short for units per unit of price: the label has one line
ROUNDS = (50, 150, 600)  # the axis of rounds reaches as far as the cascade, in few steps

ARBITRAGE_SLIDERS: Sliders = {
    "conductance": Slider(0.01, 100.0, 1.0, 0.1, label="Arbitrage conductance", unit=SCALE, log=True),
    "density_1": Slider(0.2, 3.0, 2.4, 0.1, label="Forced sellers on venue 1", unit=SCALE),
    "density_2": Slider(0.2, 5.0, 1.2, 0.1, label="Forced sellers on venue 2", unit=SCALE),
    "hit": Choice(("venue 1", "venue 2"), label="Six units are sold on"),
}


def two_venues(density_1, density_2):
    """Longs of half a unit each on two venues, thresholds evenly spread from 100 down to 70."""
    density = np.array([density_1, density_2])
    accounts = np.rint((START - BOTTOM) * density / LOT).astype(int)
    return even_book([START, START], LOT * np.eye(2), density / LOT**2, accounts.tolist())


def falls_on_grid(book, sold):
    """Falls in the end, (2, len(GRID)), for units sold on each venue."""
    held = np.asarray(book.quantity)
    limits = [START + np.asarray(book.cash)[one > 0] / LOT for one in held.T]
    return ends_of_all(SPREADS, limits, LOT, sold).T


@style.layout(2, (7.6, 3.6))
def arbitrage(axes):
    """Left: prices on two venues, round by round to the end of the cascade, after six units were sold on one of them;
    blue solid with circles is venue 1, with a depth of 2, orange dashed with squares is venue 2, with a depth of 6;
    marks stand every few rounds, the last, larger ones are the prices in the end. Right: fall of both prices in the
    end, against the arbitrage conductance on a log scale; the vertical line marks the chosen one.
    """
    left, right = axes
    left.set_position([0.08, 0.15, 0.37, 0.75])
    right.set_position([0.56, 0.15, 0.41, 0.75])
    looks = (style.line("equity") | {"marker": "o"}, style.line("maintenance") | {"marker": "s"})
    paths = [
        left.plot([0], [0], markersize=4, label=f"venue {k}", **look)[0] for k, look in zip((1, 2), looks, strict=True)
    ]
    lasts = [
        left.plot([0], [0], linestyle="none", markersize=8, color=look["color"], marker=look["marker"], clip_on=False)[
            0
        ]
        for look in looks
    ]
    ends = [right.plot(GRID, 0 * GRID, **style.line(role))[0] for role in ("equity", "maintenance")]
    dots = [
        right.plot([1], [0], linestyle="none", markersize=7, color=look["color"], marker=look["marker"], clip_on=False)[
            0
        ]
        for look in looks
    ]
    chosen = right.axvline(1.0, **style.line("guide"))
    left.set(ylim=(48, 101.5), xlabel="round of forced sales", ylabel="price")
    left.xaxis.get_major_locator().set_params(integer=True)
    left.legend(loc="lower right")
    right.set(
        xscale="log", xlim=(GRID[0], GRID[-1]), ylim=(0, 52), xlabel="arbitrage conductance", ylabel="fall in the end"
    )

    def update(conductance, density_1, density_2, hit):
        book, seed = two_venues(density_1, density_2), SALE * np.array([hit == "venue 1", hit == "venue 2"])
        spread = impact_matrix(DEPTH, conductance)
        end = Solver(book, [START, START]).run(START - spread @ seed, Linear(spread), schedule="rounds")
        falls = falls_on_grid(book, seed)
        reach = next(most for most in ROUNDS if end.rounds <= most) + 0.5
        if left.get_xlim()[1] != reach:  # a new limit draws all anew, which takes long
            left.set_xlim(-0.5, reach)
        for k in range(2):
            paths[k].set_data(range(len(end.path)), end.path[:, k])
            paths[k].set_markevery(1 + int(reach) // 25)
            lasts[k].set_data([end.rounds], [end.price[k]])
            ends[k].set_ydata(falls[k])
            dots[k].set_data([conductance], [START - end.price[k]])
        chosen.set_xdata([conductance, conductance])
        density = [density_1, density_2]
        edge = healing_conductance(DEPTH, density)
        return {
            "price on venue 1": float(end.price[0]),
            "price on venue 2": float(end.price[1]),
            "units forced out on venue 1": float(end.sold[0]),
            "units forced out on venue 2": float(end.sold[1]),
            "rounds": end.rounds,
            "r(K)": critical_kappa(DEPTH, density, conductance),
            "r(K) without arbitrage": critical_kappa(DEPTH, density, 0.0),
            "critical below a conductance of": edge if np.isfinite(edge) else "any",
        }

    return update


LOOKS = ("own price", "index", "price of venue 1")
SELLS = ("at home", "on venue 1")
DENSITIES = np.array([0.5, 1.5, 1.5])
OTHER_DEPTHS = (4.0, 5.0)
TALLEST, HIGHEST = 1.03, 2.48  # what the axes show: bars and the point are cut off there
ORACLE_GRID = np.geomspace(0.04, 400.0, 21)

ORACLE_SLIDERS: Sliders = {
    "looks": Choice(LOOKS, "price of venue 1", label="Mark price of every venue"),
    "sells": Choice(SELLS, "on venue 1", label="Forced sales take place"),
    "conductance": Slider(0.04, 400.0, 4.0, 0.1, label="Arbitrage conductance", unit=SCALE, log=True),
    "depth_1": Slider(0.5, 4.0, 1.0, 0.1, label="Depth of venue 1", unit=SCALE),
}


def oracle_matrices(looks, sells, depth):
    """Mark matrix and route matrix of three venues for the choices of the widget."""
    first = np.zeros((3, 3))
    first[:, 0] = 1.0
    marks = {LOOKS[0]: np.eye(3), LOOKS[1]: index_marks(depth), LOOKS[2]: first}[looks]
    return {"marks": marks, "routes": np.eye(3) if sells == SELLS[0] else first.T}


@style.layout(2, (7.6, 3.6))
def oracle(axes):
    """Three venues, the first one shallow. Left: after one unit was sold on venue 1, fall of the traded price (plain
    bars) and of the mark price (hatched bars) of each venue in the end; long bars are cut off. Right: branching ratio
    against the arbitrage conductance, for three choices of mark price; the point is the chosen one, and above the
    thin level at one the cascade does not stop by itself. The dash-dotted level is the largest g/d of a venue alone.
    """
    left, right = axes
    left.set_position([0.08, 0.15, 0.37, 0.75])
    right.set_position([0.56, 0.15, 0.41, 0.75])
    at = np.arange(3)
    traded = left.bar(at - 0.2, np.ones(3), width=0.36, label="traded price",
                      **(style.area("equity") | {"linewidth": 1.0, "alpha": 0.35}))  # fmt: skip
    marked = left.bar(at + 0.2, np.ones(3), width=0.36, label="mark price",
                      **(style.area("liquidated") | {"linewidth": 1.0, "alpha": 0.35}))  # fmt: skip
    endless = left.text(1.0, 0.45, "r(K) ≥ 1:\nno end", ha="center", fontsize=13, color=style.color("liquidated"))
    left.set_xticks(at, [f"venue {k}" for k in (1, 2, 3)])
    left.set(ylim=(0, 1.05), ylabel="fall in the end")
    left.legend(loc="upper right")
    looks_of = (
        style.line("equity"),
        style.line("safe") | {"marker": "v", "markersize": 4, "markevery": 3},
        style.line("maintenance"),
    )
    curves = [
        right.plot(ORACLE_GRID, ORACLE_GRID, label=f"mark: {name}", **look)[0]
        for name, look in zip(LOOKS, looks_of, strict=True)
    ]
    right.axhline(1.0, **style.line("guide"))
    alone = right.axhline(
        0.5, label="largest g/d, alone", color=style.color("liquidated"), linestyle="-.", linewidth=1.2
    )
    (dot,) = right.plot([1], [1], clip_on=False, **style.point("price"))
    right.set(
        xscale="log",
        xlim=(ORACLE_GRID[0], ORACLE_GRID[-1]),
        ylim=(0, 2.5),
        xlabel="arbitrage conductance",
        ylabel="branching ratio r(K)",
    )
    right.legend(loc="upper right")

    def update(looks, sells, conductance, depth_1):
        depth = np.array([depth_1, *OTHER_DEPTHS])

        def feedback(look, c):
            return marked_feedback(impact_matrix(depth, c), DENSITIES, **oracle_matrices(look, sells, depth))

        for look, curve in zip(LOOKS, curves, strict=True):
            curve.set_ydata([spectral_radius(feedback(look, c)) for c in ORACLE_GRID])
        spread, chosen = impact_matrix(depth, conductance), oracle_matrices(looks, sells, depth)
        radius, worst = spectral_radius(feedback(looks, conductance)), float((DENSITIES / depth).max())
        dot.set_data([conductance], [min(radius, HIGHEST)])
        alone.set_ydata([worst, worst])
        stable = radius < 1
        traded_falls = marked_response(spread, DENSITIES, **chosen)[:, 0] if stable else np.zeros(3)
        marked_falls = chosen["marks"] @ traded_falls
        for bars, falls in ((traded, traded_falls), (marked, marked_falls)):
            for bar, height in zip(bars, falls, strict=True):
                bar.set_height(min(float(height), TALLEST))
        endless.set_visible(not stable)
        tell = (lambda x: float(x)) if stable else (lambda _: "no end")
        return {
            "r(K)": radius,
            "largest g/d": worst,
            "fall on venue 1, traded": tell(traded_falls[0]),
            "fall on venue 3, traded": tell(traded_falls[2]),
            "fall on venue 3, mark": tell(marked_falls[2]),
            "forced sales, units": tell(DENSITIES @ marked_falls),
        }

    return update


WINDOW = ("21:00", "22:30")


@style.layout(1, (6.8, 3.4))
def usde(ax):
    """Price of USDe, a coin that stands for one dollar, on 10 October 2025 from 21:00 to 22:30 UTC, by the minute. The
    last trade on Binance (thin red line, with the lows as a band below it) falls to two thirds and comes back, though
    not to one; the price in the Uniswap pool (thick blue line) stays at one.
    """
    table = load("usde_prices")
    minute = table["minute"]
    shown = (minute >= WINDOW[0]) & (minute <= WINDOW[1])
    at = np.arange(shown.sum())
    low, close, pool = (table[name][shown] for name in ("binance_low", "binance_close", "uniswap_low"))
    ax.plot(at, pool, label="Uniswap", **style.line("equity"))
    ax.plot(at, close, label="Binance", **(style.line("liquidated") | {"linestyle": "-", "linewidth": 1.4}))
    ax.fill_between(at, low, close, color=style.color("liquidated"), alpha=0.3, linewidth=0)
    ax.set_xticks(range(0, 91, 15), minute[shown][::15])
    ax.set(ylim=(0.6, 1.03), xlim=(0, 90), xlabel="10 October 2025, UTC", ylabel="dollars per USDe")
    ax.legend(loc="lower left")

    def update():
        return {
            "lowest on Binance": float(low.min()),
            "at": str(minute[shown][low.argmin()]),
            "lowest on Uniswap": float(pool.min()),
            "minutes with lows below 0.90": int((low < 0.9).sum()),
        }

    return update
