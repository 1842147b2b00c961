"""The published tables the synthesis starts from, as arrays with the codes of the region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regionsim.data.labels import Labels
from regionsim.data.tables import RegionTables
from regionsim.population.integer import share_out
from regionsim.state.errors import InputError, listed
from regionsim.state.people import HOUSEHOLD_ROLES, SEXES
from regionsim.state.reference import BANDS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

REGISTER_BANDS = 18  # 0-4 .. 80-84, 85+
SECTIONS = "ABCDEFGHIJKLMNOPQRSTU"  # NACE Rev. 2
NO_SECTION, UNKNOWN_SECTION = 21, 22
LEVELS = ("none_yet", "low", "middle", "tertiary", "unknown")
NONE_YET, UNKNOWN_LEVEL = 0, 4
CENSUS_ACTIVITIES = ("child", "student", "employed", "job_seeker", "pension", "other_inactive")
CHILDREN, STUDENTS, WORKING, SEEKING, PENSIONERS, OTHERS = range(6)


@dataclass(frozen=True)
class Published:
    """Counts of persons unless said otherwise; A arrondissements, M municipalities, S sectors, 2 sexes."""

    labels: Labels
    census_year: int
    quarter_of_year: int  # of census day, 0 to 3
    census: Ints  # (2, BANDS, LEVELS, CENSUS_ACTIVITIES, sections + none + unknown)
    register: Ints  # (M, 2, REGISTER_BANDS)
    single_age: Ints  # (A, 2, 101)
    roles: Ints  # (A, 2, BANDS, HOUSEHOLD_ROLES)
    jobs: Ints  # (sections,) located in the region, those of unknown section spread over the known
    sector_groups: tuple[tuple[str, ...], ...]  # (S,) published groups of each sector
    share_of_group: Floats  # (S,)
    group_jobs: Floats  # (S, A) jobs of the sector's groups by place, another concept: shares only
    commuting: Floats  # (A + 1, A + 1) employed by residence and work; last: outside the region
    establishments: Ints  # (M,) weights
    self_employed_share: float  # of the employed
    long_term_share: float  # of the unemployed, 4 quarters or more
    self_employed_per_resident: float  # side activities included
    small_share: float  # of establishments with employees, fewer than 10 jobs


def published(tables: RegionTables) -> Published:
    """Arrays of a region's tables. Raises InputError where a table lacks the year of the census or a fact."""
    labels = tables.labels
    day = dict(zip(tables["region"]["key"], tables["region"]["value"], strict=True))["census_day"]
    year, month = int(day[:4]), int(day[5:7])
    sectors = tables["sectors"]
    groups = tuple(tuple(str(g).split("+")) for g in sectors["employment_group"])
    bands = _bands(BANDS)
    a = ("arrondissement", labels.arrondissements)
    sex, age = ("sex", SEXES), ("age_band", bands)
    level, activity = ("education", LEVELS), ("activity", CENSUS_ACTIVITIES)
    sections = ("section", (*SECTIONS, "-", "unknown"))
    employed = _indicator(tables, "employed", year)
    return Published(
        labels=labels,
        census_year=year,
        quarter_of_year=(month - 1) // 3,
        census=_array(tables["census_people"], "persons", sex, age, level, activity, sections),
        register=_array(
            tables["population_municipality"],
            "persons",
            ("municipality", labels.municipalities),
            sex,
            ("age_band", _bands(REGISTER_BANDS)),
        ),
        single_age=_array(tables["population_single_age"], "persons", a, sex, ("age", tuple(range(101)))),
        roles=_array(tables["household_role"], "persons", a, sex, age, ("role", HOUSEHOLD_ROLES)),
        jobs=_jobs(_array(tables["workplace_jobs"], "persons", sections)),
        sector_groups=groups,
        share_of_group=sectors["share_of_group"].to_numpy(np.float64),
        group_jobs=np.array([_group_jobs(tables, labels, year, parts) for parts in groups]),
        commuting=_commuting(tables["commuting"], labels),
        establishments=tables["municipalities"]["establishments"].to_numpy(np.int64),
        self_employed_share=_indicator(tables, "self_employed", year) / employed,
        long_term_share=_indicator(tables, "long_term_share", year) / 100,
        self_employed_per_resident=tables.fact("self_employed_per_1000") / 1000,
        small_share=tables.fact("small_establishment_share") / 100,
    )


def sections_of(group: str) -> set[int]:
    """Indices of the sections of a published group: 'B-E' is a range, 'M_N' a list."""
    if "-" in group:
        first, last = group.split("-")
        return set(range(SECTIONS.index(first), SECTIONS.index(last) + 1))
    return {SECTIONS.index(letter) for letter in group.split("_")}


def _bands(count: int) -> tuple[str, ...]:
    last = 5 * (count - 1)
    return (*(f"{a}-{a + 4}" for a in range(0, last, 5)), f"{last}+")


def _array(frame: pd.DataFrame, value: str, *axes: tuple[str, Sequence[Any]]) -> Ints:
    """Sums of a column over labelled axes; rows whose labels are not on the axes do not exist in a checked table."""
    index = [pd.Index(list(labels)).get_indexer(pd.Index(frame[column])) for column, labels in axes]
    shape = tuple(len(labels) for _, labels in axes)
    out = np.zeros(shape, np.int64)
    np.add.at(out, tuple(index), frame[value].to_numpy(np.int64))
    return out


def _jobs(by_section: Ints) -> Ints:
    known = by_section[: len(SECTIONS)]
    return known + share_out(known, by_section[UNKNOWN_SECTION])


def _group_jobs(tables: RegionTables, labels: Labels, year: int, groups: tuple[str, ...]) -> Floats:
    frame = tables["employment_history"]
    rows = frame[(frame["year"] == year) & frame["group"].isin(groups)]
    if rows.empty:
        where = str(tables.folder / "employment_history.csv")
        raise InputError(where, f"no jobs of {year}, the year of the census, for group {listed(groups)}")
    sums = rows.groupby("area")["thousand_persons"].sum()
    jobs: Floats = sums.reindex(labels.arrondissements).to_numpy(np.float64)
    return jobs


def _commuting(frame: pd.DataFrame, labels: Labels) -> Floats:
    outside = len(labels.arrondissements)
    places = pd.Index(labels.arrondissements)
    out = np.zeros((outside + 1, outside + 1))
    ends = [np.where((i := places.get_indexer(pd.Index(frame[c]))) < 0, outside, i) for c in ("residence", "work")]
    np.add.at(out, tuple(ends), frame["persons"].to_numpy(np.float64))
    out[outside, outside] = 0
    return out


def _indicator(tables: RegionTables, name: str, year: int) -> float:
    frame = tables["labour_history"]
    found = frame[(frame["indicator"] == name) & (frame["year"] == year)]["value"]
    if found.empty:
        where = str(tables.folder / "labour_history.csv")
        raise InputError(where, f"no row for indicator '{name}' in {year}, the year of the census")
    return float(found.iloc[0])
