"""Chapter 5 in symbols: impact curves, which of them compose, what a sale raises, and how much can be raised."""

import sympy as sp

from cascadelab.kit.notation import symbol

p, u, slope, rate, scale, reserve, invariant, cash, m = map(
    symbol,
    ("shocked_price", "sold", "slope", "rate", "scale", "reserve", "invariant", "proceeds", "maintenance_rate"),
)
Y, sigma, volume = map(symbol, ("prefactor", "daily_volatility", "volume"))
notional, exponent = map(symbol, ("notional", "exponent"))
first, second = symbol("sold", 1), symbol("sold", 2)


def linear() -> sp.Expr:
    """Price after a sale, λ a unit."""
    return p - slope * u


def exponential() -> sp.Expr:
    """Price after a sale, a fraction α for each unit."""
    return p * sp.exp(-rate * u)


def square_root() -> sp.Expr:
    """Price after a sale, ζ for the root of the quantity."""
    return p - scale * sp.sqrt(u)


def constant_product() -> sp.Expr:
    """Price of a pool with R units and p_s R of cash, after u units came in: cash over units, their product kept."""
    kept = p * reserve * reserve
    units = reserve + u
    return sp.factor(kept / units / units)


def pool_by_invariant() -> sp.Expr:
    """The same, with the reserve found from the present price: R = √(K / p)."""
    return sp.simplify(constant_product().subs(reserve, sp.sqrt(invariant / p)))


def proportional() -> sp.Expr:
    """Price after a fill that takes the fraction α u."""
    return p * (1 - rate * u)


def gap_linear() -> sp.Expr:
    """Two fills minus one."""
    return _gap(linear())


def gap_exponential() -> sp.Expr:
    """Two fills minus one."""
    return _gap(exponential())


def gap_pool() -> sp.Expr:
    """Two fills minus one, the pool carried along."""
    return _gap(pool_by_invariant())


def gap_pool_refilled() -> sp.Expr:
    """Two fills minus one, where the reserve is put back to R before the second."""
    return sp.factor(_gap(constant_product()))


def gap_proportional() -> sp.Expr:
    """Two fills minus one."""
    return sp.factor(_gap(proportional()))


def gap_square_root() -> sp.Expr:
    """Two fills minus one."""
    return _gap(square_root())


def walk_linear() -> sp.Expr:
    """Cash along a straight line that stays above zero."""
    return _walk(linear())


def walk_exponential() -> sp.Expr:
    """Cash along an exponential."""
    return _walk(exponential())


def walk_square_root() -> sp.Expr:
    """Cash along a root that stays above zero."""
    return _walk(square_root())


def walk_constant_product() -> sp.Expr:
    """Cash that a pool pays."""
    return sp.factor(_walk(constant_product()))


def marginal_proceeds() -> sp.Expr:
    """Change of the end-price proceeds with the quantity, exponential impact."""
    return sp.factor(sp.diff(u * exponential(), u))


def maximum_linear() -> sp.Expr:
    """Most cash at the end price."""
    return _maximum(linear())


def maximum_exponential() -> sp.Expr:
    """Most cash at the end price."""
    return _maximum(exponential())


def maximum_square_root() -> sp.Expr:
    """Most cash at the end price."""
    return _maximum(square_root())


def maximum_constant_product() -> sp.Expr:
    """Most cash at the end price."""
    return _maximum(constant_product())


def supremum_linear() -> sp.Expr:
    """Most cash along the walk, reached where the price is zero."""
    return _walk(linear()).subs(u, p / slope)


def supremum_exponential() -> sp.Expr:
    """Bound of the cash along the walk."""
    return sp.limit(walk_exponential(), u, sp.oo)


def supremum_square_root() -> sp.Expr:
    """Most cash along the walk, reached where the price is zero."""
    return sp.simplify(_walk(square_root()).subs(u, (p / scale) ** 2))


def supremum_constant_product() -> sp.Expr:
    """Bound of the cash along the walk."""
    return sp.limit(walk_constant_product(), u, sp.oo)


def quantity_to_raise() -> sp.Expr:
    """Smallest quantity that raises the proceeds Π at the end price of exponential impact, if any does."""
    (quantity,) = sp.solve(u * exponential() - cash, u)
    return quantity


def self_funding_end() -> sp.Expr:
    """Linear, end price: the largest quantity whose price does not fall below (1 − m) p_s."""
    return _root(linear() - (1 - m) * p)


def self_funding_walk() -> sp.Expr:
    """Linear, walk: the largest quantity whose average price does not fall below (1 − m) p_s."""
    return _root(sp.expand(walk_linear() / u) - (1 - m) * p)


def self_funding_square_root() -> sp.Expr:
    """Square-root law, walk."""
    by_scale = _root(sp.expand(walk_square_root() / u) - (1 - m) * p)
    return sp.simplify(by_scale.subs(scale, Y * sigma * p / sp.sqrt(volume)))


def power_law() -> sp.Expr:
    """Relative fall of the price after a sale worth N."""
    return Y * notional**exponent


def power_law_cost() -> sp.Expr:
    """What that sale costs on average: the mean of the fall along the walk."""
    step = sp.Symbol("n", positive=True)
    walked = sp.integrate(power_law().subs(notional, step), (step, 0, notional))
    return sp.powsimp(sp.simplify(walked / notional))


def _gap(rule: sp.Expr) -> sp.Expr:
    """Two fills minus one fill of their sum, where the rule starts again from the price that it finds."""
    two = rule.subs(u, second).subs(p, rule.subs(u, first))
    return sp.simplify(two - rule.subs(u, first + second))


def _walk(price: sp.Expr) -> sp.Expr:
    step = sp.Symbol("x", positive=True)
    return sp.simplify(sp.integrate(price.subs(u, step), (step, 0, u)))


def _maximum(price: sp.Expr) -> sp.Expr:
    (best,) = sp.solve(sp.diff(u * price, u), u)
    return sp.simplify((u * price).subs(u, best))


def _root(equation: sp.Expr) -> sp.Expr:
    (root,) = sp.solve(equation, u)
    return sp.simplify(root)
