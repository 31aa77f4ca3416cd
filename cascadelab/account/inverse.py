"""Inverse (coin-margined) contracts: bought and settled in coins, sized in the currency of the price."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.account.position import without_rounding
from cascadelab.kit.validate import Floats, broadcast, finite, non_negative, positive, scalar_or_array, share


def inverse_entry_price(contracts: ArrayLike, price: ArrayLike) -> float:
    """Average entry price of inverse fills: the harmonic mean, Σ Q_i / Σ (Q_i / p_i).

    Parameters
    ----------
    contracts : array_like, shape (N,)   size of each fill, numeraire, all of one sign
    price : array_like, shape (N,)       price of each fill, numeraire per coin, > 0

    Returns
    -------
    float                                numeraire per coin

    Raises
    ------
    ValueError                           a value is not finite, a price is not positive, there is no fill,
                                         or fills have different signs

    Notes
    -----
    A fill of Q_i dollars is Q_i / p_i coins; the average keeps the sum of the coins. Chapter 1, equation (1.20).

    Examples
    --------
    >>> print(f"{inverse_entry_price([50, 50], [10_000, 15_000]):.2f}")
    12000.00
    """
    size, p = broadcast(contracts=finite("contracts", contracts), price=positive("price", price))
    if size.size == 0 or not (np.all(size > 0) or np.all(size < 0)):
        raise ValueError(f"contracts must be one or more fills of one sign, got {np.asarray(contracts).tolist()}")
    return float(np.sum(size) / np.sum(size / p))


def inverse_equity(
    contracts: ArrayLike, entry_price: ArrayLike, coin_margin: ArrayLike, price: ArrayLike
) -> float | Floats:
    """Value in coins of an inverse position and its margin: E(p) = B + Q (1/p_e − 1/p).

    Parameters
    ----------
    contracts : array_like       signed size in numeraire; > 0 long, < 0 short
    entry_price : array_like     numeraire per coin, > 0
    coin_margin : array_like     coins posted, ≥ 0
    price : array_like           numeraire per coin, > 0

    Returns
    -------
    ndarray or float             coins

    Raises
    ------
    ValueError                   a value is not finite, a price is not positive, or a margin is negative

    Notes
    -----
    Chapter 1, equation (1.15).

    Examples
    --------
    >>> print(f"{inverse_equity(60_000, 50_000, 0.12, 48_000):.4f}")
    0.0700
    """
    size, p_e, coins, p = broadcast(**_terms(contracts, entry_price, coin_margin), price=positive("price", price))
    return scalar_or_array(coins + size * (1 / p_e - 1 / p))


def inverse_liquidation_price(
    contracts: ArrayLike,
    entry_price: ArrayLike,
    coin_margin: ArrayLike,
    maintenance_rate: ArrayLike,
    *,
    basis: str = "mark",
) -> float | Floats:
    """Price at which an isolated inverse position reaches its maintenance margin.

    The surplus in coins times the price is linear, and its root is

        p_liq = (Q + m |Q|) / (B + Q/p_e)              maintenance m |Q| / p at the mark price
        p_liq = Q / (B + Q/p_e − m |Q|/p_e)            maintenance m |Q| / p_e frozen at entry

    Parameters
    ----------
    contracts : array_like         signed size in numeraire; > 0 long, < 0 short
    entry_price : array_like       numeraire per coin, > 0
    coin_margin : array_like       coins posted, ≥ 0
    maintenance_rate : array_like  fraction of the position's value, in [0, 1]
    basis : "mark" or "entry"      price at which maintenance is charged

    Returns
    -------
    ndarray or float               numeraire per coin; nan where the surplus changes sign at no positive price:
                                   a short with B ≥ |Q|/p_e (at mark) or ≥ |Q|(1 + m)/p_e (at entry), a short
                                   at mark whose rate is 1, or an empty position

    Raises
    ------
    ValueError                     a value is not finite, a price is not positive, a margin is negative,
                                   a rate is outside [0, 1], or the basis is unknown

    Notes
    -----
    Chapter 1, equations (1.17) at mark and (1.18) frozen at entry; `theory.inverse_liquidation_price` and
    `theory.inverse_liquidation_price_frozen` are the symbolic twins. In coins an inverse long is a linear short of
    Q dollars, so `1 / liquidation_price(-Q, 1/p_e, B, m)` is the same number.

    Examples
    --------
    >>> print(f"{inverse_liquidation_price(60_000, 50_000, 0.12, 0.005, basis='entry'):.2f}")
    45662.10
    """
    if basis not in ("mark", "entry"):
        raise ValueError(f"basis must be 'mark' or 'entry', got {basis!r}")
    size, p_e, coins, m = broadcast(
        **_terms(contracts, entry_price, coin_margin), maintenance_rate=share("maintenance_rate", maintenance_rate)
    )
    frozen = m * np.abs(size) / p_e if basis == "entry" else np.zeros_like(size)
    owed = size + (m * np.abs(size) if basis == "mark" else 0.0)
    held = without_rounding(coins + size / p_e - frozen, size / p_e)
    ratio = np.divide(owed, held, out=np.full(size.shape, np.nan), where=held != 0)
    return scalar_or_array(np.where(ratio > 0, ratio, np.nan))


def _terms(contracts: ArrayLike, entry_price: ArrayLike, coin_margin: ArrayLike) -> dict[str, Floats]:
    return {
        "contracts": finite("contracts", contracts),
        "entry_price": positive("entry_price", entry_price),
        "coin_margin": non_negative("coin_margin", coin_margin),
    }
