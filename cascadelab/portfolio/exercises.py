"""Self-checks of chapter 3: right answers, and the ways in which readers and published code get them wrong."""

from cascadelab.kit.check import Exercise, Misconception
from cascadelab.portfolio import theory
from cascadelab.portfolio.account import Account
from cascadelab.portfolio.holdings import Balance, Position
from cascadelab.portfolio.isolation import margin_efficiency
from cascadelab.thresholds import Tiers

FIVE, TEN = Tiers.flat(0.05), Tiers.flat(0.1)
PRICES = {"A": 100.0, "B": 66.0, "C": 40.0}
LONG, SHORT = Position("A", 4.0, 100.0, FIVE), Position("B", -5.0, 60.0, TEN)
WALLET, LOAN = 300.0, Balance("C", -3.0, liability_weight=1.1)

HEDGE = Account(0.0, positions=[Position("A", 10.0, 100.0, TEN), Position("B", -20.0, 50.0, TEN)])
NOW = {"A": 100.0, "B": 50.0}
SCENARIOS = {"A": [70.0, 120.0, 90.0], "B": [40.0, 60.0, 60.0]}


def price_of_a(account: Account) -> float:
    """Lower liquidation price of A, the other prices held."""
    lower, _ = account.liquidation_prices("A", PRICES)
    return float("nan") if lower is None else lower


def cross_price() -> float:
    """Everything that the account holds, with its own sign and its own requirement."""
    return price_of_a(Account(WALLET, [LOAN], [LONG, SHORT]))


def others_without_maintenance() -> float:
    """Profit of the other position counted, its maintenance forgotten."""
    return price_of_a(Account(WALLET, [LOAN], [LONG, Position("B", -5.0, 60.0, Tiers.flat(0.0))]))


def others_profit_without_sign() -> float:
    """Profit of the other position as size · (mark − entry), as if every position were a long."""
    loss = float(SHORT.equity(PRICES["B"]))
    return price_of_a(Account(WALLET - 2 * loss, [LOAN], [LONG, SHORT]))


def isolated_price() -> float:
    """The position in A alone, with the whole wallet behind it."""
    return price_of_a(Account(WALLET, positions=[LONG]))


def loan_without_weight() -> float:
    """The loan counted at its market value."""
    return price_of_a(Account(WALLET, [Balance("C", -3.0)], [LONG, SHORT]))


def loan_missing() -> float:
    """The loan forgotten."""
    return price_of_a(Account(WALLET, positions=[LONG, SHORT]))


def others_without_profit() -> float:
    """The other position's maintenance counted, its loss forgotten."""
    return price_of_a(Account(WALLET - float(SHORT.equity(PRICES["B"])), [LOAN], [LONG, SHORT]))


def at_entry(position: Position) -> Position:
    """Return the same position, its maintenance charged at its entry price."""
    return Position(position.asset, position.quantity, position.entry_price, position.tiers, basis="entry")


def own_maintenance_frozen() -> float:
    """Maintenance of the position in A charged at its entry price."""
    return price_of_a(Account(WALLET, [LOAN], [at_entry(LONG), SHORT]))


def others_maintenance_frozen() -> float:
    """Maintenance of the position in B charged at its entry price."""
    return price_of_a(Account(WALLET, [LOAN], [LONG, at_entry(SHORT)]))


def all_maintenance_frozen() -> float:
    """Maintenance of both positions charged at their entry prices: a rule of some venues, not of this one."""
    return price_of_a(Account(WALLET, [LOAN], [at_entry(LONG), at_entry(SHORT)]))


def own_maintenance_missing() -> float:
    """The requirement of the position in A itself forgotten."""
    return price_of_a(Account(WALLET, [LOAN], [Position("A", 4.0, 100.0, Tiers.flat(0.0)), SHORT]))


def own_maintenance_added() -> float:
    """The requirement of the position in A added instead of taken away, as if 10 % of the A were owned twice."""
    return price_of_a(Account(WALLET, [LOAN, Balance("A", 2 * 0.05 * 4.0)], [LONG, SHORT]))


def dollar_neutral():
    """Equal notionals, long and short."""
    return 1


def short_discounted():
    """Maintenance of the short taken off what is owed, as if it were a long: (1 − m_A) / (1 − m_B)."""
    return (1 - theory.m_a) / (1 - theory.m_b)


def ratio_upside_down():
    """Long notional for one unit of short notional."""
    return (1 + theory.m_b) / (1 - theory.m_a)


def negative_short():
    """The right size, written as a negative number because it is a short."""
    return -neutral_short()


def neutral_short():
    """Hedge ratio with both betas one."""
    return theory.hedge_ratio().subs({theory.beta_a: 1, theory.beta_b: 1})


def common_fall(account: Account, prices: dict[str, float]) -> float:
    """Fraction by which all prices may fall together until the surplus is zero."""
    lower, _ = account.exit(prices, prices)
    return float("nan") if lower is None else -lower


def smallest_single_fall(account: Account, prices: dict[str, float]) -> float:
    """Smallest fall of one price alone that liquidates the account."""
    lowers = {asset: account.liquidation_prices(asset, prices)[0] for asset in account.assets}
    return min(1 - lower / prices[asset] for asset, lower in lowers.items() if lower is not None)


def return_of_all(account: Account, prices: dict[str, float]) -> float:
    """Return of all prices at which the surplus is zero: the fall with a minus sign."""
    return -common_fall(account, prices)


def fall_in_percent(account: Account, prices: dict[str, float]) -> float:
    """Fall counted in percent."""
    return 100 * common_fall(account, prices)


def what_is_left(account: Account, prices: dict[str, float]) -> float:
    """Prices at the threshold over prices now."""
    return 1 - common_fall(account, prices)


def fall_to_bankruptcy(account: Account, prices: dict[str, float]) -> float:
    """Common fall that takes the equity, not the surplus, to zero."""
    equity = float(account.equity(prices))
    return equity / (equity - account.cash)


def efficiency() -> float:
    """One scenario must be survived at a time, by all legs together."""
    return margin_efficiency(HEDGE, NOW, SCENARIOS)


def efficiency_of_losses() -> float:
    """Losses alone, without the maintenance that is still due in the scenario."""
    bare = [Position(p.asset, p.quantity, p.entry_price, Tiers.flat(0.0)) for p in HEDGE.positions]
    return margin_efficiency(Account(0.0, positions=bare), NOW, SCENARIOS)


def efficiency_frozen() -> float:
    """Maintenance at today's prices instead of the scenario's."""
    return margin_efficiency(Account(0.0, positions=[at_entry(p) for p in HEDGE.positions]), NOW, SCENARIOS)


def saving_over_cross() -> float:
    """Saving as a fraction of the cross margin instead of the isolated margin."""
    return efficiency() / (1 - efficiency())


def efficiency_in_percent() -> float:
    """Percent, to one decimal."""
    return round(100 * efficiency(), 1)


def efficiency_upside_down() -> float:
    """Cross margin over isolated margin: the part that is needed, not the part that is saved."""
    return 1 - efficiency()


LONGS = [
    (Account(-1620.0, [Balance("A", 10, asset_weight=0.9), Balance("B", 20, asset_weight=0.9)]), NOW),
    (Account(-650.0, [Balance("A", 5, asset_weight=0.9), Balance("B", 10, asset_weight=0.9)]), NOW),
    (Account(-900.0, [Balance("A", 3, asset_weight=0.8), Balance("B", 25, asset_weight=0.7)]), {"A": 150.0, "B": 55.0}),
]

EXERCISES = {
    "1": Exercise(
        "choice",
        answer=lambda: "b",
        options=("a", "b", "c"),
        see="equation (3.10)",
        misconceptions=(
            Misconception(lambda: "a", "Outside the box but on the safe side of the line, one leg is lost."),
            Misconception(lambda: "c", "Look at (3.10): can a sum of terms that are all at least 0 be negative?"),
        ),
    ),
    "2": Exercise(
        "number",
        answer=cross_price,
        tolerance=0.005,
        see="equations (3.1) and (3.12)",
        misconceptions=(
            Misconception(others_without_maintenance, "The maintenance of the position in B is missing."),
            Misconception(others_profit_without_sign, "The position in B is a short: when its price rises, it loses."),
            Misconception(isolated_price, "That is the isolated price; a cross account also pays for B and C."),
            Misconception(loan_without_weight, "What is owed counts at its liability weight."),
            Misconception(loan_missing, "The loan of C is missing."),
            Misconception(others_without_profit, "The profit or loss of the position in B is missing."),
            Misconception(own_maintenance_frozen, "Maintenance of A moves with its price; you froze it at entry."),
            Misconception(others_maintenance_frozen, "Maintenance of B is due at its price now, not at entry."),
            Misconception(all_maintenance_frozen, "Maintenance moves with the prices; you froze it at entry."),
            Misconception(own_maintenance_missing, "The maintenance of the position in A itself is missing."),
            Misconception(own_maintenance_added, "Maintenance is taken away from the surplus; you added that of A."),
        ),
    ),
    "3": Exercise(
        "expression",
        answer=neutral_short,
        samples=[{theory.m_a: a, theory.m_b: b} for a, b in ((0.05, 0.1), (0.01, 0.02), (0.2, 0.1))],
        see="equations (3.2) and (3.11)",
        misconceptions=(
            Misconception(dollar_neutral, "Equal notionals keep the equity still; the maintenance still moves."),
            Misconception(short_discounted, "Maintenance adds to what a short owes: 1 + m, not 1 − m."),
            Misconception(ratio_upside_down, "That is the long notional for one unit of short notional."),
            Misconception(negative_short, "The size is right; a notional counts without its sign."),
        ),
    ),
    "4": Exercise(
        "function",
        answer=lambda: common_fall,
        tolerance=1e-6,
        samples=LONGS,
        see="section A walk with a common factor: the surplus at prices (1 − t) p is zero at the fall t",
        misconceptions=(
            Misconception(lambda: smallest_single_fall, "That moves one price; here all of them fall together."),
            Misconception(lambda: return_of_all, "The size is right; a fall is asked for, which is positive."),
            Misconception(lambda: fall_in_percent, "That is in percent: the book writes fractions."),
            Misconception(lambda: what_is_left, "That is what is left of the prices, not the fall."),
            Misconception(lambda: fall_to_bankruptcy, "That is a root of the equity; the surplus comes first."),
        ),
    ),
    "5": Exercise(
        "number",
        answer=efficiency,
        tolerance=0.0005,
        see="equation (3.14)",
        misconceptions=(
            Misconception(
                lambda: 0.0, "The worst scenario of A is not the worst scenario of B, so something is saved."
            ),
            Misconception(efficiency_frozen, "Maintenance is due at the prices of the scenario, not at today's."),
            Misconception(saving_over_cross, "Divide what is saved by the isolated margin, not by the cross margin."),
            Misconception(efficiency_in_percent, "That is in percent: the book writes fractions."),
            Misconception(efficiency_of_losses, "After the loss, maintenance is still due at the new prices."),
            Misconception(
                efficiency_upside_down, "That is the part that cross margin needs, not the part that it saves."
            ),
        ),
    ),
}
