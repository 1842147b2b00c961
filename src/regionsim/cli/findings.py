"""What a run found, on the terminal: effects with their range, what the plan cost, what rests on assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any, Literal

import xarray as xr
from rich.console import Console
from rich.table import Table

from regionsim.analysis.money import money, undelivered
from regionsim.analysis.rounding import rounded
from regionsim.analysis.select import headline_outcomes, plans, quarter_labels, total
from regionsim.analysis.summary import summarise
from regionsim.cli.split_findings import print_split
from regionsim.results.outcomes import OUTCOMES
from regionsim.results.store import REFERENCE, attribute

COST = "public_cost"
DEAREST = 5  # measures that are named
MIDDLE = 12  # quarters after the start
SINCE_START = {"average": "", "cumulated": ", sum"}
WIDE = 98  # columns that the whole table needs
COLUMNS: dict[str, Literal["left", "right"]] = {
    "effect on": "left",
    "up to": "left",
    "mean": "right",
    "80 % range": "right",
    "% of no\nplan": "right",
    "P(effect\n> 0)": "right",
    "variance\nratio": "right",
    "draws\nenough": "right",
}
ONLY_WIDE = ("% of no\nplan", "variance\nratio")
MANY = 100_000  # times: a variance ratio from here on only says that the pairs differ in next to nothing


def print_findings(console: Console, ds: xr.Dataset) -> None:
    """Print the effects of every plan in `ds`, or where the baseline goes if there is none."""
    summary = summarise(ds)
    region = summary["region"].get("title_en", "the region")
    for plan, found in summary["plans"].items():
        title = attribute(ds, "plan_titles", {}).get(plan, {}).get("en", plan)
        console.print(f"\n{title}, {region}, from {found['start']}: difference with no plan", style="bold")
        _worlds(console, ds)
        console.print("Averages over the time since the plan's start, and sums where it says so.")
        console.print(_effects(found["effects"], console.width))
        _cost(console, found)
        _money(console, ds, plan)
    if not plans(ds):
        console.print(f"\n{region} without a plan", style="bold")
        _worlds(console, ds)
        console.print(_levels(ds))
    print_split(console, ds, summary.get("variance_split", []))
    _reliability(console, summary)
    _assumptions(console, ds, summary)


def _worlds(console: Console, ds: xr.Dataset) -> None:
    known = attribute(ds, "world", {})
    titles = [known.get(str(name), {}).get("title_en", str(name)) for name in ds["world"].values]
    console.print(f"World: {'; '.join(titles)}. Draws: {ds.sizes['draw']}.", highlight=False)


def _effects(rows: list[dict[str, Any]], width: int) -> Table:
    """Two lines per outcome, up to MIDDLE and up to the last horizon: averages, of flows sums, since the start."""
    moments = {MIDDLE, max(row["quarters"] for row in rows)}
    shown = [row for row in rows if row["measure_of"] in SINCE_START and row["quarters"] in moments]
    columns = [title for title in COLUMNS if width >= WIDE or title not in ONLY_WIDE]
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in columns:
        table.add_column(title, justify=COLUMNS[title], no_wrap=title != columns[0])
    for name, group in groupby(shown, key=lambda row: str(row["outcome"])):
        if name == COST:
            continue
        lines = list(group)
        titles = [OUTCOMES[name].title_en, f"  {lines[0]['unit']}{SINCE_START[lines[0]['measure_of']]}"]
        titles = ["\n".join(titles)] if len(lines) == 1 else titles + [""] * (len(lines) - 2)
        for title, row in zip(titles, lines, strict=True):
            cells = dict(zip(COLUMNS, [title, *_cells(row)], strict=True))
            table.add_row(*(cells[title] for title in columns))
    return table


def _cells(row: Mapping[str, Any]) -> list[str]:
    """The texts of a row, from the quarter on."""
    if row["verdict"] or row["mean"] is None:
        mean = "0" if row["verdict"] else "-"
        return [str(row["quarter"]), mean, str(row["verdict"]), *[""] * (len(COLUMNS) - 4)]
    mean, low, high = rounded(row["mean"], row["p10"], row["p90"], unit=row["unit"])
    percent, ratio, enough = row["percent_of_none"], row["variance_ratio"], row["draws_enough"]
    return [
        str(row["quarter"]),
        mean,
        f"{low} to {high}",
        "-" if percent is None else rounded(round(percent, 4))[0],
        f"{row['p_positive']:.2f}",
        "-" if ratio is None else f">{MANY:,}" if ratio > MANY else rounded(ratio, sign=False)[0],
        "-" if enough is None else rounded(enough, sign=False)[0],
    ]


def _cost(console: Console, found: Mapping[str, Any]) -> None:
    if not found["cost"]:
        return
    dearest = sorted(found["cost"], key=lambda row: -row["mean"])
    parts = [f"{row['measure']} {number(row['mean'])}" for row in dearest[:DEAREST]]
    parts += [f"{len(dearest) - DEAREST} others"] if len(dearest) > DEAREST else []
    whole = sum(row["mean"] for row in found["cost"]) / len({row["world"] for row in found["cost"]})
    words = f"Public cost up to {found['cost_until']}: {number(whole)} million EUR ({', '.join(parts)})."
    console.print(words, highlight=False)


def _money(console: Console, ds: xr.Dataset, plan: str) -> None:
    """Who bears the cost, what was delivered of the plan, what stood in the way."""
    if "planned_cost" not in ds.data_vars:
        return
    books = money(ds, plan)
    words = f"Of the planned cost {books['delivered']:.0%} was spent"
    words += f", of it {number(100 * books['of_funds'])} % by funds" if books["of_funds"] else ""
    words += f", {number(100 * books['deadweight'])} % on what would have come anyway" if books["deadweight"] else ""
    words += f"; the treated add {number(books['own_per_public'])} EUR for each public euro"
    if books["displacement"] is not None:
        words += f"; of 100 jobs supported {number(100 * books['displacement'])} are lost elsewhere"
    console.print(words + f". Coordination costs {number(books['coordination'])} million EUR.", highlight=False)
    late = [f"{name} ({share:.0%}, {why})" for name, share, why in undelivered(ds, plan)]
    if late:
        shown = late[:DEAREST] + ([f"{len(late) - DEAREST} others"] if len(late) > DEAREST else [])
        console.print(f"Delivered least of what was planned: {', '.join(shown)}.", highlight=False)


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
    if any(own.values()):
        parts = [f"{name}: {', '.join(what)}" for name, what in own.items() if what]
        many = f"{sum(map(len, own.values()))} in its {len(parts)} measures"
        words += f", of the plan itself {'; '.join(parts) if len(parts) <= DEAREST else many}"
    console.print(f"{words}. See: regionsim list parameters, regionsim explain intervention/NAME.", highlight=False)


def number(value: float) -> str:
    """One number, rounded by its own size, without zeros at its end."""
    text = numbers(value)[0]
    return text.rstrip("0").rstrip(".") if "." in text else text


def numbers(*values: float) -> list[str]:
    """Levels that stand together, all rounded alike: three digits that count in the largest of them."""
    size = max(abs(value) for value in values)
    decimals = 0 if size >= 100 or size == 0 else 1 if size >= 10 else 2 if size >= 1 else 3
    return [f"{value:,.{decimals}f}" for value in values]
