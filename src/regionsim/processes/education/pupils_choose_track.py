"""Pupils of fifteen take a general, technical or vocational track and a year to leave school (M17).

Reads       people.activity, people.age_q
Writes      people.technical, people.track, people.study_end_q
Levers      technical_track
Parameters  configs/parameters/education.yaml -> technical_track_share, vocational_share, repeats_a_year
Flows       in_school (rows of pupils, students, and those who wait between studies and work)
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.processes.education.school_year import rows_in_school, school_leaving_quarter
from regionsim.state.draws import event_key, u01
from regionsim.state.people import GENERAL, PUPIL, TECHNICAL, VOCATIONAL
from regionsim.state.region_state import Now


def pupils_choose_track(now: Now) -> None:
    """New pupils take a general, technical or vocational track, and a year to leave school."""
    p, people = now.parameters.education, now.state.people
    now.flows["in_school"] = rows_in_school(people.a)
    pupils = _without_track(people.a, now.flows["in_school"])
    reached = now.levers.over_rows("technical_track", people.capacity, or_nothing=True)
    pull = reached[pupils] if reached.size else np.zeros(pupils.size)
    key, shares = now.key("pupils_choose_track"), (p.technical_track_share, p.vocational_share)
    _choose(people.a, pupils, pull, now.quarter, now.quarter_of_year, *shares, p.repeats_a_year, key)


@njit(cache=True)
def _without_track(p, rows):  # type: ignore[no-untyped-def]
    new = []
    for i in rows:
        if p.activity[i] == PUPIL and p.study_end_q[i] < 0:
            new.append(i)
    return np.array(new, np.int64)


@njit(cache=True, inline="always")
def chance_of_technical_track(share, pull):  # type: ignore[no-untyped-def]
    """Probability of a technical or vocational track: the usual share plus `pull` (M17 is in points)."""
    return min(max(share + pull, 0.0), 1.0)


@njit(cache=True)
def _choose(  # type: ignore[no-untyped-def]
    p, pupils, pull, quarter, quarter_of_year, technical_share, vocational_share, repeats, key
):
    repeat, vocational = event_key(key, np.uint64(1)), event_key(key, np.uint64(2))
    for k in range(pupils.size):
        i = pupils[k]
        technical = u01(key, p.id[i]) < chance_of_technical_track(technical_share, pull[k])
        p.technical[i] = 1 if technical else 0
        p.track[i] = GENERAL
        if technical:
            p.track[i] = VOCATIONAL if u01(vocational, p.id[i]) < vocational_share else TECHNICAL
        late = 4 if u01(repeat, p.id[i]) < repeats else 0
        p.study_end_q[i] = school_leaving_quarter(p.age_q[i], quarter, quarter_of_year) + late
