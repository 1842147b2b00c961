"""Families and individuals leave the region at the rates of their age and arrondissement (E-17).

Of graduates under 35 a part only: the others decide in graduates_decide_where_to_live.

Reads       people.age_q, people.sex, people.education, people.municipality; reference.departure_year,
            reference.departure_factor
Requests    departure
Parameters  configs/parameters/migration.yaml -> tertiary_departure_ratio
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.processes.low_draws import low_draws
from regionsim.state.draws import u01
from regionsim.state.people import BACHELOR, DEPARTURE, NO_EXIT, RESIDENT
from regionsim.state.region_state import Now

YOUNG_UNTIL_Q = 35 * 4


def departures(now: Now) -> None:
    """Request departures of residents."""
    yearly = np.minimum(now.reference.departure_year[None] * now.reference.departure_factor[:, None, None], 1.0)
    quarterly = 1.0 - np.power(1.0 - yearly, 0.25)
    ratio = now.parameters.migration.tertiary_departure_ratio
    people, key = now.state.people.a, now.key("departures")
    low = low_draws(key, people.id, quarterly.max() * max(ratio, 1.0))
    _request(people, low, now.reference.arrondissement_of, quarterly, ratio, key)


@njit(cache=True)
def _request(p, low, arrondissement_of, probability_q, tertiary_ratio, key):  # type: ignore[no-untyped-def]
    last_age = probability_q.shape[2] - 1
    for i in range(p.id.size):
        if not low[i] or p.place[i] != RESIDENT or p.exit[i] != NO_EXIT:
            continue
        age = min(p.age_q[i] >> 2, last_age)
        chance = probability_q[arrondissement_of[p.municipality[i]], p.sex[i], age]
        if p.education[i] >= BACHELOR and p.age_q[i] < YOUNG_UNTIL_Q:
            chance *= tertiary_ratio
        if u01(key, p.id[i]) < chance:
            p.exit[i] = DEPARTURE
