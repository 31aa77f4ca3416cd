import numpy as np
import pytest

from cascadelab.contagion import Solver
from cascadelab.impact import Linear
from cascadelab.kit.explore import show
from cascadelab.kit.tables import load
from cascadelab.platforms import figures, impact_matrix, sale_response


def test_arbitrage_ends_where_the_engine_and_the_law_end():
    picture = show(figures.arbitrage, conductance=4.0, density_1=1.2, density_2=1.2, hit="venue 1")
    book, first = figures.two_venues(1.2, 1.2)
    assert first.sum() == 72
    spread = impact_matrix(figures.DEPTH, 4.0)
    end = Solver(book, [100.0, 100.0]).run(100 - spread @ [6.0, 0.0], Linear(spread))
    prices = [picture.facts[f"price on venue {k}"] for k in (1, 2)]
    assert prices == pytest.approx(end.price)
    assert prices == pytest.approx(100 - sale_response([1.2, 1.2], figures.DEPTH, 4.0) @ [6.0, 0.0], abs=0.4)
    right = picture.canvas.figure.axes[1]
    falls = [line.get_ydata() for line in right.get_lines()[:2]]
    lot = [figures.LOT * sale_response([1.2, 1.2], figures.DEPTH, c).max() for c in figures.GRID[1:]]
    assert (np.diff(falls[0]) <= lot).all()  # where the curve rises, one more account is reached
    assert (falls[0] >= falls[1]).all()


@pytest.mark.parametrize("hit", [0, 1])
@pytest.mark.parametrize("densities", [(2.4, 1.2), (0.3, 4.0), (3.0, 5.0)])
def test_curves_are_those_of_the_engine(densities, hit):
    seed = 6.0 * np.eye(2)[hit]
    falls = figures.falls_on_grid(*densities, seed)
    solver = Solver(figures.two_venues(*densities)[0], [100.0, 100.0])
    for k in range(0, len(figures.GRID), 8):
        spread = impact_matrix(figures.DEPTH, figures.GRID[k])
        found = solver.run(100 - spread @ seed, Linear(spread)).price
        assert falls[:, k] == pytest.approx(100 - found, rel=1e-9)


def test_oracle_shows_the_response_of_marks_and_prices():
    facts = show(figures.oracle, looks="own price", sells="at home", conductance=2.0, depth_1=1.5).facts
    law = sale_response(figures.DENSITIES, [1.5, 4.0, 5.0], 2.0)[:, 0]
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
