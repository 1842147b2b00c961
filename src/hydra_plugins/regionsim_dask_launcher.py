"""Hydra's launcher `dask`: the jobs of a sweep on workers of Dask, `regionsim -m hydra/launcher=dask KEY=A,B`.

Hydra imports this file whenever it starts, so it imports nothing else before something is launched.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.core.utils import JobReturn
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, OmegaConf, open_dict


class DaskLauncher(Launcher):
    """Hands jobs to workers: processes here, those of a scheduler that runs at `address`, or SLURM jobs."""

    def __init__(self, **options: Any) -> None:
        self._options = {key: OmegaConf.to_object(each) if OmegaConf.is_config(each) else each
                         for key, each in options.items()}  # fmt: skip

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Raises InputError for options that are wrong, and if Dask is not installed."""
        from regionsim.cli.dask_jobs import checked_engine

        self._context, self._task, self._config = hydra_context, task_function, config
        self._engine = checked_engine(self._options, task_function)

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Run one batch of jobs; returns what became of each, in order."""
        from regionsim.cli.dask_jobs import run_jobs

        configs = [self._composed(words, number) for number, words in enumerate(job_overrides, initial_job_idx)]
        return run_jobs(self._engine, configs, self._context, self._task)

    def _composed(self, words: Sequence[str], number: int) -> DictConfig:
        config = self._context.config_loader.load_sweep_config(self._config, list(words))
        with open_dict(config):
            config.hydra.job.id, config.hydra.job.num = str(number), number
        return config


# the keys of configs/engine/dask.yaml; slurm: those of configs/engine/slurm.yaml, such as {queue: short}
NODE = {
    "_target_": f"{DaskLauncher.__module__}.{DaskLauncher.__name__}",
    "address": None,
    "workers": None,
    "memory_gb": None,
    "slurm": None,
}
ConfigStore.instance().store(group="hydra/launcher", name="dask", node=NODE, provider="regionsim")
