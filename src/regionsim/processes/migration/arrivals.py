"""People move in, by age and sex as the census saw them arrive, in numbers that follow net migration (E-17).

A share of the graduates among them is left out: those who come back are simulated one by one (graduates_return).

Reads       reference.arrivals_year, reference.education_cumulative, reference.participation,
            reference.migration_rate_reference, reference.migration_residents, reference.abroad_share_arriving
Writes      new rows of people
Drivers     net_migration (persons a year by arrondissement), migration_rate (per 1,000 residents by age)
World       ageing: fewer or more of those who come are young
Parameters  configs/parameters/migration.yaml -> arrivals_floor, returners_among_arrivals, young_migration_*;
            population.yaml -> wage_sd_log, digital_skill
Flows       arrivals by municipality, arrivals_by_age (age group x education), arrivals_from_abroad
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.processes.education.school_year import SCHOOL_LEAVING_AGE_Q
from regionsim.state.abilities import fill_abilities
from regionsim.state.draws import event_key, u01, uniforms
from regionsim.state.identity import ARRIVED, offspring, sample_position
from regionsim.state.people import (
    AGE_GROUP_FROM,
    AGE_GROUPS,
    BACHELOR,
    CHILD,
    CHILD_AT_HOME,
    EDUCATION,
    INACTIVE,
    JOB_SEEKER,
    PARTNERED,
    PUPIL,
    RESIDENT,
    RETIRED,
    SINGLE,
)
from regionsim.state.people import ARRIVED as FROM_ELSEWHERE
from regionsim.state.reference import MIGRATION_AGE_FROM
from regionsim.state.region_state import Now

RETIREMENT_AGE_Q = 65 * 4
PUPIL_FROM_Q = 15 * 4
ARRIVING_RUNG = 2
YOUNG_FROM_Q, YOUNG_UNTIL_Q = 18 * 4, 35 * 4
YOUNG_GROUPS = (1, 2)  # of migration_rate: 15-29 and 30-44
RETURN_BANDS = (4, 7)  # 20-24 to 30-34, the ages at which graduates come back


def arrivals(now: Now) -> None:
    """Each cell of origin (arrondissement, sex, age band) has its ordinals, so the same people arrive in every plan."""
    reference, key, p = now.reference, now.key("arrivals"), now.parameters.migration
    per_quarter = arriving_year(now) / 4.0
    cell, ids = _who(per_quarter.reshape(-1), now.quarter, now.scale, key)
    bands = per_quarter.shape[2]
    levels = _levels(ids, cell, bands, reference.education_cumulative, np.uint64(event_key(key, np.uint64(3))))
    band = cell % bands
    comes_back = (levels >= BACHELOR) & (band >= RETURN_BANDS[0]) & (band < RETURN_BANDS[1])
    new = ~(comes_back & (uniforms(np.uint64(event_key(key, np.uint64(6))), ids) < p.returners_among_arrivals))
    cell, ids, levels = cell[new], ids[new], levels[new]
    people = now.state.people
    rows = people.take_free(ids.size)
    places = (reference.municipality_cumulative, reference.municipalities_from, reference.municipality_order)
    adults = (levels, reference.participation, reference.partnered_share)
    _settle(people.a, rows, cell, ids, bands, *places, *adults, key)
    traits = now.parameters.population
    fill_abilities(people.a, rows, float(traits.wage_sd_log), np.array(traits.digital_skill))
    _count(now, rows, cell, ids, key)


def arriving_year(now: Now) -> NDArray[np.float64]:
    """People who would arrive in a year at this quarter's rates, by arrondissement, sex and band; (A, 2, BANDS).

    Both drivers act: net_migration sets how many arrive in each arrondissement, migration_rate of which age under 65.
    From 65 on what cohort survival calls migration is as much an error of mortality, so that arrivals follow the level.
    """
    reference, p = now.reference, now.parameters.migration
    yearly = reference.arrivals_year.sum(axis=(1, 2))
    wanted = yearly + now.drivers["net_migration"] - reference.net_migration_reference
    relative = np.divide(wanted, yearly, out=np.ones_like(yearly), where=yearly > 0)
    level = np.maximum(relative, p.arrivals_floor)
    rate = now.drivers["migration_rate"] + ageing_shift(now)
    more = (rate - reference.migration_rate_reference) / 1000.0 * reference.migration_residents
    more[-1] = 0.0
    factor = age_factor(reference.arrivals_year.sum(axis=(0, 1)), more, p.arrivals_floor)
    mixed = reference.arrivals_year * factor
    under = slice(0, MIGRATION_AGE_FROM[-1] // 5)
    before, total = (a[:, :, under].sum(axis=(1, 2)) for a in (reference.arrivals_year, mixed))
    mixed[:, :, under] *= np.divide(before, total, out=np.zeros_like(total), where=total > 0)[:, None, None]
    arriving: NDArray[np.float64] = mixed * level[:, None, None]
    return arriving


def ageing_shift(now: Now) -> NDArray[np.float64]:
    """What the world's pace of ageing adds to migration_rate (5,): at YOUNG_GROUPS, after the last mortality table."""
    known_until = now.reference.death_first_year + now.reference.death_probability.shape[0] - 1
    shift = np.zeros(len(MIGRATION_AGE_FROM))
    if now.year > known_until:
        shift[list(YOUNG_GROUPS)] = getattr(now.parameters.migration, f"young_migration_{now.world.ageing}")
    return shift


def age_factor(by_band: NDArray[np.float64], more: NDArray[np.float64], floor: float) -> NDArray[np.float64]:
    """Arrivals of each band relative to the reference when net migration of its age group is `more` higher; (BANDS,).

    by_band (BANDS,): arrivals a year; more (5,): persons a year by MIGRATION_AGE_FROM; never below `floor`."""
    first = np.array(MIGRATION_AGE_FROM) // 5
    arrive = np.add.reduceat(by_band, first)
    factor = np.maximum(1.0 + np.divide(more, arrive, out=np.zeros_like(more), where=arrive > 0), floor)
    of_band: NDArray[np.float64] = factor[np.searchsorted(first, np.arange(by_band.size), side="right") - 1]
    return of_band


def _count(now: Now, rows: NDArray[np.int64], cell: NDArray[np.int64], ids: NDArray[np.uint64], key: np.uint64) -> None:
    """Flows of those who arrived: by municipality, by age group and education, from abroad."""
    people = now.state.people.a
    age_q, education = people.age_q[rows], people.education[rows]
    young = (age_q >= YOUNG_FROM_Q) & (age_q < YOUNG_UNTIL_Q)
    now.count("young_tertiary_arriving", float((young & (education >= BACHELOR)).sum()))
    now.count("arrivals", np.bincount(people.municipality[rows], minlength=now.reference.arrondissement_of.size))
    group = np.searchsorted(np.array(AGE_GROUP_FROM) * 4, age_q, side="right") - 1
    shape = (len(AGE_GROUPS), len(EDUCATION))
    by_age = np.bincount(group * shape[1] + education, minlength=shape[0] * shape[1]).reshape(shape)
    now.count("arrivals_by_age", by_age)
    abroad = now.reference.abroad_share_arriving.reshape(-1)[cell]
    now.count("arrivals_from_abroad", float((uniforms(np.uint64(event_key(key, np.uint64(7))), ids) < abroad).sum()))


@njit(cache=True)
def _who(expected, quarter, scale, key):  # type: ignore[no-untyped-def]
    """Cell and id of everyone who arrives and is in the sample."""
    cells, ids = [], []
    for c in range(expected.size):
        for k in range(int(expected[c] + u01(key, np.uint64(c)))):
            identity = offspring(ARRIVED, np.uint64(c), quarter, k)
            if sample_position(identity) < scale:
                cells.append(c)
                ids.append(identity)
    return np.array(cells, np.int64), np.array(ids, np.uint64)


@njit(cache=True)
def _levels(ids, cell, bands, education, key):  # type: ignore[no-untyped-def]
    """Education that adults of each arrival's band have."""
    levels = np.zeros(ids.size, np.int8)
    for k in range(ids.size):
        while levels[k] < 3 and u01(key, ids[k]) >= education[cell[k] % bands, levels[k]]:
            levels[k] += 1
    return levels


@njit(cache=True)
def _settle(  # type: ignore[no-untyped-def]
    p, rows, cell, ids, bands, municipality_cumulative, municipalities_from, order, levels, participation, partnered,
    key,
):
    age_key, place_key = event_key(key, np.uint64(1)), event_key(key, np.uint64(2))
    work_key, partner_key = event_key(key, np.uint64(4)), event_key(key, np.uint64(5))
    for k in range(rows.size):
        i, who = rows[k], ids[k]
        band = cell[k] % bands
        sex = (cell[k] // bands) % 2
        arrondissement = cell[k] // (2 * bands)
        p.id[i] = who
        p.place[i] = RESIDENT
        p.sex[i] = sex
        p.age_q[i] = band * 20 + int(u01(age_key, who) * 20.0)
        u = u01(place_key, who)
        m = municipalities_from[arrondissement]
        while m < municipalities_from[arrondissement + 1] - 1 and u >= municipality_cumulative[order[m]]:
            m += 1
        p.municipality[i] = order[m]
        p.origin[i] = FROM_ELSEWHERE
        if p.age_q[i] < SCHOOL_LEAVING_AGE_Q:
            p.activity[i] = PUPIL if p.age_q[i] >= PUPIL_FROM_Q else CHILD
            p.household_role[i] = CHILD_AT_HOME
            continue
        level = levels[k]
        p.education[i] = level
        age = p.age_q[i] >> 2
        p.household_role[i] = PARTNERED if u01(partner_key, who) < partnered[sex, age] else SINGLE
        if p.age_q[i] >= RETIREMENT_AGE_Q:
            p.activity[i] = RETIRED
        elif u01(work_key, who) < participation[sex, band, level]:
            p.activity[i] = JOB_SEEKER
        else:
            p.activity[i] = INACTIVE
            p.ladder[i] = ARRIVING_RUNG
