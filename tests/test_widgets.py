"""Every widget of the book: `figures.NAME_SLIDERS` belongs to `figures.name`, and works on its whole box."""

import importlib
import math

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from cascadelab.kit import style
from cascadelab.kit.explore import Explorer
from cascadelab.kit.notation import CHAPTERS, written

WIDGETS = [
    (module, name.removesuffix("_SLIDERS").lower())
    for module in (importlib.import_module(f"cascadelab.{chapter}.figures") for chapter in CHAPTERS if written(chapter))
    for name in vars(module)
    if name.endswith("_SLIDERS")
]
IDS = [f"{module.__name__.split('.')[1]}.{name}" for module, name in WIDGETS]


def explorer(module, name):
    return Explorer(getattr(module, name), getattr(module, f"{name.upper()}_SLIDERS"))


@pytest.mark.parametrize(("module", "name"), WIDGETS, ids=IDS)
def test_widget_draws_at_every_corner_with_finite_facts(module, name):
    for settings, facts in explorer(module, name).grid():
        assert facts, settings
        assert all(isinstance(fact, str) or math.isfinite(fact) for fact in facts.values()), settings


@pytest.mark.parametrize(("module", "name"), WIDGETS, ids=IDS)
def test_live_picture_equals_a_full_drawing_at_every_corner(module, name):
    widget = explorer(module, name)
    for settings, _ in widget.grid():
        with style.applied():
            live = widget.canvas.pixels().copy()
            full = FigureCanvasAgg(widget.canvas.figure)
            full.draw()
            assert np.array_equal(live, np.asarray(full.buffer_rgba())[..., :3]), settings
