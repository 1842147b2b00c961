"""Places please those who could live there: life in the cores, green, recreation (A.1.5 IE.4, A.2 W2a).

Reads       places.footfall, places.vacant_units, places.first_residents, places.shop_units
Writes      economy.amenity, places.vitality, places.base_vitality in the first quarter
Levers      recreation, park_quality
Parameters  configs/parameters/recreation.yaml -> vitality_weight, vitality_memory_q, green_weight
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.state.region_state import Now

Array = NDArray[np.float64]


def places_please(now: Now) -> None:
    """Amenity of each arrondissement, in standard deviations above the first quarter."""
    p, places, of = now.parameters.recreation, now.state.places, now.reference.arrondissement_of
    lively = mean_by_place(places.footfall * places.occupied, places.first_residents, of, places.vitality.size)
    if now.quarter == 0:
        places.base_vitality, places.vitality = lively, lively
    places.vitality = places.vitality + float(p.vitality_memory_q) * (lively - places.vitality)
    now.state.economy.amenity = amenity(
        places.vitality / places.base_vitality, float(p.vitality_weight),
        now.levers.dense["recreation"] + float(p.green_weight) * now.levers.dense["park_quality"],
    )  # fmt: skip


def amenity(vitality: Array, weight: float, added: Array) -> Array:
    """Standard deviations of amenity: weight x ln of life in the cores, and what measures add."""
    pleasant: Array = weight * np.log(np.maximum(vitality, 1e-6)) + added
    return pleasant


def mean_by_place(values: Array, weight: Array, place: NDArray[np.int16], places: int) -> Array:
    """Weighted mean over the municipalities of each arrondissement; (A,)."""
    total = np.bincount(place, weights=weight, minlength=places)
    mean: Array = np.bincount(place, weights=weight * values, minlength=places) / np.maximum(total, 1e-12)
    return mean
