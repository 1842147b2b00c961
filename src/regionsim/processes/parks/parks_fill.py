"""Business parks fill (A.1.4): hectares in use by the jobs of firms on them, and the room that is left to grow.

Renewal of a park does nothing to the jobs on it (M9b): park_quality is no lever of this process.

Reads       firms.on_park, firms.kind, firms.municipality, firms.jobs; places.park_hectares
Writes      places.park_used, places.park_room for the firms of the next quarter
Levers      park_space
Parameters  configs/parameters/parks.yaml -> hectares_per_job, full_below
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.state.firms import EMPLOYER
from regionsim.state.region_state import Now

Array = NDArray[np.float64]


def parks_fill(now: Now) -> None:
    """Space in use and free on the parks of each municipality."""
    p, places, firms = now.parameters.parks, now.state.places, now.state.firms.a
    jobs = np.zeros(places.park_used.size)
    jobs_on_parks(firms, jobs)
    places.park_used = jobs * float(p.hectares_per_job)
    hectares = places.park_hectares * (1.0 + now.levers.dense["park_space"][now.reference.arrondissement_of])
    of = now.reference.arrondissement_of  # whoever finds no parcel looks on the other parks of the arrondissement
    used, there = (np.bincount(of, weights=values).astype(np.float64) for values in (places.park_used, hectares))
    places.park_room = room_to_grow(used, there, float(p.full_below))[of]


def room_to_grow(used: Array, hectares: Array, full_below: float) -> Array:
    """1 while the free share is above `full_below`, falling to 0 where parks are full; 1 without a park."""
    free = np.divide(hectares - used, hectares, out=np.ones_like(used), where=hectares > 0)  # no park: no limit
    room: Array = np.clip(free / full_below, 0.0, 1.0)
    return room


@njit(cache=True)
def jobs_on_parks(f, jobs):  # type: ignore[no-untyped-def]
    """Add the jobs of employers on business parks to `jobs` (M,)."""
    for j in range(f.id.size):
        if f.on_park[j] == 1 and f.kind[j] == EMPLOYER:
            jobs[f.municipality[j]] += f.jobs[j]
