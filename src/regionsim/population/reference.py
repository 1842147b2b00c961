"""Rates and shares of the region, derived from its published tables as each function says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from regionsim.data.demography import SEXES, death_probability, population_by_age
from regionsim.data.profiles import fertility_profile
from regionsim.data.tables import RegionTables
from regionsim.population.distances import distances
from regionsim.population.migration_rates import by_migration_age, departure_rates
from regionsim.population.reach import abroad_share, band_of, study_reach
from regionsim.population.roster import build_roster
from regionsim.population.sections import by_sector, section_to_sector
from regionsim.state.parameters import Block, Sample
from regionsim.state.reference import BANDS, LAST_AGE, Gazetteer, Reference

Array = NDArray[np.float64]


def build_reference(tables: RegionTables, parameters: Sample) -> Reference:
    """All of Reference from the tables; `parameters` are central values (demography, population, firms)."""
    labels, p = tables.labels, parameters
    mortality, first_year = death_probability(tables)
    population, arrivals = population_by_age(tables), arrivals_year(tables)
    departure, factor, net, rate = departure_rates(tables, arrivals, mortality, first_year, population)
    cumulative, start, order = municipalities_by_arrondissement(tables)
    master = float(p.population.master_share)
    return Reference(
        arrondissement_of=labels.arrondissement_of.astype(np.int16),
        municipality_cumulative=cumulative,
        municipalities_from=start,
        municipality_order=order,
        distance_km=distances(tables),
        fertility_profile=fertility_profile(tables, p.demography.age_at_birth_sd),
        death_probability=mortality,
        death_first_year=first_year,
        death_improvement=death_improvement(mortality),
        death_factor=death_factor(tables, mortality, first_year, population.sum(axis=0)),
        arrivals_year=arrivals,
        departure_year=departure,
        departure_factor=factor,
        net_migration_reference=net,
        education_cumulative=education_cumulative(tables, master),
        participation=participation_by_cell(tables),
        leave_home_year=leave_home_year(tables),
        partnered_share=partnered_share(tables),
        home_of_worker_cumulative=home_of_worker(tables),
        sector_education_cumulative=sector_education(tables, master),
        wage_level=1.0,
        sector_ln_wage=sector_ln_wage(tables, p.population.wage_retail, p.population.wage_visitor),
        starters_sector_cumulative=starters_by_sector(tables),
        starters_rate_year=starters_rate(tables, np.array(p.firms.founds_relative), p.firms),
        closing_year=closing_hazard(tables, p.firms.closing_decline_year),
        technical_sector=_tagged(tables, "industry") | _tagged(tables, "construction"),
        retail_sector=_tagged(tables, "retail"),
        visitor_sector=_tagged(tables, "visitor"),
        port_sector=_tagged(tables, "port"),
        public_sector=_tagged(tables, "public"),
        energy_share=_by_tag(tables, p.trade, lambda tag: f"energy_share_{tag}"),
        research_intensity=_by_tag(tables, p.research, lambda tag: f"intensity_{tag}"),
        study_reach=study_reach(tables),
        abroad_share_arriving=abroad_share(tables),
        abroad_share_leaving=float(p.migration.leaves_for_abroad),
        migration_rate_reference=rate,
        migration_residents=by_migration_age(population.sum(axis=0)),
        roster=build_roster(tables),
        gazetteer=_gazetteer(tables),
        youth_share=population[:, :, 15:18].sum(axis=(1, 2)) / population[:, :, 15:18].sum(),
    )


def _gazetteer(tables: RegionTables) -> Gazetteer:
    """Codes and tags of places and sectors."""
    labels, coast = tables.labels, tables.municipalities["coast"].to_numpy() == 1
    return Gazetteer(labels.municipalities, labels.subregions, coast, labels.sectors, labels.sector_tags)


def _tagged(tables: RegionTables, tag: str) -> NDArray[np.bool_]:
    """Which sectors carry a tag; (S,)."""
    return np.array([tag in tags for tags in tables.labels.sector_tags])


def _by_tag(tables: RegionTables, block: Block, name: Callable[[str], str]) -> Array:
    """Values of the parameters `name(tag)` for sectors with the tag, that of 'other' for the rest; (S,)."""
    values = np.full(len(tables.labels.sectors), float(getattr(block, name("other"))))
    for tag in sorted({tag for tags in tables.labels.sector_tags for tag in tags}):
        if name(tag) in block.values:
            values[_tagged(tables, tag)] = float(getattr(block, name(tag)))
    return values


def municipalities_by_arrondissement(tables: RegionTables) -> tuple[Array, NDArray[np.int64], NDArray[np.int16]]:
    """Cumulative population shares within the arrondissement, first row of each, municipalities in that order."""
    labels = tables.labels
    persons = tables.population_municipality.groupby("municipality")["persons"].sum()
    size = np.array([float(persons[m]) for m in labels.municipalities])
    order = np.argsort(labels.arrondissement_of, kind="stable")
    start = np.searchsorted(labels.arrondissement_of[order], np.arange(len(labels.arrondissements) + 1))
    cumulative = np.zeros(size.size)
    for a in range(len(labels.arrondissements)):
        members = order[start[a] : start[a + 1]]
        cumulative[members] = np.cumsum(size[members]) / size[members].sum()
    return cumulative, start.astype(np.int64), order.astype(np.int16)


def death_improvement(mortality: Array) -> Array:
    """Yearly fall of ln mortality over the table's years, by sex and age, smoothed over eleven ages; (2, 111)."""
    years = mortality.shape[0]
    half = years // 2
    early = np.log(np.maximum(mortality[:half].mean(axis=0), 1e-6))
    late = np.log(np.maximum(mortality[-half:].mean(axis=0), 1e-6))
    fall = (early - late) / (years - half)
    kernel = np.ones(11) / 11.0
    padded = np.pad(fall, ((0, 0), (5, 5)), mode="edge")
    smooth = np.stack([np.convolve(row, kernel, mode="valid") for row in padded])
    improvement: Array = np.clip(smooth, 0.0, 0.04)
    return improvement


def death_factor(tables: RegionTables, mortality: Array, first_year: int, by_age: Array) -> Array:
    """Published deaths of each arrondissement relative to the table's rates on its population by class; (A,).

    Inside a class of ages, rates are weighted with the single ages of census day (`by_age`, (2, 111))."""
    frame, codes = tables.population_history, list(tables.labels.arrondissements)
    known = frame[frame["year"].between(first_year, first_year + mortality.shape[0] - 1)]
    rates = {year: _rates_by_class(mortality[year - first_year], by_age) for year in sorted(set(known["year"]))}
    rate = [
        rates[y][SEXES[s], min(band_of(b), 17)]
        for y, s, b in zip(known["year"], known["sex"], known["age_band"], strict=True)
    ]
    expected = (known["persons"] * rate).groupby(known["arrondissement"]).sum().reindex(codes).to_numpy(float)
    events = tables.vital_events[tables.vital_events["year"].isin(rates)]
    published = events.groupby("arrondissement")["deaths"].sum().reindex(codes).to_numpy(float)
    factor: Array = np.divide(published, expected, out=np.ones_like(expected), where=expected > 0)
    return factor


def _rates_by_class(rate: Array, by_age: Array) -> Array:
    """Yearly rates (2, 111) averaged over five-year classes up to 85+, weighted with people; (2, 18).

    Half of the year is spent at the next age."""
    rate = 0.5 * (rate + np.concatenate([rate[:, 1:], rate[:, -1:]], axis=1))
    edges = [5 * k for k in range(18)]
    people = np.add.reduceat(by_age, edges, axis=1)
    averaged: Array = np.add.reduceat(rate * by_age, edges, axis=1) / np.maximum(people, 1.0)
    return averaged


def arrivals_year(tables: RegionTables) -> Array:
    """People who moved in during the year before the census, by arrondissement, sex and band; (A, 2, BANDS)."""
    frame, codes = tables.arrivals_by_age, tables.labels.arrondissements
    out = np.zeros((len(codes), 2, BANDS))
    place = frame["arrondissement"].map({c: i for i, c in enumerate(codes)}).to_numpy()
    bands = np.array([band_of(b) for b in frame["age_band"]])
    people = frame["from_arrondissements"].to_numpy() + frame["from_abroad"].to_numpy()
    np.add.at(out, (place, frame["sex"].map(SEXES).to_numpy(), bands), people)
    return out


def education_cumulative(tables: RegionTables, master_share: float) -> Array:
    """Cumulative shares of residents by education in each age band; bands without adults copy the next; (BANDS, 4)."""
    frame = tables.census_people
    counts = np.zeros((BANDS, 4))
    known = {"low": [(0, 1.0)], "middle": [(1, 1.0)], "tertiary": [(2, 1 - master_share), (3, master_share)]}
    for band, education, persons in zip(frame["age_band"], frame["education"], frame["persons"], strict=True):
        for level, part in known.get(education, []):
            counts[band_of(band), level] += persons * part
    for b in range(BANDS - 2, -1, -1):
        if counts[b].sum() == 0:
            counts[b] = counts[b + 1]
    return np.cumsum(counts / counts.sum(axis=1, keepdims=True), axis=1)


def participation_by_cell(tables: RegionTables) -> Array:
    """Labour force over labour force plus other inactive (students and pensioners left out); (2, BANDS, 4)."""
    frame = tables.census_people
    active, inactive = np.zeros((2, BANDS, 4)), np.zeros((2, BANDS, 4))
    levels = {"low": (0,), "middle": (1,), "tertiary": (2, 3)}
    columns = (frame[c] for c in ("sex", "age_band", "education", "activity", "persons"))
    for sex, band, education, activity, persons in zip(*columns, strict=True):
        for level in levels.get(education, ()):
            cell = (SEXES[sex], band_of(band), level)
            if activity in ("employed", "job_seeker"):
                active[cell] += persons
            elif activity == "other_inactive":
                inactive[cell] += persons
    return np.divide(active, active + inactive, out=np.full_like(active, 0.5), where=active + inactive > 0)


def _role_counts(tables: RegionTables) -> dict[str, Array]:
    frame = tables.household_role
    counts = {role: np.zeros((2, BANDS)) for role in sorted(set(frame["role"]))}
    for sex, band, role, persons in zip(frame["sex"], frame["age_band"], frame["role"], frame["persons"], strict=True):
        counts[role][SEXES[sex], band_of(band)] += persons
    return counts


def _by_age(by_band: Array) -> Array:
    """Values at band midpoints interpolated to single ages; (2, BANDS) -> (2, 111)."""
    ages, middles = np.arange(LAST_AGE + 1) + 0.5, np.arange(BANDS) * 5 + 2.5
    return np.stack([np.interp(ages, middles, row) for row in by_band])


def leave_home_year(tables: RegionTables) -> Array:
    """Yearly chance to leave home that turns the census share at home at one age into the next's; (2, 111)."""
    counts = _role_counts(tables)
    total = np.maximum(sum(counts.values()), 1.0)
    home = np.maximum(_by_age(counts["child_at_home"] / total), 1e-4)
    hazard = np.zeros((2, LAST_AGE + 1))
    hazard[:, :-1] = np.clip(1.0 - home[:, 1:] / home[:, :-1], 0.0, 1.0)
    hazard[:, :15] = 0.0
    return hazard


def partnered_share(tables: RegionTables) -> Array:
    """Share partnered among partnered, single and single parents, by sex and age; (2, 111)."""
    counts = _role_counts(tables)
    own = counts["partnered"] + counts["single"] + counts["single_parent"]
    return _by_age(np.divide(counts["partnered"], own, out=np.full_like(own, 0.5), where=own > 0))


def home_of_worker(tables: RegionTables) -> Array:
    """Cumulative chance of the zone of residence of who works in each arrondissement (rows A..2A: own residents who
    work outside); last zone: outside the region; (2A, A + 1)."""
    codes = tables.labels.arrondissements
    index = {code: i for i, code in enumerate(codes)}
    places = len(codes)
    counts = np.zeros((2 * places, places + 1))
    frame = tables.commuting
    for home, work, persons in zip(frame["residence"], frame["work"], frame["persons"], strict=True):
        if work in index:
            counts[index[work], index.get(home, places)] += persons
    counts[np.arange(places, 2 * places), np.arange(places)] = 1.0
    return np.cumsum(counts / counts.sum(axis=1, keepdims=True), axis=1)


def sector_education(tables: RegionTables, master_share: float) -> Array:
    """Cumulative shares of each sector's jobs by education, from jobs by section; (S, 4)."""
    shares, frame = section_to_sector(tables), tables.workplace_jobs
    counts = np.zeros((len(tables.labels.sectors), 4))
    levels = {"low": [(0, 1.0)], "middle": [(1, 1.0)], "tertiary": [(2, 1 - master_share), (3, master_share)]}
    for section, education, persons in zip(frame["section"], frame["education"], frame["persons"], strict=True):
        for level, part in levels.get(education, []):
            counts[:, level] += shares.get(section, 0.0) * persons * part
    return np.cumsum(counts / counts.sum(axis=1, keepdims=True), axis=1)


def sector_ln_wage(tables: RegionTables, retail: float, visitor: float) -> Array:
    """Ln pay of each sector relative to the others, by its tags; (S,)."""
    relative = np.ones(len(tables.labels.sectors))
    relative[tables.labels.sectors_with("retail")] = retail
    relative[tables.labels.sectors_with("visitor")] = visitor
    return np.log(relative)


def starters_by_sector(tables: RegionTables) -> Array:
    """Cumulative shares of sectors among starters, first three cohorts of the table; (S,)."""
    frame = tables.firm_survival
    early = frame[frame["cohort_year"] <= frame["cohort_year"].min() + 2]
    count = by_sector(tables, early.groupby("section")["starters"].sum().to_dict())
    return np.cumsum(count / count.sum())


def starters_rate(tables: RegionTables, relative: Array, p: Block) -> float:
    """Starters a year per employee of founding age on census day, mean of the first three cohorts.

    Job-seekers and inactive count with their relative propensity; the self-employed found nothing anew."""
    starters, people = tables.firm_survival, tables.census_people
    years = sorted(set(starters["cohort_year"]))[:3]
    age = np.array([5 * band_of(b) for b in people["age_band"]])
    eligible = people[(age >= p.founder_from_age) & (age < p.founder_until_age)].groupby("activity")["persons"].sum()
    labour = tables.labour_history.set_index(["indicator", "year"])["value"]
    share = 1.0 - float(labour["self_employed"].mean() / labour["employed"].mean())
    weighted = relative @ np.array([eligible["employed"] * share, eligible["job_seeker"], eligible["other_inactive"]])
    return float(starters[starters["cohort_year"].isin(years)]["starters"].sum() / len(years) / weighted)


def closing_hazard(tables: RegionTables, decline_year: float) -> Array:
    """Yearly hazard of closing by age: observed survival to five years, then falling by `decline_year`; (40,)."""
    frame = tables.firm_survival
    alive = ["starters", "s1", "s2", "s3", "s4", "s5"]
    hazard = np.zeros(40)
    for age in range(5):
        seen = frame[(frame[alive[age]].notna()) & (frame[alive[age + 1]].notna())]
        hazard[age] = 1.0 - seen[alive[age + 1]].sum() / seen[alive[age]].sum()
    hazard[5:] = hazard[4] * decline_year ** np.arange(1, 36)
    return hazard
