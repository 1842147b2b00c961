"""The one place where exits are carried out: nobody leaves twice, and every job and row is given back.

Closing firms, whose workers have gone, give their rows back. Commuters who leave the pool are
replaced there by a new one with an id of their own.

Reads       people.employer, people.municipality, people.age_q, people.education; firms.sector, firms.real_jobs;
            flows.closing
Writes      people.id, people.place, people.exit, people.activity, people.age_q, people.employer, people.tenure_q,
            people.duration_q, people.training_firm, people.ladder, people.household_role, people.study_end_q;
            firms.kind, firms.jobs
Flows       deaths and departures by municipality, firms_closed by sector, young_tertiary_leaving, separations
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.processes.labour.jobs import leave_job
from regionsim.state.draws import u01
from regionsim.state.firms import LARGE_FIRM_JOBS
from regionsim.state.identity import COMMUTER as COMMUTER_ORIGIN
from regionsim.state.identity import offspring
from regionsim.state.people import (
    AGE_GROUP_FROM,
    AGE_GROUPS,
    BACHELOR,
    COMMUTER,
    DEATH,
    DEPARTURE,
    EDUCATION,
    INACTIVE,
    JOB_SEEKER,
    LEAVES_AS_GRADUATE,
    LEFT,
    NO_EXIT,
    SINGLE,
    WITHDRAWAL,
)
from regionsim.state.region_state import Now

YOUNG_FROM_Q, YOUNG_UNTIL_Q = 18 * 4, 35 * 4
NEW_COMMUTER_AGE_Q, NEW_COMMUTER_SPAN_Q = 20 * 4, 40


def exits_resolved(now: Now) -> None:
    """Carry out deaths, departures and closings; count people by municipality, firms by sector."""
    people, firms = now.state.people, now.state.firms
    closing = now.flows["closing"]
    municipalities = now.reference.arrondissement_of.size
    deaths, departures = np.zeros(municipalities, np.int64), np.zeros(municipalities, np.int64)
    group_of_age = (np.searchsorted(np.array(AGE_GROUP_FROM), np.arange(200), side="right") - 1).astype(np.int8)
    by_age = np.zeros((len(AGE_GROUPS), len(EDUCATION)), np.int64)
    abroad = (now.reference.abroad_share_leaving, now.key("leaves_for_abroad"))
    gone, tertiary, separated, away = _resolve(
        people.a, firms.a, closing, now.quarter, deaths, departures, group_of_age, by_age, *abroad
    )
    people.release(gone)
    closed = np.flatnonzero(closing)
    large = firms.a.real_jobs[closed] >= LARGE_FIRM_JOBS  # in every sample: one stands for itself alone
    weight = np.where(large, now.scale, 1.0)
    now.count("firms_closed", np.bincount(firms.a.sector[closed], weights=weight, minlength=now.base.gva.size))
    firms.release(closed)
    now.count("deaths", deaths)
    now.count("departures", departures)
    now.count("departures_by_age", by_age)
    now.count("departures_abroad", float(away))
    now.count("young_tertiary_leaving", float(tertiary))
    now.count("separations", float(separated))


@njit(cache=True)
def _resolve(  # type: ignore[no-untyped-def]
    p, f, closing, quarter, deaths, departures, group_of_age, by_age, abroad_share, abroad_key
):
    gone = []
    tertiary, separated, abroad = 0, 0, 0
    for i in range(p.id.size):
        if p.place[i] < 0:
            continue
        if p.training_firm[i] >= 0 and closing[p.training_firm[i]]:
            p.training_firm[i] = -1
        if p.exit[i] == NO_EXIT:
            continue
        if p.employer[i] >= 0:
            leave_job(p, f, i)
            separated += 1
        reason = p.exit[i]
        p.exit[i] = NO_EXIT
        if p.place[i] == COMMUTER and reason == WITHDRAWAL:
            gone.append(i)
            continue
        if p.place[i] == COMMUTER:
            _renew(p, i, quarter)
            continue
        if reason == DEATH:
            deaths[p.municipality[i]] += 1
            gone.append(i)
            continue
        departures[p.municipality[i]] += 1
        by_age[group_of_age[p.age_q[i] >> 2], p.education[i]] += 1
        abroad += reason == DEPARTURE and u01(abroad_key, p.id[i]) < abroad_share
        if p.education[i] >= BACHELOR and YOUNG_FROM_Q <= p.age_q[i] < YOUNG_UNTIL_Q:
            tertiary += 1
        if reason == LEAVES_AS_GRADUATE:
            p.place[i] = LEFT
            p.training_firm[i] = -1
            p.activity[i] = INACTIVE
            p.ladder[i] = -1
            p.household_role[i] = SINGLE
            p.study_end_q[i] = -1
            p.duration_q[i] = 0
        else:
            gone.append(i)
    return np.array(gone, np.int64), tertiary, separated, abroad


@njit(cache=True)
def _renew(p, i, quarter):  # type: ignore[no-untyped-def]
    """A new commuter takes the place of one who retired: same education, own identity, young."""
    p.id[i] = offspring(COMMUTER_ORIGIN, p.id[i], quarter, 0)
    p.age_q[i] = NEW_COMMUTER_AGE_Q + int(u01(p.id[i], COMMUTER_ORIGIN) * NEW_COMMUTER_SPAN_Q)
    p.activity[i] = JOB_SEEKER
    p.duration_q[i] = 0
    p.tenure_q[i] = 0
