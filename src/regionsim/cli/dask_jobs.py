"""The jobs of a sweep on workers of Dask, for the launcher `dask` of Hydra."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, as_completed
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from rich.console import Console

from regionsim.cli.launched import JobError, Launched
from regionsim.cli.progress import watching
from regionsim.cli.schema import EngineSection
from regionsim.ensemble.dask_pool import connected, needed, one_at_a_time
from regionsim.ensemble.engines import EngineSettings, cluster_of
from regionsim.ensemble.supervise import KILLED
from regionsim.state.errors import InputError

if TYPE_CHECKING:
    from hydra.core.utils import JobReturn
    from hydra.types import HydraContext
    from omegaconf import DictConfig

KEY = "hydra.launcher"


def checked_engine(options: Mapping[str, Any], task: Launched) -> EngineSettings:
    """Where the workers come from, by the launcher's keys, which are those of the engines `dask` and `slurm`.

    Raises InputError for wrong values, for a package that is missing, and for jobs that want workers of their own.
    """
    needed("distributed", "dask", "hydra/launcher")
    given = {key: value for key, value in options.items() if key != "slurm" or value is not None}
    try:
        engine = EngineSection(kind="slurm" if "slurm" in given else "dask", **given).settings
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors(include_url=False)]
        raise InputError(KEY, faults) from None
    nested = [shares.engine.kind for shares in task.shares if shares.engine.kind != "serial"]
    if nested:
        words = f"got {nested[0]}; allowed with hydra/launcher=dask: serial, one unit after the other in every job"
        raise InputError("engine.kind", words)
    return engine


def run_jobs(
    engine: EngineSettings, configs: Sequence[DictConfig], context: HydraContext, task: Launched
) -> list[JobReturn]:
    """What became of every job, in order. A job whose worker dies is run once more; what it had stored is kept.

    Raises InputError for a scheduler that does not answer and for workers that cannot do it.
    """
    with watching(Console(), "job") as progress:
        scenarios = task.scenarios(configs)
        cluster = cluster_of(engine, scenarios, len(configs), progress, KEY)
        task.prepare(progress)
        progress.begin(len(configs), 0)
        folder = Path(configs[0].hydra.sweep.dir)
        with connected(cluster, scenarios, folder, progress) as client:
            executor = client.get_executor(pure=False, retries=0)
            futures = [executor.submit(_run, config, context, task) for config in configs]
            for number, _ in enumerate(as_completed(futures)):
                progress.finished(number)
            return [_returned(future, config, task) for future, config in zip(futures, configs, strict=True)]


def _run(config: DictConfig, context: HydraContext, task: Launched) -> JobReturn:
    """In a worker: one job, as Hydra runs it."""
    from hydra.core.utils import run_job, setup_globals

    with one_at_a_time():
        setup_globals()
        return run_job(
            hydra_context=context,
            task_function=task,
            config=config,
            job_dir_key="hydra.sweep.dir",
            job_subdir_key="hydra.sweep.subdir",
        )


def _returned(future: Future[JobReturn], config: DictConfig, task: Launched) -> JobReturn:
    """What a worker returned; of one that died, what its job leaves."""
    from distributed.scheduler import KilledWorker
    from hydra.core.utils import JobReturn, JobStatus

    try:
        return future.result()
    except KilledWorker:
        lost = JobReturn(overrides=list(config.hydra.overrides.task), status=JobStatus.COMPLETED)
        try:
            lost.return_value = task.lost(config.hydra.job.num, KILLED.reason)
        except JobError as error:
            lost.status, lost.return_value = JobStatus.FAILED, error
        return lost
