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
    """A sympy expression or equation with the number that the text calls it by."""

    expression: sympy.Basic
    number: str

    @property
    def plain(self) -> str:
        """The expression in one line of text, for use inside a table."""
        from sympy import sstr

        return str(sstr(self.expression))

    def _repr_latex_(self) -> str:
        from sympy import latex

        tag = rf" \tag{{{self.number}}}" if self.number else ""
        return f"$$ {latex(self.expression)}{tag} $$"

    def __repr__(self) -> str:
        return f"({self.number})  {self.plain}" if self.number else self.plain


def formula(expression: sympy.Basic, number: str = "") -> Formula:
    """Show one step of a derivation: every formula of the book is printed through here."""
    return Formula(expression, number)
