"""Chapter 3 in symbols: from the surplus of two positions to the hyperplane, the box and the half-space."""

import sympy as sp

from cascadelab.kit.notation import symbol

c, n_a, n_b = symbol("cash"), symbol("normal", "A"), symbol("normal", "B")
p_a, p_b, q_a, q_b = symbol("price", "A"), symbol("price", "B"), symbol("quantity", "A"), symbol("quantity", "B")
m_a, m_b = symbol("maintenance_rate", "A"), symbol("maintenance_rate", "B")
n_0, x = symbol("offset"), symbol("factor_return")
beta_a, beta_b = symbol("beta", "A"), symbol("beta", "B")
p, p_e, q, r, a, W = map(symbol, ("price", "entry_price", "quantity", "tier_rate", "deduction", "wallet"))
profit_rest, maintenance_rest = symbol("others_profit"), symbol("others_maintenance")


def surplus() -> sp.Expr:
    """S = c + Σ (q_a p_a − m_a |q_a| p_a): two positions booked at cost."""
    return c + q_a * p_a + q_b * p_b - m_a * sp.Abs(q_a) * p_a - m_b * sp.Abs(q_b) * p_b


def normal() -> sp.Matrix:
    """∂S/∂p, one entry per asset."""
    return sp.Matrix([sp.diff(surplus(), p_a), sp.diff(surplus(), p_b)])


def offset() -> sp.Expr:
    """−S at zero prices."""
    return -surplus().subs({p_a: 0, p_b: 0})


def row() -> sp.Expr:
    """S = n · p − n_0."""
    return n_a * p_a + n_b * p_b - n_0


def hyperplane() -> sp.Eq:
    """n · p = n_0: the prices at which the surplus is zero."""
    return sp.Eq(n_a * p_a + n_b * p_b, n_0)


def exit_price() -> sp.Expr:
    """Price of A on the hyperplane, the price of B held."""
    (root,) = sp.solve(row(), p_a)
    return root


def exit_price_slope() -> sp.Expr:
    """How the exit price of A moves with the price of B."""
    return sp.diff(exit_price(), p_b)


def tiered_surplus() -> sp.Expr:
    """Surplus where A has two tiers and B one: the lower of two planes."""
    planes = [
        c + q_a * p_a - (symbol("tier_rate", k) * sp.Abs(q_a) * p_a - symbol("deduction", k)) + n_b * p_b
        for k in (1, 2)
    ]
    return sp.Min(*planes, evaluate=False)


def concavity_gap() -> sp.Expr:
    """How much a minimum of two planes has, halfway between two points, above the mean of its values there."""
    at_1, at_2 = sp.symbols("u_1 u_2", real=True)  # the first plane; the second is lower by δ at each point
    d_1, d_2 = symbol("plane_difference", 1), symbol("plane_difference", 2)
    halfway = sp.Min((at_1 + at_2) / 2, (at_1 - d_1 + at_2 - d_2) / 2)
    mean = (sp.Min(at_1, at_1 - d_1) + sp.Min(at_2, at_2 - d_2)) / 2
    return sp.simplify((halfway - mean).rewrite(sp.Abs))


def isolated_surplus(asset: str = "A") -> sp.Expr:
    """Surplus of one isolated leg: its own cash and its own price."""
    return symbol("cash", asset) + symbol("normal", asset) * symbol("price", asset)


def isolated_exit_price(asset: str = "A") -> sp.Expr:
    """Root of an isolated leg's surplus: one side of the box."""
    (root,) = sp.solve(isolated_surplus(asset), symbol("price", asset))
    return root


def legs_add_up() -> sp.Expr:
    """What the legs' surpluses have more than the account's when the legs share out its cash: nothing."""
    legs = isolated_surplus("A") + isolated_surplus("B")
    return sp.expand((legs - row()).subs(n_0, -symbol("cash", "A") - symbol("cash", "B")))


def factor_surplus() -> sp.Expr:
    """Surplus after a common factor returned x: every price moved to p (1 + β x)."""
    moved = row().subs({p_a: p_a * (1 + beta_a * x), p_b: p_b * (1 + beta_b * x)}, simultaneous=True)
    return sp.collect(sp.expand(moved), x)


def factor_exit() -> sp.Expr:
    """Return of the common factor at which the surplus is zero."""
    (root,) = sp.solve(factor_surplus(), x)
    S = symbol("surplus")
    return sp.factor(sp.simplify(root.subs(n_0, n_a * p_a + n_b * p_b - S)))


def hedge_ratio() -> sp.Expr:
    """Short notional in B, for one unit of long notional in A, at which a common factor leaves the surplus alone."""
    long, short = symbol("notional", "A"), symbol("notional", "B")
    slope = sp.diff(factor_surplus(), x).subs({n_a: long * (1 - m_a) / p_a, n_b: -short * (1 + m_b) / p_b})
    (balanced,) = sp.solve(slope, short)
    above, below = sp.fraction(sp.factor(balanced / long))
    return beta_a * sp.expand(above / beta_a) / (beta_b * sp.expand(below / beta_b))  # 1 − m_A, not −(m_A − 1)


def cross_price() -> sp.Expr:
    """Liquidation price of one position in a cross wallet: the published formula of a large venue."""
    own = W + q * (p - p_e) - (r * sp.Abs(q) * p - a)
    (root,) = sp.solve(own + profit_rest - maintenance_rest, p)
    return root


def cross_minus_isolated() -> sp.Expr:
    """How much higher the cross liquidation price is than the isolated one with the whole wallet behind it."""
    return sp.factor(sp.simplify(cross_price() - cross_price().subs({profit_rest: 0, maintenance_rest: 0})))


def margin_efficiency() -> sp.Expr:
    """1 − R_cross / (R_A + R_B) for two legs and two scenarios."""
    A_1, A_2, B_1, B_2 = (symbol("required_margin", label) for label in ("A,1", "A,2", "B,1", "B,2"))
    return 1 - sp.Max(A_1 + B_1, A_2 + B_2) / (sp.Max(A_1, A_2) + sp.Max(B_1, B_2))
