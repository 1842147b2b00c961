"""Effects of a plan: outcome(plan, d) - outcome(none, d), paired by draw d, then described over the draws.

Three measures of an outcome at a horizon, each taken per draw and only then paired: 'level' is the value in the
horizon's quarter (of a stock: at its end); 'average', of stocks and ratios, the mean over all quarters from the plan's
start to the horizon; 'cumulated', of flows, the sum over them. A single quarter carries the chance of that quarter (one
filled vacancy leaves another behind), so average and sum are known from far fewer draws. How mean, range, probability,
draws and variance ratio are computed is said in `analysis/paired.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from regionsim.analysis.paired import paired
from regionsim.analysis.select import (
    DEFAULT_QUARTERS,
    Horizon,
    headline_outcomes,
    horizons,
    known,
    over,
    total,
    worlds,
)
from regionsim.results.store import REFERENCE
from regionsim.state.errors import InputError, did_you_mean, listed


def effect(ds: xr.Dataset, outcome: str, plan: str, reference: str = REFERENCE) -> xr.DataArray:
    """Paired difference plan - reference of an outcome, same draw on both sides; dims as the outcome's, without plan.

    The unit is the outcome's (percentage points where that is %). InputError for an unknown outcome or plan.
    """
    values = known(ds, outcome)
    return _difference(_checked(values, plan, reference), plan, reference)


def total_effect(ds: xr.Dataset, outcome: str, plan: str, reference: str = REFERENCE) -> xr.DataArray:
    """As `effect`, of the outcome summed over its own dims: (world, draw, quarter)."""
    return _difference(_checked(total(ds, outcome), plan, reference), plan, reference)


def effect_table(
    ds: xr.Dataset,
    plan: str,
    at: Sequence[int] = DEFAULT_QUARTERS,
    outcomes: Sequence[str] | None = None,
    reference: str = REFERENCE,
) -> pd.DataFrame:
    """One row per world, outcome, horizon and measure of it; `outcomes` defaults to the headline ones.

    Columns: world, outcome, quarters (after the plan's start), quarter (the last of them), measure_of ('level', and
    'average' for stocks and ratios, 'cumulated' for flows), unit, verdict ('no effect' when no draw differs), and the
    fields of `paired.Paired`. An average or sum with a missing quarter is missing in that draw.
    """
    moments = horizons(ds, plan, list(at))
    rows = []
    for name in headline_outcomes(ds) if outcomes is None else outcomes:
        values = _checked(total(ds, name), plan, reference)
        for moment in moments:
            rows += list(_rows(values, name, plan, reference, moment))
    return _frame(rows)


def effect_by(
    ds: xr.Dataset,
    outcome: str,
    plan: str,
    dim: str,
    quarters: int,
    measure_of: str = "level",
    reference: str = REFERENCE,
) -> pd.DataFrame:
    """Effects per label of one dim (summed over the outcome's other dims), `quarters` after the start.

    Columns as `effect_table`, and `dim` for the label. InputError for a measure that the outcome does not have, or
    a horizon beyond the data.
    """
    moment = horizons(ds, plan, [quarters])[0]
    if moment.quarters != quarters:
        raise InputError("quarters", f"{quarters} after the start lies beyond {moment.label}, the last quarter")
    values = _checked(over(ds, outcome, (dim,)), plan, reference)
    allowed = ("level", _since_start(values))
    if measure_of not in allowed:
        kind = values.attrs.get("kind")
        raise InputError(f"outcome '{outcome}'", f"is a {kind}: its effect has {listed(allowed)}, not '{measure_of}'")
    rows = []
    for label in values[dim].values:
        found = _rows(values.sel({dim: label}), outcome, plan, reference, moment)
        rows += [{dim: str(label), **row} for row in found if row["measure_of"] == measure_of]
    return _frame(rows)


def since_start(ds: xr.Dataset, outcome: str) -> str:
    """The measure that uses all quarters since the plan's start: 'cumulated' for a flow, else 'average'."""
    return _since_start(known(ds, outcome))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of an effect table as dicts by column name."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _rows(values: xr.DataArray, name: str, plan: str, reference: str, moment: Horizon) -> Iterator[dict[str, Any]]:
    """Rows of one outcome (world, plan, draw, quarter) at one horizon: its level, and its average or sum."""
    for world in worlds(values.to_dataset(name=name)):
        for measure_of, value in measured(values, moment).items():
            here = value.sel(world=world)
            result = paired(_draws(here, plan), _draws(here, reference))
            yield {
                "world": world,
                "outcome": name,
                "quarters": moment.quarters,
                "quarter": moment.label,
                "measure_of": measure_of,
                "unit": effect_unit(str(values.attrs.get("unit", "")), measure_of),
                "verdict": "no effect" if result.no_effect else "",
                **result.as_dict(),
            }


def measured(values: xr.DataArray, moment: Horizon) -> dict[str, xr.DataArray]:
    """An outcome (..., quarter) at a horizon: 'level', and 'average' or 'cumulated' since the plan's start."""
    whole = values.isel(quarter=slice(moment.first, moment.last + 1))
    measure = _since_start(values)
    over_time = whole.sum("quarter", skipna=False) if measure == "cumulated" else whole.mean("quarter", skipna=False)
    return {"level": values.isel(quarter=moment.last), measure: over_time}


def _since_start(values: xr.DataArray) -> str:
    return "cumulated" if values.attrs.get("kind") == "flow" else "average"


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as a frame whose number of draws stays whole beside missing ones."""
    frame = pd.DataFrame(rows)
    return frame.astype({"draws_enough": "Int64"}) if rows else frame


def effect_unit(unit: str, measure_of: str = "level") -> str:
    """Unit of a difference: percentage points for %, and a cumulated flow is no longer per quarter."""
    if unit == "%":
        return "percentage points"
    return unit.removesuffix(" per quarter") if measure_of == "cumulated" else unit


def _draws(values: xr.DataArray, plan: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.asarray(values.sel(plan=plan).values, dtype=np.float64)


def _difference(values: xr.DataArray, plan: str, reference: str) -> xr.DataArray:
    difference = values.sel(plan=plan, drop=True) - values.sel(plan=reference, drop=True)
    unit = effect_unit(str(values.attrs.get("unit", "")))
    return difference.assign_attrs({**values.attrs, "unit": unit, "reference": reference})


def _checked(values: xr.DataArray, *wanted: str) -> xr.DataArray:
    """`values`, if it holds every wanted plan."""
    present = [str(plan) for plan in values["plan"].values]
    faults = [
        f"unknown{did_you_mean(plan, present)}; known: {listed(present)}" for plan in wanted if plan not in present
    ]
    if faults:
        raise InputError("plan " + " / ".join(f"'{plan}'" for plan in wanted if plan not in present), faults)
    return values
