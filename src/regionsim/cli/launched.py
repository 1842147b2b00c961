"""What a launcher of Hydra's runs: every job of a sweep computes its share of a study's units, wherever that is.

Plans of a sweep branch from one past, so a unit belongs to all jobs of a world; they deal the world's units out among
themselves. Afterwards the process that launched them finds every unit stored, and collects one dataset.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regionsim.cli.compose import job_of
from regionsim.cli.configs import register
from regionsim.cli.study import Study
from regionsim.cli.sweep import Composed, studies
from regionsim.ensemble.engines import EngineSettings, compute, one_after_the_other, prepared
from regionsim.ensemble.marks import note_failure
from regionsim.ensemble.run import compute_missing, task_of, unfinished
from regionsim.ensemble.units import Progress, Silent, Task, Unit
from regionsim.model.settings import Settings

if TYPE_CHECKING:
    from omegaconf import DictConfig


class JobError(Exception):
    """A job of a sweep ended with this exit code; `words` say which and why."""

    def __init__(self, code: int, words: str) -> None:
        self.code, self.words = code, words
        super().__init__(code, words)

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Shares:
    """The units of a study, dealt out among its jobs: by the number of the job."""

    task: Task
    engine: EngineSettings
    units: Mapping[int, Sequence[Unit]]

    def compute(self, number: int) -> int:
        """Compute what is missing of a job's share; 1 if units failed, else 0. UnfinishedError if the disk refuses."""
        alone = self.engine.kind == "serial"  # then whoever launched the job has seen to the memory
        computes = one_after_the_other if alone else partial(compute, self.engine)
        failures = compute_missing(self.task, self.units[number], computes, Silent())
        if any(failure.of_surroundings for failure in failures.values()):
            raise unfinished(self.task, failures)
        return 1 if failures else 0

    def lost(self, number: int, reason: str) -> int:
        """Enter why a job that died left units behind; 1."""
        for unit in self.units[number]:
            if not self.task.is_stored(unit):
                note_failure(self.task.files[unit], reason, "")
        return 1

    def failed(self) -> Iterator[int]:
        """The jobs of which something is not stored."""
        for number, units in self.units.items():
            if not all(self.task.is_stored(unit) for unit in units):
                yield number


@dataclass(frozen=True)
class Launched:
    """The task of every job.

    start: the folder of the command; a worker may have been started elsewhere. shares: of all studies; none where
    another sweeper decides on the way what is run, so that each job is a study of its own.
    """

    start: Path
    shares: Sequence[Shares] = ()

    def __call__(self, config: DictConfig) -> int:
        """Run the job that Hydra runs now; returns 0, or 1 if units failed."""
        from hydra.core.hydra_config import HydraConfig

        if not self.shares:
            with chdir(self.start):
                return _alone(config)
        number = int(HydraConfig.get().job.num)
        return self._of(number).compute(number)

    def lost(self, number: int, reason: str) -> int:
        """What becomes of a job that died: 1. Raises JobError where it was a study of its own."""
        if not self.shares:
            raise JobError(1, f"job {number}: {reason}")
        return self._of(number).lost(number, reason)

    def _of(self, number: int) -> Shares:
        return next(each for each in self.shares if number in each.units)

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """In the process of a worker, where nobody has told Hydra what is in no file."""
        self.__dict__.update(state)
        register(self.start)

    def scenarios(self, configs: Sequence[DictConfig]) -> dict[str, Settings]:
        """All that is to be run, by any name; `configs`: of the jobs."""
        known = [settings for each in self.shares for settings in each.task.scenarios.values()]
        return {str(i): settings for i, settings in enumerate(known or [job_of(config).settings for config in configs])}

    def prepare(self, progress: Progress) -> None:
        """Fill the caches before workers want them, and find bad input."""
        for each in self.shares:
            missing = [unit for unit in each.task.files if not each.task.is_stored(unit)]
            if missing:
                prepared(each.task, missing, progress)


def dealt_out(found: Sequence[Study], jobs: Sequence[Composed]) -> Launched:
    """The task of the jobs of these studies. A job computes one unit after the other, unless its engine was chosen."""
    chosen = any(word.partition("=")[0].split(".")[0] == "engine" for job in jobs for word in job.overrides)
    return Launched(Path.cwd(), [_dealt(study, study.engine if chosen else EngineSettings()) for study in found])


def _dealt(study: Study, engine: EngineSettings) -> Shares:
    task = task_of(study.scenarios, study.folder)
    units = dict[int, Sequence[Unit]]()
    for number, world in study.jobs.items():
        together = [other for other, its in study.jobs.items() if its == world]
        of_world = [unit for unit in task.files if unit.world in ("", world)]
        units[number] = of_world[together.index(number) :: len(together)]
    return Shares(task, engine, units)


def _alone(config: DictConfig) -> int:
    """Run a job as a study of its own. Raises JobError if it does not end well."""
    from regionsim.cli.job import run_studies

    job = job_of(config)
    code = run_studies(studies([Composed(job, ())]), job.report.language)
    if code:
        raise JobError(code, f"{job.folder}: ended with exit code {code}")
    return code
