"""Some students stop before the degree, most in their first year.

Reads       people.activity, people.study_end_q, people.study_level
Writes      people.activity, people.study_end_q, people.duration_q, people.ladder
Parameters  configs/parameters/education.yaml -> drops_out_first_year, drops_out_later, years_bachelor, years_master,
            starts_search
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.processes.education.school_year import leave_for_work, starts_cumulative
from regionsim.state.draws import event_key, u01
from regionsim.state.people import MASTER, STUDENT_AWAY, STUDENT_HERE
from regionsim.state.region_state import Now


def students_drop_out(now: Now) -> None:
    """Some students stop before the degree, at the end of the study year."""
    if now.quarter_of_year != 3:
        return
    e = now.parameters.education
    years = np.array([e.years_bachelor, e.years_master], np.int64)
    hazards = (e.drops_out_first_year, e.drops_out_later)
    rows, key = now.flows["in_school"], now.key("students_drop_out")
    _drop_out(now.state.people.a, rows, now.quarter, years, *hazards, starts_cumulative(e.starts_search), key)


@njit(cache=True, inline="always")
def drop_out_probability(years_left, years, first, later):  # type: ignore[no-untyped-def]
    """Chance to stop at the end of a study year: `first` in the first year, 0 in a year that may bring the degree."""
    if years_left <= 0:
        return 0.0
    return first if years_left >= years - 1 else later


@njit(cache=True)
def _drop_out(p, rows, quarter, years, first, later, starts, key):  # type: ignore[no-untyped-def]
    start_key = event_key(key, np.uint64(1))
    for i in rows:
        if p.activity[i] < STUDENT_HERE or p.activity[i] > STUDENT_AWAY:
            continue
        length = years[1] if p.study_level[i] == MASTER else years[0]
        chance = drop_out_probability((p.study_end_q[i] - quarter) // 4, length, first, later)
        if u01(key, p.id[i]) < chance:
            leave_for_work(p, i, quarter, starts, start_key)
