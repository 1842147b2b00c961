"""A pool of worker processes on this machine."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import Any

from regionsim.ensemble.storage import remove_parts
from regionsim.ensemble.supervise import WorkerLostError, supervise
from regionsim.ensemble.units import Failure, Progress, Setups, Task, Unit, failure
from regionsim.state.worker_processes import import_ahead, worker_processes

_worker: dict[str, Any] = {}  # of a worker process: its task and its setups


def expect_workers(task: Task) -> None:
    """What workers import is imported while this process prepares."""
    import_ahead([task.model.run_unit.__module__, __name__])


def compute_in_processes(
    task: Task, units: Sequence[Unit], workers: int, progress: Progress
) -> dict[Unit, Failure]:
    """Compute units in `workers` processes; returns what failed, by unit."""
    return supervise(task, units, workers, partial(_pool, task), progress)


class Processes:
    """The pool; when one of its processes dies, it is lost as a whole."""

    def __init__(self, pool: ProcessPoolExecutor, workers: int) -> None:
        self._pool, self._workers = pool, workers
        self._others = set(multiprocessing.active_children())
        self.ours: set[int] = set()  # its processes, the dead ones too

    def slots(self) -> int:
        """One unit a process."""
        self.ours |= {child.pid or 0 for child in set(multiprocessing.active_children()) - self._others}
        return self._workers

    def submit(self, unit: Unit) -> Future[Failure | None]:
        """Have a unit computed."""
        try:
            return self._pool.submit(_compute, unit)
        except BrokenProcessPool:
            raise WorkerLostError(pool_is_broken=True) from None

    def result(self, done: Future[Failure | None]) -> Failure | None:
        """What became of a unit."""
        try:
            return done.result()
        except BrokenProcessPool:
            raise WorkerLostError(pool_is_broken=True) from None


@contextmanager
def _pool(task: Task, workers: int) -> Iterator[Processes]:
    processes: Processes | None = None
    try:
        with worker_processes(workers, _begin, _end, (task,)) as pool:
            processes = Processes(pool, workers)
            yield processes
    finally:
        remove_parts(task.files.values(), processes.ours if processes else set())


def _begin(task: Task) -> None:
    """First in a worker: what it works on."""
    _worker["task"], _worker["setups"] = task, Setups(task)


def _end(task: Task) -> None:
    """Last in a worker whose parent died: nothing half-written stays."""
    remove_parts(task.files.values(), {os.getpid()})


def _compute(unit: Unit) -> Failure | None:
    """In a worker: compute and store one unit; the reason if that fails."""
    task: Task = _worker["task"]
    try:
        task.compute(_worker["setups"].of(unit), unit)
    except Exception as error:
        return failure(error)
    return None
