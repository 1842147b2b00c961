"""People move in, by age and sex as the census saw them arrive, in numbers that follow net migration (E-17).

Reads       reference.arrivals_year, reference.education_cumulative, reference.participation
Writes      new rows of people
Drivers     net_migration (persons a year by arrondissement)
Parameters  configs/parameters/migration.yaml -> arrivals_floor; population.yaml -> wage_sd_log,
            digital_skill
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.processes.education.school_year import SCHOOL_LEAVING_AGE_Q
from regionsim.state.abilities import fill_abilities
from regionsim.state.draws import event_key, u01
from regionsim.state.identity import ARRIVED, offspring, sample_position
from regionsim.state.people import ARRIVED as FROM_ELSEWHERE
from regionsim.state.people import (
    BACHELOR,
    CHILD,
    CHILD_AT_HOME,
    INACTIVE,
    JOB_SEEKER,
    PARTNERED,
    PUPIL,
    RESIDENT,
    RETIRED,
    SINGLE,
)
from regionsim.state.region_state import Now

RETIREMENT_AGE_Q = 65 * 4
PUPIL_FROM_Q = 15 * 4
ARRIVING_RUNG = 2
YOUNG_FROM_Q, YOUNG_UNTIL_Q = 18 * 4, 35 * 4


def arrivals(now: Now) -> None:
    """Each cell of origin (arrondissement, sex, age band) has its ordinals, so the same people arrive in every plan."""
    reference, key = now.reference, now.key("arrivals")
    yearly = reference.arrivals_year.sum(axis=(1, 2))
    wanted = yearly + now.drivers["net_migration"] - reference.net_migration_reference
    relative = np.divide(wanted, yearly, out=np.ones_like(yearly), where=yearly > 0)
    level = np.maximum(relative, now.parameters.migration.arrivals_floor)
    per_quarter = reference.arrivals_year * level[:, None, None] / 4.0
    cell, ids = _who(per_quarter.reshape(-1), now.quarter, now.scale, key)
    people = now.state.people
    rows = people.take_free(ids.size)
    places = (reference.municipality_cumulative, reference.municipalities_from, reference.municipality_order)
    adults = (reference.education_cumulative, reference.participation, reference.partnered_share)
    _settle(people.a, rows, cell, ids, per_quarter.shape[2], *places, *adults, key)
    traits = now.parameters.population
    abilities = (float(traits.wage_sd_log), np.array(traits.digital_skill))
    fill_abilities(people.a, rows, *abilities)
    young = (people.a.age_q[rows] >= YOUNG_FROM_Q) & (people.a.age_q[rows] < YOUNG_UNTIL_Q)
    now.count("young_tertiary_arriving", float((young & (people.a.education[rows] >= BACHELOR)).sum()))
    now.count("arrivals", np.bincount(people.a.municipality[rows], minlength=reference.arrondissement_of.size))


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
def _settle(  # type: ignore[no-untyped-def]
    p, rows, cell, ids, bands, municipality_cumulative, municipalities_from, order, education, participation, partnered,
    key,
):
    age_key, place_key = event_key(key, np.uint64(1)), event_key(key, np.uint64(2))
    education_key, work_key = event_key(key, np.uint64(3)), event_key(key, np.uint64(4))
    partner_key = event_key(key, np.uint64(5))
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
        level = 0
        while level < 3 and u01(education_key, who) >= education[band, level]:
            level += 1
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
