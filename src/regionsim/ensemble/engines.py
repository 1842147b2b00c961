"""Where units are computed: here, in processes, or on Dask. The numbers are the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from regionsim.ensemble.sizing import workers_that_fit
from regionsim.ensemble.supervise import fail
from regionsim.ensemble.units import Failure, Progress, Setups, Task, Unit, failure
from regionsim.state.errors import InputError, listed


@dataclass(frozen=True)
class EngineSettings:
    """Which engine, how many workers (None: one per core) and how much memory for all of them (None: what is free).

    address: of a Dask scheduler that runs; slurm: what dask_jobqueue.SLURMCluster is told.
    """

    kind: str = "serial"
    workers: int | None = None
    memory_gb: float | None = None
    address: str | None = None
    slurm: Mapping[str, Any] | None = None


def compute(engine: EngineSettings, task: Task, units: Sequence[Unit], progress: Progress) -> dict[Unit, Failure]:
    """Compute these units; returns what failed, by unit. InputError for an engine that does not exist or fit."""
    if engine.kind not in ENGINES:
        raise InputError("engine.kind", f"got '{engine.kind}'; allowed: {listed(ENGINES)}")
    return ENGINES[engine.kind](engine, task, units, progress)


def _serial(engine: EngineSettings, task: Task, units: Sequence[Unit], progress: Progress) -> dict[Unit, Failure]:
    """One after the other in this process."""
    workers_that_fit(task.scenarios, 1, len(units), engine.memory_gb)
    setups = _prepared(task, units, progress)
    failures = dict[Unit, Failure]()
    for unit in units:
        try:
            task.compute(setups.of(unit), unit, partial(_note, progress, unit))
        except InputError:
            raise
        except Exception as error:
            fail(task, unit, failure(error), failures)
            if failures[unit].of_surroundings:
                break
        else:
            progress.finished(unit.draw)
    return failures


def _processes(engine: EngineSettings, task: Task, units: Sequence[Unit], progress: Progress) -> dict[Unit, Failure]:
    from regionsim.ensemble.processes import compute_in_processes, expect_workers

    workers, words = workers_that_fit(task.scenarios, engine.workers, len(units), engine.memory_gb)
    progress.say(words)
    expect_workers(task)
    _prepared(task, units, progress)
    return compute_in_processes(task, units, workers, progress)


def _dask(engine: EngineSettings, task: Task, units: Sequence[Unit], progress: Progress) -> dict[Unit, Failure]:
    from regionsim.ensemble.dask_pool import compute_on_dask

    workers = 1
    if engine.address is None:
        workers, words = workers_that_fit(task.scenarios, engine.workers, len(units), engine.memory_gb)
        progress.say(words)
    _prepared(task, units, progress)
    return compute_on_dask(task, units, workers, progress, engine.address)


def _slurm(engine: EngineSettings, task: Task, units: Sequence[Unit], progress: Progress) -> dict[Unit, Failure]:
    from regionsim.ensemble.dask_pool import compute_on_dask

    workers = min(engine.workers or len(units), len(units))
    progress.say(f"{workers} SLURM jobs")
    _prepared(task, units, progress)
    return compute_on_dask(task, units, workers, progress, slurm=engine.slurm or {})


ENGINES: dict[str, Callable[[EngineSettings, Task, Sequence[Unit], Progress], dict[Unit, Failure]]] = {
    "serial": _serial,
    "processes": _processes,
    "dask": _dask,
    "slurm": _slurm,
}


def _prepared(task: Task, units: Sequence[Unit], progress: Progress) -> Setups:
    """Setups with the first one made: fills the caches, and finds bad input before any worker starts."""
    progress.note("preparing")
    setups = Setups(task)
    setups.of(units[0])
    return setups


def _note(progress: Progress, unit: Unit, text: str) -> None:
    progress.note(f"draw {unit}: {text}")
