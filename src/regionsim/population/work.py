"""Work on census day: sectors, self-employment, places of work, in-commuters, firms, and who works for whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regionsim.population.commuters import add_commuters
from regionsim.population.firms_on_census_day import Owners, made_firms
from regionsim.population.integer import deal
from regionsim.population.jobs_on_census_day import settle_seekers, settle_workers
from regionsim.population.keyed import Keyed
from regionsim.population.links import employers_of
from regionsim.population.published import Published
from regionsim.population.sectors import dealt_sectors, jobs_by_place, section_jobs_by_place, sector_shares
from regionsim.population.self_employed import dealt_self_employed, dealt_side_activities
from regionsim.population.workplaces import employee_jobs, work_places
from regionsim.state.firms import Firms
from regionsim.state.parameters import Block
from regionsim.state.people import EMPLOYED, JOB_SEEKER, SELF_EMPLOYED, People

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Work:
    """What the synthesis of work leaves behind for the sample and the fit report."""

    firms: Firms
    firm_cell: Ints  # (firms,) place * S + sector; of employer establishments
    sector: NDArray[np.int8]  # (residents,) sector of the worker, -1 without
    journeys: Ints  # (A, A + 1, S) employees by residence, work (last: outside) and sector
    self_employed: Ints  # (A, S)
    jobs: Ints  # (A, S) target: jobs located here, the self-employed included
    commuting: NDArray[np.float64]  # (A + 1, A + 1) published employed, scaled to the residents at work


def settle_work(source: Published, people: People, section: NDArray[np.int8], parameters: Block, keyed: Keyed) -> Work:
    """Give every employed resident a sector, a place of work, an employer and a wage; add in-commuters and firms."""
    p, of = people.a, source.labels.arrondissement_of
    working = np.flatnonzero(p.activity == EMPLOYED)
    shares = sector_shares(source, np.bincount(section[working], minlength=22)[:21])
    sector = dealt_sectors(section, keyed.uniform("sector", p.id), shares)
    total = round(source.self_employed_share * working.size)
    home, trade = of[p.municipality], section.astype(np.int64)
    by_section = section_jobs_by_place(source)
    chosen = dealt_self_employed(p, working, trade[working], home[working], by_section, total, parameters, keyed)
    own = working[chosen]
    p.activity[own] = SELF_EMPLOYED
    staff = np.flatnonzero(p.activity == EMPLOYED)
    side = round(source.self_employed_per_resident * p.id.size) - own.size
    p.side_activity[staff[dealt_side_activities(p, staff, side, keyed)]] = 1

    jobs = jobs_by_place(source)
    self_employed, employees = (_table(home[r], sector[r], jobs.shape) for r in (own, staff))
    staff_jobs = employee_jobs(jobs, self_employed)
    commuting = source.commuting * (working.size / source.commuting[:-1].sum())
    matrix = commuting.copy()
    places = np.arange(jobs.shape[0])
    matrix[places, places] = np.maximum(matrix[places, places] - self_employed.sum(axis=1), 0.0)
    journeys = work_places(matrix, employees, staff_jobs)
    work = _dealt_work(home[staff], sector[staff], keyed.uniform("place of work", p.id[staff]), journeys)

    open_jobs = staff_jobs - journeys[:, :-1].sum(axis=0)
    rows, place, of_sector = add_commuters(people, sector, open_jobs, parameters.commuter_spare_share, keyed)
    owners = Owners(sector[own], people.a.municipality[own], people.a.age_q[own])
    firms, cell = made_firms(source, staff_jobs, owners, journeys[:, -1].sum(axis=1), parameters, keyed)
    firm_cell = np.concatenate([cell, np.full(firms.capacity - cell.size, -1)])
    people.a.employer[own] = cell.size + np.arange(own.size)
    people.a.employer[staff[work == jobs.shape[0]]] = cell.size + own.size + home[staff[work == jobs.shape[0]]]
    here = work < jobs.shape[0]
    there = np.concatenate([work[here], place]) * jobs.shape[1] + np.concatenate([sector[staff[here]], of_sector])
    _link(people, firms, np.concatenate([staff[here], rows]), there, cell, keyed)
    _settle_commuters(source, people, rows, place, keyed)
    _settle_conditions(source, people, firms, np.concatenate([sector, of_sector]), parameters, keyed)
    return Work(firms, firm_cell, sector, journeys, self_employed, jobs, commuting)


def _table(place: Ints, sector: NDArray[np.int8], shape: tuple[int, ...]) -> Ints:
    return np.bincount(place * shape[1] + sector, minlength=shape[0] * shape[1]).reshape(shape)


def _dealt_work(home: Ints, sector: NDArray[np.int8], score: NDArray[np.float64], journeys: Ints) -> Ints:
    """Arrondissement of work of every employee (k,), the last index outside."""
    places, ends, sectors = journeys.shape
    table = journeys.transpose(0, 2, 1).reshape(places * sectors, ends)
    return deal(home * sectors + sector, score, table).astype(np.int64)


def _link(people: People, firms: Firms, workers: Ints, cell: Ints, firm_cell: Ints, keyed: Keyed) -> None:
    """Employers of the workers of establishments; the commuters among them who seek work get none."""
    p = people.a
    at_work = p.activity[workers] == EMPLOYED
    workers, cell = workers[at_work], cell[at_work]
    score = keyed.uniform("workers find their firm", p.id[workers])
    jobs = firms.a.jobs[: firm_cell.size].astype(np.int64)
    p.employer[workers] = employers_of(cell, score, firm_cell, np.arange(firm_cell.size), jobs)
    employed_here = workers[p.employer[workers] >= 0]
    commuting = p.place[employed_here] != 0
    p.municipality[employed_here[commuting]] = firms.a.municipality[p.employer[employed_here[commuting]]]


def _settle_commuters(source: Published, people: People, rows: Ints, place: Ints, keyed: Keyed) -> None:
    """Municipality of the commuters who seek work: one of the place they look in, by its establishments."""
    p, of = people.a, source.labels.arrondissement_of
    seeking = p.activity[rows] == JOB_SEEKER
    u = keyed.uniform("where commuters seek work", p.id[rows])
    for a in range(len(source.labels.arrondissements)):
        there = np.flatnonzero(of == a)
        steps = np.cumsum(source.establishments[there]) / max(source.establishments[there].sum(), 1)
        who = np.flatnonzero(seeking & (place == a))
        p.municipality[rows[who]] = there[np.minimum(np.searchsorted(steps, u[who]), there.size - 1)]


def _settle_conditions(
    source: Published, people: People, firms: Firms, sector: Ints, parameters: Block, keyed: Keyed
) -> None:
    p = people.a
    working = np.flatnonzero((p.activity == EMPLOYED) | (p.activity == SELF_EMPLOYED))
    settle_workers(p, working, sector[working], source.labels, parameters, keyed)
    own = np.flatnonzero(p.activity == SELF_EMPLOYED)
    p.tenure_q[own] = -firms.a.birth_q[p.employer[own]]
    settle_seekers(p, np.flatnonzero(p.activity == JOB_SEEKER), source.long_term_share, keyed)
