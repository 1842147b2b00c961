"""Firms do research: who, how much, and the stock of knowledge it leaves (E-4, M1, M3).

Reads       firms.expected, firms.real_jobs, firms.sector, firms.output, firms.jobs; base.value_added_share,
            reference.research_intensity
Writes      firms.researches, firms.research; economy.rd_job_share, economy.base_rd_job_share
Levers      research_access, research_grant
Parameters  configs/parameters/research.yaml -> active_smallest, active_slope, depreciation_q,
            grant_additionality_small, grant_additionality_large
Flows       research_spending (S,) million EUR
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from regionsim.state.draws import u01
from regionsim.state.firms import EMPLOYER, INCLINED_TO_RESEARCH, LARGE_FIRM_JOBS
from regionsim.state.region_state import Now


def firms_do_research(now: Now) -> None:
    """Who does research follows size and access once a year; the stock follows spending with its own wear."""
    p, economy, firms = now.parameters.research, now.state.economy, now.state.firms.a
    access = now.levers.over_rows("research_access", firms.id.size)
    grant = now.levers.over_rows("research_grant", firms.id.size)
    intensity, value_added = now.reference.research_intensity, now.base.value_added_share
    if now.quarter_of_year == 1 and now.quarter > 0:
        _choose(firms, p.active_smallest, p.active_slope, intensity, access, INCLINED_TO_RESEARCH)
    spent = np.zeros(intensity.size)
    rates = (now.scale, p.depreciation_q, p.grant_additionality_small, p.grant_additionality_large)
    share = _spend(firms, intensity, value_added, grant, rates, spent)
    now.flows["research_spending"] = spent * 1e-6
    economy.rd_job_share = share
    if now.quarter == 0:
        economy.base_rd_job_share = share


@njit(cache=True, inline="always")
def chance_of_research(smallest, slope, jobs, access):  # type: ignore[no-untyped-def]
    """Share of firms of a size that do research: logistic in ln jobs, `smallest` at one job; access adds to it (M4a),
    up to all of them."""
    return min(1.0 / (1.0 + (1.0 - smallest) / smallest * math.exp(-slope * math.log(max(jobs, 1.0)))) + access, 1.0)


@njit(cache=True, inline="always")
def next_research(stock, wear, active, extra):  # type: ignore[no-untyped-def]
    """Research stock, 1 for a firm that always does its normal research; extra: paid by a grant, in normal spending."""
    return (1.0 - wear) * stock + wear * (active + extra)


@njit(cache=True)
def _choose(f, smallest, slope, intensity, access, key):  # type: ignore[no-untyped-def]
    for j in range(f.id.size):
        if f.kind[j] == EMPLOYER and intensity[f.sector[j]] > 0.0:
            size = f.real_jobs[j] if f.real_jobs[j] >= LARGE_FIRM_JOBS else f.expected[j]  # a sample scales large firms
            chance = chance_of_research(smallest, slope, size, access[j])
            f.researches[j] = u01(key, f.id[j]) < chance


@njit(cache=True)
def _spend(f, intensity, value_added, grant, rates, spent):  # type: ignore[no-untyped-def]
    scale, wear, small, large = rates
    active_jobs, jobs = 0.0, 0.0
    for j in range(f.id.size):
        if f.kind[j] != EMPLOYER:
            continue
        s = f.sector[j]
        normal = intensity[s] * value_added[s] * f.output[j]
        additional = grant[j] * (large * scale if f.real_jobs[j] >= LARGE_FIRM_JOBS else small)
        extra = additional / normal if normal > 0.0 else 0.0
        f.research[j] = next_research(f.research[j], wear, f.researches[j], extra)
        spent[s] += normal * f.researches[j] + additional
        jobs += f.jobs[j]
        active_jobs += f.jobs[j] * f.researches[j]
    return active_jobs / max(jobs, 1.0)
