"""What every draw of a scenario shares, prepared once: tables, population, rates, base economy, fitted drivers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from regionsim.data.schema_economy import FORECAST_ROLES
from regionsim.data.tables import RegionTables, load_region
from regionsim.drivers.paths import DriverModel
from regionsim.drivers.store import cached_drivers
from regionsim.model.settings import Settings
from regionsim.population.base_economy import build_base_economy
from regionsim.population.build import Population
from regionsim.population.cache import cached_population
from regionsim.population.places_of_business import build_places, published_years, with_visitors
from regionsim.population.reference import build_reference
from regionsim.processes.labour.wages import wages_by_rule
from regionsim.state import calendar
from regionsim.state.errors import InputError
from regionsim.state.parameters import Sample
from regionsim.state.places import ORIGINS, Places
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
    Reference,
)

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


@dataclass(frozen=True)
class Setup:
    """A prepared scenario."""

    settings: Settings
    tables: RegionTables
    population: Population
    reference: Reference
    base: BaseEconomy
    drivers: DriverModel
    places: Places

    @property
    def first(self) -> int:
        """Ordinal of run quarter 0."""
        return calendar.ordinal(self.settings.first)

    @cached_property
    def quarters(self) -> list[str]:
        """All quarters of the run."""
        return calendar.quarters(self.settings.first, self.settings.horizon)


def prepare(settings: Settings) -> Setup:
    """Load, check and derive what does not depend on the draw. Raises InputError for bad tables or settings."""
    tables = load_region(settings.region, settings.as_of)
    central = settings.parameters.central()
    census = str(tables.region.set_index("key")["value"]["census_day"])
    if settings.first != f"{census[:4]}Q1":
        raise InputError(
            "region.first", f"'{settings.first}': this region starts on its census day, so it must be {census[:4]}Q1"
        )
    population = cached_population(tables, central.population, settings.scale, settings.seed)
    reference = build_reference(tables, central)
    reference = replace(reference, wage_level=_wage_level(population, reference, central))
    drivers = scenario_drivers(settings, tables)
    base = build_base_economy(tables, central, population.firms)
    growth = {year: driver_growth(drivers, year) for year in published_years(tables)}
    places = build_places(tables, central, population.firms, base, growth)
    base = with_visitors(base, places)
    return Setup(settings, tables, population, reference, base, drivers, places)


def scenario_drivers(settings: Settings, tables: RegionTables) -> DriverModel:
    """The drivers of a scenario with the paths of all its draws; with foresight their tables know every year."""
    known = load_region(settings.region) if settings.foresight else tables
    central = settings.parameters.central()
    draws = range(settings.first_draw, settings.first_draw + settings.draws)
    return cached_drivers(
        known, central.drivers, float(central.demography.age_at_birth_sd), settings.seed, draws
    )


def _wage_level(population: Population, reference: Reference, central: Sample) -> float:
    """Mean wage of census day over what the hiring rule would pay the same people in the same jobs."""
    people, firms, p = population.people.a, population.firms.a, central.population
    rows = np.flatnonzero((people.place >= 0) & (people.employer >= 0))
    by_education = 3.0 * p.wage_mean_eur_month * np.array(p.wage_education)
    by_firm = firms.ln_premium.astype(np.float64) + reference.sector_ln_wage[firms.sector]
    ruled = wages_by_rule(people, rows, by_education, float(p.wage_age_slope), by_firm, float(p.wage_sd_log))
    return float(people.wage_eur_q[rows].mean() / ruled.mean())


def productivity_trend(
    tables: RegionTables, base: BaseEconomy, drivers: DriverModel, elasticity: float
) -> NDArray[np.float64]:
    """Yearly growth of output per job by sector (S,), a constant fitted to all published years up to `as_of`.

    It goes with the export elasticity of the draw, so that every draw reproduces the published growth of jobs.
    Output is what the demand categories called for through the input-output table in the first and last year; jobs are
    the published ones of the sector's group. What market shares did in those years is in it too.
    """
    first, last = _first_full_year(drivers), int(tables.employment_history["year"].max())
    growth = _output_growth(base, drivers, elasticity, first, last)
    frame = tables.employment_history
    region = frame[frame["area"] == "region"].set_index(["year", "group"])["thousand_persons"]
    jobs = np.array([
        [sum(float(region[(year, part)]) for part in group.split("+")) for group in tables.sectors["employment_group"]]
        for year in (first, last)
    ])  # fmt: skip
    trend: NDArray[np.float64] = growth - np.log(jobs[1] / jobs[0]) / (last - first)
    return trend


def _first_full_year(drivers: DriverModel) -> int:
    latest = max(drivers.series[role].start for role in ROLE_OF_CATEGORY.values())
    return -(-latest // 4)


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


def _output_growth(
    base: BaseEconomy, drivers: DriverModel, elasticity: float, first: int, last: int
) -> NDArray[np.float64]:
    outputs = []
    for year in (first, last):
        index = np.ones(len(CATEGORIES))
        for category, role in ROLE_OF_CATEGORY.items():
            mean = float(drivers.series[role].quarterly(year * 4, year * 4 + 3).mean())
            index[category] = mean**elasticity if category in EXPORTS else mean
        index[TOURISM] = driver_growth(drivers, year)["tourism_nights"]
        outputs.append(base.leontief @ (base.final_demand * index[:, None]).sum(axis=0))
    growth: NDArray[np.float64] = np.log(outputs[1] / outputs[0]) / (last - first)
    return growth
