"""People and their mortality by single age, from the region's tables."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.data.tables import RegionTables
from regionsim.state.reference import LAST_AGE

Array = NDArray[np.float64]
SEXES = {"F": 0, "M": 1}


def population_by_age(tables: RegionTables) -> Array:
    """Residents on census day by arrondissement, sex and single age; shape (A, 2, 111)."""
    frame, codes = tables.population_single_age, tables.labels.arrondissements
    out = np.zeros((len(codes), 2, LAST_AGE + 1))
    place = frame["arrondissement"].map({c: i for i, c in enumerate(codes)}).to_numpy()
    np.add.at(out, (place, frame["sex"].map(SEXES).to_numpy(), frame["age"].to_numpy()), frame["persons"].to_numpy())
    return out


def death_probability(tables: RegionTables) -> tuple[Array, int]:
    """Published yearly probabilities of death (years, 2, 111) and the first year; the last age is carried on."""
    frame = tables.mortality
    first, last = int(frame["year"].min()), int(frame["year"].max())
    out = np.full((last - first + 1, 2, LAST_AGE + 1), np.nan)
    out[frame["year"].to_numpy() - first, frame["sex"].map(SEXES).to_numpy(), frame["age"].to_numpy()] = frame[
        "probability"
    ]
    for age in range(1, LAST_AGE + 1):
        out[:, :, age] = np.where(np.isnan(out[:, :, age]), np.maximum(out[:, :, age - 1], 0.4), out[:, :, age])
    return np.clip(out, 0.0, 1.0), first
