"""Shops fill and empty (M10b): vacant premises of the cores, from the firms that close and are founded there.

Premises empty with closures of firms of retail and horeca, with what is spent online instead, and for good where rules
kept shops shut; vacant ones fill with a hazard that follows foundings and footfall.

Reads       firms.kind, firms.sector, firms.municipality, firms.birth_q; flows.closing; places.footfall,
            places.shop_units
Writes      places.vacant_units, places.online_share
Levers      core_refill, online_pull
World       covid
Parameters  configs/parameters/retail.yaml -> refill_q, first_vacancy, normal_closing_q, normal_founding_q,
            footfall_elasticity, online_growth_year, online_pandemic_ratio, online_empties, closure_empties
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.processes.trade import covid
from regionsim.state.firms import OUTSIDE
from regionsim.state.region_state import Now

Array = NDArray[np.float64]


def shops_fill_and_empty(now: Now) -> None:
    """Premises that change hands for nothing or for a new user, core by core."""
    p, places, reference = now.parameters.retail, now.state.places, now.reference
    shop = reference.retail_sector | reference.visitor_sector
    counts = np.zeros((3, places.shop_units.size))
    count_shops(now.state.firms.a, shop, now.flows["closing"], now.quarter, counts)
    of = reference.arrondissement_of
    shops, founded = np.maximum(counts[0], 1.0), _rate_by_arrondissement(counts[2], counts[0], of)
    rise = online_rise(now)
    places.online_share = min(places.online_share + rise, 1.0)
    steady = float(p.refill_q) * float(p.first_vacancy) / (1.0 - float(p.first_vacancy))
    shut = float(covid.closed_share(now)[reference.retail_sector].max(initial=0.0))
    empties = emptying_q(
        counts[1] / shops / float(p.normal_closing_q), steady,
        rise * float(p.online_empties) / (1.0 - places.online_share), shut * float(p.closure_empties),
    )  # fmt: skip
    hazard = refill_hazard_q(
        float(p.refill_q) + now.levers.dense["core_refill"][of],
        founded / float(p.normal_founding_q), places.footfall, float(p.footfall_elasticity),
    )  # fmt: skip
    places.vacant_units = vacancy_step(places.vacant_units, places.shop_units, empties, hazard)


def _rate_by_arrondissement(part: Array, whole: Array, of: NDArray[np.int16]) -> Array:
    """part / whole of each municipality's arrondissement: founders look for premises around them; (M,)."""
    total, some = np.bincount(of, weights=whole), np.bincount(of, weights=part)
    rate: Array = (some / np.maximum(total, 1.0))[of]
    return rate


def online_rise(now: Now) -> float:
    """Share of residents' spending in shops that moves online in this quarter."""
    p = now.parameters.retail
    ratio = float(p.online_pandemic_ratio) if covid.in_pandemic(now) else 1.0
    return (float(p.online_growth_year) * ratio + now.levers.region("online_pull")) / 4.0


def emptying_q(closing: Array, steady: float, online: float, shut: float) -> Array:
    """Share of used premises that empty in a quarter: normal turnover x closing relative to normal, and lost sales."""
    share: Array = np.clip(steady * closing + online + shut, 0.0, 1.0)
    return share


def refill_hazard_q(refill: Array, founding: Array, crowd: Array, elasticity: float) -> Array:
    """Share of vacant premises that fill in a quarter: founding relative to normal, and footfall (M10a, M10b)."""
    hazard: Array = np.clip(refill * founding * np.maximum(crowd, 0.0) ** elasticity, 0.0, 1.0)
    return hazard


def vacancy_step(vacant: Array, units: Array, empties: Array, hazard: Array) -> Array:
    """Vacant premises a quarter later."""
    later: Array = np.clip(vacant + empties * (units - vacant) - hazard * vacant, 0.0, units)
    return later


@njit(cache=True)
def count_shops(f, shop, closing, quarter, counts):  # type: ignore[no-untyped-def]
    """Fill counts (3, M): firms of shop sectors here before this quarter, closing of them, founded in this quarter."""
    for j in range(f.id.size):
        if f.kind[j] < 0 or f.kind[j] == OUTSIDE or not shop[f.sector[j]]:
            continue
        m = f.municipality[j]
        if f.birth_q[j] == quarter:
            counts[2, m] += 1.0
            continue
        counts[0, m] += 1.0
        if j < closing.size and closing[j]:
            counts[1, m] += 1.0
