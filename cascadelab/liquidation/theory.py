"""Chapter 6 in symbols: the bite and its frontier, how much to repay, what repetition leaves, and a race."""

import sympy as sp

from cascadelab.kit.notation import symbol

V_C, V_D, h, i, R, H = map(
    symbol, ("collateral", "debt_value", "asset_weight", "bonus", "repaid", "target_health")
)  # fmt: skip
f_c, n = map(symbol, ("close_factor", "rounds"))
q, p, u, slope, cash = map(symbol, ("quantity", "shocked_price", "sold", "slope", "cash"))
D, p_d, slope_d = symbol("debt"), symbol("debt_price"), symbol("slope", "D")
I_C, I_D, gas = map(symbol, ("collateral_impact", "debt_impact", "gas"))
m, m_target, fee, fund_fee, shortage = map(
    symbol, ("maintenance_rate", "target_rate", "liquidation_fee", "fund_fee", "shortage")
)  # fmt: skip
equity, maintenance, mark = map(symbol, ("equity", "maintenance", "price"))
t, buffer, decay, market_decay = map(symbol, ("elapsed", "buffer", "decay", "market_decay"))
HF, h_k, i_k = symbol("health_factor"), symbol("asset_weight", "k"), symbol("bonus", "k")


def health_after_bite() -> sp.Expr:
    """Weighted collateral over debt after a repayment R, at a constant price."""
    return h * (V_C - (1 + i) * R) / (V_D - R)


def health_slope() -> sp.Expr:
    """Change of the health factor with the first repayment."""
    above, below = sp.fraction(sp.together(sp.diff(health_after_bite(), R).subs(R, 0)))
    return h * sp.collect(sp.expand(sp.cancel(above / h / V_D)), V_D, _by_one_plus_bonus) / sp.cancel(below / V_D)


def toxic_threshold() -> sp.Expr:
    """Loan to value at which the slope is zero: V_D / V_C there."""
    (collateral,) = sp.solve(sp.numer(sp.together(health_slope())), V_C)
    return sp.simplify(V_D / collateral)


def repay_to_target() -> sp.Expr:
    """Repayment after which the health factor is H."""
    (repayment,) = sp.solve(h * (V_C - (1 + i) * R) - H * (V_D - R), R)
    above, below = sp.fraction(sp.together(repayment))
    sign = 1 if below.subs({h: 0, H: 1}) > 0 else -1
    return sp.expand(sign * above) / sp.collect(sp.expand(sign * below), h, _by_one_plus_bonus)


def debt_after() -> sp.Expr:
    """Debt after n bites, each of which repays the close factor of what is owed."""
    return V_D * (1 - f_c) ** n


def collateral_after() -> sp.Expr:
    """Collateral after n bites, while there is some."""
    return V_C - (1 + i) * (V_D - debt_after())


def residual_bad_debt() -> sp.Expr:
    """Debt that is left when the collateral is gone: (1 + i) times what was repaid is all of it."""
    (repaid,) = sp.solve(V_C - (1 + i) * R, R)
    return V_D - repaid


def rounds_to_exhaustion() -> sp.Expr:
    """Number of bites after which the debt would be down to that, before rounding up."""
    share = sp.Add(*(term / V_D for term in residual_bad_debt().args))
    (bites,) = sp.solve(sp.log(1 - f_c) * n - sp.Symbol("x"), n)
    return bites.subs(sp.Symbol("x"), sp.log(share))


def rounds_to_health() -> sp.Expr:
    """Number of bites after which the health factor is 1, before rounding up."""
    left = sp.Symbol("x", positive=True)
    collateral, debt = (after.subs((1 - f_c) ** n, left) for after in (collateral_after(), debt_after()))
    (share,) = sp.solve(h * collateral - debt, left)
    above, below = sp.fraction(sp.factor(share))
    kept = h * sp.collect(sp.expand(-above / h), V_D, _by_one_plus_bonus)
    return sp.log(kept / (V_D * sp.collect(sp.expand(-below / V_D), h, _by_one_plus_bonus))) / sp.log(1 - f_c)


def impact_slope() -> sp.Expr:
    """Change of ln LTV with the first repayment, times the debt's value, if both prices are moved.

    The bite buys back dR/p_D units of the debt asset and sells (1 + i) dR/p units of the collateral.
    """
    price, debt_price = p - slope * u, p_d + slope_d * (R / p_d)
    after = (D - R / p_d) * debt_price / ((q - u) * price)
    after = after.subs(u, (1 + i) * R / p)
    change = sp.diff(sp.log(after), R).subs(R, 0) * D * p_d
    moves = {slope: I_C * p / q, slope_d: I_D * p_d / D}
    return sp.simplify(sp.simplify(change.subs(moves)).subs(D, V_D / p_d).subs(q, V_C / p))


def threshold_with_impact() -> sp.Expr:
    """Loan to value at which that change is zero."""
    (debt,) = sp.solve(impact_slope(), V_D)
    above, below = sp.fraction(sp.factor(debt / V_C))
    return sp.expand(above) / below


def liquidator_profit() -> sp.Expr:
    """Profit of a liquidator who sells u units on a walk of a line, having repaid their value over 1 + i."""
    return sp.integrate(p - slope * u, (u, 0, u)) - p * u / (1 + i) - gas


def best_bite() -> sp.Expr:
    """Units with the largest profit."""
    (units,) = sp.solve(sp.diff(liquidator_profit(), u), u)
    return sp.factor(units)


def largest_gas() -> sp.Expr:
    """Largest cost at which any bite pays."""
    return sp.factor(liquidator_profit().subs(gas, 0).subs(u, best_bite()))


def surplus_after_close() -> sp.Expr:
    """Surplus over the target margin after u of q units are sold at the end price of a line; cash < 0 is the debt."""
    return cash + (q - m_target * (q - u)) * (p - slope * u)


def first_unit_slope() -> sp.Expr:
    """Change of that surplus with the first unit sold; the same on a walk."""
    return sp.expand(sp.diff(surplus_after_close(), u).subs(u, 0))


def surplus_after_close_on_a_walk() -> sp.Expr:
    """The same if each unit is paid the price at which it is sold."""
    raised = sp.integrate(p - slope * u, (u, 0, u))
    return cash + raised + (1 - m_target) * (q - u) * (p - slope * u)


def quantity_to_cover() -> sp.Expr:
    """Units to close at a constant price until the missing margin is freed, net of two fees."""
    (units,) = sp.solve((m - fee - fund_fee) * p * u - shortage, u)
    return units


def fund_change() -> sp.Expr:
    """What the insurance fund gains from a fill above the bankruptcy price."""
    return (symbol("fill_price") - symbol("bankruptcy_price")) * q


def leg_bankruptcy_price() -> sp.Expr:
    """Price at which a long leg hands over its share of the account's equity, in proportion to its maintenance."""
    share = m * q * mark / maintenance
    return mark * sp.expand((q * mark - equity * share) / (q * mark))


def taken_after() -> sp.Expr:
    """Time at which an exponential auction meets a market that falls exponentially."""
    (when,) = sp.solve(sp.log(buffer) - decay * t + market_decay * t, t)
    return when


def taken_at() -> sp.Expr:
    """Price at that time, over the market price at the start."""
    exponent = (
        -market_decay * taken_after() / sp.log(buffer)
    )  # the market falls as exp(−ϑ_market t), and buf = exp(ln buf)
    return buffer**exponent


def choice_slope() -> sp.Expr:
    """Change of the health factor with the first repayment, if collateral k is seized; times the debt."""
    weighted = HF * V_D
    after = (weighted - h_k * (1 + i_k) * R) / (V_D - R)
    return sp.collect(sp.expand(sp.simplify(sp.diff(after, R).subs(R, 0) * V_D)), h_k, _by_one_plus_bonus)


def _by_one_plus_bonus(coefficient: sp.Expr) -> sp.Expr:
    """Write −1 − i as −(1 + i), so that the bonus reads as on paper."""
    return sp.Mul(-1, -coefficient, evaluate=False) if coefficient.could_extract_minus_sign() else coefficient
