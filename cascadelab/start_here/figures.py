"""Pictures of chapter 0: the story of the running example, and the map of the book."""

import math
from pathlib import Path

from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.transforms import offset_copy

from cascadelab.kit import style
from cascadelab.kit.notation import CHAPTERS
from cascadelab.kit.sliders import Choice, Slider, Sliders
from cascadelab.start_here.example import ASSETS, story

NOTEBOOKS = Path(__file__).parents[2] / "chapters"

STAGES = 6  # before, the fall, and at most four rounds of sales
SLOTS = 4  # X, Y and Z; X takes two slots when it is split

SAFE = style.area("equity") | {"alpha": 0.55}
BELOW = style.area("liquidated") | {"alpha": 0.5}
UNPAID = style.area("liquidated") | {"alpha": 1.0, "hatch": None}
SOLD = style.area("guide") | {"alpha": 0.4}

DOMINOES_SLIDERS: Sliders = {
    "fall": Slider(0.0, 0.6, 0.25, 0.01, label="Fall of A", unit="fraction"),
    "impact_b": Slider(0.0, 0.5, 0.2, 0.01, label="Impact of B", unit="dollars a unit"),
    "margin": Choice(("cross", "isolated"), label="X holds A and B"),
}


@style.layout(2, (6.4, 5.2))
def dominoes(axes):
    """The story of the running example, stage by stage from left to right: above the prices of A and B, below a bar for
    the surplus of each account. A hatched bar below zero is an account that is sold next, which lowers the prices. A
    full red bar is debt that is left unpaid after the sale, a grey bar is money that is given back to the owner.
    """
    above, below = axes
    above.set_position((0.01, 0.665, 0.98, 0.235))
    below.set_position((0.01, 0.125, 0.98, 0.475))
    for ax in axes:
        ax.axis("off")
    headings = [above.text(t, 1.04, "", ha="center", transform=above.get_xaxis_transform()) for t in range(STAGES)]
    price_lines = [
        above.plot([], [], **style.line("price") | {"linestyle": dashes}, marker="D", markersize=4)[0]
        for dashes in ("-", (0, (4, 2)))
    ]
    price_texts = [[above.text(t, 0, "", ha="center", fontsize=9.5) for t in range(STAGES)] for _ in ASSETS]
    above.set_ylim(0, 125)

    places = [(t, slot) for t in range(STAGES) for slot in range(SLOTS)]
    bars = {place: below.bar([0], [0])[0] for place in places}
    bar_texts = {place: below.text(0, 0, "", ha="center", linespacing=1.05) for place in places}
    below.axhline(0.0, color=style.INK, linewidth=1.2)
    below.text(
        0.0,
        1.03,
        "surplus = 90 % of assets − debt; after the sale: given back (+) or unpaid (−)",
        transform=below.transAxes,
    )
    under = offset_copy(below.transData, below.figure, y=-5, units="points")
    braces = [below.plot([], [], color=style.GREY, linewidth=1.2, transform=under)[0] for _ in (1, 2)]
    names = {"va": "top", "fontsize": 8.5, "color": style.GREY, "multialignment": "center"}
    lower = offset_copy(under, below.figure, y=-3, units="points")
    platform_texts = [below.text(0, 0, "", ha=side, transform=lower, **names) for side in ("left", "right")]
    # a key drawn by hand: a legend measures itself at every draw, and takes a tenth of the time of a picture
    key = ((0.1, SAFE, "safe"), (0.25, BELOW, "sold next"), (0.46, SOLD, "given back"), (0.68, UNPAID, "debt unpaid"))
    for x, look, words in key:
        below.add_patch(Rectangle((x, -0.105), 0.035, 0.045, transform=below.transAxes, clip_on=False, **look))
        below.text(x + 0.045, -0.0825, words, transform=below.transAxes, va="center", fontsize=9.5)
    verdict = below.text(0.5, -0.21, "", transform=below.transAxes, ha="center", weight="bold", fontsize=11)
    for ax in axes:
        between = [t + 0.5 for t in range(STAGES)]
        ax.vlines(between, 0, 1, colors=style.GREY, linestyles=":", linewidth=0.8, transform=ax.get_xaxis_transform())

    def update(fall, impact_b, margin):
        if margin not in ("cross", "isolated"):
            raise ValueError(f"margin must be 'cross' or 'isolated', got {margin!r}")
        told = story(fall, impact_b=impact_b, isolated=margin == "isolated")
        stages, accounts = len(told.prices), len(told.accounts)
        for ax in axes:
            ax.set_xlim(-0.5, max(stages, 4) - 0.5)
        for t, text in enumerate(headings):
            text.set_text(_heading(told, t, fall))
        for asset, line, texts in zip(range(2), price_lines, price_texts, strict=True):
            price = told.prices[:, asset]
            line.set_data(range(stages), price)
            for t, text in enumerate(texts):
                text.set_visible(t < stages)
                if t < stages:
                    other = told.prices[t, 1 - asset]
                    higher = price[t] > other or (price[t] == other and asset == 0)
                    text.set(y=price[t] + (6 if higher else -6), va="bottom" if higher else "top")
                    text.set_text(f"{'price of ' if t == 0 else ''}{ASSETS[asset]}: {price[t]:.4g}")

        lowest, highest = min(-69.0, told.surplus.min()), told.surplus.max()
        room = 0.2 * (highest - lowest)  # for the names and numbers at the ends of the bars
        below.set_ylim(lowest - room, highest + room)
        least = 0.012 * (highest - lowest + 2 * room)  # three pixels: the colour of the smallest bar can be seen
        width = 0.8 / accounts if accounts < SLOTS else 0.92 / SLOTS
        for platform, brace, text in zip((1, 2), braces, platform_texts, strict=True):
            held = [slot + 0.5 - accounts / 2 for slot in range(accounts) if told.platforms[slot] == platform]
            ends = [(held[0] - 0.45) * width, (held[-1] + 0.45) * width]
            brace.set_data(ends, [0, 0])
            text.set(x=ends[platform - 1], text=f"{'platform' if stages < 5 else 'pl.'}\n{platform}")
        for (t, slot), bar in bars.items():
            text, shown = bar_texts[t, slot], t < stages and slot < accounts
            bar.set_visible(shown)
            text.set_visible(shown)
            if shown:
                surplus, gone = told.surplus[t, slot], told.sold[: t + 1, slot].any()
                nothing = gone and abs(surplus) < 1e-9
                look = (UNPAID if surplus < 0 else SOLD) if gone else (BELOW if surplus < 0 else SAFE)
                middle = t + (slot + 0.5 - accounts / 2) * width
                height = 0.0 if nothing else math.copysign(max(abs(surplus), least), surplus)
                bar.set(x=middle - 0.45 * width, width=0.9 * width, height=height, **look)
                amount = "sold" if nothing else _amount(surplus)
                text.set(
                    position=(middle, surplus + (0.07 if surplus >= 0 else -0.07) * room),
                    va="bottom" if surplus >= 0 else "top",
                    text=f"{told.accounts[slot]}\n{amount}",
                    fontsize=9 - 0.75 * ((accounts == SLOTS) + (stages > 4)),
                    color=style.GREY if gone and surplus >= 0 else style.INK,
                )
        loss = {platform: told.platform_loss(platform) for platform in (1, 2)}
        verdict.set_text(f"platform 1 loses {loss[1]:,.4g}   ·   platform 2 loses {loss[2]:,.4g}")
        return {
            "sold, in this order": ", then ".join(" and ".join(names) for names in told.rounds) or "none",
            "loss of platform 1": loss[1],
            "loss of platform 2": loss[2],
            "price of A at the end": float(told.prices[-1, 0]),
            "price of B at the end": float(told.prices[-1, 1]),
        }

    return update


def _heading(told, stage, fall):
    """What happens on the way to a stage, in two short lines; says so once where the story has ended."""
    if stage == 0:
        return "before\n"
    if stage == 1:
        return f"A falls\n{100 * fall:.3g} %"
    if stage >= len(told.prices):
        return f"nobody{' else' if told.liquidated else ''}\nis sold" if stage == len(told.prices) < 4 else ""
    sellers, units = told.sellers(stage), told.sold[stage].sum(axis=0)
    what = ", ".join(f"{n:.0f} {asset}" for n, asset in zip(units, ASSETS, strict=True) if n)
    return f"{', '.join(sellers)} {'is' if len(sellers) == 1 else 'are'} sold\n{what}"


def _amount(value):
    """Whole numbers whole, others with one decimal."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text.replace("-", "−")


PARTS = (
    ("Part I", "one account", CHAPTERS[1:5]),
    ("Part II", "one market", CHAPTERS[5:9]),
    ("Part III", "many assets", CHAPTERS[9:10]),
    ("Part IV", "platforms,\nreal events", CHAPTERS[10:]),
)

QUESTIONS = {
    "account": "When is one\nposition sold?",
    "thresholds": "What do real\nrules say?",
    "portfolio": "Many assets,\none account",
    "distance": "How far, and\nhow likely?",
    "impact": "What does a\nsale move?",
    "liquidation": "Who sells, and\nwho pays?",
    "cascade": "How do sales\ncause sales?",
    "criticality": "When does it\nnot stop?",
    "contagion": "Why does B\nfall with A?",
    "platforms": "From platform\nto platform?",
    "clearing": "Who bears\nthe losses?",
    "speed": "How fast\ndoes it go?",
    "options": "When value is\nnot a line",
    "history": "What do real\ncrashes show?",
}


@style.layout(1, (6.4, 4.2))
def book_map(ax):
    """Map of the book: fourteen chapters in four parts, one part a row, to be read from left to right and from top to
    bottom. A filled box is a chapter that is ready to read; a dashed box marked "planned" is still to come.
    """
    ax.set_position((0.0, 0.0, 1.0, 1.0))
    ax.set(xlim=(0, 640), ylim=(420, 0))
    ax.axis("off")
    ready_box = {"facecolor": "#D6E6F2", "edgecolor": style.color("equity"), "linewidth": 1.5}
    planned_box = {"facecolor": style.PAPER, "edgecolor": style.GREY, "linewidth": 1.2, "linestyle": (0, (4, 3))}
    ready = [word for word in QUESTIONS if exists(word)]
    for row, (part, subject, words) in enumerate(PARTS):
        y = 8 + 103 * row
        ax.text(8, y + 30, part, weight="bold", va="center")
        ax.text(8, y + 42, subject, fontsize=9, va="top", linespacing=1.25)
        for column, word in enumerate(words):
            x, box = 108 + 106 * column, ready_box if word in ready else planned_box
            ax.add_patch(FancyBboxPatch((x, y), 99, 94, boxstyle="round,pad=0,rounding_size=6", **box))
            middle = {"ha": "center", "va": "center"}
            ax.text(x + 50, y + 14, f"{CHAPTERS.index(word)}", fontsize=9, **middle)
            ax.text(x + 50, y + 31, word, weight="bold", fontsize=10.2, **middle)
            ax.text(x + 50, y + 57, QUESTIONS[word], fontsize=8.5, linespacing=1.2, **middle)
            if word not in ready:
                ax.text(x + 50, y + 83, "planned", fontsize=8.5, style="italic", **middle)
    ax.text(232, 261, "Each chapter uses only what the\nchapters before it have built.", va="center", color=style.GREY)

    def update():
        planned = [word for word in QUESTIONS if word not in ready]
        return {
            "chapters": len(QUESTIONS),
            "ready to read": ", ".join(str(CHAPTERS.index(word)) for word in ready) or "none",
            "planned": ", ".join(str(CHAPTERS.index(word)) for word in planned) or "none",
        }

    return update


def exists(chapter):
    """Whether the notebook of a chapter is there."""
    return chapter in CHAPTERS and (NOTEBOOKS / f"{CHAPTERS.index(chapter):02d}_{chapter}.ipynb").is_file()
