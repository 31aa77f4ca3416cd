"""Chapter 1 in symbols: from equity and maintenance to the liquidation price, linear and inverse."""

import sympy as sp

from cascadelab.kit.notation import symbol

p, p_e, q, m, margin, leverage = map(
    symbol, ("price", "entry_price", "quantity", "maintenance_rate", "margin", "leverage")
)
contracts, coins = symbol("contracts"), symbol("coin_margin")
size = sp.Symbol("n", positive=True)  # |q|, for one side at a time


def equity() -> sp.Expr:
    """E = C + q (p − p_e)."""
    return margin + q * (p - p_e)


def maintenance() -> sp.Expr:
    """M = m |q| p."""
    return m * sp.Abs(q) * p


def surplus() -> sp.Expr:
    """S = E − M."""
    return equity() - maintenance()


def margin_ratio() -> sp.Expr:
    """MR = M / E."""
    return maintenance() / equity()


def liquidation_price() -> sp.Expr:
    """Root of the surplus in p, with the denominator positive for a long."""
    numerator, denominator = sp.fraction(_root(surplus()))
    return sp.expand(-numerator) / sp.expand(-denominator)


def initial_margin() -> sp.Expr:
    """C = |q| p_e / L."""
    return sp.Abs(q) * p_e / leverage


def liquidation_price_at_leverage(side: int) -> sp.Expr:
    """Liquidation price of a long (side = 1) or a short (side = −1) that was opened at leverage L."""
    at_leverage = liquidation_price().subs(margin, initial_margin()).subs(q, side * size)
    return _tidy(at_leverage)


def liquidation_move() -> sp.Expr:
    """Relative fall from entry to liquidation of a long opened at leverage L."""
    return _tidy(1 - liquidation_price_at_leverage(1) / p_e)


def leverage_sensitivity() -> sp.Expr:
    """d p_liq / d L of a long."""
    return _tidy(sp.diff(liquidation_price_at_leverage(1), leverage))


def bankruptcy_price() -> sp.Expr:
    """Root of the equity in p."""
    return sp.expand(_root(equity()))


def bankruptcy_to_liquidation(side: int) -> sp.Expr:
    """Bankruptcy price over liquidation price, for a long (1) or a short (−1)."""
    return sp.simplify((bankruptcy_price() / liquidation_price()).subs(q, side * size))


def liquidation_price_frozen() -> sp.Expr:
    """Liquidation price when maintenance is charged at the entry price for ever."""
    return sp.expand(_root(equity() - m * sp.Abs(q) * p_e))


def frozen_minus_mark() -> sp.Expr:
    """How far the frozen rule puts the liquidation price of a long above the rule at mark."""
    difference = (liquidation_price_frozen() - liquidation_price()).subs(margin, initial_margin()).subs(q, size)
    return _tidy(difference)


def inverse_as_short() -> sp.Expr:
    """Liquidation price of an inverse long as that of a linear short of Q dollars, priced in coins at 1/p."""
    in_coins = liquidation_price().subs({q: -size, p_e: 1 / p_e, margin: coins}, simultaneous=True)
    return sp.factor(sp.simplify(1 / in_coins)).subs(size, contracts)


def inverse_entry_price() -> sp.Expr:
    """Average entry price of two inverse fills of equal size."""
    first, second = symbol("price", "1"), symbol("price", "2")
    return sp.simplify(2 * contracts / (contracts / first + contracts / second))


def regulation_t_call_price(side: int) -> sp.Expr:
    """Margin-call price of a stock bought (1) or shorted (−1) with initial margin rate m_0 = 1/L."""
    m_0 = symbol("initial_rate")
    return _tidy(liquidation_price_at_leverage(side).subs(leverage, 1 / m_0), m_0)


def inverse_equity() -> sp.Expr:
    """Equity of an inverse contract in coins: B + Q (1/p_e − 1/p)."""
    return coins + contracts * (1 / p_e - 1 / p)


def inverse_equity_in_cash() -> sp.Expr:
    """Equity of an inverse contract times the price: linear in p."""
    return sp.collect(sp.expand(inverse_equity() * p), p)


def inverse_liquidation_price() -> sp.Expr:
    """Root of p · (equity − m |Q| / p): an inverse contract's liquidation price at mark."""
    return sp.factor(_root(inverse_equity_in_cash() - m * sp.Abs(contracts)))


def inverse_liquidation_price_frozen() -> sp.Expr:
    """Inverse contract's liquidation price with maintenance frozen at entry, m |Q| / p_e coins."""
    numerator, denominator = sp.fraction(sp.factor(_root(inverse_equity_in_cash() - m * sp.Abs(contracts) * p / p_e)))
    return -numerator / sp.expand(-denominator)


def _tidy(expression: sp.Expr, *rates: sp.Symbol) -> sp.Expr:
    """Factor, and write 1 − rate where sympy writes rate − 1."""
    expression = sp.factor(sp.simplify(expression))
    for rate in (m, leverage * m, *rates):
        gap = sp.Dummy()
        expression = expression.subs(rate - 1, -gap).subs(gap, 1 - rate)
    return expression


def _root(expression: sp.Expr) -> sp.Expr:
    (root,) = sp.solve(expression, p, dict=False)
    return root
