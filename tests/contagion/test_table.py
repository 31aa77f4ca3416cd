import csv

import numpy as np
import pytest

from cascadelab.contagion import Book, Solver
from cascadelab.impact import Linear
from cascadelab.portfolio import Account, Balance, Position
from cascadelab.start_here import example
from cascadelab.thresholds import Tiers

HEADER = "account,platform,asset,quantity"


def read(*lines, **options):
    return Book.from_table(csv.DictReader([HEADER, *lines]), **options)


def test_running_example_from_a_table():
    named = read(
        "X,,A,10", "X,,B,20", "X,,cash,-1620", "Y,,B,30", "Y,,cash,-1269", "Z,,A,5", "Z,,B,10", "Z,,cash,-650",
        asset_weight=0.9,
    )  # fmt: skip
    assert named.accounts == example.ACCOUNTS
    assert named.assets == example.ASSETS
    assert np.array_equal(named.book.quantity, example.QUANTITIES)
    assert np.array_equal(named.book.cash, example.CASH)
    assert (named.linearisation_error == 0).all()


def test_platforms_are_columns_and_rows_of_one_account_are_added_up():
    named = read(
        "X,1,A,1", "X,2,A,-2", "X,1,A,0.5", "X,1,cash,1", "X,2,cash,2", "Y,1,cash,3",
        asset_weight={"A": 0.5, "A@1": 0.25}, liability_weight={"A": 2.0},
    )  # fmt: skip
    assert named.assets == ("A@1", "A@2")
    assert named.book.weights.tolist() == [[0.375, -4.0], [0.0, 0.0]]
    assert named.book.cash.tolist() == [3.0, 3.0]


def test_every_bad_row_is_reported_with_its_line():
    with pytest.raises(ValueError, match="bad rows") as error:
        read("X,1,A,1", "X,1,A,many", ",1,,3", "X,1,A,inf", "Y,1,A,", "Y,1,A,1,2")
    assert str(error.value).splitlines() == [
        "5 bad rows, no book was made",
        "line 3: quantity must be a number, got 'many'",
        "line 4: account and asset missing",
        "line 5: quantity must be finite, got 'inf'",
        "line 6: quantity missing",
        "line 7: more fields than columns, got ['2'] beyond",
    ]


def test_rows_need_not_be_text_and_platforms_may_be_missing():
    named = Book.from_table(
        [{"account": 7, "asset": "A", "quantity": 2}, {"account": 7, "asset": "cash", "quantity": -1.5}]
    )
    assert (named.accounts, named.assets, named.book.cash.tolist()) == (("7",), ("A",), [-1.5])
    with pytest.raises(ValueError, match=r"row 1: quantity must be a number, got \[1\]"):
        Book.from_table([{"account": 7, "asset": "A", "quantity": [1]}])


def test_lines_are_those_of_the_file_blank_ones_included():
    with pytest.raises(ValueError, match="1 bad rows") as error:
        read("X,1,A,1", "", "", "X,1,A,many")
    assert "line 5: quantity must be a number, got 'many'" in str(error.value)


class Unknown:
    """Empty cell of a dataframe that refuses to be compared."""

    def __ne__(self, other):
        return self

    def __bool__(self):
        raise TypeError("boolean value is ambiguous")


@pytest.mark.parametrize("empty", [None, "", " ", float("nan"), np.float32("nan"), Unknown()])
def test_empty_cells_of_a_dataframe_are_missing(empty):
    full = {"account": "X", "platform": "1", "asset": "A", "quantity": 2.0}
    named = Book.from_table([full, {**full, "platform": empty}, {**full, "asset": "cash", "platform": empty}])
    assert (named.accounts, named.assets) == (("X",), ("A@1", "A"))
    for name in ("account", "asset", "quantity"):
        with pytest.raises(ValueError, match=rf"row 2: {name} missing"):
            Book.from_table([full, {**full, name: empty}])


def test_spaces_around_names_make_no_second_account_asset_or_numeraire():
    named = read("X,1,A,1", " X, 1,A ,2", "X,, cash,-50")
    assert (named.accounts, named.assets, named.book.cash.tolist()) == (("X",), ("A@1",), [-50.0])
    assert named.book.quantity.tolist() == [[3.0]]
    with pytest.raises(ValueError, match="line 2: the numeraire is written 'cash', got 'Cash'"):
        read("X,,Cash,-50")


@pytest.mark.parametrize("rows", ["book.csv", 5, ["account", "asset"]])
def test_what_is_no_table_is_refused_with_what_would_be(rows):
    with pytest.raises(ValueError, match=r"rows must be mappings, as of csv.DictReader or of frame.to_dict"):
        Book.from_table(rows)


@pytest.mark.parametrize(
    ("lines", "options", "message"),
    [
        ((), {}, "at least one account and one asset"),
        (("X,,A,1",), {"asset_weight": {"B": 0.5}}, "asset_weight must name assets of the table, got 'B'"),
        (("X,,A,1",), {"liability_weight": {"A": 0.5}}, "liability_weight must be at least 1"),
    ],
)
def test_bad_tables_are_refused(lines, options, message):
    with pytest.raises(ValueError, match=message):
        read(*lines, **options)


TIERED = Tiers([0.05, 0.1, 0.2], [0.0, 25.0, 225.0])
PRICES = {"A": 100.0, "B": 50.0}
ACCOUNTS = [
    Account(-1620.0, [Balance("A", 10, asset_weight=0.9), Balance("B", 20, asset_weight=0.9)]),
    Account(300.0, [Balance("B", -2.0, liability_weight=1.1)], [Position("A", 8.0, 90.0, TIERED)]),
    Account(900.0, (), [Position("A", -30.0, 110.0, TIERED), Position("B", 4.0, 50.0, TIERED)], fixed_maintenance=7.0),
]


def test_accounts_are_straight_at_the_start_and_within_the_bound_elsewhere():
    named = Book.from_accounts(ACCOUNTS, ["B", "A"], PRICES)
    assert named.assets == ("B", "A")
    assert named.book.surplus([50.0, 100.0]) == pytest.approx([x.surplus(PRICES) for x in ACCOUNTS], rel=1e-12)
    assert named.book.equity([50.0, 100.0])[0] == pytest.approx(ACCOUNTS[0].equity(PRICES))
    rng, gaps = np.random.default_rng(8), []
    corners = [(a, b) for a in (1e-9, 2.0) for b in (1e-9, 2.0)]
    for a, b in [*corners, *rng.uniform(1e-9, 2.0, (300, 2))]:
        true = np.array([x.surplus({"A": 100.0 * a, "B": 50.0 * b}) for x in ACCOUNTS])
        gaps.append(named.book.surplus([50.0 * b, 100.0 * a]) - true)
    assert (np.array(gaps) >= -1e-9).all()
    assert np.max(gaps, axis=0) == pytest.approx(named.linearisation_error, rel=1e-6, abs=1e-6)
    assert named.linearisation_error[0] == 0.0
    assert (named.linearisation_error[1:] > 0).all()
    assert Solver(named.book, [50.0, 100.0]).run([50.0, 75.0], Linear([0.2, 0.5])).liquidated[0]


@pytest.mark.parametrize(
    ("account", "message"),
    [
        (Account(1.0, [Balance("C", 1.0)]), "account 0 holds 'C'"),
        (Account(1.0, [Balance("A", 1.0, asset_weight=0.0)]), "account 0 can not be a row of a book: it holds 1 A"),
        (Account(1.0, [Balance("A", 1.0)], [Position("A", -1.0, 0.0, TIERED)]), "it holds 0 A"),
        (Account(1.0, [Balance("A", 1.0, asset_weight=0.1)], [Position("A", -2.0, 0.0, TIERED)]), None),
    ],
)
def test_accounts_that_are_no_row_are_refused_by_name(account, message):
    if message is None:
        assert Book.from_accounts([account], ["A"], PRICES).book.weights[0, 0] == pytest.approx(0.1 - 2.1)
        return
    with pytest.raises(ValueError, match=message):
        Book.from_accounts([account], ["A"], PRICES)
