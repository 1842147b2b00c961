"""What a world costs the region, with and without a plan: whether the plan makes it less exposed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from regionsim.analysis.effects import effect_unit, measured, since_start
from regionsim.analysis.paired import difference_of, paired
from regionsim.analysis.select import horizons, plans, total, worlds
from regionsim.results.store import REFERENCE
from regionsim.state.errors import InputError, listed

QUARTERS = 28


def shocks(ds: xr.Dataset, calm: str, outcomes: Sequence[str], quarters: int = QUARTERS) -> pd.DataFrame:
    """One row a world other than `calm`, outcome and plan, over the plan's first `quarters` quarters, paired by draw.

    Columns: world, outcome, plan, quarter (the last of them), measure_of ('average', of a flow 'cumulated'), unit;
    mean, p10, p90 of the loss (outcome in the world - outcome in `calm`, both without a plan); with_plan (mean of the
    same, both with the plan); avoided_mean, avoided_p10, avoided_p90, avoided_p_positive (with_plan - without: above 0
    where the plan makes the loss of a good thing smaller). The same as the effect in the world less the effect in
    `calm`. InputError for a world that is not there.
    """
    if calm not in worlds(ds):
        raise InputError("world", f"'{calm}' is not in the results; allowed: {listed(worlds(ds))}")
    rows: list[dict[str, Any]] = []
    for name in outcomes:
        values, measure = total(ds, name), since_start(ds, name)
        for plan in plans(ds):
            moment = horizons(ds, plan, [quarters])[0]
            here = measured(values, moment)[measure]
            place = {"outcome": name, "plan": plan, "quarter": moment.label, "measure_of": measure}
            place["unit"] = effect_unit(str(values.attrs.get("unit", "")), measure)
            for world in [w for w in worlds(ds) if w != calm]:
                loss = {p: _loss(here, world, calm, p) for p in (REFERENCE, plan)}
                without = paired(loss[REFERENCE], np.zeros_like(loss[REFERENCE]))
                avoided = paired(loss[plan], loss[REFERENCE])
                row = {"world": world, **place, "mean": without.mean, "p10": without.p10, "p90": without.p90}
                row |= {"with_plan": float(np.nanmean(loss[plan]))}
                fields = ("mean", "p10", "p90", "p_positive")
                rows.append(row | {f"avoided_{field}": getattr(avoided, field) for field in fields})
    return pd.DataFrame(rows)


def _loss(values: xr.DataArray, world: str, calm: str, plan: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    in_world, in_calm = (np.asarray(values.sel(world=w, plan=plan).values, np.float64) for w in (world, calm))
    return difference_of(in_world, in_calm)
