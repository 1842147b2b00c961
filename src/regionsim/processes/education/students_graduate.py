"""Students receive their degree in the third quarter and look for work.

Reads       people.activity, people.study_end_q, people.study_level
Writes      people.education, people.activity, people.study_end_q, people.duration_q
Flows       graduates by education
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.state.people import EDUCATION, JOB_SEEKER, RESIDENT, STUDENT_AWAY, STUDENT_HERE
from regionsim.state.region_state import Now


def students_graduate(now: Now) -> None:
    """Students receive their degree and look for work; their rows are kept in flows['new_graduates']."""
    rows = _graduate(now.state.people.a, now.quarter) if now.quarter_of_year == 3 else np.empty(0, np.int64)
    now.flows["new_graduates"] = rows
    levels = now.state.people.a.education[rows]
    now.count("graduates", np.bincount(levels, minlength=len(EDUCATION)).astype(float))


@njit(cache=True)
def _graduate(p, quarter):  # type: ignore[no-untyped-def]
    rows = []
    for i in range(p.id.size):
        if p.place[i] != RESIDENT or p.activity[i] < STUDENT_HERE or p.activity[i] > STUDENT_AWAY:
            continue
        if p.study_end_q[i] <= quarter:
            p.education[i] = p.study_level[i]
            p.activity[i] = JOB_SEEKER
            p.study_end_q[i] = -1
            p.duration_q[i] = 0
            rows.append(i)
    return np.array(rows, np.int64)
