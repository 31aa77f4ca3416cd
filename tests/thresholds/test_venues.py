import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cascadelab import account
from cascadelab.kit.tables import load_tiers
from cascadelab.thresholds import VENUES, collateral_liquidation_price, safe_interval

GOLDEN = {case["id"]: case for case in json.loads((Path(__file__).parents[1] / "golden.json").read_text())["cases"]}


@pytest.mark.parametrize("venue", VENUES)
def test_threshold_separates_safe_from_liquidatable(venue):
    rule = VENUES[venue]
    lower, upper = rule.liquidation_prices(1.0, 100.0, 50.0)
    assert upper is None
    assert safe_interval(*rule.lines(1.0, 100.0, 50.0)) == (lower, None)
    assert rule.liquidatable(1.0, 100.0, 50.0, lower * (1 - 1e-9))
    assert not rule.liquidatable(1.0, 100.0, 50.0, lower * (1 + 1e-9))


@pytest.mark.parametrize("venue", VENUES)
def test_short_is_liquidated_above_entry_or_refused_by_a_lender(venue):
    rule = VENUES[venue]
    if rule.shorts:
        lower, upper = rule.liquidation_prices(-1.0, 100.0, 50.0)
        assert lower is None
        assert upper > 100
    else:
        for method in (rule.liquidation_prices, rule.lines):
            with pytest.raises(ValueError, match=f"quantity must not be negative: {venue} lends"):
                method(-1.0, 100.0, 50.0)


def test_exactly_at_zero_surplus_only_some_venues_fire():
    for venue, rule in VENUES.items():
        flat = replace(rule, fee_rate=0.0)  # so that the surplus is zero in floating point too
        need = flat.tiers.requirement(1000.0)
        assert flat.liquidatable(1.0, 1000.0, need, 1000.0) is (venue in ("Bybit (new)", "OKX", "Gate"))


def test_binance_brackets_are_the_shipped_table():
    table, rule = load_tiers("BTC/USDT", "2026-09"), VENUES["Binance"]
    np.testing.assert_array_equal(rule.tiers.rates, table.rates)
    np.testing.assert_allclose(rule.tiers.deductions, table.deductions, rtol=1e-12, atol=1e-9)


def test_hyperliquid_deduction_is_the_documented_one():
    expected = GOLDEN["hl-btc-tier-deduction"]["expected"]["cums"]
    np.testing.assert_allclose(VENUES["Hyperliquid"].tiers.deductions, expected)


def test_old_bybit_rule_gives_the_published_price():
    case = GOLDEN["bybit-usdt-long-50x"]
    lower, _ = VENUES["Bybit (old)"].liquidation_prices(1.0, case["inputs"]["entry"], case["inputs"]["margin"])
    assert lower == pytest.approx(case["expected"]["liq_price"], abs=1e-9)


def test_gate_rule_gives_the_published_price():
    case = GOLDEN["freqtrade-gate-long-5"]
    lower, _ = VENUES["Gate"].liquidation_prices(1, case["inputs"]["entry"], case["inputs"]["wallet_balance"])
    assert lower == pytest.approx(case["expected"]["liq_price"], abs=case["tolerance"]["abs"])


@pytest.mark.parametrize(
    ("venue", "weight"), [("Aave v3", 0.8), ("Compound v3", 0.9), ("Maker", 1 / 1.45), ("Morpho Blue", 0.86)]
)
def test_lenders_rule_is_the_loan_of_the_same_weight(venue, weight):
    lower, _ = VENUES[venue].liquidation_prices(2.0, 100.0, 120.0)
    assert lower == pytest.approx(collateral_liquidation_price(2.0, weight, 80.0))


def test_stock_broker_is_chapter_one():
    lower, _ = VENUES["Reg T"].liquidation_prices(1.0, 100.0, 60.0)
    assert lower == pytest.approx(account.liquidation_price(1.0, 100.0, 60.0, 0.3))
    assert lower == pytest.approx(GOLDEN["regt-bkm-57.14"]["expected"]["call_price"], abs=0.006)


def test_every_rule_says_when_and_where():
    assert all(rule.date and rule.source for rule in VENUES.values())
