"""One market a hypothesis: the numbers of the text, by hand, and by every order where there are few."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascadelab.cascade import Ladder, counterexamples, in_order, rounds, run, to_target, worst_first
from cascadelab.cascade.broken import _buyers_below, hedge, in_groups, one_pass, re_entry, squeeze
from cascadelab.impact import Linear

EXAMPLES = {example.case: example for example in counterexamples()}


@pytest.mark.parametrize("case", EXAMPLES)
def test_two_schedules_lose_different_accounts_at_different_prices(case):
    example = EXAMPLES[case]
    assert example.lost_first != example.lost_second
    assert example.price_first != pytest.approx(example.price_second, abs=1e-3)


def test_each_hypothesis_is_dropped_at_least_once():
    assert sorted({example.dropped for example in EXAMPLES.values()}) == ["i", "ii", "iii", "iv", "v", "vi"]


@pytest.mark.parametrize(
    ("case", "first", "second"),
    [
        ("a fraction at each fill", 95 * (1 - 0.2) * (1 - 0.1), 95 * 0.9 * 0.9),
        ("a root at each fill", 95 * (1 - 0.06 * 8**0.5), 95 * 0.88**3),
        ("a rescuer buys", 95 - 8 + 8, 95 - 12 + 8),
        ("sell to target", 98.1605, 98.1351),
        ("an account re-enters", 95 - 4 - 4 + 4, 95 - 4 + 4),
        ("long and short", 94, 96),
        ("two assets, a hedge", 96, 95),
        ("the price recovers", 97 - 0.05 * 8, 97 - 0.05 * 4),
        ("buyers wait below", 94.9 - 0.1 * 3, 94.9 - 0.1 * 2),
        ("nobody looks back", 95 - 8, 95 - 4),
        ("sold in pairs", 95 - 2, 95 - 4),
    ],
)
def test_end_prices_by_hand(case, first, second):
    assert EXAMPLES[case].price_first == pytest.approx(first, abs=5e-5)
    assert EXAMPLES[case].price_second == pytest.approx(second, abs=5e-5)


def test_sell_to_target_depends_on_the_order_at_the_price_before_and_not_on_the_average():
    before = [to_target(order)[1] for order in (None, (0, 1), (1, 0))]
    average = [to_target(order, average_fill=True)[1] for order in (None, (0, 1), (1, 0))]
    assert before == [
        pytest.approx(98.1605, abs=5e-5),
        pytest.approx(98.1351, abs=5e-5),
        pytest.approx(98.1353, abs=5e-5),
    ]
    assert average == [pytest.approx(98.0485, abs=5e-5)] * 3
    assert average[1:] == [pytest.approx(average[0], abs=1e-10)] * 2


@pytest.mark.parametrize("average", [False, True])
def test_sell_to_target_ends_with_the_debt_at_its_target(average):
    """At the end price both accounts owe nine tenths of what they hold: replay the sales from the ledger."""
    slope, price, units, debt = 0.3, 100.0, [10.0, 10.0], [930.0, 905.0]
    for _ in range(200):
        for k in (0, 1):
            low, high = 0.0, units[k]
            for _ in range(100):
                sale = (low + high) / 2
                paid, after = (price - slope * sale / 2, price - slope * sale) if average else (price, price)
                short = debt[k] - sale * paid > 0.9 * (units[k] - sale) * after
                low, high = (sale, high) if short else (low, sale)
            debt[k] -= high * (price - slope * high / 2 if average else price)
            units[k] -= high
            price -= slope * high
    assert to_target((0, 1), average_fill=average)[1] == pytest.approx(price, abs=1e-8)
    assert debt[0] == pytest.approx(0.9 * units[0] * price)


@pytest.mark.parametrize("order", [(), (0,), (0, 0), (0, 2)])
def test_sell_to_target_refuses_an_order_that_is_none(order):
    with pytest.raises(ValueError, match="order must be None, or 0 and 1 once each"):
        to_target(order)


def test_buyers_below_break_only_the_half_of_v_that_speaks_of_the_curve():
    """It falls in the quantity; but a sale from below 95 ends at a higher price than one from 95."""
    for shocked in (96.0, 95.0, 94.9):
        assert _buyers_below(shocked, 0.0) == shocked
        assert np.all(np.diff([_buyers_below(shocked, float(units)) for units in range(4)]) < 0)
    assert _buyers_below(94.9, 2.0) > _buyers_below(95.0, 2.0)


def test_buyers_below_come_with_the_second_step_as_the_text_says():
    """95 after the first step and 94.9 from the second on decide by order; 94.9 already after the first do not."""
    book = [96.0, 95.5, 94.5], [1.0, 1.0, 1.0]
    late, early = (
        [run(*book, path, _buyers_below, way) for way in (rounds, worst_first())]
        for path in ([95.0, 95.0, 94.9], [95.0, 94.9])
    )
    assert [done.prices.tolist() for done in late] == [
        pytest.approx([95, 95 - 4, 94.9 - 0.3]),
        pytest.approx([95, 95 - 2, 94.9 - 0.2]),
    ]
    assert [done.lost for done in late] == [(0, 1, 2), (0, 1)]
    assert [done.lost for done in early] == [(0, 1), (0, 1)]


def test_a_final_price_that_depends_on_the_schedule_breaks_v():
    """The shocked price falls in either order and stays, but only if account 2 goes first does it fall to 94.5."""
    book, rule = ([96.0, 95.5, 92.6], [1.0, 1.0, 1.0]), Linear(1.0).price
    first = run(*book, 95.0, rule, in_order([0, 1, 2]))
    second = run(*book, [95.0, 94.5], rule, in_order([1, 0, 2]))
    assert (first.lost, first.price, second.lost, second.price) == ((0, 1), 93.0, (0, 1, 2), 91.5)


@given(
    st.lists(st.tuples(st.integers(60, 100), st.integers(0, 6)), min_size=1, max_size=7),
    st.integers(60, 100), st.integers(0, 9999), st.integers(0, 12),
)  # fmt: skip
def test_buying_back_at_an_unmoved_threshold_changes_no_end(book, shocked, seed, returns):
    """(iii) alone: some of those sold come back `returns` times; wherever the schedule ends, the same are lost."""
    rng, market = np.random.default_rng(seed), Linear(0.5)
    thresholds, units = np.array(book, dtype=float).T
    lost = np.zeros(len(book), dtype=bool)
    while True:
        waiting = np.flatnonzero(~lost & (thresholds > market.price(shocked, units[lost].sum())))
        if returns and lost.any() and rng.random() < 0.5:
            lost[rng.choice(np.flatnonzero(lost))] = False
            returns -= 1
        elif waiting.size:
            lost[rng.choice(waiting)] = True
        else:
            break
    assert lost.tolist() == Ladder(thresholds, units).run(shocked, market).liquidated.tolist()


def test_small_markets_by_hand():
    assert squeeze("long") == (("long",), 94.0)
    assert squeeze("short") == (("short",), 96.0)
    assert hedge("XY") == (("X",), 96.0)
    assert hedge("YX") == (("X", "Y"), 95.0)
    assert re_entry(late=False) == ((), 95.0)
    assert re_entry(late=True) == (("2",), 91.0)
    assert one_pass((0, 1)) == (("1", "2"), 87.0)
    assert one_pass((1, 0)) == (("1",), 91.0)
    assert in_groups(1) == (("1",), 93.0)
    assert in_groups(2) == (("1", "2"), 91.0)
