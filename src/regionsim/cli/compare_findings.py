"""The table of `regionsim compare` on the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from regionsim.analysis.rounding import rounded
from regionsim.results.outcomes import OUTCOMES
from regionsim.state.errors import listed

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from regionsim.model.settings import Plan, Settings


def print_comparison(
    console: Console,
    ds: xr.Dataset,
    table: pd.DataFrame,
    outcome: str,
    settings: Settings,
    left_out: list[str],
    budget_eur: float,
) -> None:
    """One line a plan: the effect at every horizon with its 80 % range, public cost, cost of a job, obstacle."""
    about = OUTCOMES[outcome]
    horizons = [int(name.removeprefix("mean_")) for name in table.columns if name.startswith("mean_")]
    kind = "sum" if about.kind == "flow" else "average"
    title = f"\nEffect on {about.title_en.lower()} ({about.unit}), {kind} since the start; 80 % range"
    console.print(title, style="bold")
    shown = Table(box=None, header_style="bold", pad_edge=False)
    shown.add_column("plan")
    for quarters in horizons:
        shown.add_column(f"{quarters} quarters", justify="right")
    for column in ("P(>0)", "spent\nmio EUR", "of\nplan", "EUR a\njob-year"):
        shown.add_column(column, justify="right")
    shown.add_column("obstacle")
    marks = {plan.name: _mark(plan, budget_eur) for plan in settings.plans[1:]}
    for row in table.to_dict("records"):
        cells = [_range(row, quarters, about.unit) for quarters in horizons]
        share, per_job = row["spent_of_planned"], row["per_job_year"]
        shown.add_row(
            f"{row['plan']}{marks.get(str(row['plan']), '')}", *cells, f"{row[f'p_positive_{horizons[-1]}']:.2f}",
            f"{row['spent']:.1f}", f"{share:.0%}" if share == share else "-",
            f"{per_job:,.0f}" if per_job < 1e7 else "-", str(row["obstacle"]),
        )  # fmt: skip
    console.print(shown)
    console.print(f"Draws: {ds.sizes['draw']}. Effects are paired differences with no plan. Doses and unit costs are "
                  "assumptions; what concerns pupils shows after years.", highlight=False)  # fmt: skip
    if left_out:
        console.print(f"Left out, without a dose: {listed(left_out)}.", highlight=False)


def _mark(plan: Plan, budget_eur: float) -> str:
    """What is said beside a capital project that could not be had for the budget."""
    if len(plan.measures) != 1 or not plan.measures[0].indivisible:
        return ""
    return f" (indivisible: {plan.measures[0].project_eur / budget_eur:.1f} budgets)"


def _range(row: Mapping[Any, Any], quarters: int, unit: str) -> str:
    mean, low, high = row[f"mean_{quarters}"], row[f"p10_{quarters}"], row[f"p90_{quarters}"]
    if mean != mean:
        return "0"
    shown = rounded(mean, low, high, unit=unit)
    return f"{shown[0]} ({shown[1]} to {shown[2]})"
