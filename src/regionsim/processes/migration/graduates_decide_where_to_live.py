"""Graduates decide where to live: at graduation, and now and then until 34; those who left may return (E-7, M22, M23).

The choice is between here and elsewhere, for who grew up here; who moved in leaves like other families (departures).
Its formula, with the levers and parameters in it, is location_choice.

Reads       people.studied_here, people.household_role, people.origin, people.education, people.age_q,
            people.activity, people.municipality; economy.rd_job_share, economy.amenity, economy.base_rd_job_share,
            economy.base_tightness, economy.base_unemployment_trend, economy.tightness, economy.unemployment_trend
Requests    leaves as graduate
Writes      people.place, people.activity, people.ladder, people.duration_q of those who return
Parameters  configs/parameters/migration.yaml -> stay_at_graduation, reconsiders_year, reconsiders_elsewhere_year
Flows       graduates_leaving, graduates_returning; returned (rows)
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.processes.low_draws import low_draws
from regionsim.processes.migration.location_choice import (
    appeal_by_place,
    chance_of_living_here,
    did_study_here,
    has_family_here,
    stay_weights,
)
from regionsim.state.draws import event_key, u01
from regionsim.state.people import (
    AGE_GROUP_FROM,
    AGE_GROUPS,
    ARRIVED,
    BACHELOR,
    EDUCATION,
    JOB_SEEKER,
    LEAVES_AS_GRADUATE,
    LEFT,
    NO_EXIT,
    RESIDENT,
    STUDENT_AWAY,
)
from regionsim.state.region_state import Now

THIRTY_Q, YOUNG_UNTIL_Q = 30 * 4, 35 * 4


def graduates_decide_where_to_live(now: Now) -> None:
    """Request the departure of graduates who choose to live elsewhere: the new ones, and those who think again."""
    people, key = now.state.people.a, now.key("graduates_decide_where_to_live")
    thinking = who_reconsiders(now)
    here, now.flows["reconsider_elsewhere"], now.flows["too_old_to_return"] = thinking
    p, appeal = now.parameters.migration, appeal_by_place(now)
    leaves = 0
    for rows, roots in ((now.flows["new_graduates"], p.stay_at_graduation), (here, 0.0)):
        leaving = _prefers(people, rows, appeal + roots, now.reference.arrondissement_of, stay_weights(p), key, False)
        people.exit[leaving] = LEAVES_AS_GRADUATE
        leaves += leaving.size
    now.count("graduates_leaving", float(leaves))


def who_reconsiders(now: Now) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Rows of graduates up to 34 who think again this quarter, here and elsewhere; of those elsewhere who are older."""
    people, key = now.state.people.a, now.key("graduates_reconsider")
    p = now.parameters.migration
    yearly = np.array([*p.reconsiders_year, p.reconsiders_elsewhere_year])
    thinks_q = 1.0 - np.power(1.0 - yearly, 0.25)
    return _reconsider(people, low_draws(key, people.id, thinks_q.max()), *thinks_q, key)  # type: ignore[no-any-return]


@njit(cache=True)
def _reconsider(p, low, twenties_q, thirties_q, elsewhere_q, key):  # type: ignore[no-untyped-def]
    here, elsewhere, older = [], [], []
    for i in range(p.id.size):
        if p.place[i] == LEFT:
            if p.age_q[i] >= YOUNG_UNTIL_Q:
                older.append(i)
            elif low[i] and u01(key, p.id[i]) < elsewhere_q:
                elsewhere.append(i)
        elif low[i] and p.place[i] == RESIDENT and p.education[i] >= BACHELOR and p.age_q[i] < YOUNG_UNTIL_Q:
            own = p.origin[i] != ARRIVED and p.activity[i] > STUDENT_AWAY
            if own and u01(key, p.id[i]) < (twenties_q if p.age_q[i] < THIRTY_Q else thirties_q):
                here.append(i)
    return np.array(here, np.int64), np.array(elsewhere, np.int64), np.array(older, np.int64)


@njit(cache=True)
def _prefers(p, rows, appeal, arrondissement_of, b, key, wants_here):  # type: ignore[no-untyped-def]
    """Those of the rows who choose to live here (wants_here) or elsewhere, and do not leave for another reason."""
    u_key = event_key(key, np.uint64(1))
    chosen = []
    for i in rows:
        if p.exit[i] != NO_EXIT:
            continue
        place = arrondissement_of[p.municipality[i]]
        chance = chance_of_living_here(appeal[place], did_study_here(p, i), has_family_here(p, i), b)
        if (u01(u_key, p.id[i]) < chance) == wants_here:
            chosen.append(i)
    return np.array(chosen, np.int64)


def graduates_return(now: Now) -> None:
    """Graduates elsewhere who think again and choose the region return; after 34 they stay away."""
    people = now.state.people
    chance = (appeal_by_place(now), now.reference.arrondissement_of, stay_weights(now.parameters.migration))
    key = now.key("graduates_decide_where_to_live")
    back = _prefers(people.a, now.flows["reconsider_elsewhere"], *chance, key, True)
    people.a.place[back], people.a.activity[back], people.a.duration_q[back] = RESIDENT, JOB_SEEKER, 0
    people.a.ladder[back] = -1
    now.flows["returned"] = back
    now.count("arrivals", np.bincount(people.a.municipality[back], minlength=now.reference.arrondissement_of.size))
    group = np.searchsorted(np.array(AGE_GROUP_FROM) * 4, people.a.age_q[back], side="right") - 1
    by_age = np.zeros((len(AGE_GROUPS), len(EDUCATION)), np.int64)
    np.add.at(by_age, (group, people.a.education[back]), 1)
    now.count("arrivals_by_age", by_age)
    now.count("graduates_returning", float(back.size))
    people.release(now.flows["too_old_to_return"])
