"""Workers, job-seekers and owners retire (E-11; M32, M37).

Reads       people.age_q, people.activity
Requests    departure of commuters
Writes      people.activity, people.employer, people.tenure_q, people.ladder; firms.jobs
Parameters  configs/parameters/labour.yaml -> retires_year, retires_from_age, retirement_trend_year,
            retirement_trend_until, statutory_age, self_employed_retire_ratio
Flows       separations
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.processes.labour.jobs import leave_job
from regionsim.state.draws import u01
from regionsim.state.people import COMMUTER, DEPARTURE, EMPLOYED, INACTIVE, NO_EXIT, RESIDENT, RETIRED, SELF_EMPLOYED
from regionsim.state.region_state import Now


def owners_and_workers_retire(now: Now) -> None:
    """Retirement by age; the hazard falls year by year until the trend ends. Commuters who retire leave the pool."""
    p = now.parameters.labour
    years = min(now.year, p.retirement_trend_until) - now.first_ordinal // 4
    at_first, statutory = np.array(p.retires_year), int(p.statutory_age - p.retires_from_age)
    yearly = np.minimum(at_first * np.exp(-p.retirement_trend_year * years), 1.0)
    yearly[statutory:] = at_first[statutory:]
    quarterly = 1.0 - np.power(1.0 - yearly, 0.25)
    people, firms = now.state.people.a, now.state.firms.a
    key = now.key("owners_and_workers_retire")
    ended = _retire(people, firms, int(p.retires_from_age) * 4, quarterly, p.self_employed_retire_ratio, key)
    now.count("separations", float(ended))


@njit(cache=True)
def _retire(p, f, from_age_q, probability_q, self_employed_ratio, key):  # type: ignore[no-untyped-def]
    """Jobs that end with it; those of commuters end when their exit is resolved."""
    last = probability_q.size - 1
    ended = 0
    for i in range(p.id.size):
        if p.age_q[i] < from_age_q or p.activity[i] < EMPLOYED or p.activity[i] == RETIRED or p.exit[i] != NO_EXIT:
            continue
        chance = probability_q[min((p.age_q[i] - from_age_q) >> 2, last)]
        if p.activity[i] == SELF_EMPLOYED:
            chance *= self_employed_ratio
        if u01(key, p.id[i]) >= chance:
            continue
        if p.place[i] == RESIDENT:
            if p.employer[i] >= 0:
                leave_job(p, f, i)
                ended += 1
            p.activity[i] = RETIRED
            p.ladder[i] = -1
        elif p.place[i] == COMMUTER and p.activity[i] != INACTIVE:
            p.exit[i] = DEPARTURE
    return ended
