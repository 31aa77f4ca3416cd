"""Bring your own book: from a tidy table, with every bad row reported, or from chapter 3's accounts."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from cascadelab.contagion.book import Book
from cascadelab.kit.validate import Floats
from cascadelab.portfolio import Account
from cascadelab.portfolio.prices import Prices, single_price

CASH = "cash"
MAPPINGS = 'must be mappings, as of csv.DictReader or of frame.to_dict("records")'
Weights = float | Mapping[str, float]


class NamedBook(NamedTuple):
    """A book, and what its rows and columns are called.

    book : Book
    accounts : tuple             names of the rows
    assets : tuple of str        names of the columns: asset, or asset@platform
    linearisation_error : (N,)   for a book from accounts: by how much the straight surplus is too high at most, while
                                 every price is between zero and twice the price of the start; else zeros

    >>> NamedBook(Book([1.0], [[2.0]]), ("X",), ("A",), np.zeros(1)).accounts
    ('X',)
    """

    book: Book
    accounts: tuple[Hashable, ...]
    assets: tuple[str, ...]
    linearisation_error: Floats


def read_rows(
    rows: Iterable[Mapping[str, object]], *, asset_weight: Weights = 1.0, liability_weight: Weights = 1.0
) -> NamedBook:
    """Make a book of a tidy table: one row for what one account holds of one asset.

    Parameters
    ----------
    rows : iterable of mappings      with account, asset, quantity and perhaps platform, such as csv.DictReader gives;
                                     of a dataframe: frame.to_dict("records"). The asset "cash" is the numeraire, of
                                     any platform; rows of one account and one asset are added up. Spaces around a name
                                     are dropped; None, nothing and nan are missing
    asset_weight : float or mapping  h in (0, 1] of what is owned, for all or by asset or asset@platform
    liability_weight : float or mapping  h̄ ≥ 1 of what is owed, likewise; 1 where a mapping names no value

    Returns
    -------
    NamedBook                        accounts and assets in the order in which they first come

    Raises
    ------
    ValueError                       a row is bad: all of them are listed, of a csv.DictReader with the line of the file
                                     in which the row ends, else with the number of the row, from 1 on; rows are no
                                     mappings; a weight is bad or names an asset that nobody holds; or there is no row

    Notes
    -----
    Chapter 9, Bring your own book. An account with cash alone is an account.

    Examples
    --------
    >>> import csv
    >>> lines = ["account,platform,asset,quantity", "X,1,A,10", "X,1,cash,-900", "Y,2,A,3"]
    >>> named = read_rows(csv.DictReader(lines), asset_weight={"A": 0.9, "A@2": 0.8})
    >>> named.accounts, named.assets, named.book.weights.tolist(), named.book.cash.tolist()
    (('X', 'Y'), ('A@1', 'A@2'), [[9.0, 0.0], [0.0, 2.4000000000000004]], [-900.0, 0.0])
    """
    accounts: dict[Hashable, int] = {}
    assets: dict[str, int] = {}
    entries: list[tuple[int, int, float]] = []
    bad: list[str] = []
    if isinstance(rows, str) or not isinstance(rows, Iterable):
        raise ValueError(f"rows {MAPPINGS}, got {rows!r}")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping):
            raise ValueError(f"rows {MAPPINGS}, got {row!r} as row {number}")
        try:
            account, asset, quantity = _entry(row)
        except ValueError as error:
            line = getattr(rows, "line_num", None)  # of csv.DictReader, which skips blank lines
            bad.append(f"row {number}: {error}" if line is None else f"line {line}: {error}")
            continue
        place = accounts.setdefault(account, len(accounts))
        entries.append((place, -1 if asset == CASH else assets.setdefault(asset, len(assets)), quantity))
    if bad:
        raise ValueError(f"{len(bad)} bad rows, no book was made\n" + "\n".join(bad))
    table = np.zeros((len(accounts), len(assets) + 1))
    for place, column, quantity in entries:
        table[place, column] += quantity
    owned, owed = (
        _by_asset(name, weights, tuple(assets))
        for name, weights in (("asset_weight", asset_weight), ("liability_weight", liability_weight))
    )
    book = Book(table[:, -1], table[:, :-1], asset_weight=owned, liability_weight=owed)
    return NamedBook(book, tuple(accounts), tuple(assets), np.zeros(len(book)))


def straighten(accounts: Sequence[Account], assets: Sequence[str], prices: Prices) -> NamedBook:
    """Make a book of cross-margin accounts: of each surplus the flat piece that holds at the given prices.

    A surplus is concave, so that the flat piece is never below it: the book sees an account as at least as safe as it
    is, exactly so until a position crosses into another tier.

    Parameters
    ----------
    accounts : sequence of Account   in the order of the rows, named by their places
    assets : sequence of str         the columns; every asset that an account holds
    prices : mapping                 of each of them, > 0

    Returns
    -------
    NamedBook                        its `linearisation_error` bounds what the straight surplus is too high by

    Raises
    ------
    ValueError                       a price is missing or bad, an asset is held that is not listed, or an account's
                                     weights are outside (0, 1] and [1, ∞): a balance and a position that offset each
                                     other, a balance with weight zero, or a long whose rate and fee reach 1

    Notes
    -----
    Chapter 9; the flat piece is `Account.face` of chapter 3. Asset by asset, a concave surplus is furthest below its
    tangent at an end of the range of the price, so that the bound is exact. The cash of the row contains the deduction
    of the tier and the fixed maintenance, so that `Book.equity` and the ledger are off by these.

    Examples
    --------
    >>> from cascadelab.portfolio import Balance
    >>> x = Account(-1620.0, [Balance("A", 10, asset_weight=0.9), Balance("B", 20, asset_weight=0.9)])
    >>> named = straighten([x], ["A", "B"], {"A": 100.0, "B": 50.0})
    >>> named.book.surplus([100.0, 50.0]).round(2).tolist(), named.linearisation_error.tolist()
    ([180.0], [0.0])
    """
    start = {asset: single_price(prices, asset) for asset in assets}
    column = {asset: k for k, asset in enumerate(start)}
    quantity, normal = np.zeros((len(accounts), len(start))), np.zeros((len(accounts), len(start)))
    cash, error = np.zeros(len(accounts)), np.zeros(len(accounts))
    for row, account in enumerate(accounts):
        strangers = [asset for asset in account.assets if asset not in column]
        if strangers:
            raise ValueError(f"assets must name what is held, account {row} holds {strangers[0]!r}")
        face = account.face(start)
        cash[row] = -face.offset
        for asset, slope in zip(face.assets, face.normal.tolist(), strict=True):
            normal[row, column[asset]] = slope
            error[row] += _tangent_error(account, asset, start[asset])
        for holding in account.holdings:
            quantity[row, column[holding.asset]] += holding.quantity
    weight = np.divide(normal, quantity, out=np.ones(normal.shape), where=quantity != 0)
    bad = (
        (quantity > 0) & ((weight <= 0) | (weight > 1))
        | (quantity < 0) & (weight < 1)
        | (quantity == 0) & (normal != 0)
    )
    if bad.any():
        row, k = np.argwhere(bad)[0].tolist()
        raise ValueError(
            f"account {row} can not be a row of a book: it holds {quantity[row, k]:.12g} {list(column)[k]}, and its "
            f"surplus moves by {normal[row, k]:.12g} for each unit of price"
        )
    book = Book(cash, quantity, np.where(quantity > 0, weight, 1.0), np.where(quantity < 0, weight, 1.0))
    return NamedBook(book, tuple(range(len(accounts))), tuple(column), error)


def _entry(row: Mapping[str, object]) -> tuple[Hashable, str, float]:
    missing = [name for name in ("account", "asset", "quantity") if _is_missing(row.get(name))]
    if missing:
        raise ValueError(f"{' and '.join(missing)} missing")
    try:
        quantity = float(row["quantity"])  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ValueError(f"quantity must be a number, got {row['quantity']!r}") from None
    if not np.isfinite(quantity):
        raise ValueError(f"quantity must be finite, got {row['quantity']!r}")
    if None in row:  # what csv.DictReader does with a field too many
        raise ValueError(f"more fields than columns, got {row[None]!r} beyond")  # type: ignore[index]
    asset, platform = str(row["asset"]).strip(), row.get("platform")
    if asset.lower() == CASH != asset:
        raise ValueError(f"the numeraire is written {CASH!r}, got {asset!r}")
    name = asset if asset == CASH or _is_missing(platform) else f"{asset}@{str(platform).strip()}"
    return str(row["account"]).strip(), name, quantity


def _is_missing(value: object) -> bool:
    """None, nothing, or what a dataframe has in an empty cell: it is not equal to itself, or refuses to say."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    try:
        return bool(value != value)
    except TypeError:
        return True


def _by_asset(name: str, weights: Weights, assets: tuple[str, ...]) -> float | list[float]:
    """Weights in the order of the assets; asset@platform comes before asset, and 1 where neither is named."""
    if not isinstance(weights, Mapping):
        return weights
    known = {*assets, *(asset.partition("@")[0] for asset in assets)}
    strangers = [asset for asset in weights if asset not in known]
    if strangers:
        raise ValueError(f"{name} must name assets of the table, got {strangers[0]!r}")
    return [weights.get(asset, weights.get(asset.partition("@")[0], 1.0)) for asset in assets]


def _tangent_error(account: Account, asset: str, price: float) -> float:
    """By how much the line that holds at `price` exceeds the least of all lines, between zero and twice that price."""
    intercepts, slopes = account.lines(asset)
    tangent = np.argmin(intercepts + slopes * price)
    return max(
        float(intercepts[tangent] + slopes[tangent] * at - (intercepts + slopes * at).min()) for at in (0.0, 2 * price)
    )
