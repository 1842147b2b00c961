"""Firms post vacancies, match with job-seekers and hire (E-9, E-10); dual learners may stay with their training firm.

Reads       firms.desired, firms.jobs, firms.sector, firms.municipality, firms.ln_premium; people.activity,
            people.age_q, people.education, people.municipality, people.training_firm
Writes      people.employer, people.activity, people.tenure_q, people.duration_q, people.wage_eur_q, people.ladder,
            people.training_firm; firms.jobs; economy.vacancies, economy.unfilled
Levers      training_firm_retention
Parameters  configs/parameters/labour.yaml -> probes, same_skill_share, commute_cost, taste
Flows       hires
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.processes.labour import matching
from regionsim.processes.labour.jobs import take_job
from regionsim.processes.labour.wages import hiring_wage, pay_rule
from regionsim.state.draws import u01
from regionsim.state.firms import OUTSIDE
from regionsim.state.people import EMPLOYED, JOB_SEEKER, NO_EXIT, PUPIL
from regionsim.state.region_state import Now


def hires(now: Now) -> None:
    """Training firms first take on their dual learners, within their vacancies; the others meet on the market."""
    people, firms, p = now.state.people, now.state.firms, now.parameters.labour
    wage = pay_rule(now)
    retention = now.levers.region("training_firm_retention")
    retained = _retain(people.a, firms.a, retention, *wage, now.key("training_firm_keeps_learner"))
    places, key = now.reference.arrondissements, now.key("matching")
    rows, keys = matching.ring_keys(people.a, now.reference.arrondissement_of, places, key)
    order = np.argsort(keys)
    rows, keys = rows[order], keys[order]
    first, bucket = matching.ring_index(keys, (places + 1) * matching.EDUCATIONS)
    firm, ids = matching.list_vacancies(firms.a, key)
    home_row = home_rows(now)
    located_here = firms.a.kind[firm] != OUTSIDE
    posted_at = now.reference.arrondissement_of[firms.a.municipality[firm[located_here]]]
    now.flows["vacancies_posted"] = np.bincount(posted_at, minlength=places)
    held = matching.match(
        people.a, rows, keys, first, bucket, firm, ids, home_row, firms.a.sector, firms.a.ln_premium,
        now.reference.home_of_worker_cumulative, now.reference.sector_education_cumulative,
        p.same_skill_share, int(p.probes), p.commute_cost, p.taste, key,
    )  # fmt: skip
    hired = _hire(people.a, firms.a, rows, held, firm, *wage)
    now.count("hires", float(hired + retained))
    _count_open_vacancies(now)


def home_rows(now: Now) -> NDArray[np.int64]:
    """Row of `home_of_worker_cumulative` of each firm: its arrondissement, shifted for employers outside."""
    firms, places = now.state.firms.a, now.reference.arrondissements
    where = now.reference.arrondissement_of[firms.municipality].astype(np.int64)
    rows: NDArray[np.int64] = np.where(firms.kind == OUTSIDE, where + places, where)
    return rows


def _count_open_vacancies(now: Now) -> None:
    economy, places, sectors = now.state.economy, now.reference.arrondissements, now.base.gva.size
    vacancies, opened, wanted = _open_vacancies(now.state.firms.a, now.reference.arrondissement_of, places, sectors)
    economy.vacancies = vacancies
    economy.unfilled = opened / np.maximum(wanted, 1)


@njit(cache=True)
def _open_vacancies(f, arrondissement_of, places, sectors):  # type: ignore[no-untyped-def]
    """Jobs wanted and not filled by arrondissement and by sector, jobs wanted by sector; firms of the region."""
    by_place, by_sector, wanted = np.zeros(places, np.int64), np.zeros(sectors, np.int64), np.zeros(sectors, np.int64)
    for j in range(f.id.size):
        if f.kind[j] < 0 or f.kind[j] == OUTSIDE:
            continue
        opened = max(f.desired[j] - f.jobs[j], 0)
        by_place[arrondissement_of[f.municipality[j]]] += opened
        by_sector[f.sector[j]] += opened
        wanted[f.sector[j]] += f.desired[j]
    return by_place, by_sector, wanted


@njit(cache=True)
def _hire(p, f, rows, held, firm, by_education, slope, ln_relative, sd):  # type: ignore[no-untyped-def]
    hired = 0
    for k in range(rows.size):
        if held[k] < 0:
            continue
        i, j = rows[k], firm[held[k]]
        take_job(p, f, i, j, EMPLOYED)
        p.wage_eur_q[i] = hiring_wage(p.id[i], by_education[p.education[i]], p.age_q[i], slope, ln_relative[j], sd)
        p.training_firm[i] = -1
        hired += 1
    return hired


@njit(cache=True)
def _retain(p, f, retention, by_education, slope, ln_relative, sd, key):  # type: ignore[no-untyped-def]
    retained = 0
    for i in range(p.id.size):
        j = p.training_firm[i]
        if j < 0 or p.activity[i] == PUPIL:
            continue
        p.training_firm[i] = -1
        wanted = p.activity[i] == JOB_SEEKER and p.exit[i] == NO_EXIT and f.jobs[j] < f.desired[j]
        if wanted and u01(key, p.id[i]) < retention:
            take_job(p, f, i, j, EMPLOYED)
            p.wage_eur_q[i] = hiring_wage(p.id[i], by_education[p.education[i]], p.age_q[i], slope, ln_relative[j], sd)
            retained += 1
    return retained
