"""The inactive climb the participation ladder and start to look for work; job-seekers give up (E-14, M29).

Entry keeps participation by sex, age and education where the census has it when unemployment is at its first level,
and rises when it falls. In the first quarter the inactive are dealt to the rungs on which such a cell stands.

Reads       people.age_q, people.sex, people.education; economy.unemployment_trend, economy.base_unemployment_trend
Writes      people.activity, people.ladder, people.duration_q, people.training_q; economy.ladder_speed
Levers      ladder_odds
Parameters  configs/parameters/labour.yaml -> gives_up_q, leaves_labour_force_q, entry_elasticity, joins_until_age,
            ladder_up_q, ladder_down_q, ladder_search_q
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.processes.labour.ladder import GAVE_UP_RUNG, LEFT_WORK_RUNG, RUNGS, occupation, speed_for, steps
from regionsim.state.draws import u01
from regionsim.state.people import EMPLOYED, INACTIVE, JOB_SEEKER, NO_EXIT, RESIDENT, SELF_EMPLOYED
from regionsim.state.region_state import Now

Array = NDArray[np.float64]

ENTRY_MIN_Q, ENTRY_MAX_Q = 1e-4, 0.2  # who stands on rung 2 is four steps from work: the chain cannot be much faster


def participation(now: Now) -> None:
    """The inactive climb, fall or start to look for work, and job-seekers give up."""
    p, economy, people = now.parameters.labour, now.state.economy, now.state.people.a
    chances = (p.ladder_up_q, p.ladder_search_q, p.ladder_down_q)
    until, key = int(p.joins_until_age), now.key("participation")
    if now.quarter == 0:
        rungs = _first_rungs(now, chances)
        _deal_rungs(people, np.cumsum(rungs, axis=-1), until, now.key("first rungs"))
    pull = (economy.base_unemployment_trend / economy.unemployment_trend) ** p.entry_elasticity
    guided = now.levers.over_rows("ladder_odds", people.id.size, or_nothing=True)
    _flows(people, economy.ladder_speed, guided, chances, pull, p.gives_up_q / pull, until, key)


def _first_rungs(now: Now, chances: tuple[float, float, float]) -> Array:
    """Set how fast each cell climbs; shares of its inactive by rung when nothing changes; (2, BANDS, 4, 6)."""
    p, economy, share = now.parameters.labour, now.state.economy, np.clip(now.reference.participation, 0.0, 0.98)
    seekers, employees, force = _labour_force(now.state.people.a, share.shape[1])
    leaves = np.array(p.leaves_labour_force_q) * (employees / np.maximum(force, 1))[..., None]
    gives_up = p.gives_up_q * (seekers / np.maximum(force, 1))[..., None] + np.zeros_like(leaves)
    entry_q = (leaves + gives_up) * share / (1.0 - share)
    entry_q *= _balance(now.state.people.a, entry_q, np.array(p.leaves_labour_force_q), float(p.gives_up_q))[..., None]
    entry_q = np.clip(entry_q, ENTRY_MIN_Q, ENTRY_MAX_Q)
    start = np.zeros((*entry_q.shape, RUNGS))
    start[..., LEFT_WORK_RUNG] = leaves
    start[..., GAVE_UP_RUNG] = gives_up + 1e-9  # an age without a labour force
    start /= start.sum(axis=-1, keepdims=True)
    economy.ladder_speed = speed_for(entry_q, start, *chances)
    spent = occupation(economy.ladder_speed, start, *chances)
    return np.asarray(spent / spent.sum(axis=-1, keepdims=True))


@njit(cache=True)
def _balance(p, entry_q, leaves_q, gives_up_q):  # type: ignore[no-untyped-def]
    """Who leaves the labour force over who would enter it at `entry_q`, by sex and age band (2, bands); 1 where nobody
    is inactive. The census counts some as pensioners who are inactive here."""
    leave, enter = np.zeros(entry_q.shape[:2]), np.zeros(entry_q.shape[:2])
    for i in range(p.id.size):
        if p.place[i] != RESIDENT:
            continue
        sex, band, activity = p.sex[i], min(p.age_q[i] // 20, entry_q.shape[1] - 1), p.activity[i]
        if activity == INACTIVE:
            enter[sex, band] += entry_q[sex, band, p.education[i]]
        elif activity == JOB_SEEKER:
            leave[sex, band] += gives_up_q
        elif activity == EMPLOYED:
            leave[sex, band] += leaves_q[p.education[i]]
    return np.where(enter > 0.0, leave / np.maximum(enter, 1e-9), 1.0)


@njit(cache=True)
def _labour_force(p, bands):  # type: ignore[no-untyped-def]
    """Job-seekers, employees and the whole labour force among residents by sex and age band; int64, (2, bands) each."""
    seekers, employees = np.zeros((2, bands), np.int64), np.zeros((2, bands), np.int64)
    force = np.zeros((2, bands), np.int64)
    for i in range(p.id.size):
        if p.place[i] != RESIDENT or p.activity[i] < EMPLOYED or p.activity[i] > JOB_SEEKER:
            continue
        sex, band = p.sex[i], min(p.age_q[i] // 20, bands - 1)
        force[sex, band] += 1
        seekers[sex, band] += p.activity[i] == JOB_SEEKER
        employees[sex, band] += (p.activity[i] != JOB_SEEKER) & (p.activity[i] != SELF_EMPLOYED)
    return seekers, employees, force


@njit(cache=True)
def _deal_rungs(p, cumulative, until_age, key):  # type: ignore[no-untyped-def]
    for i in range(p.id.size):
        if p.place[i] != RESIDENT or p.activity[i] != INACTIVE:
            continue
        age, rung = p.age_q[i] >> 2, 0
        if age < until_age:
            u = u01(key, p.id[i])
            while rung < RUNGS - 1 and u >= cumulative[p.sex[i], age // 5, p.education[i], rung]:
                rung += 1
        p.ladder[i] = rung


@njit(cache=True)
def _flows(p, odds, guided, chances, pull, gives_up_q, until_age, key):  # type: ignore[no-untyped-def]
    """Steps of everybody; `guided`: factor on the odds of each person, empty where nobody is guided."""
    for i in range(p.id.size):
        if p.activity[i] == INACTIVE:
            age = p.age_q[i] >> 2
            if age >= until_age or p.place[i] != RESIDENT or p.exit[i] != NO_EXIT:
                continue
            ratio = odds[p.sex[i], age // 5, p.education[i]]
            if guided.size:
                ratio *= guided[i]
            starts, climbs, falls = steps(p.ladder[i], chances[0], chances[1], chances[2], ratio, pull)
            u = u01(key, p.id[i])
            if u < starts:
                p.activity[i] = JOB_SEEKER
                p.ladder[i] = -1
                p.duration_q[i] = 0
            elif u < starts + climbs:
                p.ladder[i] += 1
            elif u > 1.0 - falls:
                p.ladder[i] -= 1
        elif p.activity[i] == JOB_SEEKER and p.duration_q[i] > 0 and u01(key, p.id[i]) < gives_up_q:
            if p.place[i] != RESIDENT or p.exit[i] != NO_EXIT:
                continue
            p.activity[i] = INACTIVE
            p.ladder[i] = GAVE_UP_RUNG
            p.training_q[i] = -1
