"""The main job: compute the ensemble, store dataset, summary and report, print the effects."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from rich.console import Console

from regionsim.cli.compose import Job
from regionsim.cli.progress import watching
from regionsim.ensemble.engines import EngineSettings
from regionsim.ensemble.run import ERRORS_FILE, UnfinishedError, run_ensemble
from regionsim.results.files import write_text

if TYPE_CHECKING:
    import pandas as pd

WIDTH_OF_A_LOG = 120


def run_job(job: Job, folder: Path) -> int:
    """Run one scenario into `folder` and print what it found; returns the exit code."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH_OF_A_LOG)
    settings, engine = job.settings, EngineSettings(job.engine.kind, job.engine.workers)
    config = {
        key: job.config[key] for key in sorted(job.config, key=lambda key: key == "parameters")
    }  # longest last
    write_text(folder / "config.yaml", yaml.safe_dump(config, sort_keys=False, allow_unicode=True, width=110))
    try:
        with watching(console) as progress:
            results = run_ensemble(settings, engine, folder, progress, job.config)
    except UnfinishedError as error:
        print(f"regionsim: {error}\n{what_to_do(folder)}", file=sys.stderr)
        return 2 if error.of_surroundings else 1
    _write_findings(results, folder, job.report.language)
    _tell(console, results, folder)
    return 0


def what_to_do(folder: Path) -> str:
    """Words after a run in which units failed."""
    errors = folder / ERRORS_FILE
    seen = f"in full: {errors}; " if errors.is_file() else ""
    return f"{seen}the same command computes only what is missing"


def _write_findings(results: Path, folder: Path, language: str) -> None:
    from regionsim.analysis.effects import effect_table
    from regionsim.analysis.select import plans
    from regionsim.analysis.summary import write_summary
    from regionsim.analysis.variance_split import stored_split
    from regionsim.report.build import build_report
    from regionsim.results.store import read_results

    dataset = read_results(results)
    write_summary(dataset, folder / "summary.json")
    effects = [effect_table(dataset, plan).assign(plan=plan) for plan in plans(dataset)]
    _write_table(effects, folder / "effects.csv")
    split = stored_split(dataset)
    _write_table([] if split.empty else [split], folder / "variance_split.csv")
    build_report(dataset, folder / "report.html", language)


def _write_table(tables: Sequence[pd.DataFrame], file: Path) -> None:
    """Write tables below one another as CSV; without any, a file of an earlier run goes."""
    import pandas as pd

    if tables:
        write_text(file, pd.concat(tables).to_csv(index=False))
    else:
        file.unlink(missing_ok=True)


def _tell(console: Console, results: Path, folder: Path) -> None:
    from regionsim.cli.findings import print_findings
    from regionsim.results.store import read_results

    print_findings(console, read_results(results))
    console.print(f"\nreport   {folder / 'report.html'}", soft_wrap=True, highlight=False)
    console.print(f"dataset  {results}", soft_wrap=True, highlight=False)
    for name in ("summary.json", "effects.csv", "variance_split.csv", "config.yaml"):
        if (folder / name).is_file():
            console.print(f"also     {folder / name}", soft_wrap=True, highlight=False)
