"""Where units are computed: one after the other here, or side by side in processes. The numbers are the same."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from regionsim.ensemble.processes import compute_in_processes
from regionsim.ensemble.units import Failure, Progress, Task, Unit, failure
from regionsim.state.errors import InputError, listed

Engine = Callable[[Task, Sequence[Unit], int, Progress], dict[Unit, Failure]]


@dataclass(frozen=True)
class EngineSettings:
    """Which engine, and how many workers; None is one per core."""

    kind: str = "serial"
    workers: int | None = None


def compute_here(task: Task, units: Sequence[Unit], workers: int, progress: Progress) -> dict[Unit, Failure]:
    """Compute units one after the other in this process; returns what failed, by unit."""
    progress.note("preparing")
    setup = task.prepare()
    failures = {}
    for unit in units:
        try:
            task.compute(setup, unit, partial(_note, progress, unit))
        except InputError:
            raise
        except Exception as error:
            failures[unit] = failure(error)
        else:
            progress.finished(unit.draw)
    return failures


def _note(progress: Progress, unit: Unit, text: str) -> None:
    progress.note(f"draw {unit}: {text}")


ENGINES: dict[str, Engine] = {"serial": compute_here, "processes": compute_in_processes}


def compute(
    engine: EngineSettings, task: Task, units: Sequence[Unit], progress: Progress
) -> dict[Unit, Failure]:
    """Compute these units; returns what failed, by unit. InputError for an engine that does not exist."""
    if engine.kind not in ENGINES:
        raise InputError("engine.kind", f"got '{engine.kind}'; allowed: {listed(ENGINES)}")
    workers = engine.workers if engine.workers is not None else cores()
    return ENGINES[engine.kind](task, units, max(1, min(workers, len(units))), progress)


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
