"""Chapter 6: what a venue does to an account below its maintenance, who pays, and when it makes things worse."""

from cascadelab.liquidation.auction import drift_fee, staircase_auction, taken_after, taken_at
from cascadelab.liquidation.bankruptcy import fillable_price, fund_change, leg_bankruptcy_price
from cascadelab.liquidation.bites import Bites, bite_by_bite
from cascadelab.liquidation.engine import Liquidation, liquidate
from cascadelab.liquidation.frontier import best_bite, largest_gas, toxic_threshold
from cascadelab.liquidation.fund_fee import drift_borrow_fund_fee, drift_fund_fee
from cascadelab.liquidation.ledger import Ledger
from cascadelab.liquidation.lending_rules import aave_close_factor, pool_liquidation, split_bonus, storefront_price
from cascadelab.liquidation.maker import Bark, Take, auction_reward, bark, take
from cascadelab.liquidation.order import choice_helps, seize
from cascadelab.liquidation.partial import quantity_to_cover, sale_to_target, surplus_after_sale
from cascadelab.liquidation.spiral import residual_bad_debt, rounds_to_exhaustion, rounds_to_health
from cascadelab.liquidation.target import repay_to_target

__all__ = [
    "toxic_threshold", "repay_to_target", "Bites", "bite_by_bite", "residual_bad_debt", "rounds_to_exhaustion",
    "rounds_to_health", "best_bite", "largest_gas", "quantity_to_cover", "surplus_after_sale", "sale_to_target",
    "fund_change", "leg_bankruptcy_price", "taken_after", "taken_at", "choice_helps", "Liquidation", "liquidate",
    "Ledger", "aave_close_factor", "split_bonus", "storefront_price", "pool_liquidation", "drift_fee",
    "drift_fund_fee", "drift_borrow_fund_fee", "fillable_price", "Bark", "bark", "Take", "take", "auction_reward",
    "seize", "staircase_auction",
]  # fmt: skip
