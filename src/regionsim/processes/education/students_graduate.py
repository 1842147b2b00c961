"""Students receive their degree in the third quarter, or take a year more.

Reads       people.activity, people.study_end_q, people.study_level
Writes      people.education, people.activity, people.study_end_q, people.duration_q, people.ladder
Parameters  configs/parameters/education.yaml -> extra_year_share, starts_search
Flows       graduates by education; new_graduates (rows)
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.processes.education.school_year import leave_for_work, starts_cumulative, study_end
from regionsim.state.draws import event_key, u01
from regionsim.state.people import EDUCATION, STUDENT_AWAY, STUDENT_HERE
from regionsim.state.region_state import Now


def students_graduate(now: Now) -> None:
    """Students receive their degree and look for work, now or in a later quarter; some take a year more."""
    rows = np.empty(0, np.int64)
    if now.quarter_of_year == 3:
        e, key = now.parameters.education, now.key("students_graduate")
        again, starts = e.extra_year_share, starts_cumulative(e.starts_search)
        rows = _graduate(now.state.people.a, now.flows["in_school"], now.quarter, again, starts, key)
    now.flows["new_graduates"] = rows
    levels = now.state.people.a.education[rows]
    now.count("graduates", np.bincount(levels, minlength=len(EDUCATION)).astype(float))


@njit(cache=True)
def _graduate(p, in_school, quarter, again, starts, key):  # type: ignore[no-untyped-def]
    start_key = event_key(key, np.uint64(1))
    rows = []
    for i in in_school:
        student = p.activity[i] >= STUDENT_HERE and p.activity[i] <= STUDENT_AWAY
        if not student or p.study_end_q[i] > quarter:
            continue
        if u01(key, p.id[i]) < again:
            p.study_end_q[i] = study_end(quarter, 1)
            continue
        p.education[i] = p.study_level[i]
        leave_for_work(p, i, quarter, starts, start_key)
        rows.append(i)
    return np.array(rows, np.int64)
