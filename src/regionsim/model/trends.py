"""Two trends a sector, fitted to what is published up to `as_of`: productivity, and the region's share of demand.

Productivity is published value added at the price of the country's output over published jobs, by group of sectors,
year by year as far as it is published (observed, like a driver) and its trend afterwards. The share of demand is what
makes the output that drivers called for through the input-output table that of the published value added; it stands for
competitiveness and changing tastes, in one constant.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from regionsim.data.schema_economy import FORECAST_ROLES
from regionsim.data.tables import RegionTables
from regionsim.drivers.paths import DriverModel
from regionsim.state import calendar
from regionsim.state.places import ORIGINS
from regionsim.state.reference import (
    CATEGORIES,
    EU,
    GOVERNMENT,
    HOUSEHOLDS,
    INVESTMENT,
    REST_OF_COUNTRY,
    REST_OF_WORLD,
    TOURISM,
    UK,
    BaseEconomy,
)

Array = NDArray[np.float64]

ROLE_OF_CATEGORY = {
    HOUSEHOLDS: "household_consumption",
    GOVERNMENT: "government_consumption",
    INVESTMENT: "investment",
    REST_OF_COUNTRY: "gdp_country",
    UK: "gdp_uk",
    EU: "gdp_eu",
    REST_OF_WORLD: "gdp_world",
}
EXPORTS = (UK, EU, REST_OF_WORLD)
FEWEST_YEARS = 5


def with_fitted_trends(
    tables: RegionTables, base: BaseEconomy, drivers: DriverModel, elasticity: float
) -> BaseEconomy:
    """The base economy with both trends (S,), yearly growth rates; `elasticity` of exports is that of the draw, so that
    every draw reproduces the published growth of jobs and value added."""
    years = fitted_years(tables, drivers)
    output = np.stack([deflated_value_added(tables, year) for year in years])
    jobs = np.stack([published_jobs(tables, year) for year in years])
    made = base.output * output / output[0]
    wanted = np.maximum(made - made @ base.intermediate_local.T, 1e-12)
    asked = np.stack([called_for(base, drivers, elasticity, year) for year in years])
    share = np.where(asked > 0, wanted / np.maximum(asked, 1e-12), 1.0)
    demand = np.clip(yearly_growth(share), -0.1, 0.1)
    since = [k for k, year in enumerate(years) if year >= census_year(tables)]
    observed = smoothed(np.log(output / jobs)[since]) if since else base.ln_productivity
    return replace(
        base, productivity_trend_year=yearly_growth(output / jobs), ln_productivity=observed, demand_trend_year=demand
    )


def fitted_years(tables: RegionTables, drivers: DriverModel) -> list[int]:
    """Published years from the census on, or all there are if these are fewer than FEWEST_YEARS."""
    latest = max(drivers.series[role].start for role in ROLE_OF_CATEGORY.values())
    jobs = tables.employment_history
    known = set(jobs.loc[jobs["area"] == "region", "year"]) & set(tables.gva_history["year"])
    years = sorted(int(year) for year in known if year * 4 >= latest)
    since = [year for year in years if year >= census_year(tables)]
    return since if len(since) >= FEWEST_YEARS else years


def census_year(tables: RegionTables) -> int:
    """Year of the census day, the first of the run."""
    return int(str(tables.region.set_index("key")["value"]["census_day"])[:4])


def smoothed(values: Array) -> Array:
    """Yearly values (Y, S) around their trend, averaged with their neighbours (1/4, 1/2, 1/4); the first row is 0."""
    years = np.arange(len(values))[:, None]
    trend = np.polyfit(years[:, 0], values, 1)[0][None] * years if len(values) > 1 else np.zeros_like(values)
    around = np.pad(values - trend, ((1, 1), (0, 0)), mode="edge")
    mean = 0.25 * around[:-2] + 0.5 * around[1:-1] + 0.25 * around[2:] + trend
    from_first: Array = mean - mean[0]
    return from_first


def yearly_growth(values: Array) -> Array:
    """Slope of the logarithm by year, least squares; values (years, S), consecutive years; (S,)."""
    slope: Array = np.polyfit(np.arange(len(values)), np.log(values), 1)[0]
    return slope


def published_jobs(tables: RegionTables, year: int) -> Array:
    """Jobs of each sector's group in a year, thousand persons; (S,)."""
    frame = tables.employment_history
    return _of_groups(tables, frame[(frame["area"] == "region") & (frame["year"] == year)], "thousand_persons")


def deflated_value_added(tables: RegionTables, year: int) -> Array:
    """Value added of each sector's group in a year at the prices of the country's output in another; (S,)."""
    roles = tables.driver_roles
    deflator = str(roles.loc[roles["role"] == "government_consumption", "deflator"].iloc[0])
    prices = tables.drivers[tables.drivers["series"] == deflator]
    level = float(prices.loc[prices["period"].str[:4] == str(year), "value"].mean())
    frame = tables.gva_history
    return _of_groups(tables, frame[frame["year"] == year], "mio_eur") / level


def _of_groups(tables: RegionTables, frame: object, column: str) -> Array:
    value = dict(zip(frame["group"], frame[column].astype(float), strict=True))  # type: ignore[index]
    groups = tables.sectors["employment_group"]
    return np.array([sum(value[part] for part in group.split("+")) for group in groups])


def driver_growth(drivers: DriverModel, year: int) -> dict[str, float]:
    """Mean of each observed role in a year over that of the first year of the run; tourism_nights over all origins.

    A year that was not observed whole counts as the last one that was: a season must not pass for growth.
    """
    nights = [f"tourism_nights/{origin}" for origin in ORIGINS]
    names = {**{role: [role] for role in FORECAST_ROLES}, "tourism_nights": nights}
    first = drivers.first // 4

    def mean(series: list[str], at: int) -> float:
        year = max(min(at, *((drivers.series[n].last + 1) // 4 - 1 for n in series)), first)
        return sum(float(drivers.series[n].quarterly(year * 4, year * 4 + 3).mean()) for n in series)

    known = {role: series for role, series in names.items() if all(len(drivers.series[n].values) for n in series)}
    return {role: mean(known[role], year) / mean(known[role], first) if role in known else 1.0 for role in names}


def called_for(base: BaseEconomy, drivers: DriverModel, elasticity: float, year: int) -> Array:
    """Final demand of each sector at the drivers of a year; (S,)."""
    index = np.ones(len(CATEGORIES))
    for category, role in ROLE_OF_CATEGORY.items():
        first = calendar.ordinal(f"{year}Q1")
        mean = float(drivers.series[role].quarterly(first, first + 3).mean())
        index[category] = mean**elasticity if category in EXPORTS else mean
    index[TOURISM] = driver_growth(drivers, year)["tourism_nights"]
    total: Array = (base.final_demand * index[:, None]).sum(axis=0)
    return total
