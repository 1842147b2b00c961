"""How good a forecast is, on the terminal: scores, verdicts, tests, what is an assumption."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from regionsim.report.forecast.evidence import FARTHEST, Evidence, far_from_nominal

LONGEST = 12  # series that are named
SCORES = {
    "crps": "mean",
    "mase": "MASE",
    "coverage_80": "in 80 %",
    "coverage_95": "in 95 %",
    "pit_mean": "PIT mean",
    "pit_sd": "PIT sd",
}


def print_findings(console: Console, ds: xr.Dataset, evidence: Evidence | None, drivers: xr.Dataset | None) -> None:
    """Print what was forecast and how it fared at past origins."""
    names = [str(name) for name in ds["series"].values]
    end = str(ds["period"].values[-1])
    more = f" and {len(names) - LONGEST} more" if len(names) > LONGEST else ""
    told = f"\n{len(names)} series of {ds.attrs['source']} to {end}, {ds.sizes['draw']} paths"
    console.print(escape(told), style="bold")
    console.print(escape(f"{', '.join(names[:LONGEST])}{more}"), highlight=False)
    if evidence is None:
        console.print("Not tested against the past (backtest=false).")
    else:
        for part in evidence.parts:
            _part(console, evidence, part)
        _legend(console, evidence)
        console.print(_verdicts(evidence))
    if drivers is not None:
        _assumptions(console, drivers)
    console.print()


def _part(console: Console, evidence: Evidence, part: str) -> None:
    scores = _of(evidence.scores, part)
    periods = "all periods" if part == "all" else part
    console.print(f"\nScores, {periods}: CRPS in units of a series' usual change, by periods ahead", style="bold")
    console.print(_scores(scores, evidence.best(part)))
    if len(_of(evidence.tests, part)):
        console.print("\nIs the difference to this forecast more than chance? Diebold-Mariano", style="bold")
        console.print(_tests(_of(evidence.tests, part)))


def _of(table: pd.DataFrame, part: str) -> pd.DataFrame:
    return table[table["part"] == part].dropna(axis=1, how="all")


def _grid(titles: Sequence[str], left: Sequence[int] = (0,)) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for i, title in enumerate(titles):
        table.add_column(title, justify="left" if i in left else "right")
    return table


def _scores(scores: pd.DataFrame, best: str) -> Table:
    horizons = [c for c in scores.columns if c.startswith("crps_")]
    columns = [*horizons, *(c for c in SCORES if c in scores.columns)]
    table = _grid(["model", *(SCORES.get(c, c.removeprefix("crps_")) for c in columns)])
    for row in scores.to_dict("records"):
        far = far_from_nominal(row["coverage_80"])
        mark = (" *" if row["model"] == best else "") + (" !" if far else "")
        cells = [f"{row[c]:.0%}" if c.startswith("coverage") else f"{row[c]:.3f}" for c in columns]
        style = "bold" if row["model"] == "default" else "yellow" if far else None
        table.add_row(row["model"] + mark, *cells, style=style)
    return table


def _tests(tests: pd.DataFrame) -> Table:
    """A row per model and horizon, with the size of the test for the number of origins in use."""
    table = _grid(["ahead", "against", "ratio", "statistic", "p", "origins", "worth", "true size at 5 %"], left=(1,))
    before = None
    for row in tests.to_dict("records"):
        new = row["horizon"] != before
        before = row["horizon"]
        numbers = [_number(row.get(c), ".2f") for c in ("statistic", "p")]
        shared = [f"{row['origins']}", f"{row['effective_origins']:.1f}", _number(row.get("size_5"), ".1%")]
        table.add_row(str(before) if new else "", row["against"], f"{row['ratio']:.3f}", *numbers, *shared)
    return table


def _number(value: float | None, form: str) -> str:
    return "-" if value is None or not np.isfinite(value) else format(value, form)


def _legend(console: Console, evidence: Evidence) -> None:
    low, high = 0.8 - FARTHEST, 0.8 + FARTHEST
    console.print("\n* best single benchmark; ratio below 1 and statistic below 0: this forecast is better;")
    console.print("worth: independent origins with the same information; -: too few origins for the test")
    console.print(f"! 80 % band held less than {low:.0%} or more than {high:.0%}; such a member stays in the pool, "
                  "which was fixed before any result was seen", highlight=False)  # fmt: skip
    far = evidence.scores[[far_from_nominal(value) for value in evidence.scores["coverage_80"]]]
    for row in far.to_dict("records"):
        console.print(f"  ! {row['model']}: {row['coverage_80']:.0%} ({row['part']})", style="yellow")


def _verdicts(evidence: Evidence) -> Table:
    table = _grid(["\nwhat it promises", "\nperiods", "\nfound", "\nbar", "\n"], left=(0, 1, 3, 4))
    for row in evidence.verdicts.to_dict("records"):
        met = "[green]met[/green]" if row["met"] else "[bold red]NOT met[/bold red]"
        table.add_row(row["claim"], row["part"], row["figure"], row["bar"], met)
    return table


def _assumptions(console: Console, drivers: xr.Dataset) -> None:
    """Which drivers are declared assumption paths, and how many are forecast."""
    assumed = [str(d) for d in drivers["driver"].values if "assumption" in drivers and bool(drivers["assumption"].sel(driver=d))]
    n = drivers.sizes["driver"]
    if assumed:
        told = f"{len(assumed)} of {n} drivers are assumption paths, in no backtest: {', '.join(assumed)}"
        console.print(escape(f"\n{told}"), highlight=False)
    else:
        console.print(f"\nNone of the {n} drivers is an assumption path", highlight=False)
