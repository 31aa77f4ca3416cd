"""Ways through one cascade, to be measured against each other: the engine, rounds in C and in numpy, Mesa agents."""

import ctypes
import shutil
import subprocess
from functools import cached_property

import numpy as np

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
KINDS = ("even", "unequal sizes", "two clusters", "sparse", "part owed")


class Case:
    """A book, and what each way needs of it, made when it is first asked for.

    The distances to the limit are spread evenly, as shares of the value, except where the kind says otherwise; the
    slopes are those at which a book of the even kind has the branching ratio of the shock.
    """

    def __init__(self, accounts, assets, kind="even"):
        rng = np.random.default_rng(2026)
        share = 0.15 if kind == "sparse" else 0.5
        quantity = rng.exponential(1.0, (accounts, assets)) * (rng.random((accounts, assets)) < share)
        quantity[np.arange(accounts), rng.integers(0, assets, accounts)] += rng.exponential(1.0, accounts)
        distance = rng.uniform(0.0, 0.5, accounts)
        if kind == "unequal sizes":
            quantity *= rng.lognormal(0.0, 2.0, (accounts, 1))
        if kind == "two clusters":
            distance = np.where(rng.random(accounts) < 0.5, rng.normal(0.06, 0.01, accounts), distance).clip(1e-3)
        self.signs = np.ones(assets)
        if kind == "part owed":
            self.signs[::2] = -1.0
        self.price = np.full(assets, 100.0)
        held = quantity * self.signs
        weights = held * np.where(held > 0, 0.9, 1.1)
        gross = 0.9 * quantity @ self.price
        self.book = Book(distance * gross - weights @ self.price, held, asset_weight=0.9, liability_weight=1.1)
        self.unit = self.price * 0.5 / quantity.sum(axis=0)

    @cached_property
    def solver(self):
        """The engine, prepared."""
        return Solver(self.book, self.price)

    @cached_property
    def rows(self):
        """Cash, weights and quantities, account by account in memory: what rounds read fastest."""
        return [np.ascontiguousarray(table) for table in (self.book.cash, self.book.weights, self.book.quantity)]

    def shock(self, name):
        """Shocked prices and slopes."""
        every, first, kappa = SHOCKS[name]
        fall = np.full(self.price.size, every)
        fall[0] += first
        return self.price * (1 - self.signs * fall), kappa * self.unit


def engine(case, shocked, slope):
    end = case.solver.run(shocked, Linear(slope))
    return np.count_nonzero(end.liquidated), end.price


def numpy_rounds(case, shocked, slope):
    """The few lines that one writes first."""
    cash, weights, quantity = case.rows
    price, last = shocked, -1
    while True:
        dead = weights @ price + cash < 0
        if (count := np.count_nonzero(dead)) in (last, 0):
            return count, price
        last = count
        price = np.maximum(shocked - slope * (dead.astype(float) @ quantity), 0.0)


class Compiled:
    """Rounds in C, one thread, full passes over tables that lie row by row, compiled with all optimisations."""

    def __init__(self, folder):
        self._folder, self._loaded = folder, {}

    @staticmethod
    def is_possible():
        return shutil.which("gcc") is not None

    def _load(self, assets):
        if assets not in self._loaded:
            source, library = self._folder / f"rounds{assets}.c", self._folder / f"rounds{assets}.so"
            source.write_text(SOURCE % assets)
            # not -ffast-math, which would take subnormal numbers from the whole process that loads the library
            loose = ["-fassociative-math", "-fno-signed-zeros", "-fno-trapping-math", "-fno-math-errno"]
            options = ["-O3", "-march=native", *loose, "-shared", "-fPIC"]
            subprocess.run(["gcc", *options, source, "-o", library], check=True)
            self._loaded[assets] = ctypes.CDLL(str(library)).cascade
            self._loaded[assets].restype = ctypes.c_long
        return self._loaded[assets]

    def __call__(self, case, shocked, slope):
        end, units = np.empty(shocked.size), np.empty(shocked.size)
        arrays = (*case.rows, shocked, slope, end, units)
        addresses = [array.ctypes.data_as(ctypes.c_void_p) for array in arrays]
        return self._load(shocked.size)(ctypes.c_size_t(len(case.book)), *addresses), end


def mesa_model(case, shocked, slope):
    """The same rounds as an agent model: one agent an account, and each step they look, then those below zero sell."""
    import mesa

    class Account(mesa.Agent):
        def __init__(self, model, cash, weights, quantity):
            super().__init__(model)
            self.cash, self.weights, self.quantity = cash, weights, quantity

        def is_below_zero(self):
            return self.cash + sum(w * p for w, p in zip(self.weights, self.model.price, strict=True)) < 0

        def sell(self):
            self.model.sold = [s + q for s, q in zip(self.model.sold, self.quantity, strict=True)]
            self.model.count += 1
            self.remove()

    class Market(mesa.Model):
        def __init__(self):
            super().__init__(seed=0)
            self.price, self.sold, self.count = shocked.tolist(), [0.0] * shocked.size, 0
            tables = (np.asarray(table).tolist() for table in (case.book.cash, case.book.weights, case.book.quantity))
            Account.create_agents(self, len(case.book), *tables)

        def step(self):
            below = self.agents.select(Account.is_below_zero)
            self.running = len(below) > 0
            below.do("sell")
            changes = zip(shocked.tolist(), slope.tolist(), self.sold, strict=True)
            self.price = [max(p - s * units, 0.0) for p, s, units in changes]

    return Market()


def mesa_run(model):
    while model.running:
        model.step()
    return model.count, np.array(model.price)
