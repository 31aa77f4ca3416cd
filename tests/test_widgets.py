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


@pytest.mark.unmeasured
@pytest.mark.parametrize(("module", "name"), WIDGETS, ids=IDS)
def test_widget_has_finite_facts_everywhere_and_its_live_picture_is_a_full_drawing(module, name):
    """Facts at all ends and middles of the sliders; pixels, at ten times the price, where no slider stands between."""
    widget = explorer(module, name)
    ends = {key: spec.samples[:: len(spec.samples) - 1] for key, spec in widget.sliders.items()}
    compared = 0
    for settings, facts in widget.grid():
        assert facts, settings
        assert all(isinstance(fact, str) or math.isfinite(fact) for fact in facts.values()), settings
        if all(settings[key] in pair for key, pair in ends.items()):
            compared += 1
            with style.applied():
                live = widget.canvas.pixels().copy()
                full = FigureCanvasAgg(widget.canvas.figure)
                full.draw()
            assert np.array_equal(live, np.asarray(full.buffer_rgba())[..., :3]), settings
    assert compared == 2 ** len(ends)
