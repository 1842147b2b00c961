"""People who live elsewhere and work here: as many as residents leave jobs open, and a pool that seeks work here."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.population.integer import share_out
from regionsim.population.keyed import Keyed
from regionsim.state.identity import COMMUTER as COMMUTER_ORIGIN
from regionsim.state.identity import ids_of
from regionsim.state.people import COMMUTER, EMPLOYED, FROM_HERE, JOB_SEEKER, People

Ints = NDArray[np.int64]
Rows = NDArray[np.int64]

_COPIED = ("sex", "age_q", "education", "technical", "household_role")
_YOUNGEST_Q, _OLDEST_Q = 20 * 4, 64 * 4


def add_commuters(
    people: People, sector: NDArray[np.int8], open_jobs: Ints, spare_share: float, keyed: Keyed
) -> tuple[Rows, NDArray[np.int64], NDArray[np.int64]]:
    """New rows of `people` for in-commuters; returns (rows, place of work, sector), each (m,).

    open_jobs (A, S): jobs that residents leave open, one commuter each. On top a pool of `spare_share` of them, spread
    alike, seeks work. Age 20 to 63, sex, education and household role are those of a resident who works in the sector.
    sector (n,): of every resident, -1 without.
    """
    pool = share_out(open_jobs.ravel(), round(spare_share * int(open_jobs.sum())))
    cells = np.arange(open_jobs.size)
    cell = np.concatenate([np.repeat(cells, open_jobs.ravel()), np.repeat(cells, pool)])
    working = np.arange(cell.size) < open_jobs.sum()
    place, of_sector = cell // open_jobs.shape[1], cell % open_jobs.shape[1]
    ids = ids_of(COMMUTER_ORIGIN, cell.size)
    models = _models(people, sector, of_sector, keyed.uniform("in-commuter resembles", ids))
    copied = {name: people.column(name)[models] for name in _COPIED}
    rows = people.take_free(cell.size)
    p = people.a
    for name, values in copied.items():
        people.column(name)[rows] = values
    p.id[rows], p.place[rows], p.origin[rows] = ids, COMMUTER, FROM_HERE
    p.activity[rows] = np.where(working, EMPLOYED, JOB_SEEKER)
    return rows, place, of_sector


def _models(people: People, sector: NDArray[np.int8], wanted: Ints, u: NDArray[np.float64]) -> Rows:
    """For each commuter a resident of working age who is employed in the wanted sector, by his draw u (m,)."""
    a = people.a
    fit = (a.activity[: sector.size] == EMPLOYED) & (a.age_q[: sector.size] >= _YOUNGEST_Q)
    fit &= a.age_q[: sector.size] < _OLDEST_Q
    models = np.zeros(wanted.size, np.int64)
    everyone = np.flatnonzero(fit)
    for s in np.unique(wanted):
        here = np.flatnonzero(fit & (sector == s))
        here = here if here.size else everyone
        whom = wanted == s
        models[whom] = here[np.floor(u[whom] * here.size).astype(np.int64)]
    return models
