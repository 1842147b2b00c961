"""Who studies, works, seeks work or has retired, with which education and in which section: the census, dealt out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regionsim.population.by_age import YEARS, opened_by_age
from regionsim.population.census import LOW_LEVEL, TERTIARY_LEVEL
from regionsim.population.integer import deal, two_way
from regionsim.population.keyed import Keyed
from regionsim.population.published import CHILDREN, NO_SECTION, SEEKING, STUDENTS, WORKING
from regionsim.state.reference import BANDS

Ints = NDArray[np.int64]
Codes = NDArray[np.int16]

ADULT_AGE = 18
_MINOR_YEARS = np.arange(BANDS * YEARS).reshape(BANDS, YEARS) < ADULT_AGE


def dealt_activities(p: Any, band: NDArray[np.int8], census: Ints, keyed: Keyed) -> Codes:
    """Census activity of every resident (n,): exact by sex and band, smooth by single year, minors study first."""
    counts = census.sum(axis=(2, 4))
    activities = counts.shape[2]
    year = _year(p, band)
    members = np.bincount(year, minlength=2 * BANDS * YEARS).reshape(2, BANDS, YEARS)
    possible = np.ones((BANDS, YEARS, activities))
    possible[_MINOR_YEARS] = np.isin(np.arange(activities), [CHILDREN, STUDENTS])
    table = opened_by_age(counts, members, possible)
    return deal(year, keyed.uniform("activity", p.id), table.reshape(-1, activities))


def dealt_levels(p: Any, band: NDArray[np.int8], activity: Codes, census: Ints, keyed: Keyed) -> Codes:
    """Education level of every resident (n,): low, middle or tertiary.

    Exact by sex, band and activity, smooth by single year; minors who study have no diploma first.
    """
    counts = census.sum(axis=4).transpose(0, 3, 1, 2)  # (2, activities, BANDS, levels)
    activities = counts.shape[1]
    year = _year(p, band)
    sex, age = year // (BANDS * YEARS), year % (BANDS * YEARS)
    cell = (sex * activities + activity) * BANDS * YEARS + age
    members = np.bincount(cell, minlength=2 * activities * BANDS * YEARS).reshape(2, activities, BANDS, YEARS)
    possible = np.ones((BANDS, YEARS, 3))
    possible[_MINOR_YEARS] = np.arange(3) == LOW_LEVEL
    table = opened_by_age(counts, members, possible)
    return deal(cell, keyed.uniform("education", p.id), table.reshape(-1, 3))


def _year(p: Any, band: NDArray[np.int8]) -> Ints:
    """Sex and single year of age as one index (n,); those beyond the last band count to its last year."""
    age = np.minimum(p.age_q // 4, band.astype(np.int64) * YEARS + YEARS - 1)
    year: Ints = p.sex.astype(np.int64) * BANDS * YEARS + age
    return year


def dealt_sections(
    p: Any, band: NDArray[np.int8], activity: Codes, level: Codes, of: Ints, lift: Any, census: Ints, keyed: Keyed
) -> NDArray[np.int8]:
    """Section of the job, or of the last job, of every resident (n,); NO_SECTION without one.

    Exact by sex, band, level and activity; over places it follows `lift` (A, sections), the relative frequency of a
    section among the workers who live there. of (n,): arrondissement of each resident.
    """
    section = np.full(p.id.size, NO_SECTION, np.int8)
    who = np.flatnonzero((activity == WORKING) | (activity == SEEKING))
    places, sections = lift.shape[0], census.shape[4]
    counts = census[:, :, :, [WORKING, SEEKING]].reshape(-1, sections)
    cell = (p.sex[who].astype(np.int64) * BANDS + band[who]) * 3 + level[who]
    cell = cell * 2 + (activity[who] == SEEKING)
    members = np.bincount(cell * places + of[who], minlength=len(counts) * places).reshape(-1, places)
    tilt = np.concatenate([lift, np.ones((places, 1))], axis=1)
    weights = members[:, :, None] * tilt[None] * counts[:, None, :]
    table = two_way(weights, members, counts)
    score = keyed.uniform("section", p.id[who])
    section[who] = deal(cell * places + of[who], score, table.reshape(-1, sections))
    return section


def bachelor_or_master(level: Codes, activity: Codes, u: NDArray[np.float64], master_share: float) -> NDArray[np.int8]:
    """Education code of People (n,): low, middle, bachelor, master; who still studies holds at most a bachelor."""
    master = (level == TERTIARY_LEVEL) & (activity != STUDENTS) & (u < master_share)
    return np.where(master, TERTIARY_LEVEL + 1, level).astype(np.int8)
