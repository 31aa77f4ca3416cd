import numpy as np
import pytest

from cascadelab.contagion import Solver
from cascadelab.impact import Linear
from cascadelab.kit.explore import show
from cascadelab.kit.tables import load
from cascadelab.platforms import figures, impact_matrix, sale_response


def test_arbitrage_ends_where_the_engine_and_the_law_end():
    picture = show(figures.arbitrage, conductance=4.0, density_1=1.2, density_2=1.2, hit="venue 1")
    book = figures.two_venues(1.2, 1.2)
    spread = impact_matrix(figures.DEPTH, 4.0)
    end = Solver(book, [100.0, 100.0]).run(100 - spread @ [6.0, 0.0], Linear(spread))
    prices = [picture.facts[f"price on venue {k}"] for k in (1, 2)]
    assert prices == pytest.approx(end.price)
    assert prices == pytest.approx(100 - sale_response(figures.DEPTH, [1.2, 1.2], 4.0) @ [6.0, 0.0], abs=0.4)
    right = picture.canvas.figure.axes[1]
    falls = [line.get_ydata() for line in right.get_lines()[:2]]
    lot = [figures.LOT * sale_response(figures.DEPTH, [1.2, 1.2], c).max() for c in figures.GRID[1:]]
    assert (np.diff(falls[0]) <= lot).all()  # where the curve rises, one more account is reached
    assert (falls[0] >= falls[1]).all()


@pytest.mark.parametrize("hit", [0, 1])
@pytest.mark.parametrize("densities", [(2.4, 1.2), (0.3, 4.0), (3.0, 5.0)])
def test_curves_are_those_of_the_engine(densities, hit):
    seed = 6.0 * np.eye(2)[hit]
    book = figures.two_venues(*densities)
    falls = figures.falls_on_grid(book, seed)
    solver = Solver(book, [100.0, 100.0])
    for k in range(0, len(figures.GRID), 8):
        spread = impact_matrix(figures.DEPTH, figures.GRID[k])
        found = solver.run(100 - spread @ seed, Linear(spread)).price
        assert falls[:, k] == pytest.approx(100 - found, rel=1e-9)


def test_oracle_shows_the_response_of_marks_and_prices():
    facts = show(figures.oracle, looks="own price", sells="at home", conductance=2.0, depth_1=1.5).facts
    law = sale_response([1.5, 4.0, 5.0], figures.DENSITIES, 2.0)[:, 0]
    assert facts["fall on venue 1, traded"] == pytest.approx(law[0])
    assert facts["fall on venue 3, traded"] == pytest.approx(law[2])
    assert facts["fall on venue 3, mark"] == pytest.approx(law[2])
    assert facts["forced sales, units"] == pytest.approx(figures.DENSITIES @ law)


def test_everything_on_the_shallow_venue_has_no_end_without_arbitrage():
    facts = show(figures.oracle, looks="price of venue 1", sells="on venue 1", conductance=0.1, depth_1=1.0).facts
    assert facts["r(K)"] > 1
    assert facts["forced sales, units"] == "no end"


def test_index_marks_of_the_picture_fall_alike():
    picture = show(figures.oracle, looks="index", sells="on venue 1", conductance=0.1, depth_1=1.0)
    heights = [bar.get_height() for bar in picture.canvas.figure.axes[0].patches]
    assert heights[3:6] == pytest.approx([heights[3]] * 3)
    assert picture.facts["r(K)"] == pytest.approx(0.35)


def test_usde_shows_the_table():
    facts = show(figures.usde).facts
    assert facts["lowest on Binance"] == load("usde_prices")["binance_low"].min()
    assert facts["at"] == "21:54"
    assert facts["lowest on Uniswap"] > 0.999


@pytest.mark.parametrize("step", range(30))
def test_venues_have_all_accounts_down_to_the_last_threshold_and_none_below(step):
    """Positions of a slider carry rounding: 0.2 + 22 · 0.1 is a hair above 2.4."""
    density = 0.2 + step * 0.1
    book = figures.two_venues(density, 1.2)
    levels = np.sort(-np.asarray(book.cash)[np.asarray(book.quantity)[:, 0] > 0] / figures.LOT)
    assert len(levels) == round(60 * density)
    assert levels[0] > 70.0
    assert levels[0] == pytest.approx(70.0 + 0.25 / density)
    assert levels[-1] == pytest.approx(100.0 - 0.25 / density)


@pytest.mark.parametrize(("conductance", "hit"), [(0.3162277660168379, "venue 2"), (0.01, "venue 1"), (1.0, "venue 1")])
def test_picture_shows_the_end_of_the_cascade(conductance, hit):
    picture = show(figures.arbitrage, conductance=conductance, density_1=2.4, density_2=1.2, hit=hit)
    left = picture.canvas.figure.axes[0]
    path, last = left.get_lines()[0], left.get_lines()[2]
    assert left.get_xlim()[1] >= picture.facts["rounds"] == path.get_xdata()[-1] == last.get_xdata()[0]
    assert path.get_ydata()[-1] == last.get_ydata()[0] == picture.facts["price on venue 1"]
