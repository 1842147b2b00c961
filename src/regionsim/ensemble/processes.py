"""Units side by side in worker processes that may die: what they leave is computed again, what kills them is named."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait as wait_for
from typing import Any

from regionsim.ensemble.storage import remove_parts
from regionsim.ensemble.units import Failure, Progress, Task, Unit, failure
from regionsim.state.threads import one_thread

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
    task.prepare()  # fills the cache of the population once, and finds bad input before any worker starts
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
        with _pool(task, workers, others) as pool:
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


@contextmanager
def _pool(task: Task, workers: int, others: set[Any]) -> Iterator[ProcessPoolExecutor]:
    """A pool whose workers use one thread each and are gone when it is left, however it is left."""
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if forks else "spawn")
    if forks:
        context.set_forkserver_preload([task.model.run_unit.__module__])
    with one_thread():
        pool = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(task,))
        try:
            yield pool
        except BaseException:
            for child in set(multiprocessing.active_children()) - others:
                child.terminate()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def _begin(task: Task) -> None:
    """Start of a worker: Ctrl-C is the parent's to answer, and a worker does not outlive its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(task,), daemon=True).start()
    _worker["task"] = task


def _end_with_parent(task: Task) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        remove_parts(task.files.values(), {os.getpid()})
        os._exit(1)


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
