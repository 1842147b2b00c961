"""Institutions have a budget for what they run, spend it, and fill their places (what they spend on measures is apart).

The money is part of government in the accounts, so nothing is paid here; this says what of it goes where.

Reads       firms.kind, firms.birth_q, firms.sector, firms.municipality, firms.jobs; flows.persons, flows.residents
Writes      bodies.budget_eur, bodies.spent_eur, bodies.capacity, bodies.used, bodies.knowledge_eur, bodies.nav_eur
Parameters  configs/parameters/institutions.yaml -> budget_*, spare_places, knowledge_depreciation_q,
            young_firm_years, participation_fund_start_eur
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.state.bodies import FUNDED_BY_PLACES, FUNDED_BY_RESIDENTS, KINDS
from regionsim.state.firms import EMPLOYER, OUTSIDE
from regionsim.state.people import EMPLOYED, JOB_SEEKER, PUPIL, STUDENT_HERE, TEMPORARILY_UNEMPLOYED
from regionsim.state.region_state import Now

Array = NDArray[np.float64]


def institutions_spend(now: Now) -> None:
    """Budgets, use of places and spending of this quarter; knowledge of research sites."""
    p, bodies, roster = now.parameters.institutions, now.state.bodies, now.reference.roster
    bodies.used = served(now)
    if now.quarter == 0:
        first = bodies.used * (1.0 + p.spare_places)
        bodies.capacity = np.where(np.isnan(roster.places), first, roster.places * now.scale)
        bodies.nav_eur[roster.of_kind("participation_fund")] = p.participation_fund_start_eur * now.scale
    unit = np.zeros(len(KINDS))
    for kind in (*FUNDED_BY_RESIDENTS, *FUNDED_BY_PLACES):
        unit[KINDS.index(kind)] = getattr(p, f"budget_{kind}")
    by_places = np.isin(roster.kind, [KINDS.index(kind) for kind in FUNDED_BY_PLACES])
    residents = now.flows["residents"]
    of_residents = np.where(roster.municipality >= 0, residents[roster.municipality], residents.sum()) * roster.weight
    bodies.budget_eur = budget_q(unit[roster.kind], np.where(by_places, bodies.capacity, of_residents))
    filled = np.where(by_places, filled_share(bodies.used, bodies.capacity), 1.0)
    bodies.spent_eur = bodies.budget_eur * filled
    sites = roster.of_kind("research_site")
    before = bodies.spent_eur[sites] / p.knowledge_depreciation_q if now.quarter == 0 else bodies.knowledge_eur[sites]
    bodies.knowledge_eur[sites] = knowledge(before, bodies.spent_eur[sites], p.knowledge_depreciation_q)


def budget_q(per_unit_year: Array, units: Array) -> Array:
    """EUR in a quarter for what is financed at so much a unit and year."""
    return per_unit_year * units / 4.0


def filled_share(used: Array, capacity: Array) -> Array:
    """Share of the places that are filled, at most 1; 0 without places."""
    share: Array = np.divide(used, capacity, out=np.zeros_like(used), where=capacity > 0)
    return np.minimum(share, 1.0)


def knowledge(stock: Array, spent: Array, depreciation_q: float) -> Array:
    """Stock of applied research after a quarter (E-4): what is left of it, plus what was spent."""
    return (1.0 - depreciation_q) * stock + spent


def served(now: Now) -> Array:
    """What each institution serves in this quarter, at the scale of the run; (B,)."""
    roster, firms, labour = now.reference.roster, now.state.firms.a, now.flows["persons"].sum(axis=(0, 1, 2))
    in_work = labour[EMPLOYED : TEMPORARILY_UNEMPLOYED + 1].sum()
    of_region = {
        "secondary_education": labour[PUPIL],
        "higher_education": labour[STUDENT_HERE],
        "employment_service": labour[JOB_SEEKER],
        "adult_education": in_work + labour[JOB_SEEKER],
    }
    until = now.quarter - int(now.parameters.institutions.young_firm_years * 4)
    where, port = now.reference.arrondissement_of, now.reference.port_sector
    employers, young, port_jobs = _count_firms(firms, where, port, until, now.reference.arrondissements)
    used = np.zeros(roster.kind.size)
    for kind, count in of_region.items():
        rows = roster.of_kind(kind)
        used[rows] = count * roster.weight[rows]
    for row in roster.of_kind("research_site"):
        used[row] = employers[where[roster.municipality[row]], roster.sectors[row]].sum() * roster.weight[row]
    for kind, by_municipality in (("incubator", young), ("port", port_jobs), ("terminal", port_jobs)):
        rows = roster.of_kind(kind)
        used[rows] = by_municipality[roster.municipality[rows]] * roster.weight[rows]
    return used


@njit(cache=True)
def _count_firms(f, arrondissement_of, port_sector, born_after, places):  # type: ignore[no-untyped-def]
    """Employers by arrondissement and sector; by municipality young firms and jobs of port sectors."""
    employers = np.zeros((places, port_sector.size), np.int64)
    young, port_jobs = np.zeros(arrondissement_of.size, np.int64), np.zeros(arrondissement_of.size, np.int64)
    for j in range(f.id.size):
        if f.kind[j] < 0 or f.kind[j] == OUTSIDE:
            continue
        m = f.municipality[j]
        if f.kind[j] == EMPLOYER:
            employers[arrondissement_of[m], f.sector[j]] += 1
        if f.birth_q[j] > born_after:
            young[m] += 1
        if port_sector[f.sector[j]]:
            port_jobs[m] += f.jobs[j]
    return employers, young, port_jobs
