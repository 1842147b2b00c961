"""The series of published history that carry a bar: how each side is measured, and the error it may have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from regionsim.data.tables import RegionTables
from regionsim.validation.runs import DrawRun
from regionsim.validation.table import Tag

if TYPE_CHECKING:
    import xarray as xr

Series = dict[int, float]
Published = Callable[[RegionTables], Series]
Modelled = Callable[[DrawRun, RegionTables], Series]
GROUPS = {"0-14": ["0-14"], "15-64": ["15-24", "25-34", "35-44", "45-54", "55-64"], "65+": ["65-79", "80+"]}


@dataclass(frozen=True)
class Line:
    """One comparison: both sides as {year: value}, errors relative in % or absolute in points.

    judged, limit: the bar of the series, which error counts and how large it may be; limit None: no bar.
    """

    name: str
    published: Published
    modelled: Modelled
    relative: bool
    tag: Tag
    judged: Literal["mean", "largest"] = "mean"
    limit: float | None = None


def first_year(tables: RegionTables) -> int:
    """The year of census day."""
    return int(str(tables.region.set_index("key")["value"]["census_day"])[:4])


def yearly(values: xr.DataArray) -> Series:
    """Mean over the quarters of each full year."""
    years = np.array([int(q[:4]) for q in values["quarter"].values])
    return {int(y): float(values.values[years == y].mean()) for y in np.unique(years) if (years == y).sum() == 4}


def on_1_january(values: xr.DataArray) -> Series:
    """A stock at the end of each year, which is 1 January of the next."""
    pairs = zip(values["quarter"].values, values.values, strict=True)
    return {int(q[:4]) + 1: float(v) for q, v in pairs if q.endswith("Q4")}


def indexed(series: Series, first: int, level: float = 100.0) -> Series:
    """The same series with `level` in the year `first`."""
    return {year: value / series[first] * level for year, value in series.items()}


def _population(group: str) -> Line:
    def published(tables: RegionTables) -> Series:
        frame = tables.population_broad_age
        rows = frame[(frame["age_group"] == group) & (frame["year"] > first_year(tables))]
        return dict(zip(rows["year"].astype(int), rows["persons"].astype(float), strict=True))

    def modelled(run: DrawRun, tables: RegionTables) -> Series:
        return on_1_january(run.outcomes["residents"].sel(age_group=GROUPS[group]).sum(["arrondissement", "age_group"]))

    return Line(f"population {group}", published, modelled, True, "imposed", "largest", 1.5)


def _jobs_published(tables: RegionTables) -> Series:
    frame = tables.employment_history
    first = first_year(tables)
    rows = frame[(frame["area"] == "region") & (frame["group"] == "TOTAL") & (frame["year"] >= first)]
    series = dict(zip(rows["year"].astype(int), rows["thousand_persons"].astype(float), strict=True))
    return indexed(series, first)


def _jobs_modelled(run: DrawRun, tables: RegionTables) -> Series:
    return indexed(yearly(run.outcomes["jobs"].sum(["arrondissement", "sector"])), first_year(tables))


def survey(tables: RegionTables, indicator: str) -> Series:
    """An indicator of the labour force survey from the first year on."""
    frame = tables.labour_history
    rows = frame[(frame["indicator"] == indicator) & (frame["year"] >= first_year(tables))]
    return dict(zip(rows["year"].astype(int), rows["value"].astype(float), strict=True))


def _rate_published(tables: RegionTables) -> Series:
    return survey(tables, "unemployment_rate")


def _rate_modelled(run: DrawRun, tables: RegionTables) -> Series:
    first = first_year(tables)
    return indexed(yearly(run.outcomes["unemployment_rate"]), first, _rate_published(tables)[first])


BARS: tuple[Line, ...] = (
    *(_population(group) for group in GROUPS),
    Line("jobs, index", _jobs_published, _jobs_modelled, True, "fitted", "mean", 1.5),
    Line("unemployment rate", _rate_published, _rate_modelled, False, "emergent", "mean", 0.5),
)
