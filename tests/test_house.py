"""The rules of the house, read off the tree: floors, names, docstrings, mirrors, and the gate's linters."""

import ast
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
import sympy as sp
from numpy.typing import ArrayLike

import cascadelab
from cascadelab.kit.notation import CHAPTERS, TERMS, labelled, written

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "cascadelab"
WRITTEN = [chapter for chapter in CHAPTERS if written(chapter)]
FACES = {"theory", "figures", "exercises"}
HEAVY = ("sympy", "matplotlib", "ipywidgets", "IPython", "scipy")

MODULES = {path.relative_to(ROOT): path for path in sorted(PACKAGE.rglob("*.py"))}
NUMBER_MODULES = {name: path for name, path in MODULES.items() if name.parts[1] in CHAPTERS and path.stem not in FACES}


def imports(path, *, top_level):
    """Dotted names that a module imports; only those outside functions if `top_level`."""
    tree = ast.parse(path.read_text())
    inside = {
        child for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for child in ast.walk(node)
    }  # fmt: skip
    for node in ast.walk(tree):
        if top_level and node in inside:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def chapter_of(dotted):
    """Chapter that a dotted name belongs to, or None."""
    parts = dotted.split(".")
    return parts[1] if parts[0] == "cascadelab" and len(parts) > 1 and parts[1] in CHAPTERS else None


def face_of(dotted):
    """`theory`, `figures` or `exercises` if the dotted name is or comes from one, else None."""
    return next((part for part in dotted.split(".")[2:3] if part in FACES), None)


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", MODULES, ids=str)
def test_kit_imports_no_chapter_and_chapters_import_only_earlier_ones(name):
    """The course is the top floor: it may use every chapter, and nobody below knows of it."""
    own = name.parts[1] if name.parts[1] in CHAPTERS else None
    for dotted in imports(MODULES[name], top_level=False):
        if name.parts[1] == "course":
            continue
        assert not dotted.startswith("cascadelab.course"), f"{name} imports {dotted} from the top floor"
        chapter = chapter_of(dotted)
        if chapter is None:
            continue
        assert own is not None, f"{name} is the ground floor and imports {dotted}"
        trailer = own == "start_here" and name.stem in FACES
        assert trailer or CHAPTERS.index(chapter) <= CHAPTERS.index(own), f"{name} imports {dotted}"


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", NUMBER_MODULES, ids=str)
def test_number_modules_import_numpy_the_standard_library_and_earlier_numbers(name):
    for dotted in imports(NUMBER_MODULES[name], top_level=True):
        root = dotted.split(".")[0]
        allowed = root == "numpy" or root in sys.stdlib_module_names or dotted.startswith("cascadelab.kit.validate")
        assert allowed or (chapter_of(dotted) and not face_of(dotted)), f"{name} imports {dotted}"
    for dotted in imports(NUMBER_MODULES[name], top_level=False):
        assert dotted.split(".")[0] not in ("sympy", "matplotlib", "ipywidgets"), f"{name} imports {dotted}"


@pytest.mark.parametrize("name", [n for n in MODULES if n.stem == "theory"], ids=str)
def test_theory_imports_sympy_and_theory_and_never_numbers(name):
    for dotted in imports(MODULES[name], top_level=False):
        root = dotted.split(".")[0]
        good = root == "sympy" or root in sys.stdlib_module_names or dotted == "cascadelab.kit.notation.symbol"
        assert good or (chapter_of(dotted) and face_of(dotted) == "theory"), f"{name} imports {dotted}"


@pytest.mark.parametrize("name", [n for n in MODULES if n.stem == "figures"], ids=str)
def test_figures_draw_on_given_axes_and_report_facts(name):
    source = MODULES[name].read_text()
    assert "pyplot" not in source
    assert ".show()" not in source
    module = importlib.import_module(".".join(name.with_suffix("").parts))
    for function_name, function in vars(module).items():
        if inspect.isfunction(function) and next(iter(inspect.signature(function).parameters), "") in ("ax", "axes"):
            assert function.__doc__, f"{name}: {function_name} needs a docstring: it is the alt text"


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", [n for n in MODULES if n.stem != "explore"], ids=str)
def test_only_explore_imports_widgets(name):
    assert not any(dotted.split(".")[0] == "ipywidgets" for dotted in imports(MODULES[name], top_level=False))


@pytest.mark.unmeasured
@pytest.mark.parametrize("module", ["cascadelab", *(f"cascadelab.{chapter}" for chapter in WRITTEN)])
def test_importing_numbers_loads_nothing_heavy(module):
    code = f"import {module}, sys; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert result.stdout.strip() == ""


def public_functions():
    """Every public function and method of the number modules, with its dotted name."""
    for chapter in WRITTEN:
        package = importlib.import_module(f"cascadelab.{chapter}")
        for name in getattr(package, "__all__", ()):
            thing = getattr(package, name)
            if inspect.isfunction(thing):
                yield f"{chapter}.{name}", thing
            elif inspect.isclass(thing):
                yield f"{chapter}.{name}", thing
                for method, function in vars(thing).items():
                    if method[0] != "_" and inspect.isfunction(function):
                        yield f"{chapter}.{name}.{method}", function


PUBLIC = dict(public_functions())


@pytest.mark.parametrize("name", PUBLIC)
def test_public_docstrings_run_an_example_and_name_their_errors(name):
    text = inspect.getdoc(PUBLIC[name]) or ""
    assert text, f"{name} has no docstring"
    assert ">>>" in text or name.count(".") == 2, f"{name} has no example"
    if inspect.isfunction(PUBLIC[name]) and name.count(".") == 1:
        assert "Returns" in text, f"{name} does not say what it returns"
        assert "Raises" in text or "errors are those of" in text, f"{name} does not name its errors"


@pytest.mark.parametrize("name", [n for n, f in PUBLIC.items() if inspect.isfunction(f)])
def test_numeric_arguments_carry_registered_names(name):
    registered = {term.identifier for term in TERMS}
    for argument, parameter in inspect.signature(PUBLIC[name]).parameters.items():
        if parameter.annotation in (ArrayLike, float, "ArrayLike", "float"):
            assert argument in registered, f"{name}({argument}) is not in kit.notation"


def is_registered(name, known):
    """Whether a symbol is registered as it is, or with the label of an asset, a tier or a scenario below it."""
    below = name.partition("_")[2].strip("{}")
    labels = {"", below, below.partition(",")[2]}
    return any(labelled(symbol, label) == name for symbol in known for label in labels)


@pytest.mark.unmeasured
@pytest.mark.parametrize("chapter", [c for c in WRITTEN if (PACKAGE / c / "theory.py").exists()])
def test_displayed_symbols_are_registered_and_from_this_chapter_or_before(chapter):
    theory = importlib.import_module(f"cascadelab.{chapter}.theory")
    known = {t.symbol: t for t in TERMS if CHAPTERS.index(t.chapter) <= CHAPTERS.index(chapter)}
    for name, function in vars(theory).items():
        if not inspect.isfunction(function) or function.__module__ != theory.__name__ or name[0] == "_":
            continue
        sided = "side" in inspect.signature(function).parameters
        for expression in [function(1), function(-1)] if sided else [function()]:
            for part in expression if isinstance(expression, tuple | list) else [expression]:
                strangers = [s.name for s in sp.sympify(part).free_symbols if not is_registered(s.name, known)]
                assert not strangers, f"{chapter}.theory.{name} shows {strangers}, which kit.notation does not know"


def test_notation_gives_each_identifier_and_each_symbol_one_meaning():
    identifiers = [term.identifier for term in TERMS]
    symbols = [term.symbol for term in TERMS]
    assert len(set(identifiers)) == len(identifiers)
    assert sorted(symbols) == sorted(set(symbols))
    assert all(term.chapter in CHAPTERS and term.meaning and term.unit for term in TERMS)


@pytest.mark.parametrize("chapter", WRITTEN)
def test_chapter_package_lists_its_names(chapter):
    package = importlib.import_module(f"cascadelab.{chapter}")
    assert all(hasattr(package, name) for name in package.__all__)


@pytest.mark.parametrize("chapter", WRITTEN)
def test_chapter_package_notebook_and_tests_carry_one_word(chapter):
    number = f"{CHAPTERS.index(chapter):02d}"
    assert (ROOT / "chapters" / f"{number}_{chapter}.ipynb").exists()
    for path in (PACKAGE / chapter).glob("*.py"):
        if path.stem != "__init__":
            assert (ROOT / "tests" / chapter / f"test_{path.stem}.py").exists(), f"{path.stem} has no tests"


@pytest.mark.parametrize("name", MODULES, ids=str)
def test_modules_stay_small(name):
    assert MODULES[name].read_text().count("\n") <= 300


def test_every_module_imports():
    for module in pkgutil.walk_packages(cascadelab.__path__, "cascadelab."):
        importlib.import_module(module.name)


TYPED = [*sorted(map(str, NUMBER_MODULES)), "cascadelab/kit"]


@pytest.mark.parametrize(
    "command",
    [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy", *TYPED]],
    ids=["ruff-check", "ruff-format", "mypy-strict"],
)
def test_linters_are_silent(command):
    result = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
