"""Chapter 9 in symbols: feedback matrix, contagion, squeeze, cross against isolated margin, endogenous correlation."""

import sympy as sp

from cascadelab.kit.notation import symbol

c, h, h_bar, debt = map(symbol, ("cash", "asset_weight", "liability_weight", "debt"))
account_density, holders, zero_density, assets = map(symbol, ("account_density", "holders", "zero_density", "assets"))
q, n, p, p_s, u, slope, R, kappa = (
    {label: symbol(name, label) for label in labels}
    for name, labels in (
        ("quantity", "ABCa"), ("normal", "ABa"), ("price", "AB"), ("shocked_price", "AB"), ("sold", "AB"),
        ("slope", "ABCDa"), ("required_margin", "ABXa"), ("kappa", "AB"),
    )
)  # fmt: skip
own, cross, rho_0, rho_endo, rho, eta = map(
    symbol, ("own", "cross", "fundamental", "endogenous", "correlation", "margin_efficiency")
)
K = {pair: symbol("feedback", pair) for pair in ("AA", "AB", "BA", "BB")}
total_kappa, sigma = symbol("kappa"), symbol("deviation")


# One account, and what a fall forces ---------------------------------------------------------------------------------


def surplus() -> sp.Expr:
    """Surplus of an account with fixed weights and two assets."""
    return c + n["A"] * p["A"] + n["B"] * p["B"]


def prices_after() -> sp.Matrix:
    """Prices after all forced sales, each sale moving its own price, on lines."""
    return sp.Matrix([p_s[a] - slope[a] * u[a] for a in "AB"])


def sales_matrix() -> sp.Matrix:
    """Units sold for a fall of one in each price, one type: g_S q nᵀ, from the slope of the surplus."""
    reached = account_density * sp.Matrix([[sp.diff(surplus(), p[b]) for b in "AB"]])
    return sp.Matrix([q["A"], q["B"]]) * reached


def feedback_matrix() -> sp.Matrix:
    """The same, multiplied by what a unit does to its price."""
    push = -prices_after().jacobian(sp.Matrix([u["A"], u["B"]]))
    return push * sales_matrix()


# All rounds ----------------------------------------------------------------------------------------------------------


def _general() -> sp.Matrix:
    """Feedback matrix of two assets, whatever it comes from."""
    return sp.Matrix([[K["AA"], K["AB"]], [K["BA"], K["BB"]]])


def _all_rounds(matrix: sp.Matrix) -> sp.Matrix:
    """(I − K)⁻¹ for a feedback matrix of two assets."""
    return (sp.eye(2) - matrix).inv()


def determinant() -> sp.Expr:
    """det(I − K): positive below criticality, zero at it."""
    return _same((1 - K["AA"]) * (1 - K["BB"]) - K["AB"] * K["BA"], (sp.eye(2) - _general()).det())


def response() -> sp.Matrix:
    """All rounds together: (I − K)⁻¹ of two assets."""
    adjugate = sp.Matrix([[1 - K["BB"], K["AB"]], [K["BA"], 1 - K["AA"]]])
    _same(adjugate / determinant(), _all_rounds(_general()))
    return sp.MatMul(1 / determinant(), adjugate)


def spectral_radius() -> sp.Expr:
    """Larger eigenvalue of two assets that feed each other, no entry negative."""
    gap = (K["AA"] - K["BB"]) ** 2 + 4 * K["AB"] * K["BA"]
    found = (K["AA"] + K["BB"] + sp.sqrt(gap)) / 2
    return _same(
        found, max(_general().eigenvals(), key=lambda v: v.subs({K["AA"]: 1, K["BB"]: 1, K["AB"]: 1, K["BA"]: 1}))
    )


def contagion() -> sp.Expr:
    """Fall of B for a shock of one to A alone."""
    return _same(K["BA"] / determinant(), _all_rounds(_general())[1, 0])


def follow() -> sp.Expr:
    """Fall of B for each unit by which A falls in the end, if A alone is hit."""
    inverse = _all_rounds(_general())
    return _same(K["BA"] / (1 - K["BB"]), inverse[1, 0] / inverse[0, 0])


def one_type_radius() -> sp.Expr:
    """Spectral radius if all accounts are alike: the trace, because the matrix has rank one."""
    matrix = feedback_matrix()
    _same(sp.Integer(0), matrix.det())
    return _same(account_density * (slope["A"] * n["A"] * q["A"] + slope["B"] * n["B"] * q["B"]), matrix.trace())


def one_type_contagion() -> sp.Expr:
    """Fall of B for a shock of one to A alone, if all accounts are alike, with κ for the trace."""
    matrix = feedback_matrix()
    found = _all_rounds(matrix)[1, 0]
    return _same(matrix[1, 0] / (1 - total_kappa), found, {total_kappa: one_type_radius()})


def squeeze() -> sp.Expr:
    """Spectral radius if all accounts hold q_C of a collateral and owe D of a debt asset."""
    held = {q["A"]: q["C"], n["A"]: h * q["C"], slope["A"]: slope["C"]}
    owed = {q["B"]: -debt, n["B"]: -h_bar * debt, slope["B"]: slope["D"]}
    return one_type_radius().subs({**held, **owed}, simultaneous=True)


# Cross against isolated margin ---------------------------------------------------------------------------------------


def isolated_kappa() -> sp.Expr:
    """Branching ratio of one leg: N_h holders, zero_density of them per margin at zero, margin R_a."""
    return slope["a"] * q["a"] * n["a"] * holders * zero_density / R["a"]


def conserved() -> sp.Expr:
    """κ_X R_X of two legs in one account, from the trace of its matrix, with the legs' own ratios put in."""
    joint = one_type_radius().subs(account_density, holders * zero_density / R["X"]) * R["X"]
    legs = sum(kappa[a] * R[a] for a in "AB")
    ratios = {
        kappa[a]: isolated_kappa().subs({slope["a"]: slope[a], q["a"]: q[a], n["a"]: n[a], R["a"]: R[a]}) for a in "AB"
    }
    return _same(legs, joint, ratios)


def cross_kappa() -> sp.Expr:
    """κ_X if the margin of the account is 1 − η of the sum of its legs' margins."""
    return sp.together(conserved() / ((1 - eta) * (R["A"] + R["B"])))


def cross_of_equals() -> sp.Expr:
    """The same for legs with one branching ratio."""
    return _same(total_kappa / (1 - eta), cross_kappa().subs({kappa["A"]: total_kappa, kappa["B"]: total_kappa}))


def equal_legs_efficiency() -> sp.Expr:
    """Margin saved by equal legs whose margin is a multiple of the standard deviation."""
    variance = assets * sigma**2 + assets * (assets - 1) * rho * sigma**2
    return 1 - sp.sqrt(sp.factor(variance / (assets * sigma) ** 2))


def efficiency_limit() -> sp.Expr:
    """Largest κ_X/κ_a of equal legs: ever more assets, at a positive correlation."""
    positive = sp.Symbol(rho.name, positive=True)
    return sp.limit(1 / (1 - equal_legs_efficiency().subs(rho, positive)), assets, sp.oo).subs(positive, rho)


def spared_up_to() -> sp.Expr:
    """Factor 1/(1 − η) up to which the hit one of equal legs falls less in a common account than on its own."""
    factor = sp.Symbol("f", positive=True)
    common = factor * total_kappa
    (found,) = sp.solve(1 + common / (assets * (1 - common)) - 1 / (1 - total_kappa), factor)
    return _same(assets / (1 + (assets - 1) * total_kappa), found)


def break_even() -> sp.Expr:
    """Efficiency at which the cross account is as near to criticality as leg A, the worst."""
    (found,) = sp.solve(cross_kappa() - kappa["A"], eta)
    return _same(1 - conserved() / (kappa["A"] * (R["A"] + R["B"])), found)


# Endogenous correlation ----------------------------------------------------------------------------------------------


def symmetric() -> sp.Matrix:
    """Feedback of two assets that can be swapped."""
    return sp.Matrix([[own, cross], [cross, own]])


def _covariance() -> sp.Matrix:
    """Covariance of the prices for shocks of variance one: (I − K)⁻¹ Σ (I − K)⁻ᵀ."""
    spread = _all_rounds(symmetric())
    return spread * sp.Matrix([[1, rho_0], [rho_0, 1]]) * spread.T


def variance_of_sum() -> sp.Expr:
    """Variance of the sum of the two prices: both fall together."""
    return _same(2 * (1 + rho_0) / (1 - own - cross) ** 2, sum(_covariance()))


def variance_of_difference() -> sp.Expr:
    """Variance of their difference: one falls against the other."""
    matrix = _covariance()
    return _same(2 * (1 - rho_0) / (1 - own + cross) ** 2, matrix[0, 0] + matrix[1, 1] - 2 * matrix[0, 1])


def _odds() -> sp.Expr:
    """(1 + ρ)/(1 − ρ) of the prices over that of the shocks: variance of the sum over that of the difference."""
    after = variance_of_sum() / variance_of_difference()
    return _same(((1 - own + cross) / (1 - own - cross)) ** 2, after / ((1 + rho_0) / (1 - rho_0)))


def fisher_of_correlation() -> sp.Expr:
    """artanh ρ_endo, the correlation of the prices in Fisher's variable: half the logarithm of (1 + ρ)/(1 − ρ)."""
    x = cross / (1 - own)
    _same(((1 + x) / (1 - x)) ** 2, _odds())
    return sp.atanh(rho_0) + 2 * sp.atanh(x)


def implied_feedback() -> sp.Expr:
    """The law solved for k_cross/(1 − k_own)."""
    x = sp.Symbol("x")
    (found,) = sp.solve(fisher_of_correlation().subs(cross, x * (1 - own)) - sp.atanh(rho_endo), x)
    return _same(sp.tanh((sp.atanh(rho_endo) - sp.atanh(rho_0)) / 2, evaluate=False), found)


def _same(shown: sp.Basic, derived: sp.Basic, also: dict[sp.Symbol, sp.Expr] | None = None) -> sp.Basic:
    """Return the form that is shown, once sympy has found that it equals what was derived."""
    left = sp.simplify((shown - derived).subs(also or {}))
    if left not in (0, sp.zeros(2)):
        raise ArithmeticError(f"{shown} is not {derived}")
    return shown
