"""The series the baseline is compared with, how each side is measured, and the error it may have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from regionsim.data.tables import RegionTables

if TYPE_CHECKING:
    import xarray as xr

Series = dict[int, float]
GROUPS = {"0-14": ["0-14"], "15-64": ["15-24", "25-34", "35-44", "45-54", "55-64"], "65+": ["65-79", "80+"]}


@dataclass(frozen=True)
class Bar:
    """One comparison: both sides as {year: value}, relative errors in % or absolute ones in points, and the limit."""

    name: str
    published: Callable[[RegionTables], Series]
    modelled: Callable[[xr.Dataset, RegionTables], Series]
    relative: bool
    judged: Literal["mean", "largest"]
    limit: float
    tag: Literal["imposed", "fitted", "emergent"]


def _census_year(tables: RegionTables) -> int:
    return int(str(tables.region.set_index("key")["value"]["census_day"])[:4])


def _yearly(values: xr.DataArray) -> Series:
    """Mean over the quarters of each full year."""
    years = np.array([int(q[:4]) for q in values["quarter"].values])
    return {int(y): float(values.values[years == y].mean()) for y in np.unique(years) if (years == y).sum() == 4}


def _indexed(series: Series, first: int, level: float) -> Series:
    return {year: value / series[first] * level for year, value in series.items()}


def _population(group: str) -> Bar:
    def published(tables: RegionTables) -> Series:
        frame = tables.population_broad_age
        rows = frame[(frame["age_group"] == group) & (frame["year"] > _census_year(tables))]
        return dict(zip(rows["year"].astype(int), rows["persons"].astype(float), strict=True))

    def modelled(run: xr.Dataset, tables: RegionTables) -> Series:
        total = run["residents"].sel(age_group=GROUPS[group]).sum(["arrondissement", "age_group"])
        last = {
            int(q[:4]) + 1: float(v)
            for q, v in zip(total["quarter"].values, total.values, strict=True)
            if q.endswith("Q4")
        }
        return last  # the end of a year is 1 January of the next

    return Bar(f"population {group}", published, modelled, True, "largest", 1.5, "imposed")


def _jobs_published(tables: RegionTables) -> Series:
    frame = tables.employment_history
    first = _census_year(tables)
    rows = frame[(frame["area"] == "region") & (frame["group"] == "TOTAL") & (frame["year"] >= first)]
    series = dict(zip(rows["year"].astype(int), rows["thousand_persons"].astype(float), strict=True))
    return _indexed(series, first, 100.0)


def _jobs_modelled(run: xr.Dataset, tables: RegionTables) -> Series:
    return _indexed(_yearly(run["jobs"].sum(["arrondissement", "sector"])), _census_year(tables), 100.0)


def _rate_published(tables: RegionTables) -> Series:
    frame = tables.labour_history
    rows = frame[(frame["indicator"] == "unemployment_rate") & (frame["year"] >= _census_year(tables))]
    return dict(zip(rows["year"].astype(int), rows["value"].astype(float), strict=True))


def _rate_modelled(run: xr.Dataset, tables: RegionTables) -> Series:
    first = _census_year(tables)
    return _indexed(_yearly(run["unemployment_rate"]), first, _rate_published(tables)[first])


BARS: tuple[Bar, ...] = (
    *(_population(group) for group in GROUPS),
    Bar("jobs, index", _jobs_published, _jobs_modelled, True, "mean", 1.5, "fitted"),
    Bar("unemployment rate", _rate_published, _rate_modelled, False, "mean", 0.5, "emergent"),
)
