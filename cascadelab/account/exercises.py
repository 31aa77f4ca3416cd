"""Self-checks of chapter 1: right answers, and the known ways of getting them wrong."""

from cascadelab.account import theory
from cascadelab.account.inverse import inverse_liquidation_price
from cascadelab.account.position import bankruptcy_price, liquidation_price
from cascadelab.kit.check import Exercise, Misconception

SHORT = {"quantity": -2.0, "entry_price": 250.0, "margin": 62.5, "maintenance_rate": 0.01}
STOCK = {"quantity": 1.0, "entry_price": 32.0, "margin": 16.0, "maintenance_rate": 0.25}
L, m = theory.leverage, theory.m


def short_as_long() -> float:
    """The long's formula used for a short."""
    return liquidation_price(2.0, SHORT["entry_price"], SHORT["margin"], SHORT["maintenance_rate"])


def short_with_long_denominator() -> float:
    """Maintenance on the wrong side: p_e (1 + 1/L) / (1 − m)."""
    return short_bankruptcy() / (1 - SHORT["maintenance_rate"])


def short_multiplied() -> float:
    """Maintenance multiplied in instead of divided out: p_e (1 + 1/L)(1 − m)."""
    return short_bankruptcy() * (1 - SHORT["maintenance_rate"])


def short_bankruptcy() -> float:
    """Maintenance left out altogether."""
    return bankruptcy_price(SHORT["quantity"], SHORT["entry_price"], SHORT["margin"])


def short_frozen() -> float:
    """Maintenance frozen at the entry price."""
    return liquidation_price(**SHORT, basis="entry")


def short_maintenance_added() -> float:
    """Maintenance taken for extra room: p_e (1 + 1/L + m)."""
    return short_bankruptcy() + SHORT["maintenance_rate"] * SHORT["entry_price"]


def stock_frozen() -> float:
    """Maintenance frozen at the purchase price; as a reader in a forum had it (AnalystForum, thread 24775)."""
    return liquidation_price(**STOCK, basis="entry")


def stock_maintenance_of_loan() -> float:
    """Maintenance taken as a fraction of the loan: loan · (1 + m)."""
    return stock_bankruptcy() * (1 + STOCK["maintenance_rate"])


def stock_bankruptcy() -> float:
    """Maintenance left out altogether."""
    return bankruptcy_price(STOCK["quantity"], STOCK["entry_price"], STOCK["margin"])


def rise_without_maintenance():
    """Rise to bankruptcy, 1/L."""
    return 1 / L


def rise_frozen():
    """Rise 1/L − m: maintenance taken of the entry price."""
    return 1 / L - m


def rise_as_fall():
    """The long's fall."""
    return theory.liquidation_move()


def price_instead_of_rise():
    """The price as a multiple of entry, not the rise."""
    return (1 + 1 / L) / (1 + m)


def find_without_maintenance(contracts, entry_price, coin_margin, maintenance_rate) -> float:
    """Root of the equity instead of the surplus."""
    return inverse_liquidation_price(contracts, entry_price, coin_margin, 0.0)


def find_without_sign(contracts, entry_price, coin_margin, maintenance_rate) -> float:
    """Maintenance m Q/p, negative for a short."""
    return contracts * (1 + maintenance_rate) / (coin_margin + contracts / entry_price)


def find_frozen(contracts, entry_price, coin_margin, maintenance_rate) -> float:
    """Maintenance frozen at entry."""
    return inverse_liquidation_price(contracts, entry_price, coin_margin, maintenance_rate, basis="entry")


EXERCISES = {
    "1": Exercise(
        "choice",
        answer=lambda: "b",
        options=("a", "b", "c"),
        see="equations (1.3) and (1.5)",
        misconceptions=(
            Misconception(lambda: "a", "At zero equity the account is bankrupt; the venue acts earlier."),
            Misconception(lambda: "c", "The initial margin is asked for once, when the position is opened."),
        ),
    ),
    "2": Exercise(
        "number",
        answer=lambda: liquidation_price(**SHORT),
        tolerance=0.005,
        see="equation (1.8)",
        misconceptions=(
            Misconception(short_as_long, "That is the long's price: a short is liquidated above its entry."),
            Misconception(short_with_long_denominator, "For a short the requirement grows with the price: which sign?"),
            Misconception(short_multiplied, "Nearly: maintenance is charged at the price you look for. Solve for it."),
            Misconception(short_bankruptcy, "There the equity is zero; the venue acts when it meets maintenance."),
            Misconception(short_frozen, "Here maintenance is charged at the mark price, not frozen at entry."),
            Misconception(short_maintenance_added, "Maintenance brings liquidation nearer, not further away."),
        ),
    ),
    "3": Exercise(
        "number",
        answer=lambda: liquidation_price(**STOCK),
        tolerance=0.005,
        see="the section on stocks bought on credit",
        misconceptions=(
            Misconception(
                stock_frozen,
                "Is maintenance frozen here? It is due on the value of the stock: at which price did you take it?",
            ),
            Misconception(
                stock_maintenance_of_loan, "Maintenance is a fraction of the stock's value, not of the loan."
            ),
            Misconception(stock_bankruptcy, "There the equity is zero; the call comes when it meets maintenance."),
        ),
    ),
    "4": Exercise(
        "expression",
        answer=lambda: (1 / L - m) / (1 + m),
        samples=[{L: leverage, m: rate} for leverage, rate in ((2, 0.1), (5, 0.05), (20, 0.005))],
        see="equations (1.3) and (1.6)",
        misconceptions=(
            Misconception(rise_without_maintenance, "1/L is the rise to bankruptcy; maintenance comes first."),
            Misconception(
                rise_frozen, "Nearly: that freezes maintenance at entry, and the notional has grown by then."
            ),
            Misconception(rise_as_fall, "That is the fall that a long survives; look at the denominator."),
            Misconception(price_instead_of_rise, "That is the price as a multiple of entry; asked is the rise."),
        ),
    ),
    "5": Exercise(
        "function",
        answer=lambda: inverse_liquidation_price,
        tolerance=1e-3,
        samples=[
            (60_000.0, 50_000.0, 0.12, 0.005),
            (-60_000.0, 50_000.0, 0.12, 0.005),
            (-100.0, 100.0, 0.5, 0.05),
            (100.0, 100.0, 1.0, 0.05),
        ],
        see="equations (1.2) and (1.15): the surplus changes sign between two prices",
        misconceptions=(
            Misconception(lambda: find_without_maintenance, "That is a root of the equity; subtract maintenance."),
            Misconception(lambda: find_without_sign, "Maintenance is due on the size of a short too: m|Q|/p."),
            Misconception(lambda: find_frozen, "Maintenance is m|Q|/p coins at the mark price, not m|Q|/p_e."),
        ),
    ),
}
