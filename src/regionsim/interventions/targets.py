"""Who may be treated: firms, persons and places that meet every condition of a measure's target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regionsim.state.bodies import KINDS
from regionsim.state.firms import KINDS as FIRM_KINDS
from regionsim.state.people import ACTIVITIES, EDUCATION, NO_EXIT, RESIDENT
from regionsim.state.reference import Reference
from regionsim.state.region_state import Now

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


def municipalities(target: Any, reference: Reference) -> Mask:
    """Municipalities that the target allows; (M,)."""
    names, roster = reference.gazetteer, reference.roster
    allowed = np.ones(len(names.municipality), np.bool_)
    if target.subregion:
        allowed &= np.array([tag == target.subregion for tag in names.subregion])
    if target.coast:
        allowed &= names.coast
    if target.at:
        stands = [roster.municipality[b] for b in institutions(target, reference) if roster.municipality[b] >= 0]
        allowed &= np.isin(np.arange(allowed.size), stands)
    return allowed


def institutions(target: Any, reference: Reference) -> list[int]:
    """Rows of the institutions that the target names, by kind or code, within its subregion; those that the region does
    not have are left out."""
    roster, tags = reference.roster, reference.gazetteer.subregion
    named = [b for b, code in enumerate(roster.code) if code in target.at or KINDS[int(roster.kind[b])] in target.at]
    if not target.subregion:
        return named
    return [b for b in named if roster.municipality[b] >= 0 and tags[roster.municipality[b]] == target.subregion]


def sectors(target: Any, reference: Reference) -> Mask:
    """Sectors that the target allows; (S,)."""
    names = reference.gazetteer
    allowed = np.ones(len(names.sector), np.bool_)
    if target.tags:
        allowed &= np.array([bool(tags & set(target.tags)) for tags in names.sector_tags])
    if target.sectors:
        allowed &= np.isin(np.array(names.sector), target.sectors)
    return allowed


def firms(target: Any, now: Now) -> Rows:
    """Rows of the firms that may be treated."""
    f = now.state.firms.a
    kinds = [FIRM_KINDS.index(kind) for kind in target.kinds]
    may = among(f.kind, kinds) & (f.real_jobs >= target.least_jobs) & sectors(target, now.reference)[f.sector]
    may &= municipalities(target, now.reference)[f.municipality]
    if target.below_jobs is not None:
        may &= f.real_jobs < target.below_jobs
    if target.max_age_q is not None:
        may &= now.quarter - f.birth_q <= target.max_age_q
    if target.on_park:
        may &= f.on_park == 1
    return np.flatnonzero(may)


def persons(target: Any, now: Now) -> Rows:
    """Rows of the residents who may be treated."""
    p = now.state.people.a
    may = (p.place == RESIDENT) & (p.exit == NO_EXIT) & (p.age_q >= 4 * target.from_age)
    if target.until_age is not None:
        may &= p.age_q < 4 * target.until_age
    if target.activities:
        may &= among(p.activity, [ACTIVITIES.index(name) for name in target.activities])
    if target.education:
        may &= among(p.education, [EDUCATION.index(name) for name in target.education])
    if target.technical:
        may &= p.technical == 1
    if target.seeks_from_q:
        may &= p.duration_q >= target.seeks_from_q
    if target.subregion or target.coast or target.at:
        may &= municipalities(target, now.reference)[p.municipality]
    return np.flatnonzero(may)


def among(values: NDArray[Any], few: Sequence[int]) -> Mask:
    """Whether each value is one of a few: one comparison for each is several times as fast as np.isin."""
    found: Mask = np.logical_or.reduce([values == each for each in few])
    return found


def coverage(target: Any, now: Now) -> NDArray[np.float64]:
    """Share of each arrondissement's residents who live in municipalities that the target allows; (A,)."""
    of, weight = now.reference.arrondissement_of, np.asarray(now.flows["residents_before"], np.float64)
    allowed = municipalities(target, now.reference)
    within, whole = np.bincount(of, weights=weight * allowed), np.bincount(of, weights=weight)
    share: NDArray[np.float64] = within / np.maximum(whole, 1.0)
    return share
