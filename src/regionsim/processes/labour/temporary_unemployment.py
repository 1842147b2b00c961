"""Firms whose sales do not need all their workers send some home for the quarter instead of laying them off (E-9).

Reads       firms.slack; people.employer
Writes      people.activity (employed <-> temporarily unemployed)
World       covid
Parameters  configs/parameters/labour.yaml -> slack_tolerated, temporary_unemployment_max,
            temporary_unemployment_max_pandemic
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.processes.trade.covid import in_pandemic
from regionsim.state.draws import u01
from regionsim.state.people import EMPLOYED, TEMPORARILY_UNEMPLOYED
from regionsim.state.region_state import Now


def temporary_unemployment(now: Now) -> None:
    """Firms without work for all send some home for the quarter; the contract goes on."""
    _send_home(now.state.people.a, share_sent_home(now), now.key("temporary_unemployment"))


def share_sent_home(now: Now) -> NDArray[np.float64]:
    """Share of each firm's employees without work this quarter, up to what the rules allow; (firms,)."""
    p = now.parameters.labour
    most = p.temporary_unemployment_max_pandemic if in_pandemic(now) else p.temporary_unemployment_max
    share: NDArray[np.float64] = np.clip(now.state.firms.a.slack - p.slack_tolerated, 0.0, most)
    return share


@njit(cache=True)
def _send_home(p, share, key):  # type: ignore[no-untyped-def]
    slack = share > 0.0
    for i in range(p.id.size):
        j = max(p.employer[i], 0)  # any firm for those without one: they are neither
        may_be_sent = (p.activity[i] == EMPLOYED) & slack[j]
        if may_be_sent | (p.activity[i] == TEMPORARILY_UNEMPLOYED):
            sent = slack[j] and u01(key, p.id[i]) < share[j]
            p.activity[i] = TEMPORARILY_UNEMPLOYED if sent else EMPLOYED
