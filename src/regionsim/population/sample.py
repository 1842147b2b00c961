"""A sample of the synthesised region: keyed, nested, every large firm kept with its jobs scaled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from regionsim.population.integer import share_out
from regionsim.population.keyed import Keyed
from regionsim.population.links import employers_of
from regionsim.state.columns import Columns
from regionsim.state.firms import EMPLOYER, LARGE_FIRM_JOBS, OUTSIDE, OWN_ACCOUNT, Firms
from regionsim.state.identity import in_sample
from regionsim.state.people import COMMUTER, People

Ints = NDArray[np.int64]
T = TypeVar("T", bound=Columns)

SPARE_SHARE = 0.06
_SPARE_ROWS = 256


def sampled(people: People, firms: Firms, firm_cell: Ints, scale: float, keyed: Keyed) -> tuple[People, Firms]:
    """New populations at `scale`, rows 0..n-1 in use and spare rows behind; the arguments are not changed.

    firm_cell (firms,): sector and place of employer establishments. Own-account firms follow their owner; workers of a
    cell are dealt anew to the firms of that cell that stay, in proportion to their scaled size.
    """
    if scale >= 1.0:
        return _kept(people, people.rows()), _kept(firms, firms.rows())
    p, f = people.a, firms.a
    persons = np.flatnonzero(in_sample(p.id, scale) & (p.place >= 0))
    employer = p.employer[persons].astype(np.int64)
    kind = np.where(employer >= 0, f.kind[employer], -1)
    workers = np.flatnonzero(kind == EMPLOYER)
    cell = firm_cell[employer[workers]]
    weight = np.where(f.real_jobs >= LARGE_FIRM_JOBS, scale * f.real_jobs, f.real_jobs).astype(np.float64)
    stay = (f.kind == EMPLOYER) & ((f.real_jobs >= LARGE_FIRM_JOBS) | in_sample(f.id, scale))
    jobs = np.zeros(f.id.size, np.int64)
    needed = np.bincount(cell, minlength=int(firm_cell.max(initial=0)) + 1)
    for c, many in enumerate(needed):
        here = np.flatnonzero((firm_cell == c) & (f.kind == EMPLOYER))
        stay[here] = _settle_cell(f.real_jobs[here], stay[here], weight[here], int(many), jobs, here)
    rows = np.flatnonzero(stay)
    score = keyed.uniform("workers of the sample find their firm", p.id[persons[workers]])
    employer[workers] = employers_of(cell, score, firm_cell[rows], rows, jobs[rows])
    return _cut(people, firms, persons, employer, kind, stay, jobs)


def _settle_cell(
    real: NDArray[np.int32], stay: NDArray[np.bool_], weight: NDArray[np.float64], workers: int, jobs: Ints, rows: Ints
) -> NDArray[np.bool_]:
    """Give the workers of one cell to its firms: fills `jobs` at `rows` and returns which firms stay.

    Every firm gets one worker and the rest by weight. With fewer workers than firms the largest come first: small
    firms without a worker go, large ones stay empty. With workers and no firm the largest of the cell stays.
    """
    if workers and not stay.any() and real.size:
        stay = np.arange(real.size) == int(np.argmax(real))
    chosen = np.flatnonzero(stay)
    if chosen.size > workers:
        chosen = chosen[np.argsort(-real[chosen], kind="stable")][:workers]
        stay = stay & (real >= LARGE_FIRM_JOBS)
        stay[chosen] = True
    if chosen.size:
        jobs[rows[chosen]] = 1 + share_out(np.maximum(weight[chosen] - 1.0, 0.0), workers - chosen.size)
    return stay


def _cut(
    people: People,
    firms: Firms,
    persons: Ints,
    employer: Ints,
    kind: NDArray[np.int8],
    stay: NDArray[np.bool_],
    jobs: Ints,
) -> tuple[People, Firms]:
    """The kept rows, with employers renumbered and jobs equal to the people who name the firm."""
    owned = employer[kind == OWN_ACCOUNT]
    keep = stay | (firms.a.kind == OUTSIDE)
    keep[owned] = True
    jobs[owned] = 1
    outside = kind == OUTSIDE
    jobs += np.bincount(employer[outside], minlength=jobs.size)
    kept = np.flatnonzero(keep)
    new_row = np.full(keep.size, -1, np.int64)
    new_row[kept] = np.arange(kept.size)
    less, fewer = _kept(people, persons), _kept(firms, kept)
    n, m = persons.size, kept.size
    less.a.employer[:n] = np.where(employer >= 0, new_row[employer], -1)
    fewer.a.jobs[:m] = fewer.a.desired[:m] = jobs[kept]
    fewer.a.size_weight[:m] = fewer.a.staffed[:m] = jobs[kept]
    here = np.flatnonzero((less.a.place[:n] == COMMUTER) & (less.a.employer[:n] >= 0))
    less.a.municipality[here] = fewer.a.municipality[less.a.employer[here]]
    return less, fewer



def _kept(columns: T, rows: Ints) -> T:
    """A compact copy of some rows."""
    return with_spare_rows(type(columns), {c.name: columns.column(c.name)[rows] for c in columns.declared})


def with_spare_rows(kind: type[T], values: Mapping[str, NDArray[Any]]) -> T:
    """A population with these columns in rows 0..n-1 and spare rows behind. Raises ValueError on unequal lengths."""
    rows = values[kind.marker].size
    twin = kind(rows + int(SPARE_SHARE * rows) + _SPARE_ROWS)
    there = twin.take_free(rows)
    for name, column in values.items():
        twin.column(name)[there] = column
    return twin
