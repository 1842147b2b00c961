"""Job-seekers take courses: less search while enrolled, more skill and a fresher search afterwards (E-13, M12a).

Reads       people.activity, people.duration_q, people.municipality
Writes      people.training_q, people.skill
Levers      course_places
Parameters  configs/parameters/labour.yaml -> course_share_q, course_from_q, course_max_q, course_skill
Flows       trained
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.state.draws import event_key, u01
from regionsim.state.people import JOB_SEEKER, NO_EXIT, RESIDENT
from regionsim.state.region_state import Now


def job_seekers_train(now: Now) -> None:
    """Courses go on and end; some job-seekers start one, by keyed chance, so that more places only add people."""
    p, persons = now.parameters.labour, now.state.people.a
    of, places = now.reference.arrondissement_of, now.reference.arrondissements
    added = now.levers.dense["course_places"] * now.scale
    seekers = _eligible(persons, of, np.zeros(places, np.int64), int(p.course_from_q)) if added.any() else 1
    chance = np.minimum(p.course_share_q + added / np.maximum(seekers, 1), 1.0)
    key = now.key("job_seekers_train")
    trained = _train(persons, of, chance, int(p.course_from_q), int(p.course_max_q), p.course_skill, key)
    now.flows["trained"] = float(trained)


@njit(cache=True, inline="always")
def may_train(activity, place, leaving, duration_q, from_q):  # type: ignore[no-untyped-def]
    """Job-seekers who live here and have searched for some time."""
    return activity == JOB_SEEKER and place == RESIDENT and leaving == NO_EXIT and duration_q >= from_q


@njit(cache=True)
def _eligible(p, of, count, from_q):  # type: ignore[no-untyped-def]
    for i in range(p.id.size):
        if p.training_q[i] == -1 and may_train(p.activity[i], p.place[i], p.exit[i], p.duration_q[i], from_q):
            count[of[p.municipality[i]]] += 1
    return count


@njit(cache=True)
def _train(p, of, chance, from_q, max_q, skill, key):  # type: ignore[no-untyped-def]
    """Courses that end this quarter."""
    length_key = event_key(key, np.uint64(1))
    ended = 0
    for i in range(p.id.size):
        if not may_train(p.activity[i], p.place[i], p.exit[i], p.duration_q[i], from_q):
            continue
        if p.training_q[i] > 0:
            p.training_q[i] -= 1
            if p.training_q[i] == 0:
                p.skill[i] += skill
                ended += 1
        elif p.training_q[i] == -1 and u01(key, p.id[i]) < chance[of[p.municipality[i]]]:
            p.training_q[i] = 1 + int(u01(length_key, p.id[i]) * max_q)
    return ended
