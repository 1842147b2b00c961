"""The inactive start to look for work; job-seekers give up (E-14, M29).

Entry keeps participation by sex, age and education where the census has it when unemployment is at its first level,
and rises when it falls.

Reads       people.age_q, people.sex, people.education, people.ladder; economy.unemployment_rate,
            economy.base_unemployment_rate
Writes      people.activity, people.ladder, people.duration_q
Parameters  configs/parameters/labour.yaml -> gives_up_q, leaves_labour_force_q, entry_elasticity, joins_until_age
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.state.draws import u01
from regionsim.state.people import INACTIVE, JOB_SEEKER, NO_EXIT, RESIDENT
from regionsim.state.region_state import Now

NEUTRAL_RUNG = 1.6  # rung at which entry has the rate of its cell (assumption; on census day the mean is near 1.4)
RUNG_AFTER_SEARCH = 3


def participation(now: Now) -> None:
    """The inactive start to look for work, and job-seekers give up."""
    p = now.parameters.labour
    economy = now.state.economy
    pull = (economy.base_unemployment_rate / max(economy.unemployment_rate, 1e-3)) ** p.entry_elasticity
    outflow = np.array(p.leaves_labour_force_q)
    share = np.clip(now.reference.participation, 0.0, 0.98)
    unemployed = economy.base_unemployment_rate
    entry_q = (outflow + unemployed * p.gives_up_q) * share / (1.0 - share) * pull
    rates = (np.minimum(entry_q, 0.5), p.gives_up_q / pull)
    _flows(now.state.people.a, *rates, int(p.joins_until_age), now.key("participation"))


@njit(cache=True, inline="always")
def entry_probability_q(entry_q, rung):  # type: ignore[no-untyped-def]
    """Quarterly chance to start searching: in proportion to the rung on the participation ladder."""
    return entry_q * rung / NEUTRAL_RUNG


@njit(cache=True)
def _flows(p, entry_q, gives_up_q, until_age, key):  # type: ignore[no-untyped-def]
    for i in range(p.id.size):
        if p.place[i] != RESIDENT or p.exit[i] != NO_EXIT:
            continue
        if p.activity[i] == INACTIVE:
            age = p.age_q[i] >> 2
            if age < until_age:
                chance = entry_probability_q(entry_q[p.sex[i], age // 5, p.education[i]], p.ladder[i])
                if u01(key, p.id[i]) < chance:
                    p.activity[i] = JOB_SEEKER
                    p.ladder[i] = -1
                    p.duration_q[i] = 0
        elif p.activity[i] == JOB_SEEKER and p.duration_q[i] > 0 and u01(key, p.id[i]) < gives_up_q:
            p.activity[i] = INACTIVE
            p.ladder[i] = RUNG_AFTER_SEARCH
