"""Technical pupils spend their last school year partly in a firm (masterplan III.A; M16a, M16b).

Reads       people.activity, people.technical, people.study_end_q, people.municipality; firms.kind, firms.real_jobs,
            firms.municipality, firms.sector
Writes      people.training_firm, people.track
Levers      dual_places
Flows       dual_learners, dual_learner_ids (rows and ids of those who start this quarter)
Parameters  configs/parameters/education.yaml -> training_firm_max_jobs
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.state.draws import hashes
from regionsim.state.firms import EMPLOYER
from regionsim.state.people import DUAL, PUPIL
from regionsim.state.region_state import Now


def dual_learners_start(now: Now) -> None:
    """Places go to final-year technical pupils by keyed priority, so more places only add learners."""
    places = now.levers.dense["dual_places"] * now.scale
    if now.quarter_of_year != 3 or not places.any():
        now.flows["dual_learners"], now.flows["dual_learner_ids"] = np.empty(0, np.int64), np.empty(0, np.uint64)
        return
    people = now.state.people
    key = now.key("dual_learners_start")
    pupils, place = _final_year_technical(
        people.a, now.flows["in_school"], now.reference.arrondissement_of, now.quarter + 4
    )
    order = np.lexsort((hashes(key, people.a.id[pupils]), place))
    pupils, place = pupils[order], place[order]
    rank = np.arange(pupils.size) - np.searchsorted(place, np.arange(places.size))[place]
    chosen = rank < np.floor(places + 0.5)[place]
    learners = pupils[chosen]
    people.a.training_firm[learners] = _training_firms(now, people.a.id[learners], place[chosen], key)
    started = learners[people.a.training_firm[learners] >= 0]
    people.a.track[started] = DUAL
    now.flows["dual_learners"], now.flows["dual_learner_ids"] = started, people.a.id[started]


def _training_firms(now: Now, ids: NDArray[np.uint64], place: NDArray[np.int64], key: np.uint64) -> NDArray[np.int32]:
    """A small or medium technical firm of the arrondissement for each learner; -1 where there is none."""
    f, limit = now.state.firms.a, now.parameters.education.training_firm_max_jobs
    trains = (f.kind == EMPLOYER) & (f.real_jobs <= limit) & now.reference.technical_sector[f.sector]
    firms = np.flatnonzero(trains)
    where = now.reference.arrondissement_of[f.municipality[firms]]
    order = np.lexsort((f.id[firms], where))
    firms, where = firms[order], where[order]
    first = np.searchsorted(where, np.arange(now.reference.arrondissements + 1))
    count = (first[1:] - first[:-1])[place]
    pick = hashes(np.uint64(key ^ np.uint64(0x5EED)), ids) % np.maximum(count, 1).astype(np.uint64)
    at = np.minimum(first[place] + pick.astype(np.int64), max(firms.size - 1, 0))
    return np.where(count > 0, firms[at] if firms.size else -1, -1).astype(np.int32)


@njit(cache=True)
def _final_year_technical(p, in_school, arrondissement_of, last_quarter):  # type: ignore[no-untyped-def]
    rows, place = [], []
    for i in in_school:
        technical_pupil = p.activity[i] == PUPIL and p.technical[i] == 1
        if technical_pupil and p.study_end_q[i] == last_quarter:
            rows.append(i)
            place.append(int(arrondissement_of[p.municipality[i]]))
    return np.array(rows, np.int64), np.array(place, np.int64)
