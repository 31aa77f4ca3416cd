"""Pictures of chapter 9. Each figure function draws once and returns an update that reports what it shows."""

import numpy as np

from cascadelab.contagion.book import Book
from cascadelab.contagion.correlation import endogenous_correlation
from cascadelab.contagion.cross import cross_kappa, equal_legs_efficiency
from cascadelab.contagion.feedback import feedback_matrix, response, spectral_radius
from cascadelab.contagion.flow import moves
from cascadelab.contagion.solver import Solver
from cascadelab.distance.covariance import equal_correlation
from cascadelab.impact.linear import Linear
from cascadelab.kit import style
from cascadelab.kit.sliders import Choice, Slider, Sliders

START, LOW, HOLDERS = np.array([100.0, 100.0]), 60.0, 20
DISTANCES = 2.0 * np.arange(1, HOLDERS + 1)  # how far each leg is from its limit, in units of price
MODES = ISOLATED, SAME_MARGIN, SAME_DISTANCE = "isolated", "cross, same margin", "cross, same σ-distance"

PATH_SLIDERS: Sliders = {
    "mode": Choice(MODES, SAME_MARGIN, label="Margin"),
    "fall": Slider(0.0, 0.3, 0.11, 0.002, label="Fall of A"),
    "kappa": Slider(0.1, 0.9, 0.5, 0.01, label="Branching ratio of an isolated leg"),
    "correlation": Slider(0.0, 0.9, 0.3, 0.05, label="Correlation of A and B"),
}


def holders_book(mode, correlation):
    """Twenty holders of one unit of A and one of B, as forty isolated legs or twenty accounts; with their margins.

    Returns the book and the part of the legs' margin that was taken out.
    """
    if mode == ISOLATED:
        legs = np.repeat(np.eye(2), HOLDERS, axis=0)
        return Book(np.tile(DISTANCES, 2) - 100.0, legs), 0.0
    taken = equal_legs_efficiency(2, correlation) if mode == SAME_DISTANCE else 0.0
    return Book(2 * DISTANCES * (1 - taken) - 200.0, np.ones((HOLDERS, 2))), taken


@style.layout(1, (5.6, 5.0))
def path(ax):
    """Prices of A and B, from both at 100. Thin lines: prices at which an account is at its limit, solid if it
    survives, dotted and red if it is lost. Thick line with diamonds: the prices, from the shock to A (thin grey)
    through the rounds of forced sales. Isolated legs have upright and level limits, common accounts slanted ones.
    Low prices leave the picture.
    """
    (alive,) = ax.plot([0], [0], color=style.color("safe"), linewidth=0.8)
    (gone,) = ax.plot([0], [0], color=style.color("liquidated"), linestyle=":", linewidth=1.4)
    (shock,) = ax.plot([0], [0], color=style.GREY, linewidth=1.6)
    (route,) = ax.plot([0], [0], **style.line("price"))
    (stops,) = ax.plot([0], [0], **(style.point("price") | {"markersize": 5}))
    ax.plot(*START, marker="o", color=style.INK, markersize=7)
    title = ax.text(LOW + 1, LOW + 1, "", bbox=style.box(), va="bottom")
    ax.set(xlim=(LOW, 102), ylim=(LOW, 102), xlabel="price of A", ylabel="price of B", aspect="equal")
    ax.legend([alive, gone, route], ["limit, survives", "limit, lost", "prices"], loc="lower right",
              frameon=True, framealpha=0.95, edgecolor="none")  # fmt: skip

    def update(mode, fall, kappa, correlation):
        book, taken = holders_book(mode, correlation)
        slope = kappa * (DISTANCES[1] - DISTANCES[0])  # one unit for each step of the ladder
        shocked = START * [1 - fall, 1.0]
        end = Solver(book, START).run(shocked, Linear(np.array([slope, slope])), schedule="rounds")
        for line, chosen in ((alive, ~end.liquidated), (gone, end.liquidated)):
            line.set_data(*_limits(book, chosen))
        title.set_text(mode)
        shock.set_data([START[0], shocked[0]], [START[1], shocked[1]])
        route.set_data(*end.path.T)
        stops.set_data(*end.path.T)
        ratio = kappa if mode == ISOLATED else cross_kappa([kappa, kappa], 1.0, taken)
        return {
            "end price of A": float(end.price[0]),
            "end price of B": float(end.price[1]),
            "accounts lost": f"{int(end.liquidated.sum())} of {len(book)}",
            "rounds": int(end.rounds),
            "margin taken out": float(taken),
            "branching ratio": float(ratio),
        }

    return update


def _limits(book, chosen):
    """Points of the limits of the chosen accounts inside the picture, separated by nan."""
    points = [[np.nan, np.nan]]
    for cash, (a, b) in zip(np.asarray(book.cash)[chosen], np.asarray(book.weights)[chosen], strict=True):
        if a and b:
            points += [[(-cash - b * y) / a, y] for y in (0.0, 200.0)]
        else:
            points += [[-cash / a, y] for y in (0.0, 200.0)] if a else [[x, -cash / b] for x in (0.0, 200.0)]
        points.append([np.nan, np.nan])
    return np.array(points).T


NAMES = ("A", "B", "C", "D")

HEAT_SLIDERS: Sliders = {
    "share": Slider(0.0, 1.0, 0.5, 0.05, label="Holders with cross margin", unit="share"),
    "correlation": Slider(0.0, 0.9, 0.3, 0.05, label="Correlation of all pairs"),
    "depth": Slider(0.2, 2.0, 1.0, 0.05, label="Depth of D", unit="others = 1"),
    "side": Choice(("held", "owed"), label="Asset D is"),
}
LEG_KAPPA = 0.45


def heat_feedback(share, correlation, depth, side):
    """Feedback matrix of the heat map: a share of the holders has one account, at the σ-distance of the legs."""
    unit = np.array([1.0, 1.0, 1.0, 1.0 if side == "held" else -1.0])
    margin = np.sqrt(unit @ equal_correlation(4, correlation) @ unit)
    types = np.vstack([np.diag(unit), unit])
    density = np.append(np.full(4, 1 - share), share / margin)
    return feedback_matrix(types, types, density, LEG_KAPPA * np.array([1.0, 1.0, 1.0, 1 / depth]))


@style.layout(2, (7.4, 3.7))
def heat(axes):
    """Left: feedback matrix of four assets as a heat map; each cell is the fall of the asset on the left that a fall of
    one in the asset above forces, purple for falls and orange for rises. Right: fall of each asset in the end if A
    alone is shocked by one, all rounds included; long bars are cut off, and there is none where the rounds have no end.
    """
    left, right = axes
    left.set_position([0.07, 0.12, 0.40, 0.74])
    right.set_position([0.60, 0.16, 0.37, 0.70])
    image = left.imshow(np.zeros((4, 4)), cmap="PuOr", vmin=-1.0, vmax=1.0)
    image.set_zorder(2)
    cells = [[left.text(b, a, "", ha="center", va="center", fontsize=9.5) for b in range(4)] for a in range(4)]
    left.set_xticks(range(4), NAMES)
    left.set_yticks(range(4), NAMES)
    left.tick_params(length=0)
    left.xaxis.tick_top()
    left.set(ylabel="forces a fall of")
    left.set_xlabel("a fall of one in", labelpad=6)
    left.xaxis.set_label_position("top")
    for spine in left.spines.values():
        spine.set_visible(False)
    bars = right.bar(range(4), np.ones(4), width=0.65, **(style.area("equity") | {"linewidth": 1.0, "alpha": 0.35}))
    tops = [right.text(k, 0, "", ha="center", va="bottom", fontsize=9.5) for k in range(4)]
    right.axhline(0, color=style.GREY, linewidth=0.8)
    endless = right.text(1.5, 2.0, "the rounds\nhave no end", ha="center", fontsize=13, color=style.color("liquidated"))
    right.set_xticks(range(4), NAMES)
    right.set(ylim=(-1.6, 4.4), ylabel="fall in the end, A shocked by one", xlim=(-0.6, 3.6))

    def update(share, correlation, depth, side):
        matrix = heat_feedback(share, correlation, depth, side)
        radius = spectral_radius(matrix)
        image.set_data(matrix)
        for a in range(4):
            for b in range(4):
                size = matrix[a, b]
                cells[a][b].set(text=f"{size + 0.0:.2f}", color="white" if abs(size) > 0.6 else style.INK)
        reached = np.linalg.matrix_power(np.eye(4) + abs(matrix), 3)[:, 0] > 0  # isolated, A takes nobody along
        own = matrix[np.ix_(reached, reached)]
        stable, falls = spectral_radius(own) < 1, np.zeros(4)
        if stable:
            falls[reached] = response(own)[:, 0]
        for bar, top, height in zip(bars, tops, falls, strict=True):
            shown = float(np.clip(height, -1.5, 3.9))
            bar.set_height(shown)
            top.set(y=max(shown, 0.0) + 0.06, text=f"{height:.2f}" if stable else "")
        endless.set_visible(not stable)
        return {
            "r(K)": radius,
            "r(K), all isolated": spectral_radius(heat_feedback(0.0, correlation, depth, side)),
            "fall of A for a shock of one to A": float(falls[0]) if stable else "no end",
            "fall of B": float(falls[1]) if stable else "no end",
            "fall of D (negative = rise)": float(falls[3]) if stable else "no end",
        }

    return update


OWN, FUNDAMENTAL = 0.3, 0.4  # of the market that is simulated
CROSS = np.array([0.05, 0.15, 0.25, 0.30])  # up to where own and cross feedback are equal


@style.layout(1, (6.4, 3.8))
def correlation_law(ax):
    """Correlation of two prices against the cross feedback over one minus the own one, for shocks with correlations of
    0, 0.4 and 0.8 (lines); each line rises to one at criticality. Markers at a shock correlation of 0.4, own feedback
    0.3: two-sided flow (diamonds, on the line), flow in falls only (squares), and accounts that are closed once for
    good along a path of 200 moves (circles), both below it.
    """
    ratio = np.linspace(0.0, 0.999, 200)
    for rho, role in ((0.8, "third"), (FUNDAMENTAL, "equity"), (0.0, "second")):
        ax.plot(ratio, endogenous_correlation(0.0, ratio, rho), **style.line(role), label=f"law, shocks {rho:.1f}")
    points = CROSS / (1 - OWN)
    styles = {"two-sided": ("D", "price"), "falls only": ("s", "maintenance"), "once": ("o", "liquidated")}
    drawn = {}
    for flow, (marker, role) in styles.items():
        drawn[flow] = simulated_correlations(points, flow)
        (line,) = ax.plot(points, drawn[flow], marker=marker, color=style.color(role), linestyle="none", markersize=6)
        line.set_label(f"simulated, {flow}")
    ax.set(
        xlim=(0, 1), ylim=(0, 1.04), xlabel="cross feedback / (1 − own feedback)", ylabel="correlation of the prices"
    )
    ax.legend(loc="lower right", ncols=2, columnspacing=1.2, handlelength=2.6)

    def update():
        return {
            f"law at {points[2]:.3f}": endogenous_correlation(OWN, CROSS[2], FUNDAMENTAL),
            "two-sided there": drawn["two-sided"][2],
            "falls only there": drawn["falls only"][2],
            "once there": drawn["once"][2],
        }

    return update


def simulated_correlations(ratio, flow):
    """Correlations under one flow, for each ratio of cross feedback to one minus the own feedback."""
    rng = np.random.default_rng(9)
    root = np.linalg.cholesky(equal_correlation(2, FUNDAMENTAL))
    shocks = rng.standard_normal((100, 200, 2)) @ root.T
    types = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    found = []
    for cross in (1 - OWN) * np.asarray(ratio):
        density = [OWN - cross, OWN - cross, cross]  # refused below if cross is above own
        made = moves(shocks, types, types, density, np.ones(2), flow=flow)
        found.append(float(np.mean([np.corrcoef(run.T)[0, 1] for run in made])))
    return found
