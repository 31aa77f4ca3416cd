"""Redraw only what may have moved: a picture without its axes, ticks and labels costs less than half."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

AXIS_LEVEL = 1.0  # with axes below the data, ticks, grid and labels lie under this; lines, patches and texts above


class Redraw:
    """Pixels of a figure whose artists move between two calls; equal to a full drawing, pixel for pixel.

    What lies below the data is drawn once and kept as a background for as long as matplotlib does not mark any of
    it stale (a new limit or label does); what lies above is drawn anew each time, in the order of a full drawing.
    """

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.canvas: Any = FigureCanvasAgg(figure)
        self.background: Any = None
        self.children = 0

    def pixels(self) -> np.ndarray:
        """Red, green and blue of the figure as it is now, shape (height, width, 3)."""
        below, above = self._layers()
        children = len(below) + len(above)
        if self.background is None or children != self.children or any(artist.stale for artist in below):
            self.children = children
            self._draw_background(below, above)
        else:
            self.canvas.restore_region(self.background)
        renderer = self.canvas.get_renderer()
        for artist in above:
            artist.draw(renderer)
        return np.asarray(self.canvas.buffer_rgba())[..., :3]

    def _draw_background(self, below: list[Artist], above: list[Artist]) -> None:
        for artist in above:
            artist.set_animated(True)  # a full drawing leaves animated artists out
        self.canvas.draw()
        for artist in above:
            artist.set_animated(False)
        for artist in below:
            artist.stale = False
        self.background = self.canvas.copy_from_bbox(self.figure.bbox)

    def _layers(self) -> tuple[list[Artist], list[Artist]]:
        below: list[Artist] = [*self.figure.texts, *self.figure.legends]
        above: list[Artist] = []
        for ax in self.figure.axes:
            hidden = set() if ax.axison and ax.get_frame_on() else {ax.xaxis, ax.yaxis, *ax.spines.values()}
            shown = [child for child in ax.get_children() if child not in hidden and child is not ax.patch]
            below += [artist for artist in shown if artist.get_zorder() < AXIS_LEVEL]
            above += sorted((a for a in shown if a.get_zorder() >= AXIS_LEVEL), key=lambda a: a.get_zorder())
        return below, above
