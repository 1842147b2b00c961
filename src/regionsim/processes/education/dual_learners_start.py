"""Pupils and students spend their last year partly in a firm (masterplan III.A; M16a, M16b).

Pupils of the vocational track learn in technical firms, students of the region's own institutions in firms of any
sector.

Reads       people.activity, people.study_end_q, people.municipality; firms.kind, firms.real_jobs,
            firms.municipality, firms.sector
Writes      people.training_firm, people.track
Levers      dual_places, dual_student_places
Flows       dual_learners, dual_students, dual_learner_ids, dual_student_ids (rows and ids of those who start this
            quarter)
Parameters  configs/parameters/education.yaml -> training_firm_max_jobs
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.state.draws import hashes
from regionsim.state.firms import EMPLOYER
from regionsim.state.people import DUAL, PUPIL, STUDENT_HERE, VOCATIONAL
from regionsim.state.region_state import Now

Rows = NDArray[np.int64]


def dual_learners_start(now: Now) -> None:
    """Places go to pupils and students in their last year by keyed priority, so more places only add learners."""
    people, levers = now.state.people.a, now.levers
    pupils = _start(now, levers.dense["dual_places"], PUPIL, now.key("dual_learners_start"))
    people.track[pupils] = DUAL
    students = _start(now, levers.dense["dual_student_places"], STUDENT_HERE, now.key("dual_students_start"))
    now.flows["dual_learners"], now.flows["dual_learner_ids"] = pupils, people.id[pupils]
    now.flows["dual_students"], now.flows["dual_student_ids"] = students, people.id[students]


def _start(now: Now, in_the_year: NDArray[np.float64], activity: int, key: np.uint64) -> Rows:
    """Rows of those of one activity who start: as many as there are places (A,), where there are training firms."""
    places = in_the_year * now.scale
    if now.quarter_of_year != 3 or not places.any():
        return np.empty(0, np.int64)
    people, of = now.state.people.a, now.reference.arrondissement_of
    rows, place = _final_year(people, now.flows["in_school"], of, now.quarter + 4, activity)
    order = np.lexsort((hashes(key, people.id[rows]), place))
    rows, place = rows[order], place[order]
    rank = np.arange(rows.size) - np.searchsorted(place, np.arange(places.size))[place]
    chosen = rank < np.floor(places + 0.5)[place]
    learners = rows[chosen]
    people.training_firm[learners] = _training_firms(now, activity == PUPIL, people.id[learners], place[chosen], key)
    started: Rows = learners[people.training_firm[learners] >= 0]
    return started


def _training_firms(
    now: Now, technical: bool, ids: NDArray[np.uint64], place: Rows, key: np.uint64
) -> NDArray[np.int32]:
    """A small or medium firm of the arrondissement for each learner, a technical one if asked for; -1 without any."""
    f, limit = now.state.firms.a, now.parameters.education.training_firm_max_jobs
    trains = (f.kind == EMPLOYER) & (f.real_jobs <= limit)
    firms = np.flatnonzero(trains & now.reference.technical_sector[f.sector] if technical else trains)
    where = now.reference.arrondissement_of[f.municipality[firms]]
    order = np.lexsort((f.id[firms], where))
    firms, where = firms[order], where[order]
    first = np.searchsorted(where, np.arange(now.reference.arrondissements + 1))
    count = (first[1:] - first[:-1])[place]
    pick = hashes(np.uint64(key ^ np.uint64(0x5EED)), ids) % np.maximum(count, 1).astype(np.uint64)
    at = np.minimum(first[place] + pick.astype(np.int64), max(firms.size - 1, 0))
    return np.where(count > 0, firms[at] if firms.size else -1, -1).astype(np.int32)


@njit(cache=True)
def _final_year(p, in_school, arrondissement_of, last_quarter, activity):  # type: ignore[no-untyped-def]
    """Rows and arrondissements of students, or of vocational pupils, whose last school or study year begins."""
    rows, place = [], []
    for i in in_school:
        asked_for = p.activity[i] == activity and (activity != PUPIL or p.track[i] == VOCATIONAL)
        if asked_for and p.study_end_q[i] == last_quarter:
            rows.append(i)
            place.append(int(arrondissement_of[p.municipality[i]]))
    return np.array(rows, np.int64), np.array(place, np.int64)
