"""Chapter 2 in symbols: tiers, thresholds, health factor, and the duality of positions and loans."""

import sympy as sp

from cascadelab.kit.notation import symbol

p, p_e, q, m, margin, leverage = map(
    symbol, ("price", "entry_price", "quantity", "maintenance_rate", "margin", "leverage")
)
notional, rate, deducted, floor_k, fee = map(symbol, ("notional", "tier_rate", "deduction", "floor", "fee_rate"))
rate_below, deducted_below, fixed_need, cash = map(symbol, ("rate_below", "deduction_below", "maintenance", "cash"))
h, h_bar, debt, p_debt, ltv = map(symbol, ("asset_weight", "liability_weight", "debt", "debt_price", "loan_to_value"))
size = sp.Symbol("n", positive=True)  # stands for |q| while one side is worked out; never shown


def requirement() -> sp.Expr:
    """M(N): the larger of two neighbouring lines; with more lines, the largest of all."""
    return sp.Max(rate_below * notional - deducted_below, rate * notional - deducted)


def deduction() -> sp.Expr:
    """a_k that lets line k continue line k − 1 at the floor N_k."""
    join = sp.Eq(rate * floor_k - deducted, rate_below * floor_k - deducted_below)
    (continued,) = sp.solve(join, deducted)
    return deducted_below + sp.factor(continued - deducted_below)


def line_gap() -> sp.Expr:
    """Line k minus line k − 1, where they meet at the floor."""
    gap = (rate * notional - deducted) - (rate_below * notional - deducted_below)
    return sp.factor(gap.subs(deducted, deduction()))


def line_surplus() -> sp.Expr:
    """S_k: surplus of a position if line k alone were charged, with a closing fee."""
    return margin + q * (p - p_e) - (rate * sp.Abs(q) * p - deducted) - fee * sp.Abs(q) * p


def line_price() -> sp.Expr:
    """p_k: root of S_k in the price."""
    slope = sp.diff(line_surplus(), p)
    return sp.expand(slope * _root(line_surplus())).simplify() / (q - (rate + fee) * sp.Abs(q))


def line_slope(side: int) -> sp.Expr:
    """dS_k/dp of a long (side = 1) or a short (side = −1) of |q| units."""
    slope = sp.diff(line_surplus(), p).subs(q, side * size)
    return _shown(side * size * sp.expand(slope / (side * size)))


def line_price_of(side: int) -> sp.Expr:
    """p_k of a long (1) or a short (−1) of |q| units."""
    intercept = line_surplus().subs(p, 0).subs(q, side * size)
    return _shown(sp.expand(-side * intercept)) / (side * line_slope(side))


def liquidation_price(side: int) -> sp.Expr:
    """Liquidation price of a long (1): the largest of its lines' prices; of a short (−1): the smallest."""
    here = line_price_of(side)
    below = here.subs({rate: rate_below, deducted: deducted_below})
    return (sp.Max if side > 0 else sp.Min)(below, here)


def kink_notional() -> sp.Expr:
    """Opening notional |q| p_e at which a long of leverage L reaches its liquidation price exactly on the floor N_k."""
    opened = sp.Symbol("N_e", positive=True)
    price = line_price_of(1).subs(sp.Abs(q), size).subs(fee, 0).subs(margin, size * p_e / leverage)
    (found,) = sp.solve(sp.Eq((size * price).subs(p_e, opened / size), floor_k), opened)
    scale = leverage / (leverage - 1)
    return scale * sp.collect(sp.expand(sp.simplify(found / scale)), floor_k)


def liquidation_price_fixed() -> sp.Expr:
    """Liquidation price where maintenance M is a constant: charged at the entry price or at a frozen mark."""
    return p_e + sp.together(sp.expand(_root(margin + q * (p - p_e) - fixed_need)) - p_e)


def lending_surplus() -> sp.Expr:
    """S = h q p − D p_D: one collateral, one debt."""
    return h * q * p - debt * p_debt


def health_factor() -> sp.Expr:
    """HF = h q p / (D p_D)."""
    return h * q * p / (debt * p_debt)


def collateral_liquidation_price() -> sp.Expr:
    """Price of the collateral at which HF = 1."""
    return _root(lending_surplus())


def debt_liquidation_price() -> sp.Expr:
    """Price of the debt asset at which HF = 1."""
    (root,) = sp.solve(lending_surplus(), p_debt)
    return root


def position_surplus(side: int) -> sp.Expr:
    """Surplus of a long (1) or a short (−1) of |q| units with a flat rate, collected in the price."""
    flat = line_surplus().subs({rate: m, deducted: 0, fee: 0}).subs(q, side * size)
    slope = size * sp.expand(sp.diff(flat, p) / size)
    return _shown(flat.subs(p, 0) + p * slope)


def balance_surplus(side: int) -> sp.Expr:
    """Surplus of cash and |q| units that are owned with weight h (side = 1) or owed with weight h̄ (side = −1)."""
    return cash + side * (h if side > 0 else h_bar) * sp.Abs(q) * p


def dual_cash(side: int) -> sp.Expr:
    """Cash of the balance that is the position."""
    return _matched(side)[cash]


def dual_weight(side: int) -> sp.Expr:
    """Weight of the balance that is the position: h of what is owned (1), h̄ of what is owed (−1)."""
    return _matched(side)[h if side > 0 else h_bar]


def borrowed_leverage() -> sp.Expr:
    """Assets over equity where debt is LTV of the assets: 1 / (1 − LTV)."""
    assets = sp.Symbol("A", positive=True)
    return 1 / sp.expand((assets - ltv * assets) / assets)


def largest_leverage() -> sp.Expr:
    """Leverage at which the loan is at its threshold at once, LTV = h = 1 − m."""
    return sp.simplify(borrowed_leverage().subs(ltv, 1 - m))


def _shown(expression: sp.Expr) -> sp.Expr:
    return expression.subs(size, sp.Abs(q))


def _matched(side: int) -> dict[sp.Symbol, sp.Expr]:
    """Cash and weight for which the two surpluses agree coefficient by coefficient."""
    difference = sp.Poly(balance_surplus(side) - position_surplus(side), p)
    (matched,) = sp.solve(difference.all_coeffs(), [cash, h if side > 0 else h_bar], dict=True)
    return {unknown: sp.expand(value) for unknown, value in matched.items()}


def _root(expression: sp.Expr) -> sp.Expr:
    (root,) = sp.solve(expression, p)
    return root
