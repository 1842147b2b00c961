"""The table of `regionsim compare` on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from regionsim.analysis.paired import RELIABLE_DRAWS
from regionsim.analysis.rounding import rounded
from regionsim.results.outcomes import OUTCOMES
from regionsim.results.store import attribute
from regionsim.state.errors import listed

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


def print_comparison(
    console: Console,
    ds: xr.Dataset,
    table: pd.DataFrame,
    outcome: str,
    left_out: Sequence[str] = (),
    budget_eur: float | None = None,
) -> None:
    """One line a plan: the effect at every horizon with its 80 % range, public cost, cost of a job, obstacle."""
    about = OUTCOMES[outcome]
    horizons = [int(name.removeprefix("mean_")) for name in table.columns if name.startswith("mean_")]
    kind = "sum" if about.kind == "flow" else "average"
    title = f"\nEffect on {about.title_en.lower()} ({about.unit}), {kind} since the start; 80 % range"
    console.print(title, style="bold")
    shown = Table(box=None, header_style="bold", pad_edge=False)
    shown.add_column("plan", no_wrap=True)
    several = ds.sizes["world"] > 1
    if several:
        shown.add_column("world")
    for quarters in horizons:
        shown.add_column(f"{quarters} quarters", justify="right")
    for column in ("P(>0)", "spent\nmio EUR", "of\nplan", "EUR a\njob-year", "EUR a EUR\nof GVA"):
        shown.add_column(column, justify="right")
    shown.add_column("obstacle")
    marks = _marks(ds, budget_eur)
    for row in table.to_dict("records"):
        places = [f"{row['plan']}{marks.get(str(row['plan']), '')}", *([str(row["world"])] if several else [])]
        cells = [_range(row, quarters, about.unit) for quarters in horizons]
        share, per_job, per_gva = row["spent_of_planned"], row["per_job_year"], row["per_gva"]
        shown.add_row(
            *places, *cells, f"{row[f'p_positive_{horizons[-1]}']:.2f}",
            f"{row['spent']:.1f}", f"{share:.0%}" if share == share else "-",
            f"{per_job:,.0f}" if per_job < 1e7 else "-", f"{per_gva:.2f}" if per_gva < 100 else "-",
            str(row["obstacle"]),
        )  # fmt: skip
    console.print(shown)
    console.print(f"Draws: {ds.sizes['draw']}. Effects are paired differences with no plan. Doses and unit costs are "
                  "assumptions; what concerns pupils shows after years.", highlight=False)  # fmt: skip
    if ds.sizes["draw"] < RELIABLE_DRAWS:
        console.print(f"With {ds.sizes['draw']} draws these ranges say little; take {RELIABLE_DRAWS} or more.")
    if left_out:
        console.print(f"Left out, without a dose: {listed(left_out)}.", highlight=False)


def print_robustness(console: Console, table: pd.DataFrame, outcome: str, ds: xr.Dataset) -> None:
    """Which plan is best how often, and what is lost by choosing it where another was better."""
    about = OUTCOMES[outcome]
    several = f"{ds.sizes['world']} worlds and their draws" if ds.sizes["world"] > 1 else "the draws of one world"
    title = f"\nChoosing by {about.title_en.lower()}, over {several}"
    console.print(title, style="bold")
    shown = Table(box=None, header_style="bold", pad_edge=False)
    shown.add_column("plan", no_wrap=True)
    columns = ["mean", "worst world", "best in", "regret", "largest regret\nof a world"]
    satisfies = "satisfied" in table
    for column in [*columns, *(["enough in", "in the\nworst world"] if satisfies else [])]:
        shown.add_column(column, justify="right")
    for row in table[table["outcome"] == outcome].sort_values("mean", ascending=False).to_dict("records"):
        values = [row[key] for key in ("mean", "worst_world_mean", "expected_regret", "largest_regret")]
        mean, worst, regret, largest = rounded(*values, unit=about.unit)
        enough = [f"{row[key]:.0%}" for key in ("satisfied", "satisfied_worst_world") if satisfies]
        shown.add_row(str(row["plan"]), mean, worst, f"{row['p_best']:.0%}", regret, largest, *enough)
    console.print(shown)


def print_attribution(console: Console, table: pd.DataFrame, outcome: str) -> None:
    """What each part contributes to the whole (Shapley value), beside what it does alone."""
    of_outcome = table[table["outcome"] == outcome]
    for world, rows in of_outcome[of_outcome["quarters"] == of_outcome["quarters"].max()].groupby("world", sort=False):
        _print_parts(console, rows, outcome, f" in {world}" if table["world"].nunique() > 1 else "")


def _print_parts(console: Console, rows: pd.DataFrame, outcome: str, where: str) -> None:
    about = OUTCOMES[outcome]
    unit, until = rows["unit"].iloc[0], rows["quarter"].iloc[0]
    title = f"\nParts of the effect on {about.title_en.lower()} ({unit}) up to {until}{where}"
    console.print(title, style="bold")
    shown = Table(box=None, header_style="bold", pad_edge=False)
    shown.add_column("part")
    sampled = rows["orders"].dropna()
    errors = [] if sampled.empty else [f"error of {sampled.iloc[0]:.0f}\norders, +-"]
    for column in ("share of the whole, 80 % range", "P(>0)", "alone", *errors):
        shown.add_column(column, justify="right")
    for row in rows.to_dict("records"):
        mean, low, high = rounded(row["share_mean"], row["p10"], row["p90"], unit=about.unit)
        alone = row["alone_mean"]
        own = rounded(alone, unit=about.unit)[0] if alone == alone else ""
        error = [rounded(row["sampling_error"], unit=about.unit, sign=False)[0] for _ in errors]
        shown.add_row(str(row["player"]), f"{mean} ({low} to {high})", f"{row['p_positive']:.2f}", own, *error)
    console.print(shown)


def _marks(ds: xr.Dataset, budget_eur: float | None) -> dict[str, str]:
    """What is said beside a plan that is one capital project which could not be had for the budget."""
    of_plan: dict[str, list[Mapping[str, Any]]] = {}
    for row in attribute(ds, "measures", []):
        of_plan.setdefault(str(row["plan"]), []).append(row)
    marks = {}
    for plan, rows in of_plan.items():
        if len(rows) == 1 and rows[0].get("indivisible"):
            budgets = "" if budget_eur is None else f": {rows[0]['project_eur'] / budget_eur:.1f} budgets"
            marks[plan] = f" (indivisible{budgets})"
    return marks


def _range(row: Mapping[Any, Any], quarters: int, unit: str) -> str:
    mean, low, high = row[f"mean_{quarters}"], row[f"p10_{quarters}"], row[f"p90_{quarters}"]
    if mean != mean:
        return "0"
    shown = rounded(mean, low, high, unit=unit)
    return f"{shown[0]} ({shown[1]} to {shown[2]})"
