"""What every draw of a scenario shares, prepared once: tables, population, rates, base economy, fitted drivers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from regionsim.data.tables import RegionTables, load_region
from regionsim.drivers.paths import DriverModel
from regionsim.drivers.store import cached_drivers
from regionsim.model.settings import Settings
from regionsim.model.trends import driver_growth
from regionsim.population.base_economy import build_base_economy
from regionsim.population.build import Population
from regionsim.population.cache import cached_population
from regionsim.population.firms_in_business import settle_firms
from regionsim.population.keyed import Keyed
from regionsim.population.places_of_business import build_places, published_years, with_visitors
from regionsim.population.reference import build_reference
from regionsim.processes.labour.wages import wages_by_rule
from regionsim.state import calendar
from regionsim.state.errors import InputError
from regionsim.state.parameters import Sample
from regionsim.state.places import Places
from regionsim.state.reference import BaseEconomy, Reference


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
    reach: NDArray[np.float64]  # (MARKETS, S) customers won per customer at home on census day

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
    day = calendar.ordinal(settings.first)
    rate = float(drivers.series["interest_rate"].quarterly(day, day)[0])
    base, reach = settle_firms(population, base, reference, central, rate, Keyed(settings.seed))
    return Setup(settings, tables, population, reference, base, drivers, places, reach)


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
    ruled = wages_by_rule(people, rows, by_education, float(p.wage_age_slope), by_firm)
    return float(people.wage_eur_q[rows].mean() / ruled.mean())
