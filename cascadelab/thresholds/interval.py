"""The safe interval of one price: where a minimum of straight lines stays above zero."""

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import finite


def safe_interval(intercepts: ArrayLike, slopes: ArrayLike) -> tuple[float | None, float | None]:
    """Interval of positive prices at which a surplus made of straight lines is not negative.

    Along one price p the surplus of an account is the lowest of its lines, and each line cuts off one side:

        S(p) = min_k (c_k + n_k p) ≥ 0   ⇔   lower ≤ p ≤ upper
        lower = max over n_k > 0 of −c_k / n_k
        upper = min over n_k < 0 of −c_k / n_k

    Parameters
    ----------
    intercepts : array_like      c_k, numeraire; one-dimensional, one entry a line
    slopes : array_like          n_k, units; same shape

    Returns
    -------
    (lower, upper)               numeraire per unit, each a float or None:
                                 lower is None where no positive price below the safe ones liquidates,
                                 upper is None where no price above them does;
                                 (nan, nan) where no positive price is safe

    Raises
    ------
    ValueError                   an entry is not finite, or the two are not lists of equal, positive length

    Notes
    -----
    Derived in chapter 2, equations (2.7) and (2.8). Exact: no search, no tolerance. At both ends the surplus is 0,
    and the position is safe.

    Examples
    --------
    One unit long from 100 with 10 of margin and a maintenance rate of 1 %, then the same position short:

    >>> lower, upper = safe_interval([10.0 - 100.0], [1.0 - 0.01])
    >>> print(f"{lower:.4f} {upper}")
    90.9091 None
    >>> lower, upper = safe_interval([10.0 + 100.0], [-1.0 - 0.01])
    >>> print(f"{lower} {upper:.4f}")
    None 108.9109
    """
    c, n = finite("intercepts", intercepts), finite("slopes", slopes)
    if c.ndim != 1 or c.size == 0 or c.shape != n.shape:
        raise ValueError(
            f"intercepts and slopes must be lists of equal, positive length, got shapes {c.shape} and {n.shape}"
        )
    rising, falling, level = n > 0, n < 0, n == 0
    with np.errstate(over="ignore"):  # a root beyond the largest float is no threshold: it arrives as ±inf
        lower = float(np.max(-c[rising] / n[rising], initial=-np.inf))
        upper = float(np.min(-c[falling] / n[falling], initial=np.inf))
    if np.any(c[level] < 0) or upper <= 0 or lower > upper or lower == np.inf:
        return float("nan"), float("nan")
    return (lower if lower > 0 else None), (upper if upper < np.inf else None)
