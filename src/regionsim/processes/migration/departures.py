"""Families and individuals leave the region at the rates of their age and arrondissement (E-17).

Of graduates under 35 who grew up here a part only: the others decide in graduates_decide_where_to_live. Students keep
the domicile of their parents and leave less often. The rates of other residents of 18 to 64 fall a little where the
region appeals more than in the first quarter (E-7, workers).

Reads       people.age_q, people.sex, people.education, people.origin, people.activity, people.municipality;
            reference.departure_year, reference.departure_factor; economy.amenity, economy.base_rd_job_share,
            economy.base_tightness, economy.base_unemployment_trend, economy.rd_job_share, economy.tightness,
            economy.unemployment_trend
Requests    departure
Parameters  configs/parameters/migration.yaml -> tertiary_departure_ratio, student_departure_ratio,
            workers_move_ratio, stay_amenity
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.processes.low_draws import low_draws
from regionsim.processes.migration.location_choice import labour_market_appeal
from regionsim.state.draws import u01
from regionsim.state.people import ARRIVED, BACHELOR, DEPARTURE, NO_EXIT, RESIDENT, STUDENT_AWAY, STUDENT_HERE
from regionsim.state.region_state import Now

YOUNG_UNTIL_Q = 35 * 4
WORKING_FROM, WORKING_UNTIL = 18, 65
MOST = 2.0  # by how much appeal may raise or lower the rates (guards against extreme draws)


def departures(now: Now) -> None:
    """Request departures of residents."""
    p, reference = now.parameters.migration, now.reference
    appeal = labour_market_appeal(now) + p.stay_amenity * now.state.economy.amenity
    factor = reference.departure_factor[:, None] * move_factor(appeal, p.workers_move_ratio)
    yearly = np.minimum(reference.departure_year[None] * factor[:, None, :], 1.0)
    quarterly = 1.0 - np.power(1.0 - yearly, 0.25)
    people, key = now.state.people.a, now.key("departures")
    ratios = (p.tertiary_departure_ratio, p.student_departure_ratio)
    low = low_draws(key, people.id, quarterly.max() * max(*ratios, 1.0))
    _request(people, low, reference.arrondissement_of, quarterly, *ratios, key)


def move_factor(appeal: NDArray[np.float64], ratio: float) -> NDArray[np.float64]:
    """Departures by place and single age relative to those at no appeal: exp(-ratio x appeal) of 18 to 64; (A, 111)."""
    ages = np.arange(111)
    of_age = (ages >= WORKING_FROM) & (ages < WORKING_UNTIL)
    factor = np.clip(np.exp(-ratio * appeal), 1.0 / MOST, MOST)
    moved: NDArray[np.float64] = np.where(of_age[None], factor[:, None], 1.0)
    return moved


@njit(cache=True)
def _request(p, low, arrondissement_of, probability_q, tertiary_ratio, student_ratio, key):  # type: ignore[no-untyped-def]
    last_age = probability_q.shape[2] - 1
    for i in range(p.id.size):
        if not low[i] or p.place[i] != RESIDENT or p.exit[i] != NO_EXIT:
            continue
        age = min(p.age_q[i] >> 2, last_age)
        chance = probability_q[arrondissement_of[p.municipality[i]], p.sex[i], age]
        if p.activity[i] == STUDENT_HERE or p.activity[i] == STUDENT_AWAY:
            chance *= student_ratio
        elif p.education[i] >= BACHELOR and p.age_q[i] < YOUNG_UNTIL_Q and p.origin[i] != ARRIVED:
            chance *= tertiary_ratio
        if u01(key, p.id[i]) < chance:
            p.exit[i] = DEPARTURE
