"""A position under maintenance tiers: its surplus, the price of each line, and the threshold that they make."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, broadcast, finite, fraction, non_negative, positive, scalar_or_array
from cascadelab.thresholds.interval import safe_interval
from cascadelab.thresholds.tiers import Tiers

BASES = ("mark", "entry", "frozen")


def tiered_surplus(
    quantity: ArrayLike,
    entry_price: ArrayLike,
    margin: ArrayLike,
    tiers: Tiers,
    price: ArrayLike,
    *,
    fee_rate: ArrayLike = 0.0,
    basis: str = "mark",
    mark_price: ArrayLike | None = None,
) -> float | Floats:
    """Equity of a position above its tiered requirement and its closing fee.

        S(p) = C + q (p − p_e) − M(N) − f N,   N = |q| · (price of the basis)

    Parameters
    ----------
    quantity : array_like        signed units; > 0 long, < 0 short
    entry_price : array_like     numeraire per unit, ≥ 0; 0 books the position at cost in cash (not with basis "entry")
    margin : array_like          numeraire, ≥ 0 (any sign where the entry price is 0)
    tiers : Tiers                maintenance requirement M
    price : array_like           numeraire per unit, > 0
    fee_rate : array_like        closing fee that the venue adds to maintenance, fraction of notional, in [0, 1)
    basis : "mark", "entry" or "frozen"
                                 price at which maintenance and fee are charged: the moving price, the entry price,
                                 or `mark_price` held fixed
    mark_price : array_like      numeraire per unit, > 0; needed by the basis "frozen", not used by the others

    Returns
    -------
    ndarray or float             numeraire; the position is liquidatable exactly where it is negative

    Raises
    ------
    ValueError                   a value is not finite, a price is not positive, a margin is negative, the fee rate
                                 is outside [0, 1), tiers is not a Tiers, the basis is unknown, `mark_price` is
                                 missing, or an entry price is 0 where maintenance is charged at it

    Notes
    -----
    Chapter 2, equation (2.4); `theory.line_surplus` is the symbolic twin, line by line.

    Examples
    --------
    >>> tiers = Tiers.from_floors([0, 1_000], [0.01, 0.02])
    >>> print(f"{tiered_surplus(20.0, 100.0, 200.0, tiers, 95.0):.2f}")
    72.00
    """
    p = positive("price", price)
    terms = _terms(quantity, entry_price, margin, tiers, fee_rate, basis, mark_price)
    q, p_e, c, f, mark, p = broadcast(**terms, price=p)
    notional = np.abs(q) * {"mark": p, "entry": p_e, "frozen": mark}[basis]
    return scalar_or_array(np.asarray(c + q * (p - p_e) - tiers.requirement(notional) - f * notional))


def line_prices(
    quantity: ArrayLike,
    entry_price: ArrayLike,
    margin: ArrayLike,
    tiers: Tiers,
    *,
    fee_rate: ArrayLike = 0.0,
) -> Floats:
    """Price at which each line of the tiers, taken alone, would bring the surplus to zero (basis "mark").

        p_k = (q p_e − C − a_k) / (q − (r_k + f) |q|)

    The liquidation price of a long is the largest of them, of a short the smallest: no bracket is looked up.

    Parameters
    ----------
    quantity : array_like        signed units, not 0
    entry_price, margin, tiers, fee_rate
                                 as in `tiered_surplus`; for a long, rates and fee together below 1

    Returns
    -------
    ndarray, shape (..., K)      numeraire per unit, one price a line; zero or negative where the line never binds
                                 at a positive price

    Raises
    ------
    ValueError                   as in `tiered_surplus`, or a quantity is 0, or a rate and the fee of a long reach 1

    Notes
    -----
    Derived in chapter 2, equation (2.5); `theory.line_price` is the symbolic twin.

    Examples
    --------
    >>> tiers = Tiers.from_floors([0, 1_000], [0.01, 0.02])
    >>> [f"{price:.4f}" for price in line_prices(20.0, 100.0, 200.0, tiers)]
    ['90.9091', '91.3265']
    """
    q, p_e, c, f, _ = (
        array[..., np.newaxis]
        for array in broadcast(**_terms(quantity, entry_price, margin, tiers, fee_rate, "mark", None))
    )
    if not np.all(q):
        raise ValueError("quantity must not be 0, got 0")
    charged = tiers.rates + f
    if np.any((charged >= 1) & (q > 0)):
        raise ValueError(f"rates plus fee_rate must be below 1 for a long, got {charged.max():.12g}")
    return np.asarray((q * p_e - c - tiers.deductions) / (q - charged * np.abs(q)))


def surplus_lines(
    quantity: float,
    entry_price: float,
    margin: float,
    tiers: Tiers,
    *,
    fee_rate: float = 0.0,
    basis: str = "mark",
    mark_price: float | None = None,
) -> tuple[Floats, Floats]:
    """Intercepts and slopes of the lines whose minimum is the surplus of one position, as a function of its price.

    Parameters and errors are those of `tiered_surplus`, for one position.

    Returns
    -------
    (intercepts, slopes)         numeraire and units; one line a tier where maintenance moves with the price,
                                 one line alone where it is fixed

    Notes
    -----
    Chapter 2, equations (2.4) and (2.9).

    Examples
    --------
    >>> intercepts, slopes = surplus_lines(20.0, 100.0, 200.0, Tiers.from_floors([0, 1_000], [0.01, 0.02]))
    >>> [f"{a:.0f} + {b:.1f} p" for a, b in zip(intercepts, slopes)]
    ['-1800 + 19.8 p', '-1790 + 19.6 p']
    """
    terms = _terms(quantity, entry_price, margin, tiers, fee_rate, basis, mark_price)
    for name, value in terms.items():
        if value.ndim:
            raise ValueError(f"{name} must be one number, got an array of shape {value.shape}")
    q, p_e, c, f, mark = (float(value) for value in terms.values())
    if basis == "mark":
        return c - q * p_e + tiers.deductions, q - abs(q) * (tiers.rates + f)
    notional = abs(q) * (p_e if basis == "entry" else mark)
    return np.array([c - q * p_e - tiers.requirement(notional) - f * notional]), np.array([q])


def liquidation_prices(
    quantity: float,
    entry_price: float,
    margin: float,
    tiers: Tiers,
    *,
    fee_rate: float = 0.0,
    basis: str = "mark",
    mark_price: float | None = None,
) -> tuple[float | None, float | None]:
    """Safe interval of the price of one position: below `lower` and above `upper` it is liquidatable.

    Parameters and errors are those of `tiered_surplus`, for one position.

    Returns
    -------
    (lower, upper)               numeraire per unit, as `safe_interval` returns them: None where no positive price
                                 liquidates on that side, (nan, nan) where no positive price is safe

    Notes
    -----
    Derived in chapter 2, equations (2.7) and (2.8); `theory.liquidation_price` is the symbolic twin. An inverse
    position, whose tiers are in coins, is that of −Q units at 1/p_e with the coins as margin: `1 / upper` is its lower
    end, and `1 / lower` its upper one.

    Examples
    --------
    The long of the Binance FAQ, from the whole table of 2021, without being told the bracket:

    >>> rates = [0.004, 0.005, 0.01, 0.025, 0.05, 0.1, 0.125, 0.15, 0.25]
    >>> deductions = [0, 50, 1_300, 16_300, 141_300, 641_300, 1_141_300, 2_016_300, 7_016_300]
    >>> lower, upper = liquidation_prices(109.488, 32_481.98, 1_535_443.01, Tiers(rates, deductions))
    >>> print(f"{lower:.2f} {upper}")
    18778.73 None
    """
    return safe_interval(
        *surplus_lines(quantity, entry_price, margin, tiers, fee_rate=fee_rate, basis=basis, mark_price=mark_price)
    )


def _terms(
    quantity: ArrayLike,
    entry_price: ArrayLike,
    margin: ArrayLike,
    tiers: Tiers,
    fee_rate: ArrayLike,
    basis: str,
    mark_price: ArrayLike | None,
) -> dict[str, Floats]:
    if not isinstance(tiers, Tiers):
        raise ValueError(f"tiers must be a Tiers, got {tiers!r}")
    if basis not in BASES:
        raise ValueError(f"basis must be 'mark', 'entry' or 'frozen', got {basis!r}")
    if basis == "frozen" and mark_price is None:
        raise ValueError("mark_price must be given for the basis 'frozen', got None")
    q, p_e, c = finite("quantity", quantity), non_negative("entry_price", entry_price), finite("margin", margin)
    broadcast(quantity=q, entry_price=p_e, margin=c)
    non_negative("margin", np.where(p_e > 0, c, 0.0))
    if basis == "entry" and not np.all(p_e):
        raise ValueError("entry_price must be positive for the basis 'entry', got 0")
    mark = np.asarray(1.0) if mark_price is None else positive("mark_price", mark_price)
    fee = fraction("fee_rate", fee_rate)
    return {"quantity": q, "entry_price": p_e, "margin": c, "fee_rate": fee, "mark_price": mark}
