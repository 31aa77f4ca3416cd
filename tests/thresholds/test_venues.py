import json
import re
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


@pytest.mark.unmeasured
@pytest.mark.parametrize("venue", VENUES)
def test_at_its_own_threshold_only_some_rules_fire(venue):
    rule, rng = VENUES[venue], np.random.default_rng(0)
    for _ in range(200):
        entry, quantity = round(float(rng.uniform(1, 1e5)), 1), round(float(rng.uniform(0.01, 50)), 3)
        margin = quantity * entry / float(rng.uniform(1.5, 3))
        for signed in (quantity, -quantity) if rule.shorts else (quantity,):
            lower, upper = rule.liquidation_prices(signed, entry, margin)
            fires = rule.liquidatable(signed, entry, margin, lower if signed > 0 else upper)
            assert fires is (venue in ("Bybit (new)", "OKX", "Gate"))


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
    lower, _ = VENUES["Stock on credit"].liquidation_prices(1.0, 100.0, 60.0)
    assert lower == pytest.approx(account.liquidation_price(1.0, 100.0, 60.0, 0.3))
    assert lower == pytest.approx(GOLDEN["regt-bkm-57.14"]["expected"]["call_price"], abs=0.006)


def test_every_rule_says_what_kind_of_statement_it_is_and_where_it_stands():
    bibliography = (Path(__file__).parents[2] / "chapters" / "references.bib").read_text()
    for rule in VENUES.values():
        assert rule.kind in ("published", "sample", "test case")
        assert re.fullmatch(r"(to )?\d{4}(-\d{2})?|undated", rule.date)
        assert f"{{{rule.key}," in bibliography
        assert rule.asset
        assert rule.source
