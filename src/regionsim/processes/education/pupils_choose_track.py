"""Pupils of fifteen take a general or a technical track and a year to leave school.

Reads       people.activity, people.age_q
Writes      people.technical, people.study_end_q
Parameters  configs/parameters/education.yaml -> technical_track_share, repeats_a_year
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.processes.education.school_year import school_leaving_quarter
from regionsim.state.draws import event_key, u01
from regionsim.state.people import PUPIL, RESIDENT
from regionsim.state.region_state import Now


def pupils_choose_track(now: Now) -> None:
    """New pupils take a general or technical track, and a year to leave school."""
    p = now.parameters.education
    key = now.key("pupils_choose_track")
    _choose(now.state.people.a, now.quarter, now.quarter_of_year, p.technical_track_share, p.repeats_a_year, key)


@njit(cache=True)
def _choose(p, quarter, quarter_of_year, technical_share, repeats, key):  # type: ignore[no-untyped-def]
    repeat = event_key(key, np.uint64(1))
    for i in range(p.id.size):
        if p.place[i] != RESIDENT or p.activity[i] != PUPIL or p.study_end_q[i] >= 0:
            continue
        p.technical[i] = 1 if u01(key, p.id[i]) < technical_share else 0
        late = 4 if u01(repeat, p.id[i]) < repeats else 0
        p.study_end_q[i] = school_leaving_quarter(p.age_q[i], quarter, quarter_of_year) + late
