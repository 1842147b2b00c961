"""Workers of Dask: on this machine, of a scheduler that runs elsewhere, or of a cluster's queue (SLURM).

Workers store units themselves, so they must see the results folder and run the same code; both are checked. A worker
computes one unit at a time, whatever its number of threads. One that dies is replaced by its nanny, and its unit goes
to another worker; a unit that has taken several workers with it comes back as lost.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from regionsim.ensemble.sizing import worker_mb
from regionsim.ensemble.supervise import WorkerLostError, supervise
from regionsim.ensemble.units import Failure, Progress, Setups, Task, Unit, failure
from regionsim.results.provenance import code_hash
from regionsim.state.errors import InputError, listed
from regionsim.state.threads import one_thread

DEATHS_ALLOWED = 1  # of workers under one unit, before it is tried alone; of an own scheduler
SECONDS_TO_CONNECT = 20.0
SECONDS_FOR_WORKERS = 60.0
CONFIG = {
    "distributed.scheduler.worker-saturation": 1.0,  # no unit waits on a worker that another may kill
    "distributed.scheduler.allowed-failures": DEATHS_ALLOWED,
    "distributed.admin.system-monitor.disk": False,
    "distributed.worker.memory.terminate": False,  # the engine sized itself; a nanny that kills would lose the unit
}

_tasks: dict[str, tuple[Task, Setups]] = {}  # of a worker process, by the name of the run
_one_at_a_time = threading.Lock()


def compute_on_dask(
    task: Task,
    units: Sequence[Unit],
    workers: int,
    progress: Progress,
    address: str | None = None,
    slurm: Mapping[str, Any] | None = None,
) -> dict[Unit, Failure]:
    """Compute units on Dask; returns what failed, by unit.

    address: of a scheduler that runs ('tcp://host:8786'), whose workers are used, however many there are; slurm:
    arguments of dask_jobqueue.SLURMCluster, `workers` jobs are asked for; neither: `workers` processes here.
    Raises InputError for packages that are missing, a scheduler that does not answer, workers that cannot do it.
    """
    needed("distributed", "dask")
    return supervise(task, units, workers, partial(_pool, task, address, slurm, progress), progress)


def needed(package: str, extra: str) -> None:
    """Raise InputError if an optional package is not there."""
    from importlib.util import find_spec

    if find_spec(package) is None:
        raise InputError("engine.kind", f"needs the package {package}: pip install 'regionsim[{extra}]'")


class Workers:
    """The pool."""

    def __init__(self, client: Any, name: str) -> None:
        self._client, self._name = client, name
        self._executor = client.get_executor(pure=False, retries=0)

    def slots(self) -> int:
        """One unit a worker."""
        return max(1, len(self._client.ncores()))

    def submit(self, unit: Unit) -> Future[Failure | None]:
        """Have a unit computed."""
        future: Future[Failure | None] = self._executor.submit(_compute, self._name, unit)
        return future

    def result(self, done: Future[Failure | None]) -> Failure | None:
        """What became of a unit."""
        from distributed.scheduler import KilledWorker

        try:
            return done.result()
        except KilledWorker:
            raise WorkerLostError from None


@contextmanager
def _pool(
    task: Task, address: str | None, slurm: Mapping[str, Any] | None, progress: Progress, workers: int
) -> Iterator[Workers]:
    import distributed  # noqa: F401  # first, so that its defaults outlive the settings made here
    from dask import config

    name = f"regionsim-{uuid.uuid4().hex}"
    with ExitStack() as stack:
        stack.enter_context(config.set(CONFIG))
        stack.enter_context(one_thread())
        client = stack.enter_context(_client(address, slurm, workers))
        _wait_for_workers(client, progress, task)
        client.register_plugin(_plugin(name, task), name=name)
        _check_workers(client, task)
        try:
            yield Workers(client, name)
        finally:
            client.unregister_worker_plugin(name)


@contextmanager
def _client(address: str | None, slurm: Mapping[str, Any] | None, workers: int) -> Iterator[Any]:
    from distributed import Client, LocalCluster

    if address is not None:
        try:
            client = Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            words = " ".join(str(error).split())
            raise InputError("engine.address", f"no Dask scheduler answers at '{address}' ({words})") from None
        with client:
            yield client
        return
    if slurm is not None:
        with slurm_cluster(slurm) as cluster, Client(cluster, set_as_default=False) as client:
            cluster.scale(jobs=workers)
            yield client
        return
    local = {"n_workers": workers, "threads_per_worker": 1, "processes": True, "memory_limit": 0}
    with LocalCluster(**local, dashboard_address=None) as cluster, Client(cluster, set_as_default=False) as client:
        yield client


def slurm_cluster(options: Mapping[str, Any]) -> Any:
    """A cluster of which every worker is a SLURM job of one core; `job_script()` shows what is handed in."""
    needed("dask_jobqueue", "slurm")
    from dask_jobqueue import SLURMCluster  # type: ignore[attr-defined]

    given = {key: value for key, value in options.items() if value is not None}
    return SLURMCluster(cores=1, processes=1, **given)


def _wait_for_workers(client: Any, progress: Progress, task: Task) -> None:
    progress.note("waiting for workers")
    try:
        client.wait_for_workers(1, timeout=SECONDS_FOR_WORKERS)
    except TimeoutError:
        raise InputError("engine", f"no Dask worker came within {SECONDS_FOR_WORKERS:.0f} s") from None
    need = max(worker_mb(settings) for settings in task.scenarios.values())
    limits = {
        address: about["memory_limit"] / 1e6
        for address, about in client.scheduler_info(n_workers=-1)["workers"].items()
        if about["memory_limit"]
    }
    small = [f"{address}: {limit:.0f} MB" for address, limit in limits.items() if limit < need]
    if small:
        words = f"a worker needs about {need:.0f} MB at this ensemble.scale; too small: {listed(small)}"
        raise InputError("engine", words)
    progress.say(f"Dask workers: {len(client.ncores())}, about {need / 1000:.1f} GB each, one unit at a time")


def _check_workers(client: Any, task: Task) -> None:
    """Raise InputError for workers that run other code or do not see the results folder."""
    folder = next(iter(task.files.values())).parent
    found = client.run(_what_is_here, str(folder))
    faults = [f"{worker}: runs other code ({here['code']}) than this ({code_hash()})" for worker, here in found.items()
              if here["code"] != code_hash()]  # fmt: skip
    faults += [f"{worker}: does not see the folder {folder}" for worker, here in found.items() if not here["folder"]]
    if faults:
        raise InputError("Dask workers", faults)


def _what_is_here(folder: str) -> dict[str, Any]:
    from pathlib import Path

    return {"code": code_hash(), "folder": Path(folder).is_dir()}


def _plugin(name: str, task: Task) -> Any:
    from distributed import WorkerPlugin

    class Knows(WorkerPlugin):  # type: ignore[misc]
        """Tells every worker, those that come later too, what it works on."""

        def setup(self, worker: Any) -> None:
            _begin(name, task)

        def teardown(self, worker: Any) -> None:
            _tasks.pop(name, None)

    return Knows()


def _begin(name: str, task: Task) -> None:
    _tasks[name] = task, Setups(task)


def _compute(name: str, unit: Unit) -> Failure | None:
    """In a worker: compute and store one unit; the reason if that fails."""
    from threadpoolctl import threadpool_limits

    task, setups = _tasks[name]
    with _one_at_a_time, threadpool_limits(1):
        try:
            task.compute(setups.of(unit), unit)
        except Exception as error:
            return failure(error)
    return None
