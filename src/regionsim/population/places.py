"""Where residents live and how old they are: municipality x sex x age, in persons."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.population.integer import deal, share_out, two_way
from regionsim.population.keyed import Keyed
from regionsim.population.published import REGISTER_BANDS, Published
from regionsim.state.identity import CENSUS, ids_of
from regionsim.state.people import FROM_HERE, RESIDENT, People
from regionsim.state.reference import BANDS

Ints = NDArray[np.int64]

_OLDEST = REGISTER_BANDS - 1  # the register's open band


def residents_by_place(source: Published, census: Ints) -> tuple[Ints, Ints]:
    """Residents by municipality (M, 2, BANDS) and by arrondissement (A, 2, BANDS).

    census (2, BANDS) is kept exactly. Places follow the census by arrondissement (of the table of household roles),
    which is kept exactly where its totals agree, and inside an arrondissement the register of municipalities.
    """
    roles = source.roles.sum(axis=3)
    of = source.labels.arrondissement_of
    arrondissements = np.zeros(roles.shape, np.int64)
    municipalities = np.zeros((of.size, 2, BANDS), np.int64)
    for sex in range(2):
        rows = share_out(roles[:, sex].sum(axis=1), census[sex].sum())
        arrondissements[:, sex] = two_way(roles[None, :, sex], rows[None], census[None, sex])[0]
        for a in range(roles.shape[0]):
            here = np.flatnonzero(of == a)
            register = source.register[here, sex]
            weights = register[:, np.minimum(np.arange(BANDS), _OLDEST)] * _share_of_oldest(source, a, sex)
            members = share_out(register.sum(axis=1), arrondissements[a, sex].sum())
            municipalities[here, sex] = two_way(weights[None], members[None], arrondissements[None, a, sex])[0]
    return municipalities, arrondissements


def _share_of_oldest(source: Published, a: int, sex: int) -> NDArray[np.float64]:
    """Share of each band in the register's open band, by single years of the arrondissement; 1 for the other bands."""
    first = 5 * _OLDEST
    ages = source.single_age[a, sex, first:]
    per_band = np.bincount(np.minimum((np.arange(ages.size) + first) // 5, BANDS - 1) - _OLDEST, weights=ages)
    share = np.ones(BANDS)
    share[_OLDEST:] = per_band / per_band.sum() if per_band.sum() > 0 else 1.0
    return share


def settled(source: Published, municipalities: Ints, keyed: Keyed) -> tuple[People, NDArray[np.int8]]:
    """One row per resident with id, sex, age and municipality, and the five-year band of each (n,)."""
    n = int(municipalities.sum())
    people = People(n)
    rows = people.take_free(n)
    p = people.a
    places, _, bands = municipalities.shape
    cell = np.repeat(np.arange(municipalities.size), municipalities.ravel())
    band = (cell % bands).astype(np.int8)
    p.id[rows] = ids_of(CENSUS, n)
    p.place[rows], p.origin[rows] = RESIDENT, FROM_HERE
    p.municipality[rows] = cell // (2 * bands)
    p.sex[rows] = cell // bands % 2
    p.age_q[rows] = 4 * _single_age(source, municipalities, p, band, keyed)
    p.age_q[rows] += np.floor(4 * keyed.uniform("quarters since the birthday", p.id)).astype(np.int16)
    return people, band


def _single_age(source: Published, municipalities: Ints, p: object, band: NDArray[np.int8], keyed: Keyed) -> Ints:
    """Completed years (n,): single years of the register by arrondissement and sex, scaled to the band."""
    of = source.labels.arrondissement_of
    shape = source.single_age.shape
    years = np.zeros((shape[0], 2, BANDS, 5), np.int64)
    years[:, :, :-1] = source.single_age[:, :, :100].reshape(shape[0], 2, BANDS - 1, 5)
    years[:, :, -1, 0] = source.single_age[:, :, 100]
    members = np.zeros((shape[0], 2, BANDS), np.int64)
    np.add.at(members, of, municipalities)
    sex, municipality, ids = p.sex, p.municipality, p.id  # type: ignore[attr-defined]
    group = (of[municipality] * 2 + sex) * BANDS + band
    table = share_out(years, members).reshape(-1, 5)
    return 5 * band.astype(np.int64) + deal(group, keyed.uniform("single age", ids), table)
