"""A book: many accounts in many assets, each account one row of numbers, each surplus one line in the prices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from cascadelab.contagion.exact import BLOCK
from cascadelab.kit.validate import Floats, finite, non_negative, read_only

if TYPE_CHECKING:
    from cascadelab.contagion.table import NamedBook, Weights
    from cascadelab.portfolio import Account
    from cascadelab.portfolio.prices import Prices

LARGEST = 1e300  # of the total of an asset: exact sums need some room above


@dataclass(frozen=True, eq=False)
class Book:
    """N accounts that hold or owe M assets; every account is one pool of collateral.

        S_i(p) = c_i + Σ_k w_ik p_k,   w_ik = h_ik q_ik where q_ik > 0,  h̄_ik q_ik where q_ik < 0

    Liquidatable ⇔ S_i < 0, to the last bit: at zero but for rounding an account may be lost here that
    `portfolio.Account.liquidatable` calls safe.
    A market is an asset here: the same coin on two platforms is two columns.

    Parameters
    ----------
    cash : (N,) array_like              c, numeraire; negative = debt. Of leveraged positions: wallet − Σ q p_e
    quantity : (N, M) array_like        q, units; negative = short or owed
    asset_weight : array_like           h in (0, 1], of what is owned: a number, (M,), (N, 1) or (N, M)
    liability_weight : array_like       h̄ ≥ 1, of what is owed: the same shapes

    Raises
    ------
    ValueError                          no account or no asset, shapes that do not fit, a number that is not finite
                                        (its row is named), a total beyond 1e300, or a weight out of its range

    Notes
    -----
    Chapter 9, assumptions. A flat maintenance rate m is h = 1 − m for what is owned and h̄ = 1 + m for what is owed.
    `surplus` adds asset by asset, from the first to the last: its result for one account does not depend on which
    others are asked, to the last bit, and it never falls when a price rises that the account holds.

    Examples
    --------
    The running example: X, Y and Z with assets A and B.

    >>> book = Book([-1620.0, -1269.0, -650.0], [[10, 20], [0, 30], [5, 10]], asset_weight=0.9)
    >>> book.surplus([100.0, 50.0]).round(2).tolist(), book.signs.tolist(), len(book), book.assets
    ([180.0, 81.0, 250.0], [1.0, 1.0], 3, 2)
    """

    cash: ArrayLike
    quantity: ArrayLike
    asset_weight: ArrayLike = 1.0
    liability_weight: ArrayLike = 1.0
    weights: Floats = field(init=False, repr=False)
    signs: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        cash, quantity = _finite_rows("cash", self.cash, 1), _finite_rows("quantity", self.quantity, 2)
        if quantity.shape[0] != cash.size:
            raise ValueError(f"quantity must have one row for each of {cash.size} accounts, got {quantity.shape[0]}")
        if not quantity.size:
            raise ValueError(f"the book must have at least one account and one asset, got shape {quantity.shape}")
        owned = _weight("asset_weight", self.asset_weight, quantity.shape)
        owed = _weight("liability_weight", self.liability_weight, quantity.shape)
        _hold("asset_weight", owned, (owned > 0) & (owned <= 1), "in (0, 1]")
        _hold("liability_weight", owed, owed >= 1, "at least 1")
        weights = quantity
        if (owned != 1).any() or (owed != 1).any():
            weights = np.empty(quantity.shape, order="F")
            for k in range(quantity.shape[1]):
                held = quantity[:, k]
                with np.errstate(over="ignore"):  # refused below
                    weights[:, k] = held * np.where(held > 0, _column(owned, k), _column(owed, k))
            weights.setflags(write=False)
        _hold_totals("quantity", quantity)
        _hold_totals("quantity times weight", weights)
        for name, value in (("cash", cash), ("quantity", quantity), ("weights", weights), ("signs", _signs(quantity))):
            object.__setattr__(self, name, value)
        for name, value in (("asset_weight", owned), ("liability_weight", owed)):
            object.__setattr__(self, name, float(value) if value.ndim == 0 else read_only(value))

    def __len__(self) -> int:
        """Return the number of accounts."""
        return int(np.asarray(self.cash).size)

    def __reduce__(self) -> tuple[type[Book], tuple[ArrayLike, ...]]:
        """A copy for another process is made of what the book was made of."""
        return Book, (self.cash, self.quantity, self.asset_weight, self.liability_weight)

    @property
    def assets(self) -> int:
        """Number of assets."""
        return int(self.weights.shape[1])

    @classmethod
    def from_table(
        cls, rows: Iterable[Mapping[str, object]], *, asset_weight: Weights = 1.0, liability_weight: Weights = 1.0
    ) -> NamedBook:
        """Book from tidy rows: account, asset, quantity and, where there are several, platform; see `read_rows`."""
        from cascadelab.contagion.table import read_rows

        return read_rows(rows, asset_weight=asset_weight, liability_weight=liability_weight)

    @classmethod
    def from_accounts(cls, accounts: Sequence[Account], assets: Sequence[str], prices: Prices) -> NamedBook:
        """Book from chapter 3's accounts, straightened at the given prices; see `straighten`."""
        from cascadelab.contagion.table import straighten

        return straighten(accounts, assets, prices)

    def surplus(self, price: ArrayLike) -> Floats:
        """Surplus of every account, (N,), at one price an asset, (M,); numeraire."""
        return rows_at(np.asarray(self.cash), self.weights, one_price_each(self, "price", price))

    def equity(self, price: ArrayLike) -> Floats:
        """Market value of every account, without weights, (N,), at one price an asset, (M,); numeraire."""
        return rows_at(np.asarray(self.cash), np.asarray(self.quantity), one_price_each(self, "price", price))


def one_price_each(book: Book, name: str, value: ArrayLike) -> Floats:
    """Return `value` as one price ≥ 0 for each asset, or raise a ValueError that names it."""
    price = non_negative(name, value)
    if price.shape != (book.assets,):
        raise ValueError(f"{name} must be one price for each of {book.assets} assets, got shape {price.shape}")
    return price


def rows_at(cash: Floats, weights: Floats, price: Floats) -> Floats:
    """Return cash + weights · price for each row, added from the first asset to the last; shapes (n,), (n, M), (M,).

    The one way in which this chapter computes a surplus: each step is rounded for itself, so that a row's result does
    not depend on the other rows, and rises or falls with each price as it does on paper.
    """
    result = np.array(cash)
    product = np.empty(min(BLOCK, result.size))
    for start in range(0, result.size, BLOCK):
        rows = result[start : start + BLOCK]
        part = product[: rows.size]
        for k in range(price.size):
            np.multiply(weights[start : start + BLOCK, k], price[k], out=part)
            rows += part
    return result


def _finite_rows(name: str, value: ArrayLike, dimensions: int) -> Floats:
    try:
        raw = np.asarray(value)
    except ValueError:  # rows of different lengths
        raw = np.asarray(None)
    if raw.dtype.kind not in "iuf":
        raise ValueError(f"{name} must be an array of numbers with rows of one length")
    if raw.ndim != dimensions:
        raise ValueError(f"{name} must have {dimensions} dimension{'s'[: dimensions - 1]}, got shape {raw.shape}")
    array = np.array(raw, dtype=np.float64, order="F")
    good = np.isfinite(array)
    if not good.all():
        place = np.argwhere(~good)[0]
        where = f"row {place[0]}" + "".join(f", asset {k}" for k in place[1:])
        raise ValueError(f"{name} must be finite, got {array[tuple(place)]:.12g} in {where}")
    array.setflags(write=False)
    return array


def _weight(name: str, value: ArrayLike, shape: tuple[int, ...]) -> Floats:
    weight = finite(name, value)
    if weight.ndim > 2 or any(
        mine not in (1, full) for mine, full in zip(weight.shape[::-1], shape[::-1], strict=False)
    ):
        raise ValueError(
            f"{name} must be a number, (M,), (N, 1) or (N, M) with (N, M) = {shape}, got shape {weight.shape}"
        )
    return weight


def _column(weight: Floats, k: int) -> Floats:
    return np.asarray(weight[..., min(k, weight.shape[-1] - 1)] if weight.ndim else weight)


def _hold(name: str, array: Floats, good: np.ndarray, rule: str) -> None:
    if not good.all():
        raise ValueError(f"{name} must be {rule}, got {array[~good].flat[0]:.12g}")


def _hold_totals(name: str, table: Floats) -> None:
    for k, column in enumerate(table.T):
        with np.errstate(over="ignore"):
            total = np.abs(column).sum()
        if not total <= LARGEST:
            raise ValueError(f"{name} must add up to at most {LARGEST:g} an asset, got {total:.12g} of asset {k}")


def _signs(quantity: Floats) -> Floats:
    """+1, −1 or 0 where all accounts hold an asset with one sign, nan where not."""
    high, low = quantity.max(axis=0), quantity.min(axis=0)
    sign = np.sign(np.where(high > 0, high, low))
    return read_only(np.where((high > 0) & (low < 0), np.nan, sign))
