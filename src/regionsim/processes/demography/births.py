"""Children are born to resident women (E-17).

Reads       people.sex, people.age_q, people.municipality; reference.fertility_profile
Writes      new rows of people
Drivers     fertility (total fertility rate by arrondissement)
Parameters  configs/parameters/demography.yaml -> boy_share, twin_rate; population.yaml -> wage_sd_log, digital_skill
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.processes.low_draws import low_draws
from regionsim.state.abilities import fill_abilities
from regionsim.state.draws import event_key, u01
from regionsim.state.identity import BORN, offspring
from regionsim.state.people import BORN_IN_RUN, CHILD, CHILD_AT_HOME, FEMALE, LOW, RESIDENT
from regionsim.state.region_state import Now


def births(now: Now) -> None:
    """Women of 15 to 49 bear children at the rates of their age and arrondissement."""
    people, p = now.state.people, now.parameters.demography
    key = now.key("births")
    deliveries_per_birth = 1.0 / (1.0 + p.twin_rate)
    rate_q = np.outer(now.drivers["fertility"], now.reference.fertility_profile) * deliveries_per_birth / 4.0
    low = low_draws(key, people.a.id, rate_q.max())
    mothers, child = _deliveries(people.a, low, now.reference.arrondissement_of, rate_q, p.twin_rate, key)
    rows = people.take_free(mothers.size)
    _newborn(people.a, rows, mothers, child, now.quarter, p.boy_share)
    traits = now.parameters.population
    abilities = (float(traits.wage_sd_log), np.array(traits.digital_skill))
    fill_abilities(people.a, rows, *abilities)
    now.count("births", np.bincount(people.a.municipality[rows], minlength=now.reference.arrondissement_of.size))


@njit(cache=True)
def _deliveries(p, low, arrondissement_of, rate_q, twin_rate, key):  # type: ignore[no-untyped-def]
    """Row of the mother and ordinal of the child (0, or 1 for the second twin), one entry a child."""
    mothers, child = [], []
    twins = event_key(key, np.uint64(1))
    for i in range(p.id.size):
        if not low[i] or p.place[i] != RESIDENT or p.sex[i] != FEMALE or p.age_q[i] < 60 or p.age_q[i] >= 200:
            continue
        if u01(key, p.id[i]) < rate_q[arrondissement_of[p.municipality[i]], p.age_q[i] >> 2]:
            mothers.append(i)
            child.append(0)
            if u01(twins, p.id[i]) < twin_rate:
                mothers.append(i)
                child.append(1)
    return np.array(mothers, np.int64), np.array(child, np.int64)


@njit(cache=True)
def _newborn(p, rows, mothers, child, quarter, boy_share):  # type: ignore[no-untyped-def]
    for k in range(rows.size):
        i, mother = rows[k], mothers[k]
        p.id[i] = offspring(BORN, p.id[mother], quarter, child[k])
        p.place[i] = RESIDENT
        p.sex[i] = 1 if u01(p.id[i], BORN) < boy_share else 0
        p.municipality[i] = p.municipality[mother]
        p.education[i] = LOW
        p.origin[i] = BORN_IN_RUN
        p.household_role[i] = CHILD_AT_HOME
        p.activity[i] = CHILD
