"""What a run found, on the terminal: effects with their range, what the plan cost, what rests on assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import xarray as xr
from rich.console import Console
from rich.table import Table

from regionsim.analysis.select import headline_outcomes, plans, quarter_labels, total
from regionsim.analysis.summary import summarise
from regionsim.results.outcomes import OUTCOMES
from regionsim.results.store import REFERENCE, attribute

COST = "public_cost"


def print_findings(console: Console, ds: xr.Dataset) -> None:
    """Print the effects of every plan in `ds`, or where the baseline goes if there is none."""
    summary = summarise(ds)
    region = summary["region"].get("title_en", "the region")
    for plan, found in summary["plans"].items():
        title = attribute(ds, "plan_titles", {}).get(plan, {}).get("en", plan)
        console.print(f"\n{title}, {region}, from {found['start']}: difference with no plan", style="bold")
        _worlds(console, ds)
        console.print(_effects(found["effects"]))
        _cost(console, found)
    if not plans(ds):
        console.print(f"\n{region} without a plan", style="bold")
        _worlds(console, ds)
        console.print(_levels(ds))
    _reliability(console, summary)
    _assumptions(console, ds, summary)


def _worlds(console: Console, ds: xr.Dataset) -> None:
    known = attribute(ds, "world", {})
    titles = [known.get(str(name), {}).get("title_en", str(name)) for name in ds["world"].values]
    console.print(f"World: {'; '.join(titles)}. Draws: {ds.sizes['draw']}.", highlight=False)


def _effects(rows: list[dict[str, Any]]) -> Table:
    """One line per outcome at the last horizon: a flow since the plan's start, everything else as it then is."""
    last = max(row["quarters"] for row in rows)
    flows = {row["outcome"] for row in rows if row["measure_of"] == "cumulated"}
    shown = [
        row
        for row in rows
        if row["quarters"] == last
        and row["outcome"] != COST
        and (row["measure_of"] == "cumulated" or row["outcome"] not in flows)
    ]
    quarter = shown[0]["quarter"] if shown else ""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in (f"by the end of {quarter}", "unit"):
        table.add_column(column)
    for column in ("mean effect", "80 % range", "of no plan", "P(effect > 0)", "draws enough"):
        table.add_column(column, justify="right")
    for row in shown:
        since = " since the start" if row["measure_of"] == "cumulated" else ""
        table.add_row(OUTCOMES[row["outcome"]].title_en + since, row["unit"], *_cells(row))
    return table


def _cells(row: Mapping[str, Any]) -> list[str]:
    if row["verdict"]:
        return [str(row["verdict"]), "", "", "", ""]
    if row["mean"] is None:
        return ["-", "", "", "", ""]
    percent = row["percent_of_none"]
    return [
        number(row["mean"], sign=True),
        f"{number(row['p10'], sign=True)} to {number(row['p90'], sign=True)}",
        "-" if percent is None else f"{percent:+.2f} %",
        f"{row['p_positive']:.2f}",
        "-" if row["draws_enough"] is None else f"{row['draws_enough']:,}",
    ]


def _cost(console: Console, found: Mapping[str, Any]) -> None:
    if not found["cost"]:
        return
    parts = [f"{row['measure']} {number(row['mean'])}" for row in found["cost"]]
    whole = sum(row["mean"] for row in found["cost"]) / len({row["world"] for row in found["cost"]})
    words = f"Public cost up to {found['cost_until']}: {number(whole)} million EUR ({', '.join(parts)})."
    console.print(words, highlight=False)


def _levels(ds: xr.Dataset) -> Table:
    """Headline outcomes of the baseline in the first and the last quarter."""
    first, last = quarter_labels(ds)[0], quarter_labels(ds)[-1]
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("no plan", "unit"):
        table.add_column(column)
    for column in (first, last, f"80 % range in {last}"):
        table.add_column(column, justify="right")
    for name in headline_outcomes(ds):
        values = total(ds, name).sel(plan=REFERENCE).isel(world=0)
        if name == COST:
            continue
        end = values.isel(quarter=-1)
        low, high = (float(end.quantile(q)) for q in (0.1, 0.9))
        cells = number(float(values.isel(quarter=0).mean())), number(float(end.mean()))
        table.add_row(
            OUTCOMES[name].title_en, OUTCOMES[name].unit, *cells, f"{number(low)} to {number(high)}"
        )
    return table


def _reliability(console: Console, summary: Mapping[str, Any]) -> None:
    if not summary["range_is_reliable"]:
        draws = summary["draws"]
        console.print(f"With {draws} draws these ranges say little; take ensemble=default or more draws.")
    unbalanced = [row["account"] for row in summary["accounts"] if not row["balanced"]]
    if unbalanced:
        console.print(f"Accounts that do not balance: {', '.join(unbalanced)}.", style="bold red")


def _assumptions(console: Console, ds: xr.Dataset, summary: Mapping[str, Any]) -> None:
    """How many numbers are assumptions, and those of the plan by name."""
    claims = summary["assumptions"]
    assumed = claims["by_status"].get("assumption", 0)
    words = f"{assumed} of {claims['parameters']} numbers are assumptions"
    measures = {row["measure"] for row in attribute(ds, "measures", [])}
    rows = attribute(ds, "assumptions", [])
    own = [r["name"] for r in rows if r["status"] == "assumption" and r["name"].split(".")[0] in measures]
    words += f", of the plan itself: {', '.join(own)}." if own else "."
    console.print(
        f"{words} See: regionsim list parameters, regionsim explain intervention/NAME.", highlight=False
    )


def number(value: float, sign: bool = False) -> str:
    """A number with three digits that count, or as many as its whole part has."""
    size = abs(value)
    decimals = 0 if size >= 100 or size == 0 else 1 if size >= 10 else 2 if size >= 1 else 3
    return f"{value:{'+' if sign else ''},.{decimals}f}"
