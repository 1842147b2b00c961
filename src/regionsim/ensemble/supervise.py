"""Units on workers that may die: what a worker leaves behind is computed again, what kills its worker is named.

An engine opens a pool; here its units are handed out, a few at a time, and taken back. A unit that was lost with its
worker is a suspect and is tried once more, alone, so that a unit which kills its worker takes no other with it. What
fails in the model fails again and is not retried. When the disk refuses, the rest is not tried.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractContextManager
from typing import Protocol

from regionsim.ensemble.marks import note_failure
from regionsim.ensemble.units import Failure, Progress, Task, Unit

KILLED = Failure(
    "the worker process was killed twice; if memory ran out, use fewer engine.workers or a smaller scale"
)
SECONDS = 10.0  # after which the number of workers is asked for again


class WorkerLostError(Exception):
    """The worker of a unit died. `pool_is_broken`: all its pool with it."""

    def __init__(self, pool_is_broken: bool = False) -> None:
        self.pool_is_broken = pool_is_broken
        super().__init__(pool_is_broken)


class Pool(Protocol):
    """Workers that compute one unit each at a time."""

    def slots(self) -> int:
        """Units that can be computed side by side now, at least 1."""

    def submit(self, unit: Unit) -> Future[Failure | None]:
        """Have a unit computed. Raises WorkerLostError if the pool is broken."""

    def result(self, done: Future[Failure | None]) -> Failure | None:
        """What became of a unit: why it failed, or None. Raises WorkerLostError."""


Open = Callable[[int], AbstractContextManager[Pool]]  # a pool of at most so many workers


def supervise(
    task: Task, units: Sequence[Unit], workers: int, opened: Open, progress: Progress
) -> dict[Unit, Failure]:
    """Compute units on pools of `workers` workers; returns what failed, by unit."""
    fresh, suspects, failures = deque(units), deque[Unit](), dict[Unit, Failure]()
    while fresh or suspects:
        first_time = bool(fresh)
        with opened(workers if first_time else 1) as pool:
            lost = _work_off(task, fresh or suspects, pool, 0 if first_time else 1, progress, failures)
        if first_time:
            suspects += lost
            if lost:
                again = ", ".join(map(str, sorted(lost, key=str)))
                progress.say(f"a worker process died; computing again: draws {again}")
        else:
            for unit in lost:
                fail(task, unit, KILLED, failures)
        if any(failed.of_surroundings for failed in failures.values()):
            break
    return failures


def _work_off(
    task: Task, waiting: deque[Unit], pool: Pool, most: int, progress: Progress, failures: dict[Unit, Failure]
) -> list[Unit]:
    """Hand out `waiting` until it is empty, the pool breaks or the disk refuses; returns the units that were lost.

    most: units side by side, 0 as many as the pool takes.
    """
    lost: list[Unit] = []
    running: dict[Future[Failure | None], Unit] = {}
    stopped = False
    while (waiting and not stopped) or running:
        while waiting and not stopped and len(running) < (most or pool.slots()):
            unit = waiting.popleft()
            try:
                running[pool.submit(unit)] = unit
            except WorkerLostError:
                lost.append(unit)
                stopped = True
        for done in wait(running, SECONDS, FIRST_COMPLETED).done:
            unit = running.pop(done)
            try:
                failed = pool.result(done)
            except WorkerLostError as error:
                stopped = stopped or error.pool_is_broken
                failed = None
                if not task.is_stored(unit):
                    lost.append(unit)
                    continue
            if failed is None:
                progress.finished(unit.draw)
            elif failed.passing and not most:
                lost.append(unit)
            else:
                fail(task, unit, failed, failures)
                stopped = stopped or failed.of_surroundings
    return lost


def fail(task: Task, unit: Unit, failed: Failure, failures: dict[Unit, Failure]) -> None:
    """Enter a failure, and keep its reason beside the unit's place."""
    failures[unit] = failed
    note_failure(task.files[unit], failed.reason, failed.details)
