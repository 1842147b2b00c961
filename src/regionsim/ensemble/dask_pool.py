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
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from regionsim.ensemble.sizing import worker_mb
from regionsim.ensemble.supervise import WorkerLostError, supervise
from regionsim.ensemble.units import Failure, Progress, Setups, Task, Unit, failure
from regionsim.model.settings import Settings
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


@dataclass(frozen=True)
class Cluster:
    """Where workers come from, and how many.

    address: of a scheduler that runs ('tcp://host:8786'), whose workers are used, however many there are; slurm:
    arguments of dask_jobqueue.SLURMCluster, `workers` jobs are asked for; neither: `workers` processes here.
    key: of the configuration, for errors.
    """

    workers: int
    address: str | None = None
    slurm: Mapping[str, Any] | None = None
    key: str = "engine"


def compute_on_dask(task: Task, units: Sequence[Unit], cluster: Cluster, progress: Progress) -> dict[Unit, Failure]:
    """Compute units on Dask; returns what failed, by unit.

    Raises InputError for packages that are missing, a scheduler that does not answer, workers that cannot do it.
    """
    return supervise(task, units, cluster.workers, partial(_pool, task, cluster, progress), progress)


def needed(package: str, extra: str, key: str) -> None:
    """Raise InputError if an optional package is not there; `key`: of the configuration that asks for it."""
    from importlib.util import find_spec

    if find_spec(package) is None:
        raise InputError(key, f"needs the package {package}: pip install 'regionsim[{extra}]'")


@contextmanager
def connected(
    cluster: Cluster, scenarios: Mapping[str, Settings], folder: Path, progress: Progress
) -> Iterator[Any]:
    """A client whose workers have the memory for these scenarios, run this code and see this folder.

    Raises InputError for packages that are missing, a scheduler that does not answer, workers that cannot do it.
    """
    needed("distributed", "dask", cluster.key)
    import distributed  # noqa: F401  # first, so that its defaults outlive the settings made here
    from dask import config

    with ExitStack() as stack:
        stack.enter_context(config.set(CONFIG))
        stack.enter_context(one_thread())
        client = stack.enter_context(_client(cluster))
        _wait_for_workers(client, progress, scenarios, cluster.key)
        _check_workers(client, folder)
        yield client


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """In a worker: whatever its number of threads, one unit or job is computed at a time, with one thread."""
    from threadpoolctl import threadpool_limits

    with _one_at_a_time, threadpool_limits(1):
        yield


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
def _pool(task: Task, cluster: Cluster, progress: Progress, workers: int) -> Iterator[Workers]:
    name = f"regionsim-{uuid.uuid4().hex}"
    folder = next(iter(task.files.values())).parent
    with connected(replace(cluster, workers=workers), task.scenarios, folder, progress) as client:
        client.register_plugin(_plugin(name, task), name=name)
        try:
            yield Workers(client, name)
        finally:
            client.unregister_worker_plugin(name)


@contextmanager
def _client(cluster: Cluster) -> Iterator[Any]:
    from distributed import Client, LocalCluster

    address = cluster.address
    if address is not None:
        try:
            client = Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            words = f"no Dask scheduler answers at '{address}' ({' '.join(str(error).split())})"
            raise InputError(f"{cluster.key}.address", words) from None
        with client:
            yield client
        return
    if cluster.slurm is not None:
        with slurm_cluster(cluster.slurm, cluster.key) as jobs, Client(jobs, set_as_default=False) as client:
            jobs.scale(jobs=cluster.workers)
            yield client
        return
    local = {"n_workers": cluster.workers, "threads_per_worker": 1, "processes": True, "memory_limit": 0}
    with LocalCluster(**local, dashboard_address=None) as here, Client(here, set_as_default=False) as client:
        yield client


def slurm_cluster(options: Mapping[str, Any], key: str = "engine") -> Any:
    """A cluster of which every worker is a SLURM job of one core; `job_script()` shows what is handed in."""
    needed("dask_jobqueue", "slurm", key)
    from dask_jobqueue import SLURMCluster  # type: ignore[attr-defined]

    given = {key: value for key, value in options.items() if value is not None}
    return SLURMCluster(cores=1, processes=1, **given)


def _wait_for_workers(client: Any, progress: Progress, scenarios: Mapping[str, Settings], key: str) -> None:
    progress.note("waiting for workers")
    try:
        client.wait_for_workers(1, timeout=SECONDS_FOR_WORKERS)
    except TimeoutError:
        raise InputError(key, f"no Dask worker came within {SECONDS_FOR_WORKERS:.0f} s") from None
    need = max(worker_mb(settings) for settings in scenarios.values())
    limits = {
        address: about["memory_limit"] / 1e6
        for address, about in client.scheduler_info(n_workers=-1)["workers"].items()
        if about["memory_limit"]
    }
    small = [f"{address}: {limit:.0f} MB" for address, limit in limits.items() if limit < need]
    if small:
        words = f"a worker needs about {need:.0f} MB at this ensemble.scale; too small: {listed(small)}"
        raise InputError(key, words)
    progress.say(f"Dask workers: {len(client.ncores())}, about {need / 1000:.1f} GB each, one unit at a time")


def _check_workers(client: Any, folder: Path) -> None:
    """Raise InputError for workers that run other code or do not see the results folder."""
    found = client.run(_what_is_here, str(folder))
    faults = [f"{worker}: runs other code ({here['code']}) than this ({code_hash()})" for worker, here in found.items()
              if here["code"] != code_hash()]  # fmt: skip
    faults += [f"{worker}: does not see the folder {folder}" for worker, here in found.items() if not here["folder"]]
    if faults:
        raise InputError("Dask workers", faults)


def _what_is_here(folder: str) -> dict[str, Any]:
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
    task, setups = _tasks[name]
    with one_at_a_time():
        try:
            task.compute(setups.of(unit), unit)
        except Exception as error:
            return failure(error)
    return None
