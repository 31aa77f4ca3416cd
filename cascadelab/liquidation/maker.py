"""Maker's Liquidation 2.0: what is put up for auction, what a bidder gets, and who is paid for starting it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, broadcast, non_negative, positive, scalar_or_array, single
from cascadelab.thresholds.rounding import is_below


@dataclass(frozen=True)
class Bark:
    """An auction that a venue has started, and what stays in the vault. Without room, nothing is auctioned.

    >>> Bark(tab=60.0, lot=24.0, top_price=4.0, quantity_left=16.0, debt_left=40.0).debt_left
    40.0
    """

    tab: float
    lot: float
    top_price: float
    quantity_left: float
    debt_left: float


def bark(
    quantity: float, debt_value: float, price: float, *, penalty: float = 0.0, room: float = float("inf"),
    dust: float = 0.0, buffer: float = 1.0,
) -> Bark:  # fmt: skip
    """Put a vault up for auction: all of it, or the part that the venue's limit on open auctions has room for.

    The part takes collateral in proportion to the debt. A remainder below `dust` is taken too, beyond the room; a part
    that would itself be below `dust` is not auctioned.

    Parameters
    ----------
    quantity : float             units of collateral in the vault, ≥ 0
    debt_value : float           debt with its interest, numeraire, > 0
    price : float                numeraire per unit, > 0
    penalty : float              fraction added to the debt that is auctioned, ≥ 0
    room : float                 money that auctions may still have to raise, numeraire, ≥ 0; inf = no limit
    dust : float                 smallest debt that may stay in a vault, numeraire, ≥ 0
    buffer : float               top price of the auction over the price, > 0

    Returns
    -------
    Bark                         money to raise, units to sell, and what is left in the vault

    Raises
    ------
    ValueError                   a value is outside its range, or no single number

    Notes
    -----
    Chapter 6, "Maker's auctions". Maker's Dog.

    Examples
    --------
    >>> bark(40.0, 100.0, 4.0, room=60.0, dust=20.0)
    Bark(tab=60.0, lot=24.0, top_price=4.0, quantity_left=16.0, debt_left=40.0)
    >>> bark(40.0, 100.0, 4.0, room=90.0, dust=20.0)
    Bark(tab=100.0, lot=40.0, top_price=4.0, quantity_left=0.0, debt_left=0.0)
    """
    units, debt = single("quantity", quantity, non_negative), single("debt_value", debt_value, positive)
    p, up = single("price", price, positive), single("buffer", buffer, positive)
    extra, least = single("penalty", penalty, non_negative), single("dust", dust, non_negative)
    limit = float("inf") if np.array_equal(room, np.inf) else single("room", room, non_negative)
    fits = limit / (1 + extra)
    closed = fits if is_below(fits, debt) else debt
    if 0 < closed < debt and is_below(debt - closed, least, debt):
        closed = debt
    elif closed < debt and is_below(closed, least):
        closed = 0.0
    lot = units * closed / debt
    return Bark(closed * (1 + extra), lot, p * up, units - lot, debt - closed)


@dataclass(frozen=True)
class Take:
    """What a bidder got and paid, what went back to the owner, and what is still to be raised and sold.

    >>> Take(units=22.0, paid=110.0, returned=18.0, tab=0.0, lot=0.0).returned
    18.0
    """

    units: float
    paid: float
    returned: float
    tab: float
    lot: float


def take(tab: float, lot: float, price: float, bid: float, *, dust: float = 0.0) -> Take:
    """Buy from an auction at its present price: as much as one wants, is there, and is owed.

    Never more than the tab is paid; when it is paid, the rest of the lot goes back to the owner. A purchase that would
    leave less than `dust` to raise is cut back to leave `dust`, and refused if the tab is not above `dust`.

    Parameters
    ----------
    tab : float                  money still to raise, numeraire, ≥ 0
    lot : float                  units still to sell, ≥ 0
    price : float                present price of the auction, numeraire per unit, > 0
    bid : float                  units that the bidder wants, ≥ 0
    dust : float                 least that may stay to be raised, numeraire, ≥ 0 (Maker's chost)

    Returns
    -------
    Take                         all zero but for tab and lot where the purchase is refused

    Raises
    ------
    ValueError                   a value is outside its range, or no single number

    Notes
    -----
    Chapter 6, "Maker's auctions". Maker's Clipper. A lot that is sold out before the tab is raised leaves bad debt:
    the remaining tab, with the penalty in it.

    Examples
    --------
    >>> take(110.0, 40.0, 5.0, 25.0, dust=22.0)
    Take(units=22.0, paid=110.0, returned=18.0, tab=0.0, lot=0.0)
    """
    to_raise, to_sell = single("tab", tab, non_negative), single("lot", lot, non_negative)
    p, wanted = single("price", price, positive), single("bid", bid, non_negative)
    least = single("dust", dust, non_negative)
    units = min(wanted, to_sell)
    paid = units * p
    if not is_below(paid, to_raise):
        units, paid = min(to_raise / p, to_sell), to_raise
    elif units < to_sell and is_below(to_raise - paid, least, to_raise):
        if not is_below(least, to_raise):
            return Take(0.0, 0.0, 0.0, to_raise, to_sell)
        paid = to_raise - least
        units = paid / p
    rest = to_sell - units
    done = paid == to_raise
    return Take(units, paid, rest if done else 0.0, to_raise - paid, 0.0 if done else rest)


def auction_reward(tab: ArrayLike, tip: ArrayLike, chip: ArrayLike) -> float | Floats:
    """Reward of whoever starts an auction: tip + chip · tab.

    Parameters
    ----------
    tab : array_like             money that the auction has to raise, numeraire, ≥ 0
    tip : array_like             fixed part, numeraire, ≥ 0
    chip : array_like            fraction of the tab, ≥ 0

    Returns
    -------
    ndarray or float             numeraire

    Raises
    ------
    ValueError                   a value is negative or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, "Maker's auctions". Maker's Clipper.

    Examples
    --------
    >>> print(f"{auction_reward(110.0, 100.0, 0.02):.2f}")
    102.20
    """
    money, fixed, part = broadcast(
        tab=non_negative("tab", tab), tip=non_negative("tip", tip), chip=non_negative("chip", chip)
    )
    return scalar_or_array(fixed + part * money)
