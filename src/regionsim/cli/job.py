"""The main job: one scenario or a sweep; stores dataset, tables, summary and report, prints the effects."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from regionsim.cli.study import WIDTH_OF_A_COMPARISON, WIDTH_OF_A_LOG, Study, run
from regionsim.results.files import write_text

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

TABLES = ("effects.csv", "variance_split.csv", "compare.csv", "ranking.csv", "robustness.csv", "attribution.csv")


def run_job(study: Study, language: str) -> int:
    """Run a study and print what it found; returns the exit code."""
    several = len(study.scenarios) > 1 or len(study.scenarios[0].plans) > 2
    return run(study, partial(_findings, study, language), WIDTH_OF_A_COMPARISON if several else WIDTH_OF_A_LOG)


def run_studies(found: Sequence[Study], language: str) -> int:
    """One after the other; a study with failed units does not keep the next from running. Returns the exit code."""
    codes = []
    for number, study in enumerate(found, 1):
        if len(found) > 1:
            print(f"\nstudy {number} of {len(found)}: {study.folder.name}", flush=True)
        codes.append(run_job(study, language))
    return max(codes)


def _findings(study: Study, language: str, console: Console, ds: xr.Dataset, folder: Path) -> list[str]:
    from regionsim.analysis.summary import write_summary
    from regionsim.report.build import build_report

    write_summary(ds, folder / "summary.json")
    tables = _tables(ds)
    for name in TABLES:
        _write_table(tables.get(name), folder / name)
    build_report(ds, folder / "report.html", language)
    _print(study, console, ds, tables)
    return ["report.html", "summary.json", *tables]


def _tables(ds: xr.Dataset) -> dict[str, pd.DataFrame]:
    """What is written as CSV, by file; only what the dataset has something to say on."""
    import pandas as pd

    from regionsim.analysis.attribution import attribution_table
    from regionsim.analysis.compare import comparison, ranking
    from regionsim.analysis.effects import effect_table
    from regionsim.analysis.players import players
    from regionsim.analysis.robustness import payoffs, regret_table
    from regionsim.analysis.select import plans, worlds
    from regionsim.analysis.variance_split import stored_split

    tables = {}
    if plans(ds):
        tables["effects.csv"] = pd.concat([effect_table(ds, plan).assign(plan=plan) for plan in plans(ds)])
    split = stored_split(ds)
    if not split.empty:
        tables["variance_split.csv"] = split
    if len(plans(ds)) > 1 or (plans(ds) and len(worlds(ds)) > 1):
        compared = comparison(ds)
        tables |= {"compare.csv": compared, "ranking.csv": ranking(ds, table=compared)}
        tables["robustness.csv"] = pd.concat(
            [regret_table(payoffs(ds, name)).assign(outcome=name) for name in ("jobs", "gva", "young_graduates")]
        )
    parts = players(ds)
    if parts:
        tables["attribution.csv"] = attribution_table(ds, parts)
    return tables


def _print(study: Study, console: Console, ds: xr.Dataset, tables: dict[str, pd.DataFrame]) -> None:
    from regionsim.cli.compare_findings import print_attribution, print_comparison, print_robustness
    from regionsim.cli.findings import print_findings

    if "ranking.csv" not in tables:
        print_findings(console, ds)
        return
    print_comparison(console, ds, tables["ranking.csv"], "jobs", study.scenarios[0])
    print_robustness(console, tables["robustness.csv"], "jobs", ds)
    if "attribution.csv" in tables:
        print_attribution(console, tables["attribution.csv"], "jobs")


def _write_table(table: pd.DataFrame | None, file: Path) -> None:
    """Write a table as CSV; without one, a file of an earlier run goes."""
    if table is None:
        file.unlink(missing_ok=True)
    else:
        write_text(file, table.to_csv(index=False))


