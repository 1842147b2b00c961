"""Where the variance of the headline effects comes from, on the terminal, if the run split it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import xarray as xr
from rich.console import Console
from rich.table import Table

from regionsim.analysis.variance_parts import PARTS
from regionsim.analysis.variance_split import parts
from regionsim.results.outcomes import OUTCOMES

TITLES = {"driver": "drivers", "parameter": "parameters", "both": "the two\ntogether", "chance": "chance"}


def print_split(console: Console, ds: xr.Dataset, rows: list[dict[str, Any]]) -> None:
    """One line per outcome that varies, in percent of its variance; rows as in the summary, maybe none.

    Effects of the dataset's plans, or levels where it has none.
    """
    wanted = "effect" if ds.sizes["plan"] > 1 else "level"
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(f"variance of the {wanted}, % from")
    for part in PARTS:
        table.add_column(TITLES[part], justify="right")
    kept = pd.DataFrame([row for row in rows if row["of"] == wanted])
    if kept.empty:
        return
    several = kept.groupby(["world", "plan"]).ngroups > 1
    for (world, plan, name), of_outcome in kept.groupby(["world", "plan", "outcome"], sort=False):
        found = parts(of_outcome)
        if found is not None:
            title = OUTCOMES[str(name)].title_en + (f" ({world}, {plan})" if several else "")
            table.add_row(title, *(f"{100 * found[part]:.0f}" for part in PARTS))
    moment = f"Up to {kept['horizon'].iloc[0]}, {kept['draws'].min()} draws"
    words = "rough: the shares they are fitted to, with ranges, are in variance_split.csv"
    console.print(f"\n{moment}; {words}.", highlight=False)
    console.print(table)
