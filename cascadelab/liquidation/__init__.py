"""Chapter 6: what a venue does to an account below its maintenance, who pays, and when it makes things worse."""

from cascadelab.liquidation.auction import exponential_auction, linear_auction, staircase_auction, taken_after, taken_at
from cascadelab.liquidation.bankruptcy import fillable_price, fund_change, leg_bankruptcy_price
from cascadelab.liquidation.bites import Bites, bite_by_bite, residual_bad_debt, rounds_to_exhaustion, rounds_to_health
from cascadelab.liquidation.engine import Liquidation, liquidate
from cascadelab.liquidation.frontier import best_bite, largest_gas, toxic_threshold
from cascadelab.liquidation.ledger import Ledger
from cascadelab.liquidation.maker import Bark, Take, auction_reward, bark, take
from cascadelab.liquidation.order import choice_helps, seize
from cascadelab.liquidation.partial import (
    debt_to_cover,
    quantity_to_cover,
    sale_to_target,
    surplus_after_sale,
    with_exit_buffer,
)
from cascadelab.liquidation.target import repay_to_target
from cascadelab.liquidation.venue_rules import (
    aave_close_factor,
    debt_at_opening,
    drift_fee,
    gross_repayment,
    pool_liquidation,
    seized_units,
    split_bonus,
    storefront_price,
)

__all__ = [
    "toxic_threshold", "repay_to_target", "Bites", "bite_by_bite", "residual_bad_debt", "rounds_to_exhaustion",
    "rounds_to_health", "best_bite", "largest_gas", "quantity_to_cover", "surplus_after_sale", "sale_to_target",
    "fund_change", "leg_bankruptcy_price", "linear_auction", "staircase_auction", "exponential_auction", "taken_after",
    "taken_at", "choice_helps", "seize", "Liquidation", "liquidate", "Ledger", "Bark", "bark", "Take", "take",
    "auction_reward", "aave_close_factor", "seized_units", "split_bonus", "storefront_price", "gross_repayment",
    "debt_at_opening", "pool_liquidation", "drift_fee", "debt_to_cover", "with_exit_buffer", "fillable_price",
]  # fmt: skip
