"""Falling-price auctions: three clocks, and one race against the market."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, broadcast, finite, non_negative, positive, positive_share, scalar_or_array


def linear_auction(top_price: ArrayLike, elapsed: ArrayLike, duration: ArrayLike) -> float | Floats:
    """Asking price of an auction that falls evenly to zero: p_top · max(1 − t / t_end, 0).

    Parameters
    ----------
    top_price : array_like       price at the start, numeraire per unit, > 0
    elapsed : array_like         t, seconds, ≥ 0
    duration : array_like        t_end, seconds, > 0

    Returns
    -------
    ndarray or float             numeraire per unit

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, section on auctions. Maker's LinearDecrease.

    Examples
    --------
    >>> print(f"{linear_auction(120.0, 900.0, 3600.0):.2f}")
    90.00
    """
    p, t, end = _clock(top_price, elapsed, duration=positive("duration", duration))
    return scalar_or_array(p * np.maximum(1 - t / end, 0.0))


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
    Chapter 6, section on auctions. Maker's StairstepExponentialDecrease.

    Examples
    --------
    >>> print(f"{staircase_auction(5.0, 60.0, 0.99, 1.0):.6f}")
    2.735783
    """
    p, t, factor, pause = _clock(top_price, elapsed, cut=positive_share("cut", cut), step=positive("step", step))
    return scalar_or_array(p * factor ** np.floor(t / pause + 1e-9))


def exponential_auction(top_price: ArrayLike, elapsed: ArrayLike, decay: ArrayLike) -> float | Floats:
    """Asking price of an auction that falls by the same fraction a second: p_top · exp(−ϑ t).

    Parameters
    ----------
    top_price : array_like       price at the start, numeraire per unit, > 0
    elapsed : array_like         t, seconds, ≥ 0
    decay : array_like           ϑ, per second, ≥ 0; of a staircase −ln(cut) / step

    Returns
    -------
    ndarray or float             numeraire per unit

    Raises
    ------
    ValueError                   a value is outside its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 6, section on auctions.

    Examples
    --------
    >>> print(f"{exponential_auction(120.0, 600.0, 1e-4):.4f}")
    113.0117
    """
    p, t, rate = _clock(top_price, elapsed, decay=non_negative("decay", decay))
    return scalar_or_array(p * np.exp(-rate * t))


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


def _clock(top_price: ArrayLike, elapsed: ArrayLike, **others: Floats) -> tuple[Floats, ...]:
    return broadcast(top_price=positive("top_price", top_price), elapsed=non_negative("elapsed", elapsed), **others)


def _race(buffer: ArrayLike, decay: ArrayLike, market_decay: ArrayLike) -> tuple[Floats, ...]:
    return broadcast(
        buffer=positive("buffer", buffer),
        decay=non_negative("decay", decay),
        market_decay=finite("market_decay", market_decay),
    )
