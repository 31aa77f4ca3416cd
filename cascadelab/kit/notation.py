"""The one registry of the book's notation: symbol, identifier, unit, meaning, first chapter.

Signatures use the identifier, formulas the symbol; chapter notebooks and appendix A are rendered from here.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from cascadelab.kit.display import Table
from cascadelab.kit.terms_many import MANY_MARKETS
from cascadelab.kit.terms_one import ONE_MARKET, Term

if TYPE_CHECKING:
    import sympy

CHAPTERS = (
    "start_here", "account", "thresholds", "portfolio", "distance", "impact", "liquidation", "cascade", "criticality",
    "contagion", "platforms", "clearing", "speed", "options", "history",
)  # fmt: skip
TERMS: tuple[Term, ...] = (*ONE_MARKET, *MANY_MARKETS)


def written(chapter: str) -> bool:
    """Whether a chapter's package is there; planned chapters have none.

    >>> written("account"), written("prologue")
    (True, False)
    """
    return resources.files("cascadelab").joinpath(chapter, "__init__.py").is_file()


def term(identifier: str) -> Term:
    """Return the registered term, or raise a ValueError that names the identifier."""
    for entry in TERMS:
        if entry.identifier == identifier:
            return entry
    raise ValueError(f"identifier must be registered in kit.notation, got {identifier!r}")


def symbol(identifier: str, label: str | int = "") -> sympy.Symbol:
    """Return the sympy symbol of a registered identifier, with its assumptions.

    A `label` tells one asset, tier or scenario from another: it takes the place of an index k, or follows below.

    >>> symbol("maintenance_rate"), symbol("price", "A"), symbol("tier_rate", 2), symbol("entry_price", "A")
    (m, p_A, r_2, p_{e,A})
    """
    import sympy

    entry = term(identifier)
    return sympy.Symbol(labelled(entry.symbol, label), **entry.assumptions)


def labelled(symbol_text: str, label: str | int = "") -> str:
    """Write a label below a symbol.

    >>> labelled("a_k", 1), labelled("w", "A"), labelled("R", "A,1")
    ('a_1', 'w_A', 'R_{A,1}')
    """
    if label == "":
        return symbol_text
    stem, _, below = symbol_text.partition("_")
    below = str(label) if below in ("", "k") else f"{below.strip('{}')},{label}"
    return f"{stem}_{below}" if len(below) == 1 else f"{stem}_{{{below}}}"


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
