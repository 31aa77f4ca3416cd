import ast
from pathlib import Path

import nbformat
import numpy as np
import pytest

from cascadelab.contagion import (
    Solver,
    cross_kappa,
    endogenous_correlation,
    equal_legs_efficiency,
    figures,
    spectral_radius,
)
from cascadelab.impact import Linear
from cascadelab.kit.explore import show
from cascadelab.kit.tables import load


@pytest.mark.parametrize("mode", figures.MODES)
def test_the_path_ends_where_the_engine_ends(mode):
    picture = show(figures.path, mode=mode, fall=0.13, kappa=0.6, correlation=0.2)
    book, _ = figures.holders_book(mode, 0.2)
    end = Solver(book, figures.START).run([87.0, 100.0], Linear([1.2, 1.2]))
    assert picture.facts["end price of A"] == pytest.approx(end.price[0])
    assert picture.facts["end price of B"] == pytest.approx(end.price[1])
    assert picture.facts["accounts lost"] == f"{end.liquidated.sum()} of {len(book)}"


def test_isolated_margin_leaves_b_alone_and_cross_margin_spares_a():
    facts = {m: show(figures.path, mode=m, fall=0.11, kappa=0.5, correlation=0.3).facts for m in figures.MODES}
    assert facts["isolated"]["end price of B"] == 100.0
    for mode in figures.MODES[1:]:
        assert facts[mode]["end price of B"] < 100.0
        assert facts[mode]["end price of A"] > facts["isolated"]["end price of A"]
    taken = equal_legs_efficiency(2, 0.3)
    assert facts[figures.MODES[2]]["branching ratio"] == pytest.approx(cross_kappa([0.5, 0.5], 1.0, taken))
    assert facts[figures.MODES[1]]["branching ratio"] == pytest.approx(0.5)


def test_limits_pass_through_prices_with_no_surplus():
    book, _ = figures.holders_book(figures.MODES[0], 0.0)
    chosen = np.zeros(len(book), dtype=bool)
    chosen[[0, 1]] = True
    points = figures._limits(book, chosen)
    for k, column in ((0, slice(1, 3)), (1, slice(4, 6))):
        for point in points[:, column].T:
            assert book.surplus(point)[k] == pytest.approx(0.0)


def test_heat_map_shows_the_matrix_and_says_where_there_is_no_end():
    picture = show(figures.heat, share=1.0, correlation=0.0, depth=1.0, side="held")
    assert picture.facts["r(K)"] == pytest.approx(0.9)
    matrix = figures.heat_feedback(1.0, 0.0, 1.0, "held")
    shown = [[float(t.get_text()) for t in picture.canvas.figure.axes[0].texts[4 * a : 4 * a + 4]] for a in range(4)]
    assert np.array(shown) == pytest.approx(matrix, abs=0.00501)
    facts = show(figures.heat, share=1.0, correlation=0.0, depth=0.5, side="held").facts
    assert facts["r(K)"] > 1
    assert facts["fall of B"] == "no end"
    apart = show(figures.heat, share=0.0, correlation=0.0, depth=0.2, side="held").facts  # D has no end, A has
    assert apart["r(K)"] == pytest.approx(2.25)
    assert apart["fall of A for a shock of one to A"] == pytest.approx(1 / 0.55)
    assert apart["fall of D (negative = rise)"] == 0


def test_an_asset_that_is_owed_rises_and_counts_the_same():
    owed, held = (figures.heat_feedback(0.6, 0.0, 0.8, side) for side in ("owed", "held"))
    assert (owed[3, :3] < 0).all()
    assert spectral_radius(owed) == pytest.approx(spectral_radius(held))


@pytest.mark.unmeasured
def test_simulated_correlations_stand_where_the_law_and_its_failures_are():
    facts = show(figures.correlation_law).facts
    assert facts["law at 0.357"] == pytest.approx(0.824549, abs=5e-7)
    assert facts["two-sided there"] == pytest.approx(0.8245, abs=0.005)
    assert facts["once there"] < facts["falls only there"] < facts["law at 0.357"]


def test_markers_stand_in_the_market_of_their_place():
    picture = show(figures.correlation_law)
    markers = next(line for line in picture.canvas.figure.axes[0].lines if line.get_label() == "simulated, two-sided")
    for ratio, found in zip(*markers.get_data(), strict=True):
        assert found == pytest.approx(endogenous_correlation(0.0, ratio, 0.4), abs=0.005)
    with pytest.raises(ValueError, match="account_density must be at least 0"):
        figures.simulated_correlations([0.5], "two-sided")  # cross feedback 0.35 above the own one


def test_the_path_widget_opens_with_the_picture_of_the_text():
    cells = nbformat.read(Path(__file__).parents[2] / "chapters" / "09_contagion.ipynb", as_version=4).cells
    opening = next(ast.parse(cell.source).body[0].value for cell in cells if "show(figures.path" in cell.source)
    shown = {part.arg: ast.literal_eval(part.value) for part in opening.keywords}
    assert shown == {name: slider.start for name, slider in figures.PATH_SLIDERS.items()}


def test_growth_shows_the_stored_table():
    stored = load("engine_benchmark")
    sizes, times = figures.stored_times("assets")
    rows = stored["series"] == "assets"
    assert sizes.tolist() == [1, 2, 4, 8, 16, 32]
    assert times["C rounds"] == pytest.approx(stored["engine"][rows] * stored["c_rounds"][rows])
    facts = show(figures.growth).facts
    chosen = (stored["series"] == "accounts") & (stored["accounts"] == 10_000)
    assert facts["Mesa agents over engine, 10,000 accounts"] == pytest.approx(stored["mesa"][chosen][0])
