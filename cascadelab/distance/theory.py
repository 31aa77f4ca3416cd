"""Chapter 4 in symbols: the σ-distance, its probabilities, the first passage, and what conditioning does to ρ."""

import sympy as sp

from cascadelab.kit.notation import symbol
from cascadelab.portfolio.theory import n_a, n_b, p_a, p_b, row

surplus, rho, z, probability = map(symbol, ("surplus", "correlation", "z", "probability"))
nu, horizon, mu, v = map(symbol, ("degrees_of_freedom", "horizon", "drift", "log_drift"))
spot, barrier, a, sigma = map(symbol, ("spot", "barrier", "log_distance", "volatility"))
m, leverage, y, r = map(symbol, ("maintenance_rate", "leverage", "multiplier", "returns"))
theta, rho_theta, rho_after = map(symbol, ("variance_ratio", "conditional_correlation", "correlation_after"))
rho_12, beta, looks = map(symbol, ("liquidation_correlation", "beta", "looks"))
w_a, w_b = symbol("exposure", "A"), symbol("exposure", "B")
r_a, r_b = symbol("returns", "A"), symbol("returns", "B")
s_a, s_b = symbol("deviation", "A"), symbol("deviation", "B")
z_1, z_2 = symbol("z", 1), symbol("z", 2)
variance_x, variance_noise = symbol("variance", "x"), symbol("variance", r"\varepsilon")
Phi = sp.Function("Phi")  # distribution function of the standard normal


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
    """P = T_ν(−z √(ν/(ν−2))): z stretched until the t has the variance of the Gaussian."""
    return sp.Function(r"T_{\nu}")(-z * sp.sqrt(student_variance()))


def liquidation_correlation() -> sp.Expr:
    """Correlation of the surpluses of an account that holds both assets and one that is long the second only."""
    both, second = sp.Matrix([w_a, w_b]), sp.Matrix([0, 1])
    common = (both.T * covariance() * second)[0]
    return sp.expand(common / s_b) / sp.sqrt(surplus_variance())


def joint_probability_slope() -> sp.Expr:
    """∂P₁₂/∂ρ₁₂ (Plackett): the bivariate normal density at (z₁, z₂)."""
    exponent = -(z_1**2 - 2 * rho_12 * z_1 * z_2 + z_2**2) / (2 * (1 - rho_12**2))
    return sp.exp(exponent) / (2 * sp.pi * sp.sqrt(1 - rho_12**2))


def joint_probability_at_hyperplane() -> sp.Expr:
    """P₁₂ of two accounts that both stand on their hyperplanes: ¼ + arcsin(ρ₁₂)/2π."""
    step = sp.Symbol("t", real=True)
    slope = joint_probability_slope().subs({z_1: 0, z_2: 0})
    primitive = sp.integrate(slope.subs(rho_12, step), step)
    return sp.Rational(1, 4) + primitive.subs(step, rho_12) - primitive.subs(step, 0)


def tail_dependence() -> sp.Expr:
    """χ = 2 T_{ν+1}(−√((ν+1)(1−ρ₁₂)/(1+ρ₁₂)))."""
    return 2 * sp.Function(r"T_{\nu+1}")(-sp.sqrt((nu + 1) * (1 - rho_12) / (1 + rho_12)))


def margin_shortfall() -> sp.Expr:
    """Shortfall of a margin of k standard deviations of two equal legs, after ρ has become ρ'."""
    variance = surplus_variance().subs({w_b: w_a, s_b: s_a})
    return sp.sqrt(sp.cancel(variance.subs(rho, rho_after) / variance)) - 1


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
    """What the drift v does to the likelihood of ending at x: the ratio of the densities with and without it."""
    return sp.exp(sp.expand(sp.simplify(sp.log(_density(r) / _density(r).subs(v, 0)).expand(force=True))))


def touched_density() -> sp.Expr:
    """Density of ending at x > −a after touching −a: the mirror image, weighted for the drift."""
    return _density(-2 * a - r).subs(v, 0) * drift_weight()


def mirror_factor() -> sp.Expr:
    """The touched density over that of a log return whose mean is shifted by −2a: a constant."""
    return sp.exp(sp.simplify(sp.expand(sp.log(touched_density() / _density(r + 2 * a)).expand(force=True))))


def first_passage_probability() -> sp.Expr:
    """Probability that the price touches a barrier below it: a = ln(p₀/b), v = μ − σ²/2."""
    root = sigma * sp.sqrt(horizon)
    return Phi((-a - v * horizon) / root) + mirror_factor() * Phi((-a + v * horizon) / root)


def ending_probability() -> sp.Expr:
    """Probability that the price ends below the barrier."""
    return Phi((-a - v * horizon) / (sigma * sp.sqrt(horizon)))


def log_drift() -> sp.Expr:
    """v = μ − σ²/2 (Itô)."""
    return mu - sigma**2 / 2


def two_times_rule() -> sp.Expr:
    """First passage over the probability of ending beyond the barrier, at zero log drift."""
    return sp.simplify((first_passage_probability() / ending_probability()).subs(v, 0))


def max_leverage() -> sp.Expr:
    """Highest leverage of a long for a tolerated P: the first passage at zero log drift, solved for L."""
    fall = sp.Symbol("x", positive=True)  # b / p₀
    (solution,) = sp.solve(sp.Eq(spot * (1 - 1 / leverage) / (1 - m), spot * fall), leverage)
    quantile = sp.Function(r"\Phi^{-1}")(1 - probability / 2)
    return (1 / (1 - (1 - m) * fall) + sp.cancel(solution - 1 / (1 - (1 - m) * fall))).subs(
        fall, sp.exp(-quantile * sigma * sp.sqrt(horizon))
    )


def mean_maximum_gap() -> sp.Expr:
    """Mean maximum of Brownian motion less that of its n equal steps, in standard deviations of a step (Spitzer)."""
    k = sp.Symbol("k", integer=True, positive=True)
    return sp.sqrt(2 * looks / sp.pi) - sp.Sum(1 / sp.sqrt(2 * sp.pi * k), (k, 1, looks))


def monitoring_shift() -> sp.Expr:
    """The limit of the gap for many steps."""
    return -sp.zeta(sp.Rational(1, 2)) / sp.sqrt(2 * sp.pi)


def squared_correlation() -> sp.Expr:
    """ρ² of x and β x + noise, whose variances are V_x and V_ε."""
    explained = beta**2 * variance_x
    return explained / (explained + variance_noise)


def conditional_correlation() -> sp.Expr:
    """ρ_θ when only the variance of x is θ times as large (Forbes and Rigobon)."""
    square = sp.Symbol("u", positive=True)  # β²
    usual = squared_correlation().subs(beta, sp.sqrt(square))
    (matched,) = sp.solve(sp.Eq(usual, rho**2), square)
    selected = sp.cancel(usual.subs(variance_x, theta * variance_x).subs(square, matched))
    numerator, denominator = sp.fraction(selected)
    return rho * sp.sqrt(numerator / rho**2 / sp.collect(sp.expand(denominator), rho))


def unconditional_correlation() -> sp.Expr:
    """ρ from ρ_θ: the inverse."""
    square = sp.Symbol("u", positive=True)
    equation = sp.Eq(rho_theta**2, (conditional_correlation() ** 2).subs(rho, sp.sqrt(square)))
    (solution,) = sp.solve(equation, square)
    numerator, denominator = sp.fraction(sp.cancel(solution / rho_theta**2))
    return rho_theta * sp.sqrt(1 / sp.collect(sp.expand(denominator / numerator), rho_theta))
