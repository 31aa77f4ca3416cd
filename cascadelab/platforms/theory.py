"""Chapter 10 in symbols: two markets joined by arbitrage, their branching ratio, marks, and stress."""

from functools import cache

import sympy as sp

from cascadelab.kit.notation import symbol

d, g, u, p, p_s, spare = (
    {label: symbol(name, label) for label in (1, 2)}
    for name in ("depth", "density", "sold", "price", "shocked_price", "spare_depth")
)
conductance, unwinding, flow, own_share = map(symbol, ("conductance", "unwinding", "carried", "own_share"))
kappa, thinning, reaction = map(symbol, ("kappa", "thinning", "margin_reaction"))
m, m_after, price = map(symbol, ("maintenance_rate", "rate_after", "price"))
PAIR = sp.Matrix([[1, -1], [-1, 1]])  # Laplacian of two joined markets


# Two markets and a pipe ----------------------------------------------------------------------------------------------


def carried() -> sp.Expr:
    """Units that arbitrage has carried from market 1 to market 2, for the gap between their prices."""
    return conductance * (p[2] - p[1])


def prices() -> sp.Matrix:
    """Price of each market from all that was sold on it: bought by arbitrage on market 1, sold by it on market 2."""
    return sp.Matrix([p_s[1] - (u[1] - flow) / d[1], p_s[2] - (u[2] + flow) / d[2]])


@cache
def _solved() -> sp.Matrix:
    unknown = sp.Matrix([p[1], p[2]])
    balance = unknown - prices().subs(flow, carried())
    return sp.Matrix(next(iter(sp.linsolve(list(balance), *unknown)))).applyfunc(sp.cancel)


def impact_matrix() -> sp.MatMul:
    """Fall of each price for a unit sold on each market, arbitrage included."""
    shown = sp.Matrix([[d[2] + conductance, conductance], [conductance, d[1] + conductance]])
    below = _below(d)
    derived = -_solved().jacobian(sp.Matrix([u[1], u[2]]))
    return sp.MatMul(1 / below, _same(shown, (derived * below).applyfunc(sp.cancel)))


def shocked_share() -> sp.MatMul:
    """Share of each shocked price in each price once arbitrage has worked: Λ D, rows add up to one."""
    below = _below(d)
    derived = _solved().jacobian(sp.Matrix([p_s[1], p_s[2]]))
    shown = sp.Matrix(
        [
            [d[1] * (d[2] + conductance), d[2] * conductance],
            [d[1] * conductance, d[2] * (d[1] + conductance)],
        ]
    )
    _same(sp.ones(2, 1), derived * sp.ones(2, 1))
    return sp.MatMul(1 / below, _same(shown, (derived * below).applyfunc(sp.cancel)))


def united() -> sp.Expr:
    """Fall of both prices for a unit sold on either, without friction: every entry of the matrix has this limit."""
    limits = _impact().applyfunc(lambda entry: sp.limit(entry, conductance, sp.oo))
    shown = 1 / (d[1] + d[2])
    _same(shown * sp.ones(2), limits)
    return shown


# The branching ratio -------------------------------------------------------------------------------------------------


def feedback() -> sp.MatMul:
    """K = Λ G: fall that one round of forced sales makes, for a fall of one on each market."""
    below = _below(d)
    shown = sp.Matrix(
        [
            [g[1] * (d[2] + conductance), g[2] * conductance],
            [g[1] * conductance, g[2] * (d[1] + conductance)],
        ]
    )
    return sp.MatMul(1 / below, _same(shown, (_impact() * sp.diag(g[1], g[2]) * below).applyfunc(sp.cancel)))


def spectral_radius() -> sp.Expr:
    """Larger eigenvalue of K for two markets."""
    above = g[1] * (d[2] + conductance) + g[2] * (d[1] + conductance)
    below = _below(d)
    shown = (above + sp.sqrt(above**2 - 4 * below * g[1] * g[2])) / (2 * below)
    matrix = sp.Matrix(feedback().doit())
    _same(matrix.det(), shown * (matrix.trace() - shown))
    return shown


def radius_united() -> sp.Expr:
    """Its limit without friction: all forced sellers over all depth."""
    shown = (g[1] + g[2]) / (d[1] + d[2])
    united_matrix = sp.ones(2) * united() * sp.diag(g[1], g[2])
    return _same(shown, united_matrix.trace())


def quotient() -> sp.Expr:
    """What r(K) is the largest value of, over all pairs of falls δp."""
    x = sp.Matrix([p[1], p[2]])
    above, below = (x.T * matrix * x for matrix in (sp.diag(g[1], g[2]), sp.diag(d[1], d[2]) + conductance * PAIR))
    shown = (g[1] * p[1] ** 2 + g[2] * p[2] ** 2) / (
        d[1] * p[1] ** 2 + d[2] * p[2] ** 2 + conductance * (p[1] - p[2]) ** 2
    )
    return _same(shown, above[0] / below[0])


# What it does to a sale ----------------------------------------------------------------------------------------------


def sale_response() -> sp.MatMul:
    """Fall of each price for a unit sold on each market, all rounds included, with spare depth for d − g."""
    matrix = sp.Matrix([[spare[2] + conductance, conductance], [conductance, spare[1] + conductance]])
    derived = (sp.eye(2) - sp.Matrix(feedback().doit())).inv() * _impact()
    below = _below(spare)
    _same(matrix / below, derived, {spare[k]: d[k] - g[k] for k in (1, 2)})
    return sp.MatMul(1 / below, matrix)


def healing_conductance() -> sp.Expr:
    """Conductance at which the two markets are critical together."""
    (found,) = sp.solve(_below(spare), conductance)
    return _same(-spare[1] * spare[2] / (spare[1] + spare[2]), found)


def more_forced_sales() -> sp.Expr:
    """Change of all forced sales with the conductance, if a unit is sold on market 1."""
    falls = sp.Matrix(sale_response().doit())[:, 0]
    below = _below(spare)
    shown = spare[2] * (spare[1] * g[2] - spare[2] * g[1]) / below**2
    return _same(shown, sp.diff(g[1] * falls[0] + g[2] * falls[1], conductance))


# Arbitrage on margin -------------------------------------------------------------------------------------------------


def unwound() -> sp.Matrix:
    """Matrix whose inverse is the response if arbitrage itself is closed by force: spare depth, and c less g_arb."""
    derived = sp.diag(spare[1], spare[2]) + conductance * PAIR - unwinding * PAIR
    left = conductance - unwinding
    return _same(sp.Matrix([[spare[1] + left, -left], [-left, spare[2] + left]]), derived)


def unwinding_radius() -> sp.Expr:
    """Spectral radius if nobody but arbitrage is closed by force."""
    shown = unwinding * (d[1] + d[2]) / _below(d)
    matrix = unwinding * _impact() * PAIR
    _same(sp.Integer(0), matrix.det())
    return _same(shown, matrix.trace())


# Whose price decides -------------------------------------------------------------------------------------------------


def index_radius() -> sp.Expr:
    """Spectral radius if both venues look at an index weighted with the depths, wherever they sell."""
    first, second = sp.symbols("x y", nonnegative=True)  # shares of each venue's sales on market 1
    index = sp.ones(2, 1) * sp.Matrix([[d[1], d[2]]]) / (d[1] + d[2])
    routes = sp.Matrix([[first, second], [1 - first, 1 - second]])
    return _same((g[1] + g[2]) / (d[1] + d[2]), (index * _impact() * routes * sp.diag(g[1], g[2])).trace())


def all_on_one() -> sp.Expr:
    """Spectral radius if both venues look at market 1 and sell there: 𝒲 Λ 𝒳 G of rank one."""
    first = sp.Matrix([[1, 0], [1, 0]])
    matrix = first * _impact() * first.T * sp.diag(g[1], g[2])
    shown = (g[1] + g[2]) * (d[2] + conductance) / _below(d)
    return _same(shown, matrix.trace())


def all_on_one_apart() -> sp.Expr:
    """The same without arbitrage."""
    return _same((g[1] + g[2]) / d[1], all_on_one().subs(conductance, 0))


def looks_at_one() -> sp.Expr:
    """Spectral radius if both venues look at market 1, and each sells at home."""
    matrix = sp.Matrix([[1, 0], [1, 0]]) * _impact() * sp.diag(g[1], g[2])
    shown = (g[1] * (d[2] + conductance) + g[2] * conductance) / _below(d)
    return _same(shown, matrix.trace())


def diluted_kappa() -> sp.Expr:
    """Branching ratio of one venue whose mark takes only a share from its own market, the rest from outside."""
    marks = sp.Matrix([[own_share, 1 - own_share], [0, 1]])
    matrix = marks * sp.diag(1 / d[1], 0) * sp.diag(g[1], g[2])
    return _same(own_share * g[1] / d[1], matrix.trace())


# Stress --------------------------------------------------------------------------------------------------------------


def critical_fall() -> sp.Expr:
    """Fall after which depth, thinning exponentially, is no larger than the density."""
    x = sp.Symbol("x", positive=True)
    (found,) = sp.solve(kappa * sp.exp(thinning * x) - 1, x)
    return _same(sp.log(1 / kappa) / thinning, sp.expand_log(found, force=True))


def equivalent_fall() -> sp.Expr:
    """Fall, as a fraction, that leaves the surplus q p (1 − m) − debt where a higher rate leaves it."""
    x = sp.Symbol("x", positive=True)
    (found,) = sp.solve((1 - x) * (1 - m) - (1 - m_after), x)
    return _same((m_after - m) / (1 - m), found)


def procyclical_kappa() -> sp.Expr:
    """Branching ratio if the rate rises while the price falls: what a fall takes off p (1 − m(p)), over 1 − m."""
    at = sp.Symbol("x", positive=True)
    rate = m - reaction * (at - price)
    slope = sp.diff(at * (1 - rate), at).subs(at, price)
    return _same(kappa * (1 + price * reaction / (1 - m)), kappa * slope / (1 - m))


def _below(of: dict[int, sp.Symbol]) -> sp.Expr:
    """Determinant of D + c 𝓛 for two markets, with depth or spare depth for D."""
    return of[1] * of[2] + conductance * (of[1] + of[2])


@cache
def _impact() -> sp.Matrix:
    return sp.Matrix(impact_matrix().doit())


def _same(shown: sp.Basic, derived: sp.Basic, also: dict[sp.Symbol, sp.Expr] | None = None) -> sp.Basic:
    """Return the form that is shown, once sympy has found that it equals what was derived."""
    left = (shown - derived).subs(also or {})
    left = left.applyfunc(sp.cancel) if isinstance(left, sp.MatrixBase) else sp.cancel(left)
    if any(sp.simplify(entry) != 0 for entry in (left if isinstance(left, sp.MatrixBase) else [left])):
        raise ArithmeticError(f"{shown} is not {derived}")
    return shown
