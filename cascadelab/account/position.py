"""One leveraged position and its margin: equity, maintenance, liquidation price, bankruptcy price."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, broadcast, finite, non_negative, positive, scalar_or_array, share


def initial_margin(quantity: ArrayLike, entry_price: ArrayLike, leverage: ArrayLike) -> float | Floats:
    """Margin that opens a position at a given leverage: notional over leverage, C = |q| p_e / L.

    Parameters
    ----------
    quantity : array_like        signed units; > 0 long, < 0 short
    entry_price : array_like     numeraire per unit, > 0
    leverage : array_like        notional over margin, > 0

    Returns
    -------
    ndarray or float             numeraire

    Raises
    ------
    ValueError                   a value is not finite, or a price or a leverage is not positive

    Notes
    -----
    Chapter 1, equation (1.6).

    Examples
    --------
    >>> print(f"{initial_margin(1.0, 20_000.0, 50.0):.2f}")
    400.00
    """
    q, p_e, lev = broadcast(
        quantity=finite("quantity", quantity),
        entry_price=positive("entry_price", entry_price),
        leverage=positive("leverage", leverage),
    )
    return scalar_or_array(np.abs(q) * p_e / lev)


def equity(quantity: ArrayLike, entry_price: ArrayLike, margin: ArrayLike, price: ArrayLike) -> float | Floats:
    """Value of a linear position and its margin at a price: E(p) = C + q (p − p_e).

    Parameters
    ----------
    quantity : array_like        signed units; > 0 long, < 0 short
    entry_price : array_like     numeraire per unit, ≥ 0; 0 books the position at cost in cash
    margin : array_like          numeraire, ≥ 0 (any sign where the entry price is 0: then it is the cash)
    price : array_like           numeraire per unit, > 0

    Returns
    -------
    ndarray or float             numeraire; negative beyond the bankruptcy price

    Raises
    ------
    ValueError                   a value is not finite, a price is not positive, or a margin is negative

    Notes
    -----
    Chapter 1, equation (1.1).

    Examples
    --------
    >>> print(f"{equity(30.0, 50.0, 231.0, 47.0):.2f}")
    141.00
    """
    q, p_e, c, p = broadcast(**_terms(quantity, entry_price, margin), price=positive("price", price))
    return scalar_or_array(c + q * (p - p_e))


def maintenance(quantity: ArrayLike, price: ArrayLike, maintenance_rate: ArrayLike) -> float | Floats:
    """Maintenance margin of a position at a price: M(p) = m |q| p.

    Parameters
    ----------
    quantity : array_like          signed units
    price : array_like             numeraire per unit, > 0; the entry price where a venue freezes maintenance there
    maintenance_rate : array_like  fraction of notional, in [0, 1]

    Returns
    -------
    ndarray or float               numeraire

    Raises
    ------
    ValueError                     a value is not finite, a price is not positive, or a rate is outside [0, 1]

    Notes
    -----
    Chapter 1, equation (1.2).

    Examples
    --------
    >>> print(f"{maintenance(30.0, 47.0, 0.1):.2f}")
    141.00
    """
    q, p, m = broadcast(
        quantity=finite("quantity", quantity),
        price=positive("price", price),
        maintenance_rate=share("maintenance_rate", maintenance_rate),
    )
    return scalar_or_array(m * np.abs(q) * p)


def surplus(
    quantity: ArrayLike, entry_price: ArrayLike, margin: ArrayLike, maintenance_rate: ArrayLike, price: ArrayLike
) -> float | Floats:
    """Equity above maintenance at the mark price: S(p) = E(p) − M(p). Liquidatable exactly where S < 0.

    Parameters and errors are those of `equity` and `maintenance`. Where a venue freezes maintenance at entry,
    the surplus is `equity(…, price) - maintenance(quantity, entry_price, maintenance_rate)` instead.

    Returns
    -------
    ndarray or float             numeraire; 0 up to rounding at the liquidation price

    Notes
    -----
    Chapter 1, equation (1.3).

    Examples
    --------
    >>> print(f"{surplus(30.0, 50.0, 231.0, 0.1, 46.0):.2f}")
    -27.00
    """
    value = np.asarray(equity(quantity, entry_price, margin, price))
    return scalar_or_array(np.asarray(value - maintenance(quantity, price, maintenance_rate)))


def margin_ratio(
    quantity: ArrayLike, entry_price: ArrayLike, margin: ArrayLike, maintenance_rate: ArrayLike, price: ArrayLike
) -> float | Floats:
    """Maintenance over equity, as some venues display it: MR = M / E. Liquidatable above 1.

    Parameters and errors are those of `equity` and `maintenance`.

    Returns
    -------
    ndarray or float             fraction; inf where the equity is negative, or zero with something to maintain,
                                 and 0 where both are zero

    Notes
    -----
    Chapter 1, equation (1.4).

    Examples
    --------
    >>> print(f"{margin_ratio(30.0, 50.0, 231.0, 0.1, 50.0):.4f}")
    0.6494
    """
    value, need = np.broadcast_arrays(
        np.asarray(equity(quantity, entry_price, margin, price)), maintenance(quantity, price, maintenance_rate)
    )
    beyond = np.where((value < 0) | (need > 0), np.inf, 0.0)
    return scalar_or_array(np.divide(need, value, out=beyond, where=value > 0))


def liquidation_price(
    quantity: ArrayLike,
    entry_price: ArrayLike,
    margin: ArrayLike,
    maintenance_rate: ArrayLike,
    *,
    basis: str = "mark",
) -> float | Floats:
    """Mark price at which an isolated linear position reaches its maintenance margin.

    Solves  margin + q (p − p_e) = m |q| p  for p:

        p_liq = (q p_e − margin) / (q − m |q|)

    Parameters
    ----------
    quantity : array_like          signed units; > 0 long, < 0 short
    entry_price : array_like       numeraire per unit, ≥ 0; 0 books the position at cost in cash
    margin : array_like            numeraire posted to this position, ≥ 0 (any sign where the entry price is 0)
    maintenance_rate : array_like  fraction of notional, in [0, 1]
    basis : "mark" or "entry"      price at which maintenance is charged; with "entry", m |q| p_e is a constant
                                   and p_liq = p_e − (margin − m |q| p_e) / q

    Returns
    -------
    ndarray or float               numeraire per unit; nan where the surplus changes sign at no positive price: a
                                   long with margin ≥ q p_e (at mark) or ≥ q p_e (1 + m) (at entry), an empty
                                   position, a long at mark whose rate is 1, or a short booked at 0 without cash;
                                   the sign of the surplus then says which side it is on.
                                   A position opened with leverage above 1/m has its price beyond the entry price:
                                   it is liquidatable from the start

    Raises
    ------
    ValueError                     a value is not finite, a price or a margin is negative, a rate is outside [0, 1],
                                   the basis is unknown, or it is "entry" and an entry price is 0

    Notes
    -----
    Derived in chapter 1, equations (1.5) at mark and (1.13) frozen at entry; `theory.liquidation_price` and
    `theory.liquidation_price_frozen` are the symbolic twins.

    Examples
    --------
    >>> print(f"{liquidation_price(1.0, 100.0, 10.0, 0.005):.4f}")
    90.4523
    """
    if basis not in ("mark", "entry"):
        raise ValueError(f"basis must be 'mark' or 'entry', got {basis!r}")
    q, p_e, c, m = broadcast(
        **_terms(quantity, entry_price, margin), maintenance_rate=share("maintenance_rate", maintenance_rate)
    )
    borrowed = without_rounding(q * p_e - c, q * p_e)
    if basis == "mark":
        return scalar_or_array(_positive_ratio(borrowed, q - m * np.abs(q)))
    positive("entry_price", entry_price)  # maintenance of a position booked at 0 would be 0
    return scalar_or_array(_positive_ratio(without_rounding(borrowed + m * np.abs(q) * p_e, q * p_e), q))


def bankruptcy_price(quantity: ArrayLike, entry_price: ArrayLike, margin: ArrayLike) -> float | Floats:
    """Price at which the equity is gone: p_bk = p_e − C / q. It is the liquidation price without maintenance.

    Parameters
    ----------
    quantity : array_like        signed units; > 0 long, < 0 short
    entry_price : array_like     numeraire per unit, ≥ 0; 0 books the position at cost in cash
    margin : array_like          numeraire posted to this position, ≥ 0 (any sign where the entry price is 0)

    Returns
    -------
    ndarray or float             numeraire per unit; nan where the equity changes sign at no positive price

    Raises
    ------
    ValueError                   a value is not finite, or a price or a margin is negative

    Notes
    -----
    Chapter 1, equation (1.11).

    Examples
    --------
    >>> print(f"{bankruptcy_price(1.0, 10_000.0, 200.0):.2f}")
    9800.00
    """
    return liquidation_price(quantity, entry_price, margin, 0.0)


def _terms(quantity: ArrayLike, entry_price: ArrayLike, margin: ArrayLike) -> dict[str, Floats]:
    q = finite("quantity", quantity)
    p_e = non_negative("entry_price", entry_price)
    c = finite("margin", margin)
    broadcast(quantity=q, entry_price=p_e, margin=c)
    non_negative("margin", np.where(p_e > 0, c, 0.0))
    return {"quantity": q, "entry_price": p_e, "margin": c}


def without_rounding(difference: Floats, scale: Floats) -> Floats:
    """Return 0 where a difference is as small as the last digits of its terms: a position that is covered in full."""
    return np.where(np.abs(difference) <= 8 * np.finfo(np.float64).eps * np.abs(scale), 0.0, difference)


def _positive_ratio(numerator: Floats, denominator: Floats) -> Floats:
    ratio = np.divide(numerator, denominator, out=np.full(numerator.shape, np.nan), where=denominator != 0)
    return np.where(ratio > 0, ratio, np.nan)
