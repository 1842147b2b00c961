"""Residents found firms (E-15).

Reads       people.activity, people.age_q, people.education, people.municipality; reference.starters_rate_year,
            reference.starters_sector_cumulative
Writes      new rows of firms; of founders people.activity, people.employer, people.tenure_q, people.duration_q,
            people.ladder, people.wage_eur_q; firms.jobs of those they leave
Parameters  configs/parameters/firms.yaml -> founds_relative, founder_from_age, founder_until_age, starter_employs,
            starter_size, starter_size_sd; population.yaml -> digital_median, firm_premium_sd
Flows       firms_founded by sector, separations
"""

from __future__ import annotations

import numpy as np
from numba import njit

from regionsim.processes.labour.jobs import leave_job, take_job
from regionsim.processes.labour.wages import hiring_wage, pay_rule
from regionsim.processes.low_draws import low_draws
from regionsim.state.draws import event_key, normal, u01
from regionsim.state.firms import EMPLOYER, OWN_ACCOUNT
from regionsim.state.identity import FOUNDED, offspring
from regionsim.state.people import EMPLOYED, INACTIVE, JOB_SEEKER, NO_EXIT, RESIDENT, SELF_EMPLOYED
from regionsim.state.region_state import Now


def firms_are_founded(now: Now) -> None:
    """A founder leaves whatever job there was and works in the new firm, alone or with staff to be hired."""
    p, reference, key = now.parameters.firms, now.reference, now.key("firms_are_founded")
    people, firms = now.state.people, now.state.firms
    chance = reference.starters_rate_year / 4.0 * np.array(p.founds_relative)
    low = low_draws(key, people.a.id, chance.max())
    founders = _founders(people.a, low, chance, int(p.founder_from_age * 4), int(p.founder_until_age * 4), key)
    rows = firms.take_free(founders.size)
    size = (p.starter_employs, p.starter_size, p.starter_size_sd)
    like_others = (float(now.parameters.population.digital_median), float(now.parameters.population.firm_premium_sd))
    by_education, slope, _, sd = pay_rule(now)
    pay = (by_education, slope, sd, reference.sector_ln_wage)
    left = float((people.a.employer[founders] >= 0).sum())  # jobs given up for the new firm
    sectors = reference.starters_sector_cumulative
    _found(people.a, firms.a, founders, rows, now.quarter, sectors, *size, *like_others, *pay, key)
    now.count("separations", left)
    now.count("firms_founded", np.bincount(firms.a.sector[rows], minlength=now.base.gva.size).astype(float))


@njit(cache=True)
def _founders(p, low, chance, from_age_q, until_age_q, key):  # type: ignore[no-untyped-def]
    rows = []
    for i in range(p.id.size):
        if not low[i] or p.place[i] != RESIDENT or p.exit[i] != NO_EXIT:
            continue
        if p.age_q[i] < from_age_q or p.age_q[i] >= until_age_q:
            continue
        if p.activity[i] == EMPLOYED:
            c = chance[0]
        elif p.activity[i] == JOB_SEEKER:
            c = chance[1]
        elif p.activity[i] == INACTIVE:
            c = chance[2]
        else:
            continue
        if u01(key, p.id[i]) < c:
            rows.append(i)
    return np.array(rows, np.int64)


@njit(cache=True)
def _found(  # type: ignore[no-untyped-def]
    p, f, founders, rows, quarter, sectors, employs, size, size_sd, digital, premium_sd, by_education, slope, sd,
    sector_pay, key,
):
    sector_key, employs_key = event_key(key, np.uint64(1)), event_key(key, np.uint64(2))
    size_key, premium_key = event_key(key, np.uint64(3)), event_key(key, np.uint64(4))
    for k in range(rows.size):
        i, j = founders[k], rows[k]
        f.id[j] = offspring(FOUNDED, p.id[i], quarter, 0)
        u = u01(sector_key, p.id[i])
        s = 0
        while s < sectors.size - 1 and u >= sectors[s]:
            s += 1
        f.sector[j] = s
        f.kind[j] = EMPLOYER if u01(employs_key, p.id[i]) < employs else OWN_ACCOUNT
        f.municipality[j] = p.municipality[i]
        f.birth_q[j] = quarter
        f.owner_age_q[j] = p.age_q[i]
        f.jobs[j] = 0
        staff = size * np.exp(size_sd * normal(size_key, p.id[i]))
        f.size_weight[j] = max(staff, 1.0) if f.kind[j] == EMPLOYER else 1.0
        f.real_jobs[j] = int(f.size_weight[j])
        f.desired[j] = 1
        f.slack[j] = 0.0
        f.dither[j] = u01(f.id[j], FOUNDED)
        f.ln_tfp[j] = 0.0
        f.digital[j] = digital
        f.uk_share[j] = 0.0
        f.ln_premium[j] = premium_sd * normal(premium_key, p.id[i])
        leave_job(p, f, i)
        take_job(p, f, i, j, SELF_EMPLOYED)
        relative = f.ln_premium[j] + sector_pay[s]
        p.wage_eur_q[i] = hiring_wage(p.id[i], by_education[p.education[i]], p.age_q[i], slope, relative, sd)
