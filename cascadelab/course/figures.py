"""The picture of the capstone: a student's own market, round by round, with arbitrage and under a halt."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from cascadelab.contagion.outcome import Outcome
from cascadelab.contagion.solver import Solver
from cascadelab.course.tasks.capstone.market import NAMES, after_news
from cascadelab.course.tasks.capstone.safe_state import book_of, spread
from cascadelab.impact.linear import Linear
from cascadelab.kit import style

LINES = (("A on venue 1", "equity", "o"), ("A on venue 2", "maintenance", "s"), ("B on venue 2", "safe", "^"))


def end_of(market: Mapping[str, Any], conductance: float) -> Outcome:
    """The cascade on the student's market, by the book's engine."""
    impact = Linear(spread(*market["depth"], conductance))
    return Solver(book_of(market), market["price"]).run(after_news(market), impact, schedule="rounds")


@style.layout(2, (7.6, 3.8))
def halt(axes: Any) -> Callable[..., Mapping[str, float | int | str]]:
    """Prices of the three markets at first, after the news, and after each round of forced sales; left with arbitrage
    between the two markets of A, right without. Blue solid with circles is A on venue 1, orange dashed with squares A
    on venue 2, green with triangles B on venue 2. The letters along the bottom say who is lost in a round.
    """
    for ax, title in zip(axes, ("with arbitrage", "under a halt"), strict=True):
        ax.set_title(title, fontsize=11)
        ax.set(xlabel="round of forced sales", xlim=(-1.3, 3.3))
        ax.set_xticks(range(-1, 4), ["first", "news", "1", "2", "3"])
    axes[0].set_ylabel("price")

    def update(**market: Any) -> Mapping[str, float | int | str]:
        facts: dict[str, float | int | str] = {}
        top, bottom = max(market["price"]) + 6.0, np.inf
        for ax, link, name in zip(axes, (market["conductance"], 0.0), ("with arbitrage", "under a halt"), strict=True):
            end = end_of(market, link)
            path = np.vstack([market["price"], end.path])
            bottom = min(bottom, float(path.min()))
            for (label, role, marker), prices in zip(LINES, path.T, strict=True):
                ax.plot(range(-1, len(prices) - 1), prices, label=label, **(style.line(role) | {"marker": marker}))
            lost = [" ".join(np.array(NAMES)[end.died == k]) for k in range(1, end.rounds + 1)]
            for k, who in enumerate(["lost:", *lost]):
                ax.text(k, 0.03, who, transform=ax.get_xaxis_transform(), ha="center", color=style.color("liquidated"))
            unpaid = np.maximum(-end.left("end"), 0.0)
            facts |= {
                f"{name}: lost": ", ".join(lost),
                f"{name}: bad debt of venue 1": float(unpaid[0]),
                f"{name}: bad debt of venue 2": float(unpaid[1:].sum()),
            }
        for ax in axes:
            ax.set_ylim(bottom - 12.0, top)
        axes[1].legend(loc="upper right")
        return facts

    return update
