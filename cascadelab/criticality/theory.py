"""Chapter 8 in symbols: branching ratio, amplification, fold, deficit, spirals, and the law of avalanche sizes."""

import sympy as sp

from cascadelab.account import theory as account
from cascadelab.impact import theory as impact
from cascadelab.kit.notation import symbol

p, p_s, u, slope, rate, scale, m = map(
    symbol, ("price", "shocked_price", "sold", "slope", "rate", "scale", "maintenance_rate")
)
kappa, density, edge, total, width, centre, share = map(
    symbol, ("kappa", "density", "edge", "total", "width", "centre", "share")
)
seed, L, L_T, by_leverage, p_e, q = map(
    symbol, ("seed_sold", "leverage", "target_leverage", "leverage_density", "entry_price", "quantity")
)
unit_margin, margin_slope, q_old, fundamental = map(
    symbol, ("unit_margin", "margin_slope", "quantity_before", "fundamental_price")
)
n, seeds, Z, extinct, mean_size, avalanches = map(
    symbol, ("n", "seeds", "generating", "extinction", "mean_size", "avalanches")
)
U, requirement = sp.Function("U"), sp.Function(unit_margin.name)(p)


# Branching ratio and amplification ----------------------------------------------------------------------------------


def kappa_linear() -> sp.Expr:
    """Fall for one unit times the units that the fall forces."""
    return _kappa(impact.linear())


def kappa_exponential() -> sp.Expr:
    """The same where a unit takes a fraction of the price."""
    return sp.simplify(_kappa(impact.exponential()).subs(impact.exponential(), p))


def kappa_square_root() -> sp.Expr:
    """The same under the root: large at first, small after much was sold."""
    return _kappa(impact.square_root())


def slope_of_price() -> sp.Expr:
    """Change of the price with the shocked price, by implicit differentiation."""
    found = sp.idiff(p - impact.linear().subs(u, U(p)), p, p_s).subs(sp.diff(U(p), p), -density)
    return _same(1 / (1 - slope * density), found)


def amplification() -> sp.Expr:
    """The same, written with the branching ratio."""
    return slope_of_price().subs(density, kappa / slope)


def log_amplification() -> sp.Expr:
    """Change of log price with log shocked price under exponential impact."""
    found = sp.idiff(p - impact.exponential().subs(u, U(p)), p, p_s).subs(sp.diff(U(p), p), -density)
    on_curve = sp.simplify((found * p_s / p).subs(U(p), sp.log(p_s / p) / rate))
    return _same(1 / (1 - kappa), on_curve.subs(density, kappa / (rate * p)))


def uniform_linear() -> sp.Expr:
    """Price where thresholds lie evenly below an edge."""
    (found,) = sp.solve(p - p_s + slope * density * (edge - p), p)
    return _same((p_s - kappa * edge) / (1 - kappa), found.subs(density, kappa / slope))


def uniform_sold() -> sp.Expr:
    """Units that are sold there."""
    return _same(density * (edge - p_s) / (1 - kappa), density * (edge - uniform_linear()))


def uniform_exponential() -> sp.Expr:
    """Price for the same book under exponential impact."""
    (found,) = sp.solve(p * sp.exp(-rate * density * p) - p_s * sp.exp(-rate * density * edge), p)
    return found


def uniform_square_root() -> sp.Expr:
    """Fall below the edge under the root, once some units are sold at the edge."""
    fall = sp.Symbol("y", positive=True)
    roots = sp.solve(fall**2 - scale**2 * (seed + density * fall), fall)
    (found,) = (root for root in roots if root.subs({seed: 1, density: 1, scale: 1}) > 0)
    return found


# Budget -------------------------------------------------------------------------------------------------------------


def kept_leverage() -> sp.Expr:
    """Units that a holder goes back to: the target times the equity that is left of q_old bought at p_e, over p."""
    equity = q_old * p_e / L_T + q_old * (p - p_e)
    return _same(q_old * (p_e + L_T * (p - p_e)) / p, L_T * equity / p)


def elasticity() -> sp.Expr:
    """Relative change of what is held for a relative change of the price, at p_e."""
    held = kept_leverage()
    return sp.simplify((sp.diff(held, p) * p / held).subs(p, p_e))


def density_of_leverage() -> sp.Expr:
    """Units for each unit of leverage, turned into units for each unit of price."""
    return sp.simplify(by_leverage / sp.diff(account.liquidation_price_at_leverage(1), L))


def budget() -> sp.Expr:
    """Branching ratio as a sum over everybody who trades because the price falls."""
    sells = map(symbol, ("liquidations", "stops", "leverage_targeting", "short_gamma", "sentiment"))
    return slope * (sum(sells) - symbol("demand"))


# Fold ---------------------------------------------------------------------------------------------------------------


def logistic() -> sp.Expr:
    """Units with a threshold above p."""
    return total / (1 + sp.exp(-(centre - p) / width))


def logistic_kappa() -> sp.Expr:
    """Branching ratio of the logistic book where the share ψ is liquidated."""
    at_price = -slope * sp.diff(logistic(), p)
    return _same(slope * total * share * (1 - share) / width, at_price.subs(p, _logit_price(share)))


def kappa_max() -> sp.Expr:
    """Its largest value."""
    (best,) = sp.solve(sp.diff(logistic_kappa(), share), share)
    return logistic_kappa().subs(share, best)


def fold_shares() -> tuple[sp.Expr, sp.Expr]:
    """Liquidated shares at which the branching ratio is one: where the crash starts, and where the recovery does."""
    root = sp.sqrt(1 - 4 * width / (slope * total))
    low, high = sp.solve(logistic_kappa() - 1, share)
    return _same((1 - root) / 2, low), _same((1 + root) / 2, high)


def shock_of_share() -> sp.Expr:
    """Shocked price at which the market rests with the share ψ liquidated."""
    return _logit_price(share) + slope * total * share


def near_fold() -> sp.Expr:
    """Amplification a little above the crash shock, where p_s is a parabola in ψ, times the root of the distance."""
    squared = sp.diff(_logit_price(share), share) ** 2 / (2 * sp.diff(shock_of_share(), share, 2))
    shown = sp.sqrt(width / 2) / sp.sqrt(1 - 2 * share)
    _same(shown**2, squared)
    return shown


# Deficit and spirals ------------------------------------------------------------------------------------------------


def deficit_end() -> sp.Expr:
    """Unpaid debt of a uniform book of which every unit is filled at the last price p."""
    level = sp.Symbol("y", positive=True)
    unpaid = density * ((1 - m) * level - p)
    found = sp.integrate(unpaid, (level, p / (1 - m), edge))
    return _same(density * ((1 - m) * edge - p) ** 2 / (2 * (1 - m)), found)


def first_deficit_end() -> sp.Expr:
    """Shock from the edge at which it begins."""
    (start,) = sp.solve(uniform_linear() - (1 - m) * edge, p_s)
    return _same((1 - kappa) * m * edge, edge - start)


def deficit_walk() -> sp.Expr:
    """Unpaid debt if accounts are sold from the highest threshold down, each at its own place on the walk."""
    depth = sp.Symbol("y", positive=True)
    lost = (1 - m) * (edge - depth) - (p_s - kappa * depth)
    (end,) = sp.solve(lost, depth)
    found = density * sp.integrate(lost, (depth, 0, end))
    return _same(density * ((1 - m) * edge - p_s) ** 2 / (2 * (1 - m - kappa)), found)


def carried() -> sp.Expr:
    """Capital at which the market clears at p: the margin of all that customers do not hold, less what q_old earns."""
    return requirement * (q + (p - fundamental) / slope) - q_old * p


def spiral() -> sp.Expr:
    """Change of the price with the capital of those who carry the position, whose margin binds."""
    now = [(sp.diff(requirement, p), margin_slope), (requirement, unit_margin), (fundamental, p)]
    return _same(1 / (unit_margin / slope - q_old + margin_slope * q), 1 / sp.diff(carried(), p).subs(now))


def spiral_kappa() -> sp.Expr:
    """The branching ratio in it: what is missing to one, where the first effect of capital is λ / m_u."""
    return sp.expand(sp.simplify(1 - slope / unit_margin / spiral()))


def spiral_at_leverage() -> sp.Expr:
    """Branching ratio if a unit is backed by a fixed fraction 1/L_T of its price, and nothing was traded before."""
    rule = {margin_slope: 1 / L_T, unit_margin: p / L_T, q_old: q}
    return _same(slope * (L_T - 1) * q / p, spiral_kappa().subs(rule))


# Avalanches ---------------------------------------------------------------------------------------------------------


def generating_equation() -> sp.Expr:
    """Generating function of the size, as a function of itself: one seed, then as many avalanches as it forces."""
    return Z * sp.exp(kappa * (symbol("generating_function") - 1))


def generating_series(order: int = 6) -> list[sp.Expr]:
    """Probabilities of sizes 1 to `order`, from the equation put into itself, in powers of y = Z exp(−κ)."""
    y, series = sp.Symbol("y"), sp.Integer(0)
    for power in range(1, order + 1):
        grown = sp.expand(y * sum((kappa * series) ** k / sp.factorial(k) for k in range(power)))
        series = sum((grown.coeff(y, k) * y**k for k in range(1, power + 1)), sp.Integer(0))
    return [series.coeff(y, power) * sp.exp(-kappa * power) for power in range(1, order + 1)]


def ballot() -> sp.Expr:
    """Chance that n sales uncover n − 1 accounts together, times the 1/n of the rotations that do not stop before."""
    poisson = sp.exp(-kappa * n) * (kappa * n) ** (n - 1) / sp.factorial(n - 1)
    return poisson / n


def borel() -> sp.Expr:
    """Probability of an avalanche of n from one seed."""
    return _same(sp.exp(-kappa * n) * (kappa * n) ** (n - 1) / sp.factorial(n), ballot())


def borel_tanner() -> sp.Expr:
    """Probability of an avalanche of n from j seeds."""
    return seeds / n * sp.exp(-kappa * n) * (kappa * n) ** (n - seeds) / sp.factorial(n - seeds)


def mean() -> sp.Expr:
    """Expected size from one seed: the seed, and κ avalanches like it on average."""
    size = sp.Symbol("x", positive=True)
    (found,) = sp.solve(size - 1 - kappa * size, size)
    return _same(1 / (1 - kappa), found)


def variance() -> sp.Expr:
    """Variance of the size from one seed: that of a Poisson number of independent avalanches."""
    spread = sp.Symbol("x", positive=True)
    (found,) = sp.solve(spread - kappa * spread - kappa * mean() ** 2, spread)
    return _same(kappa / (1 - kappa) ** 3, found)


def tail() -> sp.Expr:
    """Probability of a large size n at κ = 1, by Stirling's formula."""
    stirling = sp.sqrt(2 * sp.pi * n) * (n / sp.E) ** n
    return sp.powsimp(sp.simplify(borel().subs(kappa, 1) * sp.factorial(n) / stirling), force=True)


def extinction() -> sp.Expr:
    """Probability that an avalanche ends, above κ = 1: the smaller root of π = exp(κ(π − 1))."""
    chance = sp.Symbol("x", positive=True)
    (found,) = sp.solve(chance - sp.exp(kappa * (chance - 1)), chance)  # Lambert's main branch: the smaller root
    return found


def log_likelihood() -> sp.Expr:
    """Logarithm of the probability of N_t sizes with one seed each, up to what does not depend on κ."""
    found = avalanches * ((mean_size - 1) * sp.log(kappa) - kappa * mean_size)
    of_one = sp.diff(sp.expand_log(sp.log(borel()), force=True), kappa)  # straight in n: the sum needs the mean only
    _same(sp.diff(found, kappa), avalanches * of_one.subs(n, mean_size))
    return found


def estimate() -> sp.Expr:
    """Where it is largest."""
    (best,) = sp.solve(sp.diff(log_likelihood(), kappa), kappa)
    return sp.expand(best)


def estimate_variance() -> sp.Expr:
    """Variance of the estimate for many avalanches: one over the expected curvature."""
    curvature = -sp.diff(log_likelihood(), kappa, 2).subs(mean_size, mean())
    return _same(kappa * (1 - kappa) / avalanches, 1 / curvature)


def variance_over_mean() -> sp.Expr:
    """Variance over mean of the count in a long bin: a Poisson number of avalanches, so E[n²]/E[n] of one of them."""
    return _same(1 / (1 - kappa) ** 2, (variance() + mean() ** 2) / mean())


def _same(shown: sp.Expr, found: sp.Expr) -> sp.Expr:
    """Return what is shown, once sympy has found that it equals what was derived."""
    if sp.simplify(shown - found) != 0:
        raise ArithmeticError(f"{shown} is not {found}")
    return shown


def _kappa(price: sp.Expr) -> sp.Expr:
    return -sp.diff(price, u) * density


def _logit_price(liquidated: sp.Expr) -> sp.Expr:
    return centre - width * sp.log(liquidated / (1 - liquidated))
