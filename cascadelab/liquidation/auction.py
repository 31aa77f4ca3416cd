"""Auctions: a price that falls, a fee that rises, and the race of the price against the market."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import (
    Floats,
    broadcast,
    finite,
    fraction,
    non_negative,
    positive,
    positive_share,
    scalar_or_array,
)


def staircase_auction(top_price: ArrayLike, elapsed: ArrayLike, cut: ArrayLike, step: ArrayLike) -> float | Floats:
    """Asking price of an auction that falls by the same factor at each step: p_top · cut^⌊t / step⌋.

    Parameters
    ----------
    top_price : array_like       price at the start, numeraire per unit, > 0
    elapsed : array_like         t, seconds, ≥ 0
    cut : array_like             factor of a step, in (0, 1]
    step : array_like            seconds between two steps, > 0

    Returns
    -------
    ndarray or float             numeraire per unit

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, "Auctions". Maker's StairstepExponentialDecrease. A time within rounding of a step is at the step.

    Examples
    --------
    >>> print(f"{staircase_auction(5.0, 60.0, 0.99, 1.0):.6f}")
    2.735783
    """
    p, t, factor, pause = broadcast(
        top_price=positive("top_price", top_price),
        elapsed=non_negative("elapsed", elapsed),
        cut=positive_share("cut", cut),
        step=positive("step", step),
    )
    return scalar_or_array(p * factor ** np.floor(t / pause + 1e-9))


def drift_fee(liquidation_fee: ArrayLike, slots: ArrayLike, *, fee_cap: ArrayLike) -> float | Floats:
    """Liquidation fee of Drift while a liquidation lasts: an auction in which not the price falls but the fee rises.

        f_liq before slot 1,500;   min(f_liq + slots / 10⁶, f_max) from then on

    Parameters
    ----------
    liquidation_fee : array_like  fee at the start, fraction
    slots : array_like            slots of the chain since the liquidation began, ≥ 0 (a slot is about 0.4 seconds)
    fee_cap : array_like          f_max, fraction; a fee that is above it at the start stays where it is

    Returns
    -------
    ndarray or float             fraction of notional

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, "Exchanges side by side". The first 1,500 slots count once they are over: there the fee jumps by 0.15 %.

    Examples
    --------
    >>> print(drift_fee(0.02, [1_000, 10_000, 100_000], fee_cap=0.05))
    [0.02 0.03 0.05]
    """
    fee, number, cap = broadcast(
        liquidation_fee=fraction("liquidation_fee", liquidation_fee),
        slots=non_negative("slots", slots),
        fee_cap=fraction("fee_cap", fee_cap),
    )
    return scalar_or_array(np.where(number < 1500, fee, np.minimum(fee + 1e-6 * number, np.maximum(cap, fee))))


def taken_after(buffer: ArrayLike, decay: ArrayLike, market_decay: ArrayLike) -> float | Floats:
    """Seconds after which an exponential auction meets a market that falls exponentially: ln(buf) / (ϑ − ϑ_market).

    Parameters
    ----------
    buffer : array_like          top price over the market price at the start, > 0
    decay : array_like           ϑ of the auction, per second, ≥ 0
    market_decay : array_like    ϑ of the market, per second; negative where it rises

    Returns
    -------
    ndarray or float             seconds; 0 where buf ≤ 1, inf where the auction never catches the market

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Derived in chapter 6, equation (6.17); `theory.taken_after` is the symbolic twin. A bidder who wants a margin of its
    own waits as if the buffer were larger by that factor.

    Examples
    --------
    >>> print(f"{taken_after(1.2, 1.1e-4, 1e-5):.1f} {taken_after(1.2, 1.1e-4, 2e-4)}")
    1823.2 inf
    """
    b, rate, market = _race(buffer, decay, market_decay)
    catches = rate > market
    when = np.log(b) / np.where(catches, rate - market, 1.0)
    return scalar_or_array(np.where(b <= 1, 0.0, np.where(catches, when, np.inf)))


def taken_at(buffer: ArrayLike, decay: ArrayLike, market_decay: ArrayLike) -> float | Floats:
    """Price at which that auction is taken, over the market price at its start: buf^(−ϑ_market / (ϑ − ϑ_market)).

    Parameters and errors are those of `taken_after`.

    Returns
    -------
    ndarray or float             ratio; `buffer` where it is at most 1, 0 where the auction is never taken

    Notes
    -----
    Derived in chapter 6, equation (6.18); `theory.taken_at` is the symbolic twin.

    Examples
    --------
    >>> print(f"{taken_at(1.2, 1.1e-4, 1e-5):.4f} {taken_at(1.2, 1.1e-4, 1e-4):.4f}")
    0.9819 0.1615
    """
    b, rate, market = _race(buffer, decay, market_decay)
    catches = rate > market
    ratio = b ** (-market / np.where(catches, rate - market, 1.0))
    return scalar_or_array(np.where(b <= 1, b, np.where(catches, ratio, 0.0)))


def _race(buffer: ArrayLike, decay: ArrayLike, market_decay: ArrayLike) -> tuple[Floats, ...]:
    return broadcast(
        buffer=positive("buffer", buffer),
        decay=non_negative("decay", decay),
        market_decay=finite("market_decay", market_decay),
    )
