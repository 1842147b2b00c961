"""What a run found, on the terminal: effects with their range, what the plan cost, what rests on assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import xarray as xr
from rich.console import Console
from rich.table import Table

from regionsim.analysis.select import headline_outcomes, plans, quarter_labels, total
from regionsim.analysis.summary import summarise
from regionsim.results.outcomes import OUTCOMES
from regionsim.results.store import REFERENCE, attribute

COST = "public_cost"
MIDDLE = 12  # quarters after the start
COLUMNS: dict[str, Literal["left", "right"]] = {
    "effect on": "left",
    "end of": "left",
    "mean": "right",
    "80 % range": "right",
    "of no plan": "right",
    "P(effect > 0)": "right",
    "draws enough": "right",
}


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
    """Two lines per outcome, at MIDDLE and at the last horizon; a flow as its sum since the plan's start."""
    flows = {row["outcome"] for row in rows if row["measure_of"] == "cumulated"}
    moments = {MIDDLE, max(row["quarters"] for row in rows)}
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title, justify in COLUMNS.items():
        table.add_column(title, justify=justify, no_wrap=title != next(iter(COLUMNS)))
    seen: set[str] = set()
    for row in rows:
        name, sums_up = row["outcome"], row["measure_of"] == "cumulated"
        if name == COST or row["quarters"] not in moments or (name in flows and not sums_up):
            continue
        title = f"{OUTCOMES[name].title_en}{' since the start' if sums_up else ''} ({row['unit']})"
        table.add_row("" if name in seen else title, str(row["quarter"]), *_cells(row))
        seen.add(name)
    return table


def _cells(row: Mapping[str, Any]) -> list[str]:
    if row["verdict"]:
        return [str(row["verdict"]), "", "", "", ""]
    if row["mean"] is None:
        return ["-", "", "", "", ""]
    percent = row["percent_of_none"]
    mean, low, high = numbers(row["mean"], row["p10"], row["p90"], sign=True)
    return [
        mean,
        f"{low} to {high}",
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
        levels = [float(values.isel(quarter=0).mean()), float(end.mean())]
        begin, mean, low, high = numbers(*levels, *(float(end.quantile(q)) for q in (0.1, 0.9)))
        table.add_row(OUTCOMES[name].title_en, OUTCOMES[name].unit, begin, mean, f"{low} to {high}")
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
    rows = [row["name"] for row in attribute(ds, "assumptions", []) if row["status"] == "assumption"]
    names = [row["measure"] for row in attribute(ds, "measures", [])]
    own = {name: [row.partition(".")[2] for row in rows if row.startswith(f"{name}.")] for name in names}
    if own:
        words += ", of the plan itself " + "; ".join(
            f"{name}: {', '.join(what)}" for name, what in own.items()
        )
    console.print(
        f"{words}. See: regionsim list parameters, regionsim explain intervention/NAME.", highlight=False
    )


def number(value: float) -> str:
    """One number, rounded by its own size."""
    return numbers(value)[0]


def numbers(*values: float, sign: bool = False) -> list[str]:
    """Numbers that stand together, all rounded alike: three digits that count in the largest of them."""
    size = max(abs(value) for value in values)
    decimals = 0 if size >= 100 or size == 0 else 1 if size >= 10 else 2 if size >= 1 else 3
    return [f"{value:{'+' if sign else ''},.{decimals}f}" for value in values]
