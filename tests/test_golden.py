"""Published margin and liquidation figures of real venues against the book: `golden.json`, 207 cases with sources.

Every case is in exactly one of four groups, and a test adds them up: as one account (it states a price threshold,
solved by `portfolio.Account`), by rule (a public function of a written chapter), and not yet (the rule belongs to a
planned chapter, which takes the case over when it is written); three are no rule of a venue.
"""

import importlib.util
import json
import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from cascadelab.account import (
    bankruptcy_price,
    equity,
    initial_margin,
    inverse_entry_price,
    inverse_liquidation_price,
    liquidation_price,
    maintenance,
)
from cascadelab.account.exercises import stock_frozen
from cascadelab.criticality import initial_rate_at_open_interest
from cascadelab.impact import asset_weight_at_size, liability_weight_at_size
from cascadelab.kit.check import check
from cascadelab.kit.notation import CHAPTERS
from cascadelab.liquidation import (
    aave_close_factor,
    auction_reward,
    bark,
    bite_by_bite,
    drift_borrow_fund_fee,
    drift_fee,
    drift_fund_fee,
    fillable_price,
    fund_change,
    leg_bankruptcy_price,
    pool_liquidation,
    quantity_to_cover,
    repay_to_target,
    split_bonus,
    staircase_auction,
    storefront_price,
    take,
)
from cascadelab.platforms import crowded_weight, strict_prices
from cascadelab.portfolio import Account, Balance, Position
from cascadelab.thresholds import (
    Tiers,
    borrowed_leverage,
    collateral_ratio,
    health_factor,
    lending_surplus,
    liquidation_incentive,
    weight_of_ratio,
)

CASES = json.loads(Path(__file__).with_name("golden.json").read_text(encoding="utf-8"))["cases"]
THRESHOLDS = ("liq_price", "call_price", "eth_liq_price")


def source(case):
    """Where the figure was published, in one line."""
    return f"{case['venue']}: " + ", ".join(str(v) for k, v in case["source"].items() if k != "type")


def assert_published(case, field, ours):
    """Our figure is the published one, within the tolerance that the source's rounding implies."""
    wanted = case["expected"][field]
    message = f"{case['id']}, {field}: published {wanted}, ours {ours} ({source(case)})"
    if wanted is None or isinstance(wanted, bool):
        assert ours is wanted, message
    else:
        relative, absolute = case["tolerance"].get("rel", 0.0), case["tolerance"].get("abs", 0.0)
        np.testing.assert_allclose(ours, wanted, rtol=relative, atol=absolute, err_msg=message)


def parametrised(cases):
    return pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in cases])


# As one account -----------------------------------------------------------------------------------------------------

AS_ACCOUNT = [case for case in CASES if "as_one_account" in case]


def account_of(case):
    """The case as an account, and a price for each asset it holds."""
    stated = case["as_one_account"]
    balances = [
        Balance(b["asset"], b["quantity"], b["asset_weight"], b["liability_weight"]) for b in stated["balances"]
    ]
    positions = [
        Position(
            p["asset"], p["quantity"], p["entry_price"], Tiers(*zip(*p["tiers"], strict=True)), p["fee_rate"],
            p["basis"], p["mark_price"],
        )
        for p in stated["positions"]
    ]  # fmt: skip
    prices = {b["asset"]: b["price"] for b in stated["balances"]}
    prices |= {p["asset"]: p["mark_price"] for p in stated["positions"]}
    return Account(stated["cash"], balances, positions, stated["fixed_maintenance"]), prices


def threshold(case):
    """The price of the target that the source publishes: the one end of the safe interval, or None."""
    account, prices = account_of(case)
    lower, upper = account.liquidation_prices(case["as_one_account"]["target"], prices)
    assert lower is None or upper is None, f"{case['id']} has two thresholds"
    return upper if lower is None else lower


@parametrised(AS_ACCOUNT)
def test_published_threshold_is_the_one_of_the_account(case):
    (field,) = (f for f in case["expected"] if f in THRESHOLDS)
    assert_published(case, field, threshold(case))


@parametrised([case for case in AS_ACCOUNT if "rounded UP" in case["rounding"]])
def test_venues_that_round_up_to_the_tick_do(case):
    """Bybit inverse and KuCoin: never below the exact threshold of a long, and less than a tick above it."""
    assert 0 <= case["expected"]["liq_price"] - threshold(case) < case["tolerance"]["abs"]


@parametrised([case for case in AS_ACCOUNT if "safe" in case["expected"]])
def test_published_verdict_is_the_one_of_the_account(case):
    account, _ = account_of(case)
    assert_published(case, "safe", not account.liquidatable({"GEM": case["inputs"]["price"]}))


def test_published_values_of_an_inverse_position():
    """Bybit: 60,000 contracts at 50,000 are 1.2 coins, a tenth of them is the margin."""
    (case,) = (c for c in AS_ACCOUNT if "position_value" in c["expected"])
    x = case["inputs"]
    coins = x["contracts_usd"] / x["entry"]
    margin = initial_margin(coins, 1.0, x["leverage"])
    assert_published(case, "position_value", coins)
    assert_published(case, "im", margin)
    price = inverse_liquidation_price(x["contracts_usd"], x["entry"], margin, x["mmr"], basis="entry")
    assert_published(case, "liq_price", price)


def test_bybits_inverse_rule_keeps_back_the_fee_at_the_bankruptcy_price():
    """Chapter 2, "The basis": (1.18) with the coins less f Q / p_bk; bankrupt is who can not pay that fee."""
    (case,) = (c for c in AS_ACCOUNT if c["kind"] == "inverse_cross_liq")
    x = case["inputs"]
    contracts, entry, coins, fee = x["contracts_usd"], x["entry"], x["balance_btc"], x["fee"]
    bankrupt = (1 + fee) * contracts / (coins + contracts / entry)
    assert bankrupt == pytest.approx(x["bankruptcy"], abs=0.005)
    assert coins + contracts * (1 / entry - 1 / bankrupt) == pytest.approx(fee * contracts / bankrupt, rel=1e-12)
    left = coins - fee * contracts / bankrupt
    price = inverse_liquidation_price(contracts, entry, left, x["mmr"], basis="entry")
    assert price == pytest.approx(threshold(case), abs=1e-3)
    assert_published(case, "liq_price", price)


def one_flat_position(case):
    stated = case["as_one_account"]
    tiers = [p["tiers"] for p in stated["positions"]]
    alone = not stated["balances"] and not stated["fixed_maintenance"] and len(tiers) == 1
    return alone and len(tiers[0]) == 1 and tiers[0][0][1] == 0 and stated["positions"][0]["basis"] != "frozen"


@parametrised([case for case in AS_ACCOUNT if one_flat_position(case)])
def test_closed_form_of_chapter_1_gives_the_published_price_of_one_position(case):
    stated = case["as_one_account"]
    (position,) = stated["positions"]
    rate = position["tiers"][0][0] + position["fee_rate"]
    price = liquidation_price(
        position["quantity"], position["entry_price"], stated["cash"], rate, basis=position["basis"]
    )
    (field,) = case["expected"]
    assert_published(case, field, price)


# Published errors ---------------------------------------------------------------------------------------------------


def test_every_published_error_has_its_own_test():
    wrong = {case["id"] for case in CASES if "published_wrong" in case}
    assert wrong == {"neg-analystforum-24775", "neg-essayhub-short"}


def wrong_case(name):
    (case,) = (case for case in CASES if case["id"] == name)
    return case


def test_published_24_is_maintenance_frozen_at_entry():
    """A forum's first answer: right is 21.33; 24.00 charges 25 % of the purchase price, and `check` says so."""
    case = wrong_case("neg-analystforum-24775")
    assert_published(case, "call_price", threshold(case))
    wrong, x = case["published_wrong"], case["inputs"]
    assert stock_frozen() == pytest.approx(wrong, abs=0.005)
    frozen = Position("S", 1.0, x["price"], Tiers.flat(x["maintenance"]), basis="entry")
    lower, _ = Account(x["initial"] * x["price"], positions=[frozen]).liquidation_prices("S", {})
    assert lower == pytest.approx(wrong, abs=0.005)
    verdict = check("account.3", wrong)
    assert not verdict.right
    assert "frozen" in verdict.message


def test_published_34667_is_a_total_value_called_a_share_price():
    """A homework page: right is 39.38 a share.  It divides 10,400, a total that follows from none of the inputs
    (350 shares at 32 are 11,200), by the maintenance rate, and calls the value of the whole position a price."""
    case = wrong_case("neg-essayhub-short")
    right = threshold(case)
    assert_published(case, "call_price", right)
    wrong = case["published_wrong"]
    assert wrong == pytest.approx(10_400 / case["inputs"]["maintenance"], abs=0.005)
    assert wrong > 100 * case["inputs"]["price"]  # no share price: the stock would have to rise a thousandfold
    assert wrong / 350 != pytest.approx(right, rel=0.5)  # and as a total it is wrong too


# By rule ------------------------------------------------------------------------------------------------------------


def linear(cash, legs):
    """Account booked at cost in cash: legs are (quantity, price, maintenance rate)."""
    positions = [Position(str(k), q, 0.0, Tiers.flat(rate)) for k, (q, _, rate) in enumerate(legs)]
    return Account(cash, positions=positions), {str(k): price for k, (_, price, _) in enumerate(legs)}


def tier_of(x):
    _, rates, deductions = zip(*x["tiers"], strict=True)
    row = Tiers(rates, deductions).tier(x["notional"])
    return {"mmr": rates[row], "cum": deductions[row]}


def totals(value, need):
    """Equity and requirement of an account that is stated by its two totals."""
    account = Account(value, fixed_maintenance=need)
    return account.equity({}), account.maintenance({})


def ratio(case):
    x = case["inputs"]
    if case["id"] == "binance-pm-unimmr":  # equity over maintenance, the inverse of a margin ratio
        value, need = totals(x["num"], x["den"])
        return {"ratio": value / need}
    if case["id"] == "regt-equity-ratio":  # equity over the market value of the stock
        account = Account(x["num"] - x["den"], [Balance("S", 1.0)])
        return {"ratio": account.equity({"S": x["den"]}) / x["den"]}
    value, need = totals(x["den"], x["num"])
    return {"ratio": need / value}


def margin_of_all(x):
    legs = [(p["qty"], p["price"], p["mm"]) for p in x["positions"]]
    account, prices = linear(x["quote"], legs)
    initial, _ = linear(x["quote"], [(p["qty"], p["price"], p["im"]) for p in x["positions"]])
    return {
        "nc": account.equity(prices),
        "mm": account.maintenance(prices),
        "im": initial.maintenance(prices),
    }


def raw_equity(x):
    prices = {p["asset"]: p["position_value"] / abs(p["qty"]) for p in x["positions"]}
    positions = [Position(p["asset"], p["qty"], 0.0, Tiers.flat(0.01)) for p in x["positions"]]
    return {"account_value": Account(x["raw_usd"], positions=positions).equity(prices)}


def plain_equity(x):
    account, prices = linear(x["cash"], [(*leg, 0.0) for leg in x["legs"]])
    return {"equity": account.equity(prices)}


def loan_or_position(case):
    x = case["inputs"]
    if "loan" in case["id"]:  # the requirement of what is owed is what the liability weight adds
        loan = Account(0.0, [Balance("X", -x["notional"], liability_weight=1 + x["rate"])])
        return {"mm": loan.maintenance({"X": 1.0})}
    return {"mm": maintenance(1.0, x["notional"], x["rate"])}


def isolated_beside_cross(x):
    """Drift splits S into a collateral and a requirement: S of what is owned, and −S of what is owed.

    The buffer that must be reached before a liquidation ends is added to every rate, and to the weight of a loss.
    """
    cross, iso, p, b = x["cross"], x["iso"], x["price"], x["buffer"]
    owed = Account(0.0, [Balance("SOL", -cross["sol_borrow"], liability_weight=cross["liab_weight"] + b)])
    profit = equity(iso["base"], -iso["quote"] / iso["base"], 0.0, p)
    bucket = Account(iso["margin"], [Balance("profit", profit, liability_weight=1 + b)])
    return {
        "cross_tc": Account(cross["usdc"]).surplus({}),
        "cross_mr": -owed.surplus({"SOL": p}),
        "iso_tc": bucket.surplus({"profit": 1.0}),
        "iso_mr": maintenance(iso["base"], p, iso["mr"] + b),
    }


def borrow_beside_position(x):
    owed = Balance("SOL", -x["borrow_value"], liability_weight=x["liab_weight"])
    perp = Position("PERP", 1.0, x["perp_notional"], Tiers.flat(x["perp_mr"]))
    return {"mr": -Account(0.0, [owed], [perp]).surplus({"SOL": 1.0, "PERP": x["perp_notional"]})}


def collateral(x):
    value = [amount * price for amount, _, price in x["collateral"]]
    return {"liquidity": lending_surplus(value, [factor for _, factor, _ in x["collateral"]], [x["debt"]])}


def comet(x):
    account = Account(-x["debt"], [Balance("C", x["collateral"], asset_weight=x["liquidate_cf"])])
    return {"liquidatable": account.liquidatable({"C": x["price"]})}


def free_collateral(x):
    """What may be withdrawn, in coins: the surplus over the weighted price of one."""
    weighted = x["ratio"] * x["price"]
    return {"free": lending_surplus([x["amount"] * x["price"]], [x["ratio"]], [x["debt"]]) / weighted}


def implied_rate(x):
    """The rate at which the given price is the liquidation price is the equity ratio there."""
    rate = Account(-x["loan_per_share"], [Balance("S", 1.0)]).equity({"S": x["price"]}) / x["price"]
    assert liquidation_price(1.0, 0.0, -x["loan_per_share"], rate) == pytest.approx(x["price"], rel=1e-12)
    return {"maintenance": rate}


def paid_back(x):
    owner = Account(-x["loss_usd"], [Balance("C", x["coll"])])
    return {"returned": owner.equity({"C": x["coll_price"]}) / x["coll_price"]}


def bankruptcy(x):
    quantity = -1.0 if x["short"] else 1.0
    margin = initial_margin(quantity, x["entry"], x["leverage"])
    return {"price": bankruptcy_price(quantity, x["entry"], margin)}


def profit(x):
    return equity(x["qty"], x["entry"], 0.0, x["mark"])


def weights_at_size(x):
    """Drift writes weights in ten-thousandths."""
    size, factor = x["size"], x["imf"]
    return {
        "asset_w": 1e4 * asset_weight_at_size(x["asset_w"] / 1e4, size, factor),
        "liab_w": 1e4 * liability_weight_at_size(x["liab_w"] / 1e4, size, factor),
    }


def floored(number, digits):
    """Rounded down to so many decimals, as a contract counts; a rounding of float64 above a step is not taken off."""
    return math.floor(number * 10**digits + 1e-6) / 10**digits


def one_leg(rule, x, **settings):
    """Price that a rule gives the target leg of a cross account."""
    quantity, price, rate = zip(*((leg["qty"], leg["price"], leg["mm"]) for leg in x["positions"]), strict=True)
    prices = rule(quantity, price, rate, x["quote"], **settings)
    return prices[[leg["asset"] for leg in x["positions"]].index(x["target"])]


def leg_bankruptcy(x):
    """dYdX counts in millionths of a dollar and rounds up what the account receives."""
    received = -x["delta"] * one_leg(leg_bankruptcy_price, x)
    return {"quote_quantums": math.ceil(round(received * 1e6, 3)) / 1e6}


def insurance(x):
    """The one position of the account is closed as a whole."""
    fill = x["fill_value"] / abs(x["qty"])
    change = fund_change(fill, bankruptcy_price(x["qty"], 0.0, x["quote"]), x["qty"], liquidation_fee=x["max_fee"])
    return {"insurance_delta": change}


def cover_position(x):
    """Drift takes the fund's fee in dollars, and the rest in the coin in which margin is counted."""
    price, fund_fee = x["price"] * x["quote_price"], x["if_fee"] / x["quote_price"]
    units = quantity_to_cover(x["shortage"], price, x["margin_ratio"], liquidation_fee=x["liq_fee"], fund_fee=fund_fee)
    return {"base": floored(units, 9)}


def cover_borrow(x):
    """Drift's liability weight is a target for the health factor, and its bonus a ratio of two multipliers.

    What is missing fixes the repayment; any loan that misses so much and is on the healing side will do.
    """
    assert x["if_fee"] == 0
    owed = 10 * x["price"]
    held = (x["liab_weight"] * owed - x["shortage"]) / x["asset_weight"]
    bonus = x["asset_mult"] / x["liab_mult"] - 1
    repaid = repay_to_target(held, owed, x["asset_weight"], bonus, target_health=x["liab_weight"])
    return {"liability": floored(repaid / x["price"], 9)}


def fund_fee(x):
    notional = x["base"] * x["price"]
    fee = drift_fund_fee(x["shortage"], notional, x["margin_ratio"], x["liq_fee"], fee_cap=x["max_fee"])
    return {"fee": fee}


def borrow_fund_fee(x):
    """As in `cover_borrow`, the bonus is a ratio of two multipliers."""
    owed, bonus = x["tokens"] * x["price"], x["asset_mult"] / x["liab_mult"] - 1
    weights = x["asset_weight"], x["liab_weight"]
    return {"fee": drift_borrow_fund_fee(x["shortage"], owed, *weights, bonus, fee_cap=x["max_fee"])}


def seized_for(debt_value, bonus):
    """Value that the one bite which pays a whole debt takes of ample collateral."""
    loan = bite_by_bite(10 * debt_value, debt_value, asset_weight=0.0, close_factor=1.0, bonus=bonus)
    return loan.seized[0]


def split_tokens(x):
    """Aave counts in whole units of the token."""
    seized = seized_for(x["debt_repaid"] * x["debt_price"], x["bonus"]) / x["coll_price"]
    liquidator, venue = split_bonus(seized, x["bonus"], x["protocol_fee"], whole_units=True)
    return {"seized": math.floor(seized), "to_liquidator": liquidator, "protocol": venue}


def seized_tokens(x):
    """Compound's deposit token stands for a number of units of the collateral."""
    seized = seized_for(x["repay"] * x["borrow_price"], x["incentive"] - 1)
    return {"seize_ctokens": seized / (x["coll_price"] * x["exchange_rate"])}


def put_up(case):
    """Maker's debt is a normalised amount times a rate; chop is one plus the penalty."""
    x = case["inputs"]
    limits = {"room": x["room"], "dust": x["dust"], "buffer": x["buf"], "penalty": x["chop"] - 1}
    lot = bark(x["ink"], x["art"] * x["rate"], x["price"], **limits)
    ours = {
        "tab": lot.tab, "lot": lot.lot, "top": lot.top_price, "ink_left": lot.quantity_left,
        "art_left": lot.debt_left / x["rate"],
    }  # fmt: skip
    return {field: ours[field] for field in case["expected"]}


def bought(x):
    got = take(x["tab"], x["lot"], x["price"], x["amt"], dust=x["chost"])
    return {
        "slice": got.units, "owe": got.paid, "returned": got.returned, "tab_left": got.tab, "lot_left": got.lot,
    }  # fmt: skip


def taken_by_pool(x):
    _, pool, owner = pool_liquidation(x["coll"], x["debt"], x["price"], x["penalty"], x["gas"])
    return {"sp_coll": pool, "surplus": owner}


def repaid_for(x):
    """What the fund takes of a repayment is a maintenance: the rest covers the debt from the liquidation price on."""
    repaid = liquidation_price(1.0, 0.0, -x["debt"], x["if_fee"])
    return {"repaid": floored(repaid, 6), "collateral": repaid / storefront_price(x["price"], x["discount"])}


def debt_of_a_new_loan(x):
    """A borrowing fee is a liability weight, a reserve for the liquidator is owed like cash."""
    owed = Balance("LUSD", -x["borrow"], liability_weight=1 + x["fee"])
    return {"debt": -Account(-x["reserve"], [owed]).surplus({"LUSD": 1.0})}


def margin_of_open_interest(x):
    """dYdX rounds up to a whole quantum; what a float adds in the tenth digit is no quantum."""
    rate = initial_rate_at_open_interest(x["base"], x["oi"], x["lower"], x["upper"])
    return {"im": math.ceil(round(rate * x["notional"], 6))}


def at_strict_prices(x):
    owned, owed = strict_prices(x["quote_price"], x["quote_twap"])
    return {"mr": x["mr"] * x["base"] * x["price"] * owed, "tc": x["deposit"] * owned}


RULES = {  # kind: function of the case that returns every published field
    "tier_mm": lambda c: {"mm": Tiers([c["inputs"]["mmr"]], [c["inputs"]["cum"]]).requirement(c["inputs"]["notional"])},
    "tier_pick": lambda c: tier_of(c["inputs"]),
    "tier_cum_chain": lambda c: {"cums": Tiers.from_floors(c["inputs"]["floors"], c["inputs"]["rates"]).deductions},
    "tier_progressive": lambda c: {
        "mm": Tiers.from_floors([0.0, *c["inputs"]["edges"][:-1]], c["inputs"]["rates"]).requirement(
            c["inputs"]["notional"]
        )
    },
    "upnl": lambda c: {"upnl": profit(c["inputs"])},
    "upl_ratio": lambda c: {
        "ratio": profit(c["inputs"]) / initial_margin(c["inputs"]["qty"], c["inputs"]["entry"], c["inputs"]["leverage"])
    },
    "rate_mm": loan_or_position,
    "ratio_ceil": ratio,
    "bankruptcy_iso": lambda c: bankruptcy(c["inputs"]),
    "kucoin_bankrupt": lambda c: {
        "price": bankruptcy_price(
            c["inputs"]["qty"], c["inputs"]["entry"], c["inputs"]["pos_margin"] - c["inputs"]["pos_comm"]
        )
    },
    "inverse_avg_entry": lambda c: {"entry": inverse_entry_price(*zip(*c["inputs"]["fills"], strict=True))},
    "hl_raw_equity": lambda c: raw_equity(c["inputs"]),
    "linear_equity": lambda c: plain_equity(c["inputs"]),
    "dydx_margin": lambda c: margin_of_all(c["inputs"]),
    "drift_iso_cross": lambda c: isolated_beside_cross(c["inputs"]),
    "drift_weighted_mr": lambda c: borrow_beside_position(c["inputs"]),
    "health_factor": lambda c: {
        "hf": health_factor(*zip(*c["inputs"]["collateral"], strict=True), c["inputs"]["debt"])
    },
    "collateral_value": lambda c: collateral(c["inputs"]),
    "comet_is_liq": lambda c: comet(c["inputs"]),
    "cr": lambda c: {"cr": collateral_ratio(c["inputs"]["coll"] * c["inputs"]["price"], c["inputs"]["debt"])},
    "max_lev": lambda c: {"leverage": borrowed_leverage(weight_of_ratio(c["inputs"]["mcr"]))},
    "liq_loss": lambda c: {"loss": 1 / borrowed_leverage(weight_of_ratio(c["inputs"]["mcr"]))},
    "lif": lambda c: {"lif": liquidation_incentive(c["inputs"]["lltv"])},
    "perp_free_coll": lambda c: free_collateral(c["inputs"]),
    "drift_imf": lambda c: weights_at_size(c["inputs"]),
    "gmx_loss": lambda c: paid_back(c["inputs"]),
    "regt_implied": lambda c: implied_rate(c["inputs"]),
    "dydx_bankruptcy": lambda c: leg_bankruptcy(c["inputs"]),
    "dydx_fillable": lambda c: {
        "price": one_leg(
            fillable_price,
            c["inputs"],
            spread_factor=c["inputs"]["spread_to_mm_ratio"],
            urgency=c["inputs"]["bankruptcy_adjustment"],
        )
    },
    "dydx_insurance": lambda c: insurance(c["inputs"]),
    "drift_base_to_cover": lambda c: cover_position(c["inputs"]),
    "drift_spot_cover": lambda c: cover_borrow(c["inputs"]),
    "drift_fee_ramp": lambda c: {
        "fee": drift_fee(c["inputs"]["base"], c["inputs"]["slots"], fee_cap=c["inputs"]["max"])
    },
    "drift_perp_if_fee": lambda c: fund_fee(c["inputs"]),
    "drift_spot_if_fee": lambda c: borrow_fund_fee(c["inputs"]),
    "aave_close_factor": lambda c: {
        "close_factor": aave_close_factor(c["inputs"]["hf"], c["inputs"]["coll_base"], c["inputs"]["debt_base"])
    },
    "aave_seize": lambda c: split_tokens(c["inputs"]),
    "compv2_seize": lambda c: seized_tokens(c["inputs"]),
    "comet_quote": lambda c: {
        "collateral": c["inputs"]["base"]
        / storefront_price(c["inputs"]["price"], 1 - c["inputs"]["liq_factor"], c["inputs"]["storefront"])
    },
    "maker_bark": put_up,
    "maker_take": lambda c: bought(c["inputs"]),
    "maker_decay": lambda c: {
        "price": staircase_auction(*(c["inputs"][name] for name in ("top", "elapsed", "cut", "step")))
    },
    "maker_incentive": lambda c: {"fee": auction_reward(*(c["inputs"][name] for name in ("tab", "tip", "chip")))},
    "liquity_open": lambda c: debt_of_a_new_loan(c["inputs"]),
    "liquity2": lambda c: taken_by_pool(c["inputs"]),
    "perp_coll_settle": lambda c: {
        "settlement": floored(
            c["inputs"]["amount"] * storefront_price(c["inputs"]["price"], c["inputs"]["discount"]), 6
        )
    },
    "perp_max_repay": lambda c: repaid_for(c["inputs"]),
    "dydx_oimf_im": lambda c: margin_of_open_interest(c["inputs"]),
    "scenario_pnl": lambda c: {
        "pnl": equity(
            c["inputs"]["qty"],
            c["inputs"]["forward"],
            0.0,
            c["inputs"]["forward"] * (1 + np.array(c["inputs"]["shocks"])),
        )
    },
    "drift_scaled_weight": lambda c: {
        "weight": 1e4 * crowded_weight(c["inputs"]["weight"] / 1e4, c["inputs"]["deposits"], c["inputs"]["start"])
    },
    "drift_strict_quote": lambda c: at_strict_prices(c["inputs"]),
}

# Not yet ------------------------------------------------------------------------------------------------------------

NOT_YET = {  # kind, or id of one case: (why no written chapter has the rule, the planned chapter)
    "socialise_perp": ("loss shared by open interest", "clearing"),
    "socialise_deposit": ("loss shared by deposits", "clearing"),
    "sp_sequence": ("stability pool: deposits that absorb loans one after the other", "clearing"),
    "sp_roi": ("stability pool: what a deposit earns", "clearing"),
    "redistribution_share": ("loans passed on to the other borrowers", "clearing"),
    "perp_if": ("insurance fund after bad debt", "clearing"),
    "span": ("scenario margin with volatility moves", "options"),
    "deribit_vol": ("volatility scenarios", "options"),
    "adl_order": ("auto-deleveraging: the queue", "clearing"),
    "bitmex_rank": ("auto-deleveraging: the score", "clearing"),
    "capped_winner": ("winners are paid no more than losers have", "clearing"),
    "prorata_loss": ("loss shared by profits", "clearing"),
}


NOT_A_VENUES = {"liq_buffer": "a trading bot's own stop, placed a little before the threshold"}


def group(case):
    """The groups that a case is in; there must be one."""
    later = case["id"] in NOT_YET or case["kind"] in NOT_YET
    found = {
        "as one account": "as_one_account" in case,
        "by rule": case["kind"] in RULES and case["id"] not in NOT_YET,
        "not yet": later,
        "not a venue's": case["kind"] in NOT_A_VENUES,
    }
    return [name for name, member in found.items() if member]


BY_RULE = [case for case in CASES if group(case) == ["by rule"]]


@parametrised(BY_RULE)
def test_published_figure_follows_from_the_rule(case):
    ours = RULES[case["kind"]](case)
    assert set(ours) == set(case["expected"])
    for field, value in ours.items():
        assert_published(case, field, value)


def test_every_case_is_in_exactly_one_group():
    several = {case["id"]: group(case) for case in CASES if len(group(case)) != 1}
    assert several == {}
    assert len({case["id"] for case in CASES}) == len(CASES) == 207
    sizes = Counter(name for case in CASES for name in group(case))
    assert sizes == {"as one account": 67, "by rule": 122, "not yet": 15, "not a venue's": 3}


def test_no_rule_and_no_excuse_is_left_over():
    others = [case for case in CASES if "as_one_account" not in case]
    used = {case["kind"] for case in others} | {case["id"] for case in others if case["id"] in NOT_YET}
    assert used == set(RULES) | set(NOT_YET) | set(NOT_A_VENUES)


def test_a_case_waits_only_for_a_chapter_that_is_not_written():
    """When this fails, the chapter has arrived: move its cases to `RULES`."""
    for kind, (reason, chapter) in NOT_YET.items():
        assert reason
        assert CHAPTERS.index(chapter) > CHAPTERS.index("criticality")
        assert importlib.util.find_spec(f"cascadelab.{chapter}") is None, f"{kind} waits for {chapter}, which is there"


def test_every_case_states_its_source_and_a_tolerance():
    for case in CASES:
        assert len(source(case)) > len(case["venue"]) + 2
        assert set(case["tolerance"]) <= {"abs", "rel"}
        assert all(0 <= size < math.inf for size in case["tolerance"].values())
