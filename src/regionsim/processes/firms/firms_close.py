"""Firms close: insolvent, by age and money at hand, without a successor, or when the owner has gone (E-15, M37).

Reads       firms.birth_q, firms.real_jobs, firms.owner_age_q, firms.jobs, firms.cash, firms.insolvent, firms.output,
            firms.sector
Requests    closing: the workers are separated this quarter, the firm goes with the exits
Writes      firms.size_weight, firms.desired, firms.cash, firms.debt of the closing; firms.owner_age_q when a
            successor takes over
Levers      early_closing_ratio
Parameters  configs/parameters/firms.yaml -> large_closing_ratio, own_account_closing_ratio, hands_over_age,
            hands_over_q, without_successor, successor_age, closing_cash_response; finance.yaml -> cash_buffer
Flows       liquidation, write_offs EUR; closed_insolvent
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from regionsim.state.draws import event_key, u01
from regionsim.state.firms import LARGE_FIRM_JOBS, OUTSIDE, OWN_ACCOUNT
from regionsim.state.region_state import Now


def firms_close(now: Now) -> None:
    """Mark the firms that close this quarter in flows['closing']; owners keep the money, banks bear the debt."""
    p, firms = now.parameters.firms, now.state.firms.a
    hazard_q = 1.0 - np.power(1.0 - now.reference.closing_year, 0.25)
    ratio = now.levers.over_rows("early_closing_ratio", firms.id.size)
    succession = (p.hands_over_age * 4.0, p.hands_over_q, p.without_successor, int(p.successor_age * 4))
    ratios = (ratio, p.large_closing_ratio, p.own_account_closing_ratio)
    money = (now.base.value_added_share, now.parameters.finance.cash_buffer, p.closing_cash_response)
    closing = _close(firms, now.quarter, hazard_q, *ratios, *succession, *money, now.key("firms_close"))
    cash = firms.cash[closing]
    now.flows["liquidation"] = float(np.maximum(cash, 0.0).sum())
    now.flows["write_offs"] = float(firms.debt[closing].sum() - np.minimum(cash, 0.0).sum())
    now.flows["closed_insolvent"] = float((firms.insolvent[closing] > 0).sum())
    firms.size_weight[closing] = firms.cash[closing] = firms.debt[closing] = 0.0
    firms.desired[closing] = 0
    now.flows["closing"] = closing


@njit(cache=True, inline="always")
def cash_ratio(cash, value_added, buffer, response):  # type: ignore[no-untyped-def]
    """Hazard of closing relative to a firm whose money is the usual `buffer` in quarters of value added (E-15)."""
    if value_added <= 0.0:
        return 1.0
    return math.exp(-response * min(max(cash / value_added / buffer - 1.0, -2.0), 2.0))


@njit(cache=True)
def _close(  # type: ignore[no-untyped-def]
    f, quarter, hazard_q, ratio, large_ratio, own_ratio, hands_over_age_q, hands_over, no_successor, new_age_q,
    value_added, buffer, response, key
):
    hand_over_key, successor_key = event_key(key, np.uint64(1)), event_key(key, np.uint64(2))
    closing = np.zeros(f.id.size, np.bool_)
    for j in range(f.id.size):
        if f.kind[j] < 0 or f.kind[j] == OUTSIDE:
            continue
        if f.insolvent[j] or (f.kind[j] == OWN_ACCOUNT and f.jobs[j] == 0):
            closing[j] = True
            continue
        age = min((quarter - f.birth_q[j]) // 4, hazard_q.size - 1)
        chance = hazard_q[age] * ratio[j]
        chance *= cash_ratio(f.cash[j], value_added[f.sector[j]] * f.output[j], buffer, response)
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
