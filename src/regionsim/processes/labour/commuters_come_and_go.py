"""The pool of people who live elsewhere and work or seek work here grows and shrinks (E-10, M20).

Those from abroad follow their driver, the others how tight work is here compared with the neighbouring regions.

Reads       people.place, people.exit; economy.tightness, economy.base_tightness
Requests    withdrawal of commuters
Writes      new rows of people; people.activity; economy.frontier_share, economy.ln_commuters
Levers      frontier_ratio
Drivers     frontier_workers
Parameters  configs/parameters/labour.yaml -> in_commuting_elasticity, frontier_pool_max
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from regionsim.processes.labour.gaps import ln_tightness_gap
from regionsim.state.draws import code, u01
from regionsim.state.identity import COMMUTER as COMMUTER_ORIGIN
from regionsim.state.identity import offspring
from regionsim.state.people import COMMUTER, EMPLOYED, JOB_SEEKER, NO_EXIT, TEMPORARILY_UNEMPLOYED, WITHDRAWAL
from regionsim.state.region_state import Now

_FROM_ABROAD = code("commuter from abroad")


def commuters_come_and_go(now: Now) -> None:
    """Where the pool should grow some commuters bring another like them, where it should shrink some withdraw."""
    economy, p, people = now.state.economy, now.parameters.labour, now.state.people
    frontier = math.log(max(float(now.drivers["frontier_workers"]), 1e-9))
    wanted = np.array([p.in_commuting_elasticity * ln_tightness_gap(now), frontier])
    before_measures = wanted.copy()
    wanted[1] += math.log(max(now.levers.region("frontier_ratio"), 1e-9))
    if now.quarter == 0:
        at_work = float(_at_work(people.a)) / now.scale
        economy.frontier_share = min(math.exp(frontier) / max(at_work, 1.0), p.frontier_pool_max)
        economy.ln_commuters = before_measures
    growth = np.expm1(wanted - economy.ln_commuters)
    economy.ln_commuters = wanted
    parents = _come_and_go(people.a, growth, economy.frontier_share, now.key("commuters_come_and_go"))
    rows = people.take_free(parents.size)
    _settle(people.a, rows, parents, now.quarter)


@njit(cache=True)
def _at_work(p):  # type: ignore[no-untyped-def]
    count = 0
    for i in range(p.id.size):
        count += (p.place[i] == COMMUTER) & (p.activity[i] >= EMPLOYED) & (p.activity[i] <= TEMPORARILY_UNEMPLOYED)
    return count


@njit(cache=True)
def _come_and_go(p, growth, frontier_share, key):  # type: ignore[no-untyped-def]
    """Rows of commuters who bring another; those who withdraw ask for it."""
    parents = []
    for i in range(p.id.size):
        if p.place[i] != COMMUTER or p.exit[i] != NO_EXIT:
            continue
        g = growth[1] if u01(_FROM_ABROAD, p.id[i]) < frontier_share else growth[0]
        if u01(key, p.id[i]) < abs(g):
            if g > 0.0:
                parents.append(i)
            else:
                p.exit[i] = WITHDRAWAL
    return np.array(parents, np.int64)


@njit(cache=True)
def _settle(p, rows, parents, quarter):  # type: ignore[no-untyped-def]
    for k in range(rows.size):
        i, like = rows[k], parents[k]
        p.id[i] = offspring(COMMUTER_ORIGIN, p.id[like], quarter, 1)
        p.place[i] = COMMUTER
        p.sex[i] = p.sex[like]
        p.age_q[i] = p.age_q[like]
        p.municipality[i] = p.municipality[like]
        p.education[i] = p.education[like]
        p.origin[i] = p.origin[like]
        p.technical[i] = p.technical[like]
        p.household_role[i] = p.household_role[like]
        p.skill[i] = p.skill[like]
        p.digital_skill[i] = p.digital_skill[like]
        p.activity[i] = JOB_SEEKER
