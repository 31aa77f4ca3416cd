"""The fold: a book with a hump of thresholds, its two branches, and the shocks at which one jumps to the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.kit.validate import Floats, broadcast, finite, non_negative, positive, read_only, scalar_or_array


@dataclass(frozen=True, eq=False)
class Fold:
    """What `fold` returns: a logistic book under linear impact. Fields are numbers, or arrays of one shape.

    total, width, centre, slope    the book and the market, as given
    kappa_max                      largest branching ratio, λ G / (4 w), where half of the book is liquidated
    bistable                       κ_max > 1: for some shocks there are two prices at which the market can stay
    crash_shock, crash_price       lowest shocked price with a stop on the upper branch, and that stop
    recovery_shock, recovery_price   highest shocked price with a stop on the lower branch, and that stop

    The last four are nan where the book is not bistable. They describe a market only where they are positive: a hump
    near zero has thresholds below zero too, and a turn at a negative price is never reached.

    >>> book = fold(total=400.0, width=3.0, centre=85.0, slope=0.05)
    >>> print(f"{book.price(94.0):.4f} {book.price(93.0):.4f} {book.price(94.0, branch='lower'):.4f}")
    92.4676 73.4115 74.6069
    """

    total: float | Floats
    width: float | Floats
    centre: float | Floats
    slope: float | Floats
    kappa_max: float | Floats
    bistable: bool | np.ndarray
    crash_shock: float | Floats
    crash_price: float | Floats
    recovery_shock: float | Floats
    recovery_price: float | Floats

    def supply(self, price: ArrayLike) -> float | Floats:
        """Units with a threshold above the price, U(p) = G / (1 + exp((p − p_c)/w))."""
        _, units, depth = self._at(price)
        return scalar_or_array(np.asarray(units * _logistic(depth)))

    def kappa(self, price: ArrayLike) -> float | Floats:
        """Branching ratio at a price, λ g(p)."""
        _, _, depth = self._at(price)
        return scalar_or_array(np.asarray(4 * np.asarray(self.kappa_max) * _logistic(depth) * _logistic(-depth)))

    def shock_for(self, price: ArrayLike) -> float | Floats:
        """Shocked price that has a rest at `price`, stable or not: p + λ U(p)."""
        at, units, depth = self._at(price)
        return scalar_or_array(np.asarray(at + np.asarray(self.slope) * units * _logistic(depth)))

    def price(self, shocked_price: ArrayLike, *, branch: str = "upper") -> float | Floats:
        """Price at which the market rests after the shock, stopped at zero.

        `branch="upper"` is the highest such price: where the cascade stops. `branch="lower"` is the lowest that is not
        negative: where a market rests that comes back from below, if what was sold is bought again; see the notes of
        `fold`. Zero is such a rest only if p_s ≤ λ U(0).
        """
        if branch not in ("upper", "lower"):
            raise ValueError(f"branch must be 'upper' or 'lower', got {branch!r}")
        given = {"shocked_price": non_negative("shocked_price", shocked_price), "total": np.asarray(self.total)}
        p_s, units = broadcast(**given)
        upper = branch == "upper"
        edge, turn = (self.crash_shock, self.crash_price) if upper else (self.recovery_shock, self.recovery_price)
        with np.errstate(invalid="ignore"):  # nan where there is no fold: then the whole interval is one branch
            high_side = (p_s >= edge) if upper else (p_s > edge)
        folded, drop = np.isfinite(turn), np.asarray(self.slope) * units
        low = np.where(folded & high_side, np.asarray(self.crash_price), p_s - drop)
        high = np.where(folded & ~high_side, np.asarray(self.recovery_price), p_s)
        for _ in range(80):
            middle = (low + high) / 2
            above = middle + drop * _logistic((self.centre - middle) / self.width) > p_s
            low, high = np.where(above, low, middle), np.where(above, middle, high)
        stop = np.where(p_s == edge, turn, (low + high) / 2)  # at the fold bisection keeps half of the digits only
        if not upper:
            past_the_turn = (np.asarray(turn) < 0) & (p_s > drop * _logistic(np.asarray(self.centre / self.width)))
            if past_the_turn.any():  # the lowest rest of the formula is negative, and at zero the price would rise
                stop = np.where(past_the_turn, self.price(shocked_price), stop)
        return scalar_or_array(np.asarray(np.maximum(stop, 0.0)))

    def _at(self, price: ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Price, size of the book, and depth of the price below the centre in widths, in one shape."""
        at, units = broadcast(price=non_negative("price", price), total=np.asarray(self.total))
        return at, units, np.asarray((self.centre - at) / self.width)


def fold(total: ArrayLike, width: ArrayLike, centre: ArrayLike, slope: ArrayLike) -> Fold:
    """Crash and recovery of a book whose thresholds are spread as a logistic hump, under linear impact.

    With ψ∓ = (1 ∓ √(1 − 4 w/(λ G)))/2, the shares of the book at which κ = 1,

        p_fold = p_c − w ln(ψ/(1 − ψ)),   p_s = p_fold + λ G ψ:   crash with ψ₋, recovery with ψ₊

    Parameters
    ----------
    total : array_like           G, units of the whole book, > 0
    width : array_like           w > 0, in units of price
    centre : array_like          p_c, where half of the book has higher thresholds, finite
    slope : array_like           λ ≥ 0

    Returns
    -------
    Fold                         see there

    Raises
    ------
    ValueError                   a value is out of its range or not finite, or the shapes do not broadcast

    Notes
    -----
    Chapter 8, equations (8.15) to (8.20). A book with λ G ≤ 4 w does not crash: it is a sound book, and a sweep over
    sizes should go through it, so that its shocks and folds are nan and `bistable` is False; nothing is raised.

    Liquidations are irreversible: a market of liquidated accounts goes down along this curve, but does not come back
    along it. The recovery branch is for flows that return with the price, such as kept leverage or buying back.

    Examples
    --------
    >>> book = fold(total=400.0, width=3.0, centre=85.0, slope=0.05)
    >>> print(f"{book.crash_shock:.6f} {book.recovery_shock:.6f} {book.crash_price:.6f} {book.bistable}")
    93.148434 96.851566 89.472989 True
    """
    units, w, middle, fall = broadcast(
        total=positive("total", total),
        width=positive("width", width),
        centre=finite("centre", centre),
        slope=non_negative("slope", slope),
    )
    drop = fall * units
    bistable = np.asarray(drop > 4 * w)
    root = np.sqrt(1 - 4 * w / np.where(bistable, drop, np.inf))
    more = np.where(bistable, (1 + root) / 2, 0.5)  # ψ₊; ψ₋ = w / (λ G ψ₊) keeps its digits when it is tiny
    less = np.where(bistable, w / np.where(bistable, drop, 1.0) / more, 0.5)
    found = {"total": units, "width": w, "centre": middle, "slope": fall, "kappa_max": drop / (4 * w)}
    for name, share, rest in (("crash", less, more), ("recovery", more, less)):
        price = middle - w * np.log(share / rest)
        found[f"{name}_shock"] = np.where(bistable, price + drop * share, np.nan)
        found[f"{name}_price"] = np.where(bistable, price, np.nan)
    bistable.setflags(write=False)
    flag = bool(bistable) if bistable.ndim == 0 else bistable
    return Fold(bistable=flag, **{name: scalar_or_array(read_only(value)) for name, value in found.items()})


def _logistic(x: Floats) -> Floats:
    from scipy.special import expit  # keeps the digits of a tiny share

    return np.asarray(expit(x))
