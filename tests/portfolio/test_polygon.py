import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.portfolio import Account, Balance, Position, safe_polygon
from cascadelab.portfolio.polygon import clip
from cascadelab.thresholds import Tiers

STEEP = Tiers.from_floors([0, 400, 1200], [0.02, 0.15, 0.4])
X = Account(-1620.0, [Balance("A", 10, asset_weight=0.9), Balance("B", 20, asset_weight=0.9)])
WINDOW = (200.0, 100.0)


def area(corners):
    x, y = corners.T
    return 0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) if len(corners) else 0.0


def test_half_space_of_x_has_its_corners_on_the_hyperplane():
    corners = safe_polygon(X, ("A", "B"), {}, WINDOW)
    on_face = [c for c in corners if 0 in c and c.sum() > 0 and not np.any(c == WINDOW)]
    assert sorted(map(tuple, on_face)) == [(0.0, 90.0), (180.0, 0.0)]
    assert area(corners) == pytest.approx(200 * 100 - 0.5 * 180 * 90)


@given(st.floats(-15, 15), st.floats(-30, 30), st.floats(-1000, 1500))
def test_polygon_is_convex_and_holds_exactly_the_safe_prices(size_a, size_b, cash):
    account = Account(
        cash, [Balance("C", 1.0)], [Position("A", size_a, 90.0, STEEP), Position("B", size_b, 50.0, STEEP, 0.001)]
    )
    corners = safe_polygon(account, ("A", "B"), {"C": 10.0}, WINDOW)
    p_a, p_b = np.meshgrid(np.linspace(1, 199, 45), np.linspace(1, 99, 45))
    surplus = np.broadcast_to(account.surplus({"A": p_a, "B": p_b, "C": 10.0}), p_a.shape)
    inside = np.ones(p_a.shape, dtype=bool) if len(corners) else np.zeros(p_a.shape, dtype=bool)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        inside &= (x1 - x0) * (p_b - y0) - (y1 - y0) * (p_a - x0) >= -1e-6
    clear = np.abs(surplus) > 1e-3
    assert np.array_equal(inside[clear], surplus[clear] >= 0)


def test_tiers_cut_corners_and_each_cut_adds_a_side():
    positions = [Position("A", -10.0, 100.0, STEEP), Position("B", 20.0, 50.0, STEEP)]
    flat = [Position(p.asset, p.quantity, p.entry_price, Tiers.flat(0.02)) for p in positions]
    tiered, plain = (safe_polygon(Account(400.0, positions=p), ("A", "B"), {}, WINDOW) for p in (positions, flat))
    assert len(tiered) > len(plain)
    assert area(tiered) < area(plain)


def test_nothing_safe_is_an_empty_polygon():
    assert safe_polygon(Account(-1.0), ("A", "B"), {}, WINDOW).shape == (0, 2)
    assert safe_polygon(Account(1.0), ("A", "B"), {}, WINDOW).shape == (4, 2)


def test_point_on_the_edge_is_kept_once():
    square = [[0, 0], [1, 0], [1, 1], [0, 1]]
    assert clip(square, [1, 0], 0.0).tolist() == square
    assert clip(square, [1, 1], 2.0).tolist() == [[1.0, 1.0]]
    assert clip(np.empty((0, 2)), [1, 0], 0.0).shape == (0, 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: safe_polygon(X, ("A", "A"), {}, WINDOW), r"assets must be two different names, got \('A', 'A'\)"),
        (lambda: safe_polygon(X, ("A",), {}, WINDOW), "assets must be two different names"),
        (lambda: safe_polygon(X, ("A", "C"), {}, WINDOW), "prices must contain 'B'"),
        (lambda: safe_polygon(X, ("A", "B"), {}, (0.0, 1.0)), r"limits\[0\] must be positive, got 0"),
        (lambda: safe_polygon(X, ("A", "B"), {}, (1.0, np.inf)), r"limits\[1\] must be finite, got inf"),
        (lambda: safe_polygon(X, ("A", "B"), {}, (1.0,)), r"limits must be two numbers, got \(1\.0,\)"),
        (lambda: clip([[0, 0, 0]], [1, 0], 0.0), r"corners must have shape \(K, 2\) and normal \(2,\), got \(1, 3\)"),
        (lambda: clip([[0, 0]], [1, 0, 0], 0.0), r"and \(3,\)"),
        (lambda: clip([[0, np.nan]], [1, 0], 0.0), "corners must be finite, got nan"),
        (lambda: clip([[0, 0]], [1, 0], [0.0]), "offset must be a single number"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
