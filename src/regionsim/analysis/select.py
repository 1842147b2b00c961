"""Picking from a collected dataset: plans, quarters, totals over dims."""

from __future__ import annotations

from dataclasses import dataclass

import xarray as xr

from regionsim.results.outcomes import OUTCOMES
from regionsim.results.store import REFERENCE, attribute
from regionsim.state.calendar import ordinal
from regionsim.state.errors import InputError, did_you_mean, listed

LEADING = ("world", "draw", "quarter")
DEFAULT_QUARTERS = (4, 12, 28, 60)


@dataclass(frozen=True)
class Horizon:
    """A moment of a plan: `quarters` quarters after its start, which is the end of the quarter `label`."""

    quarters: int
    label: str  # e.g. '2027Q4': the plan starts with 2027Q1 and has then run for 4 quarters
    first: int  # index of the plan's first quarter in the dataset
    last: int  # index of `label`


def plans(ds: xr.Dataset) -> list[str]:
    """Plans of the dataset without the comparison 'none', in the order of the run."""
    return [str(plan) for plan in ds["plan"].values if plan != REFERENCE]


def worlds(ds: xr.Dataset) -> list[str]:
    """Worlds of the dataset."""
    return [str(world) for world in ds["world"].values]


def first_world(ds: xr.Dataset) -> str:
    """The world that was asked for first, with which others are compared."""
    asked = [world for world in attribute(ds, "worlds", []) if world in worlds(ds)]
    return str(asked[0]) if asked else worlds(ds)[0]


def measures_of(ds: xr.Dataset) -> dict[str, set[str]]:
    """Names of the measures of each plan beside 'none'."""
    found: dict[str, set[str]] = {plan: set() for plan in plans(ds)}
    for row in attribute(ds, "measures", []):
        found.get(str(row.get("plan")), set()).add(str(row["measure"]))
    return found


def quarter_labels(ds: xr.Dataset) -> list[str]:
    """Quarters of the dataset as texts like '2027Q1'."""
    return [str(quarter) for quarter in ds["quarter"].values]


def start_index(ds: xr.Dataset, plan: str) -> int:
    """Index of the first quarter of a plan (attribute `plan_start`); InputError if it is not in the dataset."""
    start = attribute(ds, "plan_start", {}).get(plan)
    labels = quarter_labels(ds)
    if start is None:
        raise InputError("plan_start", f"has no quarter for plan '{plan}'")
    index = ordinal(start) - ordinal(labels[0])
    if not 0 <= index < len(labels):
        raise InputError("plan_start", f"plan '{plan}' starts in {start}, outside {labels[0]} to {labels[-1]}")
    return index


def horizons(ds: xr.Dataset, plan: str, at: tuple[int, ...] | list[int] = DEFAULT_QUARTERS) -> list[Horizon]:
    """The moments `at` quarters after the plan's start that lie within the dataset; each at least 1.

    If none does, the last quarter of the dataset is the only horizon.
    """
    if any(quarters < 1 for quarters in at):
        raise InputError("at", f"quarters after the start must be 1 or more, not {listed(map(str, at))}")
    labels = quarter_labels(ds)
    first = start_index(ds, plan)
    inside = [quarters for quarters in at if first + quarters <= len(labels)] or [len(labels) - first]
    return [Horizon(quarters, labels[first + quarters - 1], first, first + quarters - 1) for quarters in inside]


def total(ds: xr.Dataset, outcome: str) -> xr.DataArray:
    """An outcome summed over its own dims: (world, plan, draw, quarter). InputError for a ratio that has dims."""
    return over(ds, outcome, ())


def over(ds: xr.Dataset, outcome: str, keep: tuple[str, ...]) -> xr.DataArray:
    """An outcome summed over its own dims except those in `keep`. InputError if it is unknown or does not add up."""
    values = known(ds, outcome)
    unknown = [dim for dim in keep if dim not in values.dims]
    if unknown:
        raise InputError(f"outcome '{outcome}'", [f"has no dim '{dim}'" for dim in unknown])
    own = [dim for dim in values.dims if dim not in (*LEADING, "plan", *keep)]
    if own and values.attrs.get("kind") == "ratio":
        raise InputError(f"outcome '{outcome}'", f"is a ratio: it does not add up over {listed(map(str, own))}")
    return values.sum(own, skipna=False, keep_attrs=True) if own else values


def known(ds: xr.Dataset, outcome: str) -> xr.DataArray:
    """The variable of an outcome; InputError with the allowed names otherwise."""
    if outcome not in ds.data_vars:
        names = [str(name) for name in ds.data_vars]
        raise InputError(f"outcome '{outcome}'", f"unknown{did_you_mean(outcome, names)}; known: {listed(names)}")
    return ds[outcome]


def headline_outcomes(ds: xr.Dataset) -> list[str]:
    """Headline outcomes of the catalogue that the dataset holds, in the catalogue's order."""
    return [name for name, outcome in OUTCOMES.items() if outcome.headline and name in ds.data_vars]
