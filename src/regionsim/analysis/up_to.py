"""What plans have brought up to one and the same quarter, whenever they started: what waiting costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from regionsim.analysis.paired import paired
from regionsim.analysis.select import plans, quarter_labels, total, worlds
from regionsim.results.store import REFERENCE
from regionsim.state.errors import InputError

YEARS_OF = {"jobs": "job-years", "persons": "person-years", "firms": "firm-years"}  # a stock summed over quarters / 4


def up_to(
    ds: xr.Dataset, outcomes: Sequence[str], quarter: str | None = None, reference: str = REFERENCE
) -> pd.DataFrame:
    """One row a world, outcome and plan: the difference with `reference` summed from the first quarter to `quarter`.

    Of a flow the sum, of a stock the sum of its quarters in years (jobs: job-years). Columns: world, outcome, plan,
    quarter (default: the last), unit, and the fields of `paired.Paired`. Against another plan than 'none', what it
    costs to take the plan instead. InputError for a ratio, which has no sum, or a quarter that is not there.
    """
    labels = quarter_labels(ds)
    until = labels[-1] if quarter is None else quarter
    if until not in labels:
        raise InputError("quarter", f"'{until}'; allowed: {labels[0]} to {labels[-1]}")
    rows: list[dict[str, Any]] = []
    for name in outcomes:
        values = total(ds, name)
        if values.attrs.get("kind") == "ratio":
            raise InputError(f"outcome '{name}'", "is a ratio: quarters of it do not add up")
        unit, years = str(values.attrs.get("unit", "")), 0.25 if values.attrs.get("kind") == "stock" else 1.0
        summed = years * values.isel(quarter=slice(0, labels.index(until) + 1)).sum("quarter", skipna=False)
        unit = YEARS_OF.get(unit, f"{unit} x years") if years < 1 else unit.removesuffix(" per quarter")
        for world in worlds(ds):
            here = summed.sel(world=world)
            for plan in [p for p in plans(ds) if p != reference]:
                found = paired(*(np.asarray(here.sel(plan=p).values, np.float64) for p in (plan, reference)))
                place = {"world": world, "outcome": name, "plan": plan, "quarter": until, "unit": unit}
                rows.append({**place, **found.as_dict()})
    return pd.DataFrame(rows)
