"""What the syntax tree tells of a student's cells: every way to the book's answers that we know is marked."""

import pytest

from cascadelab.course.form import Cell
from cascadelab.course.scan import scan

SETUP = [
    Cell("setup", "setup", True, "from cascadelab import account\nfrom cascadelab.course import assignment\nsalt = 'x'")
]
ALLOWED = ("cascadelab.account.equity",)


def found(text, allowed=ALLOWED):
    return scan([Cell("answer-1", "answer", True, text)], SETUP, allowed)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("price = account.liquidation_price(1, 2, 3, 4)", "uses cascadelab.account.liquidation_price"),
        ("f = account\nf.liquidation_price(1)", "passes cascadelab.account on"),
        ("f = account.liquidation_price", "uses cascadelab.account.liquidation_price"),
        ("import cascadelab.account as a\na.surplus(1)", "uses cascadelab.account.surplus"),
        ("import cascadelab\ncascadelab.account.liquidation_price()", "uses cascadelab.account.liquidation_price"),
        ("from cascadelab.account import liquidation_price as mine", "imports cascadelab.account.liquidation_price"),
        ("from cascadelab.account import *", "imports cascadelab.account.*"),
        ("from cascadelab.account.position import surplus", "imports cascadelab.account.position.surplus"),
        (
            "def f():\n    from cascadelab import account as b\n    return b.liquidation_price",
            "uses cascadelab.account",
        ),
        ("from cascadelab.course.tasks.account import short", "imports cascadelab.course.tasks.account.short"),
        ("getattr(account, 'liquidation' + '_price')()", "uses getattr, which can hide a call"),
        ("import importlib\nimportlib.import_module('casc' + 'adelab')", "imports importlib"),
        ("from importlib import import_module", "imports importlib"),
        ("import sys\nsys.modules", "imports sys"),
        ("__import__('cascadelab')", "uses __import__, which can hide a call"),
        ("x = 'cascadelab.account'", "names cascadelab in a text"),
        ("eval('1')", "uses eval"),
        ("exec('1')", "uses exec"),
        ("globals()['account']", "uses globals"),
        ("assignment('account', salt='', student='b')", "passes cascadelab.course.assignment on"),
        ("work.answer('1a')", "uses work.answer"),
        ("work._exercise('1a').answer()", "uses work._exercise"),
        ("work.test('1a', 3)", "uses work.test"),
        ("w = work\nw.answer('1a')", "passes work on"),
        ("work = 3", "redefines work"),
        ("account = 3", "redefines account"),
        ("work.given.__self__.answer('1a')", "uses __self__"),
        ("().__class__.__base__.__subclasses__()", "uses __subclasses__"),
        ("f = lambda: 0\nf.__globals__", "uses __globals__"),
        ("import os\nos.system('python -c \"import x\"')", "imports os"),
        ("verdict = work.check('1a', 3)", "uses what work.check returns"),
        ("while not work.check('1a', x).right:\n    x += 1", "uses what work.check returns"),
        ("print(work.check('1a', 3))", "uses what work.check returns"),
        ("c = work.check\nc('1a', 3)", "uses what work.check returns"),
        ("work.given.__self__", "uses __self__"),
        *((f"thing.{name}", f"uses {name}") for name in ("gi_frame", "cr_frame", "ag_frame", "tb_frame", "f_back")),
        *((f"f().{name}", f"uses {name}") for name in ("f_locals", "f_globals", "modules", "sys", "os")),
        ("from numpy.testing import sys", "imports sys"),
        ("from traceback import walk_stack", "imports traceback"),
        ("%matplotlib inline\naccount.surplus(1)", "uses cascadelab.account.surplus"),
    ],
)
def test_ways_to_the_answer_are_marked(text, what):
    assert any(line.startswith(f"answer-1: {what}") for line in found(text)), found(text)


@pytest.mark.parametrize(
    "text",
    [
        "given = work.given(1)\nprice = given['entry_price'] * 2",
        "work.check('1a', 3)",
        "value = account.equity(1.0, 2.0, 3.0, 4.0)",
        "from cascadelab.account import equity\nequity(1.0, 2.0, 3.0, 4.0)",
        "from cascadelab import account as mine\nmine.equity(1, 2, 3, 4)",
        "import numpy as np\nnp.max([1, 2])\n'abc'.upper().lower()\nclass Account:\n    size = 3",
        "import math, sympy\nfrom sympy import symbols\nx = symbols('x')",
        "def f(:",
        "",
    ],
)
def test_own_work_is_not_marked(text):
    assert found(text) == []


@pytest.mark.parametrize("error", [RecursionError, MemoryError])
def test_a_cell_that_is_too_deep_to_parse_is_not_read(error, monkeypatch):
    def fail(_):
        raise error

    monkeypatch.setattr("cascadelab.course.scan.without_magics", fail)
    assert scan([Cell("own-1", "own", True, "eval('1')")], []) == []


def test_a_mark_is_said_once_and_names_its_cell():
    cells = [Cell("own-1", "own", True, "eval('1')\neval('2')"), Cell("answer-2", "answer", True, "eval('1')")]
    assert scan(cells, []) == [f"{name}: uses eval, which can hide a call" for name in ("own-1", "answer-2")]


def test_what_one_cell_imports_is_known_in_another():
    cells = [
        Cell("own-1", "own", True, "a.liquidation_price()"),
        Cell("own-2", "own", True, "import cascadelab.account as a"),
    ]
    assert scan(cells, [], ALLOWED) == ["own-1: uses cascadelab.account.liquidation_price"]
