"""One specification, four faces: a figure function and its sliders become a live widget, a stored picture,
facts in words, and a grid that tests draw.

A figure function takes the axes, draws once, and returns `update(**settings)`, which moves what was drawn and
returns the facts that the picture shows.
"""

from __future__ import annotations

import base64
import html
import inspect
import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import ipywidgets as widgets
import numpy as np
from IPython.display import display

from cascadelab.kit import style
from cascadelab.kit.redraw import Redraw
from cascadelab.kit.sliders import Choice, Slider, Sliders

LABEL_WIDTH = "22em"  # the longest label of the book, on one line
Facts = Mapping[str, float | int | str]
FigureFunction = Callable[[Any], Callable[..., Facts]]


class Canvas:
    """A figure function on axes of its own: `draw(**settings)` moves the artists and returns the facts."""

    def __init__(self, figure: FigureFunction) -> None:
        self.function = figure
        with style.applied():
            self.figure, axes = style.new_figure(*getattr(figure, "layout", ()))
            self._update = figure(axes)
        self._redraw = Redraw(self.figure)
        self.facts: Facts = {}

    def draw(self, **settings: Any) -> Facts:
        """Move the picture to `settings`; errors of the figure function pass through."""
        with style.applied():
            self.facts = self._update(**settings)
        return self.facts

    def pixels(self) -> np.ndarray:
        """Return the picture as it is now, shape (height, width, 3)."""
        with style.applied():
            return self._redraw.pixels()

    def png(self, compress_level: int = 1) -> bytes:
        """Return the picture as it is now, encoded."""
        return style.png(self.pixels(), compress_level)

    @property
    def title(self) -> str:
        """The figure function's first paragraph: what the picture shows, whatever the settings."""
        return (inspect.getdoc(self.function) or "").split("\n\n")[0].replace("\n", " ")

    @property
    def alt(self) -> str:
        """What the picture shows, in words and with its facts."""
        return f"{self.title} " + "; ".join(f"{name}: {fact(value)}" for name, value in self.facts.items()) + "."


class Picture:
    """A figure at fixed settings. In a notebook it shows the PNG with its alt text, and the facts right below."""

    def __init__(self, canvas: Canvas, settings: Mapping[str, Any]) -> None:
        self.canvas = canvas
        self.facts = canvas.draw(**settings)

    def __repr__(self) -> str:
        return facts_text(self.facts)

    def _ipython_display_(self) -> None:
        data, metadata = _stored(self.canvas, self.canvas.title)
        display(data, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]
        print(self)


class Explorer(widgets.VBox):  # type: ignore[misc]
    """A widget: `Explorer(figures.name, figures.NAME_SLIDERS)`.

    Without a kernel its stored output is the picture at the starting settings with its facts. A figure function
    that fails shows its error under the sliders; `draw` and `grid` let the error through, for tests.
    """

    def __init__(self, figure: FigureFunction, sliders: Sliders) -> None:
        self.sliders = sliders
        self.canvas = Canvas(figure)
        self.controls = {name: _control(name, spec) for name, spec in sliders.items()}
        self.picture = widgets.HTML()
        self.note = widgets.HTML()
        reset = widgets.Button(description="Reset", tooltip="Back to the starting settings")
        reset.on_click(lambda _: self.reset())
        for control in self.controls.values():
            control.observe(lambda _: self._refresh(), "value")
        self.draw(**self.settings)
        self._show()
        rows = [_row(spec, self.controls[name], name) for name, spec in sliders.items()]
        super().__init__([*rows, reset, self.picture, self.note])

    @property
    def settings(self) -> dict[str, Any]:
        """Where the sliders stand."""
        return {name: control.value for name, control in self.controls.items()}

    @property
    def code(self) -> str:
        """The call that draws the present picture in a cell."""
        name = f"figures.{self.canvas.function.__name__}"
        values = (f"{key}={_plain(value)}" for key, value in self.settings.items())
        return f"show({', '.join((name, *values))})"

    def draw(self, **settings: Any) -> Facts:
        """Draw at `settings` without moving the sliders; returns the facts."""
        return self.canvas.draw(**settings)

    def reset(self) -> None:
        """Put every slider back to its start, and the picture with it."""
        for name, spec in self.sliders.items():
            self.controls[name].value = spec.start
        self._refresh()

    def grid(self) -> Iterator[tuple[dict[str, Any], Facts]]:
        """Draw every corner and midpoint of the slider box; yields the settings and their facts."""
        for values in itertools.product(*(spec.samples for spec in self.sliders.values())):
            settings = dict(zip(self.sliders, values, strict=True))
            yield settings, self.draw(**settings)

    def _refresh(self) -> None:
        try:
            self.draw(**self.settings)
        except Exception as error:  # the reader sees the reason instead of a picture that stopped moving
            self.note.value = f'<p role="alert">This setting can not be drawn: {html.escape(str(error))}</p>'
        else:
            self._show()

    def _show(self) -> None:
        data = base64.b64encode(self.canvas.png()).decode()
        width, height = self.canvas.figure.canvas.get_width_height()
        # decoding="sync" makes the browser swap the picture and its text in one frame
        self.picture.value = (
            f'<img class="cascadelab-picture" decoding="sync" width="{width}" height="{height}" '
            f'style="max-width:100%;height:auto" alt="{html.escape(self.canvas.alt)}" '
            f'src="data:image/png;base64,{data}">'
        )
        self.note.value = (
            f'<pre class="cascadelab-facts" aria-live="polite">{html.escape(facts_text(self.canvas.facts))}</pre>'
            f'<pre style="white-space:pre-wrap">{html.escape(self.code)}</pre>'
        )

    def __repr__(self) -> str:
        return f"{self.code}\n{facts_text(self.canvas.facts)}"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        live = super()._repr_mimebundle_(**kwargs) or {}
        stored, metadata = _stored(self.canvas, repr(self))
        return {**live, **stored}, metadata


def show(figure: FigureFunction, **settings: Any) -> Picture:
    """Draw a figure function once, at `settings`, as a picture with its facts."""
    return Picture(Canvas(figure), settings)


def fact(value: float | int | str) -> str:
    """Write one fact: text as it is, whole numbers whole, other numbers with six significant digits."""
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return f"{value:,d}"
    return f"{value:,.6g}"


def facts_text(facts: Facts) -> str:
    """One line a fact, aligned."""
    width = max((len(name) for name in facts), default=0)
    return "\n".join(f"{name:<{width}}  {fact(value)}" for name, value in facts.items())


def _stored(canvas: Canvas, text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    data = base64.b64encode(canvas.png(compress_level=9)).decode()
    return {"text/plain": text, "image/png": data}, {"image/png": {"alt": canvas.alt}}


def _plain(value: Any) -> str:
    return repr(value) if isinstance(value, str) else f"{value:.10g}"


def _control(name: str, spec: Slider | Choice) -> Any:
    if isinstance(spec, Choice):
        return widgets.ToggleButtons(
            options=spec.options, value=spec.start, tooltips=[_label(name, spec)] * len(spec.options),
            style={"button_width": "auto"},
        )  # fmt: skip
    shared: dict[str, Any] = {
        "description": _label(name, spec), "value": spec.start, "step": spec.step,
        "style": {"description_width": LABEL_WIDTH}, "layout": {"width": "44em", "max_width": "100%"},
    }  # fmt: skip
    if spec.log:
        ends = {"min": math.log10(spec.low), "max": math.log10(spec.high)}
        return widgets.FloatLogSlider(base=10, readout_format=".3g", **ends, **shared)
    digits = len(f"{spec.step:f}".rstrip("0").partition(".")[2])
    return widgets.FloatSlider(min=spec.low, max=spec.high, readout_format=f".{digits}f", **shared)


def _row(spec: Slider | Choice, control: Any, name: str) -> Any:
    if isinstance(spec, Slider):
        return control
    label = widgets.Label(_label(name, spec), layout={"width": LABEL_WIDTH, "justify_content": "flex-end"})
    return widgets.HBox([label, control])


def _label(name: str, spec: Slider | Choice) -> str:
    label = spec.label or name.replace("_", " ")
    return f"{label} ({spec.unit})" if isinstance(spec, Slider) and spec.unit else label
