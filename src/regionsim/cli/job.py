"""The main job: one scenario or a sweep; stores dataset, tables, summary and report, prints the effects."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from regionsim.cli.study import WIDTH_OF_A_COMPARISON, WIDTH_OF_A_LOG, Study, run

if TYPE_CHECKING:
    import xarray as xr


def run_job(study: Study, language: str) -> int:
    """Run a study and print what it found; returns the exit code."""
    first = study.scenarios[0]
    if first.design is not None:
        return run(study, _findings_of_design)
    several = len(study.scenarios) > 1 or len(first.plans) > 2
    return run(study, partial(_findings, language), WIDTH_OF_A_COMPARISON if several else WIDTH_OF_A_LOG)


def run_studies(found: Sequence[Study], language: str) -> int:
    """One after the other; a study with failed units does not keep the next from running. Returns the exit code."""
    codes = []
    for number, study in enumerate(found, 1):
        if len(found) > 1:
            print(f"\nstudy {number} of {len(found)}: {study.folder.name}", flush=True)
        codes.append(run_job(study, language))
    return max(codes)


def _findings(language: str, console: Console, ds: xr.Dataset, folder: Path) -> list[str]:
    from regionsim.analysis.summary import write_summary
    from regionsim.analysis.tables import tables
    from regionsim.cli.analysis_files import parameters_of, write_tables
    from regionsim.cli.analysis_findings import print_shocks, print_up_to
    from regionsim.cli.compare_findings import print_attribution, print_comparison, print_robustness
    from regionsim.cli.findings import print_findings
    from regionsim.report.build import build_report

    write_summary(ds, folder / "summary.json")
    found = tables(ds, parameters_of(folder))
    names = write_tables(found, folder)
    build_report(ds, folder / "report.html", language)
    if "ranking" in found:
        print_comparison(console, ds, found["ranking"], "jobs")
        print_robustness(console, found["robustness"], "jobs", ds)
    else:
        print_findings(console, ds)
    if "up_to" in found:
        print_up_to(console, found["up_to"])
    if "shocks" in found:
        print_shocks(console, found["shocks"])
    if "attribution" in found:
        print_attribution(console, found["attribution"], "jobs")
    return ["report.html", "summary.json", *names]


def _findings_of_design(console: Console, ds: xr.Dataset, folder: Path) -> list[str]:
    """Draws at the points of a design are no sample of what may happen: they have indices, but no ranges."""
    from regionsim.analysis.dependence import indices
    from regionsim.cli.analysis_files import design_of, write_tables
    from regionsim.cli.analysis_findings import print_indices

    found = indices(ds, design_of(folder))
    print_indices(console, found)
    return write_tables({"sensitivity": found}, folder)
