import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from cascadelab.kit import style
from cascadelab.kit.redraw import Redraw


@pytest.fixture
def drawing():
    with style.applied():
        figure, axes = style.new_figure(2)
        for ax in axes:
            ax.plot([0, 1], [0, 1], **style.line("equity"), label="line")
            ax.axvspan(0.2, 0.4, **style.area("liquidated"))
            ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="x", title="t")
            ax.legend()
        figure.text(0.5, 0.97, "above all")
        yield figure, Redraw(figure)


def full(figure):
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3]


def move_line(figure):
    figure.axes[0].lines[0].set_ydata([1, 0.3])


def move_limits(figure):
    figure.axes[1].set_xlim(0, 3)


def move_text(figure):
    figure.texts[0].set_text("other")


def hide_axes(figure):
    figure.axes[0].axis("off")


def add_line(figure):
    figure.axes[1].axhline(0.5, **style.line("guide"))


@pytest.mark.unmeasured
@pytest.mark.parametrize("move", [move_line, move_limits, move_text, hide_axes, add_line])
def test_redrawn_pixels_equal_a_full_drawing_after_any_change(drawing, move):
    figure, redraw = drawing
    redraw.pixels()
    move_line(figure)
    redraw.pixels()
    move(figure)
    redrawn = redraw.pixels().copy()
    assert np.array_equal(redrawn, full(figure))


def test_background_is_kept_while_only_the_data_move(drawing):
    figure, redraw = drawing
    redraw.pixels()
    background = redraw.background
    move_line(figure)
    redraw.pixels()
    assert redraw.background is background
    move_limits(figure)
    redraw.pixels()
    assert redraw.background is not background
