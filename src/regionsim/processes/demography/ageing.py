"""Everyone grows a quarter older; children reach the age of secondary school.

Reads       people.place, people.employer
Writes      people.age_q, people.tenure_q, people.duration_q, people.activity; firms.owner_age_q
"""

from __future__ import annotations

from numba import njit

from regionsim.state.people import CHILD, JOB_SEEKER, LEFT, PUPIL
from regionsim.state.region_state import Now

PUPIL_AGE_Q = 15 * 4


def ageing(now: Now) -> None:
    """Age, tenure and durations advance; a child of fifteen counts as a pupil."""
    _grow_older(now.state.people.a)
    firms = now.state.firms
    firms.a.owner_age_q[firms.rows()] += 1


@njit(cache=True)
def _grow_older(p):  # type: ignore[no-untyped-def]
    for i in range(p.id.size):
        if p.place[i] < 0:
            continue
        p.age_q[i] += 1
        if p.employer[i] >= 0:
            p.tenure_q[i] += 1
        if p.activity[i] == JOB_SEEKER or p.place[i] == LEFT:
            p.duration_q[i] += 1
        if p.activity[i] == CHILD and p.age_q[i] >= PUPIL_AGE_Q:
            p.activity[i] = PUPIL
