import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cascadelab.kit.explore import show
from cascadelab.kit.notation import CHAPTERS
from cascadelab.start_here import figures, story

README_PICTURE = Path(__file__).parents[2] / "chapters" / "images" / "cascade.png"


def readme_picture(fall=0.25):
    """The picture of the README; to write it anew: `README_PICTURE.write_bytes(readme_picture())`."""
    return show(figures.dominoes, fall=fall, impact_b=0.2, margin="cross").canvas.png(9)


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=float)


def distance(one, other):
    """Root mean square of the differences, of 255."""
    return float(np.sqrt(np.mean((pixels(one) - pixels(other)) ** 2)))


def test_dominoes_report_the_story():
    facts = show(figures.dominoes, fall=0.25, impact_b=0.2, margin="cross").facts
    assert facts == {
        "sold, in this order": "X, then Y",
        "loss of platform 1": 0.0,
        "loss of platform 2": pytest.approx(69),
        "price of A at the end": pytest.approx(70),
        "price of B at the end": pytest.approx(40),
    }
    isolated = show(figures.dominoes, fall=0.25, impact_b=0.2, margin="isolated").facts
    assert isolated["sold, in this order"] == "XA"
    assert isolated["loss of platform 1"] == pytest.approx(110)
    assert show(figures.dominoes, fall=0.0, impact_b=0.2, margin="cross").facts["sold, in this order"] == "none"


@pytest.mark.unmeasured
@pytest.mark.parametrize("margin", ["cross", "isolated"])
@pytest.mark.parametrize("fall", [0.0, 0.25, 0.55])
@pytest.mark.parametrize("impact_b", [0.0, 0.2, 0.5])
def test_bars_stand_at_the_surplus_of_the_story(fall, impact_b, margin):
    axes = show(figures.dominoes, fall=fall, impact_b=impact_b, margin=margin).canvas.figure.axes
    told = story(fall, impact_b=impact_b, isolated=margin == "isolated")
    bars = [bar for container in axes[1].containers for bar in container if bar.get_visible()]
    least = 0.0121 * np.ptp(axes[1].get_ylim())
    for bar, surplus in zip(bars, told.surplus.ravel(), strict=True):
        assert bar.get_height() * surplus >= 0
        assert bar.get_height() == pytest.approx(surplus, abs=least if abs(surplus) < least else 1e-9)
    for asset, line in enumerate(axes[0].lines):
        assert line.get_ydata() == pytest.approx(told.prices[:, asset])
    low, high = axes[1].get_ylim()
    assert low < told.surplus.min()
    assert high > told.surplus.max()


def words_of(panel, **settings):
    drawn = show(figures.dominoes, **settings).canvas.figure.axes[panel].texts
    return [text.get_text() for text in drawn if text.get_visible()]


def test_bar_too_small_to_see_is_drawn_and_labelled_on_its_side_of_zero():
    for impact_b, label, sign in ((0.255, "Z\n0.2", 1), (0.256, "Z\n−0.2", -1)):
        settings = {"fall": 0.25, "impact_b": impact_b, "margin": "cross"}
        assert label in words_of(1, **settings)
        below = show(figures.dominoes, **settings).canvas.figure.axes[1]
        heights = [bar.get_height() for container in below.containers for bar in container if bar.get_visible()]
        smallest = min((height for height in heights if height), key=abs)
        assert sign * smallest == pytest.approx(0.012 * np.ptp(below.get_ylim()))


@pytest.mark.parametrize(
    ("value", "text"), [(138, "138"), (137.5, "137.5"), (-151.5, "−151.5"), (-0.01, "0"), (0.0, "0")]
)
def test_amounts_keep_their_half(value, text):
    assert figures._amount(value) == text


def test_prices_that_coincide_are_written_on_two_sides():
    above = show(figures.dominoes, fall=0.5, impact_b=0.2, margin="isolated").canvas.figure.axes[0]
    places = {text.get_text(): text.get_position()[1] for text in above.texts if text.get_position()[0] == 1}
    assert places["A: 50"] > 50 > places["B: 50"]


def test_accounts_of_one_round_are_named_together():
    facts = show(figures.dominoes, fall=0.6, impact_b=0.2, margin="cross").facts
    assert facts["sold, in this order"] == "X and Z, then Y"


def test_unknown_margin_is_named_and_not_taken_for_cross():
    with pytest.raises(ValueError, match="margin must be 'cross' or 'isolated', got 'Isolated'"):
        show(figures.dominoes, fall=0.25, impact_b=0.2, margin="Isolated")


def test_columns_are_enough_for_every_story_of_the_widget():
    longest = 0
    for fall in np.linspace(0, 0.6, 61):
        for impact_b in np.linspace(0, 0.5, 26):
            for isolated in (False, True):
                longest = max(longest, len(story(fall, impact_b=impact_b, isolated=isolated).prices))
    assert longest == figures.STAGES


def test_map_holds_every_chapter_once_in_order():
    assert [word for _, _, words in figures.PARTS for word in words] == list(CHAPTERS[1:]) == list(figures.QUESTIONS)


def test_map_shows_which_chapters_are_ready():
    picture = show(figures.book_map)
    words = [text.get_text() for text in picture.canvas.figure.axes[0].texts]
    ready = [chapter for chapter in figures.QUESTIONS if figures.exists(chapter)]
    assert words.count("planned") == len(figures.QUESTIONS) - len(ready)
    assert picture.facts["chapters"] == 14
    assert picture.facts["ready to read"] == ", ".join(str(CHAPTERS.index(chapter)) for chapter in ready)
    assert ready[0] == "account"


def test_map_can_do_without_planned_and_without_ready_chapters(monkeypatch):
    monkeypatch.setattr(figures, "exists", lambda chapter: True)
    assert show(figures.book_map).facts["planned"] == "none"
    monkeypatch.setattr(figures, "exists", lambda chapter: False)
    assert show(figures.book_map).facts["ready to read"] == "none"


def test_chapter_is_ready_when_its_notebook_is_there(monkeypatch, tmp_path):
    assert figures.exists("account")
    assert not figures.exists("nowhere")
    monkeypatch.setattr(figures, "NOTEBOOKS", tmp_path)
    assert not figures.exists("account")
    (tmp_path / "01_account.ipynb").touch()
    assert figures.exists("account")


def test_readme_shows_the_picture_that_the_package_draws():
    assert distance(README_PICTURE.read_bytes(), readme_picture()) < 0.5


def test_readme_test_would_notice_another_story():
    assert distance(README_PICTURE.read_bytes(), readme_picture(fall=0.26)) > 0.5
