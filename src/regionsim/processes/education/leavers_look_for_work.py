"""Who left school or studies and waited starts to look for work.

Graduation is in the third quarter; registration is spread over the quarters after it (drawn once, at the end of the
studies). Who waits is inactive and may start earlier with the other inactive (participation).

Reads       people.activity, people.study_end_q
Writes      people.activity, people.ladder, people.study_end_q, people.duration_q
"""

from __future__ import annotations

from numba import njit

from regionsim.state.people import INACTIVE, JOB_SEEKER, PUPIL, STUDENT_AWAY
from regionsim.state.region_state import Now


def leavers_look_for_work(now: Now) -> None:
    """School leavers and graduates whose wait ends start to look for work."""
    _start(now.state.people.a, now.flows["in_school"], now.quarter)


@njit(cache=True)
def _start(p, in_school, quarter):  # type: ignore[no-untyped-def]
    for i in in_school:
        a = p.activity[i]
        studies = a >= PUPIL and a <= STUDENT_AWAY
        if studies or p.study_end_q[i] < 0:
            continue
        if a != INACTIVE:  # found something before
            p.study_end_q[i] = -1
        elif p.study_end_q[i] <= quarter:
            p.study_end_q[i] = -1
            p.activity[i] = JOB_SEEKER
            p.ladder[i] = -1
            p.duration_q[i] = 0
