"""The safe set in the plane of two prices: a convex polygon, cut from a window by one half-plane a face."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, finite, positive, single
from cascadelab.portfolio.account import Account
from cascadelab.portfolio.prices import Prices


def safe_polygon(account: Account, assets: tuple[str, str], prices: Prices, limits: tuple[float, float]) -> Floats:
    """Corners of the safe set {S ≥ 0} in the plane of two assets' prices, the other prices held.

    Parameters
    ----------
    account : Account
    assets : (str, str)          the asset on the horizontal and the one on the vertical axis; they differ
    prices : mapping of str to float   price of each other asset held, > 0
    limits : (float, float)      largest price of each axis, > 0; the window starts at 0

    Returns
    -------
    ndarray, shape (K, 2)        corners, counterclockwise, those of the window among them; shape (0, 2) where
                                 nothing in the window is safe

    Raises
    ------
    ValueError                   assets are not two different names, limits not two numbers, a limit or price is not
                                 finite or not positive, or a price is missing

    Notes
    -----
    Chapter 3, equation (3.6). Exact: every pair of lines (one a tier) is one half-plane, and each clips the window.

    Examples
    --------
    >>> from cascadelab.portfolio import Balance
    >>> x = Account(-1620.0, [Balance("A", 10, asset_weight=0.9), Balance("B", 20, asset_weight=0.9)])
    >>> corners = safe_polygon(x, ("A", "B"), {}, (200.0, 100.0))
    >>> print([f"{a:.0f},{b:.0f}" for a, b in corners])
    ['0,90', '180,0', '200,0', '200,100', '0,100']
    """
    if len(assets) != 2 or assets[0] == assets[1]:
        raise ValueError(f"assets must be two different names, got {assets!r}")
    if np.shape(limits) != (2,):
        raise ValueError(f"limits must be two numbers, got {limits!r}")
    first, second = assets
    right, top = single("limits[0]", limits[0], positive), single("limits[1]", limits[1], positive)
    (a, b), (c, d) = account.lines(first), account.lines(second)
    rest = account.held_part(prices, assets)
    corners = np.array([[0.0, 0.0], [right, 0.0], [right, top], [0.0, top]])
    for k in range(a.size):
        for j in range(c.size):
            corners = clip(corners, np.array([b[k], d[j]]), -(rest + a[k] + c[j]))
    return corners


def clip(corners: ArrayLike, normal: ArrayLike, offset: float) -> Floats:
    """Cut a convex polygon by the half-plane normal · p ≥ offset.

    Parameters
    ----------
    corners : array_like, shape (K, 2)   in order around the polygon; K may be 0
    normal : array_like, shape (2,)
    offset : float

    Returns
    -------
    ndarray, shape (J, 2)                what is left, in the same order

    Raises
    ------
    ValueError                           an entry is not finite, or a shape is wrong

    Examples
    --------
    >>> clip([[0, 0], [2, 0], [2, 2], [0, 2]], [1, 1], 3).tolist()
    [[2.0, 1.0], [2.0, 2.0], [1.0, 2.0]]
    """
    points, n = finite("corners", corners), finite("normal", normal)
    if points.ndim != 2 or points.shape[1] != 2 or n.shape != (2,):
        raise ValueError(f"corners must have shape (K, 2) and normal (2,), got {points.shape} and {n.shape}")
    height = points @ n - single("offset", offset, finite)
    kept: list[Floats] = []
    for k in range(len(points)):
        p, q, above, below = points[k - 1], points[k], height[k - 1], height[k]
        if above * below < 0:
            kept.append(p + (q - p) * above / (above - below))
        if below >= 0:
            kept.append(q)
    return np.array(kept).reshape(-1, 2)
