"""The one registry of the book's notation: symbol, identifier, unit, meaning, first chapter.

Signatures use the identifier, formulas the symbol; chapter notebooks and appendix A are rendered from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cascadelab.kit.display import Table

if TYPE_CHECKING:
    import sympy

CHAPTERS = (
    "start_here", "account", "thresholds", "portfolio", "distance", "impact", "liquidation", "cascade", "criticality",
    "contagion", "platforms", "clearing", "speed", "options", "history",
)  # fmt: skip


@dataclass(frozen=True)
class Term:
    """One line of the notation: `identifier` in code, `symbol` (LaTeX) on the page."""

    identifier: str
    symbol: str
    unit: str
    meaning: str
    chapter: str
    assumptions: dict[str, bool] = field(default_factory=lambda: {"real": True})


POSITIVE = {"positive": True}
NON_NEGATIVE = {"nonnegative": True}
REAL = {"real": True}

TERMS: tuple[Term, ...] = (
    # account
    Term("quantity", "q", "units", "signed size of a position; negative = short or owed", "account", REAL),
    Term(
        "price",
        "p",
        "numeraire per unit",
        "market price at which an account is valued (mark price)",
        "account",
        POSITIVE,
    ),
    Term("entry_price", "p_e", "numeraire per unit", "price at which a position was opened", "account", POSITIVE),
    Term("margin", "C", "numeraire", "money posted to a position", "account", NON_NEGATIVE),
    Term("cash", "c", "numeraire", "cash of an account; negative = debt", "account", REAL),
    Term("leverage", "L", "–", "notional over equity when the position is opened", "account", POSITIVE),
    Term("maintenance_rate", "m", "fraction", "maintenance margin as a fraction of notional", "account", NON_NEGATIVE),
    Term("initial_rate", "m_0", "fraction", "initial margin as a fraction of notional, 1/L", "account", POSITIVE),
    Term("equity", "E", "numeraire", "value of an account: margin plus profit and loss", "account", REAL),
    Term("maintenance", "M", "numeraire", "maintenance margin requirement", "account", NON_NEGATIVE),
    Term("surplus", "S", "numeraire", "equity minus maintenance; liquidatable when negative", "account", REAL),
    Term("margin_ratio", r"\mathrm{MR}", "fraction", "maintenance over equity; liquidatable above 1", "account", REAL),
    Term(
        "liquidation_price",
        r"p_{\mathrm{liq}}",
        "numeraire per unit",
        "price at which the surplus is zero",
        "account",
        POSITIVE,
    ),
    Term(
        "bankruptcy_price",
        r"p_{\mathrm{bk}}",
        "numeraire per unit",
        "price at which the equity is zero",
        "account",
        POSITIVE,
    ),
    Term("contracts", "Q", "numeraire", "signed size of an inverse contract", "account", REAL),
    Term("coin_margin", "B", "coins", "coins posted to an inverse contract", "account", NON_NEGATIVE),
    # thresholds
    Term(
        "notional",
        "N",
        "numeraire",
        "size of a position at a price: its units times the price",
        "thresholds",
        NON_NEGATIVE,
    ),
    Term("tier_rate", "r_k", "fraction", "maintenance rate of line k of a tier table", "thresholds", NON_NEGATIVE),
    Term(
        "deduction", "a_k", "numeraire", "deduction of line k of a tier table (maintenance amount)", "thresholds", REAL
    ),
    Term("floor", "N_k", "numeraire", "notional from which line k of a tier table binds", "thresholds", NON_NEGATIVE),
    Term(
        "fee_rate",
        "f",
        "fraction",
        "closing fee that a venue adds to maintenance, fraction of notional",
        "thresholds",
        NON_NEGATIVE,
    ),
    Term(
        "asset_weight",
        "h",
        "fraction",
        "share of its value at which an asset that is owned counts",
        "thresholds",
        POSITIVE,
    ),
    Term(
        "liability_weight",
        "w",
        "–",
        "multiple of its value at which an asset that is owed counts",
        "thresholds",
        POSITIVE,
    ),
    Term("debt", "D", "units", "units of the debt asset that are owed", "thresholds", NON_NEGATIVE),
    Term("debt_price", "p_D", "numeraire per unit", "price of the debt asset", "thresholds", POSITIVE),
    Term(
        "health_factor", r"\mathrm{HF}", "–", "weighted collateral over debt; liquidatable below 1", "thresholds", REAL
    ),
    Term(
        "loan_to_value",
        r"\mathrm{LTV}",
        "fraction",
        "debt over collateral, at market prices",
        "thresholds",
        NON_NEGATIVE,
    ),
    Term(
        "collateral_ratio", r"\mathrm{CR}", "–", "collateral over debt, at market prices; 1/LTV", "thresholds", POSITIVE
    ),
    Term("minimum_ratio", r"\mathrm{MCR}", "–", "least collateral ratio that is safe; 1/h", "thresholds", POSITIVE),
    # portfolio
    Term("fixed_maintenance", "M_0", "numeraire", "maintenance that no price moves", "portfolio", NON_NEGATIVE),
    Term("profit", "U", "numeraire", "unrealised profit of a position, q (p − p_e)", "portfolio", REAL),
    Term("normal", "n", "units", "slope of the surplus in each price: one entry an asset", "portfolio", REAL),
    Term("offset", "n_0", "numeraire", "level of a face: the surplus is normal · price − offset", "portfolio", REAL),
    Term("factor_return", "x", "fraction", "return of a common factor that moves all prices", "portfolio", REAL),
    Term("beta", r"\beta", "–", "return of an asset for one unit of the common factor's return", "portfolio", REAL),
    Term("required_margin", "R", "numeraire", "equity needed now to be safe in every scenario", "portfolio", POSITIVE),
    Term(
        "margin_efficiency",
        r"\eta",
        "fraction",
        "part of the isolated legs' margin that cross margin saves",
        "portfolio",
        REAL,
    ),
    # distance
    Term(
        "exposure",
        "w",
        "numeraire",
        "weighted units of an asset times its price: gain per unit of its return",
        "distance",
        REAL,
    ),
    Term("asset_return", "r", "fraction", "return of an asset over the horizon", "distance", REAL),
    Term("covariance", r"\Sigma", "fraction²", "covariance matrix of the returns over the horizon", "distance", REAL),
    Term("volatility", r"\sigma", "per √year", "standard deviation of the returns of one year", "distance", POSITIVE),
    Term("correlation", r"\rho", "–", "correlation of two returns", "distance", REAL),
    Term("sigma_distance", "z", "standard deviations", "surplus over its own standard deviation", "distance", REAL),
    Term(
        "scenario",
        "r^{*}",
        "fraction",
        "most likely returns that bring an account onto its hyperplane",
        "distance",
        REAL,
    ),
    Term("probability", "P", "–", "probability of liquidation, at or within the horizon", "distance", POSITIVE),
    Term(
        "degrees_of_freedom",
        r"\nu",
        "–",
        "tail index of Student's t; above 2, fat tails when small",
        "distance",
        POSITIVE,
    ),
    Term(
        "liquidation_correlation", r"\rho_{12}", "–", "correlation of the surpluses of two accounts", "distance", REAL
    ),
    Term(
        "tail_dependence",
        r"\chi",
        "–",
        "limit of the probability that one account is lost when another one is",
        "distance",
        REAL,
    ),
    Term("correlation_after", r"\rho^{\prime}", "–", "correlation after a break", "distance", REAL),
    Term("horizon", "T", "years", "time over which one looks ahead", "distance", POSITIVE),
    Term("drift", r"\mu", "per year", "drift of the price", "distance", REAL),
    Term("log_drift", "v", "per year", "drift of the logarithm of the price, μ − σ²/2", "distance", REAL),
    Term("spot", "p_0", "numeraire per unit", "price now", "distance", POSITIVE),
    Term("barrier", "b", "numeraire per unit", "price that liquidates", "distance", POSITIVE),
    Term("log_distance", "a", "–", "size of the log return from the spot to the barrier", "distance", POSITIVE),
    Term("interval", r"\Delta t", "years", "time between two looks at the price", "distance", POSITIVE),
    Term(
        "conditional_correlation", r"\rho_{\theta}", "–", "correlation in a sample of selected days", "distance", REAL
    ),
    Term(
        "variance_ratio",
        r"\theta",
        "–",
        "variance in a sample of selected days over the usual one",
        "distance",
        POSITIVE,
    ),
)


def term(identifier: str) -> Term:
    """Return the registered term, or raise a ValueError that names the identifier."""
    for entry in TERMS:
        if entry.identifier == identifier:
            return entry
    raise ValueError(f"identifier must be registered in kit.notation, got {identifier!r}")


def symbol(identifier: str) -> sympy.Symbol:
    """Return the sympy symbol of a registered identifier, with its assumptions.

    >>> symbol("maintenance_rate")
    m
    """
    import sympy

    entry = term(identifier)
    return sympy.Symbol(entry.symbol, **entry.assumptions)


def notation(chapter: str | None = None) -> Table:
    """Table of the notation that `chapter` introduces, or of the whole book."""
    if chapter is not None and chapter not in CHAPTERS:
        raise ValueError(f"chapter must be one of {', '.join(CHAPTERS)}, got {chapter!r}")
    chosen = [t for t in TERMS if chapter in (None, t.chapter)]
    header = ["symbol", "in code", "unit", "meaning"] + (["chapter"] if chapter is None else [])
    rows = [
        [f"${t.symbol}$", f"`{t.identifier}`", t.unit, t.meaning] + ([t.chapter] if chapter is None else [])
        for t in chosen
    ]
    return Table(header, rows)
