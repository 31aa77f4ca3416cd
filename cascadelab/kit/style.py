"""One look for every picture: roles instead of colours, each told apart without colour too."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from PIL import Image

F = TypeVar("F", bound=Callable[..., Any])

INK = "#222222"
GREY = "#767676"
PAPER = "#ffffff"

# Okabe and Ito's palette, which readers with any common colour vision tell apart; the line style is the second code.
ROLES: dict[str, dict[str, Any]] = {
    "price": {"color": INK, "linestyle": "-", "linewidth": 1.6},
    "equity": {"color": "#0072B2", "linestyle": "-", "linewidth": 2.2},
    "maintenance": {"color": "#D55E00", "linestyle": "--", "linewidth": 2.2},
    "liquidated": {"color": "#B2182B", "linestyle": ":", "linewidth": 2.0},
    "safe": {"color": "#009E73", "linestyle": "-", "linewidth": 2.2},
    "second": {"color": "#CC79A7", "linestyle": "-.", "linewidth": 2.2},
    "third": {"color": "#8C6D00", "linestyle": (0, (5, 1, 1, 1, 1, 1)), "linewidth": 2.0},
    "guide": {"color": GREY, "linestyle": (0, (4, 2)), "linewidth": 0.8},
}

MARKERS = {"safe": "o", "liquidated": "X", "price": "D"}

RC: dict[Any, Any] = {
    "figure.dpi": 100,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.labelsize": 10.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "legend.fontsize": 9.5,
    "legend.frameon": False,
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "hatch.linewidth": 0.6,
    "lines.solid_capstyle": "round",
}


def line(role: str) -> dict[str, Any]:
    """Keywords for `ax.plot`, `ax.axvline`…: colour and line style of a role."""
    if role not in ROLES:
        raise ValueError(f"role must be one of {', '.join(ROLES)}, got {role!r}")
    return dict(ROLES[role])


def color(role: str) -> str:
    """Colour of a role, for fills and text."""
    return str(line(role)["color"])


def point(role: str) -> dict[str, Any]:
    """Keywords for a marker without a line: circle = safe, cross = liquidated, diamond = price."""
    return {"color": color(role), "marker": MARKERS.get(role, "s"), "linestyle": "none", "markersize": 8}


def box() -> dict[str, Any]:
    """Box behind a text that may cross lines, for `bbox=`."""
    return {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 1.5}


def area(role: str) -> dict[str, Any]:
    """Keywords for `fill_between` and patches: a light tint, hatched where it means liquidation."""
    hatch = {"liquidated": "///"}.get(role)
    return {"facecolor": color(role), "alpha": 0.13, "hatch": hatch, "edgecolor": color(role), "linewidth": 0.0}


@contextmanager
def applied() -> Iterator[None]:
    """Draw inside this context to get the book's look, whatever the reader's own settings are."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(RC)
        yield


def layout(panels: int = 1, size: tuple[float, float] = (6.4, 3.6)) -> Callable[[F], F]:
    """Decorate a figure function that wants several panels side by side, or another size in inches."""

    def mark(figure_function: F) -> F:
        figure_function.layout = (panels, size)  # type: ignore[attr-defined]
        return figure_function

    return mark


def new_figure(panels: int = 1, size: tuple[float, float] = (6.4, 3.6)) -> tuple[Figure, Any]:
    """Return a private figure (never pyplot's) and its axes: one Axes, or an array for several panels side by side."""
    figure = Figure(figsize=size)
    margins = {"left": 0.11, "right": 0.97, "bottom": 0.15, "top": 0.9, "wspace": 0.3}
    axes = figure.subplots(1, panels, gridspec_kw=margins)
    return figure, axes


def png(pixels: np.ndarray, compress_level: int = 1) -> bytes:
    """Encode pixels as PNG; low compression for a live picture, high (and a palette) for a stored one."""
    image = Image.fromarray(pixels)
    if compress_level > 1:
        image = image.quantize(256, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    image.save(buffer, format="png", compress_level=compress_level)
    return buffer.getvalue()
