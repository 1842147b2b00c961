"""How well the synthesised population meets the published margins, one row a margin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from regionsim.population.published import NONE_YET, REGISTER_BANDS, UNKNOWN_LEVEL, UNKNOWN_SECTION, WORKING, Published
from regionsim.state.firms import EMPLOYER, OUTSIDE
from regionsim.state.people import HOUSEHOLD_ROLES, SELF_EMPLOYED
from regionsim.state.reference import BANDS

if TYPE_CHECKING:
    import pandas as pd

    from regionsim.population.build import Draft
    from regionsim.population.work import Work

Array = NDArray[Any]
Row = tuple[str, int, int, float, float, bool]

COLUMNS = ("margin", "cells", "total", "total_absolute_error", "largest_error", "constraint")


def fit_report(source: Published, draft: Draft, work: Work) -> pd.DataFrame:
    """Margins of the population at scale 1, before any sampling.

    cells: cells of the margin; total: published persons or jobs; total_absolute_error: sum over cells of |made -
    published|; largest_error: of one cell; constraint: True where the synthesis holds the margin exactly, False where
    it only follows it or where two sources differ.
    """
    import pandas as pd

    rows = [*_residents(source, draft), *_households(source, draft), *_work(source, draft, work)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(margin: str, made: Array, wanted: Array, constraint: bool) -> Row:
    error = np.abs(np.asarray(made, np.float64) - np.asarray(wanted, np.float64))
    total = round(float(np.sum(wanted)))
    return margin, int(np.size(wanted)), total, float(error.sum()), float(error.max(initial=0.0)), constraint


def _total(margin: str, made: float, wanted: float, constraint: bool) -> Row:
    return _row(margin, np.array([made]), np.array([wanted]), constraint)


def _count(shape: tuple[int, ...], *codes: Array) -> Array:
    flat = np.ravel_multi_index(tuple(np.asarray(c, np.int64) for c in codes), shape)
    return np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)


def _residents(source: Published, draft: Draft) -> list[Row]:
    p, n, census = draft.people.a, draft.residents, source.census
    sex, place, age = p.sex[:n], p.municipality[:n], p.age_q[:n] // 4
    of = source.labels.arrondissement_of[place]
    band = np.minimum(age // 5, BANDS - 1)
    joint = _count(draft.census.shape, sex, band, draft.level, draft.activity, draft.section)
    known = census[:, :, NONE_YET + 1 : UNKNOWN_LEVEL].sum(axis=(0, 1, 3, 4))
    known = np.concatenate([known + [census[:, :, NONE_YET].sum(), 0, 0], [census[:, :, UNKNOWN_LEVEL].sum()]])
    scale = n / max(source.register.sum(), 1)
    rows = [
        _row("sex, age", joint.sum(axis=(2, 3, 4)), census.sum(axis=(2, 3, 4)), True),
        _row("sex, age, activity", joint.sum(axis=(2, 4)), census.sum(axis=(2, 4)), True),
        _row("sex, age, education, activity, section, unknowns imputed", joint, draft.census, True),
        _row("education as published, unknown apart", np.append(joint.sum(axis=(0, 1, 3, 4)), 0), known, False),
        _row(
            "section as published, unknown apart",
            np.append(joint.sum(axis=(0, 1, 2, 3)), 0),
            census.sum(axis=(0, 1, 2, 3))[: UNKNOWN_SECTION + 1],
            False,
        ),
        _row(
            "municipality, register scaled",
            _count((len(source.register),), place),
            source.register.sum(axis=(1, 2)) * scale,
            False,
        ),
        _row(
            "municipality, sex, age, register scaled",
            _count(source.register.shape, place, sex, np.minimum(band, REGISTER_BANDS - 1)),
            source.register * scale,
            False,
        ),
        _row(
            "arrondissement, sex, year of age, register scaled",
            _count(source.single_age.shape, of, sex, np.minimum(age, 100)),
            source.single_age * (n / max(source.single_age.sum(), 1)),
            False,
        ),
    ]
    return rows


def _households(source: Published, draft: Draft) -> list[Row]:
    p, n, roles = draft.people.a, draft.residents, source.roles
    of = source.labels.arrondissement_of[p.municipality[:n]]
    made = _count(roles.shape, of, p.sex[:n], draft.band, p.household_role[:n])
    agree = np.array_equal(roles.sum(axis=(0, 3)), source.census.sum(axis=(2, 3, 4)))
    names = len(HOUSEHOLD_ROLES)
    return [
        _row("arrondissement, sex, age", made.sum(axis=3), roles.sum(axis=3), agree),
        _row("arrondissement, sex, age, household role", made, roles, agree),
        _row("household role", made.reshape(-1, names).sum(axis=0), roles.reshape(-1, names).sum(axis=0), agree),
    ]


def _work(source: Published, draft: Draft, work: Work) -> list[Row]:
    p, f, n, of = draft.people.a, work.firms.a, draft.residents, source.labels.arrondissement_of
    local = f.kind != OUTSIDE
    made_jobs = np.zeros(work.jobs.shape, np.int64)
    np.add.at(made_jobs, (of[f.municipality[local]], f.sector[local]), f.jobs[local])
    made = np.zeros(work.commuting.shape)
    made[:-1] = work.journeys.sum(axis=2)
    places = np.arange(len(work.jobs))
    made[places, places] += work.self_employed.sum(axis=1)
    made[-1, :-1] = made_jobs.sum(axis=1) - made[:-1, :-1].sum(axis=0)
    own = (p.activity[:n] == SELF_EMPLOYED).sum()
    small = (f.jobs[f.kind == EMPLOYER] < 10).sum()
    employers = (f.kind == EMPLOYER).sum()
    everyone = round(source.self_employed_per_resident * n)
    workers = (draft.activity == WORKING).sum()
    return [
        _row("jobs by arrondissement and sector", made_jobs, work.jobs, True),
        _total("jobs located here, census", made_jobs.sum(), source.jobs.sum(), True),
        _row("workers by residence and work, commuting scaled", made[:-1], work.commuting[:-1], False),
        _row("in-commuters by work, commuting scaled", made[-1, :-1], work.commuting[-1, :-1], False),
        _total("self-employed", own, round(source.self_employed_share * workers), True),
        _total("self-employed, side activity included", own + p.side_activity.sum(), everyone, True),
        _total("establishments with employees, fewer than 10 jobs", small, source.small_share * employers, False),
    ]
