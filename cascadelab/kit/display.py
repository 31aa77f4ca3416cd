"""What a cell shows: a formula with its number, and a small table. Both print the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True)
class Table:
    """Rows of ready-made text under a header; renders as Markdown, and as plain aligned text."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def _repr_markdown_(self) -> str:
        lines = ["| " + " | ".join(str(cell) for cell in row) + " |" for row in (self.header, *self.rows)]
        lines.insert(1, "|" + "---|" * len(self.header))
        return "\n".join(lines)

    def __repr__(self) -> str:
        grid = [[str(cell) for cell in row] for row in (self.header, *self.rows)]
        widths = [max(len(row[k]) for row in grid) for k in range(len(self.header))]
        return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in grid)


def table(rows: Sequence[Sequence[object]], header: Sequence[str], formats: Sequence[str] = ()) -> Table:
    """Format each column by its own format string ("" leaves text alone) and return the table.

    >>> table([["X", 80.0], ["Y", 47.0]], ["account", "liquidation price"], ["", ".2f"])
    account  liquidation price
    X        80.00
    Y        47.00
    """
    formats = formats or [""] * len(header)
    for row in rows:
        if not len(row) == len(header) == len(formats):
            raise ValueError(f"every row must have {len(header)} cells and every column a format, got {row!r}")
    return Table(
        header,
        [[c if isinstance(c, str) else format(c, f) for c, f in zip(row, formats, strict=True)] for row in rows],
    )


@dataclass(frozen=True)
class Formula:
    """A sympy expression, what it is equal to, and the number that the text calls it by."""

    expression: sympy.Basic
    number: str = ""
    name: str = ""

    @property
    def plain(self) -> str:
        """The expression in one line of text, for use inside a table."""
        from sympy import sstr

        return str(sstr(self.expression))

    def _repr_latex_(self) -> str:
        left = f"{_latex_of(self.name)} = " if self.name else ""
        tag = rf" \tag{{{self.number}}}" if self.number else ""
        return f"$$ {left}{_latex(self.expression)}{tag} $$"

    def __repr__(self) -> str:
        left = f"{self.name} = " if self.name else ""
        number = f"({self.number})  " if self.number else ""
        return f"{number}{left}{self.plain}"


def formula(expression: sympy.Basic, number: str = "", name: str = "") -> Formula:
    r"""Show one step of a derivation: every formula of the book is printed through here.

    `name` is the left-hand side: a registered identifier, or LaTeX where the notation has no name for it.

    >>> from sympy import Symbol
    >>> formula(Symbol("C") / 2, "1.1", "equity")
    (1.1)  equity = C/2
    >>> formula(Symbol("C") / 2, "1.1", "equity")._repr_latex_()
    '$$ E = \\frac{C}{2} \\tag{1.1} $$'
    """
    return Formula(expression, number, name)


def _latex(expression: sympy.Basic) -> str:
    """LaTeX with the positive terms of every sum first, as one writes by hand."""
    from sympy import Add
    from sympy.printing.latex import LatexPrinter

    class Printer(LatexPrinter):  # type: ignore[misc]
        def _print_Add(self, sum_: Add, order: str | None = None) -> str:  # noqa: N802  (sympy's name)
            terms = sorted(self._as_ordered_terms(sum_, order=order), key=lambda term: term.could_extract_minus_sign())
            return str(super()._print_Add(Add(*terms, evaluate=False), order="none"))

    return str(Printer().doprint(expression))


def _latex_of(name: str) -> str:
    from cascadelab.kit.notation import TERMS

    return next((term.symbol for term in TERMS if term.identifier == name), name)
