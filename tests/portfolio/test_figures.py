import numpy as np
import pytest

from cascadelab.kit.explore import show
from cascadelab.portfolio import Account, figures

START = {"price_a": 100.0, "price_b": 50.0, "share": 0.5, "book": "two longs"}


def test_opening_picture_is_account_x_and_its_isolated_legs():
    facts = show(figures.box_and_half_space, **START).facts
    assert facts["surplus of the cross account"] == pytest.approx(180.0)
    assert facts["surplus of isolated leg A"] == pytest.approx(90.0)
    assert facts["corner of the box"] == "A 90.00, B 45.00"
    assert facts["liquidated"] == "none"
    after = show(figures.box_and_half_space, **START | {"price_a": 75.0}).facts
    assert after["surplus of the cross account"] == pytest.approx(-45.0)
    assert after["liquidated"] == "cross, leg A"
    corner = show(figures.box_and_half_space, **START | {"price_a": 75.0, "share": 1.0}).facts
    assert corner["surplus of isolated leg B"] == 0.0


@pytest.mark.parametrize("book", ["two longs", "long and short"])
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_corner_of_the_box_lies_on_the_edge_of_the_half_space(book, share):
    picture = show(figures.box_and_half_space, **START | {"book": book, "share": share})
    account = figures.book_of(book)
    _, normal, offset = account.face(figures.NOW)
    line, edge = picture.canvas.figure.axes[0].lines[:2]
    corner = np.array([edge.get_xdata()[1], edge.get_ydata()[1]])
    assert normal @ corner == pytest.approx(offset)
    assert normal @ np.array([line.get_xdata()[0], line.get_ydata()[0]]) == pytest.approx(offset)
    legs = figures.legs_of(account, share)
    for asset, price in zip("AB", corner, strict=True):
        assert legs[asset].surplus({asset: price}) == pytest.approx(0.0, abs=1e-9)


def test_cross_price_of_a_moves_with_the_price_of_b():
    facts = show(figures.box_and_half_space, **START | {"book": "long and short", "price_b": 20.0}).facts
    assert facts["liquidation price of A, cross"] == "6.67"
    poor = show(figures.box_and_half_space, **START | {"price_b": 80.0}).facts
    assert poor["liquidation price of A, cross"] == "20.00"


def test_published_pair_shows_the_published_prices():
    facts = show(figures.published_pair).facts
    assert facts["ETH, cross"] == pytest.approx(1153.26, abs=0.005)
    assert facts["ETH, alone with the wallet"] == pytest.approx(1114.78, abs=0.005)
    assert facts["BTC, cross"] == pytest.approx(26316.89, abs=0.005)
    assert facts["BTC, alone with the wallet"] == pytest.approx(18778.73, abs=0.005)


def test_published_edge_has_its_kink_where_eth_enters_a_higher_tier():
    axes = show(figures.published_pair).canvas.figure.axes[0]
    account = Account(figures.WALLET, positions=[figures.ETH, figures.BTC])
    btc, eth = (np.asarray(data, dtype=float) for data in axes.lines[0].get_data())
    assert eth[1] == pytest.approx(5e6 / 3683.979)
    for x, y in zip(1e3 * np.interp(between := np.linspace(800, 1750, 40), eth, btc), between, strict=True):
        assert account.surplus({"BTC": x, "ETH": y}) == pytest.approx(0.0, abs=1e-6)


def test_tiers_cut_corners_shows_two_exits_where_the_surplus_is_zero():
    facts = show(figures.tiers_cut_corners).facts
    account = figures.hedged_book()
    for name in ("exit when both fall", "exit when both rise"):
        prices = {asset: price * (1 + facts[name]) for asset, price in figures.NOW.items()}
        assert account.surplus(prices) == pytest.approx(0.0, abs=1e-9)
    assert facts["faces"] == 3
    assert facts["one rate, both fall"] == pytest.approx(-0.6)
    assert facts["one rate, both rise"] == "none"
    assert facts["second tier starts at"] == "A 107.14, B 75.00"


def test_three_thresholds_are_zeros_and_the_gap_between_them_is_not_safe():
    facts = show(figures.three_thresholds).facts
    zeros = [float(text) for text in facts["thresholds with puts"].split(", ")]
    assert len(zeros) == 3
    np.testing.assert_allclose(figures.surplus_with_put(zeros), 0.0, atol=1e-3)
    low, middle, high = (zeros[0] - 1, (zeros[0] + zeros[1]) / 2, (zeros[1] + zeros[2]) / 2)
    assert list(figures.surplus_with_put([low, middle, high]) >= 0) == [True, False, True]
