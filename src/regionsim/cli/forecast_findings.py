"""How good a forecast is, on the terminal: scores, verdicts, tests, what is an assumption."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from regionsim.report.forecast.evidence import ALL, FARTHEST, Evidence, far_from_nominal

LONGEST = 12  # series that are named
WIDE = 98  # columns that three decimals need
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
        if len(evidence.annual):
            console.print("\nAnnual series by place, 1 to 5 years ahead: the pooled walk and others", style="bold")
            console.print(_annual(evidence.annual))
        _legend(console, evidence)
        for part in evidence.parts:
            console.print(f"\nWhat it promises, {_periods(part)}", style="bold")
            console.print(_verdicts(_of(evidence.verdicts, part)))
    if drivers is not None:
        _assumptions(console, drivers)
    console.print()


def _part(console: Console, evidence: Evidence, part: str) -> None:
    scores = _of(evidence.scores, part)
    console.print(
        f"\nScores, {_periods(part)}: CRPS in units of a series' usual change, by periods ahead", style="bold"
    )
    decimals = 3 if console.width >= WIDE else 2
    console.print(_scores(scores, evidence.best(part), decimals))
    if len(_of(evidence.tests, part)):
        console.print("\nIs the difference to this forecast more than chance? Diebold-Mariano", style="bold")
        console.print(_tests(_of(evidence.tests, part), decimals))


def _periods(part: str) -> str:
    return "all periods" if part == ALL else part


def _of(table: pd.DataFrame, part: str) -> pd.DataFrame:
    return table[table["part"] == part].dropna(axis=1, how="all")


def _grid(titles: Sequence[str], left: Sequence[int] = (0,), tight: bool = False) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, collapse_padding=tight)
    for i, title in enumerate(titles):
        table.add_column(title, justify="left" if i in left else "right")
    return table


def _scores(scores: pd.DataFrame, best: str, decimals: int) -> Table:
    horizons = [c for c in scores.columns if c.startswith("crps_")]
    columns = [*horizons, *(c for c in SCORES if c in scores.columns)]
    titles = ["model", *(SCORES.get(c, c.removeprefix("crps_")) for c in columns)]
    table = _grid(titles, tight=decimals == 2)
    for row in scores.to_dict("records"):
        far = far_from_nominal(row["coverage_80"])
        mark = (" *" if row["model"] == best else "") + (" !" if far else "")
        cells = [f"{row[c]:.0%}" if c.startswith("coverage") else f"{row[c]:.{decimals}f}" for c in columns]
        style = "bold" if row["model"] == "default" else "yellow" if far else None
        table.add_row(row["model"] + mark, *cells, style=style)
    return table


def _tests(tests: pd.DataFrame, decimals: int) -> Table:
    """Ratio and p by model and horizon, then origins, how many independent ones they are worth, size of the test."""
    horizons = list(dict.fromkeys(tests["horizon"]))
    table = _grid(["against", *(f"{h} ahead" for h in horizons)], tight=decimals == 2)
    for model, rows in tests.groupby("against", sort=False):
        by_horizon = rows.set_index("horizon")
        table.add_row(str(model), *(_ratio_and_p(by_horizon, h, decimals) for h in horizons))
    grouped = tests.groupby("horizon")
    worth = grouped["effective_origins"].agg(["min", "max"])
    table.add_row("origins", *(str(int(grouped["origins"].first()[h])) for h in horizons), style="dim")
    table.add_row("worth", *(f"{worth['min'][h]:.0f} to {worth['max'][h]:.0f}" for h in horizons), style="dim")
    if "size_5" in tests:
        sizes = grouped["size_5"].first()
        table.add_row("true size at 5 %", *(_number(sizes[h], ".0%") for h in horizons), style="dim")
    return table


def _annual(annual: pd.DataFrame) -> Table:
    table = _grid(["series", "model", "CRPS", "MASE", "in 80 %", "in 95 %"], left=(0, 1))
    for row in annual.to_dict("records"):
        cells = [f"{row['crps']:.3f}", f"{row['mase']:.3f}", f"{row['coverage_80']:.0%}", f"{row['coverage_95']:.0%}"]
        style = "bold" if row["model"] == "pooled_walk" else None
        table.add_row(row["family"], row["model"], *cells, style=style)
    return table


def _ratio_and_p(by_horizon: pd.DataFrame, h: int, decimals: int) -> str:
    if h not in by_horizon.index:
        return "-"
    p = by_horizon["p"][h] if "p" in by_horizon else None
    return f"{by_horizon['ratio'][h]:.{decimals}f} p {'<.01' if p is not None and p < 0.01 else _number(p, '.2f')}"


def _number(value: float | None, form: str) -> str:
    return "-" if value is None or not np.isfinite(value) else format(value, form)


def _legend(console: Console, evidence: Evidence) -> None:
    low, high = 0.8 - FARTHEST, 0.8 + FARTHEST
    console.print("\n* best single benchmark; ratio of CRPS below 1: this forecast is better; p: of no difference;")
    console.print(
        "worth: independent origins with the same information; true size: how often the test errs; -: no test"
    )
    console.print(f"! 80 % band held less than {low:.0%} or more than {high:.0%}; such a member stays in the pool, "
                  "which was fixed before any result was seen", highlight=False)  # fmt: skip
    far = evidence.scores[[far_from_nominal(value) for value in evidence.scores["coverage_80"]]]
    for row in far.to_dict("records"):
        console.print(f"  ! {row['model']}: {row['coverage_80']:.0%} ({row['part']})", style="yellow")


def _verdicts(verdicts: pd.DataFrame) -> Table:
    table = _grid(["promise", "found", "bar", ""], left=(0, 2, 3))
    for row in verdicts.to_dict("records"):
        met = "[green]met[/green]" if row["met"] else "[bold red]NOT met[/bold red]"
        table.add_row(row["claim"], row["figure"], row["bar"], met)
    return table


def _assumptions(console: Console, drivers: xr.Dataset) -> None:
    """Which drivers are declared assumption paths, and how many are forecast."""
    assumed = [
        str(d)
        for d in drivers["driver"].values
        if "assumption" in drivers and bool(drivers["assumption"].sel(driver=d))
    ]
    n = drivers.sizes["driver"]
    if assumed:
        told = f"{len(assumed)} of {n} drivers are assumption paths, in no backtest: {', '.join(assumed)}"
        console.print(escape(f"\n{told}"), highlight=False)
    else:
        console.print(f"\nNone of the {n} drivers is an assumption path", highlight=False)
