"""Vacancies meet job-seekers and the employed who look around, and firms hire (E-10); dual learners may stay.

Reads       firms.jobs, firms.ln_premium, firms.ln_tfp, firms.municipality, firms.sector, flows.look_around;
            people.education, people.municipality, people.skill, people.technical, people.training_firm, people.age_q,
            people.study_end_q;
            economy.ln_local_wage, economy.education_share, economy.base_education_share
Writes      people.employer, people.activity, people.tenure_q, people.duration_q, people.wage_eur_q, people.ladder,
            people.training_firm, people.training_q; firms.jobs, firms.vacancies, firms.staffed; economy.vacancies
Levers      training_firm_retention, commute_cost, search_ratio, long_term_chance
Parameters  configs/parameters/labour.yaml -> probes, same_skill_share, commute_cost, taste, mobility_cost,
            matching_efficiency, matching_elasticity, search_decay_q, search_floor, search_restored, search_enrolled,
            fit_base, fit_skill, fit_technical, mix_follows
Flows       hires, separations, job_to_job
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.processes.labour import matching
from regionsim.processes.labour.jobs import leave_job, take_job
from regionsim.processes.labour.meetings import chance_of_meeting, levels_beside, seekers_by_work
from regionsim.processes.labour.wages import hiring_wage, ln_pay_of_firms, pay_rule
from regionsim.state.draws import u01
from regionsim.state.firms import OUTSIDE
from regionsim.state.people import EMPLOYED, INACTIVE, JOB_SEEKER, NO_EXIT, PUPIL, STUDENT_HERE
from regionsim.state.region_state import Now

Array = NDArray[np.float64]


def hires(now: Now) -> None:
    """Training firms first take on their dual learners, within their vacancies; the others meet on the market."""
    people, firms = now.state.people, now.state.firms
    firms.a.staffed[:] = firms.a.jobs
    wage = pay_rule(now)
    retention = now.levers.region("training_firm_retention")
    retained = _retain(people.a, firms.a, retention, *wage, now.key("training_firm_keeps_learner"))
    rows, held, firm = _market(now)
    hired, moved = _hire(people.a, firms.a, rows, held, firm, *wage)
    now.count("hires", float(hired + retained))
    now.count("separations", float(moved))
    now.flows["job_to_job"] = float(moved)
    _count_open_vacancies(now)


def _market(now: Now) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Rows of those who searched, the vacancy each holds (-1 for none), and the firm of each vacancy."""
    people, firms, reference, p = now.state.people.a, now.state.firms.a, now.reference, now.parameters.labour
    places, key = reference.arrondissements, now.key("matching")
    searching, looking = search_rule(now), now.flows["look_around"]
    ratio = now.levers.over_rows("search_ratio", people.id.size, or_nothing=True)
    rows, keys, effort = matching.ring_keys(people, looking, reference.arrondissement_of, places, searching, ratio, key)
    order = np.argsort(keys)
    rows, keys = rows[order], keys[order]
    first, bucket = matching.ring_index(keys, (places + 1) * matching.EDUCATIONS)
    home_row, offer = home_rows(now), ln_pay_of_firms(now)
    sector, mix, technical = wanted_skills(now)
    skills = np.cumsum(mix, axis=1)
    beside = np.cumsum(levels_beside(mix, p.same_skill_share), axis=2).reshape(-1, matching.EDUCATIONS)
    firm, ids, level, number = matching.list_vacancies(firms, home_row, sector, skills, 2 * places, key)
    meeting = meeting_chances(now, effort, number, home_row, mix[-1])
    meets = matching.open_to_meet(firm, ids, level, home_row, meeting, key)
    commute = np.append(p.commute_cost * now.levers.dense["commute_cost"], p.commute_cost)  # of each zone, outside last
    least = matching.reservations(people, firms, rows, keys, home_row, offer, commute, p.mobility_cost, p.taste)
    held = matching.match(
        people, firms, rows, keys, first, bucket, firm, ids, level, meets, least, home_row, offer,
        reference.home_of_worker_cumulative, technical[sector], (p.fit_base, p.fit_skill, p.fit_technical),
        sector, beside, int(p.probes), commute, p.taste, key,
    )  # fmt: skip
    return rows, held, firm


def search_rule(now: Now) -> tuple[float, float, float, float]:
    """Decay, floor, what a course restores and what enrolment leaves of search effort; recruiting that creates
    opportunities for those long in search raises the floor, at most to 1."""
    p = now.parameters.labour
    floor = min(max(p.search_floor + now.levers.region("long_term_chance"), 0.0), 1.0)
    return p.search_decay_q, floor, p.search_restored, p.search_enrolled


def wanted_skills(now: Now) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
    """Sector of each firm; shares of wanted jobs by education (S + 1, 4); sectors that ask for technical skill.

    The mix of a sector moves with the labour force's from the census' on. Employers beyond the border are a sector of
    their own, the last, that wants the region's mean mix."""
    firms, reference, jobs, economy = now.state.firms.a, now.reference, now.base.jobs, now.state.economy
    sector: NDArray[np.int64] = np.where(firms.kind == OUTSIDE, jobs.size, firms.sector).astype(np.int64)
    census = np.diff(reference.sector_education_cumulative, axis=1, prepend=0.0)
    moved = (economy.education_share / economy.base_education_share) ** now.parameters.labour.mix_follows
    mix = np.vstack([census, jobs @ census / jobs.sum()]) * moved
    return sector, mix / mix.sum(axis=1, keepdims=True), np.append(reference.technical_sector, False)


def meeting_chances(
    now: Now, effort: Array, vacancies: Array, home_row: NDArray[np.int64], mix: Array
) -> Array:
    """Chance that a vacancy of each place of work and education meets candidates; (2A, EDUCATIONS)."""
    firms, p, cumulative = now.state.firms.a, now.parameters.labour, now.reference.home_of_worker_cumulative
    homes = np.diff(cumulative, axis=1, prepend=0.0)
    posts = np.where(firms.kind >= 0, firms.jobs + firms.vacancies, 0)
    jobs = np.asarray(np.bincount(home_row, weights=posts, minlength=homes.shape[0]), np.float64)
    seen = seekers_by_work(effort, homes, jobs, levels_beside(mix, p.same_skill_share))
    return chance_of_meeting(seen, vacancies, p.matching_efficiency, p.matching_elasticity)


def home_rows(now: Now) -> NDArray[np.int64]:
    """Row of `home_of_worker_cumulative` of each firm: its arrondissement, shifted for employers outside."""
    firms, places = now.state.firms.a, now.reference.arrondissements
    where = now.reference.arrondissement_of[firms.municipality].astype(np.int64)
    rows: NDArray[np.int64] = np.where(firms.kind == OUTSIDE, where + places, where)
    return rows


def _count_open_vacancies(now: Now) -> None:
    where, places = now.reference.arrondissement_of, now.reference.arrondissements
    now.state.economy.vacancies = _open_vacancies(now.state.firms.a, where, places)


@njit(cache=True)
def _open_vacancies(f, arrondissement_of, places):  # type: ignore[no-untyped-def]
    """Open vacancies of firms of the region by arrondissement; int64, shape (places,)."""
    by_place = np.zeros(places, np.int64)
    for j in range(f.id.size):
        if f.kind[j] < 0 or f.kind[j] == OUTSIDE:
            continue
        by_place[arrondissement_of[f.municipality[j]]] += f.vacancies[j]
    return by_place


@njit(cache=True, inline="always")
def _start(p, f, i, j, by_education, slope, ln_relative):  # type: ignore[no-untyped-def]
    """Person i fills a vacancy of firm j."""
    take_job(p, f, i, j, EMPLOYED)
    p.wage_eur_q[i] = hiring_wage(p.skill[i], by_education[p.education[i]], p.age_q[i], slope, ln_relative[j])
    p.training_firm[i] = -1
    f.vacancies[j] -= 1
    f.staffed[j] += 1


@njit(cache=True)
def _hire(p, f, rows, held, firm, by_education, slope, ln_relative):  # type: ignore[no-untyped-def]
    """Who holds a vacancy starts there; the job that a mover leaves meets others from the next quarter on."""
    hired, moved = 0, 0
    for k in range(rows.size):
        if held[k] < 0:
            continue
        left = p.employer[rows[k]]
        if left >= 0:
            leave_job(p, f, rows[k])
            f.vacancies[left] += 1
            f.staffed[left] -= 1
            moved += 1
        _start(p, f, rows[k], firm[held[k]], by_education, slope, ln_relative)
        hired += 1
    return hired, moved


@njit(cache=True)
def _retain(p, f, retention, by_education, slope, ln_relative, key):  # type: ignore[no-untyped-def]
    """Who would stay goes first in the order of the draws, as far as there are vacancies: rows decide nothing.

    Learners still at school, in their studies or waiting to look for work keep their place; all others have left it."""
    rows, draws = [], []
    for i in range(p.id.size):
        j = p.training_firm[i]
        waits = p.activity[i] == INACTIVE and p.study_end_q[i] >= 0
        if j < 0 or p.activity[i] == PUPIL or p.activity[i] == STUDENT_HERE or waits:
            continue
        u = u01(key, p.id[i])
        if p.activity[i] == JOB_SEEKER and p.exit[i] == NO_EXIT and u < retention:
            rows.append(i)
            draws.append(u)
        else:
            p.training_firm[i] = -1
    retained = 0
    for k in np.argsort(np.array(draws, np.float64)):
        j = p.training_firm[rows[k]]
        p.training_firm[rows[k]] = -1
        if f.vacancies[j] > 0:
            _start(p, f, rows[k], j, by_education, slope, ln_relative)
            retained += 1
    return retained
