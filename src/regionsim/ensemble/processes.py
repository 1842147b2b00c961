"""Units side by side in worker processes that may die: what they leave is computed again, what kills them is named."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from regionsim.ensemble.storage import remove_parts
from regionsim.ensemble.units import Failure, Progress, Task, Unit, failure
from regionsim.state.worker_processes import worker_processes

KILLED = Failure(
    "the worker process was killed twice; if memory ran out, use fewer engine.workers or a smaller scale"
)

_worker: dict[str, Any] = {}  # of a worker process: its task and, once prepared, its setup


def compute_in_processes(
    task: Task, units: Sequence[Unit], workers: int, progress: Progress
) -> dict[Unit, Failure]:
    """Compute units in `workers` processes; returns what failed, by unit.

    When a worker dies, its pool is lost with it: units that were under way are suspects and are tried once more, each
    alone, so that a unit which kills its worker takes no other with it.
    """
    progress.note("preparing")
    task.prepare()  # fills the caches (people, drivers) once, and finds bad input before any worker starts
    fresh, suspects, failures = deque(units), deque[Unit](), dict[Unit, Failure]()
    while fresh or suspects:
        first_time = bool(fresh)
        lost = _round(task, fresh or suspects, workers if first_time else 1, progress, failures)
        if first_time:
            suspects += lost
            if lost:
                progress.note(f"a worker process died; computing again: draws {', '.join(map(str, lost))}")
        else:
            failures.update(dict.fromkeys(lost, KILLED))
    return failures


def _round(
    task: Task, waiting: deque[Unit], workers: int, progress: Progress, failures: dict[Unit, Failure]
) -> list[Unit]:
    """Work `waiting` off with one pool, until it is empty or the pool breaks; returns the units lost with the pool."""
    others = set(multiprocessing.active_children())
    ours: set[int] = set()
    lost: list[Unit] = []
    running: dict[Future[Failure | None], Unit] = {}
    try:
        preload = [task.model.run_unit.__module__]
        with worker_processes(workers, _begin, _end, (task,), preload) as pool:
            while (waiting and not lost) or running:
                while waiting and not lost and len(running) < workers:
                    unit = waiting.popleft()
                    try:
                        running[pool.submit(_compute, unit)] = unit
                    except BrokenProcessPool:
                        lost.append(unit)
                ours |= {child.pid or 0 for child in set(multiprocessing.active_children()) - others}
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    _take(task, running.pop(done), done, progress, failures, lost)
    finally:
        remove_parts(task.files.values(), ours)
    return sorted(lost, key=str)


def _take(
    task: Task,
    unit: Unit,
    done: Future[Failure | None],
    progress: Progress,
    failures: dict[Unit, Failure],
    lost: list[Unit],
) -> None:
    """Enter what became of a unit: finished, failed, or lost with its pool."""
    try:
        failed = done.result()
    except BrokenProcessPool:
        if not task.is_stored(unit):
            lost.append(unit)
            return
        failed = None
    if failed is None:
        progress.finished(unit.draw)
    else:
        failures[unit] = failed


def _begin(task: Task) -> None:
    """First in a worker: what it works on."""
    _worker["task"] = task


def _end(task: Task) -> None:
    """Last in a worker whose parent died: nothing half-written stays."""
    remove_parts(task.files.values(), {os.getpid()})


def _compute(unit: Unit) -> Failure | None:
    """In a worker: compute and store one unit; the reason if that fails."""
    task: Task = _worker["task"]
    try:
        if "setup" not in _worker:
            _worker["setup"] = task.prepare()
        task.compute(_worker["setup"], unit)
    except Exception as error:
        return failure(error)
    return None
