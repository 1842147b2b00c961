"""What lies within reach: institutions of higher education, and where people who move in come from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regionsim.data.demography import SEXES
from regionsim.data.tables import RegionTables
from regionsim.state.reference import BANDS

Array = NDArray[np.float64]


def band_of(label: str) -> int:
    """Index of a five-year band from its label ('85-89' -> 17, '100+' -> 20)."""
    return min(int(label.split("-")[0].rstrip("+")) // 5, BANDS - 1)


def abroad_share(tables: RegionTables) -> Array:
    """Share of those who moved in during the year before the census who came from abroad; (A, 2, BANDS)."""
    frame, codes = tables.arrivals_by_age, tables.labels.arrondissements
    abroad, all_moves = np.zeros((len(codes), 2, BANDS)), np.zeros((len(codes), 2, BANDS))
    place = frame["arrondissement"].map({c: i for i, c in enumerate(codes)}).to_numpy()
    cell = (place, frame["sex"].map(SEXES).to_numpy(), np.array([band_of(b) for b in frame["age_band"]]))
    np.add.at(abroad, cell, frame["from_abroad"].to_numpy(float))
    np.add.at(all_moves, cell, frame["from_abroad"].to_numpy(float) + frame["from_arrondissements"].to_numpy(float))
    share: Array = np.divide(abroad, all_moves, out=np.zeros_like(abroad), where=all_moves > 0)
    return share


def study_reach(tables: RegionTables) -> Array:
    """Ln nearness of each choice's supply (E-8), relative to the mean over places; (A, STUDY_CHOICES).

    Here: students at the institutions of each arrondissement, weighted with the share of residents who commute there;
    away: the share who commute out of the region. Commuting stands for distance; 'none' has 0."""
    codes, frame = tables.labels.arrondissements, tables.commuting
    index = {code: i for i, code in enumerate(codes)}
    persons = np.zeros((len(codes), len(codes) + 1))
    for home, work, count in zip(frame["residence"], frame["work"], frame["persons"], strict=True):
        if home in index:
            persons[index[home], index.get(work, len(codes))] += count
    share = persons / persons.sum(axis=1, keepdims=True)
    places = tables.arrondissements
    college, university = (
        share[:, :-1] @ places[column].to_numpy(float) for column in ("college_students", "university_students")
    )
    near = np.stack([np.ones(len(codes)), college, share[:, -1], university, share[:, -1]], axis=1)
    near = np.maximum(near, 1e-3 * np.maximum(near.max(axis=0), 1e-12))
    reach: Array = np.log(near / near.mean(axis=0))
    return reach
