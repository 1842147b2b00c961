"""Where units are computed: one after the other here, or side by side in processes. The numbers are the same."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from regionsim.ensemble.processes import compute_in_processes
from regionsim.ensemble.units import Failure, Progress, Task, failure
from regionsim.state.errors import InputError, listed

Engine = Callable[[Task, Sequence[int], int, Progress], dict[int, Failure]]


@dataclass(frozen=True)
class EngineSettings:
    """Which engine, and how many workers; None is one per core."""

    kind: str = "serial"
    workers: int | None = None


def compute_here(task: Task, draws: Sequence[int], workers: int, progress: Progress) -> dict[int, Failure]:
    """Compute units one after the other in this process; returns what failed, by draw."""
    progress.note("preparing")
    setup = task.prepare()
    failures = {}
    for draw in draws:
        try:
            task.compute(setup, draw, partial(_note, progress, draw))
        except InputError:
            raise
        except Exception as error:
            failures[draw] = failure(error)
        else:
            progress.finished(draw)
    return failures


def _note(progress: Progress, draw: int, text: str) -> None:
    progress.note(f"draw {draw}: {text}")


ENGINES: dict[str, Engine] = {"serial": compute_here, "processes": compute_in_processes}


def compute(
    engine: EngineSettings, task: Task, draws: Sequence[int], progress: Progress
) -> dict[int, Failure]:
    """Compute these draws' units; returns what failed, by draw. InputError for an engine that does not exist."""
    if engine.kind not in ENGINES:
        raise InputError("engine.kind", f"got '{engine.kind}'; allowed: {listed(ENGINES)}")
    workers = engine.workers if engine.workers is not None else cores()
    return ENGINES[engine.kind](task, draws, max(1, min(workers, len(draws))), progress)


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
