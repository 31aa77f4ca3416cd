import os
import tracemalloc
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from threading import Event

import distributed
import numpy as np
import pytest

from cascadelab.contagion import Book, Solver, solver
from cascadelab.impact import Curve, Linear

SPAWN = get_context("spawn")
rng = np.random.default_rng(11)
QUANTITY = rng.exponential(1.0, (300, 2))
BOOK = Book(QUANTITY.sum(axis=1) * -100.0 * rng.uniform(0.5, 1.0, 300), QUANTITY)
SHOCKS = 100.0 * (1 - rng.uniform(0.0, 0.2, (23, 2)))
IMPACT = Linear(20.0 / QUANTITY.sum(axis=0))
PREPARED = Solver(BOOK, [100.0, 100.0])


def test_sweep_is_one_run_a_scenario():
    done = []
    swept = PREPARED.sweep(SHOCKS, IMPACT, chunk=5, accounts=True, progress=lambda *now: done.append(now))
    assert done == [(5, 23), (10, 23), (15, 23), (20, 23), (23, 23)]
    assert swept.order_free
    for scenario, shocked in enumerate(SHOCKS):
        end = PREPARED.run(shocked, IMPACT)
        assert np.array_equal(swept.price[scenario], end.price)
        assert np.array_equal(swept.sold[scenario], end.sold)
        assert np.array_equal(swept.liquidated[scenario], end.liquidated)
        assert (swept.count[scenario], swept.rounds[scenario]) == (end.liquidated.sum(), end.rounds)
    assert 0 < swept.count.min() < swept.count.max()


def test_short_way_travels_too(monkeypatch):
    monkeypatch.setattr(solver, "SMALL", 1)
    here = PREPARED.sweep(SHOCKS, IMPACT, chunk=3)
    with ThreadPoolExecutor(4) as threads:
        away = PREPARED.sweep(SHOCKS, IMPACT, chunk=3, executor=threads)
    for name in ("price", "count", "sold", "rounds"):
        assert np.array_equal(getattr(away, name), getattr(here, name))


def test_results_do_not_depend_on_the_executor():
    here = PREPARED.sweep(SHOCKS, IMPACT)
    assert here.liquidated is None
    with ProcessPoolExecutor(2, SPAWN) as processes, ThreadPoolExecutor(1) as threads:
        for executor, chunk in ((processes, 7), (threads, 1)):
            away = PREPARED.sweep(SHOCKS, IMPACT, executor=executor, chunk=chunk, schedule="rounds")
            for name in ("price", "count", "sold", "rounds"):
                assert np.array_equal(getattr(away, name), getattr(here, name))


@pytest.mark.unmeasured
def test_results_do_not_depend_on_a_real_cluster():
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        away = PREPARED.sweep(SHOCKS, IMPACT, executor=client.get_executor(), chunk=7)
    here = PREPARED.sweep(SHOCKS, IMPACT)
    for name in ("price", "count", "sold", "rounds"):
        assert np.array_equal(getattr(away, name), getattr(here, name))


class Deadly(Linear):
    """Impact that takes its process with it at one shock."""

    def price(self, shocked_price, sold):
        if np.asarray(shocked_price)[0] == SHOCKS[9, 0] and os.environ.get("HOME_PROCESS") != str(os.getpid()):
            os._exit(1)
        return super().price(shocked_price, sold)


def test_dead_worker_is_an_error_that_names_its_scenarios(monkeypatch):
    monkeypatch.setenv("HOME_PROCESS", str(os.getpid()))
    assert isinstance(Deadly(1.0), Curve)
    with (
        ProcessPoolExecutor(1, SPAWN) as executor,
        pytest.raises(RuntimeError, match=r"scenarios \d+ to \d+ failed, no result"),
    ):
        PREPARED.sweep(SHOCKS, Deadly(0.01), executor=executor, chunk=4)


def test_error_in_a_worker_names_its_scenarios():
    class Failing(ThreadPoolExecutor):
        def submit(self, call, solver, shocked, *rest):
            future = super().submit(call, solver, shocked, *rest)
            if np.array_equal(shocked[0], SHOCKS[20]):
                future = Future()
                future.set_exception(MemoryError("full"))
            return future

    with Failing(1) as executor, pytest.raises(RuntimeError, match=r"scenarios 20 to 22 failed.*MemoryError: full"):
        PREPARED.sweep(SHOCKS, IMPACT, executor=executor, chunk=4)


def test_what_a_scenario_leaves_behind_does_not_grow_with_the_book():
    """Without accounts, memory is that of one run, however many scenarios travel together."""
    rng = np.random.default_rng(6)
    quantity = rng.exponential(1.0, (20_000, 1))
    prepared = Solver(Book(-90.0 * quantity[:, 0], quantity), [100.0])
    peaks = []
    tracemalloc.start()
    try:
        for scenarios in (2, 64):
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            prepared.sweep(np.full((scenarios, 1), 85.0), Linear(0.0), chunk=scenarios)
            peaks.append(tracemalloc.get_traced_memory()[1] - before)
    finally:
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 20_000


def test_errors_do_not_depend_on_the_executor():
    with ThreadPoolExecutor(1) as threads:
        for executor in (None, threads):
            with pytest.raises(ValueError, match="schedule must be one of"):
                PREPARED.sweep(SHOCKS, IMPACT, schedule="panic", executor=executor)
            with pytest.raises(ValueError, match="do not broadcast"):
                PREPARED.sweep(SHOCKS, Linear([1.0, 1.0, 1.0]), executor=executor)
    with pytest.raises(ValueError, match=r"executor must be a concurrent.futures.Executor or the like, got 4"):
        PREPARED.sweep(SHOCKS, IMPACT, executor=4)


def test_interruption_cancels_what_has_not_begun():
    class Asked(ThreadPoolExecutor):
        def submit(self, *call):
            futures.append(super().submit(*call))
            return futures[-1]

    def interrupt(done, number):
        raise KeyboardInterrupt

    futures, gate = [], Event()

    class Slow(Linear):
        def price(self, shocked_price, sold):
            if np.asarray(shocked_price)[0] != SHOCKS[0, 0]:
                gate.wait(10)
            return super().price(shocked_price, sold)

    with Asked(1) as executor:
        with pytest.raises(KeyboardInterrupt):
            PREPARED.sweep(SHOCKS, Slow(0.01), executor=executor, chunk=1, progress=interrupt)
        gate.set()
    assert sum(future.cancelled() for future in futures) >= len(SHOCKS) - 2


def test_arrays_of_a_sweep_can_not_be_written_to():
    swept = PREPARED.sweep(SHOCKS, IMPACT, accounts=True)
    for array in (swept.price, swept.count, swept.sold, swept.rounds, swept.liquidated):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    assert swept.liquidated.dtype == bool


@pytest.mark.parametrize(
    ("shocks", "chunk", "message"),
    [
        (SHOCKS[0], 1, r"shocked_prices must be \(S, 2\)"),
        (SHOCKS[:, :1], 1, r"shocked_prices must be \(S, 2\)"),
        (SHOCKS[:0], 1, r"S ≥ 1"),
        (SHOCKS, 0, "chunk must be a whole number"),
        (SHOCKS, 1.5, "chunk must be a whole number"),
        (SHOCKS, True, "chunk must be a whole number"),
        (-SHOCKS, 1, "shocked_prices must be at least 0"),
    ],
)
def test_bad_sweeps_are_refused(shocks, chunk, message):
    with pytest.raises(ValueError, match=message):
        PREPARED.sweep(shocks, IMPACT, chunk=chunk)
