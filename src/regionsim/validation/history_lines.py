"""The other series of published history: value added, jobs by group and place, employment rates, people, starters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from regionsim.data.tables import RegionTables
from regionsim.results.outcomes import FIXED_COORDS
from regionsim.validation.bars import Line, Series, first_year, indexed, on_1_january, survey, yearly
from regionsim.validation.runs import DrawRun
from regionsim.validation.statistics import survival
from regionsim.validation.table import Tag

if TYPE_CHECKING:
    import pandas as pd

LEVELS = ("low", "middle", "tertiary")  # of the survey, in the order of the observer
SURVIVAL_YEARS = (1, 3, 5)
DEFLATED_ROLE = "government_consumption"  # its deflator is the price index of output


def lines(tables: RegionTables) -> tuple[Line, ...]:
    """Every series without a bar of its own, for the groups and places of a region."""
    groups = dict.fromkeys(tables.sectors["employment_group"])
    places = range(len(tables.labels.arrondissements))
    ages = range(len(FIXED_COORDS["age_group"]))
    return (
        *(_value_added(group) for group in (*groups, "TOTAL")),
        *(_jobs_of_group(group) for group in groups),
        *(_jobs_of_place(tables, place) for place in places),
        *(_employment_rate(index) for index in range(len(LEVELS))),
        *(_people_of_age(age) for age in ages),
        *(_people_of_place(tables, place) for place in places),
        *(_vital(tables, kind, place) for kind in ("births", "deaths") for place in (None, *places)),
        *(_survival(years) for years in SURVIVAL_YEARS),
    )


def _series(frame: pd.DataFrame, value: str) -> Series:
    """Sums by year from the first row on."""
    sums = frame.groupby("year")[value].sum()
    return dict(zip(sums.index.astype(int).tolist(), sums.astype(float).tolist(), strict=True))


def _sectors_of(tables: RegionTables, group: str) -> list[str]:
    frame = tables.sectors
    chosen = frame if group == "TOTAL" else frame[frame["employment_group"] == group]
    return [str(sector) for sector in chosen["sector"]]


def price_of_output(tables: RegionTables) -> Series:
    """The price index of output, mean of each year with four quarters."""
    roles, drivers = tables.driver_roles, tables.drivers
    name = roles[roles["role"] == DEFLATED_ROLE]["deflator"].iloc[0]
    frame = drivers[drivers["series"] == name]
    by_year = frame["value"].groupby(frame["period"].str[:4].astype(int))
    return {int(year): float(values.mean()) for year, values in by_year if len(values) == 4}


def _value_added(group: str) -> Line:
    def published(tables: RegionTables) -> Series:
        frame, first, price = tables.gva_history, first_year(tables), price_of_output(tables)
        rows = frame[frame["group"].isin(group.split("+")) & (frame["year"] >= first)]
        real = {year: value / price[year] for year, value in _series(rows, "mio_eur").items() if year in price}
        return indexed(real, first)

    def modelled(run: DrawRun, tables: RegionTables) -> Series:
        gva = run.outcomes["gva"].sel(sector=_sectors_of(tables, group)).sum("sector")
        return indexed(yearly(gva), first_year(tables))

    return Line(f"value added {group}", published, modelled, True, "emergent")


def _jobs_of_group(group: str) -> Line:
    def published(tables: RegionTables) -> Series:
        frame, first = tables.employment_history, first_year(tables)
        rows = frame[(frame["area"] == "region") & frame["group"].isin(group.split("+")) & (frame["year"] >= first)]
        return indexed(_series(rows, "thousand_persons"), first)

    def modelled(run: DrawRun, tables: RegionTables) -> Series:
        jobs = run.outcomes["jobs"].sel(sector=_sectors_of(tables, group)).sum(["arrondissement", "sector"])
        return indexed(yearly(jobs), first_year(tables))

    return Line(f"jobs {group}", published, modelled, True, "fitted")


def _jobs_of_place(tables: RegionTables, place: int) -> Line:
    area = tables.labels.arrondissements[place]

    def published(tables: RegionTables) -> Series:
        frame, first = tables.employment_history, first_year(tables)
        rows = frame[(frame["area"] == area) & (frame["group"] == "TOTAL") & (frame["year"] >= first)]
        return indexed(_series(rows, "thousand_persons"), first)

    def modelled(run: DrawRun, tables: RegionTables) -> Series:
        return indexed(yearly(run.outcomes["jobs"].sel(arrondissement=area).sum("sector")), first_year(tables))

    return Line(f"jobs {tables.labels.arrondissement_names[place]}", published, modelled, True, "emergent")


def _employment_rate(index: int) -> Line:
    """The survey's rate of 15-64 of the first year, moved with the model's change in points."""

    def published(tables: RegionTables) -> Series:
        return survey(tables, f"employment_rate_{LEVELS[index]}")

    def modelled(run: DrawRun, tables: RegionTables) -> Series:
        counts = run.quarterly["working_age"][:, :, index]
        rate = run.outcomes["unemployment_rate"].copy(data=100.0 * counts[:, 1] / counts[:, 0])
        own, first = yearly(rate), first_year(tables)
        return {year: published(tables)[first] + value - own[first] for year, value in own.items()}

    return Line(f"employment rate {LEVELS[index]}", published, modelled, False, "emergent")


def _age_group(band: str) -> int:
    """Index of the catalogue's age group that holds a five-year band."""
    starts = [int(name.split("-")[0].rstrip("+")) for name in FIXED_COORDS["age_group"]]
    return int(np.searchsorted(starts, int(band.split("-")[0].rstrip("+")), side="right")) - 1


def to_census_level(tables: RegionTables) -> Series:
    """What brings the table of ages, the register at first, to the one level of the table of vital events, by year.

    The model's own population of census day is the register scaled in the same way.
    """
    whole, by_age = _series(tables.vital_events, "population_1_january"), _series(tables.population_history, "persons")
    return {year: whole[year] / persons for year, persons in by_age.items() if year in whole}


def _people_of_age(age: int) -> Line:
    label = FIXED_COORDS["age_group"][age]

    def published(tables: RegionTables) -> Series:
        frame, first = tables.population_history, first_year(tables)
        inside = np.array([_age_group(band) == age for band in frame["age_band"]])
        people = _series(frame[inside & (frame["year"] >= first)], "persons")
        level = to_census_level(tables)
        return indexed({year: persons * level[year] for year, persons in people.items() if year in level}, first)

    def modelled(run: DrawRun, tables: RegionTables) -> Series:
        first = first_year(tables)
        later = on_1_january(run.outcomes["residents"].sel(age_group=label).sum("arrondissement"))
        return indexed({first: float(run.start[:, age].sum()), **later}, first)

    return Line(f"people of {label}", published, modelled, True, "imposed")


def _people_of_place(tables: RegionTables, place: int) -> Line:
    area = tables.labels.arrondissements[place]

    def published(tables: RegionTables) -> Series:
        frame, first = tables.vital_events, first_year(tables)
        rows = frame[(frame["arrondissement"] == area) & (frame["year"] >= first)]
        return indexed(_series(rows, "population_1_january"), first)

    def modelled(run: DrawRun, tables: RegionTables) -> Series:
        first = first_year(tables)
        later = on_1_january(run.outcomes["residents"].sel(arrondissement=area).sum("age_group"))
        return indexed({first: float(run.start[place].sum()), **later}, first)

    return Line(f"people {tables.labels.arrondissement_names[place]}", published, modelled, True, "imposed")


def _vital(tables: RegionTables, kind: str, place: int | None) -> Line:
    labels = tables.labels
    inside = [
        code
        for code, where in zip(labels.municipalities, labels.arrondissement_of, strict=True)
        if place is None or where == place
    ]

    def published(tables: RegionTables) -> Series:
        frame = tables.vital_events
        rows = frame[frame["year"] >= first_year(tables)]
        return _series(rows if place is None else rows[rows["arrondissement"] == labels.arrondissements[place]], kind)

    def modelled(run: DrawRun, tables: RegionTables) -> Series:
        events = yearly(run.outcomes[kind].sel(municipality=inside).sum("municipality"))
        return {year: 4.0 * mean for year, mean in events.items()}

    where = "region" if place is None else labels.arrondissement_names[place]
    return Line(f"{kind} {where}", published, modelled, True, "imposed")


def _survival(years: int, tag: Tag = "imposed") -> Line:
    """Starters of each year that are alive so many years later, %."""

    def published(tables: RegionTables) -> Series:
        frame, column = tables.firm_survival, f"s{years}"
        known = frame[(frame["cohort_year"] >= first_year(tables)) & frame[column].notna()]
        cohorts = known.rename(columns={"cohort_year": "year"})
        starters, alive = _series(cohorts, "starters"), _series(cohorts, column)
        return {year: 100.0 * alive[year] / starters[year] for year in starters}

    def modelled(run: DrawRun, tables: RegionTables) -> Series:
        first = first_year(tables)
        found = {first + i: survival(run.alive, range(4 * i, 4 * i + 4), years) for i in range(len(run.alive) // 4)}
        return {year: 100.0 * share for year, share in found.items() if np.isfinite(share)}

    return Line(f"survival of starters after {years} years", published, modelled, False, tag)
