import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cascadelab.impact import ConstantProduct, Exponential, Linear, SquareRoot
from cascadelab.liquidation import liquidate, quantity_to_cover, sale_to_target, surplus_after_sale
from cascadelab.liquidation.order import part_of

CURVES = st.sampled_from(
    [Linear(0.0), Linear(0.4), Linear(2.0), Exponential(0.004), SquareRoot(1.0), ConstantProduct(300.0)]
)
CROSS = Linear([[0.5, 0.1], [0.3, 0.2]])
fills = pytest.mark.parametrize("fill", ["end", "walk"])


@given(st.floats(0.1, 50.0), st.floats(1.0, 500.0), st.floats(0.05, 0.5), st.floats(0.0, 0.02), st.floats(0.0, 0.02))
def test_units_closed_free_exactly_what_is_missing(shown, shortage, price, rate, fee, fund_fee):
    units = quantity_to_cover(shortage, price, rate, liquidation_fee=fee, fund_fee=fund_fee)
    assert rate * price * units - (fee + fund_fee) * price * units == pytest.approx(shortage, rel=1e-9)
    at = {"shortage": shortage, "shocked_price": price, "maintenance_rate": rate}
    formula = shown("quantity_to_cover", liquidation_fee=fee, fund_fee=fund_fee, **at)
    assert units == pytest.approx(formula, rel=1e-9)


def test_published_transfers_of_drift_with_a_fee_of_the_fund():
    """Its tests of what a borrow repays, 10 missing at 100, weights 0.8 and 1.2, fund 1 %, without and with a bonus.

    With the bonus Drift rounds 0.8 · 1.1 / 0.9 down to 0.97777, and so gets 0.475669504.
    """
    for after_bonus, repaid in ((0.8, 0.257731958), (0.97777, 0.475669504)):
        found = quantity_to_cover(10.0, 100.0, 1.2 - after_bonus, fund_fee=1.2 * 0.01)
        assert found == pytest.approx(repaid, abs=2e-9)
        assert found == pytest.approx(10 / (100 * (1.2 * (1 - 0.01) - after_bonus)))


def test_fees_that_add_up_to_the_maintenance_free_nothing():
    """5 % less 3 % and 2 % is zero, of which floats make 3e-18, and of one missing dollar 3e15 units."""
    shy = 0
    for first in range(1, 45):
        for second in range(1, 45):
            fees = {"liquidation_fee": first / 100, "fund_fee": second / 100}
            shy += (first + second) / 100 - first / 100 - second / 100 > 0
            assert np.isnan(quantity_to_cover(1.0, 100.0, (first + second) / 100, **fees))
            assert quantity_to_cover(1.0, 100.0, (first + second + 1) / 100, **fees) == pytest.approx(1.0)
    assert shy > 100


def test_a_margin_of_whole_numbers_that_is_there_needs_no_sale_and_a_whole_sale_may_just_reach_it():
    """With an impact a sale would only make it worse; sold whole, three units raise all that is owed."""
    for percent in range(1, 100):
        for slope in (0.0, 2.0):
            there = sale_to_target(Linear(slope), 70.0, 3.0, percent * 2.1 - 210.0, percent / 100)
            assert there == 0.0
        raised = 3 * (70.0 - 0.1 * percent * 3)
        assert sale_to_target(Linear(0.1 * percent), 70.0, 3.0, -round(raised, 9), 0.9) == pytest.approx(3.0)


def test_where_a_closed_unit_costs_what_it_frees_no_number_is_enough():
    assert np.isnan(quantity_to_cover(10.0, 100.0, 0.02, liquidation_fee=0.01, fund_fee=0.01))
    assert quantity_to_cover(0.0, 100.0, 0.02, liquidation_fee=0.03) == 0.0


@given(st.floats(0.0, 10.0), st.floats(0.0, 2.0), st.floats(0.01, 0.4))
def test_surplus_on_a_line_is_the_displayed_one(shown, sold, slope, rate):
    at = {"cash": -905.0, "quantity": 10.0, "target_rate": rate, "sold": sold, "slope": slope, "shocked_price": 100.0}
    for fill, name in (("end", "surplus_after_close"), ("walk", "surplus_after_close_on_a_walk")):
        ours = surplus_after_sale(Linear(slope), 100.0, 10.0, -905.0, rate, sold, fill=fill)
        assert ours == pytest.approx(shown(name, **at), rel=1e-9, abs=1e-9)


@fills
@pytest.mark.parametrize("slope", [0.2, 1.1, 1.2, 3.0])
def test_first_unit_changes_the_surplus_by_the_displayed_slope_under_either_fill(shown, fill, slope):
    surplus = surplus_after_sale(Linear(slope), 100.0, 10.0, -905.0, 0.1, np.array([0.0, 1e-6]), fill=fill)
    wanted = shown("first_unit_slope", quantity=10.0, target_rate=0.1, slope=slope, shocked_price=100.0)
    assert (surplus[1] - surplus[0]) / 1e-6 == pytest.approx(wanted, abs=1e-4)
    assert (wanted > 0) == (slope * 10.0 / 100.0 < 0.1 / 0.9)


@pytest.mark.unmeasured
@fills
@given(curve=CURVES, quantity=st.floats(1.0, 30.0), owed=st.floats(0.7, 1.1), rate=st.floats(0.0, 0.3))
def test_sale_to_target_is_the_first_of_a_fine_search(fill, curve, quantity, owed, rate):
    cash, units = -owed * 100.0 * quantity, np.linspace(0.0, quantity, 20_001)
    found = sale_to_target(curve, 100.0, quantity, cash, rate, fill=fill)
    surplus = surplus_after_sale(curve, 100.0, quantity, cash, rate, units, fill=fill)
    assume(abs(surplus.max()) > 1e-3)
    if np.isnan(found):
        assert surplus.max() < 0
    else:
        first = int((surplus >= 0).argmax())
        assert surplus[first] >= 0
        assert units[max(first - 1, 0)] - 1e-9 <= found <= units[first] + 1e-9
        assert surplus_after_sale(curve, 100.0, quantity, cash, rate, found, fill=fill) >= -1e-9


def test_the_two_fill_rules_disagree_about_whether_a_sale_can_help():
    arguments = (Linear(1.0), 100.0, 10.0, -905.0, 0.1)
    assert np.isnan(sale_to_target(*arguments))
    assert sale_to_target(*arguments, fill="walk") == pytest.approx(2.5)


def test_a_peak_between_two_nodes_of_the_search_is_found():
    """At the end price (10 − 0.1 (10 − u)) (100 − u) is largest, 902.5, at u = 5: shift it to 4.9995."""
    slope = 0.99999
    best = surplus_after_sale(Linear(slope), 100.0, 10.0, 0.0, 0.1, np.linspace(4.9, 5.1, 200_001)).max()
    found = sale_to_target(Linear(slope), 100.0, 10.0, -(best - 1e-11), 0.1)
    assert 4.9 < found < 5.1


def test_an_account_with_its_margin_sells_nothing_and_a_short_buys_back():
    assert sale_to_target(Linear(0.5), 100.0, 10.0, -800.0, 0.1) == 0.0
    bought = sale_to_target(Linear(0.1), 100.0, -10.0, 1095.0, 0.1, fill="walk")
    assert -10.0 < bought < 0.0
    after = surplus_after_sale(Linear(0.1), 100.0, -10.0, 1095.0, 0.1, bought, fill="walk")
    assert after == pytest.approx(0.0, abs=1e-9)


def test_of_several_assets_the_same_fraction_is_sold():
    market = Linear([0.5, 0.2])
    sold = sale_to_target(market, [75.0, 50.0], [10.0, 20.0], -1620.0, 0.1, fill="walk")
    assert sold[0] / 10.0 == pytest.approx(sold[1] / 20.0)
    after = surplus_after_sale(market, [75.0, 50.0], [10.0, 20.0], -1620.0, 0.1, sold, fill="walk")
    assert after == pytest.approx(0.0, abs=1e-9)


@fills
@pytest.mark.parametrize("first", [[0, 1], [1, 0]])
def test_in_an_order_the_smallest_sale_is_the_first_of_a_search_along_it(fill, first):
    market, price, quantity = Linear([0.5, 0.2]), np.array([75.0, 50.0]), np.array([10.0, 20.0])
    found = sale_to_target(market, price, quantity, -1590.0, 0.1, fill=fill, first=first)
    values = np.linspace(0.0, price @ quantity, 35_001)
    tried = np.array([[min(v, price[first[0]] * quantity[first[0]]), 0.0] for v in values])
    tried[:, 1] = values - tried[:, 0]
    units = tried[:, np.argsort(first)] / price
    good = surplus_after_sale(market, price, quantity, -1590.0, 0.1, units, fill=fill) >= 0
    assert found @ price == pytest.approx(values[good.argmax()], abs=0.06)
    later = first[1]
    assert found[later] == 0 or found[first[0]] == quantity[first[0]]


def test_a_first_asset_that_is_enough_just_when_it_is_sold_out_is_all_that_is_sold():
    """The surplus peaks where A ends, far narrower than the grid, and rises again later with B."""
    market, price, quantity, cash = Linear([0.0, 0.4, 0.0]), [100.0] * 3, [1.0, 40.0, 59.0], -9009.95
    sold = sale_to_target(market, price, quantity, cash, 0.1, fill="walk", first=[0, 1, 2])
    np.testing.assert_allclose(sold, [0.995, 0.0, 0.0], rtol=1e-9)
    done = liquidate(market, price, quantity, cash, maintenance_rate=0.1, target_rate=0.1, fill="walk", first=[0, 1, 2])
    assert (done.sold[1], done.price[1]) == (0.0, 100.0)


@pytest.mark.unmeasured
@given(
    st.lists(st.tuples(st.floats(0.5, 40.0), st.floats(0.0, 1.5)), min_size=2, max_size=3), st.floats(0.0, 1.0),
    st.sampled_from(["end", "walk"]),
)  # fmt: skip
def test_in_an_order_no_smaller_sale_on_a_fine_search_is_enough(assets, level, fill):
    quantity, slope = np.array(assets).T
    price, market, parts = np.full(len(assets), 100.0), Linear(slope), np.linspace(0.0, 1.0, 4001)
    first, total = list(range(len(assets))), 100.0 * quantity.sum()
    sold = part_of(quantity, price, parts, first)
    surplus = surplus_after_sale(market, price, quantity, 0.0, 0.1, sold, fill=fill)
    wanted = surplus[0] + (level + 1e-9) * (surplus.max() - surplus[0])
    assume(surplus.max() - surplus[0] > 1e-6 * total)
    found = sale_to_target(market, price, quantity, -wanted, 0.1, fill=fill, first=first)
    enough = np.flatnonzero(surplus >= wanted)
    if len(enough):
        assert found @ price / total <= parts[enough[0]] + 1e-12
        after = surplus_after_sale(market, price, quantity, -wanted, 0.1, found, fill=fill)
        assert after == pytest.approx(0.0, abs=1e-9 * total)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (quantity_to_cover, (-1.0, 100.0, 0.1), "shortage must be at least 0, got -1"),
        (quantity_to_cover, (1.0, 0.0, 0.1), "shocked_price must be positive, got 0"),
        (sale_to_target, (Linear(0.1), 0.0, 10.0, -900.0, 0.1), "shocked_price must be positive, got 0"),
        (
            surplus_after_sale,
            (Linear([0.0, 1.0]), 100.0, 10.0, -905.0, 0.1, 1.0),
            r"market has parameters of shape \(2,",
        ),
        (surplus_after_sale, (Linear(0.1), 100.0, 10.0, [-900.0, 0.0], 0.1, 1.0), "cash must be a single number"),
        (
            surplus_after_sale,
            (Linear(0.1), 100.0, 10.0, -900.0, [0.1, 0.2], 1.0),
            "target_rate must be a single number",
        ),
        (sale_to_target, (Linear(0.1), 100.0, 10.0, -900.0, 1.0), r"target_rate must be in \[0, 1\), got 1"),
        (sale_to_target, (Linear(0.1), [1.0, 2.0, 3.0], [1.0, 2.0], -9.0, 0.1), "do not broadcast: shocked_price"),
        (sale_to_target, (Linear(0.1), [1.0, 2.0], [1.0], -9.0, 0.1), "do not broadcast: shocked_price"),
        (sale_to_target, (Linear(0.1), 1.0, [[1.0]], -9.0, 0.1), "quantity must be a number or a list, got an array"),
        (surplus_after_sale, (CROSS, [75.0, 50.0], [10.0, 20.0], -1650.0, 0.1, [1.0, 1.0]), "with a matrix each sale"),
        (sale_to_target, (CROSS, [75.0, 50.0], [10.0, 20.0], -1650.0, 0.1), "with a matrix each sale"),
        (
            sale_to_target,
            (ConstantProduct([10.0, 1e6]), [100.0, 50.0], [-12.0, 30.0], -60.0, 0.1),
            "the market can not serve the account whole: sold must be above −reserve",
        ),
    ],
)
def test_bad_input_is_named(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)


def test_an_order_is_looked_at_even_if_there_is_one_asset():
    with pytest.raises(ValueError, match="first must name each of 1 assets once"):
        sale_to_target(Linear(0.05), 100.0, 10.0, -905.0, 0.1, first=[5, 7])
    assert sale_to_target(Linear(0.0), 100.0, 10.0, -905.0, 0.1, first=[0]) == pytest.approx(0.5)
    assert sale_to_target(Linear(0.0), 100.0, 0.0, 5.0, 0.1, first=[0]) == 0.0
    assert np.isnan(sale_to_target(Linear(0.0), 100.0, 0.0, -5.0, 0.1, first=[0]))
