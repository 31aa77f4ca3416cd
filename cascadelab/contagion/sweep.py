"""Many shocks to one book: in this process, or in chunks on the workers of an executor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cascadelab.contagion.outcome import Impact
from cascadelab.kit.validate import Floats, read_only

if TYPE_CHECKING:
    from cascadelab.contagion.solver import Solver

Progress = Callable[[int, int], object]


@dataclass(frozen=True, eq=False)
class Sweep:
    """Ends of S cascades, one a scenario, in the order of the shocks.

    price : (S, M)               prices at the end
    count : (S,)                 accounts that were liquidated
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
    solver: Solver, shocked: Floats, impact: Impact, *, schedule: str, executor: Executor | None, chunk: int,
    accounts: bool, progress: Progress | None,
) -> Sweep:  # fmt: skip
    """Run all scenarios; see `Solver.sweep`."""
    number = shocked.shape[0]
    parts: dict[int, dict[str, Any]] = {}
    for start, part in _chunks(solver, shocked, impact, schedule, executor, chunk, accounts):
        parts[start] = part
        if progress is not None:
            progress(sum(p["count"].size for p in parts.values()), number)
    joined = {key: np.concatenate([parts[start][key] for start in sorted(parts)]) for key in parts[0]}
    free = joined.pop("order_free")
    masks = np.unpackbits(joined.pop("masks"), axis=1, count=len(solver.book)).astype(bool) if accounts else None
    return Sweep(
        read_only(joined["price"]),
        joined["count"],
        read_only(joined["sold"]),
        joined["rounds"],
        bool(free.all()),
        masks,
    )


def _chunks(
    solver: Solver, shocked: Floats, impact: Impact, schedule: str, executor: Executor | None, chunk: int,
    accounts: bool,
) -> Iterator[tuple[int, dict[str, Any]]]:  # fmt: skip
    """Yield the first scenario and the results of each chunk, as they are done."""
    starts = range(0, shocked.shape[0], chunk)
    if executor is None:
        for start in starts:
            yield start, _some(solver, shocked[start : start + chunk], impact, schedule, accounts)
        return
    futures = {
        executor.submit(_some, solver, shocked[start : start + chunk], impact, schedule, accounts): start
        for start in starts
    }
    for future in as_completed(futures):
        start = futures[future]
        try:
            yield start, future.result()
        except Exception as error:
            for other in futures:
                other.cancel()
            last = min(start + chunk, shocked.shape[0]) - 1
            raise RuntimeError(
                f"the worker with scenarios {start} to {last} failed, no result is returned: "
                f"{type(error).__name__}: {error}"
            ) from error


def _some(solver: Solver, shocked: Floats, impact: Impact, schedule: str, accounts: bool) -> dict[str, Any]:
    """Results of a chunk of scenarios, small enough to travel: masks are packed eight accounts a byte."""
    ends = [solver.run(price, impact, schedule=schedule) for price in shocked]
    results = {
        "price": np.array([end.price for end in ends]),
        "count": np.array([np.count_nonzero(end.liquidated) for end in ends]),
        "sold": np.array([end.sold for end in ends]),
        "rounds": np.array([end.rounds for end in ends]),
        "order_free": np.array([end.order_free for end in ends]),
    }
    if accounts:
        results["masks"] = np.array([np.packbits(end.liquidated) for end in ends])
    return results
