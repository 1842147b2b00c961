"""The firms of the first quarter: employer establishments, own-account firms and the employers beyond the border."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regionsim.population.establishments import establishment_sizes
from regionsim.population.integer import deal, share_out
from regionsim.population.keyed import Keyed
from regionsim.population.published import Published
from regionsim.population.sectors import on_park_odds
from regionsim.state.firms import EMPLOYER, OUTSIDE, OWN_ACCOUNT, Firms
from regionsim.state.identity import FIRM_CENSUS, ids_of
from regionsim.state.parameters import Block

Ints = NDArray[np.int64]
Rows = NDArray[np.int64]

_OLDEST_FIRM_Q = 400


@dataclass(frozen=True)
class Owners:
    """The self-employed residents, one own-account firm each: sector, municipality, age_q (k,)."""

    sector: NDArray[np.int8]
    municipality: NDArray[np.int16]
    age_q: NDArray[np.int16]


def made_firms(
    source: Published, jobs: Ints, owners: Owners, leaving: Ints, parameters: Block, keyed: Keyed
) -> tuple[Firms, Ints]:
    """Firms in the order employers (by cell), own-account (as owners), outside (by arrondissement).

    jobs (A, S): of employees; leaving (A,): out-commuters. Returns the firms and the cell (place * S + sector) of
    every employer establishment (e,).
    """
    cell, sizes = establishment_sizes(
        jobs.ravel(), parameters.establishment_sigma, source.small_share, keyed, lambda n: ids_of(FIRM_CENSUS, n)
    )
    e, k, places = cell.size, owners.sector.size, leaving.size
    firms = Firms(e + k + places)
    rows = firms.take_free(e + k + places)
    f = firms.a
    f.id[rows] = ids_of(FIRM_CENSUS, rows.size)
    f.kind[:] = np.repeat([EMPLOYER, OWN_ACCOUNT, OUTSIDE], [e, k, places])
    f.sector[:e], f.sector[e : e + k] = cell % jobs.shape[1], owners.sector
    f.municipality[:e] = _municipalities(source, cell // jobs.shape[1], keyed, f.id[:e])
    f.municipality[e : e + k] = owners.municipality
    f.municipality[e + k :] = [np.flatnonzero(source.labels.arrondissement_of == a)[0] for a in range(places)]
    f.jobs[:] = f.real_jobs[:] = f.desired[:] = f.staffed[:] = np.concatenate([sizes, np.ones(k, np.int64), leaving])
    f.size_weight[:] = f.jobs
    f.dither[:] = keyed.uniform("dither", f.id)
    f.ln_premium[:] = parameters.firm_premium_sd * keyed.normal("wage premium", f.id)
    _owners_and_ages(firms, owners, e, parameters, keyed)
    _digital(firms, parameters, keyed)
    _on_parks(source, firms, e, parameters, keyed)
    return firms, cell


def _municipalities(source: Published, place: Ints, keyed: Keyed, ids: NDArray[np.uint64]) -> NDArray[np.int16]:
    """Municipality of each establishment (e,): exact shares of the published establishments, inside its place."""
    of = source.labels.arrondissement_of
    places = len(source.labels.arrondissements)
    weights = np.where(of[None, :] == np.arange(places)[:, None], source.establishments[None, :], 0)
    table = share_out(weights, np.bincount(place, minlength=places))
    return deal(place, keyed.uniform("municipality of an establishment", ids), table)


def _owners_and_ages(firms: Firms, owners: Owners, employers: int, parameters: Block, keyed: Keyed) -> None:
    f, k = firms.a, owners.age_q.size
    local = slice(0, employers + k)
    if k:
        like = np.floor(keyed.uniform("owner of an establishment", f.id[:employers]) * k).astype(np.int64)
        f.owner_age_q[:employers] = owners.age_q[like]
    f.owner_age_q[employers : employers + k] = owners.age_q
    stay = (1.0 - parameters.exit_hazard_year) ** 0.25
    age = np.minimum(1 + keyed.geometric("age of a firm", f.id[local], stay), _OLDEST_FIRM_Q)
    own_account = f.kind[local] == OWN_ACCOUNT
    since_adult = np.maximum(f.owner_age_q[local] - 18 * 4, 1)  # nobody founded his own job as a minor
    f.birth_q[local] = -np.where(own_account, np.minimum(age, since_adult), age)


def _digital(firms: Firms, parameters: Block, keyed: Keyed) -> None:
    f = firms.a
    local = f.kind != OUTSIDE
    middle = np.log(parameters.digital_median / (1.0 - parameters.digital_median))
    logit = middle + parameters.digital_size_slope * np.log(np.maximum(f.jobs, 1))
    logit = logit + parameters.digital_sd_logit * keyed.normal("digital index", f.id)
    f.digital[:] = np.where(local, 1.0 / (1.0 + np.exp(-logit)), 0.0)


def _on_parks(source: Published, firms: Firms, employers: int, parameters: Block, keyed: Keyed) -> None:
    """Which employers stand on a business park: by sector, more of the large ones."""
    f = firms.a
    odds = on_park_odds(source.labels, parameters.on_park_share)[f.sector[:employers]]
    odds = odds + parameters.on_park_size_slope * np.log(f.jobs[:employers] / 10.0)
    f.on_park[:employers] = keyed.uniform("business park", f.id[:employers]) < 1.0 / (1.0 + np.exp(-odds))
