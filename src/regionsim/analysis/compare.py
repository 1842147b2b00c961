"""Many plans side by side: effects at several horizons, what was spent, what a job cost, what stood in the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from regionsim.analysis.effects import effect_table
from regionsim.analysis.select import DEFAULT_QUARTERS, horizons, plans
from regionsim.state.ledger import FINISHED, FREE, NOT_STARTED, OBSTACLES

COMPARED = (
    "jobs", "gva", "firms", "employed_residents", "unemployment_rate", "young_graduates", "net_graduate_migration",
    "tourism_jobs", "public_cost", "own_funds", "deadweight_cost", "jobs_supported", "exports",
)  # fmt: skip
BOOKS = ("treated", "planned_units", "planned_cost", "delivery_obstacle", "coordination_cost")
CHECKED = ("residual_people", "residual_jobs", "residual_money")
NEARLY_ALL = 0.95  # of what was planned: then nothing stood in the way
KEPT = (*COMPARED, *BOOKS, *CHECKED)  # what a run that compares keeps of the catalogue


def comparison(ds: xr.Dataset, at: Sequence[int] = DEFAULT_QUARTERS) -> pd.DataFrame:
    """Rows of `effect_table` of every plan, with a column plan: averages since the start, flows summed."""
    outcomes = [name for name in COMPARED if name in ds.data_vars]
    frames = [effect_table(ds, plan, at, outcomes).assign(plan=plan) for plan in plans(ds)]
    found = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return found[found["measure_of"] != "level"].reset_index(drop=True)


def ranking(
    ds: xr.Dataset,
    outcome: str = "jobs",
    at: Sequence[int] = DEFAULT_QUARTERS,
    table: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row a plan and world, the largest effect on `outcome` at the last horizon first; table: the `comparison` of
    the same dataset and horizons, made here if it is not at hand.

    Columns: plan, world, mean_H, p10_H, p90_H and p_positive_H of every horizon H in quarters (average since the
    start, or sum of a flow); spent (million EUR, public cost until the last horizon), spent_of_planned (share of the
    planned public cost), per_job_year (EUR for one job more during a year; NaN where there are none), per_gva (EUR
    of public cost for a EUR of value added, of the year that the outcome counts in; NaN where there is none), obstacle
    (the most frequent one, in words; '' where all but a twentieth was spent).
    """
    table = comparison(ds, at) if table is None else table
    rows = []
    for (plan, world), group in table.groupby(["plan", "world"], sort=False):
        of = group[group["outcome"] == outcome].set_index("quarters")
        row: dict[str, object] = {"plan": plan, "world": world}
        for quarters in of.index:
            names = ("mean", "p10", "p90", "p_positive")
            row |= {f"{name}_{quarters}": float(of.loc[quarters, name]) for name in names}
        rows.append(row | _spending(ds, str(plan), str(world), group, list(at)))
    frame = pd.DataFrame(rows)
    last = [name for name in frame.columns if name.startswith("mean_")][-1]
    return frame.sort_values(last, ascending=False, kind="stable").reset_index(drop=True)


def _spending(ds: xr.Dataset, plan: str, world: str, group: pd.DataFrame, at: list[int]) -> dict[str, object]:
    moment = horizons(ds, plan, at)[-1]
    run = ds.sel(plan=plan, world=world).isel(quarter=slice(moment.first, moment.last + 1))
    spent = float(run["public_cost"].sum(["quarter", "measure"]).mean())
    planned = float(run["planned_cost"].sum(["quarter", "measure"]).mean())
    effects = group[group["quarters"] == moment.quarters].set_index("outcome")["mean"]
    job_years = float(effects.get("jobs", float("nan"))) * moment.quarters / 4.0
    gva = float(effects.get("gva", float("nan")))
    return {
        "spent": spent,
        "spent_of_planned": spent / planned if planned > 0 else float("nan"),
        "per_job_year": 1e6 * spent / job_years if job_years > 0 else float("nan"),
        "per_gva": spent / gva if gva > 0 else float("nan"),
        "obstacle": obstacle(run["delivery_obstacle"].values) if spent < NEARLY_ALL * planned else "",
    }


def obstacle(codes: np.ndarray) -> str:  # type: ignore[type-arg]
    """What stood in the way most often, in words; '' where nothing did."""
    known = codes[np.isfinite(codes) & (codes >= 0) & (codes < len(OBSTACLES))]  # of a later version: left out
    told = Counter(known.astype(int).tolist())
    for quiet in (FREE, NOT_STARTED, FINISHED):
        told.pop(quiet, None)
    return OBSTACLES[told.most_common(1)[0][0]] if told else ""
