"""Young adults leave the parental home.

Reads       people.household_role, people.age_q, people.sex; reference.leave_home_year, reference.partnered_share
Writes      people.household_role
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.state.draws import event_key, u01
from regionsim.state.people import CHILD_AT_HOME, PARTNERED, RESIDENT, SINGLE
from regionsim.state.region_state import Now


def young_adults_leave_home(now: Now) -> None:
    """Children at home of 15 and over leave, to live with a partner or alone."""
    reference = now.reference
    leave_q = 1.0 - np.power(1.0 - reference.leave_home_year, 0.25)
    _leave(now.state.people.a, leave_q, reference.partnered_share, now.key("young_adults_leave_home"))


@njit(cache=True)
def _leave(p, leave_q, partnered_share, key):  # type: ignore[no-untyped-def]
    with_partner = event_key(key, np.uint64(1))
    last_age = leave_q.shape[1] - 1
    for i in range(p.id.size):
        if p.place[i] != RESIDENT or p.household_role[i] != CHILD_AT_HOME or p.age_q[i] < 60:
            continue
        age = min(p.age_q[i] >> 2, last_age)
        if u01(key, p.id[i]) < leave_q[p.sex[i], age]:
            joins = u01(with_partner, p.id[i]) < partnered_share[p.sex[i], age]
            p.household_role[i] = PARTNERED if joins else SINGLE
