"""What a student's cells take from the book: read off the syntax tree, for a person to look at. It costs no points.

An answer that merely calls cascadelab's own function is marked, and so is everything that could hide such a call.
"""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterable, Iterator

from cascadelab.course.child import without_magics
from cascadelab.course.form import Cell

HIDING = {
    "eval", "exec", "compile", "__import__", "getattr", "setattr", "globals", "locals", "vars", "open", "breakpoint",
    "__builtins__",
}  # fmt: skip
DOORS = {
    "importlib", "sys", "os", "builtins", "inspect", "gc", "ctypes", "pickle", "subprocess", "runpy", "pkgutil",
    "traceback",
}  # fmt: skip
WINDOWS = {
    "gi_frame", "cr_frame", "ag_frame", "tb_frame", "f_back", "f_locals", "f_globals", "modules", "sys", "os",
}  # fmt: skip
OPEN_TO_STUDENTS = {"given", "check"}


def scan(cells: Iterable[Cell], setup: Iterable[Cell], allowed: Iterable[str] = ()) -> list[str]:
    """Return one sentence for each use of the book, or way to hide one, in a student's cells; empty if there is none.

    `setup` are the read-only cells, whose imports a student may meet; `allowed` are dotted names that need no review.
    """
    allowed = set(allowed)
    trees = {}
    for cell in cells:
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):  # such a cell can not run
            trees[cell.name] = ast.parse(without_magics(cell.source))
    names = {"work": "work"}
    for tree in [*(ast.parse(cell.source) for cell in setup), *trees.values()]:
        for node in ast.walk(tree):  # what one cell imports, another can use
            names.update(_imported(node))
    found = [f"{name}: {what}" for name, tree in trees.items() for what in _uses(tree, names, allowed)]
    return list(dict.fromkeys(found))


def _imported(node: ast.AST) -> dict[str, str]:
    """Names that an import binds to something of the book."""
    if isinstance(node, ast.Import):
        names = {
            a.asname or a.name.partition(".")[0]: a.name if a.asname else a.name.partition(".")[0] for a in node.names
        }
    elif isinstance(node, ast.ImportFrom):
        names = {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    else:
        return {}
    return {name: dotted for name, dotted in names.items() if dotted.partition(".")[0] == "cascadelab"}


def _uses(tree: ast.AST, names: dict[str, str], allowed: set[str]) -> Iterator[str]:
    inside: set[int] = set()  # names that are the root of a dotted name, and are judged with it
    alone = {id(n.value.func) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            roots = [a.name for a in node.names] + ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
            for root in {name.partition(".")[0] for name in roots} & DOORS:
                yield f"imports {root}, through which the book can be reached"
            for dotted in _imported(node).values():
                if not _is_allowed(dotted, allowed):
                    yield f"imports {dotted}"
        elif isinstance(node, ast.Attribute):
            root, path = _dotted(node)
            if node.attr in WINDOWS or node.attr.startswith("__"):
                yield f"uses {node.attr}"
            if root is not None and root.id in names and id(root) not in inside:
                inside.add(id(root))
                yield from _judged(names[root.id], path, allowed)
                if [root.id, *path] == ["work", "check"] and id(node) not in alone:
                    yield "uses what work.check returns"
        elif isinstance(node, ast.Name):
            if node.id in HIDING:
                yield f"uses {node.id}, which can hide a call"
            elif node.id in names and id(node) not in inside and names[node.id] not in allowed:
                yield f"passes {names[node.id]} on" if isinstance(node.ctx, ast.Load) else f"redefines {node.id}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "cascadelab" in node.value:
            yield "names cascadelab in a text"


def _judged(base: str, path: list[str], allowed: set[str]) -> Iterator[str]:
    if base == "work":
        if path[0] not in OPEN_TO_STUDENTS:
            yield f"uses work.{path[0]}"
    elif not _is_allowed(dotted := ".".join([base, *path]), allowed):
        yield f"uses {dotted}"


def _is_allowed(dotted: str, allowed: set[str]) -> bool:
    """Whether a dotted name, or the function that it begins with, needs no review; so does a package on the way."""
    return any(f"{dotted}.".startswith(f"{name}.") or name.startswith(f"{dotted}.") for name in allowed)


def _dotted(node: ast.Attribute) -> tuple[ast.Name | None, list[str]]:
    """Split a.b.c into the name a and the path [b, c]."""
    path: list[str] = []
    base: ast.expr = node
    while isinstance(base, ast.Attribute):
        path.insert(0, base.attr)
        base = base.value
    return (base if isinstance(base, ast.Name) else None), path
