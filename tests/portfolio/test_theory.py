"""The displayed formula is the tested formula: each expression of the chapter against the numbers."""

import numpy as np
import pytest
import sympy as sp

from cascadelab.portfolio import Account, Position, isolated, margin_efficiency, theory
from cascadelab.thresholds import Tiers

RNG = np.random.default_rng(3)
CASES = [
    {"q_a": q_a, "q_b": q_b, "m_a": m_a, "m_b": m_b, "p_a": p_a, "p_b": p_b, "c": c, "beta_a": beta_a, "beta_b": beta_b}
    for q_a, q_b, m_a, m_b, p_a, p_b, c, beta_a, beta_b in RNG.uniform(
        [-20, -20, 0.01, 0.01, 20, 20, 0, 0.5, 0.5], [20, 20, 0.2, 0.2, 200, 200, 3000, 2, 2], (20, 9)
    )
]


def account(case):
    positions = [
        Position("A", case["q_a"], 0.0, Tiers.flat(case["m_a"])),
        Position("B", case["q_b"], 0.0, Tiers.flat(case["m_b"])),
    ]
    return Account(case["c"], positions=positions)


def prices(case):
    return {"A": case["p_a"], "B": case["p_b"]}


def evaluate(expression, **values):
    names = {name: getattr(theory, name) for name in values}
    return sp.lambdify(list(names.values()), expression, "numpy")(*values.values())


@pytest.mark.parametrize("case", CASES)
def test_every_formula_of_two_positions_equals_its_number(case):
    book, here = account(case), prices(case)
    assert evaluate(theory.surplus(), **case) == pytest.approx(book.surplus(here))
    face = book.face(here)
    np.testing.assert_allclose(np.ravel(evaluate(theory.normal(), **case)), face.normal)
    assert evaluate(theory.offset(), **case) == pytest.approx(face.offset)
    row = {"n_a": face.normal[0], "n_b": face.normal[1], "n_0": face.offset}
    assert evaluate(theory.row(), **row, **here_as_symbols(case)) == pytest.approx(book.surplus(here))
    exit_price = evaluate(theory.exit_price(), **row, p_b=case["p_b"])
    lower, upper = book.liquidation_prices("A", here)
    if exit_price > 0:
        assert exit_price == pytest.approx(lower if case["q_a"] > 0 else upper)
    slope = evaluate(theory.exit_price_slope(), **row)
    moved = evaluate(theory.exit_price(), **row, p_b=case["p_b"] + 1)
    assert slope == pytest.approx(moved - exit_price, abs=1e-9)


def here_as_symbols(case):
    return {"p_a": case["p_a"], "p_b": case["p_b"]}


@pytest.mark.unmeasured
@pytest.mark.parametrize("case", CASES)
def test_common_factor_leaves_where_the_walk_does(case):
    book, here = account(case), prices(case)
    betas = {"A": case["beta_a"], "B": case["beta_b"]}
    face = book.face(here)
    values = {
        "n_a": face.normal[0],
        "n_b": face.normal[1],
        **here_as_symbols(case),
        "beta_a": betas["A"],
        "beta_b": betas["B"],
    }
    expression = theory.factor_exit().subs(theory.symbol("surplus"), book.surplus(here))
    x = evaluate(expression, **values)
    ends = book.exit(here, {asset: betas[asset] * here[asset] for asset in here})
    if all(1 + beta * x > 0 for beta in betas.values()):
        assert any(end == pytest.approx(x) for end in ends if end is not None)
    moved = evaluate(theory.factor_surplus(), **values, n_0=face.offset, x=0.1)
    assert moved == pytest.approx(book.surplus({a: here[a] * (1 + 0.1 * betas[a]) for a in here}))


def test_hyperplane_is_where_the_row_is_zero():
    plane = theory.hyperplane()
    assert sp.expand(plane.lhs - plane.rhs - theory.row()) == 0


def test_tiers_make_the_surplus_a_minimum_of_planes():
    tiers = Tiers.from_floors([0, 500], [0.02, 0.2])
    values = dict(zip(("r_1", "r_2", "a_1", "a_2"), [*tiers.rates, *tiers.deductions], strict=True))
    expression = theory.tiered_surplus()
    for q_a, p_a in ((8.0, 40.0), (8.0, 90.0), (-8.0, 40.0), (-8.0, 90.0)):
        named = values | {"c": 100.0, "q_A": q_a, "p_A": p_a, "n_B": 3.0, "p_B": 20.0}
        found = expression.subs({s: named[s.name] for s in expression.free_symbols})
        book = Account(100.0 + 3.0 * 20.0, positions=[Position("A", q_a, 0.0, tiers)])
        assert float(found) == pytest.approx(book.surplus({"A": p_a}))


def test_minimum_of_planes_is_never_below_the_mean_of_its_ends():
    gap = theory.concavity_gap()
    d_1, d_2 = (theory.symbol("plane_difference", k) for k in (1, 2))
    for u, v, d_u, d_v in RNG.normal(size=(50, 4)):
        direct = min((u + v) / 2, (u - d_u + v - d_v) / 2) - (min(u, u - d_u) + min(v, v - d_v)) / 2
        assert float(gap.subs({d_1: d_u, d_2: d_v})) == pytest.approx(direct, abs=1e-12)
        assert direct >= -1e-15


@pytest.mark.parametrize("case", CASES)
def test_legs_add_up_and_each_leaves_its_own_side_of_the_box(case):
    book, here = account(case), prices(case)
    legs = isolated(book, {"A": 0.25 * case["c"], "B": 0.75 * case["c"]})
    assert theory.legs_add_up() == 0
    for asset, share in (("A", 0.25), ("B", 0.75)):
        normal = book.face(here).normal["AB".index(asset)]
        named = {f"c_{asset}": share * case["c"], f"n_{asset}": normal, f"p_{asset}": here[asset]}
        surplus, root = theory.isolated_surplus(asset), theory.isolated_exit_price(asset)
        assert float(surplus.subs({s: named[s.name] for s in surplus.free_symbols})) == pytest.approx(
            legs[asset].surplus(here)
        )
        price = float(root.subs({s: named[s.name] for s in root.free_symbols}))
        ends = legs[asset].liquidation_prices(asset, {})
        assert price <= 0 or any(end == pytest.approx(price) for end in ends if end is not None)


def test_hedge_ratio_leaves_the_surplus_alone():
    ratio = evaluate(theory.hedge_ratio(), m_a=0.05, m_b=0.1, beta_a=1.5, beta_b=0.75)
    book = Account(
        0.0, positions=[Position("A", 10.0, 0.0, Tiers.flat(0.05)), Position("B", -ratio * 20, 0.0, Tiers.flat(0.1))]
    )
    flat, moved = (book.surplus({"A": 100 * (1 + 1.5 * x), "B": 50 * (1 + 0.75 * x)}) for x in (0.0, -0.3))
    assert moved == pytest.approx(flat)


@pytest.mark.parametrize("quantity", [3.0, -3.0])
def test_published_cross_formula_is_the_same_account(quantity):
    tiers = Tiers([0.1], [40.0])
    other = Position("B", -7.0, 45.0, Tiers.flat(0.05))
    own = Position("A", quantity, 100.0, tiers)
    values = {"W": 150.0, "q": quantity, "p_e": 100.0, "r": 0.1, "a": 40.0}
    others = {"profit_rest": float(other.equity(50.0)), "maintenance_rest": float(other.maintenance(50.0))}
    side = 0 if quantity > 0 else 1
    cross = Account(150.0, positions=[own, other]).liquidation_prices("A", {"B": 50.0})[side]
    alone = Account(150.0, positions=[own]).liquidation_prices("A", {})[side]
    assert evaluate(theory.cross_price(), **values, **others) == pytest.approx(cross)
    assert evaluate(theory.cross_minus_isolated(), **values, **others) == pytest.approx(cross - alone)


def test_margin_efficiency_of_two_legs_and_two_scenarios():
    here, book = {"A": 100.0, "B": 50.0}, account(CASES[0] | {"q_a": 10.0, "q_b": -15.0, "m_a": 0.1, "m_b": 0.05})
    moved = {"A": np.array([80.0, 115.0]), "B": np.array([42.0, 60.0])}
    legs = {a: Account(0.0, positions=[p]) for a, p in zip("AB", book.positions, strict=True)}
    need = {
        f"R_{{{asset},{s + 1}}}": leg.equity(here) - leg.surplus({asset: moved[asset][s]})
        for asset, leg in legs.items()
        for s in (0, 1)
    }
    expression = theory.margin_efficiency()
    found = float(expression.subs({s: need[s.name] for s in expression.free_symbols}))
    assert found == pytest.approx(margin_efficiency(book, here, moved))
    assert 0 < found < 1
