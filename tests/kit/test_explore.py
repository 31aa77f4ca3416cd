import base64
import io

import matplotlib
import numpy as np
import pytest
from PIL import Image

from cascadelab.kit import explore, style
from cascadelab.kit.explore import Explorer, fact, facts_text, show
from cascadelab.kit.sliders import Choice, Slider

SLIDERS = {
    "slope": Slider(0.5, 4.0, 1.0, 0.25, label="Slope", unit="per day"),
    "size": Slider(1.0, 1000.0, 10.0, 0.1, log=True),
    "side": Choice(("long", "short")),
}


def straight(ax):
    """A straight line through the origin.

    Not part of the alt text.
    """
    (line,) = ax.plot([0, 1], [0, 1], **style.line("equity"))
    ax.set(xlim=(0, 1), ylim=(-4, 4))

    def update(slope, size, side):
        if slope > 3.9:
            raise ValueError("slope <too steep>")
        sign = 1 if side == "long" else -1
        line.set_ydata([0, sign * slope])
        return {"end": sign * slope, "size": size, "side": side, "lines": 1}

    return update


@pytest.fixture
def explorer():
    return Explorer(straight, SLIDERS)


def shown_picture(explorer):
    data = explorer.picture.value.split("base64,")[1].split('"')[0]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))


def test_moving_a_slider_moves_the_artist_and_swaps_the_picture(explorer):
    before = shown_picture(explorer)
    artist = explorer.canvas.figure.axes[0].lines[0]
    explorer.controls["slope"].value = 2.0
    assert list(explorer.canvas.figure.axes[0].lines) == [artist]
    assert artist.get_ydata()[1] == 2.0
    assert before.shape == shown_picture(explorer).shape
    assert (before != shown_picture(explorer)).any()


def test_the_same_settings_give_the_same_picture(explorer):
    before = explorer.picture.value
    explorer.controls["slope"].value = 2.0
    explorer.controls["slope"].value = 1.0
    assert explorer.picture.value == before


def test_reset_restores_sliders_picture_and_facts(explorer):
    before = explorer.picture.value, explorer.note.value
    explorer.controls["slope"].value = 3.0
    explorer.controls["side"].value = "short"
    reset = next(child for child in explorer.children if getattr(child, "description", "") == "Reset")
    reset.click()
    assert explorer.settings == {"slope": 1.0, "size": 10.0, "side": "long"}
    assert (explorer.picture.value, explorer.note.value) == before


def test_settings_as_code_draw_the_same_picture(explorer):
    explorer.controls["slope"].value = 2.25
    assert explorer.code == "show(figures.straight, slope=2.25, size=10, side='long')"
    assert explorer.code in explorer.note.value.replace("&#x27;", "'")
    assert show(straight, slope=2.25, size=10, side="long").facts == explorer.canvas.facts


def test_stored_face_carries_facts_picture_and_alt_text(explorer):
    data, metadata = explorer._repr_mimebundle_()
    assert data["text/plain"] == (
        "show(figures.straight, slope=1, size=10, side='long')\nend    1\nsize   10\nside   long\nlines  1"
    )
    assert "application/vnd.jupyter.widget-view+json" in data
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert picture.size == (640, 360)
    assert metadata["image/png"]["alt"] == (
        "A straight line through the origin. end: 1; size: 10; side: long; lines: 1."
    )
    assert f'alt="{metadata["image/png"]["alt"]}"' in explorer.picture.value


def test_failing_figure_shows_its_reason_in_the_widget_and_raises_under_test(explorer):
    explorer.controls["slope"].value = 4.0
    assert "slope &lt;too steep&gt;" in explorer.note.value
    with pytest.raises(ValueError, match="too steep"):
        list(explorer.grid())
    explorer.controls["slope"].value = 2.0
    assert "role=" not in explorer.note.value


def test_grid_visits_every_corner_and_midpoint():
    sliders = SLIDERS | {"slope": Slider(0.5, 3.0, 1.0, 0.25)}
    visited = [settings for settings, _ in Explorer(straight, sliders).grid()]
    assert len(visited) == 3 * 3 * 2
    assert {settings["slope"] for settings in visited} == {0.5, 1.75, 3.0}
    assert {round(settings["size"], 6) for settings in visited} == {1.0, 31.622777, 1000.0}


def test_static_picture_shows_its_facts_right_below(monkeypatch, capsys):
    shown = []
    monkeypatch.setattr(explore, "display", lambda data, metadata, raw: shown.append((data, metadata, raw)))
    show(straight, slope=1, size=2, side="short")._ipython_display_()
    ((data, metadata, raw),) = shown
    assert raw
    assert data["text/plain"] == "A straight line through the origin."
    assert metadata["image/png"]["alt"] == f"{data['text/plain']} end: -1; size: 2; side: short; lines: 1."
    assert capsys.readouterr().out == "end    -1\nsize   2\nside   short\nlines  1\n"


def test_readers_own_style_does_not_leak_in_or_out(explorer):
    with matplotlib.rc_context({"axes.facecolor": "black", "font.size": 30}):
        assert Explorer(straight, SLIDERS).picture.value == explorer.picture.value
        assert matplotlib.rcParams["font.size"] == 30


def test_two_panels_are_asked_for_by_the_figure_itself():
    @style.layout(2, (7.2, 3.0))
    def pair(axes):
        """Two empty panels."""
        assert len(axes) == 2
        return lambda: {"panels": 2}

    assert show(pair).canvas.figure.get_size_inches().tolist() == [7.2, 3.0]


def test_facts_read_the_same_everywhere():
    assert [fact(x) for x in (1234567, 1234.5678, 0.000012345678, "none")] == [
        "1,234,567",
        "1,234.57",
        "1.23457e-05",
        "none",
    ]
    assert facts_text({}) == ""


def test_slider_readout_shows_as_many_digits_as_a_step_needs():
    def digits(step):
        return Explorer(straight, SLIDERS | {"slope": Slider(1.0, 3.0, 1.0, step)}).controls["slope"].readout_format

    assert [digits(step) for step in (1.0, 0.5, 0.25, 0.005)] == [".0f", ".1f", ".2f", ".3f"]
