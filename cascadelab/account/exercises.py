"""Self-checks of chapter 1: right answers, and the ways in which readers and published pages get them wrong."""

from cascadelab.account import theory
from cascadelab.account.position import bankruptcy_price, liquidation_price
from cascadelab.kit.check import Exercise, Misconception

SHORT = {"quantity": -2.0, "entry_price": 250.0, "margin": 62.5, "maintenance_rate": 0.01}
STOCK = {"quantity": 1.0, "entry_price": 32.0, "margin": 16.0, "maintenance_rate": 0.25}


def short_as_long() -> float:
    """The long's formula used for a short."""
    return liquidation_price(2.0, SHORT["entry_price"], SHORT["margin"], SHORT["maintenance_rate"])


def short_maintenance_falls() -> float:
    """Maintenance subtracted on the wrong side: p_e (1 + 1/L) / (1 − m)."""
    return bankruptcy_price(SHORT["quantity"], SHORT["entry_price"], SHORT["margin"]) / (1 - SHORT["maintenance_rate"])


def short_bankruptcy() -> float:
    """Maintenance left out altogether."""
    return bankruptcy_price(SHORT["quantity"], SHORT["entry_price"], SHORT["margin"])


def short_frozen() -> float:
    """Maintenance frozen at the entry price."""
    return liquidation_price(**SHORT, basis="entry")


def stock_frozen() -> float:
    """Maintenance frozen at the purchase price, as a published answer to this exercise has it."""
    return liquidation_price(**STOCK, basis="entry")


def stock_margin_of_loan() -> float:
    """Maintenance taken as a fraction of the loan instead of the value: loan · (1 + m)."""
    loan = STOCK["entry_price"] - STOCK["margin"]
    return loan * (1 + STOCK["maintenance_rate"])


def stock_bankruptcy() -> float:
    """Maintenance left out altogether."""
    return bankruptcy_price(STOCK["quantity"], STOCK["entry_price"], STOCK["margin"])


def move_without_maintenance():
    """Fall to bankruptcy, 1/L, instead of the fall to liquidation."""
    return 1 / theory.leverage


def move_with_difference():
    """Fall 1/L − m: the maintenance rate taken of the entry price, not of the liquidation price."""
    return 1 / theory.leverage - theory.m


def bisected(quantity, entry_price, margin, maintenance_rate) -> float:
    """Liquidation price: what a bisection of the surplus must find."""
    return liquidation_price(quantity, entry_price, margin, maintenance_rate)


def bisected_equity(quantity, entry_price, margin, maintenance_rate) -> float:
    """Root of the equity instead of the surplus."""
    return bankruptcy_price(quantity, entry_price, margin)


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
            Misconception(
                short_maintenance_falls, "For a short, maintenance brings liquidation closer: divide by 1 + m."
            ),
            Misconception(short_bankruptcy, "There the equity is zero; the venue acts when it meets maintenance."),
            Misconception(short_frozen, "Here maintenance is charged at the mark price, not frozen at entry."),
        ),
    ),
    "3": Exercise(
        "number",
        answer=lambda: liquidation_price(**STOCK),
        tolerance=0.005,
        see="the section on Regulation T",
        misconceptions=(
            Misconception(
                stock_frozen, "Maintenance is frozen at the purchase price here; it must be taken at the falling price."
            ),
            Misconception(stock_margin_of_loan, "Maintenance is a fraction of the stock's value, not of the loan."),
            Misconception(stock_bankruptcy, "There the equity is zero; the call comes when it meets maintenance."),
        ),
    ),
    "4": Exercise(
        "expression",
        answer=theory.liquidation_move,
        samples=[
            {theory.leverage: lev, theory.m: rate} for lev, rate in ((2, 0.1), (5, 0.05), (20, 0.005), (50, 0.01))
        ],
        see="equation (1.9)",
        misconceptions=(
            Misconception(move_without_maintenance, "1/L is the fall to bankruptcy; maintenance comes first."),
            Misconception(
                move_with_difference, "Nearly: that freezes maintenance at entry, and the notional has fallen by then."
            ),
        ),
    ),
    "5": Exercise(
        "function",
        answer=lambda: bisected,
        tolerance=1e-6,
        samples=[
            (1.0, 100.0, 10.0, 0.005),
            (-3.0, 40.0, 24.0, 0.02),
            (30.0, 50.0, 231.0, 0.1),
            (-0.5, 2000.0, 90.0, 0.0),
        ],
        see="equation (1.3): the surplus changes sign between two prices",
        misconceptions=(Misconception(lambda: bisected_equity, "That is a root of the equity; subtract maintenance."),),
    ),
}
