"""One cascade, the engine against rounds in C and in numpy: `pytest tests/benchmarks -n0 --benchmark-enable`.

The numbers in brackets are the ratios. C is one thread of full passes over a table that lies row by row, compiled with
all optimisations; OPENBLAS_NUM_THREADS=1 holds numpy to one thread too. Without that flag the books are small, and only
agreement is tested.
"""

import ctypes
import shutil
import subprocess

import numpy as np
import pytest

from cascadelab.contagion import Book, Solver
from cascadelab.impact import Linear

SOURCE = """
#include <stddef.h>
#define M %d
long cascade(size_t n, const double *cash, const double *w, const double *q, const double *shocked,
             const double *slope, double *price, double *sold) {
    double last = -1;
    for (size_t k = 0; k < M; k++) { price[k] = shocked[k]; sold[k] = 0; }
    for (;;) {
        double dead = 0, sum[M] = {0};
        for (size_t i = 0; i < n; i++) {
            double s = 0;
            for (size_t k = 0; k < M; k++) s += w[i * M + k] * price[k];
            double d = s + cash[i] < 0 ? 1.0 : 0.0;
            dead += d;
            for (size_t k = 0; k < M; k++) sum[k] += d * q[i * M + k];
        }
        if (dead == last || dead == 0) return (long)dead;
        last = dead;
        for (size_t k = 0; k < M; k++) {
            sold[k] = sum[k];
            double p = shocked[k] - slope[k] * sold[k];
            price[k] = p > 0 ? p : 0;
        }
    }
}
"""
SHOCKS = {  # name: (fall of all prices, fall of the first, branching ratio)
    "shallow": (0.001, 0.0, 0.7),
    "middling": (0.03, 0.0, 0.7),
    "deepest": (0.02, 0.0, 0.9),
    "one asset": (0.0, 0.3, 0.7),
    "ruin": (0.4, 0.0, 0.7),
    "prices rise": (-0.1, 0.0, 0.7),
}
SIZES = [(1_000_000, 8), (300_000, 8), (1_000_000, 3)]


@pytest.fixture(scope="module")
def book(request):
    """Long accounts whose distances are spread evenly, and the slopes for a branching ratio of 1."""
    accounts, assets = request.param
    if not request.config.getoption("--benchmark-enable"):
        accounts //= 50
    rng = np.random.default_rng(2026)
    quantity = rng.exponential(1.0, (accounts, assets)) * (rng.random((accounts, assets)) < 0.5)
    quantity[np.arange(accounts), rng.integers(0, assets, accounts)] += rng.exponential(1.0, accounts)
    price = np.full(assets, 100.0)
    value = 0.9 * quantity @ price
    made = Book(value * (rng.uniform(0.0, 0.5, accounts) - 1), quantity, asset_weight=0.9)
    rows = [np.ascontiguousarray(table) for table in (made.cash, made.weights, made.quantity)]
    return made, Solver(made, price), price, price * 0.5 / quantity.sum(axis=0), rows


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """Load the C rounds for a number of assets."""
    if shutil.which("gcc") is None:
        pytest.skip("needs gcc to compile the C rounds")
    folder = tmp_path_factory.mktemp("rounds")

    def load(assets):
        library = folder / f"rounds{assets}.so"
        if not library.exists():
            (folder / "rounds.c").write_text(SOURCE % assets)
            # not -ffast-math, which would take subnormal numbers from the whole process that loads the library
            loose = ["-fassociative-math", "-fno-signed-zeros", "-fno-trapping-math", "-fno-math-errno"]
            options = ["-O3", "-march=native", *loose, "-shared", "-fPIC"]
            subprocess.run(["gcc", *options, folder / "rounds.c", "-o", library], check=True)
        cascade = ctypes.CDLL(str(library)).cascade
        cascade.restype = ctypes.c_long
        return cascade

    return load


def numpy_rounds(rows, shocked, slope):
    """The few lines that one writes first."""
    cash, weights, quantity = rows
    price, last = shocked, -1
    while True:
        dead = weights @ price + cash < 0
        if (count := np.count_nonzero(dead)) in (last, 0):
            return count, price
        last = count
        price = np.maximum(shocked - slope * (dead.astype(float) @ quantity), 0.0)


@pytest.mark.parametrize("way", ["engine", "C rounds", "numpy rounds"])
@pytest.mark.parametrize("shock", SHOCKS)
@pytest.mark.parametrize("book", SIZES, indirect=True, ids=lambda size: f"{size[0]}x{size[1]}")
def test_cascade(benchmark, book, request, shock, way):
    made, prepared, price, unit, rows = book
    every, first, kappa = SHOCKS[shock]
    shocked, slope = price * (1 - every), kappa * unit
    shocked[0] *= 1 - first
    benchmark.group = f"{len(made)} x {made.assets}, {shock}"
    cascade = request.getfixturevalue("compiled")(made.assets) if way == "C rounds" else None

    def in_c():
        end, units = np.empty(price.size), np.empty(price.size)
        arrays = (*rows, shocked, slope, end, units)
        addresses = [array.ctypes.data_as(ctypes.c_void_p) for array in arrays]
        return cascade(ctypes.c_size_t(len(made)), *addresses), end

    def engine():
        end = prepared.run(shocked, Linear(slope))
        return np.count_nonzero(end.liquidated), end.price

    ways = {"engine": engine, "C rounds": in_c, "numpy rounds": lambda: numpy_rounds(rows, shocked, slope)}
    count, end = benchmark.pedantic(ways[way], rounds=5, warmup_rounds=1)
    reference = prepared.run(shocked, Linear(slope), schedule="rounds")
    assert count == np.count_nonzero(reference.liquidated)
    assert end == pytest.approx(reference.price, rel=1e-11)
