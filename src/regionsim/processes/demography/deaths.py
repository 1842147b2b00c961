"""People die at the rates of their age, sex, year and arrondissement (E-17).

Reads       people.sex, people.age_q, people.municipality; reference.death_probability
Requests    death
Drivers     mortality (level relative to the trend, below 65 and from 65 on)
World       ageing: pace at which mortality falls after the last table
Parameters  configs/parameters/demography.yaml -> mortality_pace_*
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.processes.low_draws import low_draws
from regionsim.state.draws import u01
from regionsim.state.people import DEATH, NO_EXIT, RESIDENT
from regionsim.state.region_state import Now

OLD_AGE = 65  # where the drivers mortality/0-64 and mortality/65+ meet


def deaths(now: Now) -> None:
    """Request the death of residents; each is carried out when exits are resolved."""
    pace = float(getattr(now.parameters.demography, f"mortality_pace_{now.world.ageing}"))
    younger, older = now.drivers["mortality"]
    ages = np.arange(now.reference.death_probability.shape[2])
    yearly = death_probability_year(now, pace) * np.where(ages < OLD_AGE, younger, older)
    quarterly = 1.0 - np.power(1.0 - np.minimum(yearly[None] * now.reference.death_factor[:, None, None], 1.0), 0.25)
    people, key = now.state.people.a, now.key("deaths")
    low = low_draws(key, people.id, quarterly.max())
    _request_deaths(people, low, now.reference.arrondissement_of, quarterly, key)


def death_probability_year(now: Now, pace: float) -> NDArray[np.float64]:
    """Yearly probability of death by (sex, age): the table of the year, then its improvement times `pace`."""
    table, first = now.reference.death_probability, now.reference.death_first_year
    beyond = now.year - (first + table.shape[0] - 1)
    if beyond <= 0:
        known: NDArray[np.float64] = table[max(now.year - first, 0)]
        return known
    projected: NDArray[np.float64] = table[-1] * np.exp(-pace * beyond * now.reference.death_improvement)
    return projected


@njit(cache=True)
def _request_deaths(p, low, arrondissement_of, probability_q, key):  # type: ignore[no-untyped-def]
    last_age = probability_q.shape[2] - 1
    for i in range(p.id.size):
        if not low[i] or p.place[i] != RESIDENT or p.exit[i] != NO_EXIT:
            continue
        age = min(p.age_q[i] >> 2, last_age)
        if u01(key, p.id[i]) < probability_q[arrondissement_of[p.municipality[i]], p.sex[i], age]:
            p.exit[i] = DEATH
