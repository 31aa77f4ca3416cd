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
    Term("price", "p", "numeraire per unit", "market price at which an account is valued (mark price)", "account", POSITIVE),
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
    Term("liquidation_price", r"p_{\mathrm{liq}}", "numeraire per unit", "price at which the surplus is zero", "account", POSITIVE),
    Term("bankruptcy_price", r"p_{\mathrm{bk}}", "numeraire per unit", "price at which the equity is zero", "account", POSITIVE),
    # thresholds
    # portfolio
    # distance
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
