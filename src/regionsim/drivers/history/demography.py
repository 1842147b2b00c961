"""Annual histories of births, deaths and migration: fertility, mortality, net migration by place and by age."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.data.cohort_survival import CLASSES, SPAN, classes_of, cohort_net
from regionsim.data.demography import death_probability, population_by_age
from regionsim.data.profiles import fertility_profile
from regionsim.data.tables import RegionTables
from regionsim.drivers.history.observed import POOLED_WALK, ObservedSeries

Array = NDArray[np.float64]

MORTALITY_AGES = {"0-64": (0, 65), "65+": (65, 111)}  # single ages, the last one not included
MIGRATION_AGES = {"0-14": (0, 3), "15-29": (3, 6), "30-44": (6, 9), "45-64": (9, 13), "65+": (13, CLASSES)}  # classes


def observed_demography(tables: RegionTables, age_at_birth_sd: float) -> dict[str, ObservedSeries]:
    """fertility/<arrondissement>, net_migration/<arrondissement>, mortality/<age>, migration_rate/<age>."""
    return _fertility(tables, age_at_birth_sd) | _net_migration(tables) | _mortality(tables) | _migration_rates(tables)


def _annual(name: str, year: int, values: Array, logarithmic: bool, unit: str, source: str) -> ObservedSeries:
    return ObservedSeries(name, year * 4, values, True, logarithmic, unit, source, POOLED_WALK)


def census_year(tables: RegionTables) -> int:
    """Year of the census."""
    return int(str(tables.region.set_index("key")["value"]["census_day"])[:4])


def _from_census(tables: RegionTables, column: str) -> tuple[int, dict[str, Array]]:
    frame, census = tables.vital_events, census_year(tables)
    frame = frame[frame["year"] >= census].sort_values("year")
    codes = tables.labels.arrondissements
    return census, {c: frame[frame["arrondissement"] == c][column].to_numpy(float) for c in codes}


def _fertility(tables: RegionTables, sd: float) -> dict[str, ObservedSeries]:
    """Births relative to what the age profile gives women of the year at one child each: a total fertility rate."""
    census, births = _from_census(tables, "births")
    profile = fertility_profile(tables, sd)
    out = {}
    for code, values in births.items():
        exposure = np.array([_women_weight(tables, profile, code, census + k) for k in range(len(values))])
        name, source = f"fertility/{code}", "vital_events, population_history"
        out[name] = _annual(name, census, values / exposure, True, "children per woman", source)
    return out


def _women_weight(tables: RegionTables, profile: Array, code: str, year: int) -> float:
    """Women of 15 to 49 times the share of births at their age (normal profile around the published mean age)."""
    frame = tables.population_history
    year = min(max(year, int(frame["year"].min())), int(frame["year"].max()))
    rows = frame[(frame["arrondissement"] == code) & (frame["sex"] == "F") & (frame["year"] == year)]
    total = 0.0
    for band, persons in zip(rows["age_band"], rows["persons"], strict=True):
        low = int(band.split("-")[0].rstrip("+"))
        if 15 <= low < 50:
            total += float(persons) * float(profile[low : low + 5].mean())
    return total


def _net_migration(tables: RegionTables) -> dict[str, ObservedSeries]:
    census, values = _from_census(tables, "net_migration")
    names = {code: f"net_migration/{code}" for code in values}
    return {n: _annual(n, census, values[c], False, "persons a year", "vital_events") for c, n in names.items()}


def net_migration_steps(tables: RegionTables) -> Array:
    """Yearly changes of net migration per resident of census day, all published years: (arrondissements, years - 1)."""
    table = tables.vital_events.pivot(index="arrondissement", columns="year", values="net_migration")
    persons = table.reindex(list(tables.labels.arrondissements)).to_numpy(float)
    return np.asarray(np.diff(persons / residents(tables)[:, None], axis=1))


def residents(tables: RegionTables) -> Array:
    """Residents on census day by arrondissement."""
    return np.asarray(population_by_age(tables).sum(axis=(1, 2)))


def _mortality(tables: RegionTables) -> dict[str, ObservedSeries]:
    """Level of mortality relative to the table and its trend: 1 through the observed years, uncertain afterwards."""
    census, deaths = _from_census(tables, "deaths")
    ones = np.ones(len(next(iter(deaths.values()))))
    names = [f"mortality/{age}" for age in MORTALITY_AGES]
    return {n: _annual(n, census, ones, True, "ratio to table and trend", "mortality") for n in names}


def mortality_steps(tables: RegionTables) -> Array:
    """Yearly changes of ln mortality by age group less their mean, from the table: (groups, years - 1).

    Mortality of a group: the table's probabilities at the ages of census day.
    """
    table, _ = death_probability(tables)  # (years, 2, 111)
    people = population_by_age(tables).sum(axis=0)
    expected = (table * people).sum(axis=1)
    levels = np.stack([np.log(expected[:, a:b].sum(axis=1)) for a, b in MORTALITY_AGES.values()])
    steps = np.diff(levels, axis=1)
    return np.asarray(steps - steps.mean(axis=1, keepdims=True))


def _migration_rates(tables: RegionTables) -> dict[str, ObservedSeries]:
    """Net migration a year per 1,000 residents by age, from cohort survival over the five years that end with a year.

    One value per year from the first whose five years are in the population tables; none before there are five.
    """
    years = sorted(set(tables.population_history["year"].astype(int)))
    starts = [year for year in years if year + SPAN in years]
    by_age = {age: np.array([]) for age in MIGRATION_AGES}
    for start in starts:
        net, people = _net_by_class(tables, start), classes_of(tables, start + SPAN)
        for age, (a, b) in MIGRATION_AGES.items():
            by_age[age] = np.append(by_age[age], 1000 * net[:, a:b].sum() / people[:, a:b].sum())
    first = starts[0] + SPAN - 1 if starts else census_year(tables)
    names = {age: f"migration_rate/{age}" for age in MIGRATION_AGES}
    unit, source = "per 1,000 residents a year", "population_history, mortality, vital_events: cohort survival"
    return {n: _annual(n, first, by_age[age], False, unit, source) for age, n in names.items()}


def _net_by_class(tables: RegionTables, start: int) -> Array:
    """Net migration a year by sex and class over the five years from 1 January `start`; (2, CLASSES)."""
    mortality, first = death_probability(tables)
    events = tables.vital_events[tables.vital_events["year"].between(start, start + SPAN - 1)]
    total = float(events.groupby("arrondissement")["net_migration"].mean().sum())
    return cohort_net(tables, mortality, first, start, total)
