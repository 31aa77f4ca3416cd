import numpy as np
import pytest

from cascadelab.liquidation.ledger import PARTIES, LedgerBook


def example():
    book = LedgerBook(2)
    book.enter(
        1, "sale", cash={"buyers": -90.0, "venue": 90.0}, units={"trader": [-1.0, 0.0], "buyers": np.array([1.0, 0.0])}
    )
    book.enter(1, "fee", cash={"venue": -2.0, "fund": 2.0})
    return book.close()


def test_totals_by_party_and_by_event():
    ledger = example()
    assert (ledger.total("venue"), ledger.total("venue", "fee"), ledger.total("fund")) == (88.0, -2.0, 2.0)
    np.testing.assert_array_equal(ledger.total_units("trader"), [-1.0, 0.0])
    assert ledger.totals()[-1] == ["sum", 0.0, 0.0, 0.0]
    assert [row[0] for row in ledger.totals()[:-1]] == list(PARTIES)


def test_rows_name_the_step_and_add_up():
    assert example().rows() == [
        [1, "sale", 0.0, -90.0, 0.0, 90.0, 0.0, 0.0],
        [1, "fee", 0.0, 0.0, 0.0, -2.0, 2.0, 0.0],
    ]


def test_imbalance_is_seen_in_cash_and_in_units():
    assert example().imbalance == 0.0
    book = LedgerBook(1)
    book.enter(1, "sale", cash={"buyers": -90.0, "venue": 89.0})
    assert book.close().imbalance == pytest.approx(1 / 90)
    book = LedgerBook(1)
    book.enter(1, "sale", units={"trader": [-2.0], "buyers": [1.0]})
    assert book.close().imbalance == pytest.approx(0.5)


def test_an_empty_ledger_is_in_balance():
    ledger = LedgerBook(3).close()
    assert ledger.imbalance == 0.0
    assert ledger.total("buyers") == 0.0
    assert ledger.rows() == []


def test_it_is_read_only_and_knows_its_parties():
    with pytest.raises(ValueError, match="read-only"):
        example().cash[0, 0] = 1.0
    with pytest.raises(ValueError, match="party must be one of trader, buyers, liquidator, venue, fund, got 'bank'"):
        example().total("bank")
