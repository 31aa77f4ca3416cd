"""How long an import takes, against numpy's: `pytest tests/benchmarks -n0 --benchmark-enable`."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["numpy", "cascadelab.account", "cascadelab.distance"])
@pytest.mark.benchmark(group="import")
def test_import(benchmark, module):
    benchmark.pedantic(
        subprocess.run, ([sys.executable, "-c", f"import {module}"],), {"check": True}, rounds=15, warmup_rounds=2
    )
