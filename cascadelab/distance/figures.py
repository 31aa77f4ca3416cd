"""Pictures of chapter 4. Each figure function draws once and returns an update that reports what it shows."""

from functools import cache

import numpy as np

from cascadelab.distance.correlation import bootstrap_interval, conditional_correlation, mean_pairwise_correlation
from cascadelab.distance.covariance import covariance_matrix
from cascadelab.distance.passage import first_passage_probability, monitored_barrier
from cascadelab.distance.probability import liquidation_probability
from cascadelab.distance.sigma import reverse_stress, sigma_distance
from cascadelab.kit import style, tables
from cascadelab.kit.sliders import Slider, Sliders
from cascadelab.start_here.example import ASSET_WEIGHT, CASH, PRICES, QUANTITIES

DAY = 1 / 365
VOLATILITY = np.array([0.8, 0.6])  # of A and B, per √year
ROWS = {name: (ASSET_WEIGHT * q, -c) for name, q, c in zip("XYZ", QUANTITIES, CASH, strict=True)}  # normal, offset
FALL = np.array([-0.25, 0.0])  # the fall of A in chapter 0
PAPER = {"facecolor": style.PAPER, "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
EPISODES = {"2020-03": "March\n2020", "2021-05": "May\n2021", "2022-05": "LUNA\nMay 2022", "2025-10": "October\n2025"}


def percent_axes(ax, low, high):
    """Axes of the plane of two returns, in percent, with its zero lines."""
    ax.axhline(0.0, **style.line("guide"))
    ax.axvline(0.0, **style.line("guide"))
    ax.set(xlim=(low, high), ylim=(low, high), xlabel="return of A (%)", ylabel="return of B (%)")


def ellipse(radius, correlation):
    """Points at a Mahalanobis length of `radius`, in percent: the returns of one day, A then B."""
    angle = np.linspace(0, 2 * np.pi, 181)
    s_a, s_b = 100 * VOLATILITY * np.sqrt(DAY)
    along = correlation * np.cos(angle) + np.sqrt(1 - correlation**2) * np.sin(angle)
    return radius * s_a * np.cos(angle), radius * s_b * along


def touching(ax, low, high):
    """Draw account X's hyperplane and the ellipse that touches it; return what moves them to a correlation."""
    percent_axes(ax, low, high)
    ax.fill([low, -20 - low, low], [low, low, -20 - low], **style.area("liquidated"))
    ax.plot([low, -20 - low], [-20 - low, low], **style.line("liquidated"))
    rings = [ax.plot([0], [0], **style.line("guide"))[0] for _ in range(2)]
    (ring,) = ax.plot([0], [0], **style.line("safe"))
    (way,) = ax.plot([0, 0], [0, 0], **style.line("price"))
    ax.plot([0], [0], **style.point("price"))
    (touch,) = ax.plot([0], [0], **style.point("liquidated"))
    ax.text(low + 1, low + 1.5, "liquidated", color=style.color("liquidated"), bbox=PAPER)
    ax.annotate("now", (0, 0), textcoords="offset points", xytext=(9, -16), fontsize=9.5, bbox=PAPER, zorder=5)

    def update(correlation):
        row = (*ROWS["X"], PRICES, covariance_matrix(VOLATILITY, correlation, DAY))
        z = sigma_distance(*row)
        scenario = 100 * reverse_stress(*row)
        for radius, line in ((1, rings[0]), (2, rings[1]), (z, ring)):
            line.set_data(*ellipse(radius, correlation))
        way.set_data([0, scenario[0]], [0, scenario[1]])
        touch.set_data(scenario[:1], scenario[1:])
        return z, scenario

    return update


@style.layout(1, (6.0, 4.8))
def most_likely_scenario(ax):
    """Returns of A and B over one day, and account X of the running example. The dotted line is its hyperplane: below
    it X is liquidated. The inner ellipses lie one and two standard deviations from now; the outer one just touches
    the hyperplane, at the most likely returns that liquidate X.
    """
    move = touching(ax, -22.0, 14.0)
    label = ax.annotate(
        "", (0, 0), (13.5, -14.5), color=style.color("liquidated"), ha="right", va="center", linespacing=1.4,
        arrowprops={"arrowstyle": "-", "color": style.color("liquidated"), "shrinkB": 5, "linewidth": 0.8},
    )  # fmt: skip
    size = ax.text(-21, 12, "", color=style.color("safe"), ha="left", va="center")

    def update(correlation):
        z, (r_a, r_b) = move(correlation)
        label.xy = (r_a, r_b)
        label.set_text(f"most likely way to be liquidated:\nA {r_a:.1f} %, B {r_b:.1f} %".replace("-", "−"))
        size.set_text(f"outer ellipse: {z:.2f} standard deviations")
        return {"σ-distance of X": z, "return of A (%)": float(r_a), "return of B (%)": float(r_b)}

    return update


ELLIPSE_AND_TAIL_SLIDERS: Sliders = {
    "correlation": Slider(-0.5, 1.0, 0.7, 0.05, label="Correlation ρ", unit="–"),
    "degrees_of_freedom": Slider(3.0, 30.0, 4.0, 0.5, label="Degrees of freedom ν", unit="–"),
}


@style.layout(2, (7.6, 3.9))
def ellipse_and_tail(axes):
    """Left, the one-day returns of A and B with account X's hyperplane and the ellipse that touches it. Right, the
    probability of liquidation against the σ-distance, on a logarithmic scale: the Gaussian curve drops far below the
    curve of Student's t with the same covariance. The markers show account X.
    """
    move = touching(axes[0], -24.0, 24.0)
    setting = axes[0].text(-22.5, 20, "", color=style.color("safe"))
    z_axis = np.linspace(0.0, 6.0, 121)
    ax = axes[1]
    ax.semilogy(z_axis, liquidation_probability(z_axis), **style.line("equity"), label="Gaussian")
    (student,) = ax.semilogy(z_axis, liquidation_probability(z_axis), **style.line("second"), label="Student's t")
    here = ax.axvline(0.0, **style.line("guide"))
    markers = [ax.plot([0], [1], **style.point("liquidated"))[0] for _ in range(2)]
    ax.set(xlim=(0, 6), ylim=(3e-10, 1), xlabel="σ-distance z of X", title="probability in one day")
    ax.set_yticks([1, 1e-3, 1e-6, 1e-9], ["1", "1 in a\nthousand", "1 in a\nmillion", "1 in a\nbillion"])
    ax.minorticks_off()
    legend = ax.legend(loc="lower left").get_texts()

    def update(correlation, degrees_of_freedom):
        z, scenario = move(correlation)
        setting.set_text(f"ρ = {correlation:.2f}".replace("-", "−"))
        legend[1].set_text(f"Student's t, ν = {degrees_of_freedom:g}")
        student.set_ydata(liquidation_probability(z_axis, degrees_of_freedom))
        here.set_xdata([z, z])
        gaussian, fat = liquidation_probability(z), liquidation_probability(z, degrees_of_freedom)
        markers[0].set_data([z], [gaussian])
        markers[1].set_data([z], [fat])
        return {
            "σ-distance": z,
            "Gaussian probability": gaussian,
            "Student-t probability": fat,
            "most likely return of A (%)": float(scenario[0]),
            "most likely return of B (%)": float(scenario[1]),
        }

    return update


@style.layout(1, (5.6, 4.6))
def three_accounts(ax):
    """Hyperplanes of the running example's accounts in the plane of the one-day returns of A and B, with the ellipse
    of two standard deviations. The line of Y is nearest, then X, then Z. The cross marks the fall of A by 25 % in the
    story of chapter 0: beyond the line of X, short of the lines of Y and Z, and far outside the ellipse.
    """
    percent_axes(ax, -40.0, 15.0)
    ends = np.array([-40.0, 15.0])
    for role, heights in (("equity", -20 - ends), ("second", [-6, -6]), ("third", -100 * 250 / 450 - ends)):
        ax.plot(ends, heights, **style.line(role))
    (ring,) = ax.plot([0], [0], **style.line("safe"))
    ax.plot([0], [0], **style.point("price"))
    ax.plot(100 * FALL[:1], 100 * FALL[1:], **style.point("liquidated"))
    ax.text(-25, -8, "chapter 0:\nA falls by 25 %", color=style.color("liquidated"), ha="center", va="top")
    for name, role, x, y in (("X", "equity", 5.5, -28), ("Y", "second", -37.5, -5), ("Z", "third", -14, -38)):
        ax.text(x, y, name, color=style.color(role), weight="bold", ha="center", bbox=PAPER)
    ax.text(14.5, 10, "2 standard deviations", color=style.color("safe"), ha="right")
    ax.annotate("now", (0, 0), textcoords="offset points", xytext=(9, -16), fontsize=9.5, bbox=PAPER)

    def update(correlation):
        ring.set_data(*ellipse(2.0, correlation))
        covariance = covariance_matrix(VOLATILITY, correlation, DAY)
        length = float(np.sqrt(FALL @ np.linalg.solve(covariance, FALL)))
        facts = {f"σ-distance of {n}": sigma_distance(*row, PRICES, covariance) for n, row in ROWS.items()}
        return facts | {"Mahalanobis length of chapter 0's fall": length}

    return update


@style.layout(2, (7.6, 3.7))
def reflected_path(axes):
    """Left, a simulated log price that touches the barrier 15 % below and recovers, and its mirror image after the
    touch, which ends below: for each path like the first there is one like the second. Right, the probability of
    touching the barrier against the horizon, at a volatility of 80 %: twice that of ending below it; that of being seen
    below at a look every six hours lies between them.
    """
    rng = np.random.default_rng(249)
    steps, sigma, barrier = 240, 0.8, np.log(0.85)
    days = np.linspace(0, 30, steps + 1)
    walk = np.concatenate([[0], (sigma * np.sqrt(30 * DAY / steps) * rng.standard_normal(steps)).cumsum()])
    first = int(np.argmax(walk <= barrier))
    mirror = np.where(np.arange(steps + 1) >= first, 2 * barrier - walk, walk)
    left, right = axes
    left.plot(days, 100 * np.exp(walk), **(style.line("equity") | {"linewidth": 1.5}), label="a path")
    dashed = style.line("second") | {"linewidth": 1.5, "linestyle": "--"}
    left.plot(days[first:], 100 * np.exp(mirror[first:]), **dashed, label="mirror image")
    left.axhline(85, **style.line("liquidated"))
    left.plot([days[first]], [85], **style.point("liquidated"))
    left.set(xlim=(0, 30), yscale="log", xlabel="days", title="price (log scale)")
    left.set_yticks([60, 70, 85, 100, 120], ["60", "70", "85", "100", "120"])
    left.minorticks_off()
    left.set_ylim(55, 135)
    left.legend(loc="upper left")
    horizon = np.linspace(0.25, 30, 120) * DAY
    moved = monitored_barrier(100, 85, sigma, DAY / 4)
    curves = {
        "touching": first_passage_probability(100, 85, sigma, horizon, sigma**2 / 2),
        "seen below, one look every 6 hours": first_passage_probability(100, moved, sigma, horizon, sigma**2 / 2),
        "ending below": liquidation_probability(-barrier / (sigma * np.sqrt(horizon))),
    }
    for (name, curve), role in zip(curves.items(), ("liquidated", "third", "equity"), strict=True):
        right.plot(horizon / DAY, curve, **style.line(role), label=name)
    right.set(xlim=(0, 30), ylim=(0, 0.75), xlabel="horizon (days)", title="probability (volatility 80 %)")
    right.legend(loc="upper left")

    def update():
        return {f"{name}, 7 days": float(np.interp(7 * DAY, horizon, curve)) for name, curve in curves.items()}

    return update


def crash_returns(episode, during):
    """Hourly log returns of an episode, before (0) or during (1) the crash: one row an hour, one column an asset."""
    table = tables.load("crash_returns")
    chosen = (table["episode"] == episode) & (table["during"] == during)
    assets = [name for name in table.columns if name not in ("episode", "hour", "during")]
    returns = np.column_stack([table[name][chosen] for name in assets])
    return returns[:, ~np.isnan(returns).any(axis=0)]


@cache
def crash_intervals():
    """Mean pairwise correlation with its nominal 95 % interval, by episode and phase; blocks of six hours."""
    found = {}
    for k, episode in enumerate(EPISODES):
        for during in (0, 1):
            returns = crash_returns(episode, during)
            rng = np.random.default_rng([k, during])
            interval = bootstrap_interval(returns, mean_pairwise_correlation, rng, block=6)
            found[episode, during] = (mean_pairwise_correlation(returns), *interval)
    return found


def crash_correlations(ax):
    """Mean pairwise correlation of hourly returns of 8 to 12 coins before (circles) and during (crosses) four crashes,
    with nominal 95 % intervals. It rose clearly in March 2020, May 2021 and May 2022. In October 2025 the estimates are
    both near 0.7, and the two intervals overlap.
    """
    found = crash_intervals()
    for during, role, name in ((0, "safe", "ten days before"), (1, "liquidated", "during the crash")):
        mean, low, high = np.array([found[episode, during] for episode in EPISODES]).T
        x = np.arange(4) - 0.12 + 0.24 * during
        ax.errorbar(x, mean, [mean - low, high - mean], **style.point(role), capsize=4, label=name)
        for at, value in zip(x, mean, strict=True):
            side = {"ha": "left", "xytext": (8, 0)} if during else {"ha": "right", "xytext": (-8, 0)}
            ax.annotate(f"{value:.2f}", (at, value), textcoords="offset points", va="center", **side)
    ax.axhline(1.0, **style.line("guide"))
    ax.text(3.55, 0.995, "all coins move as one", color=style.GREY, fontsize=9.5, ha="right", va="top")
    ax.set_xticks(range(4), list(EPISODES.values()))
    ax.set(ylim=(0.5, 1.03), xlim=(-0.6, 3.6), ylabel="mean pairwise correlation")
    ax.legend(loc="lower center", ncols=2, bbox_to_anchor=(0.5, 1.0))

    def update():
        return {
            name.replace("\n", " "): " → ".join("{:.3f} [{:.2f}, {:.2f}]".format(*found[key, d]) for d in (0, 1))
            for key, name in EPISODES.items()
        }

    return update


CONDITIONING_SLIDERS: Sliders = {
    "threshold": Slider(0.0, 2.5, 1.5, 0.1, label="Only days on which A moved by", unit="deviations"),
}


@style.layout(2, (7.6, 3.8))
def conditioning(axes):
    """Left, 4,000 simulated days of two assets whose correlation is 0.7 on every day; the days on which A moved by
    more than the threshold are marked. Right, the correlation measured on those days alone against the threshold: it
    rises far above 0.7 although nothing has changed, along the curve of Forbes and Rigobon.
    """
    rng, rho = np.random.default_rng(44), 0.7
    x, noise = rng.standard_normal((2, 4000))
    x = (x - x.mean()) / x.std()
    noise -= noise.mean() + (noise @ x) / (x @ x) * x
    noise /= noise.std()  # so that the correlation of the sample itself is ρ
    y = rho * x + np.sqrt(1 - rho**2) * noise
    thresholds = np.linspace(0, 2.5, 26)
    measured = [np.corrcoef(x[np.abs(x) >= t], y[np.abs(x) >= t])[0, 1] for t in thresholds]
    ratios = [x[np.abs(x) >= t].var() / x.var() for t in thresholds]
    left, right = axes
    left.plot(x, y, linestyle="none", marker=".", markersize=2, color=style.GREY, label="other days")
    dots = {"linestyle": "none", "marker": ".", "markersize": 4}
    (chosen,) = left.plot([0], [0], **dots, color=style.color("second"), label="chosen")
    left.set(xlim=(-4, 4), ylim=(-4, 4), xlabel="return of A (deviations)", title="return of B (deviations)")
    left.legend(loc="upper left", markerscale=3, handletextpad=0.1)
    right.axhline(rho, **style.line("safe"), label="true correlation")
    right.plot(thresholds, measured, **(style.point("second") | {"markersize": 4}), label="measured")
    right.plot(thresholds, conditional_correlation(rho, ratios), **style.line("price"), label="Forbes–Rigobon")
    (here,) = right.plot([0], [0], **style.point("liquidated"), label="your threshold")
    right.set(xlim=(-0.1, 2.6), ylim=(0.6, 1), xlabel="threshold (deviations)", title="correlation on the chosen days")
    right.legend(loc="lower right", bbox_to_anchor=(1, 0.27))

    def update(threshold):
        keep = np.abs(x) >= threshold
        seen = float(np.corrcoef(x[keep], y[keep])[0, 1])
        ratio = float(x[keep].var() / x.var())
        chosen.set_data(x[keep], y[keep])
        here.set_data([threshold], [seen])
        return {
            "days chosen": int(keep.sum()),
            "variance of A over its usual one": ratio,
            "measured correlation": seen,
            "Forbes–Rigobon says": conditional_correlation(rho, ratio),
        }

    return update
