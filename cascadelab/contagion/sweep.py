"""Many shocks to one book: in this process, or in chunks on the workers of an executor."""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import Executor, as_completed
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cascadelab.contagion.outcome import Impact
from cascadelab.kit.validate import Floats

if TYPE_CHECKING:
    from cascadelab.contagion.solver import Solver

Progress = Callable[[int, int], object]


@dataclass(frozen=True, eq=False)
class Sweep:
    """Ends of S cascades, one a scenario, in the order of the shocks.

    price : (S, M)               traded prices at the end
    count : (S,)                 accounts that were liquidated, whole or in part
    sold : (S, M)                units sold
    rounds : (S,)                steps that it took
    order_free : bool            whether the hypotheses hold under which no order of sales matters
    liquidated : (S, N) bool     who was; None unless asked for

    >>> Sweep(np.ones((2, 1)), np.array([0, 3]), np.zeros((2, 1)), np.array([0, 1]), True, None).count.tolist()
    [0, 3]
    """

    price: Floats
    count: NDArray[np.int64]
    sold: Floats
    rounds: NDArray[np.int64]
    order_free: bool
    liquidated: NDArray[np.bool_] | None


def sweep(
    solver: Solver, shocked: Floats, impact: Impact, *, options: dict[str, Any], executor: Executor | None, chunk: int,
    accounts: bool, progress: Progress | None,
) -> Sweep:  # fmt: skip
    """Run all scenarios; see `Solver.sweep`."""
    number = shocked.shape[0]
    parts: dict[int, dict[str, Any]] = {}
    with closing(_chunks(solver, shocked, impact, options, executor, chunk, accounts)) as chunks:
        for start, part in chunks:
            parts[start] = part
            if progress is not None:
                progress(sum(p["count"].size for p in parts.values()), number)
    joined = {key: np.concatenate([parts[start][key] for start in sorted(parts)]) for key in parts[0]}
    free = joined.pop("order_free")
    if accounts:
        joined["liquidated"] = np.unpackbits(joined.pop("masks"), axis=1, count=len(solver.book)).view(np.bool_)
    for array in joined.values():
        array.setflags(write=False)
    price, count, sold, rounds = (joined[key] for key in ("price", "count", "sold", "rounds"))
    return Sweep(price, count, sold, rounds, bool(free.all()), joined.get("liquidated"))


def _chunks(
    solver: Solver, shocked: Floats, impact: Impact, options: dict[str, Any], executor: Executor | None, chunk: int,
    accounts: bool,
) -> Generator[tuple[int, dict[str, Any]], None, None]:  # fmt: skip
    """Yield the first scenario and the results of each chunk, as they are done; when closed, cancel what is not."""
    starts = range(0, shocked.shape[0], chunk)
    if executor is None:
        for start in starts:
            yield start, _some(solver, shocked[start : start + chunk], impact, options, accounts)
        return
    futures = {
        executor.submit(_some, solver, shocked[start : start + chunk], impact, options, accounts): start
        for start in starts
    }
    try:
        for future in as_completed(futures):
            start = futures[future]
            try:
                part = future.result()
            except Exception as error:
                last = min(start + chunk, shocked.shape[0]) - 1
                raise RuntimeError(
                    f"the worker with scenarios {start} to {last} failed, no result is returned: "
                    f"{type(error).__name__}: {error}"
                ) from error
            yield start, part
    finally:
        for future in futures:
            future.cancel()


def _some(solver: Solver, shocked: Floats, impact: Impact, options: dict[str, Any], accounts: bool) -> dict[str, Any]:
    """Results of a chunk of scenarios, small enough to keep and to travel: masks are packed eight accounts a byte."""
    results: dict[str, list[Any]] = {key: [] for key in ("price", "count", "sold", "rounds", "order_free")}
    if accounts:
        results["masks"] = []
    for price in shocked:
        end = solver.run(price, impact, **options)
        small = {key: getattr(end, key) for key in ("price", "sold", "rounds", "order_free")}
        small["count"] = np.count_nonzero(end.liquidated)
        if accounts:
            small["masks"] = np.packbits(end.liquidated)
        for key, value in small.items():
            results[key].append(value)
    return {key: np.array(values) for key, values in results.items()}
