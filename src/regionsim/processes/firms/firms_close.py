"""Firms close: by age and size, without a successor, or when the owner has gone (E-15, M37).

Reads       firms.birth_q, firms.real_jobs, firms.owner_age_q, firms.jobs
Requests    closing: the workers are separated this quarter, the firm goes with the exits
Writes      firms.size_weight, firms.desired of the closing; firms.owner_age_q when a successor takes over
Levers      early_closing_ratio
Parameters  configs/parameters/firms.yaml -> large_closing_ratio, own_account_closing_ratio, hands_over_age,
            hands_over_q, without_successor, successor_age
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.state.draws import event_key, u01
from regionsim.state.firms import LARGE_FIRM_JOBS, OUTSIDE, OWN_ACCOUNT
from regionsim.state.region_state import Now


def firms_close(now: Now) -> None:
    """Mark the firms that close this quarter in flows['closing']."""
    p, firms = now.parameters.firms, now.state.firms.a
    hazard_q = 1.0 - np.power(1.0 - now.reference.closing_year, 0.25)
    ratio = now.levers.over_rows("early_closing_ratio", firms.id.size)
    succession = (p.hands_over_age * 4.0, p.hands_over_q, p.without_successor, int(p.successor_age * 4))
    ratios = (ratio, p.large_closing_ratio, p.own_account_closing_ratio)
    closing = _close(firms, now.quarter, hazard_q, *ratios, *succession, now.key("firms_close"))
    firms.size_weight[closing] = 0.0
    firms.desired[closing] = 0
    now.flows["closing"] = closing


@njit(cache=True)
def _close(  # type: ignore[no-untyped-def]
    f, quarter, hazard_q, ratio, large_ratio, own_ratio, hands_over_age_q, hands_over, no_successor, new_age_q, key
):
    hand_over_key, successor_key = event_key(key, np.uint64(1)), event_key(key, np.uint64(2))
    closing = np.zeros(f.id.size, np.bool_)
    for j in range(f.id.size):
        if f.kind[j] < 0 or f.kind[j] == OUTSIDE:
            continue
        if f.kind[j] == OWN_ACCOUNT and f.jobs[j] == 0:
            closing[j] = True
            continue
        age = min((quarter - f.birth_q[j]) // 4, hazard_q.size - 1)
        chance = hazard_q[age] * ratio[j]
        if f.kind[j] == OWN_ACCOUNT:
            chance *= own_ratio
        if f.real_jobs[j] >= LARGE_FIRM_JOBS:
            chance *= large_ratio
        closing[j] = u01(key, f.id[j]) < chance
        old = f.kind[j] != OWN_ACCOUNT and f.owner_age_q[j] >= hands_over_age_q
        if old and u01(hand_over_key, f.id[j]) < hands_over:
            if f.real_jobs[j] < LARGE_FIRM_JOBS and u01(successor_key, f.id[j]) < no_successor:
                closing[j] = True
            else:
                f.owner_age_q[j] = new_age_q
    return closing
