"""One cascade, the engine against rounds in C and in numpy: `pytest tests/benchmarks -n0 --benchmark-enable`.

The numbers in brackets are the ratios; OPENBLAS_NUM_THREADS=1 holds numpy to one thread, as C is. Without that flag the
books are small, and only agreement is tested. `python -m tests.benchmarks.table` measures the table of the README.
"""

import numpy as np
import pytest

from cascadelab.impact import Linear
from tests.benchmarks.ways import KINDS, SHOCKS, Case, Compiled, engine, mesa_model, mesa_run, numpy_rounds

SIZES = [(1_000_000, 8), (300_000, 8), (1_000_000, 3)]


@pytest.fixture(scope="module")
def case(request):
    accounts, assets = request.param
    return Case(accounts if request.config.getoption("--benchmark-enable") else accounts // 50, assets)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    if not Compiled.is_possible():
        pytest.skip("needs gcc to compile the C rounds")
    return Compiled(tmp_path_factory.mktemp("rounds"))


def holds(found, case, shocked, slope):
    """Whether a way ends where the engine's own rounds end."""
    count, end = found
    reference = case.solver.run(shocked, Linear(slope), schedule="rounds")
    assert count == np.count_nonzero(reference.liquidated)
    assert end == pytest.approx(reference.price, rel=1e-11)


@pytest.mark.parametrize("way", ["engine", "C rounds", "numpy rounds"])
@pytest.mark.parametrize("shock", SHOCKS)
@pytest.mark.parametrize("case", SIZES, indirect=True, ids=lambda size: f"{size[0]}x{size[1]}")
def test_cascade(benchmark, case, request, shock, way):
    shocked, slope = case.shock(shock)
    benchmark.group = f"{len(case.book)} x {case.book.assets}, {shock}"
    ways = {"engine": engine, "numpy rounds": numpy_rounds}
    run = request.getfixturevalue("compiled") if way == "C rounds" else ways[way]
    holds(benchmark.pedantic(run, (case, shocked, slope), rounds=5, warmup_rounds=1), case, shocked, slope)


@pytest.mark.unmeasured
@pytest.mark.parametrize("shock", SHOCKS)
@pytest.mark.parametrize("kind", KINDS)
def test_all_ways_agree_on_every_kind_of_book(compiled, kind, shock):
    pytest.importorskip("mesa", reason="needs Mesa (the extra `benchmark`)")
    case = Case(400, 3, kind)
    shocked, slope = case.shock(shock)
    for found in (
        engine(case, shocked, slope), compiled(case, shocked, slope), numpy_rounds(case, shocked, slope),
        mesa_run(mesa_model(case, shocked, slope)),
    ):  # fmt: skip
        holds(found, case, shocked, slope)
