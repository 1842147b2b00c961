"""Pupils finish secondary school: on to higher education, here or away, or to work (E-8).

Reads       people.activity, people.study_end_q, people.technical
Writes      people.activity, people.education, people.study_level, people.study_end_q, people.studied_here,
            people.duration_q, people.ladder
Parameters  configs/parameters/education.yaml -> technical_track_share, enrols_*, master_share, away_*, years_*,
            extra_year_share, early_leaver_share, inactive_leaver_share
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.processes.education.school_year import study_end
from regionsim.state.draws import event_key, u01
from regionsim.state.people import (
    BACHELOR,
    INACTIVE,
    JOB_SEEKER,
    LOW,
    MASTER,
    MIDDLE,
    PUPIL,
    RESIDENT,
    STUDENT_AWAY,
    STUDENT_HERE,
    STUDIED_AWAY,
    STUDIED_HERE,
)
from regionsim.state.region_state import Now

LEAVERS_RUNG = 2  # of the participation ladder, for school leavers who do not look for work (assumption)


def pupils_leave_school(now: Now) -> None:
    """Pupils finish school: on to higher education, here or away, or to work (third quarter)."""
    if now.quarter_of_year != 3:
        return
    e = now.parameters.education
    enrols = np.array([e.enrols_general, e.enrols_technical])
    away = np.array([e.away_bachelor, e.away_master])
    years = np.array([e.years_bachelor, e.years_master], np.int64)
    to_work = 1.0 - (enrols * np.array([1.0 - e.technical_track_share, e.technical_track_share])).sum()
    without_diploma = min(e.early_leaver_share / max(to_work, 1e-9), 1.0)
    rates = (enrols, e.master_share, away, years, e.extra_year_share, without_diploma, e.inactive_leaver_share)
    _leave_school(now.state.people.a, now.quarter, *rates, now.key("pupils_leave_school"))


@njit(cache=True)
def _leave_school(  # type: ignore[no-untyped-def]
    p, quarter, enrols, master_share, away, years, extra_year, without_diploma, inactive_leaver, key
):
    level_key, away_key = event_key(key, np.uint64(1)), event_key(key, np.uint64(2))
    extra_key, diploma_key = event_key(key, np.uint64(3)), event_key(key, np.uint64(4))
    for i in range(p.id.size):
        if p.place[i] != RESIDENT or p.activity[i] != PUPIL or p.study_end_q[i] > quarter:
            continue
        if u01(key, p.id[i]) < enrols[p.technical[i]]:
            level = 1 if u01(level_key, p.id[i]) < master_share else 0
            leaves = u01(away_key, p.id[i]) < away[level]
            p.education[i] = MIDDLE
            p.study_level[i] = MASTER if level == 1 else BACHELOR
            p.activity[i] = STUDENT_AWAY if leaves else STUDENT_HERE
            p.studied_here[i] = STUDIED_AWAY if leaves else STUDIED_HERE
            late = 1 if u01(extra_key, p.id[i]) < extra_year else 0
            p.study_end_q[i] = study_end(quarter, years[level] + late)
        else:
            p.education[i] = LOW if u01(diploma_key, p.id[i]) < without_diploma else MIDDLE
            p.study_end_q[i] = -1
            _enter_labour_force(p, i, u01(level_key, p.id[i]) >= inactive_leaver)


@njit(cache=True)
def _enter_labour_force(p, i, seeks):  # type: ignore[no-untyped-def]
    p.activity[i] = JOB_SEEKER if seeks else INACTIVE
    p.duration_q[i] = 0
    p.ladder[i] = -1 if seeks else LEAVERS_RUNG
