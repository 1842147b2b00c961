"""Some students stop before the degree.

Reads       people.activity
Writes      people.activity, people.study_end_q, people.duration_q
Parameters  configs/parameters/education.yaml -> drops_out_year
"""

from __future__ import annotations

from numba import njit

from regionsim.state.draws import u01
from regionsim.state.people import JOB_SEEKER, RESIDENT, STUDENT_AWAY, STUDENT_HERE
from regionsim.state.region_state import Now


def students_drop_out(now: Now) -> None:
    """Some students stop before the degree, at the end of the study year."""
    if now.quarter_of_year == 3:
        _drop_out(now.state.people.a, now.parameters.education.drops_out_year, now.key("students_drop_out"))


@njit(cache=True)
def _drop_out(p, rate_year, key):  # type: ignore[no-untyped-def]
    for i in range(p.id.size):
        if p.place[i] != RESIDENT or p.activity[i] < STUDENT_HERE or p.activity[i] > STUDENT_AWAY:
            continue
        if u01(key, p.id[i]) < rate_year:
            p.activity[i] = JOB_SEEKER
            p.study_end_q[i] = -1
            p.duration_q[i] = 0
