"""Where the employed work, by sector: residence against place of work, and what is left for in-commuters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.population.integer import share_out

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_ROUNDS = 200


def employee_jobs(jobs: Ints, self_employed: Ints) -> Ints:
    """Jobs of employees (A, S) once the self-employed have theirs; sector totals exact.

    jobs, self_employed (A, S). Where a place has more self-employed of a sector than jobs, the sector's other places
    give way. Raises ValueError where a whole sector has.
    """
    total = jobs.sum(axis=0) - self_employed.sum(axis=0)
    if (total < 0).any():
        raise ValueError("a sector has more self-employed than jobs")
    return share_out(np.maximum(jobs - self_employed, 0).T, total).T


def work_places(commuting: Floats, employees: Ints, jobs: Ints) -> Ints:
    """Employees by residence, place of work and sector, (A, A + 1, S); the last place of work is outside.

    commuting (A + 1, A + 1): employees by residence and work, last outside; a prior that the result follows closely.
    employees (A, S) by residence and jobs (A, S) by place of work: nobody without work and no more workers than
    jobs; what jobs are left are for in-commuters.
    """
    places, sectors = employees.shape
    x = _fitted(commuting, employees.astype(np.float64), jobs.astype(np.float64))[:places]
    out = share_out(x.transpose(0, 2, 1), employees).transpose(0, 2, 1)
    excess = np.maximum(out[:, :places].sum(axis=0) - jobs, 0)
    for w, s in zip(*np.nonzero(excess), strict=True):
        moved = share_out(out[:, w, s], excess[w, s])
        out[:, w, s] -= moved
        out[:, places, s] += moved
    return out


def _fitted(commuting: Floats, employees: Floats, jobs: Floats) -> Floats:
    """Iterative fitting of (residence, work, sector) to the three margins; residence and work includes outside."""
    places = employees.shape[0]
    here = jobs / np.maximum(jobs.sum(axis=1, keepdims=True), 1)
    average = jobs.sum(axis=0) / max(jobs.sum(), 1)
    x: Floats = commuting[:, :, None] * np.concatenate([here, average[None]], axis=0)[None]
    for _ in range(_ROUNDS):
        x[:places] *= _ratio(commuting[:places], x[:places].sum(axis=2))[:, :, None]
        x[:, :places] *= _ratio(jobs, x[:, :places].sum(axis=0))[None]
        x[:places] *= _ratio(employees, x[:places].sum(axis=1))[:, None, :]
    return x


def _ratio(target: Floats, now: Floats) -> Floats:
    ratio: Floats = np.where(now > 0, target / np.where(now > 0, now, 1.0), 0.0)
    return ratio
