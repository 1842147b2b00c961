"""The main job through Hydra: every scenario is composed and checked before the first one runs."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from regionsim.cli.commands import BAD_INPUT, FAILED, OK
from regionsim.cli.compose import Job, config_error, lines_of
from regionsim.cli.configs import composer, configs_folder, register
from regionsim.cli.overrides import checked_job, composed_as_far_as_possible, in_plain_words
from regionsim.cli.study import Study
from regionsim.cli.sweep import Composed, studies
from regionsim.ensemble.engines import EngineSettings
from regionsim.ensemble.run import UnfinishedError
from regionsim.ensemble.storage import SURROUNDINGS
from regionsim.state.errors import InputError

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from regionsim.cli.launched import Launched

BASIC_SWEEPER = "hydra._internal.core_plugins.basic_sweeper.BasicSweeper"
BASIC_LAUNCHER = "hydra._internal.core_plugins.basic_launcher.BasicLauncher"


def run(words: Sequence[str]) -> int:
    """Run what a command line asks for, after all its scenarios are found right. Returns the exit code."""
    args, words = _parsed(words)
    if args.shell_completion or args.cfg or args.info is not None or args.hydra_help:
        from regionsim.cli.completion import completes_command

        if completes_command(args):
            return 0
        if not args.shell_completion:
            _check_overrides(args)
        _hydra(words, _nothing)
        return 0
    from regionsim.cli.job import run_studies

    jobs = checked_jobs(args)
    found = checked_studies(jobs)
    if not jobs or jobs[0].launched:
        return _launch(words, found, jobs)
    return run_studies(found, jobs[0].job.report.language)


def _launch(words: Sequence[str], found: Sequence[Study], jobs: Sequence[Composed]) -> int:
    """Have a launcher of Hydra's run the jobs, then collect what they stored. Returns the exit code.

    Where another sweeper decides on the way what is run, there is nothing to collect: each job does all itself.
    """
    from regionsim.cli.job import run_studies
    from regionsim.cli.launched import dealt_out

    task = dealt_out(found, jobs)
    code = _ended(words, task)
    if code == BAD_INPUT or not jobs:
        return code
    for number in (number for shares in task.shares for number in shares.failed()):
        print(f"regionsim: job {number} failed: {' '.join(jobs[number].overrides)}", file=sys.stderr)
    stored = [replace(study, engine=EngineSettings("stored")) for study in found]
    return max(code, run_studies(stored, jobs[0].job.report.language))


def _ended(words: Sequence[str], task: Launched) -> int:
    """Run Hydra; the exit code. What a launcher or sweeper raises is told in a line, unless HYDRA_FULL_ERROR is set."""
    from regionsim.cli.launched import JobError

    try:
        _hydra(words, task)
    except Exception as error:
        refused = isinstance(error, InputError) or getattr(error, "errno", None) in SURROUNDINGS
        if refused or os.environ.get("HYDRA_FULL_ERROR"):
            raise
        known = isinstance(error, JobError | UnfinishedError)
        print(f"regionsim: {'' if known else type(error).__name__ + ': '}{error}", file=sys.stderr)
        if isinstance(error, UnfinishedError):
            return BAD_INPUT
        return error.code if isinstance(error, JobError) else FAILED
    return OK


def checked_studies(jobs: Sequence[Composed]) -> list[Study]:
    """The studies of checked jobs. Raises InputError for studies that would be written into one folder."""
    found = studies(jobs)
    folders = Counter(str(study.folder) for study in found)
    double = [folder for folder, times in folders.items() if times > 1]
    if double:
        raise config_error([f"name: {folder} would be written by several studies; leave name out" for folder in double])
    return found


def _parsed(words: Sequence[str]) -> tuple[Namespace, list[str]]:
    """Hydra's arguments, and the words with flags first: Hydra itself does not take flags between overrides."""
    from hydra._internal.utils import get_args_parser

    args = get_args_parser().parse_intermixed_args(list(words))
    flags = list(words)
    for override in args.overrides:
        flags.remove(override)
    return args, [*flags, *args.overrides]


def checked_jobs(args: Namespace) -> list[Composed]:
    """All scenarios that a command line asks for; none where another sweeper of Hydra decides on the way.

    Raises InputError that names every fault of every scenario.
    """
    jobs, faults = list[Composed](), dict[str, None]()  # a fault that several scenarios share is told once
    with composer(args.config_dir) as hydra:
        for config, refused, overrides in _scenarios(hydra, args):
            launched = _is_sweep(args, config) and config.hydra.launcher._target_ != BASIC_LAUNCHER
            own = [word for word in overrides if not word.startswith(("hydra.", "hydra/"))]
            try:
                jobs.append(Composed(checked_job(config, refused), own, launched))
            except InputError as error:
                faults |= dict.fromkeys(lines_of(error))
    if faults:
        raise config_error(list(faults))
    _check_regions([composed.job for composed in jobs])
    return jobs


def _scenarios(hydra: Any, args: Namespace) -> Iterator[tuple[DictConfig, list[str], list[str]]]:
    """Every scenario as composed, with what is wrong with its overrides: one, or one per combination of a sweep."""
    if not args.multirun:
        config, faults = composed_as_far_as_possible(hydra, args.overrides)
        if not _is_sweep(args, config):
            yield config, faults, list(args.overrides)
            return
    for overrides in _combinations(hydra, args):
        yield *composed_as_far_as_possible(hydra, overrides), overrides


def _is_sweep(args: Namespace, config: DictConfig) -> bool:
    return bool(args.multirun) or getattr(config.hydra.mode, "name", None) == "MULTIRUN"


def _combinations(hydra: Any, args: Namespace) -> list[list[str]]:
    """The overrides of every scenario of a sweep."""
    from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
    from hydra.core.override_parser.overrides_parser import OverridesParser

    config, faults = composed_as_far_as_possible(hydra, args.overrides, sweeps=True)
    if faults:
        raise config_error(faults)
    if config.hydra.sweeper._target_ != BASIC_SWEEPER:
        return []  # another sweeper decides on the way; each job is checked when it starts
    swept = [f"{key}={value}" for key, value in (config.hydra.sweeper.params or {}).items()]
    parsed = OverridesParser.create().parse_overrides([*swept, *args.overrides])
    combinations: list[list[str]] = BasicSweeper.split_arguments(parsed, None)[0]
    return combinations


def _check_regions(jobs: Sequence[Job]) -> None:
    """Read and check the tables of every region that the jobs use; InputError for the first that is wrong."""
    from regionsim.data.tables import load_region

    wanted = {(job.settings.region, job.settings.as_of, job.settings.first): None for job in jobs}
    for region, as_of, first in wanted:
        tables = load_region(region, as_of)
        census_day = dict(zip(tables.region["key"], tables.region["value"], strict=True))["census_day"]
        if first != f"{census_day[:4]}Q1":
            raise InputError(
                "region.first", f"got {first}; allowed: the quarter of the census day, {census_day[:4]}Q1"
            )


def _check_overrides(args: Namespace) -> None:
    """Raise InputError for overrides that Hydra would refuse."""
    with composer(args.config_dir) as hydra:
        _, faults = composed_as_far_as_possible(hydra, args.overrides, sweeps=True)
    if faults:
        raise config_error(faults)


def _nothing(_: Any) -> None:
    """For command lines that only look at the configuration."""


def _hydra(words: Sequence[str], task: Callable[[Any], Any]) -> None:
    """Hydra's own main, with our arguments; its errors as InputError."""
    import hydra
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException

    register()
    main = hydra.main(version_base="1.3", config_path=str(configs_folder()), config_name="config")(task)
    with _told(words):
        try:
            main()
        except (HydraException, OmegaConfBaseException) as error:
            raise InputError("configuration", in_plain_words(error)) from error


@contextmanager
def _told(words: Sequence[str]) -> Iterator[None]:
    """Arguments where Hydra looks for them, and its errors raised, not printed."""
    argv, full = sys.argv, os.environ.get("HYDRA_FULL_ERROR")
    sys.argv = [argv[0] if argv else "regionsim", *words]
    os.environ["HYDRA_FULL_ERROR"] = "1"
    try:
        yield
    finally:
        sys.argv = argv
        if full is None:
            os.environ.pop("HYDRA_FULL_ERROR", None)
        else:
            os.environ["HYDRA_FULL_ERROR"] = full
