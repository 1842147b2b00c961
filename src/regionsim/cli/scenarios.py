"""The main job through Hydra: every scenario is composed and checked before the first one runs."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regionsim.cli.compose import Job, config_error, job_of, lines_of
from regionsim.cli.configs import composer, configs_folder, register
from regionsim.cli.overrides import checked_job, composed_as_far_as_possible, in_plain_words
from regionsim.state.errors import InputError

if TYPE_CHECKING:
    from omegaconf import DictConfig

BASIC_SWEEPER = "hydra._internal.core_plugins.basic_sweeper.BasicSweeper"


def run(words: Sequence[str]) -> int:
    """Hand the command line to Hydra; for a run, after all its scenarios are found right. Returns the exit code."""
    args, words = _parsed(words)
    if args.shell_completion or args.cfg or args.info is not None or args.hydra_help:
        from regionsim.cli.completion import completes_command

        if completes_command(args):
            return 0
        if not args.shell_completion:
            _check_overrides(args)
        _hydra(words, _nothing)
        return 0
    jobs = checked_jobs(args)
    codes: list[int] = []
    errors: list[Exception] = []  # kept from Hydra, which would print them in its own way

    def task(config: DictConfig) -> None:
        if errors:
            return
        if len(jobs) > 1:
            print(f"\nscenario {len(codes) + 1} of {len(jobs)}: {config.name}", flush=True)
        try:
            codes.append(_run_composed(config))
        except Exception as error:
            errors.append(error)

    _hydra(words, task)
    if errors:
        raise errors[0]
    return max(codes, default=0)


def _parsed(words: Sequence[str]) -> tuple[Namespace, list[str]]:
    """Hydra's arguments, and the words with flags first: Hydra itself does not take flags between overrides."""
    from hydra._internal.utils import get_args_parser

    args = get_args_parser().parse_intermixed_args(list(words))
    flags = list(words)
    for override in args.overrides:
        flags.remove(override)
    return args, [*flags, *args.overrides]


def _run_composed(config: DictConfig) -> int:
    """Run the job that Hydra composed into the folder that Hydra made."""
    from hydra.core.hydra_config import HydraConfig

    from regionsim.cli.job import run_job

    folder = Path(str(HydraConfig.get().runtime.output_dir))
    try:
        return run_job(job_of(config), folder)
    except OSError as error:
        error.filename = error.filename or str(folder)
        raise


def checked_jobs(args: Namespace) -> list[Job]:
    """All scenarios that a command line asks for. Raises InputError that names every fault of every scenario."""
    jobs, faults = [], dict[str, None]()  # a fault that several scenarios share is told once
    with composer(args.config_dir) as hydra:
        for config, refused in _scenarios(hydra, args):
            try:
                jobs.append(checked_job(config, refused))
            except InputError as error:
                faults |= dict.fromkeys(lines_of(error))
    if not faults:
        _check_regions(jobs)
        folders = Counter(str(job.folder) for job in jobs)
        double = [folder for folder, times in folders.items() if times > 1]
        faults |= {
            f"name: {folder} would be written by several scenarios; leave name out": None for folder in double
        }
    if faults:
        raise config_error(list(faults))
    return jobs


def _scenarios(hydra: Any, args: Namespace) -> Iterator[tuple[DictConfig, list[str]]]:
    """Every scenario as composed, with what is wrong with its overrides: one, or one per combination of a sweep."""
    if not args.multirun:
        config, faults = composed_as_far_as_possible(hydra, args.overrides)
        if getattr(config.hydra.mode, "name", None) != "MULTIRUN":
            yield config, faults
            return
    for overrides in _combinations(hydra, args):
        yield composed_as_far_as_possible(hydra, overrides)


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
