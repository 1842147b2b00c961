"""Where units are computed: here, in processes, on Dask, or not at all. The numbers are the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from regionsim.ensemble.marks import failure_of
from regionsim.ensemble.sizing import workers_that_fit
from regionsim.ensemble.supervise import fail
from regionsim.ensemble.units import Failure, Progress, Setups, Task, Unit, failure
from regionsim.model.settings import Settings
from regionsim.state.errors import InputError, listed

if TYPE_CHECKING:
    from regionsim.ensemble.dask_pool import Cluster


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


def cluster_of(
    engine: EngineSettings, scenarios: Mapping[str, Settings], things: int, progress: Progress, key: str = "engine"
) -> Cluster:
    """Workers of Dask for these scenarios, at most one for each of the `things` to do; `key`: for errors.

    Raises InputError where not even one worker fits.
    """
    from regionsim.ensemble.dask_pool import Cluster

    if engine.kind == "slurm":
        workers = min(engine.workers or things, things)
        progress.say(f"{workers} SLURM jobs")
        return Cluster(workers, slurm=engine.slurm or {}, key=key)
    if engine.address is not None:
        return Cluster(1, engine.address, key=key)
    workers, words = workers_that_fit(scenarios, engine.workers, things, engine.memory_gb)
    progress.say(words)
    return Cluster(workers, key=key)


def prepared(task: Task, units: Sequence[Unit], progress: Progress) -> Setups:
    """Setups with the first one made: fills the caches, and finds bad input before any worker starts."""
    progress.note("preparing")
    setups = Setups(task)
    setups.of(units[0])
    return setups


def one_after_the_other(task: Task, units: Sequence[Unit], progress: Progress) -> dict[Unit, Failure]:
    """Compute units in this process, whatever memory is free; returns what failed, by unit."""
    setups = prepared(task, units, progress)
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


def _serial(engine: EngineSettings, task: Task, units: Sequence[Unit], progress: Progress) -> dict[Unit, Failure]:
    workers_that_fit(task.scenarios, 1, len(units), engine.memory_gb)
    return one_after_the_other(task, units, progress)


def _processes(engine: EngineSettings, task: Task, units: Sequence[Unit], progress: Progress) -> dict[Unit, Failure]:
    from regionsim.ensemble.processes import compute_in_processes, expect_workers

    workers, words = workers_that_fit(task.scenarios, engine.workers, len(units), engine.memory_gb)
    progress.say(words)
    expect_workers(task)
    prepared(task, units, progress)
    return compute_in_processes(task, units, workers, progress)


def _on_dask(engine: EngineSettings, task: Task, units: Sequence[Unit], progress: Progress) -> dict[Unit, Failure]:
    from regionsim.ensemble.dask_pool import compute_on_dask

    cluster = cluster_of(engine, task.scenarios, len(units), progress)
    prepared(task, units, progress)
    return compute_on_dask(task, units, cluster, progress)


def _stored(engine: EngineSettings, task: Task, units: Sequence[Unit], progress: Progress) -> dict[Unit, Failure]:
    """Computes nothing: what is not stored has failed where it was to be computed."""
    lost = "not stored, without a word from the process that was to compute it"
    return {unit: Failure(failure_of(task.files[unit]) or lost) for unit in units}


ENGINES: dict[str, Callable[[EngineSettings, Task, Sequence[Unit], Progress], dict[Unit, Failure]]] = {
    "serial": _serial,
    "processes": _processes,
    "dask": _on_dask,
    "slurm": _on_dask,
    "stored": _stored,
}


def _note(progress: Progress, unit: Unit, text: str) -> None:
    progress.note(f"draw {unit}: {text}")
