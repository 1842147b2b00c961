"""Firms whose sales do not need all their workers send some home for the quarter instead of laying them off (E-9).

Reads       firms.slack; people.employer
Writes      people.activity (employed <-> temporarily unemployed)
Parameters  configs/parameters/labour.yaml -> slack_tolerated, temporary_unemployment_max
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.state.draws import u01
from regionsim.state.people import EMPLOYED, TEMPORARILY_UNEMPLOYED
from regionsim.state.region_state import Now


def temporary_unemployment(now: Now) -> None:
    """Firms without work for all send some home for the quarter; the contract goes on."""
    p = now.parameters.labour
    share = np.clip(now.state.firms.a.slack - p.slack_tolerated, 0.0, p.temporary_unemployment_max)
    _send_home(now.state.people.a, share, now.key("temporary_unemployment"))


@njit(cache=True)
def _send_home(p, share, key):  # type: ignore[no-untyped-def]
    slack = share > 0.0
    for i in range(p.id.size):
        j = max(p.employer[i], 0)  # any firm for those without one: they are neither
        may_be_sent = (p.activity[i] == EMPLOYED) & slack[j]
        if may_be_sent | (p.activity[i] == TEMPORARILY_UNEMPLOYED):
            sent = slack[j] and u01(key, p.id[i]) < share[j]
            p.activity[i] = TEMPORARILY_UNEMPLOYED if sent else EMPLOYED
