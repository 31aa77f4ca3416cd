"""Chapter 4 in symbols: the σ-distance, its probabilities, the first passage, and what conditioning does to ρ."""

import sympy as sp

from cascadelab.kit.notation import symbol
from cascadelab.portfolio.theory import n_a, n_b, p_a, p_b, row

surplus, rho, z, probability = map(symbol, ("surplus", "correlation", "z", "probability"))
nu, horizon, mu, v = map(symbol, ("degrees_of_freedom", "horizon", "drift", "log_drift"))
spot, barrier, a, sigma = map(symbol, ("spot", "barrier", "log_distance", "volatility"))
m, leverage, y, log_return = map(symbol, ("maintenance_rate", "leverage", "multiplier", "log_return"))
theta, rho_theta, rho_after = map(symbol, ("variance_ratio", "conditional_correlation", "correlation_after"))
rho_12, beta, interval = map(symbol, ("liquidation_correlation", "beta", "interval"))
w_a, w_b = symbol("exposure", "A"), symbol("exposure", "B")
r_a, r_b = symbol("returns", "A"), symbol("returns", "B")
s_a, s_b = symbol("deviation", "A"), symbol("deviation", "B")
z_1, z_2 = symbol("z", 1), symbol("z", 2)
variance_a, variance_noise = symbol("variance", "A"), symbol("variance", r"\varepsilon")
Phi = sp.Function("Phi")  # distribution function of the standard normal


def _root(x: sp.Expr) -> sp.Expr:
    """√x that stays under one root sign."""
    return sp.Pow(x, sp.Rational(1, 2), evaluate=False)


def covariance() -> sp.Matrix:
    """Σ of two assets."""
    cross = rho * s_a * s_b
    return sp.Matrix([[s_a**2, cross], [cross, s_b**2]])


def surplus_after_returns() -> sp.Expr:
    """Surplus after the returns r, with ω_a = n_a p_a: S + ω·r."""
    gain = sp.expand(row().subs({p_a: p_a * (1 + r_a), p_b: p_b * (1 + r_b)}, simultaneous=True) - row())
    return surplus + gain.subs({n_a: w_a / p_a, n_b: w_b / p_b})


def surplus_variance() -> sp.Expr:
    """ωᵀΣω for two assets."""
    w = sp.Matrix([w_a, w_b])
    return sp.expand((w.T * covariance() * w)[0])


def sigma_distance() -> sp.Expr:
    """z = S / √(ωᵀΣω)."""
    return surplus / sp.sqrt(surplus_variance())


def correlation_slope() -> sp.Expr:
    """∂z/∂ρ, written with z."""
    return sp.simplify(sp.diff(sigma_distance(), rho) / sigma_distance()) * z


def lagrangian() -> sp.Expr:
    """Half the squared Mahalanobis length of r, plus y times the constraint S + ω·r = 0."""
    both = sp.Matrix([r_a, r_b])
    length = sp.cancel((both.T * covariance().inv() * both)[0])
    return sp.expand(sp.cancel(length * (1 - rho**2))) / (2 * (1 - rho**2)) + y * surplus_after_returns()


def reverse_stress() -> sp.Matrix:
    """The stationary point of the Lagrangian: the most likely liquidating returns."""
    conditions = [sp.diff(lagrangian(), x) for x in (r_a, r_b, y)]
    solution = sp.solve(conditions, (r_a, r_b, y), dict=True)[0]
    return sp.Matrix([sp.factor(solution[r_a]), sp.factor(solution[r_b])])


def reverse_stress_length() -> sp.Expr:
    """Squared Mahalanobis length of the most likely liquidating returns."""
    scenario = reverse_stress()
    return sp.simplify((scenario.T * covariance().inv() * scenario)[0])


def gaussian_probability() -> sp.Expr:
    """P = Φ(−z)."""
    return Phi(-z)


def student_variance() -> sp.Expr:
    """Variance of Student's t, by integration of its density."""
    t, excess = sp.Symbol("t", real=True), sp.Symbol("k", positive=True)
    scale = sp.gamma((nu + 1) / 2) / (sp.sqrt(nu * sp.pi) * sp.gamma(nu / 2))
    density = scale * (1 + t**2 / nu) ** (-(nu + 1) / 2)
    variance = sp.integrate((t**2 * density).subs(nu, 2 + excess), (t, -sp.oo, sp.oo))
    return sp.simplify(variance.subs(excess, nu - 2))


def student_probability() -> sp.Expr:
    """P = t_ν(−z √(ν/(ν−2))): z stretched until the t has the variance of the Gaussian."""
    stretch = sp.fraction(student_variance())
    return sp.Function(r"t_{\nu}")(-z * sp.sqrt(stretch[0]) / sp.sqrt(stretch[1]))


def liquidation_correlation() -> sp.Expr:
    """Correlation of the surpluses of an account that holds both assets and one that is long the second only."""
    both, second = sp.Matrix([w_a, w_b]), sp.Matrix([0, 1])
    common = (both.T * covariance() * second)[0]
    return sp.expand(common / s_b) / sp.sqrt(surplus_variance())


def joint_probability_slope() -> sp.Expr:
    """∂P₁₂/∂ρ₁₂ (Plackett): the bivariate normal density at (z₁, z₂), which the tests integrate."""
    exponent = -(z_1**2 - 2 * rho_12 * z_1 * z_2 + z_2**2) / (2 * (1 - rho_12**2))
    return sp.exp(exponent) / (2 * sp.pi * sp.sqrt(1 - rho_12**2))


def tail_dependence() -> sp.Expr:
    """χ = 2 t_{ν+1}(−√((ν+1)(1−ρ₁₂)/(1+ρ₁₂)))."""
    return 2 * sp.Function(r"t_{\nu+1}")(-_root((nu + 1) * (1 - rho_12) / (1 + rho_12)))


def margin_shortfall() -> sp.Expr:
    """Shortfall of a margin of k standard deviations of two equal legs, after ρ has become ρ'."""
    variance = surplus_variance().subs({w_b: w_a, s_b: s_a})
    return _root(sp.cancel(variance.subs(rho, rho_after) / variance)) - 1


def reflection() -> sp.Expr:
    """Driftless: paths that touch −a and end above it are as many as those that end below it."""
    end_below = Phi(-a / (sigma * sp.sqrt(horizon)))
    mirrored = end_below
    return end_below + mirrored


def portfolio_first_passage() -> sp.Expr:
    """The reflection with the surplus in the place of the log price: z standard deviations to go."""
    return reflection().subs(a, z * sigma * sp.sqrt(horizon))


def _density(x: sp.Expr) -> sp.Expr:
    """Density at x of the log return over the horizon, with log drift v."""
    variance = sigma**2 * horizon
    return sp.exp(-((x - v * horizon) ** 2) / (2 * variance)) / sp.sqrt(2 * sp.pi * variance)


def drift_weight() -> sp.Expr:
    """What the drift v does to the likelihood of ending at ℓ: the ratio of the densities with and without it."""
    ratio = _density(log_return) / _density(log_return).subs(v, 0)
    return sp.exp(sp.expand(sp.simplify(sp.log(ratio).expand(force=True))))


def touched_density() -> sp.Expr:
    """Density of ending at ℓ > −a after touching −a: the mirror image, weighted for the drift."""
    return _density(-2 * a - log_return).subs(v, 0) * drift_weight()


def mirror_factor() -> sp.Expr:
    """The touched density over that of a log return whose mean is shifted by −2a: a constant."""
    ratio = touched_density() / _density(log_return + 2 * a)
    return sp.exp(sp.simplify(sp.expand(sp.log(ratio).expand(force=True))))


def first_passage_probability() -> sp.Expr:
    """Probability that the price touches a barrier below it: a = ln(p₀/b), v = μ − σ²/2."""
    root = sigma * sp.sqrt(horizon)
    return Phi((-a - v * horizon) / root) + mirror_factor() * Phi((-a + v * horizon) / root)


def log_drift() -> sp.Expr:
    """v = μ − σ²/2 (Itô)."""
    return mu - sigma**2 / 2


def max_leverage() -> sp.Expr:
    """Highest leverage of a long for a tolerated P: the first passage at zero log drift, solved for L."""
    fall = sp.Symbol("x", positive=True)  # b / p₀
    (solution,) = sp.solve(sp.Eq(spot * (1 - 1 / leverage) / (1 - m), spot * fall), leverage)
    quantile = sp.Function(r"\Phi^{-1}")(1 - probability / 2)
    return (1 / (1 - (1 - m) * fall) + sp.cancel(solution - 1 / (1 - (1 - m) * fall))).subs(
        fall, sp.exp(-quantile * sigma * sp.sqrt(horizon))
    )


def monitored_barrier() -> sp.Expr:
    """A barrier below the spot, looked at every Δt, moved to where a permanent watch touches it about as often.

    The constant ζ(1/2)/√(2π) is stated (Broadie, Glasserman and Kou), not derived.
    """
    return barrier * sp.exp(sp.zeta(sp.Rational(1, 2)) * sigma * sp.sqrt(interval) / _root(2 * sp.pi))


def squared_correlation() -> sp.Expr:
    """ρ² of r_A and β r_A + noise, whose variances are V_A and V_ε: the explained part of the variance."""
    explained = beta**2 * variance_a
    return explained / (explained + variance_noise)


def conditional_correlation() -> sp.Expr:
    """ρ_θ when only the variance of r_A is θ times as large (Forbes and Rigobon)."""
    square = sp.Symbol("u", positive=True)  # β²
    usual = squared_correlation().subs(beta, sp.sqrt(square))
    (matched,) = sp.solve(sp.Eq(usual, rho**2), square)
    selected = sp.cancel(usual.subs(variance_a, theta * variance_a).subs(square, matched))
    numerator, denominator = sp.fraction(selected)
    return rho * sp.sqrt(numerator / rho**2) / sp.sqrt(sp.collect(sp.expand(denominator), rho))


def unconditional_correlation() -> sp.Expr:
    """ρ from ρ_θ: the inverse."""
    square = sp.Symbol("u", positive=True)
    equation = sp.Eq(rho_theta**2, (conditional_correlation() ** 2).subs(rho, sp.sqrt(square)))
    (solution,) = sp.solve(equation, square)
    numerator, denominator = sp.fraction(sp.cancel(solution / rho_theta**2))
    return rho_theta / sp.sqrt(sp.collect(sp.expand(denominator / numerator), rho_theta))
