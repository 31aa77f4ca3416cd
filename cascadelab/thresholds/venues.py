"""Real venues' rules for one position, side by side as one object: the same lines, other parameters.

Each rule is dated and names its source; a venue has hundreds of parameter sets and changes them several times a year.
OKX, Gate and Bybit liquidate when the surplus reaches zero, the others when it is below (`fires_at_equality`).
Binance's portfolio margin (uniMMR at or below 1.05) fires at equality too, but is a rule for a whole account: not here.
"""

from __future__ import annotations

from dataclasses import dataclass

from cascadelab.kit.validate import Floats, finite
from cascadelab.thresholds.tiered import liquidation_prices, surplus_lines, tiered_surplus
from cascadelab.thresholds.tiers import Tiers
from cascadelab.thresholds.weights import weight_of_ratio


@dataclass(frozen=True, eq=False)
class Rule:
    """One venue's maintenance rule for one asset, on one date.

    A loan against collateral with weight h is the long with maintenance rate 1 − h: its `tiers` are one flat line.

    Parameters
    ----------
    venue : str                  name of the venue
    date : str                   when the rule or its parameters were stated
    tiers : Tiers                maintenance requirement
    source : str                 where the rule and the parameters are published
    basis : str                  price at which maintenance is charged: "mark" or "entry"
    fee_rate : float             closing fee added to maintenance, fraction of notional
    fires_at_equality : bool     True where a surplus of exactly zero is liquidated already
    shorts : bool                False where the rule is a loan against the asset: there is no short

    Examples
    --------
    >>> lower, upper = VENUES["Hyperliquid"].liquidation_prices(1.0, 100.0, 50.0)
    >>> print(f"{lower:.4f} {upper}")
    50.6329 None
    """

    venue: str
    date: str
    tiers: Tiers
    source: str
    basis: str = "mark"
    fee_rate: float = 0.0
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
        """Whether the venue liquidates the position at this price, with its own answer at equality."""
        self._admit(quantity)
        surplus = tiered_surplus(
            quantity, entry_price, margin, self.tiers, price, fee_rate=self.fee_rate, basis=self.basis
        )
        return bool(surplus <= 0 if self.fires_at_equality else surplus < 0)

    def _admit(self, quantity: float) -> None:
        if not self.shorts and bool((finite("quantity", quantity) < 0).any()):
            raise ValueError(f"quantity must not be negative: {self.venue} lends against an asset, got {quantity!r}")


def _loan(venue: str, date: str, weight: float, source: str) -> Rule:
    return Rule(venue, date, Tiers.flat(1 - weight), source, shorts=False)


_BINANCE_BTC = Tiers.from_floors(
    [0, 3e5, 8e5, 3e6, 12e6, 70e6, 100e6, 230e6, 480e6, 600e6, 800e6, 1200e6],
    [0.004, 0.005, 0.0065, 0.01, 0.02, 0.025, 0.05, 0.1, 0.125, 0.15, 0.25, 0.5],
)
_HYPERLIQUID_BTC = Tiers.from_floors([0, 150e6], [1 / (2 * 40), 1 / (2 * 20)])

_RULES = (
    Rule("Binance", "2026-09", _BINANCE_BTC, "USD-M FAQ b3c689c1; BTC brackets as recorded by freqtrade 2026.9"),
    Rule("Bybit (old)", "to 2024", Tiers.flat(0.005), "help.bybit.com 360039261334, 20,000 at 50×", basis="entry"),
    Rule(
        "Bybit (new)", "2026-05", Tiers.flat(0.005), "UTA help page, isolated: value at mark; rate of the old example, "
        "its closing fee is left out", fires_at_equality=True,
    ),
    Rule(
        "OKX", "API sample", Tiers.flat(0.008), "ETH position: mmr 0.8 %, fee 0.05 % backed out of its liqPx",
        fee_rate=0.0005, fires_at_equality=True,
    ),
    Rule(
        "Gate", "test case", Tiers.flat(0.01), "freqtrade test_get_liquidation_price: 1 %, taker 0.06 %",
        fee_rate=0.0006, fires_at_equality=True,
    ),
    Rule("Hyperliquid", "docs", _HYPERLIQUID_BTC, "m = 1/(2 · max leverage); BTC 40×, above 150M 20×"),
    Rule("dYdX v4", "2023-10", Tiers.flat(0.05 * 0.6), "mainnet genesis, Large-Cap tier: 60 % of the initial 5 %"),
    Rule("Drift", "test case", Tiers.flat(0.05), "protocol tests: perpetual margin ratio 5 %"),
    _loan("Aave v3", "docs", 0.8, "liquidation threshold 80 %"),
    _loan("Compound v3", "configuration", 0.9, "comet, mainnet USDC: WETH liquidateCF 0.90"),
    _loan("Maker", "2021-08", float(weight_of_ratio(1.45)), "executive vote of 20 August 2021: ETH-A 145 %"),
    _loan("Morpho Blue", "market", 0.86, "a market with LLTV 86 %"),
    Rule("Reg T", "textbook", Tiers.flat(0.3), "Bodie, Kane, Marcus: maintenance 30 % of the stock's value"),
)  # fmt: skip

VENUES: dict[str, Rule] = {rule.venue: rule for rule in _RULES}
