"""Run a study, one scenario or several that are one dataset, and write and tell what it found."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from regionsim.cli.progress import watching
from regionsim.cli.yaml_files import as_yaml
from regionsim.ensemble.engines import EngineSettings
from regionsim.ensemble.run import UnfinishedError, run_study
from regionsim.model.settings import Settings
from regionsim.results.files import write_text

if TYPE_CHECKING:
    import xarray as xr

WIDTH_OF_A_LOG = 120
WIDTH_OF_A_COMPARISON = 160  # of many plans


@dataclass(frozen=True)
class Study:
    """Scenarios that differ in world and parameters alone, all with the same plans; where they go, on which engine."""

    folder: Path
    scenarios: Sequence[Settings]
    engine: EngineSettings
    config: Mapping[str, Any]  # the resolved configuration of the first, and what else was asked for
    jobs: Mapping[int, str] = field(default_factory=dict)  # of a sweep: the number of each job, and its world


Findings = Callable[[Console, "xr.Dataset", Path], Sequence[str]]


def run(study: Study, findings: Findings, width: int = WIDTH_OF_A_LOG) -> int:
    """Compute what is missing, then `findings(console, dataset, folder)`, which writes files and returns their names.

    Returns the exit code: 0, 1 if units failed, 2 if the disk refused.
    """
    from regionsim.results.store import read_results

    console, folder = console_of(width), study.folder
    config = dict(sorted(study.config.items(), key=lambda item: item[0] == "parameters"))  # longest last
    write_text(folder / "config.yaml", as_yaml(config))
    try:
        with watching(console) as progress:
            results = run_study(study.scenarios, study.engine, folder, progress, study.config)
    except UnfinishedError as error:
        print(f"regionsim: {error}\n{what_to_do(folder)}", file=sys.stderr)
        return 2 if error.of_surroundings else 1
    names = findings(console, read_results(results), folder)
    for name in (*names, results.name, "config.yaml"):
        what = "report " if name.endswith(".html") else "dataset" if name == results.name else "also   "
        console.print(f"{what}  {folder / name}", soft_wrap=True, highlight=False)
    return 0


def console_of(width: int) -> Console:
    """The terminal; a log or a pipe has no width of its own and gets this one. Names in [] are no markup."""
    console = Console(markup=False)
    return console if console.is_terminal else Console(width=width, markup=False)


def what_to_do(folder: Path) -> str:
    """Words after a run in which units failed."""
    return f"in full: regionsim status {folder} --failed; the same command computes only what is missing"
