"""The money of a plan: who bears it, what was wasted, what others lost; and what was delivered of it."""

from __future__ import annotations

from typing import Any

import xarray as xr

from regionsim.analysis.compare import NEARLY_ALL, obstacle
from regionsim.analysis.effects import total_effect
from regionsim.analysis.select import start_index
from regionsim.results.outcomes import OWN_MONEY


def money(ds: xr.Dataset, plan: str) -> dict[str, Any]:
    """Means over worlds and draws of sums since the plan's start, million EUR or shares.

    public, planned, coordination: million EUR; delivered: public over planned; of_funds: share that funds bear in the
    end; deadweight: share of public cost for units that would have come anyway; own_per_public: leverage, EUR of the
    treated for each public euro; displacement: 1 - effect on jobs / jobs that treated firms' orders stand for, mean of
    the quarters, None where no measure raises orders.
    """
    run = ds.sel(plan=plan).isel(quarter=slice(start_index(ds, plan), None))

    def summed(name: str) -> float:
        values = run[name].sum([dim for dim in run[name].dims if dim not in ("world", "draw")])
        return float(values.mean())

    public, planned = summed("public_cost"), summed("planned_cost")
    by_fund = run["cost_by_fund"].sum("quarter")
    funds = by_fund.mean([dim for dim in by_fund.dims if dim != "fund"])
    supported = float(run["jobs_supported"].mean())
    effect = float(total_effect(ds, "jobs", plan).isel(quarter=slice(start_index(ds, plan), None)).mean())
    return {
        "public": public,
        "planned": planned,
        "delivered": public / planned if planned > 0 else 0.0,
        "of_funds": 1.0 - float(funds.sel(fund=[OWN_MONEY]).sum()) / public if public > 0 else 0.0,
        "deadweight": summed("deadweight_cost") / public if public > 0 else 0.0,
        "own_per_public": summed("own_funds") / public if public > 0 else 0.0,
        "coordination": summed("coordination_cost"),
        "displacement": 1.0 - effect / supported if supported > 0 else None,
    }


def undelivered(ds: xr.Dataset, plan: str) -> list[tuple[str, float, str]]:
    """Measures of which less was spent than planned: name, share spent, most frequent obstacle; the least first."""
    run = ds.sel(plan=plan).isel(quarter=slice(start_index(ds, plan), None))
    found = []
    for name in ds["measure"].values:
        one = run.sel(measure=name)
        planned, spent = float(one["planned_cost"].sum()), float(one["public_cost"].sum())
        if planned > 0 and spent < NEARLY_ALL * planned:
            found.append((str(name), spent / planned, obstacle(one["delivery_obstacle"].values) or "end of the run"))
    return sorted(found, key=lambda row: row[1])
