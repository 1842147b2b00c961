"""Graduates decide where to live, once at graduation; those who left may return until 34 (E-7, M22, M23).

Reads       people.studied_here, people.household_role, people.origin; of those who left people.age_q,
            people.municipality; economy.wage_index, economy.unemployment_rate, economy.base_unemployment_rate
Requests    leaves as graduate
Writes      people.place, people.activity, people.duration_q of those who return
Levers      graduate_pull
Parameters  configs/parameters/migration.yaml -> stay_constant, stay_wage, stay_tightness, stay_studied_here,
            stay_family, returns_year; labour.yaml -> real_wage_growth_year
Flows       graduates_leaving, graduates_returning
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from regionsim.state.draws import u01
from regionsim.state.people import (
    CHILD_AT_HOME,
    FROM_HERE,
    JOB_SEEKER,
    LEAVES_AS_GRADUATE,
    LEFT,
    NO_EXIT,
    RESIDENT,
    STUDIED_HERE,
)
from regionsim.state.region_state import Now

YOUNG_UNTIL_Q = 35 * 4


def graduates_decide_where_to_live(now: Now) -> None:
    """Request the departure of this quarter's graduates who do not stay."""
    p, people = now.parameters.migration, now.state.people.a
    graduates = now.flows["new_graduates"]
    leaves = _decide(
        people, graduates, p.stay_constant + region_appeal(now), p.stay_studied_here, p.stay_family,
        now.key("graduates_decide_where_to_live"),
    )  # fmt: skip
    people.exit[graduates[leaves]] = LEAVES_AS_GRADUATE
    now.count("graduates_leaving", float(leaves.sum()))


def region_appeal(now: Now) -> float:
    """Log-odds to live here that come from wages, tightness and pull, relative to the first quarter.

    Wages and tightness elsewhere are held at their first level plus the wage norm (assumption)."""
    p, economy = now.parameters.migration, now.state.economy
    norm = math.exp(now.parameters.labour.real_wage_growth_year * now.quarter / 4.0)
    ln_wage_gap = math.log(economy.wage_index / norm)
    ln_tightness_gap = math.log(economy.base_unemployment_rate / max(economy.unemployment_rate, 1e-3))
    return float(p.stay_wage * ln_wage_gap + p.stay_tightness * ln_tightness_gap + now.levers.region("graduate_pull"))


@njit(cache=True, inline="always")
def chance_of_staying(constant, studied_here, family, b_studied_here, b_family):  # type: ignore[no-untyped-def]
    """Probability that a graduate lives here: logistic in what speaks for it."""
    return 1.0 / (1.0 + math.exp(-(constant + b_studied_here * studied_here + b_family * family)))


@njit(cache=True)
def _decide(p, graduates, constant, b_studied_here, b_family, key):  # type: ignore[no-untyped-def]
    leaves = np.zeros(graduates.size, np.bool_)
    for k in range(graduates.size):
        i = graduates[k]
        if p.exit[i] != NO_EXIT:  # leaves for another reason already
            continue
        family = 1.0 if p.household_role[i] == CHILD_AT_HOME and p.origin[i] == FROM_HERE else 0.0
        here = 1.0 if p.studied_here[i] == STUDIED_HERE else 0.0
        leaves[k] = u01(key, p.id[i]) >= chance_of_staying(constant, here, family, b_studied_here, b_family)
    return leaves


def graduates_return(now: Now) -> None:
    """Graduates elsewhere return at a yearly rate that rises with the region's appeal; after 34 they stay away."""
    rate_q = now.parameters.migration.returns_year / 4.0 * math.exp(region_appeal(now))
    people = now.state.people
    back, gone = _return(people.a, rate_q, now.key("graduates_return"))
    now.flows["returned"] = back
    now.count("arrivals", np.bincount(people.a.municipality[back], minlength=now.reference.arrondissement_of.size))
    now.count("graduates_returning", float(back.size))
    people.release(gone)


@njit(cache=True)
def _return(p, rate_q, key):  # type: ignore[no-untyped-def]
    back, gone = [], []
    for i in range(p.id.size):
        if p.place[i] != LEFT:
            continue
        if p.age_q[i] >= YOUNG_UNTIL_Q:
            gone.append(i)
        elif u01(key, p.id[i]) < rate_q:
            p.place[i] = RESIDENT
            p.activity[i] = JOB_SEEKER
            p.duration_q[i] = 0
            back.append(i)
    return np.array(back, np.int64), np.array(gone, np.int64)
