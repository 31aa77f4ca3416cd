"""Real rules for one position, side by side as one object: the same lines, other parameters.

Each rule says for which asset, where and when it was stated, and what kind of statement that is: a `published` rule,
a `sample` from which its numbers were worked out, or the input of a `test case` in public code.
A venue has hundreds of parameter sets and changes them several times a year.
OKX, Gate and Bybit liquidate when the surplus reaches zero, the others when it is below (`fires_at_equality`).
"""

from __future__ import annotations

from dataclasses import dataclass

from cascadelab.kit.validate import Floats, finite
from cascadelab.thresholds.rounding import is_below
from cascadelab.thresholds.tiered import liquidation_prices, surplus_lines, tiered_surplus
from cascadelab.thresholds.tiers import Tiers
from cascadelab.thresholds.weights import weight_of_ratio


@dataclass(frozen=True, eq=False)
class Rule:
    """One maintenance rule for one asset, as it was stated at one time.

    A loan against collateral with weight h is the long with maintenance rate 1 − h: its `tiers` are one flat line.

    Parameters
    ----------
    venue : str                  name of the rule in the book
    asset : str                  asset whose parameters these are; "any" where the source names none
    date : str                   when the rule or its parameters were stated, "undated" where the source does not say
    kind : str                   "published", "sample" or "test case"
    key : str                    entry of the book's references
    source : str                 what the source states, and where
    tiers : Tiers                maintenance requirement
    basis : str                  price at which maintenance is charged: "mark" or "entry"
    fee_rate : float             closing fee added to maintenance, fraction of notional
    fee_left_out : bool          True where a closing fee is part of both margins, and cancels while none is added
    fires_at_equality : bool     True where a surplus of exactly zero is liquidated already
    shorts : bool                False where the rule is a loan against the asset: there is no short

    Examples
    --------
    >>> lower, upper = VENUES["Hyperliquid"].liquidation_prices(1.0, 100.0, 50.0)
    >>> print(f"{lower:.4f} {upper}")
    50.6329 None
    """

    venue: str
    asset: str
    date: str
    kind: str
    key: str
    source: str
    tiers: Tiers
    basis: str = "mark"
    fee_rate: float = 0.0
    fee_left_out: bool = False
    fires_at_equality: bool = False
    shorts: bool = True

    def lines(self, quantity: float, entry_price: float, margin: float) -> tuple[Floats, Floats]:
        """Intercepts and slopes of the surplus of a position under this rule (`surplus_lines`)."""
        self._admit(quantity)
        return surplus_lines(quantity, entry_price, margin, self.tiers, fee_rate=self.fee_rate, basis=self.basis)

    def liquidation_prices(
        self, quantity: float, entry_price: float, margin: float
    ) -> tuple[float | None, float | None]:
        """Safe interval (lower, upper) of the price of a position under this rule (`liquidation_prices`)."""
        self._admit(quantity)
        return liquidation_prices(quantity, entry_price, margin, self.tiers, fee_rate=self.fee_rate, basis=self.basis)

    def liquidatable(self, quantity: float, entry_price: float, margin: float, price: float) -> bool:
        """Whether the rule liquidates the position at this price, with its own answer where the surplus is zero."""
        self._admit(quantity)
        surplus = tiered_surplus(
            quantity, entry_price, margin, self.tiers, price, fee_rate=self.fee_rate, basis=self.basis
        )
        surplus, amount = float(surplus), max(abs(margin), abs(quantity) * max(entry_price, price))
        return not is_below(0.0, surplus, amount) if self.fires_at_equality else is_below(surplus, 0.0, amount)

    def _admit(self, quantity: float) -> None:
        if not self.shorts and bool((finite("quantity", quantity) < 0).any()):
            raise ValueError(f"quantity must not be negative: {self.venue} lends against an asset, got {quantity!r}")


_BINANCE_BTC = Tiers.from_floors(
    [0, 3e5, 8e5, 3e6, 12e6, 70e6, 100e6, 230e6, 480e6, 600e6, 800e6, 1200e6],
    [0.004, 0.005, 0.0065, 0.01, 0.02, 0.025, 0.05, 0.1, 0.125, 0.15, 0.25, 0.5],
)
_HYPERLIQUID_BTC = Tiers.from_floors([0, 150e6], [1 / (2 * 40), 1 / (2 * 20)])
_MAKER_ETH_A = Tiers.flat(1 - float(weight_of_ratio(1.45)))

_RULES = (
    Rule("Binance", "BTC", "2026-09", "published", "freqtrade", "brackets recorded by freqtrade 2026.9", _BINANCE_BTC),
    Rule("Bybit (old)", "BTC", "to 2024", "published", "bybit_isolated", "maintenance at entry; 20,000 at 50×",
         Tiers.flat(0.005), basis="entry"),
    Rule("Bybit (new)", "BTC", "2026-05", "published", "bybit_uta", "value at mark, a closing fee in both margins; "
         "the rate is that of the old example", Tiers.flat(0.005), fee_left_out=True, fires_at_equality=True),
    Rule("OKX", "ETH", "undated", "sample", "okx_api", "cross position: mmr 0.8 %; its liqPx implies a fee of 0.05 %",
         Tiers.flat(0.008), fee_rate=0.0005, fires_at_equality=True),
    Rule("Gate", "any", "undated", "test case", "freqtrade", "test_get_liquidation_price: 1 %, taker 0.06 %; the same "
         "inputs are tested for OKX", Tiers.flat(0.01), fee_rate=0.0006, fires_at_equality=True),
    Rule("Hyperliquid", "BTC", "undated", "published", "hyperliquid_liquidations", "m = 1/(2 · largest leverage): 40×, "
         "above 150 million 20×", _HYPERLIQUID_BTC),
    Rule("dYdX v4", "large caps", "2023-10", "published", "dydx_v4", "genesis: 60 % of the initial 5 %",
         Tiers.flat(0.05 * 0.6)),
    Rule("Drift", "SOL", "undated", "test case", "drift_v2", "margin ratio 5 %", Tiers.flat(0.05)),
    Rule("Aave v3", "any", "undated", "sample", "aave_liquidations", "help page: threshold 80 %", Tiers.flat(0.2),
         shorts=False),
    Rule("Compound v3", "WETH", "undated", "published", "compound_v3", "USDC market: liquidateCF 0.90, borrowCF 0.82",
         Tiers.flat(0.1), shorts=False),
    Rule("Maker", "ETH-A", "2021-08", "published", "maker2021", "vote of 20 August 2021: ratio 145 %", _MAKER_ETH_A,
         shorts=False),
    Rule("Morpho Blue", "any", "undated", "sample", "morpho_liquidation", "a market with LLTV 86 %", Tiers.flat(0.14),
         shorts=False),
    Rule("Stock on credit", "stock", "2014", "sample", "bodie2014", "textbook: maintenance 30 %; it sets off a "
         "margin call", Tiers.flat(0.3)),
)  # fmt: skip

VENUES: dict[str, Rule] = {rule.venue: rule for rule in _RULES}
