"""Pupils finish secondary school: on to college or university, here or away, or to work (E-8).

Reads       people.activity, people.study_end_q, people.track, people.municipality; reference.study_reach
Writes      people.activity, people.education, people.study_level, people.study_end_q, people.studied_here,
            people.duration_q, people.ladder, people.training_firm
Parameters  configs/parameters/education.yaml -> chooses_general, chooses_technical, chooses_vocational, choice_reach,
            choice_shift, technical_track_share, vocational_share, years_bachelor, years_master, early_leaver_share,
            inactive_leaver_share, starts_search
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.processes.education.choice_of_studies import choice_probabilities
from regionsim.processes.education.school_year import (
    WAITING_RUNG,
    leave_for_work,
    starts_cumulative,
    study_end,
)
from regionsim.state.draws import event_key, u01
from regionsim.state.people import (
    BACHELOR,
    INACTIVE,
    LOW,
    MASTER,
    MIDDLE,
    PUPIL,
    STUDENT_AWAY,
    STUDENT_HERE,
    STUDIED_AWAY,
    STUDIED_HERE,
    TRACKS,
)
from regionsim.state.reference import STUDY_CHOICES
from regionsim.state.region_state import Now

_AWAY = np.array([choice.endswith("away") for choice in STUDY_CHOICES])
_UNIVERSITY = np.array([choice.startswith("university") for choice in STUDY_CHOICES])


def pupils_leave_school(now: Now) -> None:
    """Pupils finish school: on to higher education, here or away, or to work (third quarter)."""
    if now.quarter_of_year != 3:
        return
    e = now.parameters.education
    years = np.array([e.years_bachelor, e.years_master], np.int64)
    cumulative, to_work = _choices(now)
    without_diploma = min(e.early_leaver_share / max(to_work, 1e-9), 1.0)
    leaving = (without_diploma, e.inactive_leaver_share, starts_cumulative(e.starts_search))
    places = (cumulative, now.reference.arrondissement_of, _AWAY, _UNIVERSITY)
    people, rows, key = now.state.people.a, now.flows["in_school"], now.key("pupils_leave_school")
    _leave_school(people, rows, now.quarter, *places, years, *leaving, key)


def _choices(now: Now) -> tuple[NDArray[np.float64], float]:
    """Cumulative chances by arrondissement and code of the track, and the usual share of all pupils that goes to work.

    Pupils without a track choose like the general one, dual learners like the vocational one."""
    e = now.parameters.education
    usual = np.array([e.chooses_general, e.chooses_technical, e.chooses_vocational])
    usual = usual / usual.sum(axis=1, keepdims=True)
    chances = choice_probabilities(usual, now.reference.study_reach, e.choice_reach, e.choice_shift)
    vocational, technical = e.vocational_share * e.technical_track_share, e.technical_track_share
    to_work = float(usual[:, 0] @ np.array([1.0 - technical, technical - vocational, vocational]))
    of_code = np.array([0, 0, 1, 2, 2])
    assert of_code.size == len(TRACKS)
    return np.cumsum(chances, axis=2)[:, of_code], to_work


@njit(cache=True)
def _leave_school(  # type: ignore[no-untyped-def]
    p, in_school, quarter, cumulative, arrondissement_of, is_away, is_university, years, without_diploma,
    inactive_leaver, starts, key,
):
    start_key, diploma_key = event_key(key, np.uint64(3)), event_key(key, np.uint64(4))
    inactive_key = event_key(key, np.uint64(5))
    for i in in_school:
        if p.activity[i] != PUPIL or p.study_end_q[i] > quarter:
            continue
        u, choice = u01(key, p.id[i]), 0
        chances = cumulative[arrondissement_of[p.municipality[i]], p.track[i]]
        while choice < chances.size - 1 and u >= chances[choice]:
            choice += 1
        if choice == 0:
            p.education[i] = LOW if u01(diploma_key, p.id[i]) < without_diploma else MIDDLE
            leave_for_work(p, i, quarter, starts, start_key)
            if u01(inactive_key, p.id[i]) < inactive_leaver:
                p.activity[i] = INACTIVE
                p.ladder[i] = WAITING_RUNG
                p.study_end_q[i] = -1
            continue
        p.education[i] = MIDDLE
        p.training_firm[i] = -1
        p.study_level[i] = MASTER if is_university[choice] else BACHELOR
        p.activity[i] = STUDENT_AWAY if is_away[choice] else STUDENT_HERE
        p.studied_here[i] = STUDIED_AWAY if is_away[choice] else STUDIED_HERE
        p.study_end_q[i] = study_end(quarter, years[1] if is_university[choice] else years[0])
